package reports

import (
	"fmt"
	"math"
	"strings"

	"headroom/experiments"
	"headroom/internal/units"
)

// against says in words how each case differs from the baseline: what is better or worse, then what is not known to be either.
func against(c *experiments.Compared, baseline string) []block {
	b := block{title: "Against " + clean(baseline)}
	for _, k := range c.Cases[1:] {
		var found []phrase
		without := map[string][]string{}
		for _, d := range c.Differences {
			switch {
			case d.Case != k.Name:
			case d.Verdict == experiments.Lower || d.Verdict == experiments.Higher:
				found = append(found, differs(d))
			default:
				without[d.Verdict] = append(without[d.Verdict], metric(d.Metric))
			}
		}
		if without[experiments.NotSteady] != nil {
			found = append(found, say("no steady latency: ").and(in(bad, unsteady(c.Cases[0], k)+" saturated")))
		}
		if alike := without[experiments.NoDifference]; alike != nil {
			found = append(found, in(quiet, "no difference found: "+strings.Join(alike, ", ")))
		}
		if unknown := without[experiments.NotComparable]; unknown != nil {
			found = append(found, in(quiet, "cannot be compared: "+strings.Join(unknown, ", ")))
		}
		text := say("").and(in(strong, clean(k.Name))).then(": ")
		for i, f := range found {
			if i > 0 {
				text = text.then(" · ")
			}
			text = text.and(f)
		}
		b.lines = append(b.lines, line{item, text})
	}
	if b.lines == nil {
		return nil
	}
	return []block{b}
}

// unsteady says which of two cases are saturated.
func unsteady(base, k experiments.ComparedCase) string {
	switch {
	case base.Result.Saturated && k.Result.Saturated:
		return "both are"
	case k.Result.Saturated:
		return clean(k.Name) + " is"
	}
	return clean(base.Name) + " is"
}

// metric is how a person calls a metric; the quantities of targets are called as the author did.
func metric(name string) string {
	switch name {
	case "p999":
		return "p99.9"
	case "error_rate":
		return "errors"
	case "cost_per_month":
		return "cost"
	}
	return clean(name)
}

// differs words a difference: p99 42% lower ± 3%. Shares differ by points, which cannot be mistaken for parts of the share.
func differs(d experiments.Difference) phrase {
	text := metric(d.Metric) + " "
	switch {
	case d.Unit == "share":
		text += pointsApart(d)
	case !d.Relative.Known():
		text += quantity(experiments.Num(math.Abs(float64(d.Absolute))), d.Unit) + " " + d.Verdict
	case d.Relative >= 1:
		text += units.FormatCount(1+float64(d.Relative)) + " times as high" + spread(reach(d.Relative, *d.CI95), units.FormatCount[float64])
	default:
		text += units.FormatShare(math.Abs(float64(d.Relative))) + " " + d.Verdict + spread(reach(d.Relative, *d.CI95), units.FormatShare[float64])
	}
	if d.Unit == "dollars" {
		sign := "+"
		if d.Absolute < 0 {
			sign = "-"
		}
		text += fmt.Sprintf(" (%s%s a month)", sign, dollars(experiments.Num(math.Abs(float64(d.Absolute)))))
	}
	return in(judged(d), text)
}

// Words says how a case differs, in one line.
func Words(d experiments.Difference) string {
	if d.Verdict == experiments.Lower || d.Verdict == experiments.Higher {
		return differs(d).String()
	}
	return metric(d.Metric) + ": " + d.Verdict
}

func pointsApart(d experiments.Difference) string {
	points := func(share float64) string { return units.FormatCount(100 * share) }
	return points(math.Abs(float64(d.Absolute))) + " points " + d.Verdict + spread(reach(d.Absolute, *d.AbsoluteCI95), points)
}

// spread is what stands behind a difference, unless all replications agree.
func spread(half experiments.Num, format func(float64) string) string {
	if half == 0 {
		return ""
	}
	digit := math.Pow(10, math.Floor(math.Log10(float64(half)))-1)
	return " ± " + format(math.Round(float64(half)/digit)*digit) // two digits: it is an estimate itself
}

// judged tells whether a difference is for the better. Of the author's own quantities, shares of outcomes and utilizations, nobody knows.
func judged(d experiments.Difference) tone {
	better := d.Verdict == experiments.Lower
	switch {
	case d.Metric == "goodput" || d.Metric == "capacity" || strings.HasSuffix(d.Metric, ".goodput"):
		better = !better
	case d.Unit == "share" && d.Metric != "error_rate":
		return plain
	}
	if better {
		return good
	}
	return bad
}

// best sums up: which case is the best, and how much better it is than each of the others.
func best(c *experiments.Compared) []block {
	if c.Best == nil {
		return nil
	}
	text := in(strong, clean(c.Best.Case))
	if c.Best.Met {
		text = text.then(" meets the SLO and")
	}
	better, worse := "lower", "higher"
	if c.Best.Metric == "goodput" {
		better, worse = worse, better
	}
	b := block{title: "Summary"}
	var alike []string
	for _, o := range c.Best.Others {
		times, ci, how := o.Times, o.CI95, better
		if times < 1 { // than a case that does not meet the SLO
			times, ci, how = 1/o.Times, experiments.Interval{1 / o.CI95[1], 1 / o.CI95[0]}, worse
		}
		if o.CI95[0] <= 1 && o.CI95[1] >= 1 {
			alike = append(alike, clean(o.Than))
			continue
		}
		b.lines = append(b.lines, line{item, say(fmt.Sprintf("%s times %s %s than %s", estimate(times, reach(times, ci)), how, c.Best.Metric, clean(o.Than)))})
	}
	switch {
	case b.lines != nil:
		text = text.then(" ran with")
	case alike == nil:
		text = text.then(" has nothing to be compared with")
	default:
		text = text.then(" has a " + c.Best.Metric + " like the others")
	}
	if b.sentence = text; alike != nil {
		b.lines = append(b.lines, line{item, in(quiet, "no difference of "+c.Best.Metric+" found to "+strings.Join(alike, ", "))})
	}
	return []block{b}
}

// estimate prints a number as exactly as its uncertainty lets it be known, which has two digits: 1.72 ± 0.12, 1.0016 ± 0.0011.
func estimate(x, half experiments.Num) string {
	if half == 0 {
		return number(x)
	}
	decimals := max(1-int(math.Floor(math.Log10(float64(half)))), 0)
	return fmt.Sprintf("%.*f ± %.*f", decimals, float64(x), decimals, float64(half))
}
