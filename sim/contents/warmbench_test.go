package contents

import (
	"testing"

	"headroom/sim"
)

// BenchmarkWarmMillionEntries fills a cache of a million entries with what ten million Zipf keys would have left in it.
func BenchmarkWarmMillionEntries(b *testing.B) {
	keys, err := sim.ZipfKeys(10_000_000, 1)
	if err != nil {
		b.Fatal(err)
	}
	for _, policy := range Policies() {
		b.Run(policy, func(b *testing.B) {
			b.ReportAllocs()
			r := sim.NewRand(1)
			for b.Loop() {
				c := must(New(Config{Policy: policy, Entries: 1_000_000, Seed: 1}))
				Warm([]*Contents{c}, nil, []Stream{{Keys: keys, Size: 1, Reads: 100_000}}, 0, &r)
			}
		})
	}
}
