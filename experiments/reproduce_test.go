package experiments_test

import (
	"context"
	"math"
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
// utilizations within 3 points, with other random numbers, and the diagnosis names the class for which the article has its advice.
func TestInterviewNamesTheClass(t *testing.T) {
	for _, row := range []struct {
		what, class, node string
		answers           map[string]string
	}{
		{"CPU maxed out", "cpu", "api", map[string]string{"cpu": "100%", "servers": "3", "rate": "600/s"}},
		{"memory full", "memory", "db", map[string]string{"memory": "100%", "disk": "92%", "rate": "1k/s"}},
		{"database slow", "database", "db", map[string]string{"db_cpu": "95%", "cache": "yes", "hit_ratio": "50%", "p99": "900ms"}},
		{"network saturated", "network", "api", map[string]string{"network": "96%", "response": "400KB", "cpu": "30%"}},
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
			if len(d.Result.Observed) < 4 {
				t.Errorf("%d figures were reported", len(d.Result.Observed))
			}
			for _, o := range d.Result.Observed {
				switch {
				case o.Unit == "share" && math.Abs(float64(o.Simulated-o.Observed)) > .03:
					t.Errorf("%s: reported %v, simulated %v\n%s", o.Figure, o.Observed, o.Simulated, p.Text)
				case o.Unit == "seconds" && math.Abs(float64(o.Difference)) > .1:
					t.Errorf("%s: reported %v, simulated %v\n%s", o.Figure, o.Observed, o.Simulated, p.Text)
				}
			}
		})
	}
}
