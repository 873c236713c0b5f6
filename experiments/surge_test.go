package experiments_test

import (
	"math"
	"slices"
	"testing"

	"headroom/experiments"
)

// TestASurgeSendsExactlySoManyTimesAsMuch: with gaps that are all the same, also where it is cut from a ramp, and where two overlap.
func TestASurgeSendsExactlySoManyTimesAsMuch(t *testing.T) {
	for _, c := range []struct {
		source, events string
		want           []float64 // requests, by ten seconds
	}{
		{"rate: 100/s", "{at: 20s, surge: u, factor: 3x, for: 10s}", []float64{1000, 1000, 3000, 1000, 1000, 1000}},
		{"rate: 100/s", "{at: 20s, surge: u, factor: 0.5x}", []float64{1000, 1000, 500, 500, 500, 500}},
		{"rate: 100/s", "{at: 10s, surge: u, factor: 2x, for: 30s}, {at: 20s, surge: u, factor: 3x, for: 10s}", []float64{1000, 2000, 6000, 2000, 1000, 1000}},
		{"rate: 100/s", "{at: 15s, surge: u, factor: 2x, for: 10s}", []float64{1000, 1500, 1500, 1000, 1000, 1000}},
		{"stages: [{for: 20s, rate: 100/s}, {for: 20s, to: 300/s}, {for: 20s, rate: 0/s}]", "{at: 10s, surge: u, factor: 2x, for: 20s}", []float64{1000, 2000, 3000, 2500, 0, 0}},
		{"stages: [{for: 20s, rate: 100/s}, {for: 40s, to: 400/s, curve: exponential}]", "{at: 40s, surge: u, factor: 2x, for: 10s}",
			[]float64{1000, 1000, 1195, 1690, 4780, 3380}}, // 1000/ln 4 × 40/10 × (2^½ - 1), and √2 times as much each time
	} {
		r := run(t, `
run: {replications: 1, warmup: 5s`+map[bool]string{true: ", duration: 60s"}[c.source[:4] == "rate"]+`}
traffic: {u: {enters: m, arrivals: constant, `+c.source+`}}
nodes: {m: {kind: external, latency: 1ms}}
events: [`+c.events+`]`)
		sent := make([]float64, 6)
		for i, at := range r.Series.T {
			sent[int(at/10)] += float64(r.Series.Offered[i]) * float64(r.Series.BucketSeconds)
		}
		sum := 0.0
		for i := range sent {
			sum += c.want[i]
			if math.Abs(sent[i]-c.want[i]) > 2 {
				t.Errorf("%s with %s: %.0f come in the ten seconds from %d on, want %.0f", c.source, c.events, sent[i], 10*i, c.want[i])
			}
		}
		if math.Abs(float64(r.Load.Asked)-sum/60) > .1 {
			t.Errorf("%s with %s: %g/s are asked for, want %g", c.source, c.events, r.Load.Asked, sum/60)
		}
	}
}

// TestASurgeChangesNothingBeforeIt: up to then the same requests come, at the same moments.
func TestASurgeChangesNothingBeforeIt(t *testing.T) {
	of := func(at string) *experiments.Result {
		return run(t, `
run: {duration: 40s, warmup: 5s, replications: 2}
traffic: {u: {enters: m, rate: 100/s, arrivals: hyperexp(cv=3)}}
nodes: {m: {kind: server, cores: 1, work: exp(5ms)}}
events: [{at: `+at+`, surge: u, factor: 3x, for: 5s}]`)
	}
	early, late := of("20s"), of("39s")
	i := slices.Index(early.Series.T, 20)
	for k := range i {
		if early.Series.Offered[k] != late.Series.Offered[k] || math.Abs(float64(early.Series.P99[k]-late.Series.P99[k])) > 1e-8 {
			t.Errorf("at %g s, %g/s come and the p99 is %g, or %g/s and %g", early.Series.T[k], early.Series.Offered[k], early.Series.P99[k], late.Series.Offered[k], late.Series.P99[k])
		}
	}
	if early.Series.Offered[i+2] < 1.5*late.Series.Offered[i+2] {
		t.Errorf("%g/s come in the surge, %g/s without it", early.Series.Offered[i+2], late.Series.Offered[i+2])
	}
}
