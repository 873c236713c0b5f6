package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"regexp"
	"testing"

	"headroom/internal/units"
	"headroom/reports"
)

var roadmap = flag.Bool("roadmap", false, "hold docs/roadmap.md to what the commands print, which takes minutes")

var article = regexp.MustCompile(`(?s)(<!-- begin article -->\n).*?(<!-- end article -->\n)`)

// TestRoadmapShowsWhatCommandsPrint: the roads that are found, and beside them the built-in one.
func TestRoadmapShowsWhatCommandsPrint(t *testing.T) {
	if !*roadmap {
		t.Skip("it takes minutes: see `make roadmap`")
	}
	const file = "../../docs/roadmap.md"
	showsWhatCommandsPrint(t, file)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	now := article.ReplaceAll(text, append(append([]byte("${1}"), bytes.ReplaceAll(builtInRoad(t), []byte("$"), []byte("$$"))...), "${2}"...))
	if !bytes.Equal(now, text) && !*update {
		t.Errorf("the built-in road is\n%s", builtInRoad(t))
	}
	if *update {
		if err := os.WriteFile(file, now, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// builtInRoad is a table of the stages of the built-in road, each simulated at its own rate.
func builtInRoad(t *testing.T) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "| rate | scenario | p99 | SLO | cost/month | next bottleneck |\n| ---: | --- | ---: | --- | ---: | --- |\n")
	for _, stage := range []string{"100", "1k", "10k", "100k", "1m"} {
		name := "roadmap-" + stage
		r, err := reports.ReadJSON(bytes.NewReader(output(t, t.TempDir(), "", "simulate "+name+" -o json --quiet")))
		if err != nil {
			t.Fatal(err)
		}
		met := "✓"
		for _, target := range r.SLO {
			if !target.Met {
				met = "✗"
			}
		}
		fmt.Fprintf(&out, "| %s | `%s` | %s | %s | $%s | %s %s at %s |\n", units.FormatRate(float64(r.Load.Asked)), name, units.FormatSeconds(float64(r.Latency.P99)), met,
			units.FormatCount(float64(r.Cost.PerMonth)), r.Bottleneck.Node, r.Bottleneck.Resource, units.FormatRate(float64(r.Bottleneck.SaturatesAt)))
	}
	return out.Bytes()
}
