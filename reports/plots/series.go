package plots

import (
	"fmt"
	"strings"

	"headroom/experiments"
	"headroom/internal/units"
)

// overTime are the charts of a run's series.
func overTime(r *experiments.Result) []Chart {
	s := &r.Series
	if len(s.T) == 0 || !(s.T[len(s.T)-1]+s.BucketSeconds > 0) {
		return nil
	}
	return []Chart{latencyOverTime(r), throughputOverTime(r), utilizationOverTime(r), queuesOverTime(r), instancesOverTime(r)}
}

// newTimeFigure is a figure over the time of a run, with its events marked.
func newTimeFigure(r *experiments.Result, y scale) *figure {
	s := &r.Series
	end := value(s.T[len(s.T)-1] + s.BucketSeconds)
	f := &figure{x: scale{title: "Time since the measuring began", unit: seconds, max: end}, y: y}
	for _, e := range r.Events {
		at := value(e.At)
		if !(at >= 0 && at <= end) {
			continue
		}
		m := mark{text: eventName(e.What), x: at, low: none, high: none, band: true}
		if e.For > 0 && e.For.Known() {
			m.low, m.high = at, min(end, at+float64(e.For))
		}
		f.marks = append(f.marks, m)
	}
	return f
}

func eventName(what string) string {
	const most = 34
	if runes := []rune(clean(what)); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return clean(what)
}

// overTime adds a curve of the series, each point in the middle of its bucket.
func (f *figure) overTime(s *experiments.Series, name string, h hue, points []num) {
	k := &curve{hue: h}
	for i, t := range s.T {
		k.x, k.y = append(k.x, value(t+s.BucketSeconds/2)), append(k.y, value(points[i]))
	}
	f.add(k, name)
}

// buckets says of what the points are means, and which events there were.
func buckets(r *experiments.Result) string {
	said := fmt.Sprintf("Each point is the mean over %s of all replications.", units.FormatSeconds(float64(r.Series.BucketSeconds)))
	var events []string
	for _, e := range r.Events {
		events = append(events, fmt.Sprintf("%s at %s", clean(e.What), units.FormatSeconds(float64(e.At))))
	}
	switch {
	case len(events) > 6:
		said += fmt.Sprintf(" Events: %s, and %d more.", strings.Join(events[:6], "; "), len(events)-6)
	case len(events) > 0:
		said += fmt.Sprintf(" Events: %s.", strings.Join(events, "; "))
	}
	return said
}

func latencyOverTime(r *experiments.Result) Chart {
	f := newTimeFigure(r, scale{title: "Latency", unit: seconds, log: true})
	f.overTime(&r.Series, "p50", 0, r.Series.P50)
	f.overTime(&r.Series, "p99", 2, r.Series.P99)
	return Chart{Name: "latency-time", Title: "Latency over time", Caption: "Of the requests that ended ok. " + buckets(r), X: Time, figure: f.fitY()}
}

func throughputOverTime(r *experiments.Result) Chart {
	f := newTimeFigure(r, scale{title: "Requests per second", unit: counts})
	f.overTime(&r.Series, "offered", grey, r.Series.Offered)
	if len(f.shapes) > 0 {
		f.shapes[0].(*curve).dashed = true
	}
	f.overTime(&r.Series, "goodput", 0, r.Series.Goodput)
	for _, v := range r.Series.Errors {
		if v > 0 {
			f.overTime(&r.Series, "errors", 1, r.Series.Errors)
			break
		}
	}
	return Chart{Name: "throughput-time", Title: "Throughput over time", Caption: "Goodput is the requests that ended ok. " + buckets(r), X: Time, figure: f.fitY()}
}

// nodesOverTime adds a curve for each node, the busiest with a colour and a label. A node without anything above least has no curve.
func (f *figure) nodesOverTime(r *experiments.Result, least float64, points func(*experiments.NodeSeries) []num) int {
	var all []ranked
	for _, name := range r.NodeOrder {
		n, there := r.Series.Nodes[name]
		if !there {
			continue
		}
		var values []float64
		for _, v := range points(&n) {
			values = append(values, value(v))
		}
		if len(values) > 0 && highest(values) > least {
			all = append(all, ranked{name, values})
		}
	}
	var x []float64
	for _, t := range r.Series.T {
		x = append(x, value(t+r.Series.BucketSeconds/2))
	}
	return f.addRanked(x, all)
}

func utilizationOverTime(r *experiments.Result) Chart {
	f := newTimeFigure(r, scale{title: "Utilization of cores or servers", unit: shares, max: 1})
	n := f.nodesOverTime(r, -1, func(s *experiments.NodeSeries) []num { return s.CPU })
	if n == 0 {
		f = nil
	}
	return Chart{Name: "utilization-time", Title: "Utilization over time", Caption: buckets(r) + others(n, "nodes"), X: Time, figure: f}
}

func queuesOverTime(r *experiments.Result) Chart {
	f := newTimeFigure(r, scale{title: "Waiting", unit: counts})
	n := f.nodesOverTime(r, 0, func(s *experiments.NodeSeries) []num { return s.Queue })
	return Chart{Name: "queues-time", Title: "Queue lengths over time", X: Time, figure: f.fitY(),
		Caption: "Calls that wait in all queues of a node, and messages in a queue; nodes where nothing ever waits are left out. " + buckets(r) + others(n, "nodes")}
}

func instancesOverTime(r *experiments.Result) Chart {
	f := newTimeFigure(r, scale{title: "Instances that take calls", unit: counts})
	n := f.nodesOverTime(r, 0, func(s *experiments.NodeSeries) []num { return s.Instances })
	return Chart{Name: "instances-time", Title: "Instances over time", Caption: buckets(r) + others(n, "nodes"), X: Time, figure: f.fitY()}
}
