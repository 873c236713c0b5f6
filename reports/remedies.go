package reports

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"headroom/experiments"
)

// remedies has a row for each remedy that was tried, below one for the scenario as it is, and says of the first what it does.
func remedies(d *experiments.Diagnosis) []block {
	switch {
	case d.Remedies == nil || d.Partial && len(d.Remedies) == 0:
		return nil
	case met(d.Result):
		return []block{{title: "Remedies", sentence: say(fmt.Sprintf("None is needed: the SLO is met at %s.", rate(d.Result.Load.Offered)))}}
	case len(d.Remedies) == 0:
		return []block{{title: "Remedies", sentence: say("None is known for this bottleneck in this file.")}}
	}
	missed := missedTargets(d)
	t := &table{columns: []column{{name: true}, {title: "SLO"}}}
	shown := len(missed) == 0 || slices.ContainsFunc(d.Result.SLO, func(t experiments.Target) bool { return quantityOf(t.Target) == "p99" })
	p99 := func(text string) phrase {
		if !shown {
			return nil
		}
		return say(text)
	}
	t.columns = append(t.columns, column{title: "p99", number: true})
	for _, i := range missed {
		t.columns = append(t.columns, column{title: quantityOf(d.Remedies[0].Targets[i].Target), number: true})
	}
	t.columns = append(t.columns, column{title: "capacity", number: true}, column{title: "$/month", number: true}, column{title: "then limits", name: true})
	first := d.Remedies[0]
	now := []phrase{say("   as it is"), in(bad, "✗"), p99(tail(first.P99.Before, d.Result.Saturated))}
	for _, i := range missed {
		now = append(now, say(aimed(first.Targets[i].Before, first.Targets[i].Unit, d.Result.Saturated)))
	}
	t.rows = append(t.rows, append(now, say(optional(first.Capacity.Before, rate)), say(optional(first.CostPerMonth.Before, dollars)),
		say(clean(d.Bottleneck.Node+" "+d.Bottleneck.Resource))))
	for _, k := range d.Remedies {
		t.rows = append(t.rows, remedyRows(k, missed, p99)...)
	}
	return append([]block{{title: "Remedies", table: withoutEmpty(t)}}, firstRemedy(d)...)
}

// titleWidth is where the title of a remedy goes on in the next row.
const titleWidth = 34

// remedyRows has a row for a remedy, and more where its title is long or it is several changes.
func remedyRows(k experiments.Remedy, missed []int, p99 func(string) phrase) [][]phrase {
	var titles []string
	for i, one := range strings.Split(clean(k.Title), " + ") {
		if i > 0 {
			one = "+ " + one
		}
		for _, l := range say(one).wrapped(titleWidth) {
			titles = append(titles, l.String())
		}
	}
	row := []phrase{say(fmt.Sprintf("%2d %s", k.Rank, titles[0])), helps(k), p99(tail(k.P99.After, k.Saturated))}
	for _, i := range missed {
		row = append(row, say(aimed(k.Targets[i].After, k.Targets[i].Unit, k.Saturated)))
	}
	limits := ""
	if n := k.NextBottleneck; n != nil {
		limits = clean(n.Node + " " + n.Resource)
	}
	rows := [][]phrase{append(row, say(optional(k.Capacity.After, rate)), say(dearer(k.CostPerMonth)), say(limits))}
	for _, also := range titles[1:] {
		more := make([]phrase, len(rows[0]))
		more[0] = say("   " + also)
		rows = append(rows, more)
	}
	return rows
}

// helps says whether the SLO is met, and else whether the remedy does anything.
func helps(k experiments.Remedy) phrase {
	switch k.Verdict {
	case experiments.Meets:
		return in(good, "✓")
	case experiments.Helps:
		return in(warning, "✗ helps")
	}
	return in(bad, "✗ "+k.Verdict)
}

// missedTargets returns the numbers of the targets that are missed now and are not the p99 of all, which has a column of its own: two at most.
func missedTargets(d *experiments.Diagnosis) []int {
	var all []int
	for i, t := range d.Result.SLO {
		if !t.Met && quantityOf(t.Target) != "p99" && len(all) < 2 && i < len(d.Remedies[0].Targets) {
			all = append(all, i)
		}
	}
	return all
}

// quantityOf is what a target speaks of.
func quantityOf(target string) string {
	return strings.TrimSpace(target[:max(strings.IndexAny(target, "<>"), 0)])
}

