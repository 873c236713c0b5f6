package reports

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"headroom/experiments"
)

// A GrowthReporter draws a road.
type GrowthReporter = ReporterOf[*experiments.Growth]

var growthForms = forms[*experiments.Growth]{
	"table": inTable(growthPage), "markdown": inMarkdown(growthPage), "json": as(growthJSON), "csv": as(growthCSV),
}

// NamedGrowth finds the reporter of roads for a value of the --output flag: table, json, csv or markdown.
func NamedGrowth(output string, s Style) (GrowthReporter, bool) { return growthForms.named(output, s) }

// growthJSON writes the road with its last run as JSON writes a result.
func growthJSON(w io.Writer, g *experiments.Growth) error {
	saved := *g
	if g.Result != nil {
		saved.Result = forSaving(g.Result)
	}
	return writeJSON(w, "growth", saved)
}

// growthCSV writes a line for each step, and one for each design that was simulated beside it, in base units. A number that does not exist is an
// empty field.
func growthCSV(w io.Writer, g *experiments.Growth) error {
	rows := [][]string{{"kind", "step", "rate", "toward", "change", "assumes", "slo_met", "p99", "p99_low", "p99_high", "error_rate", "cost_per_month",
		"bottleneck_node", "bottleneck_resource", "next_node", "next_resource", "next_saturates_at"}}
	for i, s := range g.Steps {
		var changes, assumes []string
		for _, k := range s.Remedies {
			changes = append(changes, k.Title)
			if k.Assumes != "" {
				assumes = append(assumes, k.Assumes)
			}
		}
		ci, was := experiments.Interval{experiments.None, experiments.None}, experiments.Bottleneck{}
		if s.P99CI95 != nil {
			ci = *s.P99CI95
		}
		if s.Bottleneck != nil {
			was = *s.Bottleneck
		}
		rows = append(rows, []string{"step", strconv.Itoa(i + 1), exact(s.Rate), exact(s.Toward), strings.Join(changes, " + "), strings.Join(assumes, " "), strconv.FormatBool(s.SLOMet),
			exact(s.P99), exact(ci[0]), exact(ci[1]), exact(s.ErrorRate), exact(s.CostPerMonth), was.Node, was.Resource,
			s.NextBottleneck.Node, s.NextBottleneck.Resource, exact(s.NextBottleneck.SaturatesAt)})
		for _, o := range s.Alternatives {
			row := make([]string, len(rows[0]))
			row[0], row[1], row[3], row[4], row[6], row[11] = "alternative", strconv.Itoa(i+1), exact(s.Toward), o.Title, strconv.FormatBool(o.SLOMet), exact(o.CostPerMonth)
			row[14], row[15], _ = strings.Cut(o.Limit, " ")
			rows = append(rows, row)
		}
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// growthPage shows the road, what it stands on, and where it ends.
func growthPage(g *experiments.Growth, s Style) page {
	p := page{title: clean(g.Scenario.Name), lead: growthLead(g, s.Verbose)}
	if p.title == "" {
		p.title = "Unnamed scenario"
	}
	if len(g.Steps) > 0 {
		p.blocks = append(p.blocks, growthTable(g))
	}
	p.blocks = append(p.blocks, growthEnd(g))
	if s.Verbose {
		p.blocks = append(p.blocks, growthAlternatives(g)...)
	}
	p.blocks = append(p.blocks, texts("Warnings", warning, g.Warnings[min(len(g.Scenario.Warnings), len(g.Warnings)):])...)
	p.blocks = append(p.blocks, texts("Assumptions", plain, g.Assumptions)...)
	return p
}

func growthLead(g *experiments.Growth, verbose bool) []line {
	parts := []string{"from " + rate(g.From) + " to " + rate(g.To), plural(g.Runs, "run", "runs")}
	if g.Budget.Known() {
		parts = append(parts, "at most "+dollars(g.Budget)+" a month")
	}
	if g.Result != nil {
		parts = append(parts, fmt.Sprintf("seed %d", g.Result.Run.Seed))
	}
	lines := []line{{paragraph, in(quiet, strings.Join(parts, " · "))}}
	if verbose {
		lines = append(lines, line{paragraph, in(quiet, fmt.Sprintf("headroom %s · %s", clean(g.Version), seconds(g.WallSeconds)))})
	}
	if g.Partial {
		lines = append(lines, line{paragraph, in(warning, "! Partial: the search was interrupted. This is the road that was found until then.")})
	}
	return lines
}

// growthTable has a row for each change.
func growthTable(g *experiments.Growth) block {
	t := &table{columns: []column{{title: "rate", number: true}, {title: "change"}, {title: "p99", number: true}, {title: "SLO"}, {title: "cost/month", number: true},
		{title: "next bottleneck", name: true}}}
	for _, s := range g.Steps {
		titles := []string{"–"}
		for i, k := range s.Remedies {
			if i == 0 {
				titles = nil
			}
			titles = append(titles, clean(k.Title))
		}
		for i, title := range titles {
			row := make([]phrase, len(t.columns))
			for k := range row {
				row[k] = say("")
			}
			row[1] = say(title)
			if i == 0 {
				row = growthRow(&s, title)
			}
			t.rows = append(t.rows, row)
		}
	}
	return block{title: "The road", table: withoutEmpty(t)}
}

func growthRow(s *experiments.GrowthStep, title string) []phrase {
	p99, slo, paid := in(bad, "grows"), in(good, "✓"), say(absent)
	if s.P99.Known() {
		p99 = say(seconds(s.P99))
	}
	if !s.SLOMet {
		slo = in(bad, "✗")
	}
	if s.CostPerMonth.Known() {
		paid = say(dollars(s.CostPerMonth))
	}
	b := s.NextBottleneck
	next := absent
	if b.Node != "" {
		next = clean(b.Node + " " + b.Resource)
		if b.SaturatesAt.Known() {
			next += " at " + rate(b.SaturatesAt)
		}
	}
	return []phrase{say(rate(s.Rate)), say(title), p99, slo, paid, say(next)}
}

// growthEnd says how far the road goes.
func growthEnd(g *experiments.Growth) block {
	if g.Stopped == "" && !g.Partial {
		last := g.Steps[len(g.Steps)-1]
		text := in(strong, rate(g.Reached)).then(" is reached")
		if last.CostPerMonth.Known() {
			text = text.then(", for " + dollars(last.CostPerMonth) + " a month")
		}
		return block{title: "END", sentence: text.then(".")}
	}
	text := say("No rate is reached. ")
	if g.Reached.Known() {
		text = in(strong, rate(g.Reached)).then(" is reached, not " + rate(g.To) + ". ")
	}
	return block{title: "END", sentence: text.then(clean(g.Stopped))}
}

// growthAlternatives lists what else was simulated.
func growthAlternatives(g *experiments.Growth) []block {
	var all []block
	for _, s := range g.Steps {
		if len(s.Alternatives) == 0 {
			continue
		}
		t := &table{columns: []column{{title: "tried", name: true}, {title: "SLO"}, {title: "cost/month", number: true}, {title: "limited by", name: true}}}
		for _, o := range s.Alternatives {
			slo, paid := in(good, "✓"), say(absent)
			if !o.SLOMet {
				slo = in(bad, "✗")
			}
			if o.CostPerMonth.Known() {
				paid = say(dollars(o.CostPerMonth))
			}
			t.rows = append(t.rows, []phrase{say(clean(o.Title)), slo, paid, say(clean(o.Limit))})
		}
		all = append(all, block{title: "Beside it at " + rate(s.Toward), table: withoutEmpty(t)})
	}
	return all
}
