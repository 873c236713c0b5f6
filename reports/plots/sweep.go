package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"headroom/experiments"
	"headroom/internal/units"
)

func ofSweep(s *experiments.Sweep) []Chart {
	if len(s.Points) == 0 {
		return nil
	}
	all := append([]Chart{sweepLatency(s), sweepThroughput(s), sweepUtilization(s)}, sweepWhereTime(s)...)
	all = append(all, sweepCDF(s), sweepCacheHits(s), sweepShards(s), sweepInstances(s))
	return append(all, costs(s)...)
}

// rates are the points' own, which x runs over.
func rates(s *experiments.Sweep) []float64 {
	x := make([]float64, len(s.Points))
	for i, p := range s.Points {
		x[i] = value(p.Rate)
	}
	return x
}

// rateScale is the same for all charts of a sweep, so that they can stand below each other.
func rateScale(x []float64) scale {
	s := scale{title: "Offered load, requests per second", unit: counts, log: true, min: x[0], max: x[len(x)-1]}
	if wide := math.Pow(s.max/s.min, .02); wide > 1.001 {
		s.min, s.max = s.min/wide, s.max*wide
	} else {
		s.min, s.max = s.min/2.5, s.max*2.5
	}
	return s
}

// newSweepFigure is a figure over the rates, with the capacity, the knee and the saturated rates marked.
func newSweepFigure(s *experiments.Sweep, y scale) *figure {
	f := &figure{x: rateScale(rates(s)), y: y}
	f.marks = saturated(s, f.x.max)
	if k := s.Knee; k != nil && k.Rate.Known() {
		low, high := ends(k.CI95)
		f.marks = append(f.marks, mark{text: "knee " + units.FormatRate(float64(k.Rate)), x: float64(k.Rate), low: low, high: high})
	}
	if c := s.Capacity; c != nil && c.Rate.Known() {
		low, high := ends(c.CI95)
		f.marks = append(f.marks, mark{text: "capacity " + units.FormatRate(float64(c.Rate)), x: float64(c.Rate), low: low, high: high})
	}
	return f
}

// saturated marks the rates at which queues only grow: from the first of them in a row to the last, or on to the end where no other comes.
func saturated(s *experiments.Sweep, end float64) []mark {
	var marks []mark
	for i := 0; i < len(s.Points); i++ {
		if !s.Points[i].Saturated {
			continue
		}
		first := value(s.Points[i].Rate)
		for i+1 < len(s.Points) && s.Points[i+1].Saturated {
			i++
		}
		last := value(s.Points[i].Rate)
		if i == len(s.Points)-1 {
			last = end
		}
		marks = append(marks, mark{text: "saturated", x: first, low: first, high: last, band: true})
	}
	return marks
}

// overRates adds a curve with its label. Figure returns a value and its interval, which may be NaN.
func (f *figure) overRates(s *experiments.Sweep, name string, h hue, figure func(*experiments.Point) (v, low, high float64)) {
	k := &curve{x: rates(s), hue: h}
	for i := range s.Points {
		v, low, high := figure(&s.Points[i])
		k.y, k.low, k.high = append(k.y, v), append(k.low, low), append(k.high, high)
	}
	f.add(k, name)
}

// add adds a curve, unless it has no points, and its label.
func (f *figure) add(k *curve, name string) {
	if known(k.y) == 0 {
		return
	}
	f.shapes = append(f.shapes, k)
	for i := len(k.y) - 1; name != ""; i-- {
		if !math.IsNaN(k.y[i]) {
			f.labels = append(f.labels, label{clean(name), k.x[i], k.y[i], k.hue})
			return
		}
	}
}

// fitY makes the scale of y as long as the curves need, and returns the figure, or nil if there are no numbers.
func (f *figure) fitY() *figure {
	var values []float64
	for _, s := range f.shapes {
		if k, ok := s.(*curve); ok {
			values = append(append(append(values, k.y...), k.low...), k.high...)
		}
	}
	if known(values) == 0 {
		return nil
	}
	f.y.around(values)
	return f
}

