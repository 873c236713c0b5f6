package plots

import (
	"fmt"
	"slices"

	"headroom/experiments"
	"headroom/internal/units"
)

func ofComparison(c *experiments.Comparison) []Chart {
	loads := c.Loads()
	if len(loads) > 1 {
		return []Chart{casesOverRates(c, "p99", "p99 of each case over rate", "p99", seconds, caseP99), casesOverRates(c, "goodput", "Goodput of each case over rate", "Goodput, requests per second", counts, caseGoodput)}
	}
	if len(loads) == 0 {
		return nil
	}
	at := loads[0]
	return []Chart{caseLatencies(at), differences(c, at), capacities(at), caseCosts(at)}
}

func caseNames(cases []experiments.ComparedCase) []string {
	var names []string
	for _, k := range cases {
		names = append(names, k.Name)
	}
	return names
}

// caseLatencies has p50 and p99 of each case.
func caseLatencies(at *experiments.Compared) Chart {
	cases := at.Cases[:min(len(at.Cases), mostRows)]
	f := newRows(caseNames(cases), scale{title: "Latency", unit: seconds, log: true})
	f.key = []keyEntry{{"p50", 0, nil}, {"p99", 2, nil}}
	for i, k := range cases {
		if k.Result.Saturated {
			f.shapes = append(f.shapes, note{i, "saturated: queues only grow"})
			continue
		}
		for _, p := range []int{0, 2} {
			v, ci := percentiles[p].of(&k.Result.Latency)
			low, high := ends(ci)
			f.shapes = append(f.shapes, dot{row: i, x: value(v), low: low, high: high, hue: hue(p)})
		}
	}
	return Chart{Name: "comparison-latency", Title: "Latency of each case", X: Other, figure: f.fitX(),
		Caption: "Of the requests that ended ok; lines are 95% intervals." + left(len(at.Cases), "first")}
}

// capacities has the highest rate of each case that meets its SLO.
func capacities(at *experiments.Compared) Chart {
	cases := at.Cases[:min(len(at.Cases), mostRows)]
	f := newRows(caseNames(cases), scale{title: "Capacity, requests per second", unit: counts})
	for i, k := range cases {
		c := k.Capacity
		switch {
		case c == nil:
			f.shapes = append(f.shapes, note{i, "no capacity was found"})
		case c.Rate.Known():
			low, high := ends(c.CI95)
			f.shapes = append(f.shapes, bar{row: i, to: float64(c.Rate), low: low, high: high, hue: 0})
		case c.Above > 0:
			f.shapes = append(f.shapes, note{i, "more than " + units.FormatRate(float64(c.Above)) + ", the highest rate that was tried"})
		default:
			f.shapes = append(f.shapes, note{i, "none: missed at " + units.FormatRate(float64(c.Below)) + " already"})
		}
	}
	return Chart{Name: "comparison-capacity", Title: "Capacity of each case", X: Other, figure: f.fitX(),
		Caption: "The highest rate that meets the SLO; lines are 95% intervals." + left(len(at.Cases), "first")}
}

func caseCosts(at *experiments.Compared) Chart {
	cases := at.Cases[:min(len(at.Cases), mostRows)]
	f := newRows(caseNames(cases), scale{title: "Dollars a month", unit: dollars})
	priced := false
	for i, k := range cases {
		v := value(k.Result.Cost.PerMonth)
		priced = priced || v > 0
		f.shapes = append(f.shapes, bar{row: i, to: v, low: none, high: none, hue: 0})
	}
	if !priced {
		return Chart{}
	}
	return Chart{Name: "comparison-cost", Title: "Cost of each case", X: Other, figure: f.fitX(), Caption: "What all nodes with a price cost in a month." + left(len(at.Cases), "first")}
}

// metrics are the figures whose differences are drawn, in this order.
var metrics = []struct{ name, title string }{{"p99", "p99"}, {"p50", "p50"}, {"mean", "mean"}, {"p999", "p99.9"}, {"goodput", "goodput"}, {"capacity", "capacity"}, {"cost_per_month", "cost"}}

