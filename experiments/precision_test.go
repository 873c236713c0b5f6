package experiments_test

import (
	"fmt"
	"strings"
	"testing"

	"headroom/experiments"
	"headroom/scenarios"
)

// precise runs a queue at 75% with settings of its own.
func precise(t *testing.T, settings string, parallel int) *experiments.Result {
	t.Helper()
	text := "run: {requests: 20k, " + settings + "}\nslo: [p95 < 1s, errors < 1%]\ntraffic: {u: {enters: s, rate: 75/s}}\nnodes: {s: {kind: station, service: exp(10ms)}}"
	l, err := scenarios.Load("queue.yaml", []byte(text), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := experiments.Run(t.Context(), l, experiments.Options{Parallel: parallel})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestPrecisionIsTheFirstThatIsReached: replications are added until the intervals are narrow, and no longer; the run is the one that asks
// for as many replications from the beginning, on any number of cores.
func TestPrecisionIsTheFirstThatIsReached(t *testing.T) {
	r := precise(t, "replications: 3, precision: 3%", 1)
	k, n := r.Run.Precision, r.Run.Replications
	if k == nil || !k.Reached || k.Planned != 3 || n <= 3 || n >= 30 || k.Half > .03/1.03 {
		t.Fatalf("%d replications, precision %+v", n, k)
	}
	half := func(r *experiments.Result) float64 {
		ci := r.Latency.CI95.Mean
		return float64((ci[1] - ci[0]) / 2 / r.Latency.Mean)
	}
	if half(r) > .03 {
		t.Errorf("the interval of the mean is ±%g, want 3%% at most", half(r))
	}
	for fewer := 3; fewer < n; fewer++ {
		if k := precise(t, fmt.Sprintf("replications: %d, precision: 3%%", fewer), 1).Run; k.Replications != n {
			t.Errorf("with %d planned, %d replications are run, and with 3 planned %d", fewer, k.Replications, n)
		}
	}
	plain := precise(t, fmt.Sprintf("replications: %d", n), 2)
	if half(plain) != half(r) || plain.Latency.P99 != r.Latency.P99 || plain.Run.Events != r.Run.Events {
		t.Errorf("%d replications that are asked for are other ones: %+v and %+v", n, plain.Latency, r.Latency)
	}
	for _, parallel := range []int{2, 5} {
		other := precise(t, "replications: 3, precision: 3%", parallel)
		other.Run.WallSeconds = r.Run.WallSeconds
		if a, b := asJSON(t, r), asJSON(t, other); a != b {
			t.Errorf("%d at a time give another result", parallel)
		}
	}
}

// TestPrecisionIsGivenUpAfterTenTimesTheReplications: and the run says so, with what would do.
func TestPrecisionIsGivenUpAfterTenTimesTheReplications(t *testing.T) {
	r := precise(t, "replications: 2, precision: 0.1%", 2)
	k := r.Run.Precision
	if k.Reached || r.Run.Replications != 20 || k.Half <= .001/1.001 {
		t.Errorf("%d replications, precision %+v", r.Run.Replications, k)
	}
	if said := strings.Join(r.Warnings, "\n"); !strings.Contains(said, "The precision of 0.1% was not reached with 20 replications: the 95% interval of `p95 < 1s` is ±") ||
		!strings.Contains(said, "run longer, such as --requests ") {
		t.Errorf("the run says %s", said)
	}
}

// TestPrecisionOfASaturatedRun: what only grows has no interval that more replications could narrow.
func TestPrecisionOfASaturatedRun(t *testing.T) {
	l, err := scenarios.Load("queue.yaml", []byte("run: {precision: 1%}\ntraffic: {u: {enters: s, rate: 150/s}}\nnodes: {s: {kind: station, service: exp(10ms)}}"), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := experiments.Run(t.Context(), l, experiments.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Run.Replications != 4 || r.Run.Precision.Reached || !r.Saturated {
		t.Errorf("%d replications, precision %+v", r.Run.Replications, r.Run.Precision)
	}
}
