package experiments_test

import (
	"math"
	"strings"
	"testing"

	"headroom/experiments"
)

// TestBatchesComeAtOnce: of five requests at once the k-th is answered after k services, and each second there are five.
func TestBatchesComeAtOnce(t *testing.T) {
	r := run(t, `
run: {duration: 10s}
traffic: {u: {enters: m, batch: {every: 1s, size: 5}}}
nodes: {m: {kind: station, service: 10ms}}`)
	if l := r.Latency; math.Abs(float64(l.Mean)-.03) > 1e-9 || math.Abs(float64(l.Max)-.05) > 1e-9 || math.Abs(float64(l.Min)-.01) > 1e-9 {
		t.Errorf("latency %+v", l)
	}
	if r.Load.Offered != 5 || r.Load.Asked != 5 || r.Outcomes.OK != 4*50 {
		t.Errorf("load %+v, %+v", r.Load, r.Outcomes)
	}
}

// TestBatchesDoNotScale: they are a part of the rate that is asked for, and the other sources make up the rest of it.
func TestBatchesDoNotScale(t *testing.T) {
	l := read(t, `
run: {duration: 100s}
traffic: {u: {enters: m, rate: 10/s}, jobs: {enters: m, batch: {every: 10s, size: 100}}}
nodes: {m: {kind: external, latency: 10ms}}`)
	if !l.ScaleTo(50) {
		t.Fatal("nothing scales")
	}
	r, err := experiments.Run(t.Context(), l, experiments.Options{})
	if err != nil {
		t.Fatal(err)
	}
	// 4 × 100 s at 40/s: a standard error of 0.32/s.
	if got := float64(r.Sources["u"].Outcomes.OK) / 400; r.Sources["jobs"].Outcomes.OK != 4*1000 || math.Abs(got-40) > 5*.32 || r.Load.Asked != 50 {
		t.Errorf("%g/s beside %d in batches, asked %g", got, r.Sources["jobs"].Outcomes.OK, r.Load.Asked)
	}
	if l := read(t, "traffic: {jobs: {enters: m, batch: {every: 1s, size: 10}}}\nnodes: {m: {kind: external}}"); l.ScaleTo(100) {
		t.Error("a batch is scaled")
	}
}

// TestRareBatches: a run is as long as two gaps where nobody says otherwise, and says that none came where it was told to be shorter.
func TestRareBatches(t *testing.T) {
	const scenario = "traffic: {u: {enters: m, rate: 1/s}, jobs: {enters: m, batch: {every: 100h, size: 1000}}}\nnodes: {m: {kind: external, latency: 10ms}}\n"
	if r := run(t, scenario+"run: {replications: 1}"); r.Sources["jobs"].Outcomes.OK != 2000 || strings.Contains(strings.Join(r.Warnings, " "), "No batch") {
		t.Errorf("%+v, %q", r.Sources["jobs"].Outcomes, r.Warnings)
	}
	if r := run(t, scenario+"run: {duration: 1h}"); !strings.Contains(strings.Join(r.Warnings, " "), "No batch of jobs came in the measured time") {
		t.Errorf("%q", r.Warnings)
	}
}
