package reports

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"

	"headroom/experiments"
)

// A ComparisonReporter draws a comparison.
type ComparisonReporter = ReporterOf[*experiments.Comparison]

var comparisonForms = forms[*experiments.Comparison]{
	"table":    inTable(verbosely(comparisonPage)),
	"json":     as(comparisonJSON),
	"csv":      as(comparisonCSV),
	"markdown": inMarkdown(verbosely(comparisonPage)),
}

// NamedComparison finds the reporter of comparisons for a value of the --output flag: table, json, csv or markdown.
func NamedComparison(output string, s Style) (ComparisonReporter, bool) {
	return comparisonForms.named(output, s)
}

func comparisonJSON(w io.Writer, c *experiments.Comparison) error {
	saved := *c
	saved.Points = nil
	for _, p := range c.Points {
		saved.Points = append(saved.Points, savedPoint(p))
	}
	if c.Compared != nil {
		saved.Compared = savedPoint(c.Compared)
	}
	return writeJSON(w, "comparison", saved)
}

func savedPoint(p *experiments.Compared) *experiments.Compared {
	saved := *p
	saved.Cases = nil
	for _, k := range p.Cases {
		saved.Cases = append(saved.Cases, experiments.ComparedCase{Name: k.Name, Result: forSaving(k.Result), Capacity: k.Capacity})
	}
	return &saved
}

// comparisonCSV writes a line for each figure of each case: its value over all replications, and how it differs from the baseline's. The rate
// is empty where none was asked for.
func comparisonCSV(w io.Writer, c *experiments.Comparison) error {
	s := sheet{out: csv.NewWriter(w)}
	s.line("rate", "case", "metric", "unit", "value", "absolute", "absolute_low", "absolute_high", "relative", "low", "high", "verdict")
	ends := func(i *experiments.Interval) (low, high string) {
		if i == nil {
			return "", ""
		}
		return exact(i[0]), exact(i[1])
	}
	for _, p := range c.Loads() {
		at := ""
		if p.Rate > 0 {
			at = exact(p.Rate)
		}
		base := p.Cases[0]
		if k := base.Capacity; k != nil {
			s.line(at, base.Name, "capacity", "per_second", exact(k.Rate), "", "", "", "", "", "", "baseline")
		}
		for _, f := range base.Result.Figures() {
			s.line(at, base.Name, f.Metric, f.Unit, exact(f.Value), "", "", "", "", "", "", "baseline")
		}
		values := map[[2]string]experiments.Num{}
		for _, k := range p.Cases {
			for _, f := range k.Result.Figures() {
				values[[2]string{k.Name, f.Metric}] = f.Value
			}
			values[[2]string{k.Name, "capacity"}] = experiments.None
			if k.Capacity != nil {
				values[[2]string{k.Name, "capacity"}] = k.Capacity.Rate
			}
		}
		for _, d := range p.Differences {
			from, to := ends(d.AbsoluteCI95)
			low, high := ends(d.CI95)
			s.line(at, d.Case, d.Metric, d.Unit, exact(values[[2]string{d.Case, d.Metric}]), exact(d.Absolute), from, to, exact(d.Relative), low, high, d.Verdict)
		}
	}
	s.out.Flush()
	return cmp.Or(s.err, s.out.Error())
}

// comparisonPage says what each case did, how it differs from the baseline, and which is best; for each rate, where there are several.
func comparisonPage(c *experiments.Comparison, verbose bool) page {
	first := c.Loads()[0]
	p := page{title: clean(first.Cases[0].Result.Scenario.Name)}
	for _, k := range first.Cases {
		if p.title == "" || k.Result.Scenario.Name != first.Cases[0].Result.Scenario.Name {
			p.title = "Comparison"
		}
	}
	run := first.Cases[0].Result.Run
	said := fmt.Sprintf("each case: %s · the same random requests · seed %d", runLength(run), run.Seed)
	if len(c.Points) > 0 { // the lengths differ from rate to rate
		said = fmt.Sprintf("each case: %s · the same random requests · seed %d", plural(run.Replications, "replication", "replications"), run.Seed)
	}
	p.lead = []line{{paragraph, in(quiet, said)}}
	if verbose {
		p.lead = append(p.lead, line{paragraph, in(quiet, "headroom "+clean(c.Version))})
	}
	if c.Partial {
		p.lead = append(p.lead, line{paragraph, in(warning, "! Partial: the run was interrupted. Cases that were not finished are missing.")})
	}
	for _, at := range c.Loads() {
		title := "Cases"
		if at.Rate > 0 {
			title = "At " + rate(at.Rate)
		}
		p.blocks = append(p.blocks, block{title: title, table: caseTable(at)})
		p.blocks = append(p.blocks, capacities(at)...)
		p.blocks = append(p.blocks, against(at, c.Baseline)...)
		p.blocks = append(p.blocks, best(at)...)
	}
	p.blocks = append(p.blocks, texts("Warnings", warning, c.Warnings)...)
	return p
}

// caseTable has a row for each case with its figures.
func caseTable(c *experiments.Compared) *table {
	t := &table{columns: []column{{name: true}, {title: "goodput", number: true}, {title: "errors", number: true}, {title: "mean", number: true, spare: true},
		{title: "p50", number: true, spare: true}, {title: "p99", number: true}, {title: "p99.9", number: true, spare: true}, {title: "cost/month", number: true}, {title: "capacity", number: true, spare: true}, {title: "SLO"}}}
	for _, k := range c.Cases {
		r := k.Result
		row := []phrase{say(clean(k.Name)), say(rate(r.Load.Goodput)), say(share(r.ErrorRate))}
		for _, x := range []experiments.Num{r.Latency.Mean, r.Latency.P50, r.Latency.P99, r.Latency.P999} {
			text := say(seconds(x))
			if r.Saturated {
				text = in(bad, "grows")
			}
			row = append(row, text)
		}
		price := phrase(nil)
		if r.Cost.PerMonth.Known() && r.Cost.PerMonth > 0 {
			price = say(dollars(r.Cost.PerMonth))
		}
		slo := in(good, "✓ met")
		for _, target := range r.SLO {
			if !target.Met {
				slo = in(bad, "✗ not met")
			}
		}
		t.rows = append(t.rows, append(row, price, capacityCell(k.Capacity), slo))
	}
	return withoutEmpty(t)
}
