package reports

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"headroom/experiments"
)

// A SweepReporter draws a sweep.
type SweepReporter = ReporterOf[*experiments.Sweep]

var sweepForms = forms[*experiments.Sweep]{
	"table":    inTable(verbosely(sweepPage)),
	"json":     as(sweepJSON),
	"csv":      as(sweepCSV),
	"markdown": inMarkdown(briefly(sweepPage)),
}

// NamedSweep finds the reporter of sweeps for a value of the --output flag: table, json, csv or markdown.
func NamedSweep(output string, s Style) (SweepReporter, bool) { return sweepForms.named(output, s) }

// sweepJSON writes the sweep with the result of every point as JSON writes a result.
func sweepJSON(w io.Writer, s *experiments.Sweep) error {
	saved := *s
	saved.Points = nil
	for _, p := range s.Points {
		p.Result = forSaving(p.Result)
		saved.Points = append(saved.Points, p)
	}
	return writeJSON(w, "sweep", saved)
}

// sweepPage says how the architecture does at each rate.
func sweepPage(s *experiments.Sweep, verbose bool) page {
	p := page{title: clean(s.Scenario.Name), lead: sweepLead(s, verbose)}
	if p.title == "" {
		p.title = "Unnamed scenario"
	}
	p.blocks = append(p.blocks, sweepTable(s))
	p.blocks = append(p.blocks, capacity(s)...)
	p.blocks = append(p.blocks, knee(s)...)
	p.blocks = append(p.blocks, texts("Warnings", warning, s.Warnings[min(len(s.Scenario.Warnings), len(s.Warnings)):])...)
	if verbose {
		p.blocks = append(p.blocks, texts("Warnings of the points", warning, pointWarnings(s))...)
		p.blocks = append(p.blocks, texts("Assumptions", plain, s.Assumptions)...)
	}
	p.blocks = append(p.blocks, sweepNext(s)...)
	return p
}

func sweepLead(s *experiments.Sweep, verbose bool) []line {
	requests, events := int64(0), int64(0)
	for _, p := range s.Points {
		requests, events = requests+p.Result.Run.Requests, events+p.Result.Run.Events
	}
	first, last := s.Points[0], s.Points[len(s.Points)-1]
	parts := []string{plural(len(s.Points), "rate", "rates"), "from " + rate(first.Rate) + " to " + rate(last.Rate), count(requests) + " requests",
		fmt.Sprintf("seed %d", first.Result.Run.Seed)}
	lines := []line{{paragraph, in(quiet, strings.Join(parts, " · "))}}
	if verbose {
		did := fmt.Sprintf("headroom %s · %s events in %s", clean(s.Version), count(events), seconds(s.WallSeconds))
		lines = append(lines, line{paragraph, in(quiet, did)})
	}
	if k := sweepPrecision(s); k != nil {
		lines = append(lines, line{paragraph, k})
	}
	if s.Partial {
		lines = append(lines, line{paragraph, in(warning, "! Partial: the sweep was interrupted. These are the rates that were done until then.")})
	}
	return lines
}

// sweepTable has a row for each rate.
// sweepPrecision says at how many rates the precision that was asked for is reached, and how much less than usual was enough; nothing where none was.
func sweepPrecision(s *experiments.Sweep) phrase {
	reached, rates, took, usual := 0, 0, int64(0), int64(0)
	asked := experiments.None
	for _, p := range s.Points {
		run := p.Result.Run
		if run.Precision == nil || p.Saturated {
			continue
		}
		asked = run.Precision.Asked
		if rates++; run.Precision.Reached {
			reached++
		}
		took += run.Requests + run.Precision.Tried
		usual += usually(run) * int64(run.Precision.Planned)
	}
	if rates == 0 {
		return nil
	}
	how := good
	if reached < rates {
		how = warning
	}
	p := in(quiet, "Precision of "+share(asked)+": ").and(in(how, fmt.Sprintf("reached at %d of %s below saturation", reached, plural(rates, "rate", "rates"))))
	if took < usual {
		p = p.and(in(quiet, fmt.Sprintf("; these took %s requests, where %s are usual", count(took), count(usual))))
	}
	return p
}

func sweepTable(s *experiments.Sweep) block {
	t := &table{columns: []column{{name: true}, {title: "goodput", number: true, spare: true}, {title: "errors", number: true},
		{title: "p50", number: true, spare: true}, {title: "95%", number: true, spare: true}, {title: "p99", number: true}, {title: "95%", number: true, spare: true},
		{title: "busiest", name: true}, {drawing: true}, {title: "used", number: true}, {title: "SLO"}}}
	for i := range s.Points {
		t.rows = append(t.rows, sweepRow(&s.Points[i]))
	}
	t.addSized(s)
	return block{title: "Rates", table: withoutEmpty(t), lines: sizedSentence(s)}
}

