package reports

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"headroom/experiments"
	"headroom/scenarios"
)

// road is one with a step without a change, one with two, and a second that costs more.
func road() *experiments.Growth {
	r := bookshop()
	was := experiments.Bottleneck{Node: "db", Resource: "cpu", Class: "database", Utilization: .6, Evidence: "db's cpu would be used 720% by the utilization law.", SaturatesAt: 166}
	return &experiments.Growth{Headroom: 1, Kind: "growth", Version: "v1", Command: "headroom grow bookshop.yaml --to 10k", From: 100, To: 10_000, Budget: experiments.None, Reached: 10_000, Runs: 23,
		Scenario: experiments.ScenarioInfo{Name: "Bookshop", File: "bookshop.yaml"}, Result: r, WallSeconds: 2.5,
		Assumptions: []string{"80% of the reads are taken to hit."}, Warnings: []string{"The load is steady: the scenario's events are left out."},
		Final: experiments.FinalDesign{Change: experiments.Changes{{Path: "nodes.db.shards", Value: "5"}}, Source: "name: Bookshop\n", SHA256: "ab"},
		Steps: []experiments.GrowthStep{
			{Rate: 100, Toward: 100, SLOMet: true, P99: .0971, P99CI95: bothEnds(.095, .099), CostPerMonth: 116.8, NextBottleneck: was},
			{Rate: 1000, Toward: 1000, SLOMet: true, P99: .093, P99CI95: bothEnds(.092, .094), CostPerMonth: 584, Bottleneck: &was,
				Remedies: []experiments.GrowthRemedy{
					{Kind: "cache", Title: "db: a cache before it, 80% hits", Change: experiments.Changes{scenarios.Change{Path: "nodes.db-cache", Value: "{kind: cache}"}}, Assumes: "80% of the reads are taken to hit."},
					{Kind: "shards", Title: "db: 1 → 5 shards", Change: experiments.Changes{{Path: "nodes.db.shards", Value: "5"}}}},
				NextBottleneck: experiments.Bottleneck{Node: "api", Resource: "cpu", Class: "cpu", Utilization: .7, SaturatesAt: 1430},
				Alternatives:   []experiments.GrowthOption{{Title: "db: machine 2-cpu → 32-cpu", SLOMet: true, CostPerMonth: 1226, Limit: "api cpu"}, {Title: "db: 0 → 8 read replicas", CostPerMonth: 642, Limit: "db cpu"}}},
			{Rate: 10_000, Toward: 10_000, SLOMet: true, P99: .101, CostPerMonth: 4847, Bottleneck: &was, Remedies: []experiments.GrowthRemedy{{Kind: "instances", Title: "api: 4 → 36 instances"}},
				NextBottleneck: experiments.Bottleneck{Class: "none", SaturatesAt: experiments.None}},
		}}
}

func drawRoad(t *testing.T, output string, style Style, g *experiments.Growth) string {
	t.Helper()
	report, found := NamedGrowth(output, style)
	if !found {
		t.Fatalf("%s is missing", output)
	}
	var out bytes.Buffer
	if err := report(&out, g); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestRoadLooksAsItDid(t *testing.T) {
	golden(t, "growth.txt", drawRoad(t, "table", Style{}, road()))
	golden(t, "growth-verbose.txt", drawRoad(t, "table", Style{Verbose: true}, road()))
	golden(t, "growth.md", drawRoad(t, "markdown", Style{}, road()))
	golden(t, "growth.csv", drawRoad(t, "csv", Style{}, road()))
	short := road()
	short.Stopped, short.Budget, short.Reached, short.Steps = "10k/s would cost $4847 a month (api: 4 → 36 instances): more than the budget of $1000.", 1000, 1000, short.Steps[:2]
	golden(t, "growth-budget.txt", drawRoad(t, "table", Style{}, short))
	none := road()
	none.Stopped, none.Reached, none.Steps = "None of 4 designs that were simulated meets the SLO at 100/s.", experiments.None, none.Steps[:1]
	none.Steps[0].SLOMet, none.Steps[0].P99, none.Steps[0].P99CI95, none.Steps[0].CostPerMonth = false, experiments.None, nil, experiments.None
	golden(t, "growth-none.txt", drawRoad(t, "table", Style{}, none))
	partial := road()
	partial.Partial, partial.Reached, partial.Steps = true, 1000, partial.Steps[:2]
	golden(t, "growth-partial.txt", drawRoad(t, "table", Style{}, partial))
	for _, want := range []string{`"kind": "growth"`, `"nodes.db.shards": 5`, `"budget": null`, `"sha256": "ab"`} {
		if saved := drawRoad(t, "json", Style{}, road()); !strings.Contains(saved, want) {
			t.Errorf("as JSON it has no %s", want)
		}
	}
}

// TestRoadFitsATerminal: colour only repeats what the words say.
func TestRoadFitsATerminal(t *testing.T) {
	for _, width := range []int{100, 90} {
		plain, colored := drawRoad(t, "table", Style{Width: width}, road()), drawRoad(t, "table", Style{Width: width, Color: true}, road())
		if ansi.ReplaceAllString(colored, "") != plain || plain == colored {
			t.Errorf("at width %d, without its colours the page is\n%s\nand should be\n%s", width, colored, plain)
		}
		for _, l := range strings.Split(plain, "\n") {
			if n := utf8.RuneCountInString(l); n > width {
				t.Errorf("at width %d, a line of %d: %s", width, n, l)
			}
		}
	}
}
