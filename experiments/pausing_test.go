package experiments_test

import (
	"math"
	"testing"
)

// TestAPauseStretchesWhatIsUnderWay: by exactly as long as it lasts, on a core, in a delay, and far away; two at once last as long as the
// longer of them.
func TestAPauseStretchesWhatIsUnderWay(t *testing.T) {
	for _, node := range []string{
		"kind: server, cores: 1, work: 10s", "kind: server, cores: unlimited, work: 10s", "kind: server, discipline: ps, cores: 1, work: 10s",
		"kind: station, service: 10s", "kind: station, discipline: priority-preemptive, service: 10s", "kind: external, latency: 10s",
		"kind: cache, hit_ratio: 100%, get: 10s, origin: x", "kind: load-balancer, cores: 1, work: 10s, to: x", "kind: database, read: {cpu: 5s, delay: 5s}",
		"kind: server, handles: {default: [delay: 10s]}", "kind: server, concurrency: 1, handles: {default: [delay: 3s, cpu: 3s, parallel: [[delay: 4s], [cpu: 2s]]]}",
		"kind: server, handles: {default: [delay: 3s, call: x, lock: {name: all, do: [delay: 7s]}]}",
	} {
		for _, pauses := range []string{"{at: 104s, pause: m, for: 9s}", "{at: 104s, pause: m, for: 9s}, {at: 105s, pause: m, for: 6s}", "{at: 99s, pause: m, for: 10s}"} {
			r := run(t, `
run: {duration: 150s, warmup: 0s, replications: 1}
traffic: {u: {enters: m, rate: 36/h, arrivals: constant}}
nodes: {m: {`+node+`}, x: {kind: external}}
events: [`+pauses+`]`)
			if got := float64(r.Latency.Mean); math.Abs(got-19) > 1e-6 {
				t.Errorf("%s: with %s it takes %g s, want 19", node, pauses, got)
			}
		}
	}
}

// TestTheBacklogOfAPauseDrains: fluid arithmetic. With 140 requests a second on 250 a second, 10 s of pause leave 1400 waiting, and so many
// are gone 1400/110 s later. Half of them, 1/2 × 1400 × (10 + 1400/110), have waited for a second each.
func TestTheBacklogOfAPauseDrains(t *testing.T) {
	for _, node := range []string{"kind: server, cores: 1, work: 4ms", "kind: server, cores: 1, concurrency: 1, work: 4ms", "kind: database, connections: 2, cores: 1, read: 4ms",
		"kind: station, service: 4ms"} {
		r := run(t, `
run: {duration: 100s, warmup: 0s, replications: 1}
slo: [p99 < 100ms]
traffic: {u: {enters: m, rate: 140/s, arrivals: constant}}
nodes: {m: {`+node+`}}
events: [{at: 30s, pause: m, for: 10s}]`)
		drain := 1400. / 110
		waits := 1400. / 2 * (10 + drain)
		mean := float64(r.Latency.Mean)*140*100 - 140*100*.004
		if math.Abs(mean-waits) > .002*waits {
			t.Errorf("%s: all together wait for %g s, want %g", node, mean, waits)
		}
		if got := float64(r.Events[0].RecoveredAfter); got < 10+drain || got > 10+drain+float64(r.Series.BucketSeconds) {
			t.Errorf("%s: all is well after %g s, want the bucket of %g", node, got, 10+drain)
		}
		if max := float64(r.Latency.Max); math.Abs(max-10) > .01 {
			t.Errorf("%s: the slowest takes %g s, want 10", node, max)
		}
		most := int64(0)
		for _, res := range r.Nodes["m"].Resources {
			most = max(most, res.Queue.Max)
		}
		if most < 1396 || most > 1401 {
			t.Errorf("%s: at most %d wait, want 1400", node, most)
		}
	}
}

