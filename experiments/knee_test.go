package experiments_test

import (
	"math"
	"testing"

	"headroom/experiments"
)

func kneeOf(t *testing.T, text string, rates ...float64) *experiments.Knee {
	t.Helper()
	s, err := experiments.RunSweep(t.Context(), load(t, text), rates, experiments.SweepOptions{Search: true})
	if err != nil {
		t.Fatal(err)
	}
	return s.Knee
}

// TestKneeIsWhereThePowerIsGreatest: at half the capacity of an M/M/1 queue, whichever rates the sweep has; nearer to it with 8 servers. The
// parabola is up to 3% beside the top of these curves.
func TestKneeIsWhereThePowerIsGreatest(t *testing.T) {
	best, exact := 0.0, 0.0
	for rate := 1.0; rate < 800; rate++ {
		if p := rate / erlangC(8, 100, rate); p > best {
			best, exact = p, rate
		}
	}
	const one = "traffic: {u: {enters: s, rate: 1/s}}\nnodes: {s: {kind: station, service: exp(10ms)}}"
	const eight = "traffic: {u: {enters: s, rate: 1/s}}\nnodes: {s: {kind: station, servers: 8, service: exp(10ms)}}"
	for _, c := range []struct {
		text  string
		exact float64
		rates []float64
	}{
		{one, 50, []float64{1, 10, 100}}, {one, 50, []float64{20, 45, 50, 55, 90}}, {eight, exact, []float64{100, 215, 464, 1000}},
	} {
		got := kneeOf(t, c.text, c.rates...)
		if math.Abs(float64(got.Rate)/c.exact-1) > .03 || got.Definition == "" {
			t.Errorf("%v: knee %+v, exactly %g", c.rates, got, c.exact)
			continue
		}
		if ci := *got.CI95; ci[0] >= got.Rate || ci[1] <= got.Rate || ci[1]-ci[0] > .1*got.Rate {
			t.Errorf("%v: the interval %v around %g", c.rates, ci, got.Rate)
		}
	}
}

// TestKneeAtACorner: constant times and arrivals know no queue until there is nothing else.
func TestKneeAtACorner(t *testing.T) {
	got := kneeOf(t, "run: {requests: 20k}\ntraffic: {u: {enters: s, rate: 1/s, arrivals: constant}}\nnodes: {s: {kind: station, service: 10ms}}", 1, 10, 1000)
	if got.Rate < 95 || got.Rate > 101 {
		t.Errorf("knee %+v, want 100/s", got)
	}
}

// TestKneeIsTheFirst: where a small line is all that fails, and what is refused is refused at once, the rest is as fast at any rate.
func TestKneeIsTheFirst(t *testing.T) {
	got := kneeOf(t, `
run: {requests: 50k}
requests: {light: {}, heavy: {}}
traffic: {u: {enters: front, rate: 1/s, mix: {light: 50%, heavy: 50%}}}
nodes:
  front: {kind: server, cores: unlimited, handles: {light: [cpu: 1ms], heavy: [call: back]}}
  back: {kind: station, service: exp(10ms), backlog: 100}`, 1, 10, 100, 1000, 10000, 100000)
	if got.Rate < 85 || got.Rate > 135 {
		t.Errorf("knee %+v, want that of the line, about 110/s", got)
	}
}

// TestKneeBeyondTheRates: while the power grows or falls to the end there is none.
func TestKneeBeyondTheRates(t *testing.T) {
	for _, rates := range [][]float64{{1, 10, 20}, {60, 75, 90}} {
		if got := kneeOf(t, short, rates...); got.Rate.Known() || got.CI95 != nil || got.Definition == "" {
			t.Errorf("%v: %+v", rates, got)
		}
	}
}
