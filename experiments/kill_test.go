package experiments_test

import (
	"math"
	"testing"

	"headroom/experiments"
)

// TestAQuarterOfTheCallsFindsOneOfFourDead: without a balancer nobody notices, as long as it takes.
func TestAQuarterOfTheCallsFindsOneOfFourDead(t *testing.T) {
	r := run(t, `
run: {duration: 40s, warmup: 1s}
traffic: {u: {enters: api, rate: 500/s}}
nodes: {api: {kind: server, instances: 4, cores: unlimited, work: 1ms}}
events: [{at: 10s, kill: api/2, for: 20s}]`)
	binomialShare(t, "unavailable", r.Outcomes.Unavailable, 4*20*500, .25)
	if r.Events[0].RecoveredAfter != 20 || r.Events[0].What != "kill api/2" || r.Events[0].At != 10 || r.Events[0].For != 20 {
		t.Errorf("the event is %+v", r.Events[0])
	}
}

// binomialShare holds a count to a share of so many Poisson arrivals, within 5 standard deviations.
func binomialShare(t *testing.T, what string, got int64, of, share float64) {
	t.Helper()
	if math.Abs(float64(got)-of*share) > 5*math.Sqrt(of*share) {
		t.Errorf("%s: %d, want %.0f of %.0f", what, got, of*share, of)
	}
}

// TestWhatIsUnderWayDiesWithItsInstance: of requests that take exactly a second, those of the last second before the kill are lost, and all
// that come while nothing is alive; the others know nothing of it.
func TestWhatIsUnderWayDiesWithItsInstance(t *testing.T) {
	for name, api := range map[string]string{
		"on a core":      "{kind: server, cores: unlimited, work: 1s}",
		"sharing cores":  "{kind: station, servers: 10k, discipline: ps, service: 1s}",
		"in a place":     "{kind: server, concurrency: 10k, handles: {default: [delay: 1s]}}",
		"waiting":        "{kind: server, handles: {default: [call: far]}}",
		"in a branch":    "{kind: server, handles: {default: [parallel: [[delay: 1s], [delay: 2ms]]]}}",
		"far away":       "{kind: external, latency: 1s}",
		"behind a cache": "{kind: cache, hit_ratio: 0%, mode: through, origin: far}",
	} {
		r := run(t, `
run: {duration: 20s, warmup: 2s}
traffic: {u: {enters: api, rate: 300/s}}
nodes:
  api: `+api+`
  far: {kind: external, latency: 1s}
events: [{at: 5s, kill: api, for: 3s}]`)
		binomialShare(t, name, r.Outcomes.Unavailable, 4*(1+3)*300, 1)
		if r.Latency.Count > 0 && math.Abs(float64(r.Latency.Max)-1) > .002 {
			t.Errorf("%s: the slowest took %g s, want 1 s", name, r.Latency.Max)
		}
	}
}

// TestWhatADeadVisitAskedForGoesOn: the database works on for those who do not listen any more.
func TestWhatADeadVisitAskedForGoesOn(t *testing.T) {
	r := run(t, `
run: {duration: 20s, warmup: 2s}
traffic: {u: {enters: api, rate: 300/s}}
nodes:
  api: {kind: server, handles: {default: [call: db]}}
  db: {kind: database, cores: unlimited, read: 1s}
events: [{at: 5s, kill: api, for: 3s}]`)
	binomialShare(t, "answers of db", int64(float64(r.Nodes["db"].Throughput)*20*4), 4*(20-3)*300, 1)
	binomialShare(t, "lost by api", r.Nodes["api"].Errors["unavailable"], 4*4*300, 1)
	if n := r.Nodes["db"].Errors["unavailable"]; n > 0 {
		t.Errorf("%d calls of db are lost with their caller", n)
	}
}

