package experiments_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"headroom/experiments"
	"headroom/scenarios"
)

// recorded writes a trace and loads a scenario that replays it; TRACE in the text is its name.
func recorded(t *testing.T, trace, text string) *scenarios.Loaded {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "trace.csv"), []byte(trace), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := scenarios.Load(filepath.Join(dir, "scenario.yaml"), []byte(text), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func replayed(t *testing.T, trace, text string) *experiments.Result {
	t.Helper()
	r, err := experiments.Run(t.Context(), recorded(t, trace, text), experiments.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestReplayRunsUntilItsWorkEnds: the last request comes at 1 s, is answered after 2 s, and keeps its server for 3 s more.
func TestReplayRunsUntilItsWorkEnds(t *testing.T) {
	const scenario = `
traffic: {u: {enters: m, replay: trace.csv%s}}
nodes: {m: {kind: server, handles: {default: [delay: 2s, respond, delay: 3s]}}}`
	for speed, want := range map[string]experiments.Num{"": 6, ", speed: 2x": 5.5, ", speed: 0.5x": 7} {
		r := replayed(t, "time\n0\n1\n", fmt.Sprintf(scenario, speed))
		if r.Run.SimulatedSeconds != want || r.Run.WarmupSeconds != 0 {
			t.Errorf("speed %q: %g s after %g s of warm-up, want %g and none", speed, r.Run.SimulatedSeconds, r.Run.WarmupSeconds, want)
		}
		if r.Outcomes.OK != 8 || r.Latency.Mean != 2 || r.Latency.Max != 2 {
			t.Errorf("speed %q: %+v, latency %+v", speed, r.Outcomes, r.Latency)
		}
	}
	if r := replayed(t, "time\n0\n0\n", "traffic: {u: {enters: m, replay: trace.csv}}\nnodes: {m: {kind: external}}"); r.Outcomes.OK != 8 {
		t.Errorf("a replay that is over at once: %+v", r.Outcomes)
	}
}

// TestReplayComesAgain: every replication sees the same arrivals and classes, and draws other service times.
func TestReplayComesAgain(t *testing.T) {
	var trace strings.Builder
	trace.WriteString("\ufefftime, request\n# a pause of a second every ten requests\n")
	for i := range 1000 {
		fmt.Fprintf(&trace, "%.2f, %s\n", float64(i)/100+float64(i/10), []string{"read", "save"}[i/500])
	}
	r := replayed(t, trace.String(), `
requests: {read: {}, save: {}}
traffic: {u: {enters: m, replay: trace.csv}}
nodes: {m: {kind: station, servers: unlimited, service: {read: exp(1ms), save: exp(2ms)}}}`)
	if r.Outcomes.OK != 4000 || r.Requests["read"].Outcomes.OK != 2000 || r.Requests["save"].Share != 0.5 {
		t.Errorf("of 4 × 1000 requests, half of them reads: %+v", r.Outcomes)
	}
	if ci := r.Latency.CI95.Mean; ci[1] == ci[0] {
		t.Error("all replications draw the same service times")
	}
	if r.Load.Asked.Known() || r.Bottleneck.Class != "none" {
		t.Errorf("asked for %g, bottleneck %+v: a replay has no rate", r.Load.Asked, r.Bottleneck)
	}
	for i, at := range r.Series.T { // ten within 0.1 s, and then none for a second
		ends := float64(at+r.Series.BucketSeconds) - 1e-9
		sent := 0.0
		for k := range 1000 {
			if at := float64(k)/100 + float64(k/10); at > float64(r.Series.T[i])-1e-9 && at <= ends {
				sent++
			}
		}
		if got := float64(r.Series.Offered[i] * r.Series.BucketSeconds); i < len(r.Series.T)-1 && math.Abs(got-sent) > 1.001 {
			t.Fatalf("from %g s on %g requests came, the file has %g", at, got, sent)
		}
	}
}

// TestReplayKeysAreText: the second time that a key is asked for it is in the cache, whatever text it is.
func TestReplayKeysAreText(t *testing.T) {
	r := replayed(t, "time,key\n0,cart\n1,7\n2,cart\n3,07\n4,7\n5,Cart\n6,cart\n", `
run: {replications: 1}
data: {items: {keys: 10}}
requests: {request: {data: items}}
traffic: {u: {enters: c, replay: trace.csv}}
nodes:
  c: {kind: cache, mode: through, warm: false, entries: 100, origin: db}
  db: {kind: database, read: 1ms}`)
	if c := r.Nodes["c"].Cache; c.Hits != 3 || c.Misses != 4 {
		t.Errorf("%d hits and %d misses, want 3 (cart, 7, cart) and 4", c.Hits, c.Misses)
	}
}

// TestReplaySeriesCoversTheLongEnd: a thousand requests at once that take 100 s of work, nobody knew how long, are a series of at most a
// hundred points that holds all of them.
func TestReplaySeriesCoversTheLongEnd(t *testing.T) {
	r := replayed(t, "time\n"+strings.Repeat("0.0005\n", 1000), `
traffic: {u: {enters: m, replay: trace.csv}}
nodes: {m: {kind: station, service: exp(100ms)}}`)
	sum, s := experiments.Num(0), r.Series
	for i := range s.T {
		sum += s.Goodput[i] * s.BucketSeconds
	}
	// Towards the end the points are those of the replications that still go on: of one of four at last, by 10 s or so.
	if n := len(s.T); n < 40 || n > 100 || sum < 990 || sum > 1150 {
		t.Errorf("%d points with %g requests", n, sum)
	}
	if last := s.T[len(s.T)-1]; last < 0.9*r.Run.SimulatedSeconds {
		t.Errorf("the last point is at %g s of %g", last, r.Run.SimulatedSeconds)
	}
}

// TestReplayBesideOthers: a source with a rate goes on until the replay is done, and both are as they should be.
func TestReplayBesideOthers(t *testing.T) {
	r := replayed(t, "time\n2\n10\n", `
traffic: {u: {enters: m, replay: trace.csv}, v: {enters: m, rate: 100/s, arrivals: constant}}
nodes: {m: {kind: external, latency: 5s}}`)
	if r.Run.SimulatedSeconds != 15 || r.Sources["u"].Outcomes.OK != 8 || r.Sources["v"].Outcomes.OK != 6000 {
		t.Errorf("%g s, %+v and %+v; want 15 s, 8 and 6000", r.Run.SimulatedSeconds, r.Sources["u"].Outcomes, r.Sources["v"].Outcomes)
	}
}

// TestReplayOfAFileThatChanges: what was good when it was checked and is not when it is read ends the run with an error.
func TestReplayOfAFileThatChanges(t *testing.T) {
	for text, want := range map[string]string{"time\n0\nx\n": "trace.csv:3: `x` is not a time", "time\n0\n": "u sent 1 requests, and trace.csv has 2"} {
		l := recorded(t, "time\n0\n1\n", "traffic: {u: {enters: m, replay: trace.csv}}\nnodes: {m: {kind: external}}")
		if err := os.WriteFile(filepath.Join(filepath.Dir(l.File), "trace.csv"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := experiments.Run(t.Context(), l, experiments.Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v, want %s", err, want)
		}
	}
}
