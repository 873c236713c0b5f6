package experiments_test

import (
	"fmt"
	"math"
	"testing"
)

// TestPausesOfASingleServer: an M/G/1 queue whose server breaks down at a rate f while it is up, for R, and resumes what it interrupted. The
// service with its breakdowns has E[C] = S(1+fR) and E[C²] = E[S²](1+fR)² + f S E[R²]; the wait is that of an M/G/1 queue with such
// services, and the rest of a breakdown that who comes to nobody may meet (Gaver, "A waiting line with interrupted service, including
// priorities", JRSS B 24, 1962). The tolerance is half as wide again as the run's own 95% interval, which must be narrow.
func TestPausesOfASingleServer(t *testing.T) {
	const rate, s, f = 50., .01, 1.
	for pause, r2 := range map[string]float64{"100ms": .01, "exp(100ms)": .02} {
		const r = .1
		c, c2 := s*(1+f*r), 2*s*s*(1+f*r)*(1+f*r)+f*s*r2
		want := c + rate*c2/2/(1-rate*c) + f*r2/2/(1+f*r)
		for _, node := range []string{"kind: server, cores: 1, work: exp(10ms)", "kind: database, connections: 1, read: exp(10ms)"} {
			got := run(t, fmt.Sprintf(`
run: {requests: 500k}
traffic: {u: {enters: m, rate: 50/s}}
nodes: {m: {%s, pauses: {every: exp(1s), for: %s}}}`, node, pause))
			half := float64(got.Latency.CI95.Mean[1]-got.Latency.CI95.Mean[0]) / 2
			if math.Abs(float64(got.Latency.Mean)-want) > 1.5*half || half > .05*want {
				t.Errorf("%s: with pauses of %s the mean is %g ± %g s, theory gives %g", node, pause, got.Latency.Mean, half, want)
			}
		}
	}
}

// TestPausesOfWhatNobodyWaitsFor: who is served at once takes as much longer as the pauses in it, and meets one that is on with the share
// of time that they take, half of which is left.
func TestPausesOfWhatNobodyWaitsFor(t *testing.T) {
	const f, r = 1., .1
	for node, s := range map[string]float64{
		"kind: server, cores: unlimited, work: 10ms": .01, "kind: server, handles: {default: [delay: 10ms]}": .01, "kind: rate-limiter, limit: 1M/s, to: x": 0,
		"kind: load-balancer, to: x": 0, "kind: cache, hit_ratio: 100%, origin: x": 0, "kind: cdn, hit_ratio: 100%, work: 10ms, origin: x": .01,
		"kind: database, cores: unlimited, read: {cpu: 5ms, delay: 5ms}": .01,
	} {
		got := run(t, fmt.Sprintf(`
run: {duration: 2000s}
traffic: {u: {enters: m, rate: 50/s}}
nodes: {m: {%s, pauses: {every: exp(1s), for: 100ms}}, x: {kind: external}}`, node))
		want := s*(1+f*r) + f*r/(1+f*r)*r/2
		half := float64(got.Latency.CI95.Mean[1]-got.Latency.CI95.Mean[0]) / 2
		if math.Abs(float64(got.Latency.Mean)-want) > 1.5*half || half > .1*want {
			t.Errorf("%s: the mean is %g ± %g s, want %g", node, got.Latency.Mean, half, want)
		}
	}
}

// TestInstancesPauseOnTheirOwn: of four that pause half of the time, each at its own times, a worker's or a server's, all but 1/16 of the time
// some instance works. If they paused together it would be half.
func TestInstancesPauseOnTheirOwn(t *testing.T) {
	r := run(t, `
run: {duration: 2000s}
traffic: {u: {enters: mails, rate: 10/s}}
nodes:
  mails: {kind: queue, to: hands}
  hands: {kind: worker, instances: 4, cores: unlimited, work: 1us, pauses: {every: exp(1s), for: exp(1s)}}`)
	// who comes when all pause waits for the first to go on, 1/4 s on average
	want, q := .25/16, r.Nodes["mails"].Queue
	if math.Abs(float64(q.AgeMean)-want) > .15*want { // 2000 times of an exponential length, the sum of whose squares is 5% off: three times that
		t.Errorf("messages wait %g s on average, want %g", q.AgeMean, want)
	}
}
