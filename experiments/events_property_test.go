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
