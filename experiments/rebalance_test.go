package experiments_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"headroom/experiments"
)

// four is a database of four shards that takes constant times: 20 000 rows of 1 KB, of which a batch is 20.
const four = `
run: {duration: 60s, warmup: 1s, replications: 2}
slo: [errors < 100%]
data: {items: {keys: 20k}}
requests: {get: {data: items}, put: {data: items, write: true}}
traffic: {u: {enters: db, rate: 200/s, mix: {get: 80%, put: 20%}}}
nodes: {db: {kind: database, shards: 4, cores: 2, read: 3ms, write: 5ms}}
`

// by is four on a placement, with events.
func by(placement, events string) string {
	return strings.Replace(four, "shards: 4", "shards: 4, shard_by: "+placement, 1) + events
}

const fifth = "events: [{at: 5s, rebalance: db, shards: 5}]"

// TestRebalanceMovesWhatThePlacementMust: a fifth shard takes a fifth of the keys from a ring, give or take what chance has placed of its 100
// points, 1/√100 of it; by hash mod N all but one in five move, of keys in ranges exactly half.
func TestRebalanceMovesWhatThePlacementMust(t *testing.T) {
	for placement, want := range map[string]struct{ moved, tolerance float64 }{
		"hash":            {.8, 4 * math.Sqrt(.8*.2/20_000)},
		"range":           {.5, 5. / 20_000},
		"consistent-hash": {.2, 3 * .2 / math.Sqrt(100)},
	} {
		r := run(t, by(placement, fifth))
		if got := float64(r.Events[0].Moved); math.Abs(got-want.moved) > want.tolerance {
			t.Errorf("%s: %g of the keys move, want %g ± %g", placement, got, want.moved, want.tolerance)
		}
		if r.Events[0].Copied != 1 || !r.Events[0].CopiedAfter.Known() || r.ErrorRate != 0 {
			t.Errorf("%s: %+v, and %g of the requests fail", placement, r.Events[0].MoveResult, r.ErrorRate)
		}
	}
}

// TestRebalanceEndsAsIfItHadAlwaysBeen: when the keys have moved, each shard has those that it would have had from the beginning. A thousandth
// of the queries comes during the move, which takes 20 ms.
func TestRebalanceEndsAsIfItHadAlwaysBeen(t *testing.T) {
	for _, placement := range []string{"hash", "range", "consistent-hash"} {
		quick := strings.NewReplacer("shards: 4", "shards: 4, replicas: 1, read_from: any, data_size: 80KB")
		for from, to := range map[string]string{"4": "7", "7": "3", "3": "1", "1": "4"} {
			always := run(t, strings.Replace(quick.Replace(by(placement, "")), "shards: 4", "shards: "+to, 1))
			late := run(t, strings.Replace(quick.Replace(by(placement, "")), "shards: 4", "shards: "+from, 1)+fmt.Sprintf("events: [{at: 0s, rebalance: db, shards: %s}]", to))
			shares := map[string]float64{}
			for _, s := range late.Nodes["db"].Shards {
				shares[s.Name] = float64(s.Share)
			}
			for _, s := range always.Nodes["db"].Shards {
				if got := shares[s.Name]; math.Abs(got-float64(s.Share)) > .005 {
					t.Errorf("%s, %s → %s: %s gets %g of the queries, want %g", placement, from, to, s.Name, got, s.Share)
				}
			}
			near(t, "cores", late.Nodes["db"].Resources["cpu"].Capacity, float64(always.Nodes["db"].Resources["cpu"].Capacity), .005)
		}
	}
}

