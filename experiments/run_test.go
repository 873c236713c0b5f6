package experiments_test

import (
	"context"
	"encoding/json"
	"math"
	"testing"

	"headroom/experiments"
	"headroom/scenarios"
)

const short = `
run: {requests: 20k}
traffic: {u: {enters: s, rate: 75/s}}
nodes: {s: {kind: station, service: exp(10ms)}}`

func bytesOf(t *testing.T, seed uint64, parallel int) string {
	t.Helper()
	l, err := scenarios.Load("short.yaml", []byte(short), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	l.Run.Seed = seed
	r, err := experiments.Run(context.Background(), l, experiments.Options{Parallel: parallel})
	if err != nil {
		t.Fatal(err)
	}
	r.Run.WallSeconds = 0
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestSameSeedSameBytes: the result is a function of scenario and seed, on any number of cores.
func TestSameSeedSameBytes(t *testing.T) {
	if bytesOf(t, 1, 1) != bytesOf(t, 1, 2) {
		t.Error("one and two replications at a time give different results")
	}
	if bytesOf(t, 1, 2) == bytesOf(t, 2, 2) {
		t.Error("two seeds give the same result")
	}
}

// TestOverloadIsCalledSaturated: a queue that only grows has no latency, and the throughput is the capacity.
func TestOverloadIsCalledSaturated(t *testing.T) {
	r := run(t, `
traffic: {u: {enters: s, rate: 1M/s}}
nodes: {s: {kind: station, servers: 20, service: exp(1ms)}}`)
	if !r.Saturated {
		t.Fatal("the run is not called saturated")
	}
	if r.SLO[0].Value.Known() || r.SLO[0].Met {
		t.Errorf("the p99 of a saturated run is %v", r.SLO[0].Value)
	}
	// 8000 services or more in four replications: the throughput is known to 1.1% (one standard error), asked for within four.
	if got := float64(r.Bottleneck.SaturatesAt); math.Abs(got-20_000) > 4*0.011*20_000 {
		t.Errorf("saturates at %g/s, want 20000/s", got)
	}
}
