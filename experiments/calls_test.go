package experiments_test

import (
	"fmt"
	"math"
	"testing"
)

// TestWhatIsCancelledFreesItsServerAtOnce: a call every 20 s, of 10 s, is given up after 1 s. Left alone it takes all of its time, all of it in
// vain but the first second; cancelled it takes that second.
func TestWhatIsCancelledFreesItsServerAtOnce(t *testing.T) {
	for _, node := range []string{
		"kind: station, service: 10s", "kind: station, discipline: ps, service: 10s", "kind: station, discipline: priority-preemptive, service: 10s",
		"kind: server, cores: 1, work: 10s", "kind: server, cores: 1, work: 10s, contention: {sigma: 1%}", "kind: database, cores: 1, read: 10s",
	} {
		for cancel, busy := range map[string]float64{"none": .5, "queued": .5, "all": .05} {
			r := run(t, fmt.Sprintf(`
run: {duration: 4000s, warmup: 5s, replications: 1}
traffic: {u: {enters: a, rate: 0.05/s, arrivals: constant}}
nodes: {a: {kind: server, handles: {default: [{read: x, timeout: 1s, cancel: %s}]}}, x: {%s}}`, cancel, node))
			for name, k := range r.Nodes["x"].Resources {
				if (name == "servers" || name == "cpu") && (math.Abs(float64(k.Utilization)-busy) > .003 || k.Wasted < .99) {
					t.Errorf("%s, cancel %s: %s is busy %g of the time, %g of it in vain; want %g, and all of it in vain", node, cancel, name, k.Utilization, k.Wasted, busy)
				}
			}
			if r.Attempts.TimedOut == 0 || r.Attempts.Succeeded != 0 {
				t.Errorf("%s, cancel %s: %+v", node, cancel, r.Attempts)
			}
			if late := r.Attempts.Wasted > 0; late != (cancel != "all") {
				t.Errorf("%s, cancel %s: %d answers came late", node, cancel, r.Attempts.Wasted)
			}
		}
	}
}

// TestCancelledCallsAreTriedAgainOnce: each of two tries is given up and cancelled with all that it waits for, three calls deep.
func TestCancelledCallsAreTriedAgainOnce(t *testing.T) {
	r := run(t, `
run: {duration: 1000s, warmup: 0s, replications: 1}
traffic: {u: {enters: a, stages: [{for: 900s, rate: 1/s}], arrivals: constant}}
nodes:
  a: {kind: server, handles: {default: [{call: b, timeout: 100ms, retry: {attempts: 2, backoff: 50ms}, cancel: all}]}}
  b: {kind: server, pools: {c: 1}, handles: {default: [{lock: {name: all, do: [{call: c, timeout: 1h}]}}]}}
  c: {kind: server, concurrency: 1, handles: {default: [call: x]}}
  x: {kind: external, latency: 10s}`)
	n := r.Outcomes.Timeout
	if a := r.Attempts; n < 899 || a.TimedOut != 2*n || a.Retries != n || a.Lost != 2*n || a.Total != 4*n {
		t.Errorf("%d requests timed out, with %+v: want two tries each at a, each with one at b that is lost", n, a)
	}
}

// TestAFetchForOthersIsNotCancelled: who asks a cache for what it fetches already has it, though the first who asked gives up and cancels.
func TestAFetchForOthersIsNotCancelled(t *testing.T) {
	r := run(t, `
run: {duration: 100s, warmup: 0s, replications: 1}
data: {items: {keys: 1}}
requests: {get: {data: items}}
traffic:
  hasty: {enters: a, stages: [{for: 90s, rate: 1/s}], arrivals: constant}
  patient: {enters: b, stages: [{for: 90s, rate: 1/s}], arrivals: constant}
nodes:
  a: {kind: server, handles: {default: [{read: c, timeout: 20ms, cancel: all}]}}
  b: {kind: server, handles: {default: [delay: 10ms, read: c]}}
  c: {kind: cache, mode: through, entries: 0, origin: x}
  x: {kind: external, latency: 100ms}`)
	if r.Outcomes.OK != 89 || r.Outcomes.Timeout != 89 {
		t.Errorf("outcomes are %+v: want the 89 of the hasty to time out, and all 89 of the patient to be ok", r.Outcomes)
	}
}

// TestWhoIsToldToFetchAndGaveUpLeavesNobodyWaiting: the cache says on an answer that is on its way to somebody who has given up that he is to
// fetch. Nobody may wait for that.
func TestWhoIsToldToFetchAndGaveUpLeavesNobodyWaiting(t *testing.T) {
	r := run(t, `
run: {duration: 100s, warmup: 0s, replications: 1}
regions: {rtt: {us: {eu: 20ms}}}
data: {items: {keys: 1}}
requests: {get: {data: items}}
traffic:
  hasty: {enters: a, stages: [{for: 90s, rate: 1/s}], arrivals: constant, regions: {us: 100%}}
  patient: {enters: b, stages: [{for: 90s, rate: 1/s}], arrivals: constant, regions: {us: 100%}}
nodes:
  a: {kind: server, region: us, handles: {default: [{read: c, timeout: 15ms}]}}
  b: {kind: server, region: us, handles: {default: [delay: 4ms, read: c]}}
  c: {kind: cache, region: eu, mode: aside, entries: 0, origin: x}
  x: {kind: external, region: eu, latency: 100ms}`)
	if all := r.Outcomes.OK + r.Outcomes.Timeout; all != 178 || r.Outcomes.InFlight != 0 {
		t.Errorf("outcomes are %+v: want all 178 to end", r.Outcomes)
	}
}

// TestABreakerWhoseProbeIsCancelledProbesAgain: while x is dead a's breaker opens; while x is slow its probes are cancelled with the visits
// that make them; when x is well again one succeeds.
func TestABreakerWhoseProbeIsCancelledProbesAgain(t *testing.T) {
	r := run(t, `
run: {duration: 20s, warmup: 0s, replications: 1}
traffic: {u: {enters: front, rate: 10/s, arrivals: constant}}
nodes:
  front: {kind: server, handles: {default: [{call: a, timeout: 100ms, cancel: all}]}}
  a: {kind: server, handles: {default: [{call: x, breaker: {consecutive: 1, open: 1s}}]}}
  x: {kind: external, latency: 10ms}
events: [{at: 2s, kill: x, for: 2s}, {at: 3s, slow: x, factor: 100x, for: 7s}]`)
	// up for 2 s at first, and from the first probe after 10 s on, which comes at 11.1 s at the latest
	if ok := r.Outcomes.OK; ok < 20+88 || r.Attempts.Lost == 0 {
		t.Errorf("%d requests are ok, with %+v: want those before 2 s and after 11.1 s", ok, r.Attempts)
	}
}

// TestWhoPausesDoesNotLookAtTheClock: an answer that comes in time, to a machine that pauses, has come when that goes on, and its timeout with
// it: each request ends once.
func TestWhoPausesDoesNotLookAtTheClock(t *testing.T) {
	r := run(t, `
run: {duration: 20s, warmup: 0s, replications: 1}
traffic: {u: {enters: a, stages: [{for: 15s, rate: 100/s}], arrivals: constant}}
nodes:
  a: {kind: server, handles: {default: [{call: x, timeout: 100ms}, {call: x, timeout: 1s}]}}
  x: {kind: external, latency: 50ms}
events: [{at: 5s, pause: a, for: 2s}]`)
	if r.Outcomes.OK != 1499 {
		t.Errorf("outcomes are %+v: want all 1499 ok, since each answer took 50 ms", r.Outcomes)
	}
}
