package models

import (
	"math"
	"testing"

	"headroom/internal/strict"
	"headroom/sim/contents"
)

// TestSurveyFindsWhatEnumerationFinds: what share of the data is said to leave each shard is that of its bytes, key by key. Of more keys than
// are looked at, it is the share of a sample, within four standard deviations.
func TestSurveyFindsWhatEnumerationFinds(t *testing.T) {
	for _, c := range []struct {
		from, to placement
		keys     [2]uint64
	}{
		{byHash(4), byHash(5), [2]uint64{60_000, 20_000}},
		{newRing(4, 100, 7), newRing(5, 100, 7), [2]uint64{60_000, 20_000}},
		{nil, byHash(3), [2]uint64{60_000, 20_000}},
		{byHash(5), nil, [2]uint64{1, 20_000}},
		{byRange{4, []uint64{60_000, 20_000}}, byRange{5, []uint64{60_000, 20_000}}, [2]uint64{60_000, 20_000}},
		{byHash(4), byHash(5), [2]uint64{900_000, 300_000}},
		{byRange{4, []uint64{900_000, 300_000}}, byRange{5, []uint64{900_000, 300_000}}, [2]uint64{900_000, 300_000}},
	} {
		sizes := [2]float64{1000, 3000}
		total := float64(c.keys[0])*sizes[0] + float64(c.keys[1])*sizes[1]
		want := make([]float64, 5)
		for set, keys := range c.keys {
			for k := range keys {
				key := contents.KeyOf(uint16(set), k)
				if from := shardIn(c.from, key); from != shardIn(c.to, key) {
					want[from] += sizes[set] / total
				}
			}
		}
		r := &resharding{n: &partitions{shards: 5}, keys: &moving{from: c.from, to: c.to}}
		for set, keys := range c.keys {
			r.data.sets = append(r.data.sets, copiedSet{number: set, keys: keys, bytes: float64(keys) * sizes[set]})
		}
		r.data.measure(&Database{})
		tolerance := 1e-9
		if c.keys[0] > 500_000 {
			tolerance = 4 * math.Sqrt(.25*.75/mostSurveyed)
		}
		got, targets := r.survey()
		for shard := range want {
			if math.Abs(got[shard]-want[shard]) > tolerance {
				t.Errorf("%v → %v: %g of the data leaves shard %d, want %g ± %g", c.from, c.to, got[shard], shard, want[shard], tolerance)
			}
			for _, to := range targets[shard] {
				if int(to) == shard {
					t.Fatalf("what leaves shard %d goes to it", shard)
				}
			}
		}
	}
}

// TestKeysMoveAsTheyAreCopied: of what leaves a shard, that share is where it goes that is copied, and no key turns back.
func TestKeysMoveAsTheyAreCopied(t *testing.T) {
	m := &moving{byHash(4), byHash(5), make([]float64, 5)}
	const keys = 100_000
	for copied := 0.0; copied <= 1; copied += .25 {
		before := *m
		before.moved = append([]float64(nil), m.moved...)
		m.moved[2] = copied
		leaving, moved := 0.0, 0.0
		for k := range contents.Key(keys) {
			from, to, is := m.from.of(k), m.to.of(k), m.of(k)
			switch {
			case is != from && is != to, from != 2 && is != from:
				t.Fatalf("key %d is in shard %d on its way from %d to %d", k, is, from, to)
			case before.of(k) == to && is != to:
				t.Fatalf("key %d has turned back", k)
			case from == 2 && to != 2:
				leaving++
				if is == to {
					moved++
				}
			}
		}
		if sd := math.Sqrt(copied * (1 - copied) / leaving); math.Abs(moved/leaving-copied) > 4*sd {
			t.Errorf("%g of what leaves is copied, and %g has moved", copied, moved/leaving)
		}
	}
}

// TestCopiesAreLeastUrgent: where priorities count, copies are served as those of the lowest.
func TestCopiesAreLeastUrgent(t *testing.T) {
	a := &Architecture{Scenario: Scenario{Requests: strict.Ordered[RequestClass]{
		{Key: "usual", Value: RequestClass{Priority: 0}}, {Key: "late", Value: RequestClass{Priority: -1}}, {Key: "gold", Value: RequestClass{Priority: 2}},
	}}, Classes: []string{"usual", "late", "gold"}}
	if got := (&Builder{a: a}).leastUrgent(); got != 1 {
		t.Errorf("copies go as class %d", got)
	}
}
