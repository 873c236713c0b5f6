package experiments

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/HdrHistogram/hdrhistogram-go"
	"pgregory.net/rapid"

	"headroom/scenarios"
	"headroom/sim"
)

// TestHistogramsKeepTheirBuckets: each time lies in a bucket of the encoded histogram that is exactly as wide as its own.
func TestHistogramsKeepTheirBuckets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h, times := sim.NewHistogram(sim.Fine), rapid.SliceOfN(rapid.Custom(func(t *rapid.T) int64 {
			return rapid.Int64Range(0, 1<<rapid.IntRange(0, 45).Draw(t, "bits")).Draw(t, "time")
		}), 1, 50).Draw(t, "times")
		want := hdrhistogram.New(1, 1<<46, hdrDigits)
		for _, x := range times {
			h.Record(sim.Time(x))
			want.RecordValue(x)
		}
		text, err := encoded(h)
		if err != nil {
			t.Fatal(err)
		}
		got, err := hdrhistogram.Decode([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		filled := func(h *hdrhistogram.Histogram) []hdrhistogram.Bar {
			return slices.DeleteFunc(h.Distribution(), func(b hdrhistogram.Bar) bool { return b.Count == 0 })
		}
		if is, should := filled(got), filled(want); !slices.Equal(is, should) {
			t.Fatalf("buckets %v, want %v", is, should)
		}
		if got.TotalCount() != int64(len(times)) {
			t.Fatalf("%d times, want %d", got.TotalCount(), len(times))
		}
	})
}

// TestHistogramsStandBesideTheirPercentiles: who reads the histogram finds the counts and percentiles of the result, to the width of a bucket.
func TestHistogramsStandBesideTheirPercentiles(t *testing.T) {
	l := builtin(t, "caching", "", scenarios.Change{Path: "run.duration", Value: "1s"})
	r, err := Run(context.Background(), l, Options{Histograms: true})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]Latency{"all": r.Latency}
	for name, c := range r.Requests {
		all[name] = c.Latency
	}
	for name, lat := range all {
		h, err := hdrhistogram.Decode([]byte(lat.Histogram))
		if err != nil {
			t.Fatal(name, err)
		}
		if h.TotalCount() != lat.Count || lat.Count == 0 {
			t.Errorf("%s: %d requests, want %d", name, h.TotalCount(), lat.Count)
		}
		for q, want := range map[float64]Num{50: lat.P50, 90: lat.P90, 99: lat.P99, 99.9: lat.P999} {
			if got := float64(h.ValueAtPercentile(q)) / 1e9; math.Abs(got/float64(want)-1) > 1./1024 {
				t.Errorf("%s: p%g is %g, want %g", name, q, got, want)
			}
		}
	}
}
