package reports

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"headroom/experiments"
)

// guesses is a study with every outcome: moved both ways, saturated, without one side, without saturation, without any effect.
func guesses() *experiments.Sensitivity {
	moves := func(set string, relative, half, saturation num) *experiments.Effect {
		e := &experiments.Effect{Value: "v", Set: set, P99: experiments.Difference{Case: "p", Metric: "p99", Unit: "seconds", Absolute: relative / 10,
			AbsoluteCI95: &experiments.Interval{(relative - half) / 10, (relative + half) / 10}, Relative: relative, CI95: &experiments.Interval{relative - half, relative + half}}}
		switch {
		case relative-half > 0:
			e.P99.Verdict = experiments.Higher
		case relative+half < 0:
			e.P99.Verdict = experiments.Lower
		default:
			e.P99.Verdict = experiments.NoDifference
		}
		if saturation != 0 {
			e.Saturation = &experiments.Difference{Metric: "saturation", Unit: "per_second", Absolute: saturation * 100, Relative: saturation, Verdict: experiments.Lower}
		}
		return e
	}
	grows := moves("nodes.db.read=exp(11ms)", 0, 0, -.0909)
	grows.P99 = experiments.Difference{Metric: "p99", Unit: "seconds", Absolute: experiments.None, Relative: experiments.None, Verdict: experiments.NotSteady}
	return &experiments.Sensitivity{
		Headroom: 1, Kind: "sensitivity", Version: "v1", Command: "headroom sensitivity shop", Result: bookshop(), Guessed: 6, Partial: true,
		Assumptions: []string{"Machines are alike."}, Warnings: []string{"Each of the 13 runs measures 1s instead of 2s."},
		Rows: []experiments.Sensitive{
			{Path: "nodes.db.read", Value: "exp(10ms)", Lower: moves("nodes.db.read=exp(9ms)", -.31, .02, .111), Higher: grows, Verdict: experiments.Found},
			{Path: "nodes.api.handles.read_everything.0.cpu", Value: "lognormal(p50=1ms p99=10ms)", Lower: moves("x=1", -.08, .011, 0), Higher: moves("x=2", .092, .013, 0), Verdict: experiments.Found},
			{Path: "nodes.redis.hit_ratio", Value: "80%", Lower: moves("x=78%", .05, .02, -.05), Verdict: experiments.Found},
			{Path: "requests.read.response", Value: "10\x1b[2JKB", Lower: moves("x=3", 0, 0, 0), Higher: moves("x=4", 0, 0, 0), Verdict: experiments.NoEffect},
			{Path: "data.users.keys", Value: "1M", Lower: moves("x=5", .001, .002, 0), Higher: moves("x=6", 0, .001, 0), Verdict: experiments.NoEffect},
		},
	}
}

func drawSensitivity(t *testing.T, output string, s Style, study *experiments.Sensitivity) string {
	t.Helper()
	report, ok := NamedSensitivity(output, s)
	if !ok {
		t.Fatalf("there is no %s", output)
	}
	var out bytes.Buffer
	if err := report(&out, study); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestSensitivityLooksAsItDid(t *testing.T) {
	golden(t, "sensitivity.txt", drawSensitivity(t, "table", Style{Verbose: true}, guesses()))
	golden(t, "sensitivity.md", drawSensitivity(t, "markdown", Style{}, guesses()))
	golden(t, "sensitivity.csv", drawSensitivity(t, "csv", Style{}, guesses()))
	nothing := guesses()
	nothing.Rows, nothing.Guessed, nothing.Partial = nil, 0, false
	if text := drawSensitivity(t, "table", Style{}, nothing); !strings.Contains(text, "no number that was guessed") {
		t.Errorf("without a guess it prints\n%s", text)
	}
}

func TestNoLineOfASensitivityIsTooWide(t *testing.T) {
	for _, width := range []int{100, 80, 60} {
		text := ansi.ReplaceAllString(drawSensitivity(t, "table", Style{Width: width, Color: true, Verbose: true}, guesses()), "")
		for l := range strings.Lines(text) {
			l = strings.TrimSuffix(l, "\n")
			if n := utf8.RuneCountInString(l); n > width && !strings.HasPrefix(l, "  headroom ") || strings.TrimRight(l, " ") != l {
				t.Errorf("width %d: a line of %d: %q", width, n, l)
			}
		}
	}
}