// latencyOf returns a figure of a point's latency; of a saturated one there is none.
func latencyOf(p *experiments.Point, of func(*experiments.Latency) (num, *experiments.Interval)) (v, low, high float64) {
	if p.Saturated || p.Result == nil {
		return none, none, none
	}
	n, ci := of(&p.Result.Latency)
	low, high = ends(ci)
	return value(n), low, high
}

// percentile is one of a latency's.
type percentile struct {
	name string
	of   func(*experiments.Latency) (num, *experiments.Interval)
}

var percentiles = []percentile{
	{"p50", func(l *experiments.Latency) (num, *experiments.Interval) {
		if l.CI95 == nil {
			return l.P50, nil
		}
		return l.P50, &l.CI95.P50
	}},
	{"p90", func(l *experiments.Latency) (num, *experiments.Interval) { return l.P90, nil }},
	{"p99", func(l *experiments.Latency) (num, *experiments.Interval) {
		if l.CI95 == nil {
			return l.P99, nil
		}
		return l.P99, &l.CI95.P99
	}},
	{"p99.9", func(l *experiments.Latency) (num, *experiments.Interval) { return l.P999, nil }},
}

func sweepLatency(s *experiments.Sweep) Chart {
	f := newSweepFigure(s, scale{title: "Latency", unit: seconds, log: true})
	for i, p := range percentiles {
		f.overRates(s, p.name, hue(i), func(at *experiments.Point) (v, low, high float64) { return latencyOf(at, p.of) })
	}
	caption := "Percentiles of the requests that ended ok; bands are 95% intervals."
	if f.goals(s) {
		caption = "Percentiles of the requests that ended ok; bands are 95% intervals, dashed lines targets of the SLO."
	}
	if c := s.Capacity; c != nil && c.Rate.Known() && c.Limit != "" {
		caption += fmt.Sprintf(" More than the capacity would miss %s.", clean(c.Limit))
	}
	if len(saturated(s, 0)) > 0 {
		caption += " Saturated rates have no latency: queues only grow."
	}
	return Chart{Name: "latency", Title: "Latency over rate", Caption: caption, X: Rate, figure: f.fitY()}
}

// goals are the targets of the SLO for percentiles of all requests: dashed lines in the colours of these.
func (f *figure) goals(s *experiments.Sweep) (found bool) {
	if len(f.shapes) == 0 {
		return false
	}
	for _, t := range s.Points[0].Result.SLO {
		words := strings.Fields(t.Target)
		if len(words) != 3 || words[1] != "<" {
			continue
		}
		i := slices.IndexFunc(percentiles, func(p percentile) bool { return p.name == words[0] })
		var goal units.Duration
		if i < 0 || goal.UnmarshalText([]byte(words[2])) != nil || goal <= 0 {
			continue
		}
		at := time.Duration(goal).Seconds()
		f.add(&curve{x: []float64{f.x.min, f.x.max}, y: []float64{at, at}, hue: hue(i), dashed: true}, t.Target)
		found = true
	}
	return found
}

func sweepThroughput(s *experiments.Sweep) Chart {
	f := newSweepFigure(s, scale{title: "Requests per second", unit: counts, log: true})
	f.overRates(s, "offered", grey, func(p *experiments.Point) (v, low, high float64) { return value(p.Rate), none, none })
	f.shapes[0].(*curve).dashed = true
	f.overRates(s, "goodput", 0, func(p *experiments.Point) (v, low, high float64) {
		if low, high = none, none; p.Result.Load.CI95 != nil {
			low, high = ends(&p.Result.Load.CI95.Goodput)
		}
		return value(p.Result.Load.Goodput), low, high
	})
	f.overRates(s, "ended otherwise", 1, func(p *experiments.Point) (v, low, high float64) {
		if bad := value(p.Result.Load.Completed - p.Result.Load.Goodput); bad > 0 {
			return bad, none, none
		}
		return none, none, none
	})
	return Chart{Name: "throughput", Title: "Throughput over offered load", X: Rate, figure: f.fitY(),
		Caption: "Goodput is the requests that ended ok; the dashed line is what was offered. The band is its 95% interval."}
}
