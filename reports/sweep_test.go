package reports

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"headroom/experiments"
)

// swept is a sweep in which a rate meets the SLO, one misses it, and one is saturated.
func swept() *experiments.Sweep {
	slow, full := missed(), saturated()
	full.Latency = none()
	s := &experiments.Sweep{Headroom: 1, Kind: "sweep", Version: "v1", Command: "headroom sweep bookshop.yaml --rates 10k,12k,15k",
		Assumptions: []string{"Prices are those of the built-in list of machines."}, Warnings: []string{"The events are left out: each point is a steady load."},
		Scenario: experiments.ScenarioInfo{Name: "Bookshop, an ordinary evening", File: "bookshop.yaml"}, WallSeconds: 3.1}
	for i, r := range []*experiments.Result{bookshop(), slow, full} {
		s.Points = append(s.Points, experiments.Point{Rate: []num{10_000, 12_000, 15_000}[i], Saturated: r.Saturated, Result: r})
	}
	return s
}

func drawSweep(t *testing.T, output string, style Style, s *experiments.Sweep) string {
	t.Helper()
	report, found := NamedSweep(output, style)
	if !found {
		t.Fatalf("%s is missing", output)
	}
	var out bytes.Buffer
	if err := report(&out, s); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestSweepLooksAsItDid(t *testing.T) {
	golden(t, "sweep.txt", drawSweep(t, "table", Style{}, swept()))
	beyond, within := swept(), swept()
	within.Capacity = &experiments.Capacity{Rate: 11_412, CI95: bothEnds(11_380, 11_450), Limit: "p99 < 250ms"}
	beyond.Points, beyond.Capacity = beyond.Points[:1], &experiments.Capacity{Rate: experiments.None, Above: 10_000}
	within.Knee = &experiments.Knee{Rate: 8_120, CI95: bothEnds(8_040, 8_200), Definition: experiments.KneeDefinition}
	beyond.Knee = &experiments.Knee{Rate: experiments.None, Definition: experiments.KneeDefinition}
	golden(t, "sweep-capacity.txt", drawSweep(t, "table", Style{}, within))
	golden(t, "sweep-capacity.csv", drawSweep(t, "csv", Style{}, within))
	golden(t, "sweep-beyond.txt", drawSweep(t, "table", Style{}, beyond))
	beyond.Points, beyond.Capacity = swept().Points[1:2], &experiments.Capacity{Rate: experiments.None, Below: 12_000, Limit: "p99 < 80ms"}
	golden(t, "sweep-below.txt", drawSweep(t, "table", Style{}, beyond))
	golden(t, "sweep-verbose.txt", drawSweep(t, "table", Style{Verbose: true, Width: 80}, swept()))
	golden(t, "sweep.md", drawSweep(t, "markdown", Style{}, swept()))
	golden(t, "sweep.csv", drawSweep(t, "csv", Style{}, swept()))
	partial := swept()
	partial.Partial, partial.Points = true, partial.Points[:1]
	golden(t, "sweep-partial.txt", drawSweep(t, "table", Style{}, partial))
	if _, found := NamedSweep("yaml", Style{}); found {
		t.Error("yaml is no output")
	}
}

// TestSweepIsOnePage: 19 rates fit into a terminal, however long the names are, and colour only repeats what the words say.
func TestSweepIsOnePage(t *testing.T) {
	s := swept()
	for len(s.Points) < 19 {
		s.Points = append(s.Points, s.Points[len(s.Points)%3])
	}
	s.Points[4].Result = longNames()
	for _, width := range []int{100, 80, 60} {
		plain, colored := drawSweep(t, "table", Style{Width: width}, s), drawSweep(t, "table", Style{Width: width, Color: true}, s)
		if ansi.ReplaceAllString(colored, "") != plain || plain == colored {
			t.Errorf("at width %d, without its colours the page is\n%s\nand should be\n%s", width, colored, plain)
		}
		lines := strings.Split(plain, "\n")
		if len(lines) > 45 {
			t.Errorf("%d lines", len(lines))
		}
		for _, l := range lines {
			if n := utf8.RuneCountInString(l); n > width && !strings.HasPrefix(l, "  headroom ") {
				t.Errorf("at width %d, a line of %d: %s", width, n, l)
			}
		}
	}
}

// TestSweepIsSavedWhole: as JSON each point has its result, as it is saved alone.
func TestSweepIsSavedWhole(t *testing.T) {
	text := drawSweep(t, "json", Style{}, swept())
	for _, want := range []string{`"kind": "sweep"`, `"rate": 12000`, `"saturated": true`, `"wall_seconds": 3.1`} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is missing", want)
		}
	}
	indented := strings.ReplaceAll(strings.TrimSpace(draw(t, JSON(), bookshop())), "\n", "\n      ")
	if !strings.Contains(text, indented) {
		t.Error("the first point's result is not what JSON saves of it")
	}
}
