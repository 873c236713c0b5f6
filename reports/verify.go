package reports

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"headroom/experiments"
	"headroom/experiments/truth"
)

// A VerificationReporter draws what became of models with known answers.
type VerificationReporter = ReporterOf[*truth.Verification]

var verificationForms = forms[*truth.Verification]{
	"table":    inTable(func(v *truth.Verification, s Style) page { return verificationPage(v, s.Verbose, groupTable) }),
	"json":     as(verificationJSON),
	"csv":      as(verificationCSV),
	"markdown": inMarkdown(func(v *truth.Verification, _ Style) page { return verificationPage(v, true, groupList) }),
}

// NamedVerification finds the reporter of verifications for a value of the --output flag: table, json, csv or markdown.
func NamedVerification(output string, s Style) (VerificationReporter, bool) {
	return verificationForms.named(output, s)
}

func verificationJSON(w io.Writer, v *truth.Verification) error {
	return writeJSON(w, "verification", v)
}

func verificationCSV(w io.Writer, v *truth.Verification) error {
	rows := [][]string{{"group", "case", "model", "utilization", "figure", "exact", "simulated", "low", "high", "error", "tolerance", "ok"}}
	for _, m := range v.Models {
		for _, f := range m.Figures {
			low, high := experiments.None, experiments.None
			if f.CI95 != nil {
				low, high = f.CI95[0], f.CI95[1]
			}
			rows = append(rows, []string{m.Group, m.Case, m.Model, exact(m.Utilization), f.Figure, exact(f.Exact), exact(f.Simulated), exact(low), exact(high),
				exact(f.Error), exact(f.Tolerance), strconv.FormatBool(f.OK)})
		}
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// verificationPage says how far the simulation is off: of each model by group, as group draws it, and in all, by how busy the models are. It
// names the sources where that is wanted.
func verificationPage(v *truth.Verification, sources bool, group func([]truth.Verified) *table) page {
	verdict := in(good, "all within their tolerance")
	if v.Off > 0 {
		verdict = in(bad, fmt.Sprintf("%d off", v.Off))
	}
	p := page{title: "Simulated against exact", lead: []line{{paragraph, say(plural(len(v.Models), "model", "models") + ", " + plural(v.Figures, "figure", "figures") + ": ").and(verdict)}}}
	if v.Partial {
		p.lead = append(p.lead, line{paragraph, in(warning, fmt.Sprintf("! Partial: it was interrupted after %d of %s.", len(v.Models), plural(v.Asked, "model", "models")))})
	}
	for rest := v.Models; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].Group == rest[0].Group {
			n++
		}
		b := block{title: capital(rest[0].Group), table: group(rest[:n])}
		if sources {
			b.lines = sourcesOf(rest[:n])
		}
		p.blocks = append(p.blocks, b)
		rest = rest[n:]
	}
	p.blocks = append(p.blocks, byUtilization(v))
	if v.Off > 0 {
		p.blocks = append(p.blocks, off(v))
	}
	return p
}

// checkedColumns are what is said of each figure.
var checkedColumns = []column{{title: "exact", number: true}, {title: "simulated", number: true}, {title: "95% interval", number: true},
	{title: "error", number: true}, {title: "allowed", number: true}}

func checkedCells(f truth.Checked) []phrase {
	interval, tone := "", good
	if f.CI95 != nil {
		interval = plusMinus(f.Simulated, *f.CI95, func(n experiments.Num) string { return known(n, digits(2)) })
	}
	if !f.OK {
		tone = bad
	}
	return []phrase{say(known(f.Exact, digits(6))), say(known(f.Simulated, digits(6))), say(interval), in(tone, ofExact(f, f.Error)), say(ofExact(f, f.Tolerance))}
}

// ofExact prints a distance as a share of the exact figure, or as it is where that is 0.
func ofExact(f truth.Checked, distance experiments.Num) string {
	if f.Exact == 0 || distance == 0 {
		return known(distance, digits(3))
	}
	return share(distance / experiments.Num(math.Abs(float64(f.Exact))))
}

// digits prints a number with so many digits at most, and no unit.
func digits(n int) func(float64) string {
	return func(x float64) string { return strconv.FormatFloat(x, 'g', n, 64) }
}

func mark(f truth.Checked) phrase {
	if f.OK {
		return in(good, "✓")
	}
	return in(bad, "✗")
}

// groupTable has a row for each case of a group, below it its models, and below these their figures.
func groupTable(models []truth.Verified) *table {
	t := &table{columns: append([]column{{name: true}}, checkedColumns...)}
	heading := func(text phrase) {
		t.rows = append(t.rows, append([]phrase{text}, make([]phrase, len(checkedColumns))...))
	}
	for i, m := range models {
		if i == 0 || m.Case != models[i-1].Case {
			heading(in(strong, clean(m.Case+" "+m.Title)))
		}
		heading(say("  " + clean(m.Model)))
		for _, f := range m.Figures {
			t.rows = append(t.rows, append([]phrase{say("  ").and(mark(f)).then(" " + shortFigure(f.Figure))}, checkedCells(f)...))
		}
	}
	return t
}

