package experiments

import (
	"math"
	"testing"

	"headroom/internal/units"
	"headroom/models"
	"headroom/scenarios"
)

// TestRecoveryIsFromTheEventToTheLastBadBucket: a good bucket between bad ones is no recovery, the next event ends what an event answers
// for, and where the last bucket is bad there is none.
func TestRecoveryIsFromTheEventToTheLastBadBucket(t *testing.T) {
	const good, bad, silent = 0, 1, 2
	for _, c := range []struct {
		what    string
		at      []int // events, seconds
		buckets []int // of two seconds each
		want    []float64
	}{
		{"once", []int{4}, []int{good, good, bad, good, bad, good, good}, []float64{6}},
		{"in the middle of a bucket", []int{5}, []int{good, good, bad, good}, []float64{1}},
		{"bad only before", []int{4}, []int{bad, bad, good, good}, []float64{0}},
		{"never", []int{4}, []int{good, good, bad, bad}, []float64{math.NaN()}},
		{"nothing ends", []int{4}, []int{good, good, silent, silent}, []float64{math.NaN()}},
		{"after the run", []int{8}, []int{good, good, good, good}, []float64{math.NaN()}},
		{"one after the other", []int{2, 8}, []int{good, bad, good, good, bad, bad, good}, []float64{2, 4}},
		{"before it was over", []int{2, 6}, []int{good, bad, bad, bad, good}, []float64{math.NaN(), 2}},
		{"at once", []int{2, 2}, []int{good, bad, good}, []float64{2, 2}},
	} {
		a := &models.Architecture{Classes: []string{"request"}}
		for _, at := range c.at {
			a.Events = append(a.Events, models.Event{At: units.Duration(at) * units.Second, Kill: "api"})
		}
		var buckets []bucket
		for i, state := range c.buckets {
			b := bucket{sample{from: float64(2 * i), offered: 100, goodput: 100, gauges: make([]average, 2)}, 2}
			b.gauges[0].add(.5, 100)
			b.gauges[1].add(0, 100)
			switch state {
			case bad:
				b.gauges[1] = average{20, 100}
			case silent:
				b.goodput = 0
			}
			buckets = append(buckets, b)
		}
		var r Result
		r.recover(a, buckets)
		for i, want := range c.want {
			if got := float64(r.Events[i].RecoveredAfter); got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
				t.Errorf("%s: event %d is over after %g s, want %g", c.what, i, got, want)
			}
		}
	}
}

// TestGaugesReadWhatTargetsSpeakOf: of all, of a class, of a source; latencies and errors, whatever else the SLO demands.
func TestGaugesReadWhatTargetsSpeakOf(t *testing.T) {
	l, err := scenarios.Load("gauges.yaml", []byte(`
slo: [p99 < 20ms, slow.mean < 1s, b.errors < 10%, unavailable < 1%, goodput > 1/s]
run: {duration: 20s, warmup: 0s}
requests: {quick: {}, slow: {}}
traffic:
  a: {enters: m, rate: 50/s, mix: {quick: 100%}}
  b: {enters: m, rate: 50/s, mix: {slow: 100%}}
nodes:
  m: {kind: server, cores: unlimited, handles: {quick: [delay: 10ms], slow: [delay: 30ms, {chance: 50%, do: [call: x]}]}}
  x: {kind: external, failures: 100%}
events: [{at: 10s, kill: x}]`), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	rep := simulate(t.Context(), l.Architecture, plan{measured: 20e9, look: 1e9, eventful: true}, 0, nil)
	rep.samples = []sample{joined(rep.samples[:len(rep.samples)/2]), joined(rep.samples[len(rep.samples)/2:])}
	for half, want := range [][]float64{{.030, .030, .5, 0}, {.030, .030, .5, .25}} {
		gauges := rep.samples[half].gauges
		if len(gauges) != len(want) {
			t.Fatalf("%d gauges, want %d", len(gauges), len(want))
		}
		for i, w := range want {
			if got := gauges[i].value(); math.Abs(got-w) > .2*w { // 500 slow requests: 5 standard deviations of their errors are 11%
				t.Errorf("half %d: gauge %d reads %g, want %g", half, i, got, w)
			}
		}
	}
}
