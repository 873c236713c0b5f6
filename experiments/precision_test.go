package experiments_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"headroom/experiments"
	"headroom/scenarios"
)

// precise runs a queue at 75% with settings of its own.
func precise(t *testing.T, settings string, parallel int) *experiments.Result {
	t.Helper()
	return queueOf(t, 75, "requests: 20k, "+settings, experiments.Options{Parallel: parallel})
}

// queueOf runs a queue whose services take 10 ms, at a rate per second.
func queueOf(t *testing.T, rate int, run string, o experiments.Options) *experiments.Result {
	t.Helper()
	return runOf(t, fmt.Sprintf("run: {%s}\nslo: [p95 < 1s, errors < 1%%]\ntraffic: {u: {enters: s, rate: %d/s}}\nnodes: {s: {kind: station, service: exp(10ms)}}", run, rate), o)
}

func runOf(t *testing.T, text string, o experiments.Options) *experiments.Result {
	t.Helper()
	l, err := scenarios.Load("queue.yaml", []byte(text), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := experiments.Run(t.Context(), l, o)
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
	r := queueOf(t, 150, "precision: 1%", experiments.Options{})
	if r.Run.Replications != 4 || r.Run.Precision.Reached || !r.Saturated {
		t.Errorf("%d replications, precision %+v", r.Run.Replications, r.Run.Precision)
	}
}

// TestAnEasyPrecisionTakesLittle: an M/M/1 queue at 30%, whose mean is 14.3 ms, is known within a tenth after less than a tenth of the usual
// requests, what it took to find that out included. The run is the one that is asked for as long as that, on any number of cores.
func TestAnEasyPrecisionTakesLittle(t *testing.T) {
	r := queueOf(t, 30, "precision: 10%", experiments.Options{Parallel: 1})
	k, ci := r.Run.Precision, r.Latency.CI95.Mean
	usual := float64(k.PlannedSeconds) * 30 * 4
	if took := float64(r.Run.Requests + k.Tried); !k.Reached || r.Run.Replications != 4 || math.Abs(usual-800_000) > 1 || took > usual/10 {
		t.Errorf("%.0f requests of %.0f in %d replications, precision %+v", took, usual, r.Run.Replications, k)
	}
	if half := (ci[1] - ci[0]) / 2; float64(half) > .1/1.1*float64(r.Latency.Mean) || ci[0] > .01/.7 || .01/.7 > ci[1] {
		t.Errorf("the interval of the mean is %v, and that is 14.3 ms", ci)
	}
	other := queueOf(t, 30, "precision: 10%", experiments.Options{Parallel: 2})
	other.Run.WallSeconds = r.Run.WallSeconds
	if a, b := asJSON(t, r), asJSON(t, other); a != b {
		t.Error("2 at a time give another result")
	}
	plain := queueOf(t, 30, fmt.Sprintf("duration: %dns", int64(math.Round(float64(r.Run.SimulatedSeconds)*1e9))), experiments.Options{})
	if plain.Latency.Mean != r.Latency.Mean || plain.Latency.P99 != r.Latency.P99 || plain.Run.Events != r.Run.Events {
		t.Errorf("replications that are asked for as long are other ones: %+v and %+v", plain.Latency, r.Latency)
	}
}

// TestAHardPrecisionTakesMore: a queue at 95%, whose mean is 200 ms, takes many more requests for the same precision, and none of the usual
// length is exceeded. A file that says how long has its way.
func TestAHardPrecisionTakesMore(t *testing.T) {
	r := queueOf(t, 95, "precision: 20%", experiments.Options{})
	k, ci := r.Run.Precision, r.Latency.CI95.Mean
	if !k.Reached || k.Half > .2/1.2 || r.Run.SimulatedSeconds > k.PlannedSeconds || r.Run.Requests < 200_000 {
		t.Errorf("%d requests in %d replications of %g s, precision %+v", r.Run.Requests, r.Run.Replications, r.Run.SimulatedSeconds, k)
	}
	if ci[0] > .2 || .2 > ci[1] {
		t.Errorf("the interval of the mean is %v, and that is 200 ms", ci)
	}
	given := queueOf(t, 50, "precision: 10%, requests: 50k", experiments.Options{}).Run
	if given.SimulatedSeconds != 1000 || given.Precision.PlannedSeconds != 0 || given.Precision.Tried != 0 {
		t.Errorf("%g s, precision %+v: the file asks for 50k requests", given.SimulatedSeconds, given.Precision)
	}
}

// TestReplicationsThatAreTooShortBecomeLonger: errors that come once in 50,000 calls are seen by none of the trial runs, and by some of the
// replications that these find long enough. Forty of them do not do, and longer ones do.
func TestReplicationsThatAreTooShortBecomeLonger(t *testing.T) {
	r := runOf(t, "run: {precision: 80%}\nslo: [errors < 1%]\ntraffic: {u: {enters: s, rate: 1k/s}}\n"+
		"nodes: {s: {kind: external, latency: 10ms, failures: 0.002%}}", experiments.Options{Quick: true})
	k := r.Run.Precision
	if !k.Reached || k.Widest != "errors < 1%" || r.Run.SimulatedSeconds != k.PlannedSeconds || k.Tried < 40*10_000 {
		t.Errorf("%d replications of %g s, precision %+v", r.Run.Replications, r.Run.SimulatedSeconds, k)
	}
}

// TestASweepIsAsPreciseAsAskedFor: the points of M/M/1 take as little as each needs, the capacity is searched in runs of the usual length, and the
// knee is as precise as the points. In theory they are at 80 and 50 per second.
func TestASweepIsAsPreciseAsAskedFor(t *testing.T) {
	l, err := scenarios.Load("queue.yaml", []byte("run: {precision: 10%}\nslo: [mean < 50ms]\ntraffic: {u: {enters: s, rate: 10/s}}\nnodes: {s: {kind: station, service: exp(10ms)}}"), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, parallel := range []int{1, 2} {
		s, err := experiments.RunSweep(t.Context(), l, []float64{10, 40, 85, 200}, experiments.SweepOptions{Options: experiments.Options{Parallel: parallel, Quick: true}, Search: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range s.Points[:3] {
			if k := p.Result.Run.Precision; !k.Reached || p.Result.Run.SimulatedSeconds > k.PlannedSeconds {
				t.Errorf("at %g/s precision %+v", p.Rate, k)
			}
		}
		if a, b := s.Points[0].Result.Run.Requests, s.Points[2].Result.Run.Requests; a > b/2 {
			t.Errorf("%d requests at 10/s and %d at 85/s", a, b)
		}
		capacity, knee := s.Capacity.CI95, s.Knee.CI95
		if capacity[0] > 80 || 80 > capacity[1] || capacity[1]-capacity[0] > 8 {
			t.Errorf("the capacity is %v", capacity)
		}
		if knee[0] > 50 || 50 > knee[1] || (knee[1]-knee[0])/2 > .1/1.1*s.Knee.Rate {
			t.Errorf("the knee is %v", knee)
		}
		s.WallSeconds = 0
		for i := range s.Points {
			s.Points[i].Result.Run.WallSeconds = 0
		}
		all = append(all, asJSON(t, s))
	}
	if all[0] != all[1] {
		t.Error("2 at a time give another sweep")
	}
}
