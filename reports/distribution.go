package reports

import (
	"math"
	"strings"

	"github.com/HdrHistogram/hdrhistogram-go"

	"headroom/experiments"
)

// The histogram has at most so many rows, and its longest bar so many cells.
const (
	mostBins   = 16
	longestBar = 40
	fewest     = .5 // percent of the latencies at the lower end, which share a row
)

// distribution draws how the latencies are distributed, where the result has them all.
func distribution(r *experiments.Result, width int) []block {
	if r.Saturated || r.Latency.Histogram == "" {
		return nil
	}
	h, err := hdrhistogram.Decode([]byte(r.Latency.Histogram))
	if err != nil || h.TotalCount() == 0 {
		return nil // it was saved by another program
	}
	bounds := roundBounds(math.Max(float64(h.ValueAtQuantile(fewest)), 1)/1e9, float64(h.Max())/1e9, mostBins)
	if float64(h.Min())/1e9 < bounds[0] {
		bounds = append([]float64{0}, bounds...)
	}
	if len(bounds) < 3 {
		return nil // no latency differs from another
	}
	counts := binned(h, bounds)
	largest := 0.0
	for _, n := range counts {
		largest = max(largest, n)
	}
	t := &table{columns: []column{{name: true}, {drawing: true}, {title: "share", number: true}, {title: "below", number: true}, {}}}
	below, total := 0.0, float64(h.TotalCount())
	for i, n := range counts {
		below += n
		t.rows = append(t.rows, []phrase{
			say(seconds(experiments.Num(bounds[i])) + " … " + seconds(experiments.Num(bounds[i+1]))), nil, say(share(experiments.Num(n / total))),
			say(share(experiments.Num(below / total))), in(quiet, within(r.Latency, bounds[i], bounds[i+1])),
		})
	}
	longest := float64(min(longestBar, width-len(indent)-t.width()))
	for i, n := range counts {
		cells := int(math.Round(n / largest * longest))
		if n > 0 {
			cells = max(cells, 1)
		}
		t.rows[i][1] = say(strings.Repeat("▇", max(cells, 0)))
	}
	return []block{{title: "Latencies", table: withoutEmpty(t)}}
}

// binned counts the latencies between each two bounds.
func binned(h *hdrhistogram.Histogram, bounds []float64) []float64 {
	counts := make([]float64, len(bounds)-1)
	bin := 0
	for _, b := range h.Distribution() {
		if b.Count == 0 {
			continue
		}
		for middle := float64(b.From+b.To) / 2e9; bin < len(counts)-1 && middle >= bounds[bin+1]; {
			bin++
		}
		counts[bin] += float64(b.Count)
	}
	return counts
}

// within names the figures of the table above that lie between two times.
func within(l experiments.Latency, from, to float64) string {
	var names []string
	for _, f := range []struct {
		name  string
		value experiments.Num
	}{{"mean", l.Mean}, {"p50", l.P50}, {"p90", l.P90}, {"p99", l.P99}, {"p99.9", l.P999}} {
		if float64(f.value) >= from && float64(f.value) < to {
			names = append(names, f.name)
		}
	}
	return strings.Join(names, ", ")
}
