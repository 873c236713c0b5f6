package experiments_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"headroom/experiments"
)

// TestQueueIsAStation: a queue before c workers is a station of c servers, message by message: M/M/c, M/M/c/K, M/M/1 where all messages
// are of one partition, and FIFO over the queues that share workers.
func TestQueueIsAStation(t *testing.T) {
	const head = "run: {requests: 20k, warmup: 5s}\nrequests: {a: {}, b: {}}\n"
	const all = head + "traffic: {u: {enters: ENTRY, rate: 80/s, clients: 1, mix: {a: 50%, b: 50%}}}\nnodes: "
	const each = head + "traffic: {u: {enters: q, rate: 40/s, mix: {a: 100%}}, v: {enters: q2, rate: 40/s, mix: {b: 100%}}}\nnodes: "
	const worker = "w: {kind: worker, concurrency: CCC, handles: {a: [delay: exp(10ms)], b: [delay: exp(100ms)]}}}"
	const station = "w: {kind: station, servers: CCC, service: {a: exp(10ms), b: exp(100ms)}BACKLOG}}"
	for _, c := range []struct{ name, queue, station, servers string }{
		{"places", all + "{q: {kind: queue, to: w}, " + worker, "", "5"},
		{"instances", all + "{q: {kind: queue, to: w}, w: {kind: worker, instances: CCC, cores: 1, handles: {a: [cpu: exp(10ms)], b: [cpu: exp(100ms)]}}}", "", "5"},
		{"one of many partitions", strings.Replace(all, "80/s", "15/s", 1) + "{q: {kind: queue, to: w, partitions: 16}, " + strings.Replace(worker, "CCC", "9", 1), "", "1"},
		{"capacity", all + "{q: {kind: queue, to: w, capacity: 3}, " + worker, ", backlog: 3", "5"},
		{"several queues", each + "{q: {kind: queue, to: w}, q2: {kind: queue, to: w}, " + worker, "", "5"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			head, _, _ := strings.Cut(c.queue, "nodes: ")
			in := strings.NewReplacer("CCC", c.servers, "ENTRY", "q", "BACKLOG", c.station)
			of := strings.NewReplacer("CCC", c.servers, "ENTRY", "w", "BACKLOG", c.station, "enters: q2", "enters: w", "enters: q", "enters: w")
			queue, servers := run(t, in.Replace(c.queue)), run(t, of.Replace(head+"nodes: {"+station))
			for _, class := range []string{"a", "b"} {
				done, latency := queue.Requests[class].Done, servers.Requests[class].Latency
				if done.Mean != latency.Mean || done.P99 != latency.P99 || done.Count != latency.Count {
					t.Errorf("%s: %d messages are done after %v, %v at p99; a station serves %d in %v, %v", class,
						done.Count, done.Mean, done.P99, latency.Count, latency.Mean, latency.P99)
				}
				if queue.Requests[class].Outcomes != servers.Requests[class].Outcomes {
					t.Errorf("%s: outcomes %+v, at a station %+v", class, queue.Requests[class].Outcomes, servers.Requests[class].Outcomes)
				}
			}
			wait := servers.Nodes["w"].Resources["servers"]
			if q := queue.Nodes["q"].Queue; c.name != "several queues" && (q.AgeMean != wait.Wait.Mean || math.Abs(float64(q.DepthMean-wait.Queue.Mean)) > 1e-9) {
				t.Errorf("messages wait %v, %v of them; at a station %v, %v", q.AgeMean, q.DepthMean, wait.Wait.Mean, wait.Queue.Mean)
			}
			if queue.Latency.Max != 0 {
				t.Errorf("publishing takes %v s", queue.Latency.Max)
			}
		})
	}
}

// mails is a queue whose messages are worked on as jobs says.
func mails(t *testing.T, queue, worker string) *experiments.Result {
	t.Helper()
	return run(t, fmt.Sprintf(`
run: {requests: 20k, warmup: 60s}
traffic: {u: {enters: q, rate: 10/s}}
nodes:
  q: {kind: queue, to: w%s}
  lost: {kind: queue}
  w: {kind: worker, cores: unlimited, handles: {default: [%s]}}
  x: {kind: external, failures: 50%%}`, queue, worker))
}

// binomial tells whether a count is within four standard deviations of a binomial one.
func binomial(count, of int64, share float64) bool {
	return math.Abs(float64(count)-float64(of)*share) <= 4*math.Sqrt(float64(of)*share*(1-share))+100 // at the edges of the measured time
}

// TestFailedJobsComeAgain: a job that fails half the time is tried as often as it may, and then it is dead: 1/2^n of them are. By default
// it is tried once.
func TestFailedJobsComeAgain(t *testing.T) {
	for n, queue := range map[int]string{1: "", 3: ", max_attempts: 3, dead_letter: lost", 4: ", max_attempts: 4"} {
		q := mails(t, queue, "call: x").Nodes["q"].Queue
		dead := math.Pow(2, -float64(n))
		again := 1 - math.Pow(2, -float64(n-1)) // 1/2 + 1/4 + …
		if !binomial(q.Dead, q.Published, dead) || q.Delivered+q.Dead != q.Published || math.Abs(float64(q.Redelivered)-again*float64(q.Published)) > 4*math.Sqrt(float64(q.Published)) {
			t.Errorf("%d attempts: %+v, want %.3f of them dead and %.3f delivered again", n, *q, dead, again)
		}
	}
	r := mails(t, ", max_attempts: 3, dead_letter: lost", "call: x")
	if q, lost := r.Nodes["q"].Queue, r.Nodes["lost"].Queue; lost.Published != q.Dead || lost.DepthMax < lost.Published/4 || lost.Delivered != 0 {
		t.Errorf("%d messages are dead, and their queue has %+v", q.Dead, *lost)
	}
}

