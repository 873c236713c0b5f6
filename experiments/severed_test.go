package experiments_test

import (
	"math"
	"testing"

	"headroom/experiments"
)

// twoRegions are clients in us and eu, and what they reach.
func twoRegions(nodes, events string) string {
	return `
run: {duration: 60s, warmup: 1s}
regions: {rtt: {us: {eu: 80ms, asia: 170ms}, eu: {asia: 210ms}}, local_rtt: 1ms, last_mile: 10ms}
traffic: {u: {enters: m, rate: 100/s, regions: {us: 50%, eu: 50%}}}
nodes: {` + nodes + `}
events: [` + events + `]`
}

// TestSeveredRegionsDoNotReachEachOther: clients of the other region fail at once, half of them for 20 s; those of the same region know
// nothing of it, and neither does anybody if the regions are others.
func TestSeveredRegionsDoNotReachEachOther(t *testing.T) {
	for what, c := range map[string]struct {
		nodes, events string
		lost          float64 // of the requests in 20 s
	}{
		"clients from a server":      {"m: {kind: server, region: us, cores: unlimited, work: 5ms}", "{at: 20s, partition: [us, eu], for: 20s}", .5},
		"the other way round":        {"m: {kind: server, region: us, cores: unlimited, work: 5ms}", "{at: 20s, partition: [eu, us], for: 20s}", .5},
		"other regions":              {"m: {kind: server, region: us, cores: unlimited, work: 5ms}", "{at: 20s, partition: [eu, asia], for: 20s}", 0},
		"a server from its database": {"m: {kind: server, place: {us: 1, eu: 1}, calls: [db]}, db: {kind: database, region: us, cores: unlimited, read: 5ms}", "{at: 20s, partition: [us, eu], for: 20s}", .75},
		"through a balancer":         {"m: {kind: load-balancer, to: x}, x: {kind: server, region: us, cores: unlimited, work: 5ms}", "{at: 20s, partition: [us, eu], for: 20s}", .5},
		"nearest is reachable":       {"m: {kind: load-balancer, algorithm: nearest, to: x}, x: {kind: server, place: {us: 1, eu: 1}, cores: unlimited, work: 5ms}", "{at: 20s, partition: [us, eu], for: 20s}", 0},
		"twice at once": {"m: {kind: server, region: us, cores: unlimited, work: 5ms}",
			"{at: 20s, partition: [us, eu], for: 20s}, {at: 25s, partition: [us, eu], for: 5s}", .5},
	} {
		r := run(t, twoRegions(c.nodes, c.events))
		binomialShare(t, what, r.Outcomes.Unavailable, 4*20*100, c.lost)
		if c.lost == 0 && r.Outcomes.Unavailable > 0 {
			t.Errorf("%s: %d are lost", what, r.Outcomes.Unavailable)
		}
	}
}

// TestNearestGoesOnToTheNextThatCanBeReached: clients of asia are served by us, and by eu as long as us cannot be reached, 40 ms further away.
func TestNearestGoesOnToTheNextThatCanBeReached(t *testing.T) {
	of := func(events string) *experiments.Result {
		return run(t, `
run: {duration: 60s, warmup: 1s}
regions: {rtt: {us: {eu: 80ms, asia: 170ms}, eu: {asia: 210ms}}, local_rtt: 0s, last_mile: 0s}
traffic: {u: {enters: m, rate: 100/s, regions: {asia: 100%}}}
nodes: {m: {kind: load-balancer, algorithm: nearest, to: x}, x: {kind: server, place: {us: 1, eu: 1}, cores: unlimited, work: 5ms}}
events: [`+events+`]`)
	}
	r := of("{at: 20s, partition: [asia, us], for: 20s}")
	for i, at := range r.Series.T {
		want := .175
		if at >= 21 && at < 40 {
			want = .215
		}
		if got := float64(r.Series.P50[i]); (at < 20 || at >= 21) && (at < 40 || at >= 41) && math.Abs(got-want) > .01*want {
			t.Errorf("at %g s it takes %g s, want %g", at, got, want)
		}
	}
	binomialShare(t, "on their way to us, or served there", r.Outcomes.Unavailable, 4*100*(.085+.005), 1)
	if r := of("{at: 20s, partition: [asia, us], for: 20s}, {at: 30s, partition: [asia, eu], for: 10s}"); r.ErrorRate == 0 {
		t.Error("nobody can be reached, and nothing is lost")
	}
}

// TestAnAnswerThatCannotLeaveIsLost: of requests that take a second in us, those of eu that came in the second before are lost as well, and
// learn it when they would have had their answer.
func TestAnAnswerThatCannotLeaveIsLost(t *testing.T) {
	r := run(t, twoRegions("m: {kind: server, region: us, cores: unlimited, work: 1s}", "{at: 20s, partition: [us, eu], for: 10s}"))
	binomialShare(t, "requests", r.Outcomes.Unavailable, 4*11*100, .5)
	if n := r.Nodes["m"].Errors["unavailable"]; n > 0 {
		t.Errorf("the server itself fails %d times", n)
	}
}

// TestMessagesWaitForTheirRegion: a worker takes none that it cannot fetch, and takes all when it can.
func TestMessagesWaitForTheirRegion(t *testing.T) {
	r := run(t, `
run: {duration: 60s, warmup: 0s, replications: 1}
regions: {rtt: {us: {eu: 80ms}}}
traffic: {u: {enters: mails, rate: 10/s, arrivals: constant, regions: {us: 100%}}}
nodes: {mails: {kind: queue, region: us, to: hands}, hands: {kind: worker, region: eu, instances: 2, concurrency: 100, work: 1ms}}
events: [{at: 20s, partition: [us, eu], for: 10s}]`)
	if q := r.Nodes["mails"].Queue; q.DepthMax != 100 || q.Redelivered > 1 || q.Delivered < 598 {
		t.Errorf("up to %d messages wait; %d are delivered, %d again", q.DepthMax, q.Delivered, q.Redelivered)
	}
}

// TestHealthChecksDoNotCrossAPartition: a balancer in us takes the half of its targets that are in eu out, after 1.5 s on average, and has them
// back afterwards.
func TestHealthChecksDoNotCrossAPartition(t *testing.T) {
	r := run(t, `
run: {duration: 60s, warmup: 1s}
regions: {rtt: {us: {eu: 80ms}}}
traffic: {u: {enters: lb, rate: 200/s, regions: {us: 100%}}}
nodes:
  lb: {kind: load-balancer, region: us, to: api, health_check: {every: 1s, fails: 2}}
  api: {kind: server, place: {us: 1, eu: 1}, cores: unlimited, work: 1ms}
events: [{at: 20s, partition: [us, eu], for: 20s}]`)
	if lost := float64(r.Outcomes.Unavailable) / 4; lost < 90 || lost > 210 {
		t.Errorf("%g calls are lost, want 100 to 200", lost)
	}
	if last := len(r.Series.P99) - 1; r.Series.P99[last] < .08 {
		t.Errorf("in the end nobody goes to eu: the p99 is %g s", r.Series.P99[last])
	}
}
