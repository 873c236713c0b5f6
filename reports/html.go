package reports

import (
	"cmp"
	"fmt"
	"html"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"headroom/experiments"
)

// An Account is all that a report says of a result, as parts of an HTML page.
type Account struct {
	Title    string
	Lead     template.HTML // what the run was
	Sections []Section
}

// A Section is one part of an account.
type Section struct {
	Name    string // of its title, for ids: where-the-time-goes
	Title   string
	Answer  bool          // it answers what was asked, so that it stands first: is the SLO met, how far does this go, what gives way?
	Verdict template.HTML // a word or two that belong to the title
	HTML    template.HTML
}

// answers are the titles of the blocks that answer what was asked.
var answers = []string{"SLO", "BOTTLENECK", "Around saturation", "CAPACITY", "KNEE", "Summary", "Best", "What p99 does", "Times"}

// HTML says what a report says of a result, a sweep, a comparison, a study of sensitivities, a diagnosis or a calibration, its assumptions included. A page
// is read away from the terminal that printed what the scenario's reader warned of, so that these warnings stand there as well; and it is
// the same for two equal runs, so that nothing says how long they took.
func HTML(result any) (*Account, error) {
	switch r := result.(type) {
	case *experiments.Result:
		p := summary(withAllWarnings(r), true, nil)
		p.lead = lead(r, false)
		return account(p), nil
	case *experiments.Diagnosis:
		d := *r
		d.Result = withAllWarnings(r.Result)
		p := diagnosisPage(&d, true)
		p.lead = lead(r.Result, false)
		return account(p), nil
	case *experiments.Sweep:
		s := *r
		s.Scenario.Warnings = nil
		p := sweepPage(&s, true)
		p.lead = sweepLead(r, false)
		if r.Capacity == nil {
			p.blocks = append([]block{sloOver(r)}, p.blocks...)
		}
		return account(p), nil
	case *experiments.Sensitivity:
		s := *r
		s.Result = withAllWarnings(r.Result)
		return account(sensitivityPage(&s, true)), nil
	case *experiments.Calibration:
		c := *r
		c.Result = withAllWarnings(r.Result)
		return account(calibrationPage(&c, true)), nil
	case *experiments.Comparison:
		p := comparisonPage(r, false)
		p.blocks = append(p.blocks, texts("Assumptions", plain, assumedByAny(r))...)
		return account(p), nil
	}
	return nil, fmt.Errorf("%T is no result that a page shows", result)
}

// sloOver answers for a sweep whose capacity was not searched: at which of its rates is the SLO met?
func sloOver(s *experiments.Sweep) block {
	met := 0
	var missed *experiments.Point // the first
	for i := range s.Points {
		switch p := &s.Points[i]; {
		case p.MeetsSLO():
			met++
		case missed == nil:
			missed = p
		}
	}
	b := block{title: "SLO", verdict: in(good, "met")}
	n := len(s.Points)
	if missed == nil {
		b.sentence = say(fmt.Sprintf("at all of %s, up to ", plural(n, "rate", "rates"))).and(in(strong, rate(s.Points[n-1].Rate))).then(".")
		return b
	}
	b.verdict = in(bad, fmt.Sprintf("met at %d of %s", met, plural(n, "rate", "rates")))
	b.sentence = say("The lowest rate that misses it is ").and(in(strong, rate(missed.Rate))).then(".")
	if missed.Saturated {
		b.sentence = b.sentence[:len(b.sentence)-1].then(": " + growing(missed.Result) + " there.")
	}
	return b
}

func withAllWarnings(r *experiments.Result) *experiments.Result {
	all := *r
	all.Scenario.Warnings = nil
	return &all
}

// assumedByAny lists what is assumed for the cases of a comparison, each sentence once.
func assumedByAny(c *experiments.Comparison) []string {
	var all []string
	for _, at := range c.Loads() {
		for _, k := range at.Cases {
			for _, a := range k.Result.Assumptions {
				if !slices.Contains(all, a) {
					all = append(all, a)
				}
			}
		}
	}
	return all
}

