package contents

import (
	"fmt"
	"math"
	"testing"

	"headroom/sim"
)

// run is a cache that independent requests, or a scan, come to.
type run struct {
	keys *sim.Keys
	cfg  Config
	rate float64 // per second
	cold bool    // starts empty
}

// hitRatio lets requests come in a Poisson stream and returns the part that hits, right from the start.
func (c run) hitRatio(requests int) (*Contents, float64, sim.Time) {
	cache, r := must(New(c.cfg)), sim.NewRand(sim.Mix(9, 0))
	if !c.cold {
		Warm([]*Contents{cache}, nil, []Stream{{Keys: c.keys, Size: 1, Reads: c.rate}}, 0, &r)
	}
	now, hits := sim.Time(0), 0
	for i := range uint64(requests) {
		now += sim.Nanoseconds(1e9 / c.rate * r.Exp())
		if key := c.keys.Draw(&r, i); cache.Get(key, now) {
			hits++
		} else {
			cache.Put(key, 1, now)
		}
	}
	return cache, float64(hits) / float64(requests), now
}

func zipf(n int, s float64) *sim.Keys {
	k, err := sim.ZipfKeys(n, s)
	if err != nil {
		panic(err)
	}
	return k
}

// TestTinyCachesAreExact: hit ratios by King's (LRU) and Gelenbe's (FIFO and random, which are equal) sums over all states.
func TestTinyCachesAreExact(t *testing.T) {
	for _, c := range []struct {
		n         int
		capacity  int64
		s         float64
		lru, fifo float64
		top       float64 // the most that any policy gets without seeing the future
	}{
		{5, 2, 1.4, 0.616627, 0.590396, 0.748452},
		{10, 5, 1.4, 0.794409, 0.74532, 0.865078},
		{10, 3, 0.8, 0.407837, 0.391982, 0.558072},
		{20, 4, 1, 0.40833, 0.377553, 0.579067},
		{5, 2, 0, 0.4, 0.4, 0.4},
	} {
		for policy, want := range map[string]float64{"lru": c.lru, "fifo": c.fifo, "random": c.fifo, "lfu": c.top} {
			name := fmt.Sprintf("%s, %d of %d keys, zipf(%g)", policy, c.capacity, c.n, c.s)
			_, got, _ := run{keys: zipf(c.n, c.s), cfg: Config{Policy: policy, Entries: c.capacity}, rate: 1000}.hitRatio(2_000_000)
			wantHits(t, name, got, want, 2_000_000, 0.002)
		}
	}
}

// wantHits compares hit ratios. Successive requests hit nearly independently, so that the standard error is the binomial one; tolerance
// is the case's own and must not be what makes it pass.
func wantHits(t *testing.T, name string, got, want, requests, tolerance float64) {
	t.Helper()
	error4 := 4 * math.Sqrt(want*(1-want)/requests)
	if error4 > tolerance {
		t.Fatalf("%s: too few requests for the tolerance", name)
	}
	if math.Abs(got-want) > tolerance {
		t.Errorf("%s: hit ratio %.5f, want %.5f ± %g", name, got, want, tolerance)
	}
}

// TestWarmCachesHitAtOnce: large caches, whose hit ratios are known by Che's approximation, have them right after warming up.
func TestWarmCachesHitAtOnce(t *testing.T) {
	for _, c := range []struct {
		n              int
		s              float64
		capacity       int64
		lru, fifo, top float64
	}{
		{10_000, 0.8, 10, 0.0282403, 0.0262598, 0.131502},
		{10_000, 0.8, 100, 0.156625, 0.133625, 0.300046},
		{10_000, 0.8, 1000, 0.43666, 0.394179, 0.570618},
		{10_000, 1, 10, 0.129956, 0.111608, 0.299253},
		{10_000, 1, 100, 0.390525, 0.342332, 0.529995},
		{10_000, 1, 1000, 0.675602, 0.630906, 0.764791},
		{1_000_000, 0.8, 1000, 0.100021, 0.0862382, 0.206796},
		{1_000_000, 0.8, 10_000, 0.231905, 0.207305, 0.362407},
		{1_000_000, 0.8, 100_000, 0.487113, 0.448173, 0.609066},
		{1_000_000, 1, 1000, 0.403104, 0.366832, 0.520087},
		{1_000_000, 1, 10_000, 0.585138, 0.550174, 0.680038},
		{1_000_000, 1, 100_000, 0.779357, 0.748837, 0.840018},
	} {
		t.Run(fmt.Sprintf("%d of %d keys, zipf(%g)", c.capacity, c.n, c.s), func(t *testing.T) {
			t.Parallel()
			const requests = 400_000 // 4 standard errors are 0.0032 at most
			for policy, want := range map[string]float64{"lru": c.lru, "fifo": c.fifo, "random": c.fifo, "lfu": c.top} {
				_, got, _ := run{keys: zipf(c.n, c.s), cfg: Config{Policy: policy, Entries: c.capacity}, rate: 1000}.hitRatio(requests)
				wantHits(t, policy, got, want, requests, 0.005)
			}
		})
	}
}

