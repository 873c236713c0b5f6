package contents

import (
	"maps"
	"math"
	"slices"
	"testing"

	"headroom/sim"

	"pgregory.net/rapid"
)

const universe = 40 // keys in the property test

// TestEveryPolicyDoesAsWrittenDown runs random histories on the caches and on the naive ones, which must agree at every step.
func TestEveryPolicyDoesAsWrittenDown(t *testing.T) {
	for _, policy := range Policies() {
		t.Run(policy, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) { history(t, policy) })
		})
	}
}

// pair returns an empty cache and its naive model.
func pair(cfg Config) (*Contents, *naive) {
	c := must(New(cfg))
	n := &naive{cfg: cfg, counts: map[Key]int{}}
	c.policy = &witness{policy: c.policy, c: c, choices: &n.choices}
	return c, n
}

func must(c *Contents, err error) *Contents {
	if err != nil {
		panic(err)
	}
	return c
}

func history(t *rapid.T, policy string) {
	cfg := Config{Policy: policy, Seed: rapid.Uint64().Draw(t, "seed")}
	switch rapid.IntRange(0, 4).Draw(t, "bound") {
	case 0, 1:
		cfg.Entries = rapid.Int64Range(1, 35).Draw(t, "entries")
	case 2, 3:
		cfg.Bytes = rapid.Int64Range(1, 120).Draw(t, "bytes")
	}
	if rapid.Bool().Draw(t, "expires") {
		cfg.TTL = sim.Time(rapid.IntRange(1, 100).Draw(t, "ttl"))
		cfg.Renew = rapid.Bool().Draw(t, "renew")
	}
	c, n := pair(cfg)
	sizes := rapid.SliceOfN(rapid.Uint32Range(0, 20), 1, 5).Draw(t, "sizes")
	now := sim.Time(0)
	for _, step := range rapid.SliceOfN(rapid.Uint64(), 20, 400).Draw(t, "steps") {
		r := sim.NewRand(step)
		now += sim.Time(r.Intn(4))
		act(t, c, n, &r, universe, sizes, now)
		agree(t, c, n, now)
	}
}

// witness notes what a policy evicts.
type witness struct {
	policy
	c       *Contents
	choices *[]Key
}

func (w *witness) victim() uint32 {
	e := w.policy.victim()
	*w.choices = append(*w.choices, w.c.entries[e].key)
	return e
}

// act does one thing to both: mostly it asks for a key and stores it on a miss.
func act(t rapid.TB, c *Contents, n *naive, r *sim.Rand, universe int, sizes []uint32, now sim.Time) {
	key := KeyOf(uint16(r.Intn(2)), uint64(r.Intn(1+r.Intn(universe))))
	size := sizes[r.Intn(len(sizes))]
	n.advance(now)
	n.choices = n.choices[:0]
	switch do := r.Intn(100); {
	case do < 85:
		hit := c.Get(key, now)
		if want := n.get(key); hit != want {
			t.Fatalf("at %d: get %d: hit %v, want %v", now, key, hit, want)
		}
		if !hit && do < 80 {
			c.Put(key, size, now)
			n.put(key, size)
		}
	case do < 93:
		c.Put(key, size, now)
		n.put(key, size)
	case do < 99:
		c.Remove(key, now)
		n.remove(key)
	case r.Intn(5) == 0:
		c.Flush(now)
		n.flush()
	}
}

func agree(t rapid.TB, c *Contents, n *naive, now sim.Time) {
	t.Helper()
	c.expire(now)
	bytes := int64(0)
	for _, e := range n.entries {
		bytes += int64(e.size)
		if c.lookup(e.key) == none {
			t.Fatalf("at %d: key %d is missing", now, e.key)
		}
	}
	if c.Len() != len(n.entries) || c.Bytes() != bytes || c.Evictions() != n.evictions {
		t.Fatalf("at %d: %d entries of %d bytes, %d evictions; want %d, %d, %d",
			now, c.Len(), c.Bytes(), c.Evictions(), len(n.entries), bytes, n.evictions)
	}
	if got, want := c.LiveMean(now)*float64(now), n.liveArea(); now > 0 && math.Abs(got-want) > 1e-6*want {
		t.Fatalf("at %d: entries lived %g ns in all, want %g", now, got, want)
	}
}

// TestGrowthLosesNothing: the same where every table has to grow several times.
func TestGrowthLosesNothing(t *testing.T) {
	for i, policy := range Policies() {
		for _, cfg := range []Config{
			{Policy: policy, Entries: 700},
			{Policy: policy, Bytes: 5000, TTL: 20_000},
			{Policy: policy, TTL: 3000, Renew: true},
		} {
			c, n := pair(cfg)
			r, now := sim.NewRand(sim.Mix(8, uint64(i))), sim.Time(0)
			for step := range 20_000 {
				now += sim.Time(r.Intn(4))
				act(t, c, n, &r, 3000, []uint32{1, 5, 20}, now)
				if step%50 == 0 || step > 19_900 {
					agree(t, c, n, now)
				}
			}
		}
	}
}

// TestCloneGoesOnAlike: a copy does as the original does from then on, and neither knows of the other.
func TestCloneGoesOnAlike(t *testing.T) {
	for i, policy := range Policies() {
		for _, cfg := range []Config{{Policy: policy, Entries: 700}, {Policy: policy, Bytes: 5000, TTL: 20_000}} {
			c, n := pair(cfg)
			r, now := sim.NewRand(sim.Mix(9, uint64(i))), sim.Time(0)
			go20k := func(c *Contents, n *naive, r sim.Rand, now sim.Time) {
				for step := range 20_000 {
					now += sim.Time(r.Intn(4))
					act(t, c, n, &r, 3000, []uint32{1, 5, 20}, now)
					if step%500 == 0 {
						agree(t, c, n, now)
					}
				}
			}
			for range 10_000 {
				now += sim.Time(r.Intn(4))
				act(t, c, n, &r, 3000, []uint32{1, 5, 20}, now)
			}
			c.policy = c.policy.(*witness).policy
			for _, d := range []*Contents{c.Clone(), c} { // the original after its copy: what that did is not seen
				m := *n
				m.entries, m.counts = slices.Clone(n.entries), maps.Clone(n.counts)
				d.policy = &witness{policy: d.policy, c: d, choices: &m.choices}
				go20k(d, &m, r, now)
			}
		}
	}
}

func TestNewRefuses(t *testing.T) {
	for _, cfg := range []Config{
		{Policy: "arc"}, {Policy: "lru", Entries: -1}, {Policy: "lru", Bytes: -1}, {Policy: "lru", TTL: -1},
		{Policy: "lru", Entries: 1, Bytes: 1},
	} {
		if _, err := New(cfg); err == nil {
			t.Errorf("%+v is accepted", cfg)
		}
	}
}
