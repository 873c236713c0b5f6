package experiments_test

import (
	"math"
	"strings"
	"testing"

	"headroom/experiments"
)

// failing has two shards, one of whose primaries dies after 20 s, and half of its requests write.
const failing = `
run: {duration: 60s, warmup: 1s, replications: 2}
data: {users: {keys: 10k}}
requests: {get: {data: users}, put: {data: users, write: true}}
traffic: {u: {enters: db, rate: 400/s, mix: {get: 50%, put: 50%}}}
nodes: {db: {kind: database, shards: 2, replicas: 2, read_from: replicas, failover: 10s, cores: unlimited, read: 1ms, write: 1ms}}
events: [{at: 20s, kill: db/1}]
`

// outageOf returns when errors begin and end in the series, in seconds.
func outageOf(r *experiments.Result) (begin, end float64) {
	begin = math.NaN()
	for i, at := range r.Series.T {
		if r.Series.Errors[i] > 0 {
			if end = float64(at + r.Series.BucketSeconds); math.IsNaN(begin) {
				begin = float64(at)
			}
		}
	}
	return begin, end
}

// TestFailoverEndsTheOutage: writes of the dead shard fail from the kill until a replica is in its place, for 10 s, and no read does; the series and
// the event tell so, to within a step. Without failover the outage does not end.
func TestFailoverEndsTheOutage(t *testing.T) {
	t.Parallel()
	r := run(t, failing)
	begin, end := outageOf(r)
	step := float64(r.Series.BucketSeconds)
	if begin > 20 || begin < 20-step || end < 30 || end > 30+step {
		t.Errorf("errors from %g s to %g s, want 20 s to 30 s to within %g s", begin, end, step)
	}
	if after := float64(r.Events[0].RecoveredAfter); after < 10 || after > 10+step {
		t.Errorf("recovered after %g s, want 10 s to within %g s", after, step)
	}
	// Half of the keys are the shard's, ± 1% by hash.
	const writes = 2 * 10 * 400 * .5 * .5
	if got := float64(r.Requests["put"].Outcomes.Unavailable); math.Abs(got-writes) > 4*math.Sqrt(writes)+.04*writes {
		t.Errorf("%v writes fail, want %v", got, writes)
	}
	if o := r.Requests["get"].Outcomes; o.Unavailable+o.Failed > 0 {
		t.Errorf("reads fail: %+v", o)
	}
	r = run(t, strings.Replace(failing, "failover: 10s, ", "", 1))
	if _, end := outageOf(r); end < 60 || r.Events[0].RecoveredAfter.Known() {
		t.Errorf("without failover: the last error at %g s, recovered after %v", end, r.Events[0].RecoveredAfter)
	}
}

// TestAPrimaryThatComesBackStaysBehind: once a replica is in its place it answers reads as one, and nothing fails again; one that is back before
// that is primary again.
func TestAPrimaryThatComesBackStaysBehind(t *testing.T) {
	t.Parallel()
	for length, want := range map[string]bool{"15s": true, "5s": false} {
		r := run(t, strings.NewReplacer("kill: db/1", "kill: db/1, for: "+length, "get: 50%, put: 50%", "get: 100%").Replace(failing))
		if got := sharesOf(r, "db")["db/1"] > 0; got != want {
			t.Errorf("dead for %s: the old primary answers reads: %v", length, got)
		}
	}
	r := run(t, strings.Replace(failing, "kill: db/1", "kill: db/1, for: 5s", 1))
	if after := float64(r.Events[0].RecoveredAfter); after < 5 || after > 5+float64(r.Series.BucketSeconds) {
		t.Errorf("dead for 5 s, recovered after %g s", after)
	}
}

// TestWritesGoToTheOneThatWasPromoted: to the first living replica, which has no reads to answer while others do.
func TestWritesGoToTheOneThatWasPromoted(t *testing.T) {
	t.Parallel()
	r := run(t, strings.NewReplacer("get: 50%, put: 50%", "put: 100%", "at: 20s, kill: db/1", "at: 0s, kill: db/1}, {at: 0s, kill: db/4").Replace(failing))
	shares := sharesOf(r, "db")
	if shares["db/1/replica-2"] < .3 || shares["db/1/replica-1"] > 0 || shares["db/0/replica-1"] > 0 {
		t.Errorf("the writes went to %v, want to db/1/replica-2", shares)
	}
	r = run(t, strings.NewReplacer("get: 50%, put: 50%", "get: 100%", "at: 20s", "at: 0s", "failover: 10s", "failover: 1ms").Replace(failing))
	shares = sharesOf(r, "db")
	if shares["db/1/replica-1"] > .01 || shares["db/1/replica-2"] < .4 {
		t.Errorf("the reads went to %v, want those of shard 1 to db/1/replica-2", shares)
	}
}

// TestTheLastReplicaWritesAndReads: promoted, it goes on to answer the reads of replicas, of which none is left; and it is not behind itself.
func TestTheLastReplicaWritesAndReads(t *testing.T) {
	t.Parallel()
	r := run(t, strings.NewReplacer("replicas: 2", "replicas: 1, replication_lag: 10s", "at: 20s", "at: 0s", "failover: 10s", "failover: 1ms", "shards: 2, ", "", "kill: db/1", "kill: db/0").Replace(failing))
	if _, end := outageOf(r); end > 10 {
		t.Errorf("the last error at %g s", end)
	}
	if got := *r.Nodes["db"].StaleReads; got > .01 {
		t.Errorf("%v of the reads are stale", got)
	}
}

// TestFailoverWaitsForSomebodyToPromote: where all die, the first replica that is back takes the place of a primary that is not.
func TestFailoverWaitsForSomebodyToPromote(t *testing.T) {
	t.Parallel()
	r := run(t, strings.Replace(failing, "{at: 20s, kill: db/1}", "{at: 20s, kill: db/1}, {at: 20s, kill: db/4, for: 25s}, {at: 20s, kill: db/5}", 1))
	if _, end := outageOf(r); end < 45 || end > 45+float64(r.Series.BucketSeconds) {
		t.Errorf("the last error at %g s, want 45 s", end)
	}
}

// TestFailoverPromotesTheNearest: a replica beside the dead primary and not the first of the list; then writes cross no ocean.
func TestFailoverPromotesTheNearest(t *testing.T) {
	t.Parallel()
	text := strings.NewReplacer("get: 100%", "put: 100%", "us: 40%, eu: 40%, asia: 20%", "us: 100%", "read_from: any", "failover: 1ms").Replace(replicated)
	for replicas, want := range map[string]float64{"{eu: 1, us: 1}": .009, "{asia: 1, eu: 1}": .089} {
		r := run(t, strings.Replace(text, "{us: 1, eu: 1}", replicas, 1)+"events: [{at: 0s, kill: db/0}]")
		if got := float64(r.Latency.P50); math.Abs(got-want) > .001*want {
			t.Errorf("%s: a write takes %v s, want %v", replicas, got, want)
		}
	}
}