// differences has a row for each case and figure: by how much it differs from the baseline.
func differences(c *experiments.Comparison, at *experiments.Compared) Chart {
	var all []experiments.Difference
	var names []string
	for _, m := range metrics {
		for _, d := range at.Differences {
			if d.Metric == m.name && d.Relative.Known() {
				all, names = append(all, d), append(names, m.title+" of "+d.Case)
			}
		}
	}
	kept := min(len(all), mostRows)
	f := newRows(names[:kept], scale{title: "Compared with " + clean(c.Baseline), unit: shares})
	ratio := slices.ContainsFunc(all[:kept], func(d experiments.Difference) bool { return d.Relative > 1 })
	if ratio {
		f.x.log, f.x.unit = true, times
	}
	place := func(relative float64) float64 {
		if ratio {
			return 1 + relative
		}
		return relative
	}
	zero := place(0)
	f.shapes = append(f.shapes, upright(zero))
	for i, d := range all[:kept] {
		low, high := ends(d.CI95)
		f.shapes = append(f.shapes, dot{row: i, x: place(float64(d.Relative)), low: place(low), high: place(high), hue: verdictHue(d.Verdict)})
	}
	f.key = []keyEntry{{"lower", 0, nil}, {"higher", 1, nil}, {"no difference found", grey, nil}}
	return Chart{Name: "comparison-differences", Title: "Differences from " + clean(c.Baseline), X: Other, figure: f.fitX(),
		Caption: "On the same random requests; lines are 95% intervals of the paired differences." + left(len(all), "first")}
}

func verdictHue(verdict string) hue {
	switch verdict {
	case experiments.Lower:
		return 0
	case experiments.Higher:
		return 1
	}
	return grey
}

func caseP99(r *experiments.Result) (v, low, high float64) {
	return latencyOf(&experiments.Point{Saturated: r.Saturated, Result: r}, percentiles[2].of)
}

func caseGoodput(r *experiments.Result) (v, low, high float64) {
	if low, high = none, none; r.Load.CI95 != nil {
		low, high = ends(&r.Load.CI95.Goodput)
	}
	return value(r.Load.Goodput), low, high
}

// allCases are the names of the cases that any load has: one that was not finished is missing at it.
func allCases(c *experiments.Comparison) []string {
	var names []string
	for _, at := range c.Points {
		for _, name := range caseNames(at.Cases) {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// casesOverRates has a curve for each case.
func casesOverRates(c *experiments.Comparison, name, title, y string, u unit, of func(*experiments.Result) (v, low, high float64)) Chart {
	var x []float64
	for _, at := range c.Points {
		x = append(x, value(at.Rate))
	}
	f := &figure{x: rateScale(x), y: scale{title: y, unit: u, log: true}}
	cases := allCases(c)
	curves := make([]*curve, len(cases))
	for i, name := range cases {
		k := &curve{x: x, hue: hue(i)}
		if i >= mostHues {
			k.hue = grey
		}
		for _, at := range c.Points {
			v, low, high := none, none, none
			if n := slices.Index(caseNames(at.Cases), name); n >= 0 {
				v, low, high = of(at.Cases[n].Result)
			}
			k.y, k.low, k.high = append(k.y, v), append(k.low, low), append(k.high, high)
		}
		curves[i] = k
	}
	for i := len(curves) - 1; i >= 0; i-- {
		if i >= mostHues {
			f.add(curves[i], "")
		} else {
			f.add(curves[i], cases[i])
		}
	}
	slices.Reverse(f.labels)
	caption := "Bands are 95% intervals; where a case is saturated it has no latency."
	if u != seconds {
		caption = "Bands are 95% intervals."
	}
	if len(cases) > mostHues {
		caption += fmt.Sprintf(" The first %d cases are labelled, %d more are grey.", mostHues, len(cases)-mostHues)
	}
	return Chart{Name: "comparison-" + name, Title: title, X: Rate, figure: f.fitY(), Caption: caption}
}
