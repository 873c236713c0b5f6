package reports

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"headroom/experiments"
)

// A CalibrationReporter draws a calibration.
type CalibrationReporter = ReporterOf[*experiments.Calibration]

var calibrationForms = forms[*experiments.Calibration]{
	"table":    inTable(verbosely(calibrationPage)),
	"json":     as(calibrationJSON),
	"csv":      as(calibrationCSV),
	"markdown": inMarkdown(verbosely(calibrationPage)),
}

// NamedCalibration finds the reporter of calibrations for a value of the --output flag: table, json, csv or markdown.
func NamedCalibration(output string, s Style) (CalibrationReporter, bool) {
	return calibrationForms.named(output, s)
}

func calibrationJSON(w io.Writer, c *experiments.Calibration) error {
	saved := *c
	saved.Result = forSaving(c.Result)
	return writeJSON(w, "calibration", saved)
}

// calibrationCSV writes a line for each time that was changed, each figure and each bound, in base units; fields that a line has not are empty.
func calibrationCSV(w io.Writer, c *experiments.Calibration) error {
	s := sheet{out: csv.NewWriter(w)}
	ends := func(i *experiments.Interval) (low, high string) {
		if i == nil {
			return "", ""
		}
		return exact(i[0]), exact(i[1])
	}
	s.line("kind", "name", "before", "after", "factor", "factor_low", "factor_high", "from", "observed", "simulated", "simulated_low", "simulated_high", "residual", "status", "reason")
	for _, t := range c.Changes {
		low, high := ends(t.CI95)
		s.line("time", t.Path, t.Before, t.After, exact(t.Factor), low, high, t.From, "", "", "", "", "", "", "")
	}
	for _, f := range c.Figures {
		low, high := ends(f.CI95)
		s.line("figure", f.Figure, exact(f.Before), "", "", "", "", "", exact(f.Observed), exact(f.Simulated), low, high, exact(f.Residual), f.Status, f.Reason)
		for _, b := range f.AtLeast {
			s.line("at_least", b.Path, b.Before, b.Value, "", "", "", f.Figure, "", "", "", "", "", "", "")
		}
	}
	s.out.Flush()
	if s.err != nil {
		return s.err
	}
	return s.out.Error()
}

// calibrationPage says what was changed, and how near the run comes to what was observed.
func calibrationPage(c *experiments.Calibration, verbose bool) page {
	p := page{title: clean(c.Scenario.Name)}
	if p.title == "" {
		p.title = "Unnamed scenario"
	}
	lead := fmt.Sprintf("calibrated at %s · %s · %s requests · seed %d", rate(c.Rate), plural(len(c.Figures), "figure", "figures"), count(c.Result.Run.Requests), c.Result.Run.Seed)
	if !c.Rate.Known() {
		lead = strings.Replace(lead, "at "+absent, "with the users of the file", 1)
	}
	p.lead = []line{{paragraph, in(quiet, lead)}}
	p.blocks = append(p.blocks, calibratedTimes(c), calibratedFigures(c))
	p.blocks = append(p.blocks, boundsOf(c)...)
	if verbose {
		p.blocks = append(p.blocks, texts("Warnings", warning, c.Warnings)...)
	}
	p.blocks = append(p.blocks, texts("Assumptions", plain, c.Assumptions)...)
	return p
}

// calibratedTimes has a row for each time that was changed, with its path as --set takes it.
func calibratedTimes(c *experiments.Calibration) block {
	if len(c.Changes) == 0 {
		return block{title: "Times", sentence: say("none is changed.")}
	}
	t := &table{columns: []column{{}, {title: "before", name: true}, {title: "after"}, {title: "95%", number: true}, {title: "factor", number: true, spare: true}, {title: "from", spare: true}}}
	for _, s := range c.Changes {
		around := ""
		if s.CI95 != nil {
			around = plusMinus(1, experiments.Interval{s.CI95[0] / s.Factor, s.CI95[1] / s.Factor}, share)
		}
		t.rows = append(t.rows, []phrase{say(clean(s.Path)), say(clean(s.Before)), in(strong, clean(s.After)), in(quiet, around), say(number(s.Factor)), say(clean(s.From))})
	}
	return block{title: "Times", table: withoutEmpty(t)}
}

// calibratedFigures has a row for each observed figure, and a sentence for each that is not met.
func calibratedFigures(c *experiments.Calibration) block {
	t := &table{columns: []column{{name: true}, {title: "observed", number: true}, {title: "before", number: true, spare: true}, {title: "simulated", number: true},
		{title: "95%", number: true, spare: true}, {title: "residual", number: true}, {title: ""}}}
	b := block{title: "Observed", table: t}
	for _, f := range c.Figures {
		around, residual, verdict := "", absent, in(good, "✓ met")
		if f.CI95 != nil {
			around = plusMinus(f.Simulated, *f.CI95, func(n experiments.Num) string { return quantity(n, f.Unit) })
		}
		if f.Residual.Known() {
			residual = residualOf(f.Residual, f.Unit)
		}
		if f.Status != experiments.FigureMet {
			verdict = in(bad, "✗ "+f.Status)
			b.lines = append(b.lines, line{item, in(warning, clean(f.Figure)+" "+quantity(f.Observed, f.Unit)+": "+clean(f.Reason)+".")})
		}
		t.rows = append(t.rows, []phrase{say(clean(f.Figure)), say(quantity(f.Observed, f.Unit)), say(quantity(f.Before, f.Unit)), in(strong, quantity(f.Simulated, f.Unit)),
			in(quiet, around), say(residual), verdict})
	}
	b.table = withoutEmpty(t)
	return b
}

// residualOf prints a difference with its sign; of shares in points.
func residualOf(n experiments.Num, unit string) string {
	sign := "+"
	if n < 0 {
		sign, n = "-", -n
	}
	if unit == "share" {
		if n < .00005 {
			sign = "±"
		}
		return fmt.Sprintf("%s%.2f points", sign, 100*float64(n))
	}
	return sign + quantity(n, unit)
}

// boundsOf says what is known of saturated resources.
func boundsOf(c *experiments.Calibration) []block {
	var bounds []string
	for _, f := range c.Figures {
		for _, b := range f.AtLeast {
			bounds = append(bounds, fmt.Sprintf("%s is at least %s where the file has %s", clean(b.Path), clean(b.Value), clean(b.Before)))
		}
	}
	if len(bounds) == 0 {
		return nil
	}
	return []block{{title: "SATURATED", sentence: say("The system was saturated when it was measured, so utilization no longer determines the demand: " + strings.Join(bounds, "; ") +
		". Those are the demands if all that was asked for was done, and more if not. Measure at a lower rate to know them.")}}
}
