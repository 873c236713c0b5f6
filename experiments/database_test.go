package experiments_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

const shop = `
run: {requests: 100k}
data: {users: {keys: 100, popularity: %s}}
requests: {get: {data: users}, put: {data: users, write: true}}
traffic: {u: {enters: db, rate: 1k/s, mix: {get: 90%%, put: 10%%}}}
nodes: {db: {kind: database, cores: unlimited, read: 1ms, write: 1ms, %s}}`

// TestRangesPutHotKeysOnOneShard: the shares of shards that are ranges are those of their keys, by Zipf's law.
func TestRangesPutHotKeysOnOneShard(t *testing.T) {
	r := run(t, fmt.Sprintf(shop, "zipf(1.0)", "shards: 4, shard_by: range"))
	all := 0.0
	for k := 1; k <= 100; k++ {
		all += 1 / float64(k)
	}
	for i, s := range r.Nodes["db"].Shards {
		want := 0.0
		for k := 25*i + 1; k <= 25*i+25; k++ {
			want += 1 / float64(k) / all
		}
		if sd := math.Sqrt(want * (1 - want) / float64(r.Run.Requests)); math.Abs(float64(s.Share)-want) > 4*sd {
			t.Errorf("%s gets %.4f of the queries, want %.4f ± %.4f", s.Name, s.Share, want, 4*sd)
		}
	}
}

// TestStaleReads: of the reads of a key that is written at rate λ, 1 − exp(−λ L) come to a replica within a constant lag L of the last
// write, and λ m / (1 + λ m) within an exponential one of mean m.
func TestStaleReads(t *testing.T) {
	const λ = 1.0 // of a key, a second: 100 writes/s to 100 keys
	for lag, want := range map[string]float64{"500ms": 1 - math.Exp(-λ*.5), "exp(500ms)": λ * .5 / (1 + λ*.5)} {
		r := run(t, fmt.Sprintf(shop, "uniform", "replicas: 2, read_from: replicas, replication_lag: "+lag))
		// Reads between two writes of a key share their fate: what counts are the intervals between writes, whose share of staleness has a
		// variance below 1/4.
		if sd := .5 / math.Sqrt(float64(r.Run.Requests)*.1); math.Abs(float64(*r.Nodes["db"].StaleReads)-want) > 4*sd {
			t.Errorf("lag %s: %.4f of the reads are stale, want %.4f ± %.4f", lag, *r.Nodes["db"].StaleReads, want, 4*sd)
		}
	}
}

// TestPrimariesAreNeverStale: what the primary says is what was written last.
func TestPrimariesAreNeverStale(t *testing.T) {
	if r := run(t, fmt.Sprintf(shop, "uniform", "replicas: 2, replication_lag: 1s, sync_replicas: 1")); *r.Nodes["db"].StaleReads != 0 {
		t.Errorf("%v of the reads are stale", *r.Nodes["db"].StaleReads)
	}
}

// TestSyncWrites: a write waits for the fastest replicas, of three exponential lags of mean 60 ms the k-th smallest: 60 ms × (1/3 + 1/2 + 1) for all.
func TestSyncWrites(t *testing.T) {
	for k, want := range map[int]float64{1: .060 / 3, 2: .060 * (1./3 + 1./2), 3: .060 * (1./3 + 1./2 + 1)} {
		r := run(t, fmt.Sprintf(shop, "uniform", fmt.Sprintf("replicas: 3, replication_lag: exp(60ms), sync_replicas: %d", k)))
		put := r.Requests["put"].Latency
		if ci := 4 * .070 / math.Sqrt(float64(put.Count)); math.Abs(float64(put.Mean)-want-.001) > ci { // the k-th of 3 has a deviation below 70 ms
			t.Errorf("%d replicas: a write takes %v s, want %v ± %v", k, put.Mean, want+.001, ci)
		}
		if get := r.Requests["get"].Latency.Mean; math.Abs(float64(get)-.001) > 1e-9 {
			t.Errorf("a read takes %v s, want 1ms", get)
		}
	}
}

// TestCrossShardReadsWaitForTheSlowest: the slowest of N exponential answers has the distribution (1 − exp(−t/m))^N, and a mean of m H_N.
func TestCrossShardReadsWaitForTheSlowest(t *testing.T) {
	const n, m = 4, .010
	r := run(t, `
run: {requests: 100k}
traffic: {u: {enters: db, rate: 1k/s}}
nodes: {db: {kind: database, cores: unlimited, shards: 4, cross_shard: 100%, read: exp(10ms)}}`)
	mean, p99 := m*(1+1./2+1./3+1./4), -m*math.Log(1-math.Pow(.99, 1./n))
	if got := float64(r.Latency.Mean); math.Abs(got-mean) > 4*m*1.2/math.Sqrt(float64(r.Latency.Count)) { // the variance is m² (1 + 1/4 + 1/9 + 1/16)
		t.Errorf("the mean is %v, want %v", got, mean)
	}
	density := n * math.Pow(.99, (n-1.)/n) * math.Exp(-p99/m) / m
	if got := float64(r.Latency.P99); math.Abs(got-p99) > 4*math.Sqrt(.99*.01/float64(r.Latency.Count))/density+.001*p99 { // and the histogram's resolution
		t.Errorf("p99 is %v, want %v", got, p99)
	}
	for _, s := range r.Nodes["db"].Shards {
		if s.Share != .25 {
			t.Errorf("%s answers %v of the queries, want a quarter", s.Name, s.Share)
		}
	}
}

// TestHotShardIsTheBottleneck: one key of ten gets all: its shard is named, and the rate at which that one is full.
func TestHotShardIsTheBottleneck(t *testing.T) {
	r := run(t, `
run: {requests: 50k}
data: {users: {keys: 8, popularity: hot(12.5% 80%)}}
requests: {get: {data: users}}
traffic: {u: {enters: db, rate: 1k/s}}
nodes: {db: {kind: database, cores: 1, shards: 8, shard_by: range, read: 500us}}`)
	b := r.Bottleneck
	if b.Class != "shard" || math.Abs(float64(b.Utilization)-.4) > .01 || math.Abs(float64(b.SaturatesAt)-2500) > 50 {
		t.Errorf("bottleneck %+v, want db/0, 40%% busy, full at 2.5k/s", b)
	}
	if k := r.Nodes["db"].HotKeys[0]; k.Key != "users/0" || math.Abs(float64(k.Share)-.8) > 4*math.Sqrt(.8*.2/50e3) {
		t.Errorf("hottest key %+v, want users/0 with 80%%", k)
	}
	if want := "its hottest key, users/0, alone is 8"; !strings.Contains(b.Evidence, want) {
		t.Errorf("%q does not say %q", b.Evidence, want)
	}
	if u := r.Nodes["db"].Resources["cpu"].Utilization; math.Abs(float64(u)-.5/8) > .002 {
		t.Errorf("all cores are %v busy, want %v", u, .5/8)
	}
}
