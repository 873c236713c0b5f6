package sim

import (
	"testing"

	"pgregory.net/rapid"
)

// TestVisitsAreCountedOnce: what a node's statistics say of its visits, each of which is counted in as few places as possible, is what
// histograms say that each visit is recorded in: one of the latencies, one of the own times, and one of these by class.
func TestVisitsAreCountedOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		classes := rapid.IntRange(1, 3).Draw(t, "classes")
		n := newVisitCounts(classes)
		latency, own := NewHistogram(Coarse), NewHistogram(Coarse)
		class := []*Histogram{NewHistogram(Coarse), NewHistogram(Coarse), NewHistogram(Coarse)}
		var ended [Outcomes]int64
		for range rapid.IntRange(0, 40).Draw(t, "visits") {
			c := Call{Class: uint16(rapid.IntRange(0, classes-1).Draw(t, "class")), arrived: 100}
			now := c.arrived + Time(rapid.Int64Range(0, 1<<40).Draw(t, "latency")>>rapid.IntRange(0, 40).Draw(t, "shift"))
			if rapid.Bool().Draw(t, "calls") {
				c.away = Time(rapid.Int64Range(0, int64(now-c.arrived)).Draw(t, "away"))
			}
			o := rapid.SampledFrom([]Outcome{OK, OK, OK, Failed}).Draw(t, "outcome")
			n.present.Add(c.arrived, 1)
			n.answered(&c, now, o)
			if ended[o]++; o == OK {
				latency.Record(now - c.arrived)
				own.Record(now - c.arrived - c.away)
				class[c.Class].Record(now - c.arrived - c.away)
			}
		}
		got := n.stats()
		if got.Ended != ended {
			t.Fatalf("ended %v, want %v", got.Ended, ended)
		}
		same(t, "latency", got.Latency, latency)
		same(t, "own", got.Own, own)
		if (classes > 1) != (got.Class != nil) {
			t.Fatalf("%d classes, %d told apart", classes, len(got.Class))
		}
		for i, k := range got.Class {
			same(t, "own of a class", k.Own, class[i])
			if k.Ended != class[i].Count() {
				t.Fatalf("class %d ended %d times, want %d", i, k.Ended, class[i].Count())
			}
		}
	})
}

// TestLayersAreWhatCellsAreSumsOf: the latencies by layer are those that coarse histograms have recorded, and the latency of a cell is that
// of all its layers.
func TestLayersAreWhatCellsAreSumsOf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := New(Config{Classes: 2, Sources: 1, Layers: 3})
		layers := []*Histogram{NewHistogram(Coarse), NewHistogram(Coarse), NewHistogram(Coarse)}
		cells := []*Histogram{NewHistogram(Fine), NewHistogram(Fine)}
		for range rapid.IntRange(0, 40).Draw(t, "requests") {
			at := Time(rapid.Int64Range(0, 1<<50).Draw(t, "latency") >> rapid.IntRange(0, 50).Draw(t, "shift"))
			layer, class := rapid.IntRange(0, 2).Draw(t, "layer"), rapid.IntRange(0, 1).Draw(t, "class")
			s.Cells()[class].Layers[layer].recordFine(at)
			layers[layer].Record(at)
			cells[class].Record(at)
		}
		for i, got := range s.Layers() {
			same(t, "layer", got, layers[i])
		}
		for i := range cells {
			same(t, "cell", s.Cells()[i].Latency(), cells[i])
		}
	})
}

// same compares histograms: number, sum, extremes, and what every bucket holds.
func same(t *rapid.T, what string, got, want *Histogram) {
	buckets := func(h *Histogram) map[Time]uint64 {
		held := map[Time]uint64{}
		h.Since(nil, func(t Time, n uint64) { held[t] += n })
		return held
	}
	a, b := buckets(got), buckets(want)
	if got.n != want.n || got.sum != want.sum || got.lo != want.lo || got.span != want.span || len(a) != len(b) {
		t.Fatalf("%s: %d times of %g from %d on %d, want %d, %g, %d, %d", what, got.n, got.sum, got.lo, got.span, want.n, want.sum, want.lo, want.span)
	}
	for at, n := range b {
		if a[at] != n {
			t.Fatalf("%s: %d times of about %d, want %d", what, a[at], at, n)
		}
	}
}
