package experiments_test

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"testing"

	"headroom/experiments"
	"headroom/scenarios"
)

const short = `
run: {requests: 20k}
traffic: {u: {enters: s, rate: 75/s}}
nodes: {s: {kind: station, service: exp(10ms)}}`

func loaded(t *testing.T) *scenarios.Loaded {
	t.Helper()
	l, err := scenarios.Load("short.yaml", []byte(short), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func run(t *testing.T, text string) *experiments.Result {
	t.Helper()
	l, err := scenarios.Load(t.Name()+".yaml", []byte(text), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := experiments.Run(context.Background(), l, experiments.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func bytesOf(t *testing.T, seed uint64, parallel int) string {
	t.Helper()
	l := loaded(t)
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

// TestInterruptKeepsWhatWasSimulated: a run that is cancelled half-way has the figures of that half, and says that it is partial.
func TestInterruptKeepsWhatWasSimulated(t *testing.T) {
	l := loaded(t)
	ctx, interrupt := context.WithCancel(context.Background())
	defer interrupt()
	r, err := experiments.Run(ctx, l, experiments.Options{Parallel: 1, Progress: func(share float64) {
		if share > 0.6 {
			interrupt()
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	// Of four replications, one at a time, two are whole and the third is cut.
	if !r.Partial || r.Run.Replications != 3 || r.Run.Requests < 40_000 || r.Run.Requests > 55_000 || !r.Latency.Mean.Known() {
		t.Errorf("partial %v: %d requests in %d replications, mean %v", r.Partial, r.Run.Requests, r.Run.Replications, r.Latency.Mean)
	}
}

// TestInterruptBeforeMeasuringIsAnError: there is no result of nothing.
func TestInterruptBeforeMeasuringIsAnError(t *testing.T) {
	l := loaded(t)
	ctx, interrupt := context.WithCancel(context.Background())
	interrupt()
	if r, err := experiments.Run(ctx, l, experiments.Options{}); !errors.Is(err, context.Canceled) || r != nil {
		t.Errorf("result %v, error %v", r, err)
	}
}

// TestProgressGoesFromNothingToAll: shares only grow, from near 0 to 1, also with replications that run at the same time.
func TestProgressGoesFromNothingToAll(t *testing.T) {
	l := loaded(t)
	var shares []float64
	_, err := experiments.Run(context.Background(), l, experiments.Options{Parallel: 2, Progress: func(share float64) { shares = append(shares, share) }})
	if err != nil {
		t.Fatal(err)
	}
	if len(shares) < 100 || !slices.IsSorted(shares) || shares[0] > 0.1 || math.Abs(shares[len(shares)-1]-1) > 1e-9 {
		t.Errorf("%d shares: %v", len(shares), shares)
	}
}

// TestQuickMeasuresAFifth: as many replications, after the same warm-up, of a fifth of the time.
func TestQuickMeasuresAFifth(t *testing.T) {
	var of [2]*experiments.Result
	for i := range of {
		var err error
		if of[i], err = experiments.Run(context.Background(), loaded(t), experiments.Options{Quick: i == 1}); err != nil {
			t.Fatal(err)
		}
	}
	whole, quick := of[0].Run, of[1].Run
	if quick.Replications != whole.Replications || quick.WarmupSeconds != whole.WarmupSeconds ||
		math.Abs(float64(quick.SimulatedSeconds*5-whole.SimulatedSeconds)) > 1e-6 {
		t.Errorf("quick %+v of %+v", quick, whole)
	}
}