func sweepRow(p *experiments.Point) []phrase {
	r := p.Result
	errors := say(share(r.ErrorRate))
	if r.ErrorRate > 0 {
		errors = in(warning, share(r.ErrorRate))
	}
	p50, p99 := say(seconds(r.Latency.P50)), say(seconds(r.Latency.P99))
	var around50, around99 phrase
	switch ci := r.Latency.CI95; {
	case p.Saturated:
		p50, p99 = in(bad, "grows"), in(bad, "grows")
	case ci != nil:
		around50 = in(quiet, plusMinus(r.Latency.P50, ci.P50, seconds))
		around99 = in(quiet, plusMinus(r.Latency.P99, ci.P99, seconds))
	}
	b := r.Bottleneck
	busiest, drawn, used := say(absent), phrase(nil), say(absent)
	if b.Node != "" {
		t := heat(b.Utilization)
		busiest, drawn, used = say(clean(b.Node+" "+b.Resource)), in(t, bar(b.Utilization, 5)), in(t, share(b.Utilization))
	}
	verdict := in(good, "✓")
	switch {
	case p.Saturated:
		verdict = in(bad, "✗ saturated")
	case !p.MeetsSLO():
		verdict = in(bad, "✗")
	}
	return []phrase{say(rate(p.Rate)), say(rate(r.Load.Goodput)), errors, p50, around50, p99, around99, busiest, drawn, used, verdict}
}

// capacity says how far the SLO is met.
func capacity(s *experiments.Sweep) []block {
	if s.Capacity == nil {
		return nil
	}
	return []block{{title: "CAPACITY", sentence: capacityWords(s.Capacity)}}
}

// capacityWords says what was found of a capacity.
func capacityWords(c *experiments.Capacity) (text phrase) {
	switch {
	case c.Above > 0:
		text = say("not reached up to " + rate(c.Above) + ": the SLO is met there.")
	case c.Below > 0:
		text = say("none of the rates that were tried: " + clean(c.Limit) + " is missed at " + rate(c.Below) + " already.")
	default:
		text = in(strong, rate(c.Rate)).then(" is the highest rate that meets the SLO")
		if c.CI95 != nil {
			text = text.then(" (95% interval " + interval(experiments.Target{Value: c.Rate, CI95: c.CI95, Unit: "per_second"}) + ")")
		}
		text = text.then("; more would miss " + clean(c.Limit) + ".")
	}
	return text
}

// knee says from which rate on more load costs more than it brings.
func knee(s *experiments.Sweep) []block {
	k := s.Knee
	if k == nil {
		return nil
	}
	text := say("none between these rates; it would be " + k.Definition + ".")
	if k.Rate.Known() {
		text = in(strong, rate(k.Rate))
		if k.CI95 != nil {
			text = text.then(" (95% interval " + interval(experiments.Target{Value: k.Rate, CI95: k.CI95, Unit: "per_second"}) + ")")
		}
		text = text.then(" is " + k.Definition + ".")
	}
	return []block{{title: "KNEE", sentence: text}}
}

// pointWarnings lists what the points warn of, each sentence with the rates it is about, the scenario's own left out.
func pointWarnings(s *experiments.Sweep) []string {
	var all []string
	for _, p := range s.Points {
		for _, w := range p.Result.Warnings[min(len(p.Result.Scenario.Warnings), len(p.Result.Warnings)):] {
			if !p.Saturated {
				all = append(all, "At "+rate(p.Rate)+": "+w)
			}
		}
	}
	return all
}

// sweepNext proposes to look at the capacity, else at the lowest rate that misses the SLO.
func sweepNext(s *experiments.Sweep) []block {
	ask := func(question string, at experiments.Num) []block {
		return []block{{title: "Next", sentence: say(question), lines: []line{{command, say(oneOf(s) + " --rate " + rate(at))}}}}
	}
	if s.Capacity != nil && s.Capacity.Rate.Known() {
		return ask("What gives way at the capacity?", s.Capacity.Rate)
	}
	for i := range s.Points {
		if p := &s.Points[i]; !p.MeetsSLO() {
			return ask("Why is the SLO missed there?", p.Rate)
		}
	}
	return nil
}

// oneOf is the command that simulates the sweep's scenario, changed as there.
func oneOf(s *experiments.Sweep) string {
	const sweep, simulate = "headroom sweep ", "headroom simulate "
	if !strings.HasPrefix(s.Command, sweep) || strings.ContainsAny(s.Command, `'"\`) {
		file := clean(s.Scenario.File)
		if file == "" {
			file = "FILE"
		}
		return simulate + Quoted(file)
	}
	var kept []string
	words := strings.Fields(strings.TrimPrefix(s.Command, sweep))
	for i := 0; i < len(words); i++ {
		if slices.Contains([]string{"--from", "--to", "--per-decade", "--rates"}, words[i]) {
			i++ // its value
			continue
		}
		kept = append(kept, words[i])
	}
	return simulate + strings.Join(kept, " ")
}
