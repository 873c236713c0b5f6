package experiments

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"headroom/models"
	"headroom/scenarios"
	"headroom/sim"
)

// anyMachines draws an architecture with all kinds of places to wait: a limiter, balancers, servers with places, pools, locks, branches and
// scattered calls, a network of stations, and a database with connections, of several instances each.
func anyMachines(t *rapid.T) string {
	pick := func(what string, of ...string) string { return rapid.SampledFrom(of).Draw(t, what) }
	steps := rapid.SliceOfN(rapid.SampledFrom([]string{
		"cpu: exp(2ms)", "delay: exp(20ms)", "read: db", "write: db", "call: desk", "call: partner", "{chance: 50%, do: [read: db]}", "{call: db, times: 2}",
		"parallel: [[cpu: exp(1ms)], [read: db], [{lock: {name: row, by: key, do: [delay: 20ms]}}]]", "scatter: {to: db, count: 3, quorum: 2}",
		"lock: {name: all, do: [delay: exp(10ms), {lock: {name: row, by: key, do: [parallel: [[read: db], [cpu: 1ms]]]}}]}",
	}), 1, 5).Draw(t, "steps")
	if at := rapid.IntRange(0, 2*len(steps)).Draw(t, "respond"); at < len(steps) {
		steps = append(steps[:at:at], append([]string{"respond"}, steps[at:]...)...)
	}
	discipline := func(what string) string { return pick(what, "fifo", "lifo", "ps", "priority", "priority-preemptive") }
	return fmt.Sprintf(`
run: {seed: %d}
data: {rows: {keys: 5}}
requests: {get: {data: rows}, put: {data: rows, write: true, priority: 1}}
traffic:
  limited: {enters: gate, arrivals: hyperexp(cv=4), stages: [{for: 5s, rate: 150/s}], mix: {get: 60%%, put: 40%%}}
  balanced: {enters: lb, clients: 9, stages: [{for: 5s, rate: 100/s}], mix: {get: 100%%}}
nodes:
  gate: {kind: rate-limiter, algorithm: %s, limit: 100/s, to: lb}
  lb: {kind: load-balancer, instances: 2, algorithm: %s, %s to: {app: 1, old: 2}, health_check: {every: %s, fails: %s}}
  app: {kind: server, instances: 3, cores: 2, discipline: %s, %s handles: {default: [%s]}}
  old: {kind: server, instances: 2, cores: 1, discipline: %s, %s work: exp(9ms)}
  db: {kind: database, instances: 3, discipline: %s, %s read: {cpu: exp(5ms), delay: exp(3ms)}, write: exp(9ms)}
  desk: {kind: station, instances: 2, discipline: %s, service: exp(5ms), next: {till: 50%%}}
  till: {kind: station, service: exp(5ms), next: {desk: 30%%}}
  partner: {kind: external, latency: exp(10ms), failures: 10%%}
`, rapid.IntRange(1, 1000).Draw(t, "seed"), pick("limiter", "leaky-bucket", "token-bucket"),
		pick("balancer", "round-robin", "least-connections", "ip-hash", "weighted", "weighted-random", "random", "power-of-two", "least-response-time"),
		pick("balancing", "", "work: exp(1ms), cores: 1,", "work: exp(1ms), cores: 1, backlog: 1, shed: gradient,"), pick("every", "50ms", "3s"), pick("fails", "1", "3"),
		discipline("app"), pick("limits", "", "concurrency: 4, backlog: 3,", "pools: {db: 2},", "concurrency: 3, pools: {db: 1, desk: 1}, drop_after: 20ms,",
			"shed: codel(interval=10ms),", "shed: adaptive-lifo(after=1ms),", "concurrency: 3, shed: codel(target=1ms interval=5ms),", "shed: gradient,", "concurrency: 5, backlog: 1, shed: gradient,"),
		strings.Join(steps, ", "), discipline("old"), pick("shed", "", "shed: codel(interval=10ms),", "shed: adaptive-lifo(after=1ms),"),
		discipline("db"), pick("connections", "", "connections: 2,", "connections: 1, backlog: 2,", "connections: 1, shed: adaptive-lifo(after=1ms),", "shed: codel(interval=1ms),", "connections: 3, backlog: 1, shed: gradient,"), discipline("desk"))
}

// anyKills draws events that strike nodes within some seconds, each undone a minute later at the latest. A node that begins with a verb is
// struck otherwise.
func anyKills(t *rapid.T, seconds int, nodes ...string) string {
	var text strings.Builder
	text.WriteString("events:\n")
	for range rapid.IntRange(1, 12).Draw(t, "events") {
		what := rapid.SampledFrom(nodes).Draw(t, "what")
		if !strings.HasPrefix(what, "resize: ") && !strings.HasPrefix(what, "rebalance: ") {
			what = "kill: " + what
		}
		fmt.Fprintf(&text, "  - {at: %dms, %s, for: %dms}\n", rapid.IntRange(0, 1000*seconds).Draw(t, "at"), what, rapid.SampledFrom([]int{1, 50, 500, 60_000}).Draw(t, "for"))
	}
	return text.String()
}

// eventfully simulates a scenario with its events, and holds it to the identities.
func eventfully(t *rapid.T, text string, measured sim.Time) *replication {
	rep, _ := simulated(t, text, measured)
	return rep
}

