package experiments_test

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"headroom/experiments"
	"headroom/scenarios"
)

// prices gives each node of a scenario that is run by its owner a price, so that remedies differ in what they cost.
func prices(l *scenarios.Loaded) []scenarios.Change {
	var all []scenarios.Change
	for _, n := range l.Nodes {
		if slices.Contains([]string{"server", "worker", "database", "cache", "load-balancer"}, n.Value.Kind) {
			all = append(all, scenarios.Change{Path: "nodes." + n.Key + ".price", Value: "$0.10/h"})
		}
	}
	return all
}

// remedied finds the remedies of a scenario; load gives it with so many changes.
func remedied(t *testing.T, load func([]scenarios.Change) (*scenarios.Loaded, error)) (*scenarios.Loaded, *experiments.Diagnosis) {
	t.Helper()
	l, err := load(nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := experiments.Run(context.Background(), l, experiments.Options{})
	if err != nil {
		t.Fatal(err)
	}
	d := &experiments.Diagnosis{Bottleneck: experiments.Suspect{Bottleneck: r.Bottleneck}, Result: r}
	if d.Remedies, err = experiments.FindRemedies(context.Background(), l, load, d, experiments.RemedyOptions{}); err != nil {
		t.Fatal(err)
	}
	return l, d
}

// TestFirstRemedyOfPlantedBottlenecksHolds: in each of the files the first remedy, written into the file, meets the SLO in a run with another seed,
// and no other that meets it costs less by more than a tenth.
func TestFirstRemedyOfPlantedBottlenecksHolds(t *testing.T) {
	files, err := filepath.Glob("testdata/planted/*.yaml")
	if err != nil || len(files) != 30 {
		t.Fatal(len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			bare, err := scenarios.Load(file, text, "", nil)
			if err != nil {
				t.Fatal(err)
			}
			if text, err = scenarios.Rewrite(file, text, prices(bare)); err != nil {
				t.Fatal(err)
			}
			load := func(changes []scenarios.Change) (*scenarios.Loaded, error) {
				return scenarios.Load(file, text, "", changes)
			}
			_, d := remedied(t, load)
			if len(d.Remedies) == 0 || !d.Remedies[0].SLOMet {
				t.Fatalf("no remedy meets the SLO: %v", titles(d.Remedies))
			}
			first := d.Remedies[0]
			for _, k := range d.Remedies[1:] {
				if k.SLOMet && first.CostPerMonth.After > 1.1*k.CostPerMonth.After {
					t.Errorf("the first remedy, %s, costs %.0f, and %s costs %.0f", first.Title, float64(first.CostPerMonth.After), k.Title, float64(k.CostPerMonth.After))
				}
			}
			l, err := load(first.Change)
			if err != nil {
				t.Fatal(err)
			}
			written, err := scenarios.Rewrite(file, text, append(slices.Clone(first.Change), l.Prices()...))
			if err != nil {
				t.Fatalf("%s cannot be written: %v", first.Title, err)
			}
			another, err := scenarios.Load(file, written, "", []scenarios.Change{{Path: "run.seed", Value: "4242"}})
			if err != nil {
				t.Fatalf("%s:\n%s\n%v", first.Title, written, err)
			}
			if !strings.HasPrefix(string(written), "# planted: ") {
				t.Errorf("the comments are gone:\n%s", written)
			}
			r, err := experiments.Run(context.Background(), another, experiments.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if !meets(r) {
				t.Errorf("with another seed %s misses the SLO: %v", first.Title, r.SLO)
			}
			if was, is := float64(first.CostPerMonth.After), float64(r.Cost.PerMonth); math.Abs(was-is) > 1e-6*was && first.Kind != "cdn" {
				t.Errorf("as simulated %s costs %g a month, as written %g", first.Title, was, is)
			}
		})
	}
}

func titles(all []experiments.Remedy) []string {
	var names []string
	for _, k := range all {
		names = append(names, k.Title)
	}
	return names
}

// TestNothingIsRemediedThatIsWell: where the SLO is met, and where nothing limits.
func TestNothingIsRemediedThatIsWell(t *testing.T) {
	for _, text := range []string{
		"run: {requests: 2k}\ntraffic: {u: {enters: m, rate: 10/s}}\nnodes: {m: {kind: server, work: exp(1ms)}}",
		"run: {requests: 2k}\nslo: [p99 < 1ms]\ntraffic: {u: {enters: m, rate: 10/s}}\nnodes: {m: {kind: server, cores: unlimited, work: exp(1ms)}}",
	} {
		_, d := remedied(t, func(changes []scenarios.Change) (*scenarios.Loaded, error) {
			return scenarios.Load("m.yaml", []byte(text), "", changes)
		})
		if len(d.Remedies) > 0 {
			t.Errorf("%s\nhas remedies: %v", text, titles(d.Remedies))
		}
	}
}

// TestSeveralChangesAreJoined: two queues in a row are full, and no single change meets the SLO.
func TestSeveralChangesAreJoined(t *testing.T) {
	const text = `
run: {requests: 5k, replications: 2}
slo: [p99 < 100ms]
traffic: {u: {enters: first, rate: 150/s}}
nodes:
  first: {kind: station, service: exp(10ms), next: {second: 100%}}
  second: {kind: station, service: exp(9ms)}
`
	load := func(changes []scenarios.Change) (*scenarios.Loaded, error) {
		return scenarios.Load("m.yaml", []byte(text), "", changes)
	}
	_, d := remedied(t, load)
	if len(d.Remedies) == 0 || !d.Remedies[0].SLOMet || !strings.Contains(d.Remedies[0].Title, " + ") {
		t.Fatalf("no pair meets the SLO: %v", titles(d.Remedies))
	}
	first := d.Remedies[0]
	var paths []string
	for _, c := range first.Change {
		paths = append(paths, strings.Split(c.Path, ".")[1])
	}
	if !slices.Equal(paths, []string{"first", "second"}) {
		t.Errorf("%s changes %v, want first and then second", first.Title, paths)
	}
	for _, k := range d.Remedies[1:] {
		if k.SLOMet && !strings.Contains(k.Title, " + ") {
			t.Errorf("%s alone is said to meet the SLO", k.Title)
		}
	}
}

// TestChangesTravelAsAnObject: in their order, whole numbers as numbers, keys that are replaced as null.
func TestChangesTravelAsAnObject(t *testing.T) {
	changes := experiments.Changes{{Path: "nodes.api.instances", Value: "5"}, {Path: "nodes.db-cache", Value: "{kind: cache}"}, {Path: "nodes.a.handles", Value: "{}", Replaces: "nodes.a.calls"}}
	text, err := json.Marshal(changes)
	if want := `{"nodes.api.instances":5,"nodes.db-cache":"{kind: cache}","nodes.a.calls":null,"nodes.a.handles":"{}"}`; err != nil || string(text) != want {
		t.Errorf("changes are %s (%v), want %s", text, err, want)
	}
	var back experiments.Changes
	if err := json.Unmarshal(text, &back); err != nil || !slices.Equal(back, changes) {
		t.Errorf("they come back as %v (%v)", back, err)
	}
}
