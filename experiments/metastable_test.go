package experiments_test

import (
	"math"
	"strings"
	"testing"

	"headroom/experiments"
)

// stampede is a cache of answers that live for 5 s, in front of a database that answers 200 a second. Of 1000 keys, each asked for once a
// second, 5/6 are there (r ttl / (1 + r ttl)), so that 167 are fetched. When the cache has lost all, more is fetched than the database can answer,
// in whose queue a key stands many times: what it answers in 5 s, 1000 draws from 1000 keys, is 1 - 1/e = 63% of them, so that 370 are
// fetched for ever.
func stampede(redis string) string {
	return `
run: {duration: 60s, warmup: 20s, replications: 2}
slo: [p99 < 500ms]
data: {items: {keys: 1k}}
requests: {get: {data: items}}
traffic: {u: {enters: api, rate: 1k/s}}
nodes:
  api: {kind: server, handles: {get: [read: redis]}}
  redis: {kind: cache, entries: 1k, ttl: 5s, origin: db` + redis + `}
  db: {kind: database, cores: 1, read: exp(5ms)}
events: [{at: 15s, flush: redis}]`
}

// TestAColdCacheKeepsASystemDown: unless one fetch answers all who ask for the same key.
func TestAColdCacheKeepsASystemDown(t *testing.T) {
	down, up := run(t, stampede("")), run(t, stampede(", coalesce: true"))
	if !strings.HasPrefix(down.Metastable, "cold cache (redis has ") || !strings.Contains(down.Metastable, " and had 8") {
		t.Errorf("it is fed by %q", down.Metastable)
	}
	if e := up.Events[0]; up.Metastable != "" || !(e.RecoveredAfter < 15) || e.For != 0 {
		t.Errorf("with coalescing it is fed by %q, and well again after %g s", up.Metastable, e.RecoveredAfter)
	}
}

// TestAStandingQueueKeepsASystemDown: cores that tell each other of all they do, n of which do the work of n/(1+n(n-1)/100), do that of 5.3 at
// most. They carry a load of 3 as long as no more than 31 are busy: after a pause there are hundreds.
func TestAStandingQueueKeepsASystemDown(t *testing.T) {
	of := func(event string) *experiments.Result {
		return run(t, `
run: {duration: 60s, warmup: 5s, replications: 2}
slo: [p99 < 500ms]
traffic: {u: {enters: m, rate: 300/s}}
nodes: {m: {kind: server, cores: 10k, work: exp(10ms), contention: {kappa: 1%}}}
events: [`+event+`]`)
	}
	if r := of("{at: 15s, pause: m, for: 2s}"); !strings.HasPrefix(r.Metastable, "queue (") {
		t.Errorf("after a pause it is fed by %q", r.Metastable)
	}
	if r := of("{at: 15s, pause: m, for: 10ms}"); r.Metastable != "" || r.Events[0].RecoveredAfter != 0 {
		t.Errorf("after a moment it is fed by %q, and well after %g s", r.Metastable, r.Events[0].RecoveredAfter)
	}
}

// TestNotEveryLongOutageIsMetastable: neither a queue that drains, nor an overload, nor what is never undone, nor what was bad before.
func TestNotEveryLongOutageIsMetastable(t *testing.T) {
	for why, c := range map[string][2]string{
		"it drains":              {"rate: 230/s", "{at: 20s, pause: m, for: 5s}"},
		"it gets more than ever": {"stages: [{for: 30s, rate: 200/s}, {for: 30s, rate: 300/s}]", "{at: 20s, pause: m, for: 1s}"},
		"it is not undone":       {"rate: 200/s", "{at: 20s, slow: m, factor: 2x}"},
		"it was bad before":      {"rate: 260/s", "{at: 20s, pause: m, for: 5s}"},
	} {
		duration := ""
		if c[0][:4] == "rate" {
			duration = "duration: 60s, "
		}
		r := run(t, `
run: {`+duration+`warmup: 5s, replications: 2}
slo: [p99 < 100ms]
traffic: {u: {enters: m, arrivals: constant, `+c[0]+`}}
nodes: {m: {kind: server, cores: 1, work: 4ms}}
events: [`+c[1]+`]`)
		if r.Events[0].RecoveredAfter.Known() || r.Metastable != "" {
			t.Errorf("%s: it is fed by %q, and well again after %g s", why, r.Metastable, r.Events[0].RecoveredAfter)
		}
	}
}

// TestPhasesOfAnEvent: of four instances one is dead from 10 to 30 s, so that a quarter of the calls is lost then and none before and after; the
// time before is as long as there was.
func TestPhasesOfAnEvent(t *testing.T) {
	r := run(t, `
run: {duration: 80s, warmup: 1s}
traffic: {u: {enters: api, rate: 500/s}}
nodes: {api: {kind: server, instances: 4, cores: unlimited, work: 1ms}}
events: [{at: 10s, kill: api/2, for: 20s}, {at: 50s, slow: api, factor: 8x}, {at: 70s, kill: api, for: 5s}]`)
	dead, slow, gone := r.Events[0], r.Events[1], r.Events[2]
	// 4 runs with 10000 calls each: 5 standard deviations of a share of a quarter
	if got := float64(dead.During.ErrorRate); math.Abs(got-.25) > 5*math.Sqrt(.25*.75/40_000) || dead.Before.ErrorRate != 0 || dead.After.ErrorRate != 0 {
		t.Errorf("%g of the requests are lost while one is dead, %g before, %g after", got, dead.Before.ErrorRate, dead.After.ErrorRate)
	}
	for what, pair := range map[string][2]float64{
		"goodput before": {float64(dead.Before.Goodput), 500}, "goodput during": {float64(dead.During.Goodput), 375}, "goodput after": {float64(dead.After.Goodput), 500},
		"p99 before": {float64(slow.Before.P99), .001}, "p99 during": {float64(slow.During.P99), .008}, "goodput with none": {float64(gone.During.Goodput), 0},
		"p99 at last": {float64(gone.After.P99), .008},
	} {
		if math.Abs(pair[0]-pair[1]) > .03*pair[1] {
			t.Errorf("%s is %g, want %g", what, pair[0], pair[1])
		}
	}
	if slow.After != nil {
		t.Errorf("there is no time after what is never undone, but %v", slow.After)
	}
}
