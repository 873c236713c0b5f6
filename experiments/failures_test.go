package experiments_test

import (
	"testing"

	"headroom/experiments"
	"headroom/scenarios"
)

// twice is how often the scenarios of failures are simulated here: what they show is no matter of a few percent.
var twice = scenarios.Change{Path: "run.replications", Value: "2"}

// recovered returns how long after an event's beginning the SLO was met again.
func recovered(r *experiments.Result, event int) (after float64, ever bool) {
	again := r.Events[event].RecoveredAfter
	return float64(again), again.Known()
}

// TestRetryStorm: 250/s and as many retries are more than the 300/s that the database can: after a stall it stays down, until something takes
// away from the work in vain.
func TestRetryStorm(t *testing.T) {
	t.Parallel()
	for variant, back := range map[string]struct{ from, to float64 }{
		"no-retries": {50, 80}, "budget": {90, 150}, "cancel": {10, 25}, "drop": {10, 25}, "breaker": {10, 25}, "half-the-load": {110, 170},
	} {
		r := builtin(t, "retry-storm", variant, twice)
		if after, ever := recovered(r, 0); !ever || after < back.from || after > back.to {
			t.Errorf("%s: met again after %g s, want %g to %g", variant, after, back.from, back.to)
		}
	}
	for _, variant := range []string{"", "backoff"} {
		r := builtin(t, "retry-storm", variant, twice)
		if after, ever := recovered(r, 0); ever || r.Load.Goodput > 30 || r.Nodes["db"].Resources["cpu"].Wasted < .9 {
			t.Errorf("%q: met again after %g s, %g/s in time, %g of the database's work in vain", variant, after, r.Load.Goodput, r.Nodes["db"].Resources["cpu"].Wasted)
		}
	}
}

// TestCacheStampede: a cold cache is a bump where one miss fetches for all, and stays cold where those who fetch give up.
func TestCacheStampede(t *testing.T) {
	t.Parallel()
	plain, coalesce, limited := builtin(t, "cache-stampede", "", twice), builtin(t, "cache-stampede", "coalesce", twice), builtin(t, "cache-stampede", "limited", twice)
	if plain.Latency.P99 < 2*coalesce.Latency.P99 || plain.ErrorRate > 0 || meets(plain) || !meets(coalesce) {
		t.Errorf("p99 %g s, coalescing %g s", plain.Latency.P99, coalesce.Latency.P99)
	}
	if limited.Latency.P99 > .1 || limited.ErrorRate == 0 || !meets(limited) {
		t.Errorf("with a short queue the p99 is %g s, and %g fail", limited.Latency.P99, limited.ErrorRate)
	}
	for _, variant := range []string{"impatient", "impatient-coalesce"} {
		r := builtin(t, "cache-stampede", variant, twice)
		if _, ever := recovered(r, 0); ever || r.ErrorRate < .2 {
			t.Errorf("%s: it recovered, and %g failed", variant, r.ErrorRate)
		}
	}
}

// TestThunderingHerd: who is refused in step comes back in step; jitter spreads them, and a queue takes them all.
func TestThunderingHerd(t *testing.T) {
	t.Parallel()
	herd, jitter := builtin(t, "thundering-herd", "", twice), builtin(t, "thundering-herd", "jitter", twice)
	if herd.ErrorRate < 3*jitter.ErrorRate || jitter.ErrorRate == 0 {
		t.Errorf("%g give up, with jitter %g", herd.ErrorRate, jitter.ErrorRate)
	}
	for _, variant := range []string{"spread", "queue"} {
		if r := builtin(t, "thundering-herd", variant, twice); r.ErrorRate > 0 || !meets(r) {
			t.Errorf("%s: %g fail", variant, r.ErrorRate)
		}
	}
}

