package contents

import (
	"testing"

	"headroom/sim"
)

// BenchmarkMillionEntries is a request to a cache of a million entries over ten million Zipf keys: the key's draw, the Get, and the Put
// on a miss.
func BenchmarkMillionEntries(b *testing.B) {
	keys, err := sim.ZipfKeys(10_000_000, 1)
	if err != nil {
		b.Fatal(err)
	}
	for _, policy := range Policies() {
		for _, ttl := range []sim.Time{0, 10 * sim.Second} {
			name := policy
			if ttl > 0 {
				name += " with ttl"
			}
			b.Run(name, func(b *testing.B) {
				b.ReportAllocs()
				c, r, now, hits := must(New(Config{Policy: policy, Entries: 1_000_000, TTL: ttl, Seed: 1})), sim.NewRand(1), sim.Time(0), 0
				ask := func() {
					now += 1000
					if key := keys.Draw(&r, 0); c.Get(key, now) {
						hits++
					} else {
						c.Put(key, 100, now)
					}
				}
				for range 8_000_000 {
					ask()
				}
				hits = 0
				for b.Loop() {
					ask()
				}
				b.ReportMetric(float64(hits)/float64(b.N), "hits/op")
				b.ReportMetric(c.megabytes(), "MB")
			})
		}
	}
}

// megabytes is what the tables take, as far as they have grown.
func (c *Contents) megabytes() float64 {
	bytes := 24*cap(c.entries) + 8*cap(c.index.slots) + 4*cap(c.ranks.entries) + 16*cap(c.life.of)
	switch p := c.policy.(type) {
	case *lfu:
		bytes += 8*cap(p.heap) + 16*cap(p.counts.pages) + 64*chunkPages*len(p.counts.chunks)
	case *random:
		bytes += 4 * cap(p.dense)
	case *s3fifo:
		bytes += 12*cap(p.ghost.ring) + 8*cap(p.ghost.index.slots)
	}
	return float64(bytes) / 1e6
}
