package experiments_test

import (
	"math"
	"slices"
	"testing"

	"headroom/experiments"
	"headroom/scenarios"
)

// refused tells of each request, in their order, whether it was refused: by the buckets of the series, each of which has one at most.
func refused(t *testing.T, r *experiments.Result) (all []bool, at []float64) {
	t.Helper()
	for i, s := 0, r.Series; i < len(s.T); i++ {
		switch n := math.Round(float64(s.Offered[i] * s.BucketSeconds)); {
		case n > 1:
			t.Fatalf("%g requests in one bucket", n)
		case n == 1:
			all, at = append(all, s.Errors[i] > 0), append(at, float64(s.T[i]))
		}
	}
	return all, at
}

// TestArticleRateLimiting is the article's row: at a limit of 3 per second requests 1-3 pass, 4 and 5 get 429, and after a second request 6
// passes, under each algorithm; twice the limit passes at the border of a fixed window; a greedy client cannot hurt the others.
func TestArticleRateLimiting(t *testing.T) {
	for _, algorithm := range []string{"", "fixed-window", "sliding-window", "sliding-log", "leaky-bucket"} {
		r := builtin(t, "rate-limiting", algorithm)
		got, at := refused(t, r)
		if want := []bool{false, false, false, true, true, false}; !slices.Equal(got, want) {
			t.Errorf("%q: refused %v, want %v", algorithm, got, want)
		}
		if n := len(at); n == 6 && (at[4] > 0.25 || at[5]-at[4] < 0.97 || at[5]-at[4] > 1.03) {
			t.Errorf("%q: the requests come at %v", algorithm, at)
		}
		if n := r.Outcomes.RateLimited; n != 2*int64(r.Run.Replications) || r.Nodes["limiter"].Errors["rate_limited"] != n || r.Sources["visitor"].Outcomes.RateLimited != n {
			t.Errorf("%q: %+v, at the limiter %v", algorithm, r.Outcomes, r.Nodes["limiter"].Errors)
		}
	}
	for variant, passed := range map[string]int64{"border-fixed-window": 6, "border-sliding-log": 3} {
		if r := builtin(t, "rate-limiting", variant); r.Outcomes.OK != passed*int64(r.Run.Replications) {
			t.Errorf("%s: %d of 8 pass, want %d", variant, r.Outcomes.OK/int64(r.Run.Replications), passed)
		}
	}
	short := scenarios.Change{Path: "run.requests", Value: "20k"}
	together, each := builtin(t, "rate-limiting", "greedy-one-limit", short), builtin(t, "rate-limiting", "greedy-per-client", short)
	if r := together.Sources["modest"].ErrorRate; r < 0.65 {
		t.Errorf("one limit for all refuses %g of the modest clients' requests", r)
	}
	if r := each.Sources["modest"].ErrorRate; r > 0.02 {
		t.Errorf("a limit for each refuses %g of the modest clients' requests", r)
	}
	if g := each.Sources["greedy"]; g.ErrorRate < 0.96 {
		t.Errorf("a limit for each refuses only %g of the greedy client's requests", g.ErrorRate)
	}
	// Who are served does not depend on the greedy one: without him the others lose the same requests.
	alone := builtin(t, "rate-limiting", "greedy-per-client", short, scenarios.Change{Path: "traffic.greedy.rate", Value: "0.001/s"},
		scenarios.Change{Path: "run.duration", Value: "100s", Replaces: "run.requests"})
	beside := builtin(t, "rate-limiting", "greedy-per-client", scenarios.Change{Path: "run.duration", Value: "100s"})
	if a, b := alone.Sources["modest"].Outcomes, beside.Sources["modest"].Outcomes; a.OK != b.OK || a.RateLimited != b.RateLimited || a.RateLimited == 0 {
		t.Errorf("without the greedy client %+v, with him %+v", a, b)
	}
}

// TestLimitIsAResource: its capacity is that of all its holders together, it is used up by what passes, and it is the bottleneck.
func TestLimitIsAResource(t *testing.T) {
	for _, c := range []struct {
		name, limiter string
		capacity      float64
		utilization   float64
	}{
		{"for all", "limit: 600/m", 10, 1},
		{"per class", "limit: 5/s, per: request", 10, .5 + .5/5}, // 18/s of one, which has 5/s, and 1/s of the other
		{"per client", "limit: 1/s, per: client", 20, 0},
		{"leaky", "limit: 10/s, algorithm: leaky-bucket", 10, 1},
	} {
		r := run(t, `
run: {requests: 20k}
requests: {a: {}, b: {}}
traffic: {u: {enters: m, rate: 19/s, clients: 20, mix: {a: 94.7368%, b: 5.2632%}}}
nodes: {m: {kind: rate-limiter, to: x, `+c.limiter+`}, x: {kind: external, latency: 1ms}}`)
		l := r.Nodes["m"].Resources["limit"]
		if math.Abs(float64(l.Capacity)-c.capacity) > 1e-9 {
			t.Errorf("%s: capacity %g, want %g", c.name, l.Capacity, c.capacity)
		}
		passed := float64(r.Load.Goodput) / c.capacity
		if math.Abs(float64(l.Utilization)-passed) > 0.01 || c.utilization > 0 && math.Abs(float64(l.Utilization)-c.utilization) > 0.02 {
			t.Errorf("%s: utilization %g; of what it allows %g passes", c.name, l.Utilization, passed)
		}
		if b := r.Bottleneck; b.Node != "m" || b.Class != "limit" || b.Resource != "limit" {
			t.Errorf("%s: the bottleneck is %+v", c.name, b)
		}
		if queued := l.Queue.Mean > 0; queued != (c.name == "leaky") || queued && math.Abs(float64(l.Queue.Mean/l.Wait.Mean)-10) > 0.2 {
			t.Errorf("%s: queue %+v, wait %+v; Little's law asks for 10 as many as seconds", c.name, l.Queue, l.Wait)
		}
	}
}

// TestLimitsOfUnknownNumber: clients of a replay come without number, so that their limits have no capacity together.
func TestLimitsOfUnknownNumber(t *testing.T) {
	r := replayed(t, "time,client\n0,ann\n0.1,ann\n0.2,bob\n", `
traffic: {u: {enters: m, replay: trace.csv}}
nodes: {m: {kind: rate-limiter, limit: 1/s, per: client, to: x}, x: {kind: external, latency: 1ms}}`)
	if l := r.Nodes["m"].Resources["limit"]; l.Capacity.Known() || l.Utilization.Known() || r.Bottleneck.Class != "limit" || r.Bottleneck.SaturatesAt.Known() {
		t.Errorf("%+v, bottleneck %+v", l, r.Bottleneck)
	}
	if r.Outcomes.OK != 8 || r.Outcomes.RateLimited != 4 {
		t.Errorf("%+v: Ann's second request is one too many", r.Outcomes)
	}
}