// TestSlowDependency: who waits for a slow service holds a thread, until none is left for all others.
func TestSlowDependency(t *testing.T) {
	t.Parallel()
	p99 := func(r *experiments.Result) float64 { return float64(r.Requests["browse"].Latency.P99) }
	for _, variant := range []string{"", "pool"} {
		r := builtin(t, "slow-dependency", variant, twice)
		if p99(r) < .5 || r.Requests["browse"].ErrorRate < .02 || r.Nodes["web"].Resources["cpu"].Utilization > .5 {
			t.Errorf("%q: p99 of what needs no payment %g s, %g of it failed, with cores busy %g", variant, p99(r), r.Requests["browse"].ErrorRate, r.Nodes["web"].Resources["cpu"].Utilization)
		}
	}
	for _, variant := range []string{"timeout", "breaker", "fallback", "async"} {
		r := builtin(t, "slow-dependency", variant, twice)
		if p99(r) > .05 || r.Requests["browse"].ErrorRate > 0 {
			t.Errorf("%s: p99 of what needs no payment %g s, %g of it failed", variant, p99(r), r.Requests["browse"].ErrorRate)
		}
		if whole := variant == "fallback" || variant == "async"; whole != (r.ErrorRate == 0) {
			t.Errorf("%s: %g fail", variant, r.ErrorRate)
		}
	}
}

// TestZoneOutage: errors last as long as the checks, and the failover, take; without room to spare the rest is overrun.
func TestZoneOutage(t *testing.T) {
	t.Parallel()
	for variant, within := range map[string]struct{ from, to float64 }{"": {14, 18}, "no-failover": {58, 62}, "slow-checks": {26, 34}} {
		r := builtin(t, "zone-outage", variant, twice)
		if after, ever := recovered(r, 0); !ever || after < within.from || after > within.to {
			t.Errorf("%q: met again after %g s, want %g to %g", variant, after, within.from, within.to)
		}
	}
	if r := builtin(t, "zone-outage", "no-headroom", twice); r.Latency.P99 < 2 {
		t.Errorf("six servers of nine have a p99 of %g s at 3.6k/s", r.Latency.P99)
	}
}

// TestTailAtScale: a hundred leaves meet the slow one in 63% of the searches; a copy after the 95th percentile costs 5% more calls.
func TestTailAtScale(t *testing.T) {
	t.Parallel()
	all, one, hedge := builtin(t, "tail-at-scale", "", twice), builtin(t, "tail-at-scale", "one-leaf", twice), builtin(t, "tail-at-scale", "hedge", twice)
	if all.Latency.P50 < 10*one.Latency.P50 || all.Latency.P99 < 10*hedge.Latency.P99 {
		t.Errorf("medians of %g s and, alone, %g s; p99 %g s and, with copies, %g s", all.Latency.P50, one.Latency.P50, all.Latency.P99, hedge.Latency.P99)
	}
	if more := float64(hedge.Attempts.Hedges) / float64(hedge.Attempts.Total-hedge.Attempts.Hedges); more < .045 || more > .055 {
		t.Errorf("copies are %g of the calls, want 5%%", more)
	}
	for _, variant := range []string{"hedge-early", "quorum", "timeout"} {
		if r := builtin(t, "tail-at-scale", variant, twice); r.Latency.P99 > all.Latency.P99/8 {
			t.Errorf("%s: p99 %g s", variant, r.Latency.P99)
		}
	}
}

// TestBlackFriday: instances that take a minute to boot come too late for a crowd that comes at once; those that are there already, or that
// boot fast, do not; who is turned away leaves room for the others, and who tries again takes it.
func TestBlackFriday(t *testing.T) {
	t.Parallel()
	slow, fast := builtin(t, "black-friday", "", twice), builtin(t, "black-friday", "fast", twice)
	after, ever := recovered(slow, 0)
	sooner, too := recovered(fast, 0)
	if !ever || !too || after < 180 || after > 330 || sooner > .6*after {
		t.Errorf("met again after %g s, and %g s with machines that boot fast", after, sooner)
	}
	if s := slow.Nodes["shop"].Scaled; s.Min != 8 || s.Max != 40 {
		t.Errorf("from %d to %d instances, want 8 to 40", s.Min, s.Max)
	}
	for _, variant := range []string{"fixed", "impatient"} {
		if after, ever := recovered(builtin(t, "black-friday", variant, twice), 0); ever {
			t.Errorf("%s: met again after %g s", variant, after)
		}
	}
	if ready := builtin(t, "black-friday", "ready", twice); !meets(ready) {
		t.Errorf("with 30 servers the p99 is %g s", ready.Latency.P99)
	}
	if shed := builtin(t, "black-friday", "shed", twice); shed.Latency.P99 > .15 || shed.ErrorRate < .1 || shed.ErrorRate > .25 {
		t.Errorf("of those served the p99 is %g s, and %g are turned away", shed.Latency.P99, shed.ErrorRate)
	}
}