func account(p page) *Account {
	a := &Account{Title: p.title, Lead: htmlLines(p.lead)}
	at, used := "", map[string]int{}
	for _, b := range p.blocks {
		if strings.HasPrefix(b.title, "At ") { // a comparison at several rates: the blocks that follow are of this one
			at = ", at " + strings.TrimPrefix(b.title, "At ")
		}
		s := Section{Title: b.title, Answer: slices.Contains(answers, b.title), Verdict: htmlPhrase(b.verdict), HTML: htmlBlock(b)}
		if len(b.title) > len("SLO") && strings.ToUpper(b.title) == b.title {
			s.Title = b.title[:1] + strings.ToLower(b.title[1:])
		}
		if at != "" && !strings.HasPrefix(b.title, "At ") && b.title != "Warnings" && b.title != "Assumptions" {
			s.Title += at
		}
		s.Name = idOf(s.Title)
		if used[s.Name]++; used[s.Name] > 1 {
			s.Name += "-" + strconv.Itoa(used[s.Name])
		}
		a.Sections = append(a.Sections, s)
	}
	return a
}

// idOf makes an id of a title: what is no letter or digit becomes a dash.
func idOf(title string) string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.Join(words, "-")
}

func htmlBlock(b block) template.HTML {
	var out strings.Builder
	if len(b.sentence) > 0 {
		out.WriteString("<p>" + string(htmlPhrase(b.sentence)) + "</p>\n")
	}
	if b.table != nil {
		htmlTable(&out, b)
	}
	out.WriteString(string(htmlLines(b.lines)))
	return template.HTML(out.String())
}

func htmlLines(lines []line) template.HTML {
	var out strings.Builder
	for i, l := range lines {
		follows := i > 0 && lines[i-1].form == l.form
		goesOn := i+1 < len(lines) && lines[i+1].form == l.form
		switch l.form {
		case key: // HTML has no such drawings
		case command:
			out.WriteString("<pre><code>" + html.EscapeString(l.text.String()) + "</code></pre>\n")
		case item:
			if !follows {
				out.WriteString("<ul>\n")
			}
			out.WriteString("<li>" + string(htmlPhrase(l.text)) + "</li>\n")
			if !goesOn {
				out.WriteString("</ul>\n")
			}
		default:
			out.WriteString("<p>" + string(htmlPhrase(l.text)) + "</p>\n")
		}
	}
	return template.HTML(out.String())
}

func htmlPhrase(p phrase) template.HTML {
	var out strings.Builder
	for _, s := range p.unbroken() {
		text := html.EscapeString(s.text)
		if class, has := toneNames[s.tone]; has && text != "" {
			text = `<span class="` + class + `">` + text + "</span>"
		}
		out.WriteString(text)
	}
	return template.HTML(out.String())
}

// firsts are the titles of first columns, by those of their blocks: in a terminal that of the block stands there.
var firsts = map[string]string{"SLO": "target", "Rates": "rate", "Nodes": "node", "Where the time goes": "part", "Cases": "case", "Events": "event"}

// htmlTable writes a table whose cells carry what they are sorted by, and the titles of their columns for where a row has no room for them.
func htmlTable(out *strings.Builder, b block) {
	t := b.table
	out.WriteString("<table>\n<thead><tr>")
	for i, c := range t.columns {
		title := c.title
		switch {
		case c.joined || c.drawing && !c.alone(t, i):
			continue
		case i == 0 && title == "":
			title = cmp.Or(firsts[b.title], "name")
		}
		if title == "" {
			out.WriteString("<td></td>")
			continue
		}
		fmt.Fprintf(out, `<th scope="col"%s>%s</th>`, class(c.number, "number"), html.EscapeString(title))
	}
	out.WriteString("</tr></thead>\n<tbody>\n")
	for _, row := range t.rows {
		htmlRow(out, t, row)
	}
	out.WriteString("</tbody>\n</table>\n")
}