// simulated is eventfully, and says of which architecture.
func simulated(t *rapid.T, text string, measured sim.Time) (*replication, *models.Architecture) {
	l, err := scenarios.Load("drawn.yaml", []byte(text), "", nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	rep := simulate(context.Background(), l.Architecture, plan{warmup: 1e9, measured: measured, look: 1e9, sampleEvery: 2, eventful: true}, 0, nil)
	if err := rep.check(); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
	return rep, l.Architecture
}

// endsEmpty simulates an hour in which nothing arrives any more, and reports what is still there: who waits then waits for what never comes,
// and what is held was never let go.
func endsEmpty(t *rapid.T, rep *replication, text string) {
	rep.b.Sim.RunUntil(3600e9)
	for i, name := range rep.b.Nodes {
		if n := rep.b.Sim.CallsAt(uint32(i)); n > 0 {
			t.Errorf("%d visits to %s never end\n%s", n, name, text)
		}
		for _, r := range rep.b.Resources[i] {
			for _, st := range r.Stations {
				if held, waiting := st.Present(); held+waiting > 0 {
					t.Errorf("%s of %s: %d are held and %d wait for ever\n%s", r.Name, name, held, waiting, text)
				}
			}
		}
	}
	if n := rep.b.Sim.InFlight() + rep.b.Waiting(); n > 0 {
		t.Errorf("%d requests have no end\n%s", n, text)
	}
}

// TestNothingIsLostWhereInstancesDie: whatever dies, and whenever, each request ends once, the time at each queue adds up, and nothing that a
// dead visit held stays held.
func TestNothingIsLostWhereInstancesDie(t *testing.T) {
	killed := int64(0)
	rapid.Check(t, func(t *rapid.T) {
		text := anyMachines(t) + anyKills(t, 5, "gate", "lb", "lb/1", "app, instances: 2", "app", "app/0", "old", "db", "db/2", "desk/1", "desk", "till", "partner",
			"resize: lb, instances: 3", "resize: app, instances: 5", "resize: app, instances: 1", "resize: desk, instances: 1", "resize: old, instances: 4")
		rep := eventfully(t, text, 5e9)
		endsEmpty(t, rep, text)
		killed += rep.totals.Ended[sim.Unavailable]
	})
	if killed == 0 {
		t.Error("nothing was ever killed")
	}
}

// TestNothingIsLostWhereCachesDie: a cache that dies lets those go who wait for what it fetches, and whoever fetched for others and dies
// leaves nobody waiting.
func TestNothingIsLostWhereCachesDie(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		busy := strings.NewReplacer("rate: 5/s", "stages: [{for: 5s, rate: 100/s}]", "users: 5, think: exp(1s)", "stages: [{for: 5s, rate: 100/s}]")
		text := busy.Replace(anyCaches(t)) + anyKills(t, 5, "app", "c0", "c0/0", "origin", "resize: c0, instances: 4", "resize: c0, instances: 1")
		rep := eventfully(t, text, 5e9)
		endsEmpty(t, rep, text)
	})
}

// TestNoMessageIsLostWhereWorkersDie: the jobs of a worker that dies come again, or are given up.
func TestNoMessageIsLostWhereWorkersDie(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.ReplaceAll(anyQueues(t), "rate: 5/s", "rate: 50/s") + anyKills(t, 10, "app", "w0", "w0/0", "out", "resize: w0, instances: 4", "resize: w0, instances: 1")
		rep := eventfully(t, text, 10e9)
		endsEmpty(t, rep, text)
		for i := range rep.queues {
			if s, ok := rep.b.QueueStats(uint32(i)); ok && s.Lost != 0 {
				t.Errorf("%d messages are lost\n%s", s.Lost, text)
			}
		}
	})
}

// TestNothingIsLostWhereShardsMove: whatever dies while shards come and go, each request ends once, all copies come to an end, and nothing that
// was held stays held.
func TestNothingIsLostWhereShardsMove(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pick := func(what string, of ...string) string { return rapid.SampledFrom(of).Draw(t, what) }
		text := fmt.Sprintf(`
run: {seed: %d}
data: {rows: {keys: 2k}, items: {keys: 500, size: 4KB}}
requests: {get: {data: rows, response: 1KB}, put: {data: items, write: true, priority: 1}, any: {}}
traffic: {u: {enters: app, stages: [{for: 5s, rate: 200/s}], mix: {get: 50%%, put: 30%%, any: 20%%}}}
nodes:
  app: {kind: server, cores: 4, handles: {default: [cpu: exp(1ms), call: db], get: [scatter: {to: db, count: 3}]}}
  db: {kind: database, shards: 3, shard_by: %s, cores: 2, discipline: %s, %s read: exp(5ms), write: exp(9ms)}
`, rapid.IntRange(1, 1000).Draw(t, "seed"), pick("by", "hash", "range", "consistent-hash"), pick("discipline", "fifo", "lifo", "ps", "priority", "priority-preemptive"),
			pick("more", "", "connections: 2,", "connections: 1, backlog: 2,", "replicas: 2, read_from: any,", "cross_shard: 20%,", "query_cache: {entries: 100}, replicas: 1, read_from: replicas,",
				"bandwidth: 10Mbps,", "data_size: 3MB, memory: 500KB, disk: {iops: 1k, latency: 2ms},", "contention: {sigma: 5%},")) +
			anyKills(t, 5, "app", "db", "db/0", "db/1", "db/2", "db, instances: 2", "rebalance: db, shards: 1", "rebalance: db, shards: 2", "rebalance: db, shards: 4",
				"rebalance: db, shards: 5", "rebalance: db, shards: 9")
		rep := eventfully(t, text, 5e9)
		endsEmpty(t, rep, text)
		for i, m := range rep.b.Moves() {
			if m.Begun && !m.Over || m.Copied() > 1 {
				t.Errorf("event %d has moved %g of its keys in an hour\n%s", i, m.Copied(), text)
			}
		}
	})
}
