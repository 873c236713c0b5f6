package experiments

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"headroom/scenarios"
)

// anyQueues draws an architecture: sources and servers that publish into up to three queues of any kind, whose workers do this and that,
// which fails now and then, takes too long, or leaves work to another queue.
func anyQueues(t *rapid.T) string {
	pick := func(what string, of ...string) string { return rapid.SampledFrom(of).Draw(t, what) }
	queues := rapid.IntRange(1, 3).Draw(t, "queues")
	some := func(what string, from []string) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(from), 1, 4).Draw(t, what), ", ")
	}
	published := []string{"cpu: exp(1ms)", "{publish: q0, times: 2}", "{publish: q0, as: other}", "{chance: 50%, do: [publish: q0]}",
		"parallel: [[publish: q0], [cpu: 1ms, publish: q0]]", "lock: {name: row, do: [publish: q0]}"}
	var text strings.Builder
	fmt.Fprintf(&text, `
run: {seed: %d}
data: {rows: {keys: 20}}
requests: {plain: {}, keyed: {data: rows}, other: {data: rows, request: 1KB}}
traffic:
  direct: {enters: q0, clients: 10, arrivals: hyperexp(cv=4), mix: {plain: 50%%, keyed: 50%%}, stages: [{for: 10s, rate: 5/s}]}
  served: {enters: app, clients: 10, mix: {plain: 50%%, keyed: 50%%}, stages: [{for: 10s, rate: 5/s}]}
nodes:
  app: {kind: server, cores: 2, %shandles: {default: [%s]}}
  lost: {kind: queue}
  out: {kind: external, latency: exp(20ms), failures: 30%%}
`, rapid.IntRange(1, 1000).Draw(t, "seed"), pick("limits", "", "concurrency: 4, backlog: 3, "), some("steps", published))
	for i := range queues {
		jobs := []string{"cpu: exp(1ms)", "delay: exp(20ms)", "delay: 0s", "call: out", "{chance: 20%, do: [call: out]}", "parallel: [[call: out], [cpu: exp(1ms)]]",
			"lock: {name: row, do: [delay: exp(1ms)]}"}
		dead := []string{"", ", dead_letter: lost"}
		if i+1 < queues {
			jobs = append(jobs, fmt.Sprintf("publish: q%d", i+1))
			dead = append(dead, fmt.Sprintf(", dead_letter: q%d", i+1))
		}
		steps := some("jobs", jobs)
		if pick("early", "", "respond") != "" {
			steps = "cpu: exp(1ms), respond, " + steps
		}
		fmt.Fprintf(&text, "  q%d: {kind: queue, to: w%d%s%s%s%s%s}\n", i, rapid.IntRange(i, queues-1).Draw(t, "worker"),
			pick("partitions", "", ", partitions: 1", ", partitions: 3"), pick("capacity", "", ", capacity: 1", ", capacity: 10"),
			pick("attempts", "", ", max_attempts: 1", ", max_attempts: 4"), pick("visible", "", ", visibility_timeout: 1ms", ", visibility_timeout: 30ms", ", visibility_timeout: 1m"),
			rapid.SampledFrom(dead).Draw(t, "dead"))
		fmt.Fprintf(&text, "  w%d: {kind: worker, instances: %s%s%s, handles: {default: [%s]}}\n", i, pick("instances", "1", "3"),
			pick("cores", "", ", cores: 1", ", cores: unlimited", ", discipline: ps", ", discipline: lifo"), pick("places", "", ", concurrency: 1", ", concurrency: 5"), steps)
	}
	return text.String()
}

// TestNoMessageIsLost: whatever the queues and their workers, published = delivered + dead + waiting + being worked on, each request ends
// once and is done some day, and the time at each station adds up.
func TestNoMessageIsLost(t *testing.T) {
	again, dead := int64(0), int64(0)
	rapid.Check(t, func(t *rapid.T) {
		text := anyQueues(t)
		l, err := scenarios.Load("drawn.yaml", []byte(text), "", nil)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		rep := simulate(context.Background(), l.Architecture, plan{warmup: 1e9, measured: 10e9, look: 1e9}, 0, nil)
		if err := rep.check(); err != nil {
			t.Errorf("%v\n%s", err, text)
		}
		rep.b.Sim.RunUntil(3600e9) // nothing arrives any more, so that everything ends
		if n := rep.b.Sim.MeasuredLeft(); n > 0 {
			t.Errorf("%d requests are never done\n%s", n, text)
		}
		for i, q := range rep.queues {
			again, dead = again+q.Repeated, dead+q.Dead
			if s, ok := rep.b.QueueStats(uint32(i)); ok && s.Lost != 0 {
				t.Errorf("%d messages are lost\n%s", s.Lost, text)
			}
			if waiting, working := rep.b.Messages(); waiting+working > 0 {
				t.Errorf("%d messages wait and %d are worked on after an hour\n%s", waiting, working, text)
			}
		}
	})
	if again == 0 || dead == 0 {
		t.Errorf("%d messages came again, %d died: nothing was tried", again, dead)
	}
}
