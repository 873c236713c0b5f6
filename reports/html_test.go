package reports

import (
	"encoding/xml"
	"errors"
	"html"
	"io"
	"math"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"headroom/experiments"
	"headroom/internal/units"
)

// fragment is an account as a page shows it.
func fragment(t *testing.T, result any) string {
	t.Helper()
	a, err := HTML(result)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	out.WriteString("<article><h1>" + html.EscapeString(a.Title) + "</h1>\n" + string(a.Lead))
	for _, s := range a.Sections {
		out.WriteString("<section id=\"" + s.Name + "\">\n<h2>" + html.EscapeString(s.Title) + " " + string(s.Verdict) + "</h2>\n" + string(s.HTML) + "</section>\n")
	}
	return out.String() + "</article>\n"
}

func TestHTMLLooksAsItDid(t *testing.T) {
	golden(t, "worldwide.html", fragment(t, worldwide()))
	golden(t, "compare-rates.html", fragment(t, shopsByRate()))
	golden(t, "sensitivity.html", fragment(t, guesses()))
}

var (
	spans = regexp.MustCompile(`</?span[^>]*>`)
	tags  = regexp.MustCompile(`<[^>]*>`)
)

// TestHTMLSaysWhatTheSummarySays: the words of each cell and sentence of the Markdown, whose bars are left out as well, stand in the HTML.
func TestHTMLSaysWhatTheSummarySays(t *testing.T) {
	words := func(s string) map[string]bool {
		found := map[string]bool{}
		for _, w := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" \n|-:", r) }) {
			found[w] = true
		}
		return found
	}
	for name, r := range fixtures() {
		drawn := words(html.UnescapeString(tags.ReplaceAllString(spans.ReplaceAllString(fragment(t, r), ""), " ")))
		plain := strings.NewReplacer(`\`, "", "```sh", "", "```", "", "#", "", "BOTTLENECK", "Bottleneck").Replace(draw(t, Markdown(), r))
		for w := range words(plain) {
			if !drawn[w] {
				t.Errorf("%s: the HTML does not say %q", name, w)
			}
		}
	}
}

func TestHTMLIsWellFormedWhateverTheNames(t *testing.T) {
	for name, r := range fixtures() {
		text := fragment(t, r)
		if strings.Contains(text, "<b>") {
			t.Errorf("%s: a tag of the author's got through", name)
		}
		ids := map[string]bool{}
		for d := xml.NewDecoder(strings.NewReader(text)); ; {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v in\n%s", name, err, text)
			}
			if start, is := token.(xml.StartElement); is {
				for _, a := range start.Attr {
					if a.Name.Local == "id" && (ids[a.Value] || a.Value == "") {
						t.Errorf("%s: the id %q stands there twice, or is empty", name, a.Value)
					} else if a.Name.Local == "id" {
						ids[a.Value] = true
					}
				}
			}
		}
	}
}

func TestNoPageOfWhatIsNoResult(t *testing.T) {
	if _, err := HTML(42); err == nil || !strings.Contains(err.Error(), "int is no result") {
		t.Errorf("the error is %v", err)
	}
}

// TestCellsSortByWhatTheySay: whatever number is printed in a cell, it is sorted by that number, to the digits that are printed.
func TestCellsSortByWhatTheySay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64Range(1e-6, 1e12).Draw(t, "value")
		text, near := "", .006
		switch rapid.IntRange(0, 5).Draw(t, "unit") {
		case 0:
			text = units.FormatSeconds(v)
			if v > 60 {
				near = .02 // of whole minutes
			}
			if v > 1e9 {
				return // longer than any run
			}
		case 1:
			text = "±" + units.FormatRate(v)
		case 2:
			text = units.FormatCount(v)
		case 3:
			text = "> " + units.FormatSize(v)
		case 4:
			text = units.FormatShare(v)
			if v < .1 {
				near = .05 // two digits
			}
		case 5:
			text = "$" + units.FormatCount(v) + " a month"
		}
		got, has := magnitude(text)
		if !has || math.Abs(got-v) > near*v {
			t.Errorf("%s sorts by %g, %t; it is %g", text, got, has, v)
		}
	})
	for _, text := range []string{"", "–", "grows", "✓", "not in this run", "NaN", "Inf"} {
		if v, has := magnitude(text); has {
			t.Errorf("%q sorts by %g", text, v)
		}
	}
	if v, has := magnitude("$2,584"); !has || v != 2584 {
		t.Errorf("$2,584 sorts by %g", v)
	}
	if v, has := magnitude("−10%"); !has || v != -.1 {
		t.Errorf("−10%% sorts by %g", v)
	}
}

func TestFiguresOfANode(t *testing.T) {
	var said []string
	for _, f := range NodeFigures(bookshop(), "db") {
		said = append(said, f.Title+" "+f.Text)
	}
	got := strings.Join(said, ", ")
	if !strings.Contains(got, "busiest cpu, used 87.1%") {
		t.Errorf("of db it says %s", got)
	}
}

func TestSweepWithoutCapacityHasAnAnswer(t *testing.T) {
	s := swept()
	s.Capacity = nil
	all := s.Points
	met := *all[0].Result
	met.SLO = []experiments.Target{{Target: "p99 < 1s", Met: true}}
	missed := met
	missed.SLO = []experiments.Target{{Target: "p99 < 1s"}}
	missed.Bottleneck.Node = "db"
	for _, c := range []struct {
		points []experiments.Point
		says   string
	}{
		{[]experiments.Point{{Rate: 10, Result: &met}, {Rate: 20, Result: &met}}, "met: at all of 2 rates, up to 20/s."},
		{[]experiments.Point{{Rate: 10, Result: &met}, {Rate: 20, Result: &missed}}, "met at 1 of 2 rates: The lowest rate that misses it is 20/s."},
		{[]experiments.Point{{Rate: 10, Saturated: true, Result: &missed}}, "met at 0 of 1 rate: The lowest rate that misses it is 10/s: the queue of db only grows there."},
	} {
		s.Points = c.points
		b := sloOver(s)
		if got := b.verdict.String() + ": " + b.sentence.String(); got != c.says {
			t.Errorf("it says %q instead of %q", got, c.says)
		}
		a, err := HTML(s)
		if err != nil || !a.Sections[0].Answer || a.Sections[0].Title != "SLO" {
			t.Errorf("the page begins with %+v, %v", a.Sections[0], err)
		}
	}
}