// TestVisibilityTimeout: a message that is not done in time is delivered again while the first delivery goes on, which burns capacity
// there; what always takes longer is never done. Without a timeout it is. Who responds in time is not asked again.
func TestVisibilityTimeout(t *testing.T) {
	for _, c := range []struct {
		queue, jobs         string
		deliveries, working float64 // per message, and jobs at once: 10/s, each 3 s
		dead                bool
	}{
		{"", "delay: 3s", 1, 30, false},
		{", visibility_timeout: 4s", "delay: 3s", 1, 30, false},
		{", visibility_timeout: 1s", "delay: 3s", 3, 90, true},
		{", visibility_timeout: 1s, max_attempts: 2", "delay: 3s", 2, 60, true},
		{", visibility_timeout: 1s", "delay: 500ms, respond, delay: 2500ms", 1, 30, false},
	} {
		r := mails(t, c.queue, c.jobs)
		q, w := r.Nodes["q"].Queue, r.Nodes["w"]
		settled := q.Delivered
		if c.dead {
			settled = q.Dead
		}
		if !binomial(settled, q.Published, 1) || q.Delivered > 0 == c.dead {
			t.Errorf("%s: %+v", c.queue, *q)
		}
		if got := 1 + float64(q.Redelivered)/float64(q.Published); math.Abs(got-c.deliveries) > .01 {
			t.Errorf("%s: %g deliveries for each message, want %g", c.queue, got, c.deliveries)
		}
		if c.jobs == "delay: 3s" && !about(w.InSystem.Mean, c.working, .03) {
			t.Errorf("%s: %g jobs at once, want %g", c.queue, w.InSystem.Mean, c.working)
		}
		if done := r.Requests["request"].Done.Mean; !about(done, 3+c.deliveries-1, .001) {
			t.Errorf("%s: done after %g s", c.queue, done)
		}
	}
}

// TestTooFewWorkers: messages that only pile up make a run saturated, though all requests are answered; the rate at which the workers are
// full is found from above as well as from below: 12 places, 2 s each, one request in ten: 60/s.
func TestTooFewWorkers(t *testing.T) {
	for _, workers := range []string{"instances: 2, concurrency: 6, handles: {default: [delay: exp(2s)]}", "instances: 12, cores: 1, work: exp(2s)"} {
		for _, c := range []struct {
			rate      string
			saturated bool
		}{{"40/s", false}, {"300/s", true}} {
			r := run(t, fmt.Sprintf(`
run: {requests: 50k}
requests: {read: {}, mail: {}}
traffic: {u: {enters: api, rate: %s, mix: {read: 90%%, mail: 10%%}}}
nodes:
  api: {kind: server, cores: 4, handles: {read: [cpu: exp(5ms)], mail: [cpu: exp(5ms), publish: q]}}
  q: {kind: queue, to: w}
  w: {kind: worker, %s}`, c.rate, workers))
			// The jobs of a probe: 10 000 exponential ones, and the messages of 50 000 requests: 1.4% together.
			if r.Saturated != c.saturated || r.Bottleneck.Node != "w" || !about(r.Bottleneck.SaturatesAt, 60, 4*.014) {
				t.Errorf("%s at %s: saturated %v, %s at %g/s, want w at 60/s", workers, c.rate, r.Saturated, r.Bottleneck.Node, r.Bottleneck.SaturatesAt)
			}
			if r.ErrorRate != 0 {
				t.Errorf("the error rate is %g", r.ErrorRate)
			}
		}
	}
}

// TestMessagesCarryTheirRequests: a message is as large as its class's requests, and the answer to it is nothing; it goes as the class
// that the step says.
func TestMessagesCarryTheirRequests(t *testing.T) {
	r := run(t, `
run: {requests: 20k}
requests: {order: {request: 1KB, response: 5KB}, mail: {request: 3KB, response: 7KB}}
traffic: {u: {enters: api, rate: 10/s, mix: {order: 100%}}}
nodes:
  api: {kind: server, handles: {order: [{publish: q, as: mail}]}}
  q: {kind: queue, to: w}
  w: {kind: worker, handles: {mail: [cpu: exp(10ms)]}}`)
	want := map[string]float64{"api": 6e3, "q": 3e3, "w": 3e3}
	for _, e := range r.Edges {
		if !about(e.Bytes/e.Rate, want[e.To], .001) {
			t.Errorf("%s → %s: %g bytes a call, want %g", e.From, e.To, e.Bytes/e.Rate, want[e.To])
		}
	}
	if r.Requests["order"].Done.Count != r.Outcomes.OK || r.Requests["order"].Done.Mean < .01 || r.Requests["order"].Latency.Max > 0 {
		t.Errorf("the order is answered after %+v, done after %+v", r.Requests["order"].Latency, r.Requests["order"].Done)
	}
}
