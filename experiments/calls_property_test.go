package experiments

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"headroom/scenarios"
)

// anyCare draws what is done about the calls of a step, or of a source, that fail or take too long.
func anyCare(t *rapid.T, hedges, breaks bool) string {
	pick := func(what string, of ...string) string { return rapid.SampledFrom(of).Draw(t, what) }
	timeout := pick("timeout", "", ", timeout: 1ms", ", timeout: 15ms", ", timeout: 60ms")
	hedge := ""
	if hedges {
		hedge = pick("hedge", "", ", hedge: {after: 2ms}", ", hedge: {after: 20ms}")
	}
	care := timeout + hedge + pick("retry", "", ", retry: {attempts: 2}", ", retry: {attempts: 3, backoff: 4ms, jitter: full, budget: 20%}", ", retry: {attempts: 3, backoff: 10ms, jitter: equal}")
	if timeout+hedge != "" {
		care += pick("cancel", "", ", cancel: queued", ", cancel: all")
	}
	if breaks {
		care += pick("breaker", "", "", ", breaker: {consecutive: 5, open: 30ms}", ", breaker: {failures: 50%, window: 1s, open: 100ms}")
	}
	return care
}

// anySteps draws steps that call nodes, with all that can be done about the calls, and nested.
func anySteps(t *rapid.T, calls ...string) string {
	step := func(what string) string {
		call := rapid.SampledFrom(calls).Draw(t, what)
		care := anyCare(t, !strings.HasPrefix(call, "scatter") && !strings.HasPrefix(call, "publish") && !strings.Contains(call, "c0"), true)
		care += rapid.SampledFrom([]string{"", "", ", or_else: []", ", or_else: [cpu: exp(1ms), {call: partner, timeout: 5ms}]"}).Draw(t, "else")
		return "{" + call + care + "}"
	}
	var steps []string
	for i := range rapid.IntRange(1, 4).Draw(t, "steps") {
		k := fmt.Sprint("step ", i)
		s := step(k)
		switch rapid.SampledFrom([]string{"plain", "plain", "lock", "row", "parallel", "chance", "times", "cpu", "respond"}).Draw(t, "around") {
		case "lock":
			s = "lock: {name: all, do: [" + s + "]}"
		case "row":
			s = "lock: {name: all, do: [{lock: {name: row, by: key, do: [cpu: exp(1ms), " + s + "]}}]}"
		case "parallel":
			s = "parallel: [[" + s + "], [cpu: exp(1ms), " + step(k+" beside") + "], [delay: 3ms]]"
		case "chance":
			s = "{chance: 60%, do: [" + s + "]}"
		case "times":
			s = strings.TrimSuffix(s, "}") + ", times: 2}"
		case "cpu":
			s = "cpu: exp(2ms), " + s
		case "respond":
			if !strings.Contains(strings.Join(steps, " "), "respond") {
				s = "respond, " + s
			}
		}
		steps = append(steps, s)
	}
	return strings.Join(steps, ", ")
}

