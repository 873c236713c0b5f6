package models

import "strings"

// flush lets an instance of a node, or for -1 all of them, lose its contents at once: entries of a cache or the edges of a CDN, and of a
// database what its query cache keeps and its memory holds.
func (b *Builder) flush(node uint32, instance int32) {
	some := func(i int) bool { return instance < 0 || i == int(instance) }
	now := b.Sim.Now()
	if n := b.caches[node]; n != nil {
		for i, c := range n.contents {
			if some(i) {
				c.Flush(now)
			}
		}
	}
	n := b.parted[node]
	if n == nil {
		return
	}
	if n.cache != nil {
		for i, c := range n.cache.contents {
			if some(i) {
				c.Flush(now)
			}
		}
	}
	if n.pages != nil {
		for i := range n.pages.empty {
			if some(i) {
				n.pages.empty[i] = now
			}
		}
	}
}

// since returns the time within which the pages used are in the memory of an instance, in seconds: the characteristic time, or, if that is
// less, all since it was empty. Memory is full again when the characteristic time has passed, for that is how long filling it takes.
func (w *workingSet) since(instance int32, horizon float64) float64 {
	if at := w.empty[instance]; at > 0 {
		return min(horizon, (w.n.sim.Now() - at).Seconds())
	}
	return horizon
}

// checkFlush reports nodes that keep nothing, and warns of those that keep nothing that they could lose.
func (a *Architecture) checkFlush(c *Check, at string, e *Event) {
	if e.For != nil {
		c.Errorf(at+".for", "a flush is over at once, and its contents come back by themselves: leave `for` out")
	}
	name, _, _ := strings.Cut(e.Flush, "/")
	k := a.checkStruck(c, at+".flush", e.Flush)
	warn := func(why string) { c.Warnf(at+".flush", "`flush` has no effect: %s", why) }
	switch k := asCache(k).(type) {
	case nil:
	case *Cache:
		if !k.real() && !c.Wrong("nodes."+name) {
			warn("there are no contents where a `hit_ratio` stands for them, or nothing is kept")
		}
	case *Database:
		keyed := false
		for _, class := range a.Classes {
			keyed = keyed || a.class(class).Data != ""
		}
		if !keyed || !k.QueryCache.real() && !k.paged() {
			warn("nothing that the database keeps goes by keys: neither a `query_cache` of `entries`, nor pages in `memory`")
		}
	default:
		c.Errorf(at+".flush", "this node keeps no contents: those of kind cache, cdn and database do")
	}
}
