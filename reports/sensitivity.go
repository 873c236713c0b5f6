package reports

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"strings"

	"headroom/experiments"
	"headroom/internal/units"
)

// A SensitivityReporter draws a study of the guessed numbers.
type SensitivityReporter = ReporterOf[*experiments.Sensitivity]

var sensitivityForms = forms[*experiments.Sensitivity]{
	"table":    inTable(verbosely(sensitivityPage)),
	"json":     as(sensitivityJSON),
	"csv":      as(sensitivityCSV),
	"markdown": inMarkdown(verbosely(sensitivityPage)),
}

// NamedSensitivity finds the reporter of such studies for a value of the --output flag: table, json, csv or markdown.
func NamedSensitivity(output string, s Style) (SensitivityReporter, bool) {
	return sensitivityForms.named(output, s)
}

func sensitivityJSON(w io.Writer, s *experiments.Sensitivity) error {
	saved := *s
	saved.Result = forSaving(s.Result)
	return writeJSON(w, "sensitivity", saved)
}

// sensitivityCSV writes a line for each changed number and figure, in base units.
func sensitivityCSV(w io.Writer, s *experiments.Sensitivity) error {
	rows := [][]string{{"path", "value", "changed", "set", "metric", "unit", "absolute", "absolute_low", "absolute_high", "relative", "low", "high", "verdict"}}
	ends := func(i *experiments.Interval) []string {
		if i == nil {
			return []string{"", ""}
		}
		return []string{exact(i[0]), exact(i[1])}
	}
	for _, r := range s.Rows {
		for _, side := range []struct {
			name string
			of   *experiments.Effect
		}{{"lower", r.Lower}, {"higher", r.Higher}} {
			if side.of == nil {
				continue
			}
			figures := []experiments.Difference{side.of.P99}
			if side.of.Saturation != nil {
				figures = append(figures, *side.of.Saturation)
			}
			for _, d := range figures {
				row := append([]string{r.Path, r.Value, side.name, side.of.Set, d.Metric, d.Unit, exact(d.Absolute)}, ends(d.AbsoluteCI95)...)
				rows = append(rows, append(append(append(row, exact(d.Relative)), ends(d.CI95)...), d.Verdict))
			}
		}
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// sensitivityPage lists the numbers by what they move.
func sensitivityPage(s *experiments.Sensitivity, verbose bool) page {
	p := page{title: clean(s.Result.Scenario.Name)}
	if p.title == "" {
		p.title = "Unnamed scenario"
	}
	run := s.Result.Run
	said := fmt.Sprintf("each of %s 10%% down and up: %s · the same random requests · seed %d", plural(s.Guessed, "guessed number", "guessed numbers"), runLength(run), run.Seed)
	p.lead = []line{{paragraph, in(quiet, said)}}
	if s.Partial {
		p.lead = append(p.lead, line{paragraph, in(warning, fmt.Sprintf("! Partial: it was interrupted after %d of the numbers.", len(s.Rows)))})
	}
	found, none := tornado(s)
	switch {
	case len(found.rows) > 0:
		p.blocks = append(p.blocks, block{title: "What p99 does", table: withoutEmpty(found)})
	case s.Guessed == 0:
		p.blocks = append(p.blocks, block{title: "Nothing to change", sentence: say("the file has no number that was guessed, such as a service time.")})
	}
	if none != nil {
		text := "changing any of these by 10% moves neither p99 nor saturation beyond chance: " + strings.Join(none, ", ") + "."
		p.blocks = append(p.blocks, block{title: "No effect found", sentence: in(quiet, text)})
	}
	if r := s.Result; r.Latency.P99.Known() && !r.Saturated {
		p.blocks = append(p.blocks, block{title: "Today", sentence: say("p99 is " + seconds(r.Latency.P99) + " at " + rate(r.Load.Offered) + ".")})
	}
	p.blocks = append(p.blocks, texts("Warnings", warning, append(s.Warnings, s.Result.Warnings[min(len(s.Result.Scenario.Warnings), len(s.Result.Warnings)):]...))...)
	if verbose {
		p.blocks = append(p.blocks, texts("Assumptions", plain, s.Assumptions)...)
	}
	p.blocks = append(p.blocks, sensitivityNext(s)...)
	return p
}

// tornado has a row for each number that moves something, and the names of those that do not.
func tornado(s *experiments.Sensitivity) (t *table, none []string) {
	t = &table{columns: []column{{name: true}, {title: "−10%", number: true}, {drawing: true}, {title: "+10%", number: true}, {title: "95%", number: true, spare: true},
		{title: "saturates", spare: true}}}
	most := 0.0
	for _, r := range s.Rows {
		for _, e := range []*experiments.Effect{r.Lower, r.Higher} {
			if x := tailMoved(e); !math.IsInf(x, 0) {
				most = max(most, math.Abs(x))
			}
		}
	}
	for _, r := range s.Rows {
		if r.Verdict == experiments.NoEffect {
			none = append(none, clean(r.Path))
			continue
		}
		t.rows = append(t.rows, []phrase{say(clean(r.Path)), change(r.Lower), in(strong, wings(tailMoved(r.Lower), tailMoved(r.Higher), most)), change(r.Higher),
			in(quiet, widest(r)), saturations(r)})
	}
	return t, none
}

// tailMoved is the relative change of the p99 where it is one: 0 where none was found, infinite where the queues only grow.
func tailMoved(e *experiments.Effect) float64 {
	switch {
	case e == nil || e.P99.Verdict == experiments.NoDifference || e.P99.Verdict == experiments.NotComparable:
		return 0
	case e.P99.Verdict == experiments.NotSteady:
		return math.Inf(1)
	}
	return float64(e.P99.Relative)
}

// change prints what the p99 does.
func change(e *experiments.Effect) phrase {
	switch {
	case e == nil:
		return nil
	case e.P99.Verdict == experiments.NotSteady:
		return in(bad, "grows")
	case e.P99.Verdict == experiments.NoDifference:
		return in(quiet, "0")
	case !e.P99.Relative.Known():
		return say(absent)
	}
	t := bad
	if e.P99.Verdict == experiments.Lower {
		t = good
	}
	return in(t, signed(e.P99.Relative))
}

// widest is the reach of the wider interval of the two changes of a number.
func widest(r experiments.Sensitive) string {
	half := experiments.Num(0)
	for _, e := range []*experiments.Effect{r.Lower, r.Higher} {
		if e != nil && e.P99.CI95 != nil {
			half = max(half, reach(e.P99.Relative, *e.P99.CI95))
		}
	}
	return strings.TrimPrefix(spread(half, units.FormatShare[float64]), " ")
}

// saturations prints what becomes of the rate that saturates, after both changes.
func saturations(r experiments.Sensitive) phrase {
	var both []string
	for _, e := range []*experiments.Effect{r.Lower, r.Higher} {
		switch {
		case e == nil || e.Saturation == nil || !e.Saturation.Relative.Known():
			both = append(both, absent)
		case e.Saturation.Verdict == experiments.NoDifference:
			both = append(both, "0")
		default:
			both = append(both, signed(e.Saturation.Relative))
		}
	}
	switch both[0] + both[1] {
	case "00":
		return in(quiet, "no change")
	case absent + absent:
		return nil
	}
	return say(both[0] + " " + both[1])
}

func signed(x experiments.Num) string {
	if x > 0 {
		return "+" + share(x)
	}
	return share(x)
}

// wingCells is how long a wing of the tornado may be.
const wingCells = 7

// wings draws what makes the p99 lower to the left and what makes it higher to the right, of both changes the farther one.
func wings(lower, higher, most float64) string {
	cells := func(x float64) int {
		if math.IsInf(x, 0) {
			return wingCells
		}
		if x <= 0 || !(most > 0) {
			return 0
		}
		return max(int(math.Round(x/most*wingCells)), 1)
	}
	left, right := cells(max(-lower, -higher)), cells(max(lower, higher))
	return strings.Repeat(" ", wingCells-left) + strings.Repeat("▇", left) + "│" + strings.Repeat("▇", right) + strings.Repeat(" ", wingCells-right)
}

// sensitivityNext proposes to look at what moves most.
func sensitivityNext(s *experiments.Sensitivity) []block {
	if len(s.Rows) == 0 || s.Rows[0].Verdict != experiments.Found {
		return nil
	}
	worst := s.Rows[0].Higher
	if l := s.Rows[0].Lower; worst == nil || l != nil && tailMoved(l) > tailMoved(worst) {
		worst = l
	}
	typed := strings.Replace(s.Command, "headroom sensitivity ", "headroom simulate ", 1) + " --set " + Quoted(worst.Set)
	return []block{{title: "Next", sentence: say("Measure this first; what if it is worse than you think?"), lines: []line{{form: command, text: say(typed)}}}}
}
