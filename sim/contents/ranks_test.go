package contents

import (
	"testing"

	"headroom/sim"
)

// TestEntriesAreFoundByRankAndByHashAlike keeps entries of two data sets, one of which is found by rank once there are many, and asks for
// every key beside a map that was told the same.
func TestEntriesAreFoundByRankAndByHashAlike(t *testing.T) {
	c, held, r := must(New(Config{Policy: "lru"})), map[Key]bool{}, sim.NewRand(1)
	const keys = 6000
	draw := func() Key { return KeyOf(uint16(r.Intn(2)), uint64(r.Intn(keys))) }
	for range 40_000 {
		switch key := draw(); r.Intn(4) {
		case 0:
			c.Remove(key, 0)
			delete(held, key)
		default:
			c.Put(key, 1, 0)
			held[key] = true
		}
	}
	if len(c.ranks.entries) == 0 || c.index.n == 0 {
		t.Fatalf("%d by rank, %d by hash: both are to be tested", len(c.ranks.entries), c.index.n)
	}
	if c.Len() != len(held) {
		t.Errorf("%d entries, not %d", c.Len(), len(held))
	}
	for set := range uint16(2) {
		for n := range uint64(keys + 10) {
			if key := KeyOf(set, n); c.Get(key, 0) != held[key] {
				t.Fatalf("key %d of set %d: %v", n, set, !held[key])
			}
		}
	}
	c.Retain(func(k Key) bool { return k%2 == 0 }, 0)
	for key := range held {
		if c.Get(key, 0) != (key%2 == 0) {
			t.Fatalf("key %x after keeping the even ones", key)
		}
	}
}
