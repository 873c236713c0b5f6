package speed

import (
	"context"
	"math"
	"testing"

	"headroom/experiments"
	"headroom/scenarios"
)

// TestModelsServeTheirRequests: every model is read without a warning, is not saturated, and refuses or loses hardly any request: one that
// did would be fast for the wrong reason.
func TestModelsServeTheirRequests(t *testing.T) {
	for _, m := range Models() {
		l, r := simulate(t, m, "20k")
		if len(l.Warnings) > 0 {
			t.Errorf("%s: %v", m.Name, l.Warnings)
		}
		o := r.Outcomes
		if lost := o.RateLimited + o.Overloaded + o.Timeout + o.Unavailable + o.Failed; r.Saturated || o.OK == 0 || lost > r.Run.Requests/100 {
			t.Errorf("%s: saturated %t, %d of %d requests lost", m.Name, r.Saturated, lost, r.Run.Requests)
		}
	}
}

// TestLargeSixHopsAreAsBusy: 50 times the load comes with 50 times the instances, so that each has as much to do.
func TestLargeSixHopsAreAsBusy(t *testing.T) {
	const requests = 200_000
	small, large := utilization(t, "six-hops"), utilization(t, "six-hops-1M")
	for node, exact := range map[string]struct{ used, visits float64 }{
		"web": {20e3 * .3 * .002 / (16 * 4), .3},
		"db":  {20e3 * .3 * .2 * .004 / (8 * 8), .06},
	} {
		// The work done is a sum of visits × requests exponential times, to √2 deviations of one; 4 standard errors.
		tolerance := 4 * math.Sqrt(2/(exact.visits*requests))
		for _, got := range []float64{small[node], large[node]} {
			if math.Abs(got/exact.used-1) > tolerance {
				t.Errorf("%s is busy %g of the time, want %g ± %.1f%%", node, got, exact.used, 100*tolerance)
			}
		}
	}
}

func utilization(t *testing.T, name string) map[string]float64 {
	m, _ := Lookup(name)
	_, r := simulate(t, m, "200k")
	used := map[string]float64{}
	for name, n := range r.Nodes {
		used[name] = float64(n.Resources["cpu"].Utilization)
	}
	return used
}

func simulate(t *testing.T, m Model, requests string) (*scenarios.Loaded, *experiments.Result) {
	t.Helper()
	l, err := m.Load(scenarios.Change{Path: "run.requests", Value: requests}, scenarios.Change{Path: "run.replications", Value: "1"})
	if err != nil {
		t.Fatalf("%s: %v", m.Name, err)
	}
	r, err := experiments.Run(context.Background(), l, experiments.Options{Parallel: 1})
	if err != nil {
		t.Fatalf("%s: %v", m.Name, err)
	}
	return l, r
}