// anyCalls draws an architecture of machines, caches, queues, stations and a limiter, near or far, where calls are given up, tried again,
// copied, cancelled and stopped.
func anyCalls(t *rapid.T) string {
	pick := func(what string, of ...string) string { return rapid.SampledFrom(of).Draw(t, what) }
	discipline := func(what string) string { return pick(what, "fifo", "lifo", "ps", "priority", "priority-preemptive") }
	contention := func(what string) string { return pick(what, "", "contention: {sigma: 5%, kappa: 1%},") }
	network, interfaces := pick("network", "", "regions: {rtt: {us: {eu: exp(10ms)}}, last_mile: 4ms}"), ""
	located := strings.NewReplacer()
	if network != "" {
		located = strings.NewReplacer("{enters:", "{regions: {us: 60%, eu: 40%}, enters:", "{kind: server,", "{kind: server, region: us,", "{kind: cache,", "{kind: cache, region: us,",
			"{kind: database,", "{kind: database, region: us,", "{kind: station,", "{kind: station, region: eu,", "{kind: external,", "{kind: external, region: eu,",
			"{kind: queue,", "{kind: queue, region: us,", "{kind: worker,", "{kind: worker, region: us,")
		interfaces = pick("interfaces", "", "bandwidth: 10Mbps,")
	}
	return located.Replace(fmt.Sprintf(`
run: {seed: %d}
data: {rows: {keys: 5, size: 1KB}}
requests: {get: {data: rows, request: 1KB, response: 2KB}, put: {data: rows, write: true, priority: 1}}
%s
traffic:
  limited: {enters: gate, arrivals: hyperexp(cv=4), stages: [{for: 5s, rate: 100/s}], mix: {get: 60%%, put: 40%%}%s}
  balanced: {enters: lb, clients: 9, stages: [{for: 5s, rate: 60/s}], mix: {get: 100%%}%s}
  browsers: {enters: c0, clients: 5, stages: [{for: 5s, rate: 30/s}], browser_cache: {hit_ratio: 20%%}, mix: {get: 100%%}%s}
nodes:
  gate: {kind: rate-limiter, algorithm: %s, limit: 80/s, to: lb}
  lb: {kind: load-balancer, instances: 2, algorithm: %s, %s to: {app: 1, old: 2}}
  app: {kind: server, instances: 3, cores: 2, discipline: %s, %s %s %s handles: {default: [%s]}}
  old: {kind: server, instances: 2, cores: 1, discipline: %s, %s handles: {default: [cpu: exp(9ms), {call: till, timeout: 10ms, cancel: all, or_else: []}]}}
  c0: {kind: cache, mode: %s, %s, coalesce: %s%s, instances: 2, origin: db}
  db: {kind: database, instances: 3, %s discipline: %s, %s read: {cpu: exp(5ms), delay: exp(3ms)}, write: exp(9ms)}
  desk: {kind: station, instances: 2, discipline: %s, service: exp(5ms), next: {till: 50%%}}
  till: {kind: station, service: exp(5ms), next: {desk: 30%%}}
  partner: {kind: external, latency: exp(10ms), failures: 10%%}
  jobs: {kind: queue, to: work, capacity: 20, max_attempts: 3, %s}
  work: {kind: worker, instances: 2, %s handles: {default: [%s]}}
`, rapid.IntRange(1, 1000).Draw(t, "seed"), network, anyCare(t, true, false), anyCare(t, true, false), anyCare(t, true, false), pick("limiter", "leaky-bucket", "token-bucket"),
		pick("balancer", "round-robin", "least-connections", "ip-hash", "consistent-hash", "weighted-random", "power-of-two", "least-response-time"),
		pick("balancing", "", "work: exp(1ms), cores: 1,", "work: exp(1ms), cores: 1, backlog: 1, shed: gradient,"), discipline("app"), contention("app contention"), interfaces,
		pick("limits", "", "concurrency: 4, backlog: 3,", "memory: 1GB, memory_per_request: 100MB,", "pools: {db: 2},", "concurrency: 3, shed: codel(target=1ms interval=5ms),", "shed: adaptive-lifo(after=1ms),", "concurrency: 5, backlog: 1, shed: gradient,", "concurrency: 3, pools: {db: 1, desk: 1, c0: 1}, drop_after: 20ms,"),
		anySteps(t, "read: db", "write: db", "call: desk", "call: partner", "read: c0", "write: c0", "call: c0", "scatter: {to: db, count: 3, quorum: 2}", "publish: jobs"),
		discipline("old"), contention("old contention"), pick("mode", "aside", "through", "write-through", "write-behind"),
		pick("holds", "hit_ratio: 50%", "entries: 0", "entries: 3", "entries: 5, ttl: 20ms"), pick("coalesce", "true", "false"),
		pick("times", "", ", get: exp(1ms), set: exp(2ms)", ", get: 100us, cores: 1, discipline: ps"), interfaces, discipline("db"),
		pick("connections", "", "connections: 2,", "connections: 1, backlog: 2,", "shed: codel(interval=1ms),", "connections: 3, backlog: 1, shed: gradient,"), discipline("desk"),
		pick("visible", "partitions: 3", "visibility_timeout: 20ms", "partitions: 1, visibility_timeout: 1m"),
		pick("places", "", "cores: 1, ", "concurrency: 1, ", "concurrency: 3, pools: {db: 1}, "),
		anySteps(t, "read: db", "call: desk", "call: partner", "read: c0", "call: c0")))
}

