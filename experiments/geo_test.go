package experiments_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"headroom/scenarios"
)

// geographic has clients on three continents, and shards on two of them.
const geographic = `
run: {duration: 20s, warmup: 1s, replications: 2}
regions: {rtt: {us: {eu: 80ms, asia: 170ms}, eu: {asia: 210ms}}, last_mile: 8ms, local_rtt: 0.5ms}
data: {users: {keys: 10k}}
requests: {get: {data: users}, put: {data: users, write: true}}
traffic: {u: {enters: db, rate: 600/s, mix: {get: 90%, put: 10%}, regions: {us: 50%, eu: 30%, asia: 20%}}}
nodes: {db: {kind: database, shard_by: geo, place: {us: 1, eu: 2}, cores: unlimited, read: 1ms, write: 1ms}}
`

// TestUsersDataLivesNearThem: by geography, reads and writes of clients in eu stay there, which all in one region cross the ocean; asia has no
// shard and goes to the nearest.
func TestUsersDataLivesNearThem(t *testing.T) {
	t.Parallel()
	r := run(t, geographic)
	for region, want := range map[string]float64{"us": .009, "eu": .009, "asia": .179} {
		takesIn(t, r, region, want)
	}
	r = run(t, strings.Replace(geographic, "shard_by: geo, place: {us: 1, eu: 2}", "region: us, shards: 3", 1))
	takesIn(t, r, "eu", .089)
	takesIn(t, r, "us", .009)
}

// TestLoadOfShardsFollowsTheRegions: us has the queries of its clients and of asia's, the two shards in eu divide theirs: by hash, or, without keys,
// at random.
func TestLoadOfShardsFollowsTheRegions(t *testing.T) {
	t.Parallel()
	for _, text := range []string{geographic, strings.NewReplacer("get: {data: users}, put: {data: users, write: true}", "get: {}", "get: 90%, put: 10%", "get: 100%").Replace(geographic)} {
		r := run(t, text)
		sd := math.Sqrt(.3*.7/float64(r.Latency.Count)) + .15*.01 // 5k keys of 10k by hash: ± 1% of each
		for name, want := range map[string]float64{"db/0": .7, "db/1": .15, "db/2": .15} {
			if got := sharesOf(r, "db")[name]; math.Abs(got-want) > 4*sd {
				t.Errorf("%s gets %.4f of the queries, want %.2f ± %.4f", name, got, want, 4*sd)
			}
		}
	}
}

// TestADeadShardFailsItsRegion, and no other.
func TestADeadShardFailsItsRegion(t *testing.T) {
	t.Parallel()
	r := run(t, strings.Replace(geographic, "eu: 2}, cores", "eu: 1}, cores", 1)+"slo: [errors < 50%]\nevents: [{at: 0s, kill: db/1}]")
	if r.Regions["eu"].ErrorRate != 1 || r.Regions["us"].ErrorRate != 0 || r.Regions["asia"].ErrorRate != 0 {
		t.Errorf("errors: eu %v, us %v, asia %v, want all of eu's", r.Regions["eu"].ErrorRate, r.Regions["us"].ErrorRate, r.Regions["asia"].ErrorRate)
	}
}

// TestReadsOfAllShardsPayTheWay: from a shard nearby to the others, the farthest of which is waited for.
func TestReadsOfAllShardsPayTheWay(t *testing.T) {
	t.Parallel()
	r := run(t, strings.NewReplacer("us: 1, eu: 2}, ", "us: 1, eu: 2}, cross_shard: 100%, ", "get: 90%, put: 10%", "get: 100%").Replace(geographic))
	for region, want := range map[string]float64{"us": .008 + .080 + .001, "eu": .008 + .080 + .001, "asia": .178 + .080 + .001} {
		takesIn(t, r, region, want)
	}
}

