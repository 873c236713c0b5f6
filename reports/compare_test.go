package reports

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"headroom/experiments"
)

// shops is a comparison with every verdict that there is: better and worse, alike, saturated, without a figure, with and without a price.
func shops() *experiments.Comparison {
	slow := bookshop()
	slow.Cost.PerMonth, slow.Latency.P99 = 1234, slow.Latency.P99*2
	interval := func(low, high num) *experiments.Interval { return &experiments.Interval{low, high} }
	return &experiments.Comparison{
		Headroom: 1, Kind: "comparison", Version: "v1", Command: "headroom compare shop", Baseline: "shop", Warnings: []string{"Some cases replay a trace and others do not."},
		Compared: &experiments.Compared{
			Cases: []experiments.ComparedCase{{Name: "shop", Result: bookshop(), Capacity: &experiments.Capacity{Rate: 9130, CI95: interval(9000, 9260), Limit: "p99 < 250ms"}}, {Name: "slow\x1b[2J", Result: slow}, {Name: "flooded", Result: saturated(), Capacity: &experiments.Capacity{Rate: experiments.None, Below: .3, Limit: "p99 < 250ms"}}, {Name: "odd", Result: missed(), Capacity: &experiments.Capacity{Rate: experiments.None, Above: 1e6}}},
			Differences: []experiments.Difference{
				{Case: "slow\x1b[2J", Metric: "p99", Unit: "seconds", Absolute: .1, AbsoluteCI95: interval(.08, .12), Relative: 1.5, CI95: interval(1.3, 1.7), Verdict: experiments.Higher},
				{Case: "slow\x1b[2J", Metric: "mean", Unit: "seconds", Absolute: -.01, AbsoluteCI95: interval(-.0123, -.0077), Relative: -.42, CI95: interval(-.4534, -.3866), Verdict: experiments.Lower},
				{Case: "slow\x1b[2J", Metric: "error_rate", Unit: "share", Absolute: .123, AbsoluteCI95: interval(.12, .126), Relative: experiments.None, Verdict: experiments.Higher},
				{Case: "slow\x1b[2J", Metric: "goodput", Unit: "per_second", AbsoluteCI95: interval(-1, 1), CI95: interval(-.01, .01), Verdict: experiments.NoDifference},
				{Case: "slow\x1b[2J", Metric: "p999", Unit: "seconds", AbsoluteCI95: interval(-1, 1), CI95: interval(-.01, .01), Verdict: experiments.NoDifference},
				{Case: "slow\x1b[2J", Metric: "db.cpu", Unit: "share", Absolute: -.2, AbsoluteCI95: interval(-.2, -.2), Relative: -.3, CI95: interval(-.3, -.3), Verdict: experiments.Lower},
				{Case: "slow\x1b[2J", Metric: "cost_per_month", Unit: "dollars", Absolute: -73, AbsoluteCI95: interval(-73, -73), Relative: -.25, CI95: interval(-.25, -.25), Verdict: experiments.Lower},
				{Case: "flooded", Metric: "p99", Unit: "seconds", Absolute: experiments.None, Relative: experiments.None, Verdict: experiments.NotSteady},
				{Case: "flooded", Metric: "goodput", Unit: "per_second", Absolute: -50, AbsoluteCI95: interval(-52, -48), Relative: -.5, CI95: interval(-.52, -.48), Verdict: experiments.Lower},
				{Case: "odd", Metric: "p99", Unit: "seconds", Absolute: experiments.None, Relative: experiments.None, Verdict: experiments.NotComparable},
			},
			Best: &experiments.Best{Case: "shop", Metric: "p99", Met: true, Others: []experiments.Times{
				{Than: "slow\x1b[2J", Times: 2.51, CI95: experiments.Interval{2.3, 2.7}}, {Than: "odd", Times: .5, CI95: experiments.Interval{.4, .6}}, {Than: "other", Times: 1.01, CI95: experiments.Interval{.9, 1.1}},
			}},
		},
	}
}

// shopsByRate compares at two loads.
func shopsByRate() *experiments.Comparison {
	c := shops()
	first, second := *c.Compared, *c.Compared
	first.Rate, second.Rate = 100, 10_000
	second.Best = &experiments.Best{Case: "odd", Metric: "goodput", Others: []experiments.Times{{Than: "shop", Times: 1.0123, CI95: experiments.Interval{1.01, 1.0146}}}}
	c.Compared, c.Points, c.Partial = nil, []*experiments.Compared{&first, &second}, true
	return c
}

func drawComparison(t *testing.T, output string, s Style, c *experiments.Comparison) string {
	t.Helper()
	report, found := NamedComparison(output, s)
	if !found {
		t.Fatalf("%s is missing", output)
	}
	var out bytes.Buffer
	if err := report(&out, c); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestComparisonsLookAsTheyDid(t *testing.T) {
	for file, output := range map[string]string{"compare.txt": "table", "compare.csv": "csv", "compare.md": "markdown"} {
		golden(t, file, drawComparison(t, output, Style{}, shops()))
	}
	golden(t, "compare-rates.txt", drawComparison(t, "table", Style{Width: 72, Verbose: true}, shopsByRate()))
	if _, found := NamedComparison("yaml", Style{}); found {
		t.Error("yaml is no output")
	}
}

func TestNoLineOfAComparisonIsTooWide(t *testing.T) {
	for _, width := range []int{100, 80, 60} {
		for l := range strings.Lines(ansi.ReplaceAllString(drawComparison(t, "table", Style{Width: width, Color: true}, shops()), "")) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(l, "\n")); n > width {
				t.Errorf("at width %d: a line of %d: %s", width, n, l)
			}
		}
	}
}

// A saved comparison serves as a baseline: its own baseline is. One of several rates has none.
func TestTheBaselineOfASavedComparisonIsRead(t *testing.T) {
	r, err := ReadBaseline(strings.NewReader(drawComparison(t, "json", Style{}, shops())))
	if err != nil || r.Scenario.Name != bookshop().Scenario.Name || r.Latency.P99 != bookshop().Latency.P99 {
		t.Errorf("read %+v, %v", r, err)
	}
	if r, err = ReadBaseline(strings.NewReader(draw(t, JSON(), station()))); err != nil || r.Scenario.Name != station().Scenario.Name {
		t.Errorf("read %+v, %v", r, err)
	}
	for text, complaint := range map[string]string{
		drawComparison(t, "json", Style{}, shopsByRate()):   "several rates",
		`{"headroom": 1, "kind": "trace"}`:                  "is a trace",
		`{"headroom": 1, "kind": "comparison", "cases": 1}`: "line 1",
		`{"headroom": 1, "kind": "comparison"}`:             "several rates",
	} {
		if _, err := ReadBaseline(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), complaint) {
			t.Errorf("%.60s: %v, want %s", text, err, complaint)
		}
	}
}