// tail is a p99, of which a saturated run has none.
func tail(n experiments.Num, saturated bool) string {
	if saturated {
		return onlyGrows
	}
	return seconds(n)
}

// aimed is a figure of a target.
func aimed(n experiments.Num, unit string, saturated bool) string {
	if saturated && !n.Known() {
		return onlyGrows
	}
	return quantity(n, unit)
}

// onlyGrows stands for what has no value, since it is longer the longer the run is.
const onlyGrows = "grows"

// fromTo says how a figure changes.
func fromTo(before, after string) string {
	switch {
	case after == onlyGrows:
		return "only grows"
	case before == onlyGrows:
		return after + ", where it only grew"
	}
	return "from " + before + " to " + after
}

// optional is empty where there is no number: a column without any is left out.
func optional(n experiments.Num, format func(experiments.Num) string) string {
	if !n.Known() {
		return ""
	}
	return format(n)
}

// dearer is what a remedy costs more a month, or less.
func dearer(m experiments.Moved) string {
	if !m.After.Known() || !m.Before.Known() {
		return ""
	}
	switch by := m.After - m.Before; {
	case math.Abs(float64(by)) < .005:
		return "±$0"
	case by < 0:
		return "-" + dollars(-by)
	default:
		return "+" + dollars(by)
	}
}

// firstRemedy says in one sentence what the first remedy does, and the command that writes it down.
func firstRemedy(d *experiments.Diagnosis) []block {
	k := d.Remedies[0]
	title := clean(k.Title)
	var does []string
	for i, t := range k.Targets {
		if i < len(d.Result.SLO) && !d.Result.SLO[i].Met {
			does = append(does, fmt.Sprintf("%s %s", quantityOf(t.Target), fromTo(aimed(t.Before, t.Unit, d.Result.Saturated), aimed(t.After, t.Unit, k.Saturated))))
		}
	}
	if ci := k.Difference.AbsoluteCI95; ci != nil && k.Difference.Verdict == experiments.Lower && strings.HasPrefix(strings.Join(does, ""), "p99 from ") {
		does[0] += fmt.Sprintf(" (the 95%% interval of the difference is %s to %s less)", seconds(-ci[1]), seconds(-ci[0]))
	}
	if d.Result.Saturated {
		does = append(does, fmt.Sprintf("goodput from %s to %s", rate(k.Goodput.Before), rate(k.Goodput.After)))
	}
	if k.Capacity.Before.Known() && k.Capacity.After.Known() {
		does = append(does, fmt.Sprintf("capacity from %s to %s", rate(k.Capacity.Before), rate(k.Capacity.After)))
	}
	if k.CostPerMonth.Before.Known() && k.CostPerMonth.After.Known() {
		does = append(does, fmt.Sprintf("cost from %s to %s a month", dollars(k.CostPerMonth.Before), dollars(k.CostPerMonth.After)))
	}
	said := title + " meets the SLO: "
	if !k.SLOMet {
		said = "Nothing that was tried meets the SLO; best is " + title + ": "
	}
	if k.Verdict == experiments.NoHelp || k.Verdict == experiments.Harms {
		return []block{{title: "Best", sentence: say("Nothing that was tried is of help.")}}
	}
	said += strings.Join(does, ", ") + "."
	if n := k.NextBottleneck; n != nil && n.Node != "" {
		said += fmt.Sprintf(" Then %s limits", clean(n.Node+" "+n.Resource))
		if n.SaturatesAt.Known() {
			said += ", at " + rate(n.SaturatesAt)
		}
		said += "."
	}
	if k.Assumes != "" {
		said += " " + clean(k.Assumes)
	}
	if k.Ceiling != "" {
		said += fmt.Sprintf(" More of it cannot be had: %s.", clean(k.Ceiling))
	}
	return []block{{title: "Best", sentence: say(said), lines: []line{{command, say(applied(d, k.Rank))}}}}
}

// applied is the command that writes the scenario with a remedy.
func applied(d *experiments.Diagnosis, rank int) string {
	again := clean(d.Command)
	if !strings.HasPrefix(again, "headroom bottleneck ") {
		again = "headroom bottleneck FILE"
	}
	return fmt.Sprintf("%s --apply %d --write remedied.yaml", again, rank)
}