// TestRebalanceWorksForEachBatch: each 20 rows take a read, a write, a read of the disk and both interfaces, and nothing counts them as
// queries. The queries are the same ones in both runs, so that only those at the end of the run may differ.
func TestRebalanceWorksForEachBatch(t *testing.T) {
	t.Parallel()
	const more = "shards: 4, bandwidth: 100Mbps, data_size: 20MB, memory: 2MB, disk: {iops: 1k, latency: 1ms}"
	text := strings.Replace(four, "shards: 4", more, 1)
	before, r := run(t, text), run(t, text+fifth)
	busy := func(r *experiments.Result, resource string) float64 {
		res := r.Nodes["db"].Resources[resource]
		return float64(res.Utilization) * float64(res.Capacity) * 60
	}
	const last = 4 // the last batch of each shard has fewer rows, and takes as long
	batches := float64(r.Events[0].Moved) * 20_000 / 20
	near(t, "core-seconds of batches", experiments.Num(busy(r, "cpu")-busy(before, "cpu")), batches*(.003+.005), last*(.003+.005))
	near(t, "bits of batches", experiments.Num(busy(r, "network")-busy(before, "network")), batches*20*8000, last*20*8000)
	if a, b := before.Nodes["db"].Throughput, r.Nodes["db"].Throughput; math.Abs(float64(a-b)) > .1 {
		t.Errorf("%g queries per second, and %g while data is copied", a, b)
	}
	of := func(r *experiments.Result, class string) float64 {
		return float64(r.Nodes["db"].Requests[class].Utilization) * float64(r.Nodes["db"].Resources["cpu"].Capacity)
	}
	for _, class := range []string{"get", "put"} {
		near(t, "cores busy with "+class, experiments.Num(of(r, class)), of(before, class), .005)
	}
	if a, b := before.Load.Offered, r.Load.Offered; a != b {
		t.Errorf("%g requests per second are offered, and %g while data is copied", a, b)
	}
}

// TestRebalanceTakesAsLongAsItsBatches: a shard that goes sends its keys batch by batch. Where nobody else works, each takes what a read and
// a write take, but a millisecond at least; without a time for writes, two reads.
func TestRebalanceTakesAsLongAsItsBatches(t *testing.T) {
	for times, batch := range map[string]float64{"read: 3ms, write: 5ms": .008, "read: 3ms": .006, "read: 100us, write: 200us": .001, "read: {delay: 1ms}": .001} {
		text := strings.NewReplacer("rate: 200/s", "rate: 0.001/s", "read: 3ms, write: 5ms", times).Replace(by("consistent-hash", "events: [{at: 5s, rebalance: db, shards: 3}]"))
		r := run(t, text)
		near(t, times, r.Events[0].CopiedAfter, float64(r.Events[0].Moved)*1000*batch, .005)
	}
}

// TestRebalanceFollowsAnother: what is begun is finished first, and then undone. While there are five shards, five are paid for.
func TestRebalanceFollowsAnother(t *testing.T) {
	text := strings.NewReplacer("cores: 2", "cores: 2, price: $1/h", "rate: 200/s", "rate: 0.001/s").Replace(four)
	r := run(t, text+"events: [{at: 5s, rebalance: db, shards: 5, for: 100ms}]")
	took := float64(r.Events[0].CopiedAfter)
	if !(took > .1) {
		t.Fatalf("all is copied after %g s: too soon for this test", took)
	}
	// On the way back the fifth shard sends a fifth of the keys, one batch of 8 ms after the other, which wait a little for those of others.
	back := .2 * 1000 * .008
	near(t, "cost", r.Cost.PerMonth, 730*(4+(took+back)/60), 730*.1*back/60)
	two := run(t, text+"events: [{at: 5s, rebalance: db, shards: 5}, {at: 5s, rebalance: db, shards: 4}]")
	near(t, "a rebalance that waits", two.Events[1].CopiedAfter, took+back, .1)
}

// TestRebalanceWaitsForDeadShards: what is copied from or to a shard that is dead waits until it lives, and goes on; no key is missing then.
func TestRebalanceWaitsForDeadShards(t *testing.T) {
	for _, victim := range []string{"at: 5100ms, kill: db/4", "at: 5100ms, kill: db/0", "at: 5s, kill: db/4"} {
		healthy := run(t, by("consistent-hash", fifth))
		r := run(t, by("consistent-hash", strings.Replace(fifth, "}]", "}, {"+victim+", for: 20s}]", 1)))
		if got, least := r.Events[0].CopiedAfter, experiments.Num(20); !(got > least) || got > least+healthy.Events[0].CopiedAfter+1 {
			t.Errorf("%s for 20 s: all is copied after %g s, else after %g s", victim, got, healthy.Events[0].CopiedAfter)
		}
		for i, at := range r.Series.T {
			if at > 26 && r.Series.Errors[i] > 0 {
				t.Errorf("at %g s, when all is well again, %g/s fail", at, r.Series.Errors[i])
			}
		}
	}
}