func htmlRow(out *strings.Builder, t *table, row []phrase) {
	if first := row[0].unbroken(); len(first) == 1 && first[0].tone == quiet {
		out.WriteString(`<tr class="under">`) // it says more of the row above, and stays there when the rows are sorted
	} else {
		out.WriteString("<tr>")
	}
	for i, c := range t.columns {
		if c.joined || c.drawing && !c.alone(t, i) {
			continue
		}
		text, drawn := row[i], ""
		if i+1 < len(row) && t.columns[i+1].joined {
			text = text.then(" ").and(row[i+1])
		}
		if i > 0 && t.columns[i-1].drawing && !t.columns[i-1].alone(t, i-1) {
			drawn = htmlBar(row[i-1], row[i].String())
		}
		if c.drawing {
			fmt.Fprintf(out, `<td class="drawing" aria-hidden="true">%s</td>`, htmlPhrase(text))
			continue
		}
		if i == 0 {
			fmt.Fprintf(out, `<th scope="row"%s>%s</th>`, class(longestWord(text) > longWord, "long"), htmlPhrase(text))
			continue
		}
		attributes := class(c.number, "number") + class(!c.number && longestWord(text) > longWord, "long")
		if v, has := magnitude(text.String()); has {
			attributes += ` data-v="` + strconv.FormatFloat(v, 'g', -1, 64) + `"`
		}
		if c.title != "" {
			attributes += ` data-title="` + html.EscapeString(c.title) + `"`
		}
		said := string(htmlPhrase(text))
		if drawn != "" {
			said = drawn + `<span class="digits">` + said + "</span>" // of one width, so that the bars begin below each other
		}
		fmt.Fprintf(out, "<td%s>%s</td>", attributes, said)
	}
	out.WriteString("</tr>\n")
}

func class(has bool, name string) string {
	if !has {
		return ""
	}
	return ` class="` + name + `"`
}

// longWord is how long a word may be without being broken.
const longWord = 20

func longestWord(p phrase) int {
	most := 0
	for _, w := range strings.Fields(p.String()) {
		most = max(most, utf8.RuneCountInString(w))
	}
	return most
}

// alone tells whether a drawing says something of its own: what is drawn of the share in the next column becomes a bar beside that.
func (c column) alone(t *table, i int) bool {
	for _, row := range t.rows {
		if strings.Trim(row[i].String(), "▇▁") != "" {
			return true
		}
	}
	return false
}

// htmlBar draws the bar of a share, as long as its digits say.
func htmlBar(drawn phrase, digits string) string {
	part, has := magnitude(digits)
	if !has || drawn.String() == "" {
		return ""
	}
	class := ""
	if c, toned := toneNames[drawn[0].tone]; toned {
		class = " " + c
	}
	return fmt.Sprintf(`<span class="bar%s" aria-hidden="true"><i style="width:%.1f%%"></i></span> `, class, 100*min(max(part, 0), 1))
}

// magnitude is what a cell is sorted by: the number that its text begins with, in base units.
func magnitude(text string) (float64, bool) {
	text, _, _ = strings.Cut(strings.TrimLeft(strings.ReplaceAll(text, ",", ""), "±+<>$ "), " ")
	text = strings.Replace(strings.TrimSuffix(text, "/s"), "−", "-", 1)
	if d, err := time.ParseDuration(text); err == nil {
		return d.Seconds(), true
	}
	scale := 1.0
	for _, unit := range []struct {
		suffix string
		factor float64
	}{{"%", 1e-2}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}, {"B", 1}, {"k", 1e3}, {"M", 1e6}, {"G", 1e9}, {"T", 1e12}} {
		if rest, has := strings.CutSuffix(text, unit.suffix); has {
			text, scale = rest, unit.factor
			break
		}
	}
	v, err := strconv.ParseFloat(text, 64)
	return v * scale, err == nil && v-v == 0 // no NaN, no infinity
}

// A Figure is a number under the title that it has in a table.
type Figure struct {
	Title string `json:"title"`
	Text  string `json:"text"`
}

// NodeFigures are the numbers that the table of the nodes shows of one of them.
func NodeFigures(r *experiments.Result, node string) []Figure {
	one := *r
	one.NodeOrder = []string{node}
	t := nodes(&one)[0].table
	return figures(t.columns[1:], t.rows[0][1:])
}

// PointFigures are the numbers that the table of a sweep shows of one of its points.
func PointFigures(p *experiments.Point) []Figure {
	one := &experiments.Sweep{Points: []experiments.Point{*p}}
	t := sweepTable(one).table
	return figures(t.columns[1:], t.rows[0][1:])
}

func figures(columns []column, row []phrase) []Figure {
	all := []Figure{}
	for i, c := range columns {
		switch text := row[i].String(); {
		case c.drawing || text == "" || text == absent:
		case c.title == "95%" && len(all) > 0: // of the figure before
			all[len(all)-1].Text += " " + text
		default:
			all = append(all, Figure{c.title, text})
		}
	}
	return all
}

// RateWords prints a rate as all reports do.
func RateWords(perSecond experiments.Num) string { return rate(perSecond) }
