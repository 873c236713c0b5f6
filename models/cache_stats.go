package models

import "runtime"

// CacheStats counts look-ups in the measured time. A look-up that waited for another's fetch is a miss, and coalesced.
type CacheStats struct {
	Hits, Misses, Coalesced, Evictions int64
	LiveMean                           float64 // entries that have not expired, averaged over time
	Bytes, Memory                      float64 // at the end: what the entries take, and may take; Memory is 0 where that is not limited
}

// startMeasuring begins the measured time.
func (n *cache) startMeasuring() {
	n.stats = CacheStats{}
	for _, c := range n.contents {
		c.StartMeasuring(n.sim.Now())
	}
}

// Empty gives the memory of all contents back, when nothing is simulated any more: what was counted is asked for before. Contents may be
// most of the memory, so that it is not left to chance when the next replication can have theirs.
func (b *Builder) Empty() {
	had := false
	for _, n := range b.caches {
		if n != nil && n.contents != nil {
			n.contents, had = nil, true
		}
	}
	for _, set := range b.data {
		if set != nil {
			set.kept = nil
		}
	}
	for _, n := range b.parted {
		if n.cache != nil && n.cache.contents != nil {
			n.cache.contents, had = nil, true
		}
	}
	for _, n := range b.browsers {
		if n != nil && n.kept != nil {
			n.kept, had = nil, true
		}
	}
	if had {
		runtime.GC()
	}
}

// CacheStats returns what was counted at a node, and whether it is a cache or a database with one.
func (b *Builder) CacheStats(node uint32) (CacheStats, bool) {
	if n := b.parted[node]; n != nil && n.cache != nil {
		return n.cache.counted(), true
	}
	n := b.caches[node]
	if n == nil {
		return CacheStats{}, false
	}
	s := n.stats
	s.Memory = n.memory
	for _, c := range n.contents {
		s.Evictions += c.Evictions()
		s.LiveMean += c.LiveMean(b.Sim.Now())
		s.Bytes += float64(c.Bytes())
	}
	return s, true
}

// LookUps returns how many look-ups of a node's cache found what they looked for in the measured time up to now, and how many there were.
func (b *Builder) LookUps(node uint32) (hits, all float64) {
	s := CacheStats{}
	if n := b.caches[node]; n != nil {
		s = n.stats
	} else if n := b.parted[node]; n != nil && n.cache != nil {
		s = n.cache.stats
	}
	return float64(s.Hits), float64(s.Hits + s.Misses)
}
