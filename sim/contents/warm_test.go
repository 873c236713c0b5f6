package contents

import (
	"fmt"
	"math"
	"testing"

	"headroom/sim"
)

// mixed is a traffic over caches that divide the keys.
type mixed struct {
	caches  []*Contents
	streams []Stream
	rate    float64
	choice  *sim.Alias
	rand    sim.Rand
	now     sim.Time
}

// newMixed warms caches for what makes warming hard: popular and rare keys of two sizes, keys that are removed and stored by writes.
func newMixed(caches int, cfg Config) *mixed {
	hot, err := sim.HotKeys(200_000, 0.05, 0.7)
	if err != nil {
		panic(err)
	}
	m := &mixed{rand: sim.NewRand(sim.Mix(10, uint64(caches))), streams: []Stream{
		{Set: 0, Keys: zipf(300_000, 0.9), Size: 100, Reads: 7000, Removals: 300},
		{Set: 1, Keys: hot, Size: 900, Reads: 3000, Stores: 500},
	}}
	var weights []float64
	for _, s := range m.streams {
		weights = append(weights, s.Reads, s.Stores, s.Removals)
		m.rate += s.Reads + s.Stores + s.Removals
	}
	if m.choice, err = sim.NewAlias(weights); err != nil {
		panic(err)
	}
	for i := range caches {
		cfg.Seed = uint64(i)
		m.caches = append(m.caches, must(New(cfg)))
	}
	Warm(m.caches, m.where, m.streams, 0, &m.rand)
	return m
}

func (m *mixed) where(key Key) int { return int(tagOf(key)) % len(m.caches) }

// goOn lets so many things happen and returns the part of the reads that hit.
func (m *mixed) goOn(things int) float64 {
	hits, reads := 0, 0
	for range things {
		m.now += sim.Nanoseconds(1e9 / m.rate * m.rand.Exp())
		what := m.choice.Draw(&m.rand)
		s := &m.streams[what/3]
		key := KeyOf(s.Set, s.Keys.Draw(&m.rand, 0))
		c := m.caches[m.where(key)]
		switch what % 3 {
		case 0:
			if reads++; c.Get(key, m.now) {
				hits++
			} else {
				c.Put(key, s.Size, m.now)
			}
		case 1:
			c.Put(key, s.Size, m.now)
		case 2:
			c.Remove(key, m.now)
		}
	}
	return float64(hits) / float64(reads)
}

func (m *mixed) sizes() (entries, bytes float64) {
	for _, c := range m.caches {
		entries, bytes = entries+float64(c.Len()), bytes+float64(c.Bytes())
	}
	return entries, bytes
}

// TestWarmContentsAreThoseOfLater: what the caches hold, and how often they hit, is after warming up what it is long after.
func TestWarmContentsAreThoseOfLater(t *testing.T) {
	for _, policy := range Policies() {
		for _, cfg := range []Config{
			{Policy: policy, Entries: 20_000},
			{Policy: policy, Bytes: 9_000_000},
			{Policy: policy, TTL: 5 * sim.Second},
			{Policy: policy, Bytes: 3_000_000, TTL: 8 * sim.Second},
			{Policy: policy, Entries: 20_000, TTL: 5 * sim.Second, Renew: true},
		} {
			name := fmt.Sprintf("%s, %d entries, %d bytes, ttl %g s, renewed %v", policy, cfg.Entries, cfg.Bytes, cfg.TTL.Seconds(), cfg.Renew)
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				const things = 200_000
				m := newMixed(3, cfg)
				entries, bytes := m.sizes()
				hits := m.goOn(things)
				m.goOn(1_000_000)
				laterEntries, laterBytes := m.sizes()
				later := m.goOn(things)
				// Both are measured, the reads are nearly independent.
				if tolerance := 4 * math.Sqrt(2*later*(1-later)/things); math.Abs(hits-later) > tolerance {
					t.Errorf("hit ratio %.4f at first, %.4f later, more than %.4f apart", hits, later, tolerance)
				}
				// As above: the variance of the number of small entries, or large ones, is below its mean. Where bytes are bounded, a
				// large one takes the place of nine small ones.
				large := (laterBytes - 100*laterEntries) / 800
				if math.Abs(entries-laterEntries) > 4*math.Sqrt(2*(laterEntries+8*8*large)) {
					t.Errorf("%g entries at first, %g later", entries, laterEntries)
				}
				if math.Abs(bytes-laterBytes) > 4*math.Sqrt(2*900*laterBytes) {
					t.Errorf("%g bytes at first, %g later", bytes, laterBytes)
				}
			})
		}
	}
}