// anyDeaths draws what events strike among them, if any do.
func anyDeaths(t *rapid.T) string {
	if rapid.IntRange(0, 2).Draw(t, "peace") == 0 {
		return ""
	}
	return anyEvents(t, 5, "kill: gate", "kill: lb/1", "kill: app, instances: 2", "kill: app/0", "kill: old", "kill: db", "kill: db/2", "kill: desk/1", "kill: desk", "kill: till",
		"kill: partner", "kill: c0/0", "kill: work/0", "kill: work", "pause: lb", "pause: app", "pause: app/0", "pause: db", "pause: db/2", "pause: c0", "pause: work/0", "pause: jobs",
		"pause: partner", "slow: db, factor: 10x", "slow: partner, factor: 20x", "slow: app/0, factor: 3x", "surge: limited, factor: 3x", "flush: c0",
		"resize: lb, instances: 3", "resize: app, instances: 5", "resize: app, instances: 1", "resize: work, instances: 4", "resize: old, instances: 4")
}

// TestNothingIsLostWhereCallsAreGivenUp: whatever callers do about their calls, each request ends once, each try ended or is under way, the
// time at each queue adds up, and when nothing arrives any more nothing is held and nobody waits. The same seed simulates the same again.
func TestNothingIsLostWhereCallsAreGivenUp(t *testing.T) {
	var all struct{ retries, hedges, late, lost, refused int64 }
	rapid.Check(t, func(t *rapid.T) {
		text := anyCalls(t) + anyDeaths(t)
		rep := eventfully(t, text, 5e9)
		a, _ := rep.b.Attempts()
		all.retries, all.hedges, all.late = all.retries+a.Retries, all.hedges+a.Hedges, all.late+a.TimedOut
		all.lost, all.refused = all.lost+a.Lost, all.refused+a.Refused
		endsEmpty(t, rep, text)
		if _, underWay := rep.b.Attempts(); underWay != 0 {
			t.Errorf("%d tries never end\n%s", underWay, text)
		}
		if again := eventfully(t, text, 5e9); counted(t, again) != counted(t, rep) {
			t.Errorf("the same seed simulated something else\n%s", text)
		}
	})
	if all.retries == 0 || all.hedges == 0 || all.late == 0 || all.refused == 0 || all.lost == 0 {
		t.Errorf("not all that callers do was simulated: %+v", all)
	}
}

// counted is what a replication counted, as text.
func counted(t *rapid.T, r *replication) string {
	text, err := json.Marshal([]any{r.totals, r.edges, r.attempts, r.unheard})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestTimeAddsUpWhereCallsAreGivenUp: followed part by part, the time of the requests that are ok adds up to their latency to the nanosecond,
// whatever was given up, tried again, copied and cancelled on the way.
func TestTimeAddsUpWhereCallsAreGivenUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Replace(anyCalls(t), "clients: 9, stages: [{for: 5s, rate: 60/s}]", rapid.SampledFrom([]string{
			"users: 5, think: exp(50ms)", "batch: {every: 500ms, size: 20}", "rate: 60/s"}).Draw(t, "balanced"), 1)
		l, err := scenarios.Load("drawn.yaml", []byte(text), "", nil)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		rep := simulate(context.Background(), l.Architecture, plan{warmup: 1e9, measured: 4e9, look: 1e9, sampleEvery: 1}, 0, nil)
		var followed int64
		parts := map[int]float64{} // for the report
		sum, latency, ok := 0., 0., int64(0)
		for _, bin := range rep.b.Sim.Bins() {
			followed += bin.Requests
			for i, d := range bin.Parts {
				sum += d
				parts[i] += d / 1e9
				if d < 0 {
					t.Errorf("part %d takes %g ns\n%s", i, d, text)
				}
			}
		}
		for _, cell := range rep.b.Sim.Cells() {
			ok += cell.Latency().Count()
			if n := cell.Latency().Count(); n > 0 {
				latency += cell.Latency().Mean() * float64(n)
			}
		}
		if followed != ok || math.Abs(sum-latency) > 1+1e-9*latency {
			t.Errorf("%d of %d requests are followed, for %g of %g s, in %v of %v\n%s", followed, ok, sum/1e9, latency/1e9, parts, rep.b.Parts, text)
		}
	})
}
