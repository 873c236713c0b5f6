package page

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"headroom/experiments"
)

var update = flag.Bool("update", false, "write the golden files anew")

// shop is a sweep of testdata/shop.yaml at three rates, of which the last one saturates it:
//
//	headroom sweep shop.yaml --rates 100,400,600 --requests 3000 -o json > sweep.json
func shop(t *testing.T) *experiments.Sweep {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "sweep.json"))
	if err != nil {
		t.Fatal(err)
	}
	s := new(experiments.Sweep)
	if err := json.Unmarshal(text, s); err != nil {
		t.Fatal(err)
	}
	return s
}

// compared is a comparison whose cases are two points of the sweep, once at one load and once at several rates.
func compared(t *testing.T, rates ...experiments.Num) *experiments.Comparison {
	t.Helper()
	s := shop(t)
	c := &experiments.Comparison{Headroom: 1, Kind: "comparison", Command: "headroom compare shop.yaml", Version: s.Version, Baseline: "quiet <evening>", Warnings: []string{}}
	at := func(rate experiments.Num) *experiments.Compared {
		return &experiments.Compared{Rate: rate, Cases: []experiments.ComparedCase{{Name: c.Baseline, Result: s.Points[0].Result}, {Name: "busy", Result: s.Points[1].Result}}}
	}
	if rates == nil {
		c.Compared = at(0)
		return c
	}
	for _, rate := range rates {
		c.Points = append(c.Points, at(rate))
	}
	return c
}

func drawn(t *testing.T, results ...any) string {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, results, Options{}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func every(t *testing.T) map[string]any {
	s := shop(t)
	one := s.Points[1].Result
	return map[string]any{
		"sweep": s, "result": one, "saturated": s.Points[2].Result, "comparison": compared(t), "rates": compared(t, 100, 400),
		"diagnosis": &experiments.Diagnosis{Command: one.Command, Version: one.Version, Bottleneck: experiments.Suspect{Bottleneck: one.Bottleneck}, Result: one,
			Unconfirmed: "No rate was tried."},
		"sensitivity": &experiments.Sensitivity{Command: one.Command, Version: one.Version, Guessed: 1, Result: one},
	}
}

func TestPageLooksAsItDid(t *testing.T) {
	path, got := filepath.Join("testdata", "sweep.html"), drawn(t, shop(t))
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
		t.Errorf("%s differs; go test -update accepts this, when it was looked at", path)
	}
}

func TestPageNeedsNothingElse(t *testing.T) {
	loads := regexp.MustCompile(`(?i)\s(src|srcset|action|poster)\s*=|<link|@import|url\(\s*['"]?[^#'")\s]|https?://`)
	for name, result := range every(t) {
		text := drawn(t, result)
		text = strings.ReplaceAll(text, "http://www.w3.org/", "") // names of the SVG's vocabulary
		if found := loads.FindString(text); found != "" {
			t.Errorf("%s: the page asks for something else: %s", name, found)
		}
		if len(text) > 2_000_000 {
			t.Errorf("%s: the page has %d bytes", name, len(text))
		}
	}
}

func TestAuthorsCannotWriteMarkup(t *testing.T) {
	s := shop(t)
	s.Scenario.Source = "</pre><script>alert(1)</script>"
	s.Command = "headroom sweep '</script><script>alert(2)</script>'"
	text := drawn(t, s, s.Points[0].Result)
	if strings.Contains(text, "<script>alert") || strings.Contains(text, "<database>") {
		t.Error("a tag of the author's got through")
	}
	if !strings.Contains(text, "A shop &amp; its &lt;database&gt;") {
		t.Error("the name is not there")
	}
}

var ids = regexp.MustCompile(`\sid="([^"]*)"`)

func TestIDsAreUnique(t *testing.T) {
	var all []any
	for _, name := range []string{"sweep", "result", "saturated", "comparison", "rates", "diagnosis", "sensitivity"} {
		all = append(all, every(t)[name])
	}
	text, seen := drawn(t, all...), map[string]bool{}
	for _, id := range ids.FindAllStringSubmatch(text, -1) {
		if seen[id[1]] {
			t.Errorf("the id %s stands there twice", id[1])
		}
		seen[id[1]] = true
	}
	for _, to := range regexp.MustCompile(`(?:href="#|aria-labelledby="|for="|url\(#)([^")]*)`).FindAllStringSubmatch(text, -1) {
		if !seen[to[1]] {
			t.Errorf("there is no %s, which something refers to", to[1])
		}
	}
}

func TestPageSaysHowToHaveItAgain(t *testing.T) {
	s := shop(t)
	text := drawn(t, s)
	for _, said := range []string{s.Command, s.Version, "seed 1", s.Scenario.SHA256, "exp(8ms), calls: [db]"} {
		if !strings.Contains(text, said) {
			t.Errorf("the page does not say %q", said)
		}
	}
}

func TestNothingIsDrawnOfNothing(t *testing.T) {
	var out bytes.Buffer
	if err := Write(&out, nil, Options{}); err == nil || out.Len() > 0 {
		t.Errorf("of no result there is %q, %v", out.String(), err)
	}
	if err := Write(&out, []any{"a text"}, Options{}); err == nil || out.Len() > 0 {
		t.Errorf("of a text there is %q, %v", out.String(), err)
	}
}

func TestSamePageAgain(t *testing.T) {
	for name, result := range every(t) {
		if drawn(t, result) != drawn(t, result) {
			t.Errorf("%s: two pages of one result differ", name)
		}
	}
}

func TestTitleIsThatOfTheFirstResultUnlessAsked(t *testing.T) {
	var out bytes.Buffer
	if err := Write(&out, []any{shop(t)}, Options{Title: "Ours & theirs"}); err != nil || !strings.Contains(out.String(), "<title>Ours &amp; theirs – headroom</title>") {
		t.Errorf("the title is not what was asked for; the error is %v", err)
	}
}
