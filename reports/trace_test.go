package reports

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"headroom/experiments"
)

// order is a request with everything that a hop can have: limits, hits, branches, a message, work after the answer, a hop that goes on.
func order() *experiments.Traces {
	return &experiments.Traces{
		Headroom: 1, Kind: "trace", Version: "v1", Command: "headroom trace shop", Seed: 3, WarmupSeconds: 2, Scenario: experiments.ScenarioInfo{Name: "Shop", File: "shop"},
		Requests: []experiments.TracedRequest{
			{Request: 12, Source: "users", Class: "order", Arrived: .25, Latency: .04, Done: experiments.None, Outcome: "ok", Hops: []experiments.Hop{
				{Node: "limiter", Op: "call", End: .04, Outcome: "ok", Limit: &experiments.HopLimit{Limit: 10, Remaining: 9, Reset: .1}},
				{Node: "api", Instance: "api-3", Op: "call", Depth: 1, Start: .001, End: .039, Wait: .003, Service: .005, Network: .002, Outcome: "ok",
					Spent: []experiments.HopTime{{Resource: "concurrency", Part: "wait", Seconds: .003}, {Resource: "cpu", Part: "service", Seconds: .005}, {Part: "network", Seconds: .002}},
					Spells: []experiments.HopSpell{{What: "network", Part: "network", Start: .001, End: .002}, {What: "wait", Resource: "concurrency", Part: "wait", Start: .002, End: .005},
						{What: "service", Resource: "cpu", Part: "service", Start: .005, End: .007}, {What: "service", Resource: "cpu", Part: "service", Start: .03, End: .038},
						{What: "network", Part: "network", Start: .038, End: .039}}},
				{Node: "redis", Op: "look", Depth: 2, Start: .006, End: .007, Outcome: "ok", Cache: "miss"},
				{Node: "api", Instance: "api-3", Op: "call", Branch: 1, Depth: 2, Start: .007, End: .03, Outcome: "ok"},
				{Node: "db", Instance: "db/1", Op: "read", Depth: 3, Start: .007, End: .03, Service: .023, Outcome: "ok",
					Spells: []experiments.HopSpell{{What: "service", Resource: "cpu", Part: "service", Start: .007, End: .03}}},
				{Node: "api", Instance: "api-3", Op: "call", Branch: 2, Depth: 2, Start: .007, End: .015, Outcome: "failed"},
				{Node: "bank", Op: "call", As: "pay", Depth: 3, Start: .007, End: .015, Service: .008, Outcome: "failed", Limit: &experiments.HopLimit{Limit: experiments.None}},
				{Node: "mails", Op: "publish", Depth: 2, Start: .035, End: .035, Outcome: "ok", Message: []experiments.HopEvent{{What: "published"}}},
				{Node: "mails", Op: "after", Depth: 3, Background: true, Start: .035, End: experiments.None, Wait: .06, Outcome: "in_flight",
					Message: []experiments.HopEvent{{What: "delivered", Attempt: 1, Waited: .05}, {What: "delivered", Attempt: 2, Waited: .01}},
					Spells:  []experiments.HopSpell{{What: "wait", Resource: "message", Part: "wait", Start: .035, End: .085}, {What: "wait", Resource: "message", Part: "wait", Start: .1, End: .11}}},
				{Node: "mailers", Op: "job", Depth: 4, Background: true, Start: .085, End: .1, Service: .015, Outcome: "failed",
					Spells: []experiments.HopSpell{{What: "service", Resource: "cpu", Part: "service", Start: .085, End: .1}}},
				{Node: "mailers", Op: "job", Depth: 4, Background: true, Start: .11, End: experiments.None, Outcome: "in_flight"},
			}},
			{Request: 7, Source: "users", Class: "request", Arrived: .1, Latency: experiments.None, Done: experiments.None, Outcome: "in_flight", Hops: []experiments.Hop{
				{Node: "a\x1b[2J", Op: "call", End: experiments.None, Outcome: "in_flight"},
			}},
			{Request: 3, Source: "users", Class: "page", Arrived: .01, Outcome: "ok", Hops: []experiments.Hop{}},
		},
	}
}

func drawTrace(t *testing.T, output string, s Style) string {
	t.Helper()
	report, found := NamedTrace(output, s)
	if !found {
		t.Fatalf("%s is missing", output)
	}
	var out bytes.Buffer
	if err := report(&out, order()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestTracesLookAsTheyDid(t *testing.T) {
	for file, output := range map[string]string{"trace.txt": "table", "trace.json": "json", "trace.csv": "csv", "trace.md": "markdown", "trace.html": "html", "trace.otlp.json": "otlp"} {
		golden(t, file, drawTrace(t, output, Style{}))
	}
	golden(t, "trace-verbose.txt", drawTrace(t, "table", Style{Verbose: true, Width: 120}))
	if _, found := NamedTrace("yaml", Style{}); found {
		t.Error("yaml is no output")
	}
}

func TestTracesKeepToThePage(t *testing.T) {
	for _, width := range []int{60, 80, 100, 140} {
		for l := range strings.Lines(drawTrace(t, "table", Style{Width: width})) {
			if n := utf8.RuneCountInString(l) - 1; n > max(width, 84) { // numbers are never cut
				t.Errorf("at width %d: a line of %d: %s", width, n, l)
			}
			if strings.ContainsAny(l, "\x1b\r") {
				t.Errorf("a control character got through: %q", l)
			}
		}
	}
	if plain, colored := drawTrace(t, "table", Style{}), drawTrace(t, "table", Style{Color: true}); ansi.ReplaceAllString(colored, "") != plain {
		t.Errorf("without its colours the page is\n%s\nand should be\n%s", colored, plain)
	}
}

// TestTracePageStandsAlone: the page loads nothing, and a name in the scenario is text and never markup.
func TestTracePageStandsAlone(t *testing.T) {
	traces := order()
	traces.Scenario.Name, traces.Requests[0].Hops[0].Node = "<script>alert(1)</script>", `"><img src=x>`
	var out bytes.Buffer
	if err := traceHTML(&out, traces); err != nil {
		t.Fatal(err)
	}
	for _, never := range []string{"<script", "<img", "<link", "http://", "https://", "url(", "@import", "ZgotmplZ"} {
		if strings.Contains(out.String(), never) {
			t.Errorf("the page has %s", never)
		}
	}
}
