package experiments

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"headroom/scenarios"
)

// anyCaches draws an architecture: a server that does this and that, before up to three caches of any kind, one in front of the other,
// before an origin that fails or refuses now and then.
func anyCaches(t *rapid.T) string {
	pick := func(what string, of ...string) string { return rapid.SampledFrom(of).Draw(t, what) }
	steps := []string{
		"cpu: exp(1ms)", "read: c0", "write: c0", "call: c0", "read: origin", "write: origin", "{read: c0, as: other}", "{write: c0, as: put}",
		"parallel: [[read: c0], [read: c0, write: origin], [{read: c0, as: other}]]", "{read: c0, times: 3}",
		"lock: {name: row, by: key, do: [read: c0]}", "{chance: 50%, do: [write: c0]}", "respond",
	}
	var done []string
	responded := false
	for _, s := range rapid.SliceOfN(rapid.SampledFrom(steps), 1, 5).Draw(t, "steps") {
		if s == "respond" && responded {
			continue
		}
		responded = responded || s == "respond"
		done = append(done, s)
	}
	var text strings.Builder
	fmt.Fprintf(&text, `
run: {seed: %d}
data: {rows: {keys: %s, popularity: %s, size: 1KB}, others: {keys: 20}}
requests: {get: {data: rows}, put: {data: rows, write: true}, raw: {data: rows, cacheable: false}, keep: {data: rows, write: true, cacheable: false}, other: {data: others}}
traffic:
  open: {enters: %s, rate: 5/s, arrivals: hyperexp(cv=4), mix: {get: 60%%, put: 20%%, raw: 10%%, keep: 10%%}}
  closed: {enters: app, users: 5, think: exp(1s), mix: {get: 70%%, other: 30%%}}
nodes:
  app: {kind: server, cores: 2, %shandles: {default: [%s]}}
`, rapid.IntRange(1, 1000).Draw(t, "seed"), pick("keys", "1", "7", "300"), pick("popularity", "uniform", "zipf(1)", "hot(10% 90%)", "scan"),
		pick("enters", "app", "c0"), pick("limits", "", "concurrency: 4, backlog: 3, ", "pools: {c0: 2, origin: 1}, "), strings.Join(done, ", "))
	layers := rapid.IntRange(1, 3).Draw(t, "layers")
	for i := range layers {
		origin := "origin"
		if i+1 < layers {
			origin = fmt.Sprintf("c%d", i+1)
		}
		fmt.Fprintf(&text, "  c%d: {kind: cache, mode: %s, %s, coalesce: %s, warm: %s%s%s, instances: %s, origin: %s}\n", i,
			pick("mode", "aside", "through", "write-through", "write-behind"),
			pick("holds", "hit_ratio: 50%", "entries: 0", "entries: 5, policy: lru", "entries: 5, policy: s3-fifo", "entries: 9, policy: lfu", "memory: 4KB, policy: random",
				"entries: 100, policy: fifo, ttl: 20ms", "entries: 5, ttl: 20ms, ttl_reset: true"),
			pick("coalesce", "true", "false"), pick("warm", "true", "false"),
			pick("times", "", ", get: exp(1ms), set: exp(2ms)", ", get: 100us, cores: unlimited", ", set: exp(2ms), discipline: ps"),
			pick("admission", "", ", backlog: 1", ", drop_after: 1ms", ", shed: codel(target=1ms interval=2ms)", ", shed: adaptive-lifo(after=1ms)"), pick("instances", "1", "3"), origin)
	}
	fmt.Fprintf(&text, "  origin: %s\n", pick("origin", "{kind: external, latency: exp(10ms), failures: 30%}", "{kind: external, latency: 5ms, limit: 30/s}",
		"{kind: database, read: exp(5ms), write: exp(5ms)}", "{kind: database, connections: 2, backlog: 2, read: exp(20ms), write: exp(20ms)}",
		"{kind: server, cores: 1, concurrency: 2, drop_after: 10ms, work: exp(5ms)}"))
	return text.String()
}

// TestNothingIsLostPastCaches: whatever the caches, each request ends once, and the time at each queue adds up. The load is low: who waits
// until the end waits for something that never comes.
func TestNothingIsLostPastCaches(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := anyCaches(t)
		l, err := scenarios.Load("drawn.yaml", []byte(text), "", nil)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		rep := simulate(context.Background(), l.Architecture, plan{warmup: 1e9, measured: 100e9, look: 1e9}, 0, nil)
		if err := rep.check(); err != nil {
			t.Errorf("%v\n%s", err, text)
		}
		if n := rep.b.Sim.MeasuredInFlight(); n > 0 {
			t.Errorf("%d requests never end\n%s", n, text)
		}
		for node, s := range rep.caches {
			if s.Coalesced > s.Misses {
				t.Errorf("node %d: %+v\n%s", node, s, text)
			}
		}
	})
}
