package experiments

import (
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
		one.judge(k.Architecture, reps[i:i+1])
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

// difference compares a figure pair by pair.
func difference(base, other []float64) Difference {
	d := Difference{Absolute: None, Relative: None, Verdict: NotComparable}
	var steps []float64
	for i := range base {
		steps = append(steps, other[i]-base[i])
	}
	if !slices.ContainsFunc(steps, func(x float64) bool { return !known(x) }) {
		mean, of, half := stat.Mean(steps, nil), stat.Mean(base, nil), studentHalf(steps, 0.95)
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

// findBest picks the best case and compares it with the others.
func (c *Compared) findBest(figures [][]paired) {
	p99 := func(i int) []float64 { return figures[i][0].values }
	best := -1
	for i, k := range c.Cases {
		mean := stat.Mean(p99(i), nil)
		if !known(mean) || mean == 0 {
			continue
		}
		if best < 0 || k.Result.met() != c.Cases[best].Result.met() && k.Result.met() ||
			k.Result.met() == c.Cases[best].Result.met() && mean < stat.Mean(p99(best), nil) {
			best = i
		}
	}
	if best < 0 || len(c.Cases) < 2 {
		return
	}
	c.Best = &Best{Case: c.Cases[best].Name, Metric: "p99", Met: c.Cases[best].Result.met(), Lower: []TimesLower{}}
	for i, k := range c.Cases {
		if i != best && known(stat.Mean(p99(i), nil)) {
			times, half := ratio(p99(i), p99(best))
			c.Best.Lower = append(c.Best.Lower, TimesLower{k.Name, Num(times), Interval{Num(times - half), Num(times + half)}})
		}
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
