package models

import (
	"testing"

	"headroom/sim"
	"headroom/sim/contents"
)

// TestKeyWatch: no key is counted more often than it was seen, a key of more than a thousandth of all is there, and one that came before the
// counters ran out is counted exactly.
func TestKeyWatch(t *testing.T) {
	keys, err := sim.ZipfKeys(1_000_000, 1)
	if err != nil {
		t.Fatal(err)
	}
	w, seen, r := newKeyWatch(), map[contents.Key]int64{}, sim.NewRand(7)
	const queries = 200_000
	for range queries {
		key := keys.Draw(&r, 0)
		w.see(key)
		seen[key]++
	}
	counted := map[contents.Key]int64{}
	for _, k := range w.counts() {
		if counted[k.Key] = k.Count; k.Count > seen[k.Key] {
			t.Errorf("key %d came %d times, counted %d", k.Key, seen[k.Key], k.Count)
		}
	}
	for key, n := range seen {
		if _, there := counted[key]; n > queries/mostWatched && !there {
			t.Errorf("key %d came %d times of %d and has no counter", key, n, queries)
		}
	}
	for key := range contents.Key(10) {
		if counted[key] != seen[key] {
			t.Errorf("key %d came %d times, counted %d", key, seen[key], counted[key])
		}
	}
	if len(w.counters) != mostWatched || w.total != queries {
		t.Errorf("%d counters, %d queries", len(w.counters), w.total)
	}
	sum, last := int64(0), int64(0)
	for place, counter := range w.order {
		c := &w.counters[counter]
		k := w.levels[c.level]
		if int(c.place) != place || place > k.last || place <= k.last-k.n || k.count < last {
			t.Fatalf("counter %d at place %d stands at %d among %d up to %d, after %d", counter, place, k.count, k.n, k.last, last)
		}
		last = k.count
		sum += last
	}
	if sum != queries {
		t.Errorf("the counters stand at %d in all after %d queries", sum, queries)
	}
}
