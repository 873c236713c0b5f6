package contents

import (
	"testing"

	"headroom/sim"
)

// TestForesightChangesNothing: contents that are told of the keys to come answer as those that are not, whatever step is done when.
func TestForesightChangesNothing(t *testing.T) {
	keys, err := sim.ZipfKeys(20_000, .9)
	if err != nil {
		t.Fatal(err)
	}
	for _, policy := range Policies() {
		told, untold := must(New(Config{Policy: policy, Entries: 3000, TTL: sim.Second, Seed: 1})), must(New(Config{Policy: policy, Entries: 3000, TTL: sim.Second, Seed: 1}))
		r, hits := sim.NewRand(1), 0
		for i := range 100_000 {
			now := sim.Time(i) * sim.Second / 10_000
			key := keys.Draw(&r, 0)
			told.Foresee(keys.Draw(&r, 0), i%Steps)
			told.Foresee(key, (i+1)%Steps)
			hit := untold.Get(key, now)
			if told.Get(key, now) != hit {
				t.Fatalf("%s: request %d: foresight changed the answer", policy, i)
			}
			switch {
			case hit:
				hits++
			case i%7 == 0:
				told.Remove(key+1, now)
				untold.Remove(key+1, now)
			default:
				told.Put(key, 1, now)
				untold.Put(key, 1, now)
			}
		}
		if told.ranks.entries == nil || hits < 20_000 {
			t.Errorf("%s: %d hits, by ranks: %v: nothing was tested", policy, hits, told.ranks.entries != nil)
		}
	}
}