// TestTimeGoesWhereItDidAfterAKill: what goes on for the dead is not counted among the parts of others' time.
func TestTimeGoesWhereItDidAfterAKill(t *testing.T) {
	r := run(t, `
run: {duration: 20s, warmup: 2s}
traffic: {u: {enters: api, rate: 300/s}}
nodes:
  api: {kind: server, instances: 2, cores: unlimited, handles: {default: [cpu: 10ms, call: db]}}
  db: {kind: database, cores: unlimited, read: 90ms}
events: [{at: 5s, kill: api/0, for: 10ms}, {at: 10s, kill: api, for: 10ms}, {at: 15s, kill: api/1, for: 10ms}]`)
	for _, part := range r.WhereTime {
		want := map[string]float64{"api": .1, "db": .9}[part.Node]
		if math.Abs(float64(part.Share)-want) > 1e-9 || math.Abs(float64(part.TailShare)-want) > 1e-9 {
			t.Errorf("%s has %g of the time and %g of the slowest, want %g", part.Node, part.Share, part.TailShare, want)
		}
	}
}

// TestADeadCacheComesBackEmpty: every key must be fetched once more.
func TestADeadCacheComesBackEmpty(t *testing.T) {
	of := func(events string) float64 {
		r := run(t, `
run: {duration: 20s, warmup: 2s}
data: {items: {keys: 1k}}
requests: {get: {data: items}}
traffic: {u: {enters: redis, rate: 1k/s}}
nodes: {redis: {kind: cache, mode: through, entries: 1k, origin: x}, x: {kind: external}}
`+events)
		return float64(r.Nodes["redis"].Cache.Misses) / 4
	}
	if before, after := of(""), of("events: [{at: 5s, kill: redis, for: 1ms}]"); before != 0 || math.Abs(after-1000) > 1 {
		t.Errorf("%g keys are fetched without a kill, %g with one, want 0 and 1000", before, after)
	}
}

// TestJobsOfADeadWorkerComeAgain: after the visibility timeout where there is one, and at once where there is none; with one attempt they are
// dead.
func TestJobsOfADeadWorkerComeAgain(t *testing.T) {
	of := func(queue string) *experiments.Result {
		return run(t, `
run: {duration: 60s, warmup: 10s}
traffic: {u: {enters: jobs, rate: 50/s}}
nodes:
  jobs: {kind: queue, to: hands, `+queue+`}
  hands: {kind: worker, instances: 2, concurrency: 1k, handles: {default: [delay: 2s]}}
events: [{at: 20s, kill: hands/0, for: 10s}]`)
	}
	again, after, dead := of("max_attempts: 2"), of("visibility_timeout: 20s"), of("max_attempts: 1")
	// half of the 100 jobs under way are at the one that dies
	binomialShare(t, "at once", again.Nodes["jobs"].Queue.Redelivered, 4*50, 1)
	binomialShare(t, "after the timeout", after.Nodes["jobs"].Queue.Redelivered, 4*50, 1)
	binomialShare(t, "dead", dead.Nodes["jobs"].Queue.Dead, 4*50, 1)
	if slow := float64(after.Requests["request"].Done.Max); math.Abs(slow-22) > .01 {
		t.Errorf("the last job is done after %g s, want the timeout and the 2 s of the job", slow)
	}
	if slow := float64(again.Requests["request"].Done.Max); slow > 4 {
		t.Errorf("the last job is done after %g s, want 4 s at most: it starts anew at once", slow)
	}
}

// TestNobodyFetchesForTheDead: a server that dies between a miss and its fetch leaves nobody waiting for it.
func TestNobodyFetchesForTheDead(t *testing.T) {
	r := run(t, `
run: {duration: 20s, warmup: 0s}
data: {item: {keys: 1}}
requests: {get: {data: item}}
traffic: {u: {enters: api, rate: 100/s}}
nodes:
  api: {kind: server, cores: unlimited, handles: {default: [read: redis]}}
  redis: {kind: cache, entries: 1, ttl: 100ms, get: 50ms, cores: unlimited, coalesce: true, origin: x}
  x: {kind: external, latency: 10ms}
events: [`+"{at: 5s, kill: api, for: 1ms}, {at: 6s, kill: api, for: 1ms}, {at: 7s, kill: api, for: 1ms}, {at: 8s, kill: api, for: 1ms}, {at: 9s, kill: api, for: 1ms}"+`]`)
	if r.Outcomes.InFlight > 4*20 || float64(r.Latency.Max) > .2 {
		t.Errorf("%d requests are on their way at the end, and the slowest took %g s", r.Outcomes.InFlight, r.Latency.Max)
	}
}