// TestABacklogFillsInAPause: admission goes on as usual, for it is the queue that is full and the patience that ends; those who gave up learn
// of it when the pause is over.
func TestABacklogFillsInAPause(t *testing.T) {
	of := func(limits string) int64 {
		r := run(t, `
run: {duration: 60s, warmup: 0s, replications: 1}
traffic: {u: {enters: m, rate: 100/s, arrivals: constant}}
nodes: {m: {kind: server, cores: 1, work: 1ms, `+limits+`}}
events: [{at: 30s, pause: m, for: 10s}]`)
		if n := float64(r.Latency.P999); limits == "drop_after: 500ms" && (n < .45 || n > .52) { // the one that was being served takes 10 s
			t.Errorf("all but 5 of 5000 take %g s at most, want 0.5", n)
		}
		return r.Outcomes.Overloaded
	}
	if n := of("backlog: 400"); n < 598 || n > 602 {
		t.Errorf("%d are refused with a backlog of 400, want 600", n)
	}
	if n := of("drop_after: 500ms"); n < 948 || n > 952 {
		t.Errorf("%d give up after 500 ms, want 950", n)
	}
}

// TestAPausedQueueTakesMessages: it delivers none, and all of them afterwards.
func TestAPausedQueueTakesMessages(t *testing.T) {
	r := run(t, `
run: {duration: 60s, warmup: 0s, replications: 1}
traffic: {u: {enters: mails, rate: 10/s, arrivals: constant}}
nodes: {mails: {kind: queue, to: hands}, hands: {kind: worker, cores: unlimited, work: 1ms}}
events: [{at: 30s, pause: mails, for: 10s}]`)
	q := r.Nodes["mails"].Queue
	if q.DepthMax != 100 || math.Abs(float64(q.AgeMean)-100*4.95/600) > .01 || float64(r.Latency.Max) > 0 || q.Delivered < 599 {
		t.Errorf("up to %d wait, for %g s on average; publishing takes up to %g s, and %d are delivered", q.DepthMax, q.AgeMean, r.Latency.Max, q.Delivered)
	}
}

// TestHealthChecksFailInAPause: with two checks of a second each the paused one of four gets its share for 1.5 s on average, which waits until
// the pause is over, and nothing after that until it is back.
func TestHealthChecksFailInAPause(t *testing.T) {
	r := run(t, `
run: {duration: 60s, warmup: 1s}
traffic: {u: {enters: lb, rate: 400/s}}
nodes:
  lb: {kind: load-balancer, to: api, health_check: {every: 1s, fails: 2}}
  api: {kind: server, instances: 4, cores: unlimited, work: 1ms}
events: [{at: 20s, pause: api/1, for: 20s}]`)
	stalled := 0.0
	for i := range r.Series.T {
		stalled += float64(r.Series.Nodes["api"].Queue[i]) * float64(r.Series.BucketSeconds)
	}
	// 100/s in the time out, from 1 to 2 s, stay for about 19 s
	if stalled < 100*1*18 || stalled > 100*2*20 {
		t.Errorf("calls wait for the paused instance for %g s in all", stalled)
	}
	if r.Outcomes.Unavailable > 0 {
		t.Errorf("%d calls are lost in a pause", r.Outcomes.Unavailable)
	}
}

// TestAnAnswerInAPauseNeedsNoCopy: where the answer comes while its caller sleeps past the time to send a copy, it goes on with that when it wakes; where
// it wakes before, it sends the copy then.
func TestAnAnswerInAPauseNeedsNoCopy(t *testing.T) {
	for _, c := range []struct {
		pause           string
		latency, copies float64
	}{{"9s", 10, 0}, {"2s", 5, 1}} {
		r := run(t, `
run: {duration: 150s, warmup: 0s, replications: 1}
traffic: {u: {enters: m, rate: 36/h, arrivals: constant}}
nodes:
  m: {kind: server, cores: 1, handles: {default: [{call: x, hedge: {after: 2s}}]}}
  x: {kind: external, latency: 5s}
events: [{at: 101s, pause: m, for: `+c.pause+`}]`)
		if math.Abs(float64(r.Latency.Mean)-c.latency) > 1e-6 || float64(r.Attempts.Hedges) != c.copies {
			t.Errorf("a pause of %s: it takes %g s with %d copies, want %g and %g", c.pause, float64(r.Latency.Mean), r.Attempts.Hedges, c.latency, c.copies)
		}
	}
}
