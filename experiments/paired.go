package experiments

import (
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"
)

// Figure is one number of a result by which it is compared. A saturated result has no latency.
type Figure struct {
	Metric string // as in a Difference
	Unit   string // seconds, share, per_second or dollars
	Value  Num
}

// Figures lists what is compared of a result: latencies, errors, goodput, the quantities of its targets, and the cost.
func (r *Result) Figures() []Figure {
	var all []Figure
	seen := map[string]bool{"errors": true, "p99.9": true} // as targets call what has another name here
	add := func(metric, unit string, v Num) {
		if unit == "seconds" && r.Saturated {
			v = None
		}
		if !seen[metric] {
			all, seen[metric] = append(all, Figure{metric, unit, v}), true
		}
	}
	add("p99", "seconds", r.Latency.P99)
	add("p999", "seconds", r.Latency.P999)
	add("mean", "seconds", r.Latency.Mean)
	add("p50", "seconds", r.Latency.P50)
	add("error_rate", "share", r.ErrorRate)
	add("goodput", "per_second", r.Load.Goodput)
	for _, t := range r.SLO {
		quantity := strings.TrimSpace(t.Target[:max(strings.IndexAny(t.Target, "<>"), 0)])
		add(quantity, t.Unit, t.Value)
	}
	add("cost_per_month", "dollars", r.Cost.PerMonth)
	return all
}

// paired is what every replication of a case found of one metric, in the order of the replications; NaN where it has none.
type paired struct {
	metric, unit string
	values       []float64
}

// pairedFigures takes the figures of every replication.
func pairedFigures(k Case, reps []*replication, p plan, saturated bool) []paired {
	var all []paired
	for i := range reps {
		one := &Result{}
		one.measure(k.Architecture, reps[i:i+1], p)
		one.Saturated = saturated
		one.judge(k.Architecture)
		one.bill(k.Architecture, reps[i:i+1])
		for j, f := range one.Figures() {
			if i == 0 {
				all = append(all, paired{metric: f.Metric, unit: f.Unit})
			}
			all[j].values = append(all[j].values, float64(f.Value))
		}
	}
	return all
}

// differences compares the figures that a case and the baseline have in common.
func differences(name string, base, other []paired, saturated bool) []Difference {
	var all []Difference
	for _, b := range base {
		i := slices.IndexFunc(other, func(f paired) bool { return f.metric == b.metric && f.unit == b.unit })
		if i < 0 || !slices.ContainsFunc(slices.Concat(b.values, other[i].values), known) && b.unit != "seconds" {
			continue // neither has it, such as a price
		}
		d := difference(b.values, other[i].values)
		d.Case, d.Metric, d.Unit = name, b.metric, b.unit
		if saturated && b.unit == "seconds" {
			d.Verdict = NotSteady
		}
		all = append(all, d)
	}
	return all
}

func known(x float64) bool { return Num(x).Known() }

// rounding is the part of a figure below which a difference comes from how floating-point numbers are added up.
const rounding = 1e-12

// difference compares a figure pair by pair.
func difference(base, other []float64) Difference {
	d := Difference{Absolute: None, Relative: None, Verdict: NotComparable}
	steps := make([]float64, len(base))
	for i := range base {
		if steps[i] = other[i] - base[i]; math.Abs(steps[i]) < rounding*math.Abs(base[i]) {
			steps[i] = 0
		}
	}
	if !slices.ContainsFunc(steps, func(x float64) bool { return !known(x) }) {
		mean, of, half := stat.Mean(steps, nil), stat.Mean(base, nil), studentHalf(steps, 0.95)
		if half < rounding*math.Abs(mean) {
			half = 0
		}
		d.Absolute, d.AbsoluteCI95 = Num(mean), &Interval{Num(mean - half), Num(mean + half)}
		if of != 0 {
			d.Relative, d.CI95 = Num(mean/of), &Interval{Num((mean - half) / of), Num((mean + half) / of)}
		}
		switch {
		case mean-half > 0:
			d.Verdict = Higher
		case mean+half < 0:
			d.Verdict = Lower
		default:
			d.Verdict = NoDifference
		}
	}
	return d
}

// findBest picks the best case and compares it with the others. Where none meets its SLO, the lowest p99 may be that of the one that fails
// most: there the goodput counts.
func (c *Compared) findBest(figures [][]paired) {
	metric, sign := "goodput", -1.
	if slices.ContainsFunc(c.Cases, func(k ComparedCase) bool { return k.Result.met() }) {
		metric, sign = "p99", 1
	}
	values := make([][]float64, len(c.Cases))
	best := -1
	for i, k := range c.Cases {
		values[i] = figures[i][slices.IndexFunc(figures[i], func(f paired) bool { return f.metric == metric })].values
		mean := stat.Mean(values[i], nil)
		if known(mean) && mean > 0 && (k.Result.met() || metric == "goodput") && (best < 0 || sign*mean < sign*stat.Mean(values[best], nil)) {
			best = i
		}
	}
	if best < 0 || len(c.Cases) < 2 {
		return
	}
	c.Best = &Best{Case: c.Cases[best].Name, Metric: metric, Met: metric == "p99", Others: []Times{}}
	for i, k := range c.Cases {
		if mean := stat.Mean(values[i], nil); i == best || !known(mean) || mean == 0 {
			continue
		}
		over, under := values[i], values[best]
		if metric == "goodput" {
			over, under = under, over
		}
		times, half := ratio(over, under)
		c.Best.Others = append(c.Best.Others, Times{k.Name, Num(times), Interval{Num(times - half), Num(times + half)}})
	}
}

// met tells whether a result meets its SLO.
func (r *Result) met() bool {
	return !slices.ContainsFunc(r.SLO, func(t Target) bool { return !t.Met })
}

// ratio returns the ratio of two paired means and half its 95% interval: the residuals from it, pair by pair, have the mean 0.
func ratio(over, under []float64) (times, half float64) {
	mean := stat.Mean(under, nil)
	times = stat.Mean(over, nil) / mean
	residuals := make([]float64, len(over))
	for i := range over {
		residuals[i] = over[i] - times*under[i]
	}
	return times, studentHalf(residuals, 0.95) / mean
}
