package experiments_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"headroom/experiments"
	"headroom/scenarios"
)

func load(t *testing.T, text string) *scenarios.Loaded {
	t.Helper()
	l, err := scenarios.Load(t.Name()+".yaml", []byte(text), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func sweep(t *testing.T, text string, o experiments.Options, rates ...float64) *experiments.Sweep {
	t.Helper()
	s, err := experiments.RunSweep(context.Background(), load(t, text), rates, experiments.SweepOptions{Options: o})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestSweepRates: as many in each factor of ten, from the first to the last.
func TestSweepRates(t *testing.T) {
	for _, c := range []struct {
		from, to  float64
		perDecade int
		want      []float64
	}{
		{1, 100, 1, []float64{1, 10, 100}},
		{1, 10, 3, []float64{1, 2.15, 4.64, 10}},
		{5, 60, 2, []float64{5, 15.8, 50, 60}},
		{10, 11, 3, []float64{10, 11}},
		{1, 1.001, 5000, []float64{1, 1.001}},
	} {
		if got, err := experiments.Rates(c.from, c.to, c.perDecade); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("from %g to %g, %d per decade: %v, %v, want %v", c.from, c.to, c.perDecade, got, err, c.want)
		}
	}
	if got, _ := experiments.Rates(1, 1e6, 3); len(got) != 19 {
		t.Errorf("from 1 to 1M there are %d rates, want 19: %v", len(got), got)
	}
	for _, c := range [][3]float64{{0, 10, 3}, {10, 1, 3}, {10, 10, 3}, {1, 10, 0}, {1, 1e6, 1000}} {
		if got, err := experiments.Rates(c[0], c[1], int(c[2])); err == nil {
			t.Errorf("%v: %v", c, got)
		}
	}
}

// TestSweepPointIsARunAtItsRate: a point is what the scenario gives at that rate, whichever points stand beside it and however many cores
// there are.
func TestSweepPointIsARunAtItsRate(t *testing.T) {
	s := sweep(t, short, experiments.Options{Parallel: 3}, 80, 20, 80)
	if len(s.Points) != 2 || s.Points[0].Rate != 20 || s.Points[1].Rate != 80 {
		t.Fatalf("points %+v", s.Points)
	}
	alone := sweep(t, short, experiments.Options{Parallel: 1}, 80)
	for _, p := range []experiments.Point{s.Points[1], alone.Points[0]} {
		l := load(t, short)
		l.ScaleTo(80)
		r, err := experiments.Run(context.Background(), l, experiments.Options{Parallel: 2})
		if err != nil {
			t.Fatal(err)
		}
		r.Run.WallSeconds, p.Result.Run.WallSeconds = 0, 0
		if asJSON(t, r) != asJSON(t, p.Result) {
			t.Errorf("the point says\n%s\nand the run\n%s", asJSON(t, p.Result), asJSON(t, r))
		}
	}
}

// TestSweepFillsCachesAsRunsDo: the points share what their caches are filled with, each policy its own, and are what they are alone; where
// entries expire it depends on the rate.
func TestSweepFillsCachesAsRunsDo(t *testing.T) {
	for _, more := range []string{"lru", "lfu", "fifo", "random", "s3-fifo", "lru, ttl: 10s"} {
		text := `
run: {requests: 2k, replications: 2}
data: {rows: {keys: 3k, popularity: zipf(0.9)}}
requests: {get: {data: rows}, put: {data: rows, write: true}}
traffic: {u: {enters: a, rate: 100/s, mix: {get: 90%, put: 10%}}}
nodes:
  a: {kind: server, handles: {get: [read: c], put: [write: db]}}
  c: {kind: cache, instances: 2, entries: 200, origin: db, policy: ` + more + `}
  db: {kind: database, read: exp(1us), write: exp(1us)}`
		p := sweep(t, text, experiments.Options{Parallel: 1}, 100, 70_000).Points[1]
		l := load(t, text)
		l.ScaleTo(70_000)
		r, err := experiments.Run(context.Background(), l, experiments.Options{Parallel: 1})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := asJSON(t, p.Result.Nodes), asJSON(t, r.Nodes); got != want {
			t.Errorf("%s: beside another point\n%s\na run\n%s", more, got, want)
		}
	}
}

// TestSaturatedPointHasNoLatency: neither of the whole nor of its parts, but it has its throughput, the capacity of 100/s.
func TestSaturatedPointHasNoLatency(t *testing.T) {
	s := sweep(t, short, experiments.Options{}, 50, 300)
	low, high := s.Points[0], s.Points[1]
	if low.Saturated || !low.MeetsSLO() || !low.Result.Latency.P99.Known() {
		t.Errorf("at 50/s: saturated %v, SLO %+v, latency %+v", low.Saturated, low.Result.SLO, low.Result.Latency)
	}
	r := high.Result
	if !high.Saturated || high.MeetsSLO() || r.Load.Completed < 90 || r.Load.Completed > 110 {
		t.Errorf("at 300/s: saturated %v, SLO %+v, load %+v", high.Saturated, r.SLO, r.Load)
	}
	for _, l := range []experiments.Latency{r.Latency, r.Requests["request"].Latency, r.Requests["request"].Done, r.Sources["u"].Latency, r.Nodes["s"].Latency} {
		if l.Mean.Known() || l.P99.Known() || l.Max.Known() || l.CI95 != nil || l.Count == 0 {
			t.Errorf("the saturated point has the latency %+v", l)
		}
	}
	if n := r.Nodes["s"]; n.Own.Mean.Known() || n.Resources["servers"].Wait.Mean.Known() {
		t.Errorf("the saturated point has times at its node: %+v", n)
	}
}

// TestSweepRefusesWhatHasNoRate, and leaves out the rates that are less than what does not scale.
func TestSweepRefusesWhatHasNoRate(t *testing.T) {
	const node = "\nrun: {requests: 1k}\nnodes: {s: {kind: station, service: exp(1ms)}}"
	for text, want := range map[string]string{
		"traffic: {u: {enters: s, users: 5, think: 1s}}":                                              "closed users",
		"traffic: {u: {enters: s, rate: 10/s, scales: false}}":                                        "no rate to change",
		"traffic: {u: {enters: s, rate: 10/s}, b: {enters: s, rate: 300/s, scales: false}}":           "ends at 200/s",
		"traffic: {u: {enters: s, rate: 10/s}, b: {enters: s, batch: {every: 10s, size: 5k}}}":        "ends at 200/s",
		"traffic: {u: {enters: s, rate: 10/s, scales: false}, b: {enters: s, users: 5, think: 1s}}\n": "no rate to change",
	} {
		_, err := experiments.RunSweep(context.Background(), load(t, text+node), []float64{20, 200}, experiments.SweepOptions{})
		var refused experiments.Unsweepable
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	_, err := experiments.RunSweep(context.Background(), recorded(t, "time\n0\n1\n", "traffic: {u: {enters: m, replay: trace.csv}}\nnodes: {m: {kind: external}}"), []float64{1}, experiments.SweepOptions{})
	if err == nil || !strings.Contains(err.Error(), "a replay") {
		t.Errorf("a replay: %v", err)
	}
	s := sweep(t, "traffic: {u: {enters: s, rate: 10/s}, b: {enters: s, rate: 100/s, scales: false}}"+node, experiments.Options{}, 20, 100, 200)
	if len(s.Points) != 1 || s.Points[0].Rate != 200 || !slices.ContainsFunc(s.Warnings, func(w string) bool { return strings.Contains(w, "up to 100/s are left out") }) {
		t.Errorf("points %+v, warnings %q", s.Points, s.Warnings)
	}
}

// TestSweepIsOfSteadyLoads: a point has neither stages nor events, and no more requests than the file's own run.
func TestSweepIsOfSteadyLoads(t *testing.T) {
	s := sweep(t, `
run: {duration: 40s, warmup: 10s, replications: 2}
traffic: {u: {enters: s, rate: 50/s}}
nodes: {s: {kind: station, servers: 100, service: exp(10ms)}}
events: [{at: 10s, surge: u, factor: 10x}]`, experiments.Options{}, 25, 50, 500)
	for i, want := range []struct{ seconds, warmup experiments.Num }{{40, 10}, {40, 10}, {4, 1}} {
		r := s.Points[i].Result
		if asked := r.Load.Asked; asked != s.Points[i].Rate || r.Run.SimulatedSeconds != want.seconds || r.Run.WarmupSeconds != want.warmup || r.Events != nil {
			t.Errorf("at %g/s: asked %g, run %+v, events %+v", s.Points[i].Rate, asked, r.Run, r.Events)
		}
	}
	if !slices.ContainsFunc(s.Warnings, func(w string) bool { return strings.Contains(w, "events are left out") }) {
		t.Errorf("warnings %q", s.Warnings)
	}
	s = sweep(t, `
run: {replications: 2}
traffic: {u: {enters: s, stages: [{for: 10s, rate: 10/s}, {for: 10m, to: 90/s}]}}
nodes: {s: {kind: station, service: exp(10ms)}}`, experiments.Options{Quick: true}, 30)
	if r := s.Points[0].Result; r.Load.Asked != 30 || r.Run.SimulatedSeconds == 610 || len(s.Warnings) == 0 {
		t.Errorf("stages: %+v, %+v, warnings %q", r.Load, r.Run, s.Warnings)
	}
}

// TestInterruptedSweepKeepsWhatIsDone: the points that are done are those of the whole sweep; without one there is nothing.
func TestInterruptedSweepKeepsWhatIsDone(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	o := experiments.SweepOptions{Options: experiments.Options{Parallel: 1, Progress: func(share float64) {
		if share > .1 {
			cancel()
		}
	}}}
	s, err := experiments.RunSweep(ctx, load(t, short), []float64{20, 40, 60, 80}, o)
	if err != nil {
		t.Fatal(err)
	}
	if !s.Partial || len(s.Points) == 0 || len(s.Points) > 2 {
		t.Fatalf("partial %v, %d points", s.Partial, len(s.Points))
	}
	whole := sweep(t, short, experiments.Options{}, 20)
	s.Points[0].Result.Run.WallSeconds, whole.Points[0].Result.Run.WallSeconds = 0, 0
	if asJSON(t, s.Points[0]) != asJSON(t, whole.Points[0]) {
		t.Error("the first point of the interrupted sweep is another than that of a whole one")
	}
	if s, err := experiments.RunSweep(ctx, load(t, short), []float64{20}, o); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted from the beginning: %+v, %v", s, err)
	}
}

// TestInterruptedSearchKeepsThePoints: all of them are there, and no capacity that was not found.
func TestInterruptedSearchKeepsThePoints(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	o := experiments.SweepOptions{Search: true, Options: experiments.Options{Parallel: 1, Progress: func(share float64) {
		if share > 2.1/12 { // of two points, and of what the search is expected to try
			cancel()
		}
	}}}
	s, err := experiments.RunSweep(ctx, load(t, short), []float64{50, 200}, o)
	if err != nil {
		t.Fatal(err)
	}
	if !s.Partial || len(s.Points) != 2 || s.Capacity != nil || s.Knee != nil {
		t.Errorf("partial %v, %d points, capacity %+v, knee %+v", s.Partial, len(s.Points), s.Capacity, s.Knee)
	}
}