// TestLargeS3FIFOIsWarmAtOnce: its slowest part, which keys are in the main queue, takes more requests to settle than the warm-up spends.
func TestLargeS3FIFOIsWarmAtOnce(t *testing.T) {
	const requests = 300_000
	c := run{keys: zipf(1_000_000, 1), cfg: Config{Policy: "s3-fifo", Entries: 100_000}, rate: 1000}
	_, first, _ := c.hitRatio(requests)
	_, all, _ := c.hitRatio(3_000_000)
	if math.Abs(first-all) > 4*math.Sqrt(all*(1-all)/requests) {
		t.Errorf("hit ratio %.4f at first, %.4f in the long run", first, all)
	}
}

// TestNearlyAllKeysFit: where almost nothing is ever evicted, the characteristic times go to infinity. A cache without room for one of
// n equally popular keys misses once in n requests, whatever it evicts.
func TestNearlyAllKeysFit(t *testing.T) {
	const n, requests = 1000, 400_000
	for _, policy := range Policies() {
		_, got, _ := run{keys: zipf(n, 0), cfg: Config{Policy: policy, Entries: n - 1}, rate: 1000}.hitRatio(requests)
		want := 1 - 1.0/n
		if math.Abs(got-want) > 4*math.Sqrt(want*(1-want)/requests) {
			t.Errorf("%s: hit ratio %.5f, want %.5f", policy, got, want)
		}
	}
}

// TestWarmIsReproducible: the same seed gives the same contents.
func TestWarmIsReproducible(t *testing.T) {
	for _, policy := range Policies() {
		cfg := Config{Policy: policy, Bytes: 9_000_000, TTL: 8 * sim.Second}
		if a, b := newMixed(2, cfg).goOn(50_000), newMixed(2, cfg).goOn(50_000); a != b {
			t.Errorf("%s: hit ratios %g and %g", policy, a, b)
		}
	}
}

// TestNoTrafficLeavesCachesEmpty: nor do streams that only write past the cache.
func TestNoTrafficLeavesCachesEmpty(t *testing.T) {
	for _, streams := range [][]Stream{nil, {{Keys: zipf(10, 1), Size: 1}}, {{Keys: zipf(10, 1), Size: 1, Removals: 5}}} {
		for _, policy := range Policies() {
			c, r := must(New(Config{Policy: policy, Entries: 5})), sim.NewRand(1)
			Warm([]*Contents{c}, nil, streams, 0, &r)
			if c.Len() != 0 {
				t.Errorf("%s: %d entries of nothing", policy, c.Len())
			}
		}
	}
}

// TestRareTrafficIsNoTroubleForTheClock: one request in thirty thousand years, one in twenty minutes, and a billion a second.
func TestRareTrafficIsNoTroubleForTheClock(t *testing.T) {
	for _, rate := range []float64{1e-12, 1e-3, 1e9} {
		for _, policy := range Policies() {
			for _, ttl := range []sim.Time{0, 1, sim.Never} {
				c, r := must(New(Config{Policy: policy, Entries: 5, TTL: ttl})), sim.NewRand(1)
				Warm([]*Contents{c}, nil, []Stream{{Keys: zipf(100, 1), Size: 1, Reads: rate}}, 0, &r)
				if c.Len() > 5 || c.Len() < 5 && ttl != 1 && rate > 1e-9 {
					t.Errorf("%s at %g/s: %d entries", policy, rate, c.Len())
				}
			}
		}
	}
}
