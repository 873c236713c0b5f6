package reports

import (
	"math"
	"slices"
	"testing"

	"github.com/HdrHistogram/hdrhistogram-go"

	"headroom/experiments"
)

// twoModes is the latency of requests that find what they want in a cache, 5 ms, or four times as late.
func twoModes(t *testing.T) experiments.Latency {
	t.Helper()
	h := hdrhistogram.New(1, 1<<40, 3)
	for i := range 1000 {
		ms := 5 * math.Exp(.3*math.Sin(float64(i)))
		if i%5 == 0 {
			ms *= 4
		}
		if err := h.RecordValue(int64(ms * 1e6)); err != nil {
			t.Fatal(err)
		}
	}
	text, err := h.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
	if err != nil {
		t.Fatal(err)
	}
	l := experiments.Latency{Mean: experiments.Num(h.Mean() / 1e9), Min: experiments.Num(float64(h.Min()) / 1e9), Max: experiments.Num(float64(h.Max()) / 1e9),
		Count: h.TotalCount(), Histogram: string(text)}
	for q, to := range map[float64]*num{50: &l.P50, 90: &l.P90, 95: &l.P95, 99: &l.P99, 99.9: &l.P999} {
		*to = experiments.Num(float64(h.ValueAtQuantile(q)) / 1e9)
	}
	return l
}

// TestVerboseSummaryDraws: with --verbose there is a histogram of the latencies, and the run over time with its events.
func TestVerboseSummaryDraws(t *testing.T) {
	r := eventful()
	r.Latency = twoModes(t)
	golden(t, "eventful-verbose.txt", draw(t, Summary(Style{Verbose: true}), r))
	golden(t, "eventful-verbose-narrow.txt", draw(t, Summary(Style{Verbose: true, Width: 60}), r))
}

// TestHistogramCountsEveryLatency: the rows of the histogram lie around all latencies, and hold each once.
func TestHistogramCountsEveryLatency(t *testing.T) {
	l := twoModes(t)
	h, err := hdrhistogram.Decode([]byte(l.Histogram))
	if err != nil {
		t.Fatal(err)
	}
	for _, bins := range []int{2, 5, 16, 40} {
		bounds := roundBounds(float64(l.Min), float64(l.Max), bins)
		sum := 0.0
		for _, n := range binned(h, bounds) {
			sum += n
		}
		if k := len(bounds) - 1; k > bins && bins > 2 || k < 1 || bounds[0] > float64(l.Min) || bounds[k] <= float64(l.Max) || !slices.IsSorted(bounds) || sum != float64(l.Count) {
			t.Errorf("%d bins: bounds %v around %g to %g hold %g of %d", bins, bounds, l.Min, l.Max, sum, l.Count)
		}
	}
}

// TestSparksShowWhatTheyStandFor: heights are in proportion, a gap stays a gap, and of several points in a cell the worst is shown where that is
// what one looks for.
func TestSparksShowWhatTheyStandFor(t *testing.T) {
	points := []num{0, 1, 2, 4, experiments.None, 8}
	for _, c := range []struct {
		points []num
		cells  int
		worst  bool
		want   string
	}{
		{points, 6, false, "▁▂▃▅ █"},
		{[]num{0, 8, 2, 2}, 2, true, "█▃"},
		{[]num{0, 8, 2, 2}, 2, false, "▅▃"},
		{[]num{0, 0}, 2, false, "▁▁"},
	} {
		if got := spark(course{points: c.points, worst: c.worst}, c.cells); got != c.want {
			t.Errorf("%v in %d cells: %q, want %q", c.points, c.cells, got, c.want)
		}
	}
	for points, want := range map[int]int{2: 2, 60: 60, 61: 31, 100: 50, 54: 54} {
		if got := sparkCells(points); got != want {
			t.Errorf("%d points in %d cells, want %d", points, got, want)
		}
	}
}
