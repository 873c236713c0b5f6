package contents

import (
	"errors"
	"fmt"
	"math"

	"headroom/sim"
)

// Key names what a cache may hold: a key of a data set, see [KeyOf].
type Key = uint64

// KeyOf joins the number of a data set with that of a key in it, below 2^48. The keys of a set are best numbered from 0: neighbours share
// memory where a policy counts them.
func KeyOf(set uint16, number uint64) Key { return uint64(set)<<48 | number }

// SetAndNumber takes a key apart again.
func SetAndNumber(k Key) (set uint16, number uint64) { return uint16(k >> 48), k & (1<<48 - 1) }

// Config says what a cache can hold and for how long.
type Config struct {
	Policy  string   // one of [Policies]
	Entries int64    // at most so many entries; 0: any number
	Bytes   int64    // at most so many bytes in all; 0: any number
	TTL     sim.Time // an entry lives so long from its storing; 0: for ever
	Renew   bool     // every hit begins the TTL anew
	Seed    uint64   // of a random stream, for a policy that needs one
}

func (cfg *Config) check() error {
	switch {
	case find(cfg.Policy) == nil:
		return fmt.Errorf("%q is not an eviction policy", cfg.Policy)
	case cfg.Entries < 0 || cfg.Bytes < 0 || cfg.TTL < 0:
		return errors.New("a cache's limits are not negative")
	case cfg.Entries > 0 && cfg.Bytes > 0:
		return errors.New("a cache is limited by entries or by bytes, not by both")
	}
	return nil
}

// Contents is what one instance of a cache holds: keys with their sizes, no values. Entries leave when they are removed, when they
// expire, or evicted to make room for others; which go then is the policy's choice.
//
// The times given to its methods never go back. It is used by one goroutine.
type Contents struct {
	store
	policy policy
	life   lifetimes
	bound  int64 // of the cost of all entries
	used   int64
	bytes  int64
	census census
}

// New returns an empty cache. Its memory grows with what it holds.
func New(cfg Config) (*Contents, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	c := &Contents{bound: math.MaxInt64, life: newLifetimes(cfg.TTL, cfg.Renew)}
	switch {
	case cfg.Entries > 0:
		c.bound = cfg.Entries
	case cfg.Bytes > 0:
		c.bound, c.byByte = cfg.Bytes, true
	}
	c.store.limit = cfg.Entries
	c.store.clear()
	c.policy = find(cfg.Policy)(&c.store, c.bound, cfg.Seed)
	return c, nil
}

// Get asks for a key and reports whether it is there.
func (c *Contents) Get(key Key, now sim.Time) (hit bool) {
	c.expire(now)
	e := c.lookup(key)
	if e == none {
		c.policy.missed(key)
		return false
	}
	if c.life.renew {
		c.life.begin(e, now)
	}
	c.policy.used(e)
	return true
}

// Put stores a key of so many bytes. Where the key is there already its TTL begins anew, and that is a use of it like a hit; with another
// size it is a new entry. What is larger than the cache is not stored, and what the key had before is gone then.
func (c *Contents) Put(key Key, size uint32, now sim.Time) {
	c.expire(now)
	if e := c.lookup(key); e != none {
		if c.entries[e].size == size {
			c.life.begin(e, now)
			c.policy.used(e)
			return
		}
		c.drop(e, now)
	}
	cost := c.costOf(size)
	if cost > c.bound {
		return
	}
	for c.used > c.bound-cost {
		if !c.policy.admits(key) {
			return
		}
		c.census.evictions++
		c.drop(c.policy.victim(), now)
	}
	c.census.account(c.n, now)
	e := c.insert(key, size)
	c.used += cost
	c.bytes += int64(size)
	c.life.add(e, now)
	c.policy.stored(e)
}

// Remove removes a key, if it is there.
func (c *Contents) Remove(key Key, now sim.Time) {
	c.expire(now)
	if e := c.lookup(key); e != none {
		c.drop(e, now)
	}
}

// Flush empties the cache; what the policy remembers of keys is gone too.
func (c *Contents) Flush(now sim.Time) {
	c.expire(now)
	c.census.account(c.n, now)
	c.store.clear()
	c.life.clear()
	c.policy.clear()
	c.used, c.bytes = 0, 0
}

// Retain drops the entries whose keys are not wanted.
func (c *Contents) Retain(wanted func(Key) bool, now sim.Time) {
	c.expire(now)
	var unwanted []uint32
	for e := uint32(1); int(e) < len(c.entries); e++ {
		if key := c.entries[e].key; c.lookup(key) == e && !wanted(key) {
			unwanted = append(unwanted, e)
		}
	}
	for _, e := range unwanted {
		c.drop(e, now)
	}
}

// expire removes what has expired, each entry at its own time.
func (c *Contents) expire(now sim.Time) {
	for c.life.next <= now {
		c.drop(c.life.first(), c.life.next)
	}
}

// drop removes an entry for whatever reason.
func (c *Contents) drop(e uint32, now sim.Time) {
	c.census.account(c.n, now)
	size := c.entries[e].size
	c.used -= c.costOf(size)
	c.bytes -= int64(size)
	c.life.remove(e)
	c.policy.removed(e)
	c.delete(e)
}

// Len returns the number of entries that had not expired at the time of the last call of a method that takes one.
func (c *Contents) Len() int { return c.n }

// Bytes returns the size of those entries together.
func (c *Contents) Bytes() int64 { return c.bytes }

// census counts what happened since a moment.
type census struct {
	since, at sim.Time // start; up to which area is summed
	area      float64  // entries × nanoseconds
	evictions int64
}

func (s *census) account(live int, now sim.Time) {
	s.area += float64(live) * float64(now-s.at)
	s.at = now
}

// StartMeasuring begins the time that Evictions and LiveMean speak of; it begins at 0 otherwise.
func (c *Contents) StartMeasuring(now sim.Time) {
	c.expire(now)
	c.census = census{since: now, at: now}
}

// Evictions returns how many entries had to make room for others. Those that expired or were removed do not count.
func (c *Contents) Evictions() int64 { return c.census.evictions }

// LiveMean returns the mean over time of the number of entries that have not expired.
func (c *Contents) LiveMean(now sim.Time) float64 {
	c.expire(now)
	c.census.account(c.n, now)
	if now == c.census.since {
		return float64(c.n)
	}
	return c.census.area / float64(now-c.census.since)
}
