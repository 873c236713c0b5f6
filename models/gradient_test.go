package models

import (
	"math"
	"testing"

	"headroom/sim"
)

// TestGradientComesToRest: where the latency grows with the limit, L·S/c, the law has one fixed point, L = 1.25·c + √L, from wherever it begins,
// and never leaves its bounds.
func TestGradientComesToRest(t *testing.T) {
	for _, c := range []float64{4, 16, 100} {
		for _, limit := range []float64{fewest, 20, highestLimit} {
			for range 200 {
				limit = nextLimit(limit, 1, max(limit/c, 1))
			}
			if want := math.Pow((1+math.Sqrt(1+5*c))/2, 2); math.Abs(limit-want) > 1e-6*want {
				t.Errorf("on %g cores at %g, want %g", c, limit, want)
			}
		}
	}
	if down, up := nextLimit(100, 1, 1000), nextLimit(100, 1, .001); down != 60 || up != 210 {
		t.Errorf("from 100 to %g or %g, want 60 and 210: not by more than half or twice and 10", down, up)
	}
	if least, most := nextLimit(fewest, 1, 1000), nextLimit(highestLimit, 1, 1); least < fewest || most != highestLimit {
		t.Errorf("the limit leaves its bounds: %g, %g", least, most)
	}
}

// TestGradientBeginsAnew: who lost everything knows nothing, and lets a few in to learn it.
func TestGradientBeginsAnew(t *testing.T) {
	g := &gradient{sim: sim.New(sim.Config{Classes: 1, Sources: 1})}
	g.begin()
	for i := range 5 {
		if in := g.admit(); in != (i < fewest) {
			t.Errorf("visit %d is let in: %t", i, in)
		}
	}
	for range 2 * leastAnswers {
		g.answered(0, sim.Overloaded) // says nothing of the latency
		g.admit()
	}
	if !g.measuring {
		t.Error("refusals were taken for answers")
	}
	for range leastAnswers {
		g.answered(0, sim.OK)
		g.admit()
	}
	if g.measuring || g.inFlight != fewest {
		t.Errorf("measuring %t, %d in flight", g.measuring, g.inFlight)
	}
	g.begin()
	if !g.measuring || g.inFlight != 0 || g.limit != fewest {
		t.Errorf("measuring %t, %d in flight, limit %g", g.measuring, g.inFlight, g.limit)
	}
}
