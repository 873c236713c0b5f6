package reports

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"headroom/experiments"
)

var update = flag.Bool("update", false, "write the golden files anew")

var ansi = regexp.MustCompile("\x1b\\[[0-9;]*m")

func draw(t *testing.T, report Reporter, r *experiments.Result) string {
	t.Helper()
	var out bytes.Buffer
	if err := report(&out, r); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	path := filepath.Join("testdata", file)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; go test -update accepts this:\n%s", path, got)
	}
}

func TestSummaryLooksAsItDid(t *testing.T) {
	for name, r := range fixtures() {
		golden(t, name+".txt", draw(t, Summary(Style{}), r))
	}
	golden(t, "bookshop-verbose.txt", draw(t, Summary(Style{Verbose: true}), bookshop()))
	golden(t, "bookshop-color.txt", draw(t, Summary(Style{Color: true}), missed()))
	golden(t, "bookshop-narrow.txt", draw(t, Summary(Style{Width: 72}), bookshop()))
	golden(t, "worldwide-verbose.txt", draw(t, Summary(Style{Verbose: true}), worldwide()))
}

func TestOtherReportsLookAsTheyDid(t *testing.T) {
	for _, name := range []string{"bookshop", "saturated", "long-names", "worldwide"} {
		golden(t, name+".md", draw(t, Markdown(), fixtures()[name]))
	}
	golden(t, "station.csv", draw(t, CSV(), station()))
	golden(t, "station.json", draw(t, JSON(), station()))
	golden(t, "sharded.csv", draw(t, CSV(), sharded()))
}

func TestNoLineIsTooWide(t *testing.T) {
	for name, r := range fixtures() {
		for _, width := range []int{100, 80, 72, 60} {
			text := ansi.ReplaceAllString(draw(t, Summary(Style{Width: width, Color: true, Verbose: true}), r), "")
			for l := range strings.Lines(text) {
				l = strings.TrimSuffix(l, "\n")
				if n := utf8.RuneCountInString(l); n > width && !strings.HasPrefix(l, "  headroom ") {
					t.Errorf("%s at width %d: a line of %d: %s", name, width, n, l)
				}
				if strings.TrimRight(l, " \t") != l {
					t.Errorf("%s: blanks at the end of %q", name, l)
				}
			}
		}
	}
}

func TestNextCommandFitsThePage(t *testing.T) {
	for name, r := range fixtures() {
		for l := range strings.Lines(draw(t, Summary(Style{}), r)) {
			if n := utf8.RuneCountInString(l) - 1; n > DefaultWidth {
				t.Errorf("%s: a line of %d: %s", name, n, l)
			}
		}
	}
}

func TestColourOnlyRepeatsWhatTheWordsSay(t *testing.T) {
	for name, r := range fixtures() {
		plain, colored := draw(t, Summary(Style{}), r), draw(t, Summary(Style{Color: true}), r)
		if !strings.Contains(colored, "\x1b[") {
			t.Errorf("%s has no colour", name)
		}
		if got := ansi.ReplaceAllString(colored, ""); got != plain {
			t.Errorf("%s: without its colours the page is\n%s\nand should be\n%s", name, got, plain)
		}
	}
}

func TestSummaryIsOnePage(t *testing.T) {
	for name, r := range fixtures() {
		if lines := strings.Count(draw(t, Summary(Style{}), r), "\n"); lines > 60 {
			t.Errorf("%s takes %d lines", name, lines)
		}
	}
}

func TestSaturatedRunShowsNoLatency(t *testing.T) {
	for _, report := range []Reporter{Summary(Style{}), Markdown()} {
		text := draw(t, report, saturated())
		if !strings.Contains(text, "grows without bound: the queue of db only grows") {
			t.Error("the page does not say that the queue grows")
		}
		for _, word := range []string{"p50", "p90", "p99.9", "Where the time goes", "own"} {
			if strings.Contains(text, word) {
				t.Errorf("the page shows %q of a saturated run:\n%s", word, text)
			}
		}
	}
}

func TestNamesCannotMoveTheCursor(t *testing.T) {
	for _, report := range []Reporter{Summary(Style{}), Markdown()} {
		if text := draw(t, report, longNames()); strings.ContainsAny(text, "\x1b\r") {
			t.Errorf("a control character got through:\n%q", text)
		}
	}
}

func TestMarkdownEscapesWhatWouldBreakATable(t *testing.T) {
	text := draw(t, Markdown(), longNames())
	if !strings.Contains(text, `db-the\|node`) || !strings.Contains(text, `# A scenario \| with a \*name\* of \`) {
		t.Errorf("a name is not escaped:\n%s", text)
	}
	columns := 0
	for l := range strings.Lines(text) {
		if !strings.HasPrefix(l, "|") {
			columns = 0
			continue
		}
		n := strings.Count(strings.ReplaceAll(l, `\|`, ""), "|")
		if columns > 0 && n != columns {
			t.Errorf("a row of %d columns in a table of %d: %s", n-1, columns-1, l)
		}
		columns = n
	}
}

func TestNamed(t *testing.T) {
	for _, name := range []string{"table", "json", "csv", "markdown"} {
		if _, found := Named(name, Style{}); !found {
			t.Errorf("%s is missing", name)
		}
	}
	if _, found := Named("yaml", Style{}); found {
		t.Error("yaml is no output")
	}
}
