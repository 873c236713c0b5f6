package experiments_test

import (
	"fmt"
	"math"
	"testing"

	"headroom/experiments"
)

// TestSlowAllTheTimeIsHalfTheSpeed: a node that is slowed down by 2 from the first moment on does what one of half the speed does with the
// same random numbers, whatever the discipline: but for the rounding of single services to a nanosecond.
func TestSlowAllTheTimeIsHalfTheSpeed(t *testing.T) {
	of := func(node, events string) *experiments.Result {
		return run(t, fmt.Sprintf(`
run: {duration: 100s, warmup: 0s, replications: 2}
requests: {gold: {priority: 1}, rest: {}}
traffic: {u: {enters: m, rate: 60/s, mix: {gold: 50%%, rest: 50%%}}}
nodes: {m: {%s}}
%s`, node, events))
	}
	for _, node := range []string{
		"kind: server, discipline: fifo, cores: 1, work: exp(5ms)", "kind: server, discipline: lifo, cores: 2, work: exp(10ms)",
		"kind: server, discipline: ps, cores: 1, work: exp(5ms)", "kind: server, discipline: priority-preemptive, cores: 1, work: exp(5ms)",
		"kind: server, cores: 4, work: exp(5ms), contention: {sigma: 20%}", "kind: server, discipline: ps, cores: 4, work: exp(5ms), contention: {sigma: 20%}",
		"kind: server, cores: unlimited, work: exp(5ms)", "kind: server, cores: 1, work: exp(5ms), drop_after: 20ms",
		"kind: database, cores: 2, connections: 2, read: exp(10ms)",
	} {
		slow, half := of(node, "events: [{at: 0s, slow: m, factor: 2x}]"), of(node+", speed: 0.5", "")
		for what, pair := range map[string][2]experiments.Num{
			"mean": {slow.Latency.Mean, half.Latency.Mean}, "of the gold": {slow.Requests["gold"].Latency.Mean, half.Requests["gold"].Latency.Mean},
			"goodput": {slow.Load.Goodput, half.Load.Goodput}, "utilization": {slow.Nodes["m"].Resources["cpu"].Utilization, half.Nodes["m"].Resources["cpu"].Utilization},
			"wait":               {slow.Nodes["m"].Resources["cpu"].Wait.Mean, half.Nodes["m"].Resources["cpu"].Wait.Mean},
			"of the gold's work": {slow.Nodes["m"].Requests["gold"].Utilization, half.Nodes["m"].Requests["gold"].Utilization},
		} {
			if got, want := float64(pair[0]), float64(pair[1]); math.Abs(got-want) > 1e-5*want && !(math.IsNaN(got) && math.IsNaN(want)) {
				t.Errorf("%s: %s is %g if slowed down by 2, %g at half the speed", node, what, got, want)
			}
		}
	}
}

// TestFactorsMultiply: 2x and 3x at once are 6x, and what is faster by half makes up for what is slower by two.
func TestFactorsMultiply(t *testing.T) {
	for events, want := range map[string]float64{
		"{at: 0s, slow: m, factor: 2x}, {at: 0s, slow: m, factor: 3x}":                6,
		"{at: 0s, slow: m, factor: 2x}, {at: 0s, slow: m/0, factor: 0.5x}":            1,
		"{at: 0s, slow: m, factor: 4x, for: 1us}, {at: 0s, slow: m, factor: 3x}":      3,
		"{at: 0s, slow: m, factor: 3x, for: 1us}, {at: 0s, slow: m, factor: 3x}":      3,
		"{at: 0s, slow: m, factor: 0.25x}":                                            .25,
		"{at: 0s, slow: m, factor: 3x, for: 1us}, {at: 0s, slow: x, factor: 1.0001x}": 1,
	} {
		r := run(t, `
run: {duration: 20s, warmup: 0s, replications: 1}
traffic: {u: {enters: m, rate: 1/s, arrivals: constant}}
nodes: {m: {kind: server, cores: 1, work: 8ms}, x: {kind: external, latency: 1s}}
events: [`+events+`]`)
		if got := float64(r.Latency.Mean) / .008; math.Abs(got-want) > 1e-6 {
			t.Errorf("%s: it takes %g times as long, want %g", events, got, want)
		}
	}
}

// TestWorkUnderWaySlowsDownToo: of 10 s of work, 4 s are done when the node slows down by 3 for 9 s, in which it does 3 s of it: it takes
// 4 + 9 + 3 s. An external service's latency does the same, and a delay of a server goes on as if nothing had happened.
func TestWorkUnderWaySlowsDownToo(t *testing.T) {
	for node, want := range map[string]float64{
		"kind: server, cores: 1, work: 10s": 16, "kind: server, cores: unlimited, work: 10s": 16, "kind: server, discipline: ps, cores: 1, work: 10s": 16,
		"kind: station, service: 10s": 16, "kind: station, discipline: priority-preemptive, service: 10s": 16, "kind: external, latency: 10s": 16,
		"kind: cache, hit_ratio: 100%, get: 10s, origin: x": 16, "kind: load-balancer, cores: 1, work: 10s, to: x": 16, "kind: database, read: 10s": 16,
		"kind: server, handles: {default: [delay: 10s]}": 10,
	} {
		r := run(t, `
run: {duration: 150s, warmup: 0s, replications: 1}
traffic: {u: {enters: m, rate: 36/h, arrivals: constant}}
nodes: {m: {`+node+`}, x: {kind: external}}
events: [{at: 104s, slow: m, factor: 3x, for: 9s}]`)
		if got := float64(r.Latency.Mean); math.Abs(got-want) > 1e-6 {
			t.Errorf("%s: it takes %g s, want %g", node, got, want)
		}
	}
}

// TestWhoGaveUpIsNotServed: patience ends with the wait, also where cores slow each other down, or are slowed down.
func TestWhoGaveUpIsNotServed(t *testing.T) {
	for _, more := range []string{"contention: {sigma: 0.01%}", "speed: 1"} {
		r := run(t, `
run: {duration: 100s, warmup: 0s, replications: 1}
traffic: {u: {enters: m, rate: 1/s, arrivals: constant}}
nodes: {m: {kind: server, cores: 1, work: 900ms, drop_after: 500ms, `+more+`}}
events: [{at: 10s, slow: m, factor: 1.2x, for: 30s}]`)
		// each waits 80 ms longer than the one before while it is slow, and 100 ms less from then on, until one would have to wait for 500 ms
		if r.Outcomes.Overloaded < 2 || r.Outcomes.Overloaded > 5 || float64(r.Latency.Max) > .5+1.08+1e-6 {
			t.Errorf("%s: %d gave up, and the slowest took %g s", more, r.Outcomes.Overloaded, r.Latency.Max)
		}
	}
}
