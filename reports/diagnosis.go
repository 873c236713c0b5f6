package reports

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"headroom/experiments"
)

// A DiagnosisReporter draws a diagnosis.
type DiagnosisReporter = ReporterOf[*experiments.Diagnosis]

var diagnosisForms = forms[*experiments.Diagnosis]{
	"table":    inTable(verbosely(diagnosisPage)),
	"json":     as(diagnosisJSON),
	"csv":      as(diagnosisCSV),
	"markdown": inMarkdown(briefly(diagnosisPage)),
}

// NamedDiagnosis finds the reporter of diagnoses for a value of the --output flag: table, json, csv or markdown.
func NamedDiagnosis(output string, s Style) (DiagnosisReporter, bool) {
	return diagnosisForms.named(output, s)
}

// diagnosisJSON writes the diagnosis with its run as JSON writes a result.
func diagnosisJSON(w io.Writer, d *experiments.Diagnosis) error {
	saved := *d
	saved.Result = forSaving(d.Result)
	saved.WhereTime = saved.Result.WhereTime
	return writeJSON(w, "diagnosis", saved)
}

// diagnosisCSV writes a line for each suspect, each check, each part of the time and each remedy, with what limits then, in base units. A number that does not exist is an empty
// field.
func diagnosisCSV(w io.Writer, d *experiments.Diagnosis) error {
	rows := [][]string{{"kind", "rank", "node", "resource", "class", "utilization", "wait", "refused", "saturates_at", "rate", "demand", "saturated", "full",
		"goodput", "error_rate", "p99", "share", "tail_share", "title", "verdict", "capacity", "cost_per_month"}}
	add := func(cells map[string]string) {
		row := make([]string, len(rows[0]))
		for i, name := range rows[0] {
			row[i] = cells[name]
		}
		rows = append(rows, row)
	}
	for i, s := range append([]experiments.Suspect{d.Bottleneck}, d.Next...) {
		add(map[string]string{"kind": "suspect", "rank": strconv.Itoa(i + 1), "node": s.Node, "resource": s.Resource, "class": s.Class,
			"utilization": exact(s.Utilization), "wait": exact(s.Wait), "refused": exact(s.Refused), "saturates_at": exact(s.SaturatesAt)})
	}
	if c := d.Confirmation; c != nil {
		for _, k := range []struct {
			kind string
			experiments.Check
		}{{"below", c.Below}, {"above", c.Above}} {
			add(map[string]string{"kind": k.kind, "rate": exact(k.Rate), "utilization": exact(k.Utilization), "demand": exact(k.Demand),
				"saturated": strconv.FormatBool(k.Saturated), "full": strconv.FormatBool(k.Full), "goodput": exact(k.Goodput), "error_rate": exact(k.ErrorRate), "p99": exact(k.P99)})
		}
	}
	for _, p := range d.WhereTime {
		add(map[string]string{"kind": "time", "node": p.Node, "resource": strings.TrimSpace(p.Resource + " " + p.Part), "share": exact(p.Share), "tail_share": exact(p.TailShare)})
	}
	for _, k := range d.Remedies {
		row := map[string]string{"kind": "remedy", "rank": strconv.Itoa(k.Rank), "title": clean(k.Title), "verdict": k.Verdict, "saturated": strconv.FormatBool(k.Saturated),
			"goodput": exact(k.Goodput.After), "error_rate": exact(k.ErrorRate.After), "p99": exact(k.P99.After), "capacity": exact(k.Capacity.After), "cost_per_month": exact(k.CostPerMonth.After)}
		if n := k.NextBottleneck; n != nil {
			row["node"], row["resource"], row["class"], row["saturates_at"] = n.Node, n.Resource, n.Class, exact(n.SaturatesAt)
		}
		add(row)
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// diagnosisPage gives the answer, what it stands on, whether it was seen at the rate it names, and where the time goes.
func diagnosisPage(d *experiments.Diagnosis, verbose bool) page {
	r := d.Result
	p := page{title: clean(r.Scenario.Name), lead: lead(r, verbose)}
	if p.title == "" {
		p.title = "Unnamed scenario"
	}
	for _, b := range [][]block{bottleneck(r), suspects(d), confirmation(d), timeShares(r), slo(r), remedies(d)} {
		p.blocks = append(p.blocks, b...)
	}
	p.blocks = append(p.blocks, texts("Warnings", warning, r.Warnings[min(len(r.Scenario.Warnings), len(r.Warnings)):])...)
	if verbose {
		p.blocks = append(p.blocks, texts("Assumptions", plain, r.Assumptions)...)
	}
	if len(d.Remedies) > 0 { // the next thing to do stands there
		return p
	}
	one := *r // the next thing to do is to simulate, with the same flags
	one.Command = strings.Replace(r.Command, "headroom bottleneck ", "headroom simulate ", 1)
	p.blocks = append(p.blocks, next(&one)...)
	return p
}

// suspects has a row for each resource in line.
func suspects(d *experiments.Diagnosis) []block {
	t := &table{columns: []column{{name: true}, {title: "resource", name: true}, {title: "class"}, {drawing: true}, {title: "used", number: true},
		{title: "mean wait", number: true}, {title: "refuses", number: true}, {title: "saturates at", number: true}}}
	for i, s := range append([]experiments.Suspect{d.Bottleneck}, d.Next...) {
		if s.Node == "" {
			return nil
		}
		tone, refuses := heat(s.Utilization), say(share(s.Refused))
		if s.Refused > 0 {
			refuses = in(warning, share(s.Refused))
		}
		wait := say(seconds(s.Wait))
		if d.Result.Saturated && s.Utilization >= fullUse {
			wait = in(bad, "grows")
		}
		drawn, used := phrase(nil), say(absent)
		if s.Utilization.Known() {
			drawn, used = in(tone, bar(s.Utilization, 5)), in(tone, share(s.Utilization))
		}
		t.rows = append(t.rows, []phrase{say([]string{"first", "second", "third"}[i]), say(clean(s.Node + " " + s.Resource)), say(s.Class),
			drawn, used, wait, refuses, say(rate(s.SaturatesAt))})
	}
	return []block{{title: "In line", table: withoutEmpty(t)}}
}

// fullUse is the utilization from which on the queue of a saturated run is that of the resource.
const fullUse = .99

// confirmation shows the runs just below and just above the rate of saturation.
func confirmation(d *experiments.Diagnosis) []block {
	c := d.Confirmation
	if c == nil {
		if d.Unconfirmed == "" {
			return nil
		}
		return []block{{title: "Around saturation", sentence: say(d.Unconfirmed)}}
	}
	t := &table{columns: []column{{name: true}, {title: "rate", number: true}, {title: "used", number: true}, {title: "goodput", number: true},
		{title: "errors", number: true}, {title: "p99", number: true}, {title: ""}}}
	for i, k := range []experiments.Check{c.Below, c.Above} {
		p99 := say(seconds(k.P99))
		if k.Saturated {
			p99 = in(bad, "grows")
		}
		t.rows = append(t.rows, []phrase{say([]string{"just below", "just above"}[i]), say(rate(k.Rate)), in(heat(k.Utilization), share(k.Utilization)),
			say(rate(k.Goodput)), say(share(k.ErrorRate)), p99, state(k)})
	}
	b := block{title: "Around saturation", verdict: in(good, "confirmed"), table: withoutEmpty(t)}
	if !c.Confirmed {
		b.verdict = in(bad, "not confirmed")
		b.lines = []line{{paragraph, say(unconfirmed(d))}}
	}
	return []block{b}
}

// state says how a check went.
func state(k experiments.Check) phrase {
	switch {
	case k.Full && k.Saturated:
		return in(bad, "full, its queue grows")
	case k.Full && k.ErrorRate > 0:
		return in(bad, "full, it refuses")
	case k.Full:
		return in(bad, "full")
	case k.Saturated:
		return in(bad, "another queue grows")
	}
	return in(good, "stable")
}

// unconfirmed says what was seen instead.
func unconfirmed(d *experiments.Diagnosis) string {
	what, c := clean(d.Bottleneck.Node+" "+d.Bottleneck.Resource), d.Confirmation
	switch {
	case d.Bottleneck.Class == "retries":
		return fmt.Sprintf("When retries begin to feed themselves is chance: %s was filled by them at %s within a longer run, and is used %s at %s here.", what,
			rate(d.Bottleneck.SaturatesAt), share(c.Above.Utilization), rate(c.Above.Rate))
	case c.Below.Full:
		return fmt.Sprintf("%s is full at %s already.", what, rate(c.Below.Rate))
	case c.Below.Saturated:
		return fmt.Sprintf("Another queue only grows at %s already, where %s is used %s.", rate(c.Below.Rate), what, share(c.Below.Utilization))
	}
	return fmt.Sprintf("%s is used %s at %s: it is not full there.", what, share(c.Above.Utilization), rate(c.Above.Rate))
}