// groupList has a row for each figure of a group.
func groupList(models []truth.Verified) *table {
	t := &table{columns: append([]column{{title: "case"}, {title: "model"}, {title: "figure"}}, append(checkedColumns, column{title: "ok"})...)}
	for _, m := range models {
		for _, f := range m.Figures {
			row := append([]phrase{say(m.Case), say(clean(m.Model)), say(shortFigure(f.Figure))}, checkedCells(f)...)
			t.rows = append(t.rows, append(row, mark(f)))
		}
	}
	return t
}

// sourcesOf says what the cases of a group are, and who answered them.
func sourcesOf(models []truth.Verified) []line {
	var lines []line
	for i, m := range models {
		if i == 0 || m.Case != models[i-1].Case {
			lines = append(lines, line{item, say(clean(m.Case + ": " + m.Title + ". " + m.Source + "."))})
		}
	}
	return lines
}

// shortFigure leaves out of a figure's path what is in every one.
func shortFigure(figure string) string {
	words := strings.Fields(figure)
	for i, w := range words {
		words[i] = strings.Replace(strings.TrimPrefix(w, "nodes."), ".resources.", ".", 1)
	}
	return strings.Join(words, " ")
}

func capital(group string) string { return strings.ToUpper(group[:1]) + group[1:] }

// A band is the models that are about as busy: the utilization of the busiest resource is from one end up to, and not including, the other.
type band struct {
	from, below experiments.Num
	name        string
}

var bands = []band{
	{0, .5, "below 50%"}, {.5, .7, "50 … 70%"}, {.7, .8, "70 … 80%"}, {.8, .9, "80 … 90%"}, {.9, .97, "90 … 97%"}, {.97, 2, "97 … 100%"},
	{experiments.None, experiments.None, "unlimited"}, // nothing can be busy
}

// of picks the models of a band.
func (b band) of(models []truth.Verified) []truth.Verified {
	var within []truth.Verified
	for _, m := range models {
		if u := m.Utilization; b.from <= u && u < b.below || !b.from.Known() && !u.Known() {
			within = append(within, m)
		}
	}
	return within
}

// byUtilization sums up the errors by how busy the models are: chance moves the figures most where queues are long.
func byUtilization(v *truth.Verification) block {
	t := &table{columns: []column{{title: "busiest resource", name: true}, {title: "models", number: true}, {title: "figures", number: true}, {title: "off", number: true},
		{title: "median error", number: true}, {title: "largest", number: true}, {title: "intervals hold it", number: true}}}
	for _, b := range bands {
		t.sumUp(b.name, b.of(v.Models))
	}
	t.sumUp("all", v.Models)
	return block{title: "By utilization", table: t}
}

// sumUp adds a row of some models, if there are any. Errors are shares of exact figures that are not 0.
func (t *table) sumUp(name string, models []truth.Verified) {
	var errors []float64
	figures, off, intervals, hold := 0, 0, 0, 0
	for _, m := range models {
		for _, f := range m.Figures {
			figures++
			if !f.OK {
				off++
			}
			if f.CI95 != nil {
				intervals++
			}
			if f.Holds() {
				hold++
			}
			if x := math.Abs(f.Relative()); f.Exact != 0 && !math.IsNaN(x) {
				errors = append(errors, x)
			}
		}
	}
	if len(models) == 0 {
		return
	}
	median, largest := experiments.None, experiments.None
	if slices.Sort(errors); len(errors) > 0 {
		median, largest = experiments.Num(errors[len(errors)/2]), experiments.Num(errors[len(errors)-1])
	}
	held := ""
	if intervals > 0 {
		held = fmt.Sprintf("%d of %d", hold, intervals)
	}
	t.rows = append(t.rows, []phrase{say(name), say(strconv.Itoa(len(models))), say(strconv.Itoa(figures)), say(strconv.Itoa(off)), say(share(median)), say(share(largest)), say(held)})
}

// off names again what is beyond its tolerance.
func off(v *truth.Verification) block {
	b := block{title: "Off"}
	for _, m := range v.Models {
		for _, f := range m.Figures {
			if !f.OK {
				text := fmt.Sprintf("%s, %s: %s should be %s and is %s", m.Case, m.Model, f.Figure, known(f.Exact, digits(6)), known(f.Simulated, digits(6)))
				b.lines = append(b.lines, line{item, in(bad, clean(text))})
			}
		}
	}
	return b
}
