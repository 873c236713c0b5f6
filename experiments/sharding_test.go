package experiments_test

import (
	"math"
	"strings"
	"testing"
)

// three is the article's: a database of users, split into three shards.
const three = `
run: {duration: 20s, warmup: 1s}
slo: [errors < 50%]
data: {users: {keys: 100k, popularity: zipf(1.0)}}
requests: {get: {data: users}}
traffic: {u: {enters: db, rate: 2k/s}}
nodes: {db: {kind: database, cores: 2, shards: 3, read: exp(1ms)}}
`

// TestShardingDeadShardFailsAThird: of users that come alike, those of the dead one of three fail, and no others; under each strategy that
// divides the keys evenly.
func TestShardingDeadShardFailsAThird(t *testing.T) {
	for _, by := range []string{"hash", "range"} {
		r := run(t, strings.NewReplacer("zipf(1.0)", "uniform", "shards: 3", "shards: 3, shard_by: "+by).Replace(three)+"events: [{at: 0s, kill: db/1}]")
		// By hash, how many of the 100k keys are the shard's varies too.
		sd := math.Sqrt(1. / 3 * 2 / 3 * (1/float64(r.Latency.Count) + 1e-5))
		if got := float64(r.ErrorRate); math.Abs(got-1./3) > 4*sd {
			t.Errorf("%s: %.4f of the requests fail, want a third ± %.4f", by, got, 4*sd)
		}
		if o := r.Outcomes; o.Unavailable == 0 || o.Failed+o.Overloaded+o.Timeout > 0 {
			t.Errorf("%s: outcomes %+v, want unavailable ones", by, o)
		}
	}
}

// TestShardingLoadOfSkewedKeys: by range, the shard of the first third of the keys gets their part of Zipf's law, 91% of the queries; by hash
// the hot keys are spread: the hottest, 8%, makes its shard busier by what it is, and no shard gets nearly as much.
func TestShardingLoadOfSkewedKeys(t *testing.T) {
	harmonic := func(n int) (sum float64) {
		for k := n; k > 0; k-- {
			sum += 1 / float64(k)
		}
		return sum
	}
	first := harmonic(33_334) / harmonic(100_000)
	for by, check := range map[string]func(most float64) bool{
		"range":           func(most float64) bool { return math.Abs(most-first) < .01 },
		"hash":            func(most float64) bool { return most > 1./3 && most < .5 },
		"consistent-hash": func(most float64) bool { return most > 1./3 && most < .6 },
	} {
		r := run(t, strings.Replace(three, "shards: 3", "shards: 3, shard_by: "+by, 1))
		most, sum := 0.0, 0.0
		for _, s := range r.Nodes["db"].Shards {
			most, sum = max(most, float64(s.Share)), sum+float64(s.Share)
		}
		if !check(most) || math.Abs(sum-1) > 1e-9 {
			t.Errorf("%s: the busiest shard gets %.3f of the queries, all %v; the first third of the keys is asked for by %.3f", by, most, sum, first)
		}
	}
}

// TestShardingCrossShardReadsCostTail: where a tenth of the reads ask all three shards, exponential of 1 ms with cores for all, p99 solves
// 0.9 (1 − e^−t) + 0.1 (1 − e^−t)³ = 0.99, in place of e^−t = 0.01.
func TestShardingCrossShardReadsCostTail(t *testing.T) {
	text := strings.NewReplacer("cores: 2", "cores: unlimited", "zipf(1.0)", "uniform", "duration: 20s", "requests: 200k").Replace(three)
	one := run(t, text)
	r := run(t, strings.Replace(text, "shards: 3", "shards: 3, cross_shard: 10%", 1))
	low, high := 0.0, .1
	for range 60 {
		x := 1 - math.Exp(-(low+high)/2/.001)
		if .9*x+.1*x*x*x < .99 {
			low = (low + high) / 2
		} else {
			high = (low + high) / 2
		}
	}
	for _, c := range []struct {
		got  float64
		want float64
	}{{float64(one.Latency.P99), .001 * math.Log(100)}, {float64(r.Latency.P99), low}} {
		// The quantile's deviation is √(p(1−p)/n) over the density, which is close to 1% per ms there; the histogram has 0.1%.
		if sd := math.Sqrt(.99*.01/float64(r.Latency.Count)) / 10; math.Abs(c.got-c.want) > 4*sd+.001*c.want {
			t.Errorf("p99 is %v, want %v ± %v", c.got, c.want, 4*sd+.001*c.want)
		}
	}
	t.Logf("p99 goes from %v to %v", one.Latency.P99, r.Latency.P99)
}