// TestRebalancedKeysAreColdWhereTheyCome: a query cache that has all keys misses those that move, once there and, since what is kept must not
// grow stale behind their backs, once again where they come back to.
func TestRebalancedKeysAreColdWhereTheyCome(t *testing.T) {
	text := strings.NewReplacer("keys: 20k", "keys: 500", "shards: 4", "shards: 4, data_size: 80KB, query_cache: {entries: 500}", "{get: 80%, put: 20%}", "{get: 100%}").
		Replace(by("hash", ""))
	moved := run(t, text+"events: [{at: 5s, rebalance: db, shards: 5}]")
	back := run(t, text+"events: [{at: 5s, rebalance: db, shards: 5, for: 30s}]")
	keys := 2 * 500 * float64(moved.Events[0].Moved) // in two replications
	for _, c := range []struct {
		misses int64
		times  float64
	}{{moved.Nodes["db"].Cache.Misses, 1}, {back.Nodes["db"].Cache.Misses, 2}} {
		// Of the keys, e^-12 are not asked for in 30 s at 0.4/s; a few are while they move, and hit where they were before.
		if math.Abs(float64(c.misses)-c.times*keys) > .01*c.times*keys {
			t.Errorf("%d reads miss, want %g", c.misses, c.times*keys)
		}
	}
}

// TestRebalanceGivesTheDataRoom: data that fits into the memory of twice as many shards needs no disk any more.
func TestRebalanceGivesTheDataRoom(t *testing.T) {
	from := func(shards, events string) *experiments.Result {
		return run(t, strings.Replace(four, "shards: 4", "shard_by: range, data_size: 20MB, memory: 3MB, disk: {iops: 1k, latency: 1ms}, shards: "+shards, 1)+events)
	}
	r, few := from("4", "events: [{at: 0s, rebalance: db, shards: 8}]"), from("8", "events: [{at: 0s, rebalance: db, shards: 4}]")
	disk := func(r *experiments.Result) float64 {
		res := r.Nodes["db"].Resources["disk"]
		return float64(res.Utilization) * float64(res.Capacity) * 60 * 1000 // reads
	}
	// Batches read too: 20 rows each. After it nothing does; with four shards, of 160 reads per second 2 in 5 are of what memory has no room for.
	if got, want := disk(r), float64(r.Events[0].Moved)*1000; got > want+60*160*.4/10 || got < want {
		t.Errorf("%g reads of the disk, of which %g are of batches", got, want)
	}
	if got := disk(few); math.Abs(got-float64(few.Events[0].Moved)*1000-.4*160*55) > .15*.4*160*55 {
		t.Errorf("%g reads of the disk where there is room for 3 in 5 of the pages", got)
	}
}

// TestRebalanceThatIsNotOver: the result says how far it came, and how long a run would see its end.
func TestRebalanceThatIsNotOver(t *testing.T) {
	text := strings.Replace(four, "shards: 4", "shards: 4, data_size: 1GB", 1) + fifth
	r := run(t, text)
	e := r.Events[0]
	if e.CopiedAfter.Known() || !(e.Copied > 0 && e.Copied < 1) {
		t.Errorf("%+v", e.MoveResult)
	}
	all := strings.Join(r.Warnings, "\n")
	_, long, found := strings.Cut(all, "`rebalance db, 5 shards` moves had moved: at that pace it takes until 1m29s. Run it longer, such as --duration ")
	if !found {
		t.Fatalf("no warning: %s", all)
	}
	long, _, _ = strings.Cut(long, ".")
	if r := run(t, strings.Replace(text, "60s", long, 1)); math.Abs(float64(r.Events[0].CopiedAfter)-84) > 4 {
		t.Errorf("in a run of %s all is copied after %g s, want 84", long, r.Events[0].CopiedAfter)
	}
}

// TestCallsWithoutKeyGoWhereTheKeysAre: as long as next to nothing has moved to a new shard, it is asked for next to nothing, by those who
// name no key as well; in the end it has a fifth of both.
func TestCallsWithoutKeyGoWhereTheKeysAre(t *testing.T) {
	for size, want := range map[string]float64{"10GB": 0, "80KB": .2} {
		text := strings.NewReplacer("{data: items}", "{}", "shards: 4", "shards: 4, data_size: "+size).Replace(four)
		r := run(t, text+"events: [{at: 0s, rebalance: db, shards: 5}]")
		if got := float64(r.Nodes["db"].Shards[4].Share); math.Abs(got-want) > .03 {
			t.Errorf("of %s, the new shard is asked for %g, want %g", size, got, want)
		}
	}
}
