package experiments

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"headroom/sim"
)

// anyEvents draws events of all kinds within some seconds, each undone a minute later at the latest, or momentary.
func anyEvents(t *rapid.T, seconds int, of ...string) string {
	var text strings.Builder
	text.WriteString("events:\n")
	for range rapid.IntRange(1, 12).Draw(t, "events") {
		what := rapid.SampledFrom(of).Draw(t, "what")
		fmt.Fprintf(&text, "  - {at: %dms, %s", rapid.IntRange(0, 1000*seconds).Draw(t, "at"), what)
		if !strings.HasPrefix(what, "flush") {
			fmt.Fprintf(&text, ", for: %dms", rapid.SampledFrom([]int{1, 50, 500, 60_000}).Draw(t, "for"))
		}
		text.WriteString("}\n")
	}
	return text.String()
}

// TestNothingIsLostWhateverHappens: machines that are slowed down, pause, and die, also while they pause, end each request once.
func TestNothingIsLostWhateverHappens(t *testing.T) {
	killed := int64(0)
	rapid.Check(t, func(t *rapid.T) {
		text := anyMachines(t) + anyEvents(t, 5, "pause: gate", "pause: lb", "pause: lb/1", "pause: app", "pause: app/0", "pause: old", "pause: db", "pause: db/2",
			"pause: desk/1", "pause: till", "pause: partner", "slow: app, factor: 3x", "slow: app/0, factor: 0.5x", "slow: db, factor: 10x", "slow: desk, factor: 2x",
			"slow: partner, factor: 20x", "surge: limited, factor: 5x", "slow: old/1, factor: 1.5x", "kill: app", "kill: app/0", "kill: db", "kill: desk", "kill: partner", "kill: gate", "kill: lb",
			"resize: app, instances: 5", "resize: app, instances: 1")
		if rapid.Bool().Draw(t, "restless") {
			text = strings.Replace(text, "app: {kind: server,", "app: {kind: server, pauses: {every: exp(1s), for: exp(100ms)},", 1)
		}
		rep := eventfully(t, text, 5e9)
		endsEmpty(t, rep, text)
		killed += rep.totals.Ended[sim.Unavailable]
	})
	if killed == 0 {
		t.Error("nothing was ever killed")
	}
}

// TestNothingIsLostBetweenSeveredRegions: whatever waits for whom across a partition, each request ends once, and all messages are done.
func TestNothingIsLostBetweenSeveredRegions(t *testing.T) {
	lost := int64(0)
	rapid.Check(t, func(t *rapid.T) {
		pick := func(what string, of ...string) string { return rapid.SampledFrom(of).Draw(t, what) }
		region := func(what string) string {
			return pick(what, "region: us", "region: eu", "region: asia", "place: {us: 1, eu: 2}", "place: {asia: 1, us: 1}")
		}
		text := fmt.Sprintf(`
run: {seed: %d}
regions: {rtt: {us: {eu: 80ms, asia: exp(170ms)}, eu: {asia: 210ms}}, last_mile: 8ms}
data: {rows: {keys: 50}}
requests: {get: {data: rows, response: 10KB}, put: {data: rows, write: true}}
traffic: {u: {enters: lb, stages: [{for: 5s, rate: 100/s}], mix: {get: 70%%, put: 30%%}, regions: {us: 40%%, eu: 40%%, asia: 20%%}}}
nodes:
  lb: {kind: load-balancer, %s to: app, algorithm: %s, health_check: {every: 1s, fails: 1}}
  app: {kind: server, %s, cores: 2, %s handles: {default: [cpu: exp(2ms), read: redis, write: db, scatter: {to: db, count: 2, quorum: 1}, publish: mails]}}
  redis: {kind: cache, %s, entries: 20, coalesce: %s, mode: %s, get: exp(1ms), set: exp(1ms), origin: db}
  db: {kind: database, %s, cores: 4, read: exp(5ms), write: exp(5ms)}
  mails: {kind: queue, region: %s, to: hands, max_attempts: 3, visibility_timeout: %s}
  hands: {kind: worker, %s, concurrency: 3, handles: {default: [cpu: exp(2ms), write: db]}}
`, rapid.IntRange(1, 1000).Draw(t, "seed"), pick("lb", "", "region: us,", "bandwidth: 1Gbps,"), pick("algorithm", "nearest", "round-robin", "least-connections", "ip-hash"),
			region("app"), pick("limits", "", "concurrency: 3, backlog: 5,", "pools: {db: 1},"), region("redis"), pick("coalesce", "true", "false"),
			pick("mode", "aside", "through", "write-through", "write-behind"), region("db"), pick("mails", "us", "asia"), pick("visibility", "100ms", "60s"), region("hands")) +
			anyEvents(t, 5, "partition: [us, eu]", "partition: [asia, us]", "partition: [eu, asia]", "partition: [us, asia]", "kill: app", "pause: app", "kill: redis", "pause: redis",
				"kill: hands", "pause: hands", "pause: mails", "kill: db", "slow: db, factor: 10x", "pause: lb")
		rep := eventfully(t, text, 5e9)
		endsEmpty(t, rep, text)
		for i := range rep.queues {
			if s, ok := rep.b.QueueStats(uint32(i)); ok && s.Lost != 0 {
				t.Errorf("%d messages are lost\n%s", s.Lost, text)
			}
		}
		lost += rep.totals.Ended[sim.Unavailable]
	})
	if lost == 0 {
		t.Error("nobody was ever out of reach")
	}
}

// TestNothingIsLostWhereCachesPause: a cache that pauses, is slow, or dies meanwhile, leaves nobody waiting for what it fetches.
func TestNothingIsLostWhereCachesPause(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		busy := strings.NewReplacer("rate: 5/s", "stages: [{for: 5s, rate: 100/s}]", "users: 5, think: exp(1s)", "stages: [{for: 5s, rate: 100/s}]")
		text := busy.Replace(anyCaches(t)) + anyEvents(t, 5, "pause: app", "pause: c0", "pause: c0/0", "pause: origin", "slow: c0, factor: 5x", "slow: origin, factor: 5x",
			"flush: c0", "kill: app", "kill: c0", "kill: c0/0", "kill: origin", "resize: c0, instances: 4")
		endsEmpty(t, eventfully(t, text, 5e9), text)
	})
}

// TestNoMessageIsLostWhereQueuesPause: messages wait for their queue, or for their worker, and are all done in the end.
func TestNoMessageIsLostWhereQueuesPause(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.ReplaceAll(anyQueues(t), "rate: 5/s", "rate: 50/s") + anyEvents(t, 10, "pause: q0", "pause: w0", "pause: w0/0", "pause: out", "slow: w0, factor: 4x",
			"slow: out, factor: 4x", "kill: w0", "kill: w0/0", "kill: out", "resize: w0, instances: 4")
		rep := eventfully(t, text, 10e9)
		endsEmpty(t, rep, text)
		for i := range rep.queues {
			if s, ok := rep.b.QueueStats(uint32(i)); ok && s.Lost != 0 {
				t.Errorf("%d messages are lost\n%s", s.Lost, text)
			}
		}
	})
}