// TestKeysOfRegionsAreTheirOwn: the hottest key of each region is listed for it, with its clients' part of Zipf's law, and what is written in us is
// not stale in eu.
func TestKeysOfRegionsAreTheirOwn(t *testing.T) {
	t.Parallel()
	r := run(t, strings.NewReplacer("keys: 10k", "keys: 100, popularity: zipf(1)", "us: 50%, eu: 30%, asia: 20%", "us: 60%, eu: 40%").Replace(geographic))
	all := 0.0
	for k := 1; k <= 100; k++ {
		all += 1 / float64(k)
	}
	keys := r.Nodes["db"].HotKeys
	for i, want := range []struct {
		name  string
		share float64
	}{{"users/0 (us)", .6 / all}, {"users/0 (eu)", .4 / all}, {"users/1 (us)", .3 / all}} {
		sd := math.Sqrt(want.share / float64(r.Run.Requests))
		if k := keys[i]; k.Key != want.name || math.Abs(float64(k.Share)-want.share) > 4*sd {
			t.Errorf("key %d is %+v, want %s with %.4f ± %.4f", i, k, want.name, want.share, 4*sd)
		}
	}
	for writers, stale := range map[string]bool{"us": false, "eu": true} {
		r := run(t, fmt.Sprintf(`
run: {duration: 20s, warmup: 1s, replications: 2}
regions: {rtt: {us: {eu: 80ms}}}
data: {users: {keys: 100}}
requests: {get: {data: users}, put: {data: users, write: true}}
traffic:
  readers: {enters: db, rate: 200/s, mix: {get: 100%%}, regions: {eu: 100%%}}
  writers: {enters: db, rate: 200/s, mix: {put: 100%%}, regions: {%s: 100%%}}
nodes: {db: {kind: database, shard_by: geo, place: {us: 1, eu: 1}, replicas: 1, read_from: replicas, replication_lag: 1s, read: 1ms, write: 1ms}}`, writers))
		if got := *r.Nodes["db"].StaleReads; (got > 0) != stale {
			t.Errorf("writers in %s: %v of the reads in eu are stale", writers, got)
		}
	}
}

// TestQueryCachesOfRegionsHoldTheirOwn: with each region's clients on an instance of its own, it hits as often as that of one database for them
// alone does, from the first request on, and as often as two shards do that divide the keys of both.
func TestQueryCachesOfRegionsHoldTheirOwn(t *testing.T) {
	t.Parallel()
	text := strings.NewReplacer("duration: 20s, warmup: 1s", "requests: 20k, warmup: 0s", "keys: 10k", "keys: 100k, popularity: zipf(0.8)", "get: 90%, put: 10%", "get: 100%",
		"us: 50%, eu: 30%, asia: 20%", "us: 50%, eu: 50%", "cores:", "query_cache: {entries: 10k}, cores:", "eu: 2", "eu: 1").Replace(geographic)
	hits := func(text string) float64 { return float64(run(t, text).Nodes["db"].Cache.HitRatio) }
	apart := hits(text)
	alone := hits(strings.NewReplacer("shard_by: geo, place: {us: 1, eu: 1}", "region: us", "us: 50%, eu: 50%", "us: 100%").Replace(text))
	shared := hits(strings.Replace(text, "us: 1, eu: 1", "us: 2", 1))
	if sd := math.Sqrt(2 * .25 / 40e3); math.Abs(apart-alone) > 4*sd || alone < .3 {
		t.Errorf("apart %.4f of the reads hit, alone %.4f, want the same ± %.4f", apart, alone, 4*sd)
	}
	if math.Abs(apart-shared) > .02 { // two shards that each have half of the keys of both regions: as many for as many
		t.Errorf("apart %.4f of the reads hit, on two shards by hash %.4f", apart, shared)
	}
}

// TestDataIsWhereItsClientsAre: of 10 GB three quarters are in us, of which 3 GB of memory hold two fifths, and a quarter is in eu, in memory.
func TestDataIsWhereItsClientsAre(t *testing.T) {
	t.Parallel()
	r := run(t, strings.NewReplacer("get: 90%, put: 10%", "get: 100%", "us: 50%, eu: 30%, asia: 20%", "us: 75%, eu: 25%", "eu: 2", "eu: 1",
		"cores:", "data_size: 10GB, memory: 3GB, disk: {iops: 1M, latency: 5ms}, cores:").Replace(geographic))
	takesIn(t, r, "eu", .009)
	us := r.Regions["us"].Latency
	near(t, "mean in us", us.Mean, .009+.6*.005, 4*.005*math.Sqrt(.24/float64(us.Count))+1e-5)
}

// TestDataSetsLeaveRoomForOwners: more than a key has room for beside its owner are refused.
func TestDataSetsLeaveRoomForOwners(t *testing.T) {
	data := "data: {"
	for i := range 1025 {
		data += fmt.Sprintf("d%d: {keys: 10}, ", i)
	}
	_, err := scenarios.Load("many.yaml", []byte(data+"}\ntraffic: {u: {enters: x, rate: 1/s}}\nnodes: {x: {kind: external}}"), "", nil)
	if err == nil || !strings.Contains(err.Error(), "at most 1024 are simulated") {
		t.Errorf("1025 data sets: %v", err)
	}
}
