package reports

import (
	"fmt"
	"io"
	"strings"

	"headroom/experiments"
	"headroom/experiments/session"
	"headroom/reports/diagram"
)

// Answer draws what a command of an exploration found.
func Answer(s Style) func(io.Writer, session.Answer) error {
	return func(w io.Writer, a session.Answer) error {
		switch a := a.(type) {
		case session.Diagnosed:
			report, _ := NamedDiagnosis("table", s)
			return report(w, a.Diagnosis)
		case session.Drawn:
			g := diagram.Of(a.Architecture)
			if a.Result != nil {
				g = g.Loaded(a.Result)
			}
			return g.Mermaid(w)
		}
		return s.blocks(w, answerBlocks(a))
	}
}

// State draws what an exploration has come to.
func State(s Style) func(io.Writer, session.State) error {
	return func(w io.Writer, at session.State) error { return s.blocks(w, stateBlocks(at)) }
}

// blocks draws blocks that belong to no page.
func (s Style) blocks(w io.Writer, blocks []block) error {
	t := terminal{width: s.width(), color: s.Color}
	for i, b := range blocks {
		if i > 0 {
			t.out.WriteByte('\n')
		}
		if err := t.block(b); err != nil {
			return err
		}
	}
	_, err := w.Write(t.out.Bytes())
	return err
}

func answerBlocks(a session.Answer) []block {
	switch a := a.(type) {
	case session.InLine:
		return inLineNext(a.Diagnosis)
	case session.Tried:
		title := "What if"
		if a.Kept {
			title = "Changed"
		}
		return sideBySide(title, a.Comparison)
	case session.Compared:
		return sideBySide("Compared", a.Comparison)
	case session.Undone:
		return append([]block{{title: "Undone", sentence: say(clean(a.Change))}}, stateBlocks(a.State)...)
	case session.Saved:
		return []block{{title: "Saved", lines: []line{{command, say("headroom bottleneck " + Quoted(a.File))}}}}
	case session.Help:
		return helped(a.Commands)
	}
	return nil
}

// helped lists commands.
func helped(commands []session.Command) []block {
	var b block
	widest := 0
	for _, c := range commands {
		widest = max(widest, len(c.Name+" "+c.Arguments))
	}
	for _, c := range commands {
		form := strings.TrimSpace(c.Name + " " + c.Arguments)
		b.lines = append(b.lines, line{paragraph, in(strong, form).then(strings.Repeat(" ", widest+len(indent)-len(form)) + c.About)})
	}
	b.title = "Commands"
	return []block{b}
}

// inLineNext shows who is next in line, and says of each what it stands on.
func inLineNext(d *experiments.Diagnosis) []block {
	blocks := suspects(d)
	var b block
	for _, n := range d.Next {
		if text := clean(n.Evidence); text != "" {
			b.lines = append(b.lines, line{item, say(text)})
		}
	}
	if b.title = "Next in line"; len(d.Next) == 0 {
		b.sentence = say("Nothing else here has a limit.")
	}
	if len(d.Remedies) > 0 && d.Remedies[0].NextBottleneck != nil {
		first := d.Remedies[0]
		text := clean(first.NextBottleneck.Evidence)
		if at := first.NextBottleneck.SaturatesAt; at.Known() {
			text = strings.TrimSuffix(text, ".") + "; it saturates at " + rate(at) + "."
		}
		b.lines = append(b.lines, line{item, in(strong, "After remedy 1, "+clean(first.Title)).then(": " + text)})
	}
	if b.lines == nil && b.sentence == nil {
		return blocks
	}
	return append(blocks, b)
}

// sideBySide shows two cases, how the second differs from the first, and whether the second meets its SLO and what limits it.
func sideBySide(title string, c *experiments.Comparison) []block {
	last := c.Cases[len(c.Cases)-1].Result
	blocks := []block{{title: title, table: sides(c.Compared)}}
	for _, more := range [][]block{against(c.Compared, c.Baseline), capacities(c.Compared), slo(last), bottleneck(last)} {
		blocks = append(blocks, more...)
	}
	var warnings []string
	warnings = append(warnings, c.Warnings...)
	warnings = append(warnings, last.Warnings[min(len(last.Scenario.Warnings), len(last.Warnings)):]...)
	return append(blocks, texts("Warnings", warning, warnings)...)
}

// sides has a row for each case.
func sides(c *experiments.Compared) *table {
	t := &table{columns: []column{{name: true}, {title: "goodput", number: true}, {title: "errors", number: true}, {title: "p99", number: true}, {title: "95%", number: true},
		{title: "saturates at", number: true}, {title: "capacity", number: true}, {title: "cost/month", number: true}, {title: "SLO"}}}
	for _, k := range c.Cases {
		r := k.Result
		p99, within := say(seconds(r.Latency.P99)), phrase(nil)
		if r.Saturated {
			p99 = in(bad, "grows")
		} else if r.Latency.CI95 != nil {
			within = in(quiet, plusMinus(r.Latency.P99, r.Latency.CI95.P99, seconds))
		}
		saturates, price := phrase(nil), phrase(nil)
		if r.Bottleneck.SaturatesAt.Known() {
			saturates = say(rate(r.Bottleneck.SaturatesAt))
		}
		if r.Cost.PerMonth.Known() && r.Cost.PerMonth > 0 {
			price = say(dollars(r.Cost.PerMonth))
		}
		verdict := in(good, "✓ met")
		if !targetsMet(r) {
			verdict = in(bad, "✗ not met")
		}
		t.rows = append(t.rows, []phrase{say(clean(k.Name)), say(rate(r.Load.Goodput)), say(share(r.ErrorRate)), p99, within, saturates, capacityCell(k.Capacity), price, verdict})
	}
	return withoutEmpty(t)
}

// targetsMet tells whether every target of the SLO is met.
func targetsMet(r *experiments.Result) bool {
	for _, t := range r.SLO {
		if !t.Met {
			return false
		}
	}
	return true
}

// stateBlocks say what was changed, what came of it, and how to get there again.
func stateBlocks(at session.State) []block {
	changes := "as loaded"
	if n := len(at.Changes); n > 0 {
		changes = plural(n, "change", "changes")
	}
	b := block{title: "State", sentence: say(changes)}
	if r := at.Result; r != nil {
		p99 := seconds(r.Latency.P99)
		switch {
		case r.Saturated:
			p99 = "grows without bound"
		case r.Latency.CI95 != nil:
			p99 += " " + plusMinus(r.Latency.P99, r.Latency.CI95.P99, seconds)
		}
		b.sentence = b.sentence.then(fmt.Sprintf(" · p99 %s at %s · errors %s · ", p99, rate(r.Load.Offered), share(r.ErrorRate)))
		switch {
		case len(r.SLO) == 0:
			b.sentence = b.sentence.then("no SLO")
		case targetsMet(r):
			b.sentence = b.sentence.and(in(good, "SLO met"))
		default:
			b.sentence = b.sentence.and(in(bad, "SLO not met"))
		}
	} else {
		b.sentence = b.sentence.then(" · not simulated: it was interrupted")
	}
	for _, c := range at.Changes {
		b.lines = append(b.lines, line{item, say(clean(c))})
	}
	b.lines = append(b.lines, line{command, say(clean(at.Command))})
	if at.Result == nil {
		return []block{b}
	}
	return append([]block{b}, bottleneck(at.Result)...)
}
