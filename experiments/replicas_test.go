package experiments_test

import (
	"math"
	"strings"
	"testing"

	"headroom/experiments"
)

// replicated has clients on three continents, and a database in us with a replica there and one in eu.
const replicated = `
run: {duration: 20s, warmup: 1s, replications: 2}
regions: {rtt: {us: {eu: 80ms, asia: 170ms}, eu: {asia: 210ms}}, last_mile: 8ms, local_rtt: 0.5ms}
data: {users: {keys: 10k}}
requests: {get: {data: users}, put: {data: users, write: true}}
traffic: {u: {enters: db, rate: 600/s, mix: {get: 100%}, regions: {us: 40%, eu: 40%, asia: 20%}}}
nodes: {db: {kind: database, region: us, replicas: {us: 1, eu: 1}, read_from: any, cores: unlimited, read: 1ms, write: 1ms}}
`

// takesIn holds the latencies of a region's requests to a constant, in seconds.
func takesIn(t *testing.T, r *experiments.Result, region string, want float64) {
	t.Helper()
	if l := r.Regions[region].Latency; l.Count == 0 || math.Abs(float64(l.Min)-want) > 1e-9 || math.Abs(float64(l.Max)-want) > 1e-9 {
		t.Errorf("%s: %d requests take from %v to %v s, want %v", region, l.Count, l.Min, l.Max, want)
	}
}

// sharesOf returns what part of a database's queries came to each instance.
func sharesOf(r *experiments.Result, node string) map[string]float64 {
	shares := map[string]float64{}
	for _, s := range r.Nodes[node].Shards {
		shares[s.Name] = float64(s.Share)
	}
	return shares
}

// TestReadsGoToTheNearestReplica: clients in us share the primary and the replica there with those of asia, to whom us is nearer than eu,
// where the replica answers the rest.
func TestReadsGoToTheNearestReplica(t *testing.T) {
	t.Parallel()
	r := run(t, replicated)
	for region, want := range map[string]float64{"us": .009, "eu": .009, "asia": .179} {
		takesIn(t, r, region, want)
	}
	sd := math.Sqrt(.3 * .7 / float64(r.Latency.Count))
	for name, want := range map[string]float64{"db/0": .3, "db/0/replica-1": .3, "db/0/replica-2": .4} {
		if got := sharesOf(r, "db")[name]; math.Abs(got-want) > 4*sd+.001 { // the regions' shares are those of the clients, which are drawn
			t.Errorf("%s gets %.4f of the reads, want %.2f ± %.4f", name, got, want, 4*sd)
		}
	}
	takesIn(t, run(t, strings.Replace(replicated, "read_from: any", "read_from: primary, sync_replicas: 1", 1)), "eu", .089)
}

// TestTheNextNearestReplicaAnswersForTheDead: without the replica in eu its readers cross the ocean, and none fails; without any nearby, those of us do.
func TestTheNextNearestReplicaAnswersForTheDead(t *testing.T) {
	t.Parallel()
	r := run(t, replicated+"events: [{at: 0s, kill: db/2}]")
	takesIn(t, r, "eu", .089)
	takesIn(t, r, "us", .009)
	if r.ErrorRate != 0 {
		t.Errorf("%v of the reads fail", r.ErrorRate)
	}
	r = run(t, replicated+"events: [{at: 0s, kill: db/0}, {at: 0s, kill: db/1}]")
	takesIn(t, r, "us", .089)
	takesIn(t, r, "eu", .009)
	takesIn(t, r, "asia", .219)
}

// TestReadersOfTheDeadAreShared: the reads of one dead replica of four go to the other three alike, and not all to its neighbour.
func TestReadersOfTheDeadAreShared(t *testing.T) {
	t.Parallel()
	r := run(t, `
run: {duration: 20s, warmup: 1s, replications: 2}
traffic: {u: {enters: db, rate: 1k/s}}
nodes: {db: {kind: database, replicas: 4, read_from: replicas, cores: unlimited, read: 1ms}}
events: [{at: 0s, kill: db/2}]`)
	sd := math.Sqrt(1. / 3 * 2 / 3 / float64(r.Latency.Count))
	for _, name := range []string{"db/0/replica-1", "db/0/replica-3", "db/0/replica-4"} {
		if got := sharesOf(r, "db")[name]; math.Abs(got-1./3) > 4*sd {
			t.Errorf("%s gets %.4f of the reads, want a third ± %.4f", name, got, 4*sd)
		}
	}
}

// TestSyncReplicasAreAsSlowAsTheyAreFar: a write waits for the nearest replicas' lag and round trip; without sync_replicas for none.
func TestSyncReplicasAreAsSlowAsTheyAreFar(t *testing.T) {
	t.Parallel()
	const took = .009 // last mile and write
	for keys, want := range map[string]float64{
		"":                        took,
		", replication_lag: 30ms": took,
		", sync_replicas: 1":      took + .0005,
		", sync_replicas: 2":      took + .080,
		", sync_replicas: 2, replication_lag: 30ms": took + .080 + .030,
	} {
		r := run(t, strings.NewReplacer("get: 100%", "put: 100%", "us: 40%, eu: 40%, asia: 20%", "us: 100%", "read_from: any", "read_from: any"+keys).Replace(replicated))
		takesIn(t, r, "us", want)
	}
}

// TestReadsOfAllShardsCrossTheOceanOnlyWhereTheyMust: with a replica of each shard in eu they stay there; the branch for one that is dead
// goes to its primary.
func TestReadsOfAllShardsCrossTheOceanOnlyWhereTheyMust(t *testing.T) {
	t.Parallel()
	text := strings.Replace(replicated, "replicas: {us: 1, eu: 1}", "shards: 2, cross_shard: 100%, replicas: {eu: 1}", 1)
	r := run(t, text)
	takesIn(t, r, "eu", .009)
	takesIn(t, r, "us", .009)
	takesIn(t, r, "asia", .179)
	r = run(t, text+"events: [{at: 0s, kill: db/3}]")
	takesIn(t, r, "eu", .089)
	takesIn(t, r, "us", .009)
}

// TestReplicasInOneRegionAreReplicas: where all are in one place, how they are written changes nothing.
func TestReplicasInOneRegionAreReplicas(t *testing.T) {
	t.Parallel()
	a := run(t, strings.Replace(replicated, "{us: 1, eu: 1}", "2", 1))
	b := run(t, strings.Replace(replicated, "{us: 1, eu: 1}", "{us: 2}", 1))
	if a.Latency.Mean != b.Latency.Mean || a.Latency.P99 != b.Latency.P99 || sharesOf(a, "db")["db/0/replica-2"] != sharesOf(b, "db")["db/0/replica-2"] {
		t.Errorf("as a count %+v, by region %+v", a.Latency, b.Latency)
	}
}
