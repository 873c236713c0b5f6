package plots

import (
	"maps"
	"math"
	"slices"

	"github.com/HdrHistogram/hdrhistogram-go"
	"gonum.org/v1/plot"

	"headroom/experiments"
	"headroom/internal/units"
)

// A distribution is one curve of a chart of distributions.
type distribution struct {
	name    string
	latency *experiments.Latency
}

// nines is how far out in the tail a share of the requests is: 1 where one in ten is slower, 2 where one in a hundred is.
func nines(share float64) float64 { return -math.Log10(1 - share) }

// ticksPerHalf is how many points a curve has for each halving of what is slower.
const ticksPerHalf = 8

// points returns a distribution as latency over share: from its histogram where that was saved, else from its percentiles.
func (d *distribution) points() (x, y []float64, whole bool) {
	add := func(v, share float64) {
		if share >= .01 && share < 1 && v > 0 {
			x, y = append(x, v), append(y, nines(share))
		}
	}
	if h, err := hdrhistogram.Decode([]byte(d.latency.Histogram)); d.latency.Histogram != "" && err == nil {
		for _, b := range h.CumulativeDistributionWithTicks(ticksPerHalf) {
			add(float64(b.ValueAt)/1e9, b.Quantile/100)
		}
		return x, y, true
	}
	l := d.latency
	add(value(l.P50), .5)
	add(value(l.P90), .9)
	add(value(l.P95), .95)
	add(value(l.P99), .99)
	add(value(l.P999), .999)
	if l.Count > 1000 {
		add(value(l.Max), 1-1/float64(l.Count))
	}
	return x, y, false
}

// distributions is a chart of the curves that have points.
func distributions(title, caption string, all []distribution) Chart {
	f := &figure{x: scale{title: "Latency", unit: seconds, log: true}, y: scale{title: "Requests at most so slow, and how many are slower"}}
	whole := true
	var latencies, depths []float64
	for _, d := range all {
		x, y, exact := d.points()
		if len(x) < 2 {
			continue
		}
		h := hue(len(f.key))
		whole = whole && exact
		f.shapes = append(f.shapes, &curve{x: x, y: y, hue: h})
		f.key = append(f.key, keyEntry{clean(d.name), h, square{}})
		latencies, depths = append(latencies, x...), append(depths, y...)
	}
	if len(f.shapes) == 0 {
		return Chart{}
	}
	slices.Reverse(f.shapes) // the first in front
	if len(f.key) == 1 {
		f.key = nil
	}
	if !whole {
		caption += " Between p50, p90, p95, p99, p99.9 and the slowest request the line is straight: nothing else was saved."
	}
	f.x.around(latencies)
	f.y.max = max(1.05, highest(depths)+.05)
	f.y.marks = []plot.Tick{{Value: nines(.5), Label: "50%"}}
	for n := 1.0; n <= f.y.max; n++ {
		f.y.marks = append(f.y.marks, plot.Tick{Value: n, Label: units.FormatShare(1-math.Pow(10, -n)) + " · 1 in " + units.FormatCount(math.Pow(10, n))})
	}
	return Chart{Name: "latency-cdf", Title: title, Caption: caption, X: Other, figure: f}
}

// latencyCDF is of all requests of a run, and of each of its classes.
func latencyCDF(r *experiments.Result) Chart {
	if r.Saturated {
		return Chart{}
	}
	all := []distribution{{"all requests", &r.Latency}}
	if len(r.Requests) > 1 {
		names := slices.Sorted(maps.Keys(r.Requests))
		slices.SortStableFunc(names, func(a, b string) int {
			return int(r.Requests[b].Latency.Count - r.Requests[a].Latency.Count)
		})
		for _, name := range names[:min(len(names), mostHues-1)] {
			of := r.Requests[name].Latency
			all = append(all, distribution{name, &of})
		}
	}
	return distributions("Distribution of latency", "Each step up, ten times fewer requests are slower.", all)
}

// sweepCDF is of some of the rates: those that differ.
func sweepCDF(s *experiments.Sweep) Chart {
	var steady []*experiments.Point
	for i := range s.Points {
		p := &s.Points[i]
		if p.Saturated || p.Result.Latency.Count == 0 {
			continue
		}
		if last := len(steady) - 1; last < 0 || differ(&steady[last].Result.Latency, &p.Result.Latency) {
			steady = append(steady, p)
		}
	}
	n := min(len(steady), mostHues-1)
	var all []distribution
	for i := range n {
		p := steady[(i+1)*len(steady)/n-1]
		all = append(all, distribution{units.FormatRate(float64(p.Rate)), &p.Result.Latency})
	}
	caption := "Each step up, ten times fewer requests are slower."
	if len(s.Points) > n {
		caption += " Rates that hardly differ from the one before are left out, and saturated ones have no latency."
	}
	return distributions("Distribution of latency at some rates", caption, all)
}

// differ tells whether two distributions can be told apart in a picture.
func differ(a, b *experiments.Latency) bool {
	const factor = 1.08
	apart := func(x, y num) bool { return x > factor*y || y > factor*x }
	return apart(a.P50, b.P50) || apart(a.P99, b.P99) || apart(a.P999, b.P999)
}