// TestExpiryFollowsTheFormulas: one key at the rate 2/s with a TTL of 3 s, and a thousand Zipf keys at 500/s with one of 10 s. A key
// asked for at the rate l hits with probability lT/(1+lT), where hits renew its life with 1-e^-lT, which is also for how much of the
// time it is there.
func TestExpiryFollowsTheFormulas(t *testing.T) {
	one, err := sim.UniformKeys(1)
	if err != nil {
		t.Fatal(err)
	}
	for _, policy := range Policies() {
		_, got, _ := run{keys: one, cfg: Config{Policy: policy, TTL: 3 * sim.Second}, rate: 2}.hitRatio(2_000_000)
		wantHits(t, policy+", one key", got, 0.857143, 2_000_000, 0.002)
		_, got, _ = run{keys: one, cfg: Config{Policy: policy, TTL: 3 * sim.Second, Renew: true}, rate: 2}.hitRatio(2_000_000)
		wantHits(t, policy+", one key, renewed", got, 0.997521, 2_000_000, 0.002)
		for _, c := range []struct {
			renew      bool
			hits, live float64
		}{{false, 0.877806, 610.97}, {true, 0.946874, 752.447}} {
			cfg := Config{Policy: policy, TTL: 10 * sim.Second, Renew: c.renew}
			cache, got, end := run{keys: zipf(1000, 1), cfg: cfg, rate: 500}.hitRatio(2_000_000)
			wantHits(t, fmt.Sprintf("%s, zipf, renewed: %v", policy, c.renew), got, c.hits, 2_000_000, 0.002)
			// The number has a variance below its mean, and forgets within some 10 s: 400 independent looks in 4000 s.
			if live := cache.LiveMean(end); math.Abs(live-c.live) > 4*math.Sqrt(c.live/400) {
				t.Errorf("%s, renewed: %v: %.2f live entries on the average, want %.2f", policy, c.renew, live, c.live)
			}
		}
	}
}

// TestScansDefeatRecency: going round 101 keys, LRU and FIFO with room for 100 never hit; with room for all every round but the first
// does.
func TestScansDefeatRecency(t *testing.T) {
	const n, rounds = 101, 100
	keys, err := sim.ScanKeys(n)
	if err != nil {
		t.Fatal(err)
	}
	for _, policy := range []string{"lru", "fifo"} {
		for _, cold := range []bool{true, false} {
			if _, got, _ := (run{keys: keys, cfg: Config{Policy: policy, Entries: n - 1}, rate: 1, cold: cold}).hitRatio(n * rounds); got != 0 {
				t.Errorf("%s: hit ratio %g of a scan that does not fit", policy, got)
			}
		}
	}
	for _, policy := range Policies() {
		for cold, want := range map[bool]float64{true: 0.99, false: 1} {
			_, got, _ := (run{keys: keys, cfg: Config{Policy: policy, Entries: n}, rate: 1, cold: cold}).hitRatio(n * rounds)
			if math.Abs(got-want) > 1e-9 {
				t.Errorf("%s: hit ratio %g of a scan that fits, cold: %v; want %g", policy, got, cold, want)
			}
		}
	}
}
