package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"headroom/experiments/speed"
)

// TestMain lets the test's own program be the process in which a model is measured.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == child {
		main()
		return
	}
	os.Exit(m.Run())
}

// TestModelsAreMeasuredInProcessesOfTheirOwn: what they measured comes back, and so does what is wrong.
func TestModelsAreMeasuredInProcessesOfTheirOwn(t *testing.T) {
	m, _ := speed.Lookup("mm1")
	c, err := measure(context.Background(), m, 1, "run.requests=20k", "run.replications=1")
	if err != nil {
		t.Fatal(err)
	}
	if c.Requests < 19_000 || c.Requests > 21_000 || c.Events < c.Requests || c.Processor <= 0 || c.Wall <= 0 || c.Objects <= 0 || c.Peak < 1e6 || c.Mean <= 0.01 {
		t.Errorf("%+v", c)
	}
	if _, err := measure(context.Background(), m, 1, "nodes.server.servres=2"); err == nil || !strings.Contains(err.Error(), "did you mean") {
		t.Errorf("a change that is misspelt: %v", err)
	}
}

// TestPeersHaveToAgree: a peer whose latency is another is told, after its row is written; one that fails is told in its own words.
func TestPeersHaveToAgree(t *testing.T) {
	const answer = `case $* in *mm1*) mean=%g;; *) mean=0.00599;; esac
echo '{"version": "Peer 1", "requests": 100000, "processor": 1, "mean": '$mean'}'`
	for _, c := range []struct{ script, fails string }{
		{fmt.Sprintf(answer, 0.040), ""}, // exact: 10 ms / (1 - 75%)
		{fmt.Sprintf(answer, 0.050), "2 of the models have another latency on a peer"},
		{"echo Traceback >&2; echo 'No module named simpy' >&2; exit 1", "No module named simpy"},
	} {
		peer := filepath.Join(t.TempDir(), "peer")
		if err := os.WriteFile(peer, []byte("#!/bin/sh\n"+c.script+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		err := settings{rounds: 1, requests: 100_000, python: peer, simgo: peer}.peers(context.Background(), &out)
		if c.fails == "" && err != nil || c.fails != "" && (err == nil || !strings.Contains(err.Error(), c.fails)) {
			t.Errorf("%v, want %q", err, c.fails)
		}
		if rows := strings.Count(out.String(), " ms | "); rows != len(compared)*4 && c.fails != "No module named simpy" {
			t.Errorf("%d latencies\n%s", rows, out.String())
		}
	}
}

// TestDocumentHasAllSections: what is measured has a place in docs/performance.md.
func TestDocumentHasAllSections(t *testing.T) {
	text, err := os.ReadFile("../../docs/performance.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range (settings{}).sections() {
		if strings.Count(string(text), "<!-- begin "+s.Name+" -->\n") != 1 || strings.Count(string(text), "<!-- end "+s.Name+" -->\n") != 1 {
			t.Errorf("there is no place for %s", s.Name)
		}
	}
}

// TestMedians: the middle of an odd number of figures, halfway between the middle two of an even one, whatever their order.
func TestMedians(t *testing.T) {
	for _, c := range []struct {
		figures []float64
		want    float64
	}{{[]float64{7}, 7}, {[]float64{9, 1, 2}, 2}, {[]float64{8, 1, 4, 2}, 3}} {
		if got := median(c.figures); got != c.want {
			t.Errorf("median of %v: %g, want %g", c.figures, got, c.want)
		}
	}
}
