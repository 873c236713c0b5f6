package experiments_test

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"headroom/experiments"
	"headroom/scenarios"
	"headroom/scenarios/interview"
)

// answered is an interview with answers by the keys of the questions; the others have their defaults.
func answered(t *testing.T, answers map[string]string) *interview.Interview {
	t.Helper()
	in := &interview.Interview{}
	for {
		q, more := in.Next()
		if !more {
			return in
		}
		if err := in.Answer(answers[q.Key]); err != nil {
			t.Fatal(err)
		}
	}
}

// TestInterviewNamesTheClass: each row of the quick reference of the article, reported as a person would: the simulation shows the reported
// utilizations within 3 points, with other random numbers, the diagnosis names the class for which the article has its advice, and that
// advice is among what helps when it is simulated.
func TestInterviewNamesTheClass(t *testing.T) {
	for _, row := range []struct {
		what, class, node string
		help              []string // kinds of remedies, by the article
		answers           map[string]string
	}{
		{"CPU maxed out", "cpu", "api", []string{"instances"}, map[string]string{"target": "100ms", "cpu": "100%", "servers": "3", "rate": "600/s"}},
		{"memory full", "memory", "db", []string{"cache"}, map[string]string{"target": "25ms", "memory": "100%", "disk": "92%", "rate": "1k/s"}},
		{"database slow", "database", "db", []string{"replicas", "shards", "cache"}, map[string]string{"target": "200ms", "db_cpu": "95%"}},
		{"network saturated", "network", "api", []string{"cdn", "compress"}, map[string]string{"target": "300ms", "network": "96%", "response": "400KB", "cpu": "30%"}},
	} {
		t.Run(row.what, func(t *testing.T) {
			t.Parallel()
			in := answered(t, row.answers)
			p, err := experiments.Reproduce(context.Background(), in, []scenarios.Change{{Path: "run.requests", Value: "20k"}}, experiments.Options{})
			if err != nil {
				t.Fatal(err)
			}
			l, err := scenarios.Load(in.File(), p.Text, "", []scenarios.Change{{Path: "run.seed", Value: "99"}, {Path: "run.requests", Value: "20k"}})
			if err != nil {
				t.Fatal(err)
			}
			if len(l.Warnings) > 0 {
				t.Errorf("the scenario has warnings: %v", l.Warnings)
			}
			d, err := experiments.Diagnose(context.Background(), l, experiments.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if b := d.Bottleneck; b.Class != row.class || b.Node != row.node {
				t.Errorf("the bottleneck is %s of %s, class %s, want class %s of %s: %s\n%s", b.Resource, b.Node, b.Class, row.class, row.node, b.Evidence, p.Text)
			}
			load := func(further []scenarios.Change) (*scenarios.Loaded, error) {
				return scenarios.Load(in.File(), p.Text, "", append([]scenarios.Change{{Path: "run.requests", Value: "20k"}}, further...))
			}
			remedies, err := experiments.FindRemedies(context.Background(), l, load, d, experiments.RemedyOptions{Options: experiments.Options{Quick: true}})
			if err != nil {
				t.Fatal(err)
			}
			for _, kind := range row.help {
				if !slices.ContainsFunc(remedies, func(r experiments.Remedy) bool {
					return r.Kind == kind && (r.Verdict == experiments.Meets || r.Verdict == experiments.Helps)
				}) {
					t.Errorf("no %s among the remedies that help: %v", kind, titles(remedies))
				}
			}
			if len(d.Result.Observed) < 4 {
				t.Errorf("%d figures were reported", len(d.Result.Observed))
			}
			for _, o := range d.Result.Observed {
				if o.Unit == "share" && math.Abs(float64(o.Simulated-o.Observed)) > .03 {
					t.Errorf("%s: reported %v, simulated %v\n%s", o.Figure, o.Observed, o.Simulated, p.Text)
				}
			}
		})
	}
}

// TestMeasuredP99IsMadeUpByWaiting: a p99 that is longer than the work makes it is met by a time in which no resource is busy; one that is
// shorter, and that of a system that was full, is left out, which is said.
func TestMeasuredP99IsMadeUpByWaiting(t *testing.T) {
	for _, k := range []struct{ cpu, p99, said string }{
		{"30%", "1s", "What the measured p99 has beside the work"},
		{"30%", "1ms", "The reported p99 of 1ms is left out: the reported utilizations alone make one of "},
		{"100%", "1s", "The reported p99 of 1s is left out: of a system that is full"},
	} {
		in := answered(t, map[string]string{"database": "no", "cpu": k.cpu, "p99": k.p99})
		p, err := experiments.Reproduce(context.Background(), in, []scenarios.Change{{Path: "run.requests", Value: "5k"}}, experiments.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if last := p.Assumptions[len(p.Assumptions)-1]; !strings.HasPrefix(last, k.said) {
			t.Errorf("a p99 of %s at %s: %q, want %q", k.p99, k.cpu, last, k.said)
		}
		waits := k.p99 == "1s" && k.cpu == "30%"
		if has := strings.Contains(string(p.Text), "delay: "); has != waits {
			t.Errorf("a p99 of %s at %s: a delay %v, want %v\n%s", k.p99, k.cpu, has, waits, p.Text)
		}
		for _, f := range p.Calibration.Figures {
			if waits && f.Status != experiments.FigureMet {
				t.Errorf("%s: reported %v, simulated %v (%v)", f.Figure, f.Observed, f.Simulated, f.CI95)
			}
		}
	}
}
