package models

import (
	"slices"

	"headroom/internal/strict"
	"headroom/internal/units"
	"headroom/sim"
	"headroom/sim/contents"
)

// BrowserCache is what each client of a source keeps of the answers that it got.
type BrowserCache struct {
	HitRatio *units.Share    `key:"hit_ratio" doc:"share of the cacheable requests that a client answers itself"`
	Entries  units.Count     `key:"entries" doc:"a client keeps the answers to so many keys, those used last, each with real contents"`
	TTL      *units.Duration `key:"ttl" doc:"how long an answer serves from its coming on; default: for ever"`
}

// Describe says what is being read, for errors.
func (*BrowserCache) Describe() string {
	return "a browser cache such as {entries: 100, ttl: 60s} or {hit_ratio: 30%}"
}

// A client's entries are looked through one by one.
const mostKept = 1000

// mostKeptInAll bounds what clients are expected to keep: 4 to 16 bytes each.
const mostKeptInAll = 20e6

// real tells whether clients keep real contents.
func (k *BrowserCache) real() bool { return k != nil && k.HitRatio == nil }

func (k *BrowserCache) check(c *Check, path string, t *Traffic) {
	switch {
	case c.Wrong(path):
		return
	case k.HitRatio != nil:
		if c.Given(path + ".entries") {
			c.Errorf(path+".entries", "a browser cache has a `hit_ratio` or real contents (`entries`), not both")
		}
		c.warnKeys(path, "with `hit_ratio` there are no contents", "ttl")
		return
	case !c.Given(path + ".entries"):
		c.Errorf(path, "a browser cache needs `entries` or `hit_ratio`")
		return
	case k.Entries < 1 || k.Entries > mostKept:
		c.Errorf(path+".entries", "`entries` must be from 1 to %d", mostKept)
		return
	}
	if k.TTL != nil && *k.TTL <= 0 {
		c.Errorf(path+".ttl", "`ttl` must be above 0")
		return
	}
	if t.once() {
		c.Warnf(path, "`browser_cache` never hits: each request comes from a client of its own; say how many there are with `clients`")
	}
	if n := k.keeps(t); n > mostKeptInAll {
		c.Errorf(path+".entries", "the clients keep up to %s entries together: at most %s are simulated", units.Count(n), units.Count(mostKeptInAll))
	}
}

// keeps returns how many entries all clients together are expected to have at most: those that fit, or those that are asked for within a
// ttl.
func (k *BrowserCache) keeps(t *Traffic) float64 {
	if t.Users == 0 && t.Clients == 0 {
		return 0
	}
	full := t.distinct() * float64(k.Entries)
	if k.TTL != nil {
		return min(full, t.distinct()+t.usual()*k.TTL.Seconds())
	}
	return full
}

// browsers are the caches of all clients of one source.
//
//	request ──hit──► answered at once, by the client itself
//	   └─────miss──► sent ──► ok ──► kept (a write: taken out)
type browsers struct {
	b       *Builder
	layer   uint8
	ratio   float64 // of hits; -1: there are contents
	entries int
	ttl     sim.Time
	kept    *shelves
	past    past
	stats   CacheStats
}

// What browsers and their pasts draw.
const drawBrowser = 0xb0a2

// BrowserLayer is the layer's name by which requests are told from others that clients answered themselves.
const BrowserLayer = "browser_cache"

// browsing tells whether some clients answer requests themselves.
func (a *Architecture) browsing() bool {
	return slices.ContainsFunc(a.Traffic, func(t strict.Pair[Traffic]) bool { return t.Value.Browser != nil })
}

// BrowserStats returns what the clients of a source counted, and whether they have caches.
func (b *Builder) BrowserStats(source int) (CacheStats, bool) {
	n := b.browsers[source]
	if n == nil {
		return CacheStats{}, false
	}
	return n.stats, true
}

// Sources returns how many sources there are.
func (b *Builder) Sources() int { return len(b.browsers) }

// newBrowsers makes the caches of a source's clients; nil if they have none.
func (b *Builder) newBrowsers(t *Traffic, o *origin) *browsers {
	k := t.Browser
	if k == nil {
		return nil
	}
	n := &browsers{b: b, layer: uint8(firstLayer + slices.Index(b.Layers, BrowserLayer)), ratio: -1, ttl: sim.Never}
	if k.HitRatio != nil {
		n.ratio = float64(*k.HitRatio)
		return n
	}
	n.entries = int(k.Entries)
	if k.TTL != nil {
		n.ttl = sim.Time(*k.TTL)
	}
	var keys []uint64
	if t.Replay == nil {
		for _, set := range b.a.keys {
			keys = append(keys, set.Len())
		}
	}
	n.kept = newShelves(n.entries, keys, n.ttl != sim.Never)
	if c := t.distinct(); t.Replay == nil && !t.once() {
		n.past = past{rate: t.usual() / c, crowd: t.Crowd, mix: &o.mix, stream: o.stream}
	}
	return n
}

// answers tells whether the client has what the request asks for.
func (n *browsers) answers(r *sim.Request) bool {
	if !n.b.cacheable[r.Class] || n.b.Writes[r.Class] || n.ratio < 0 && n.b.data[r.Class] == nil {
		return false
	}
	hit := n.ratio >= 0 && n.tossed(r) || n.ratio < 0 && n.get(r.Client, n.b.keyOf(r), r.Arrived)
	r.Layer = pastCaches
	if hit {
		r.Layer = n.layer
	}
	switch {
	case !r.Measured:
	case hit:
		n.stats.Hits++
	default:
		n.stats.Misses++
	}
	return hit
}

func (n *browsers) tossed(r *sim.Request) bool {
	toss := sim.NewRand(sim.Mix(r.Base, drawBrowser))
	return toss.Float64() < n.ratio
}

// Answered implements sim.Listener: it keeps what came as an answer, and takes out what the client wrote.
func (n *browsers) Answered(r *sim.Request) {
	if n.ratio >= 0 || r.Outcome != sim.OK || r.Layer == n.layer || n.b.data[r.Class] == nil {
		return
	}
	n.note(r.Client, n.b.keyOf(r), r.Class, n.b.Sim.Now())
}

// note lets a client keep an answer, or forget what it wrote.
func (n *browsers) note(client uint64, key contents.Key, class uint16, now sim.Time) {
	switch {
	case n.b.Writes[class]:
		n.kept.remove(client, key)
	case n.b.cacheable[class]:
		if n.kept.put(client, entry{key, n.expiry(now)}, now) {
			n.stats.Evictions++
		}
	}
}

// get looks a key up, and makes it the client's first.
func (n *browsers) get(client uint64, key contents.Key, now sim.Time) bool {
	s, known := n.kept.of[client]
	if !known {
		n.recall(client, now)
		s = n.kept.of[client]
	}
	until, found := n.kept.use(s, key)
	return found && until > now
}

func (n *browsers) expiry(now sim.Time) sim.Time {
	if n.ttl == sim.Never {
		return sim.Never
	}
	return now + n.ttl
}

// past is what clients did before they were first seen, so that they come with the contents that they would have.
type past struct {
	rate   float64 // of a client's requests, per second on average over the clients; 0: unknown
	crowd  *Crowd
	mix    *classMix
	stream uint64
	ago    []float64 // seconds before now, the last request first: of the client that is being recalled
}

// How far a client's past goes back: so many lifetimes of an entry, and one more at random so that they do not expire in step; and so
// many requests for each entry that it can keep.
const (
	pastLifetimes = 2
	pastRequests  = 4
)

// recall lets a client that is seen for the first time have done what it would have done until now.
func (n *browsers) recall(client uint64, now sim.Time) {
	n.kept.of[client] = shelf{}
	if n.past.rate == 0 {
		return
	}
	r := sim.NewRand(sim.Mix(sim.Mix(n.past.stream, drawBrowser), client))
	begin, requests := -1e300, pastRequests*n.entries
	if n.ttl != sim.Never {
		begin = -(pastLifetimes + r.Float64()) * n.ttl.Seconds()
	}
	ago := n.past.ago[:0]
	for at := 0.0; len(ago) < requests; {
		at -= r.Exp() / (n.past.rate * n.past.crowd.sends(client))
		if at < begin {
			break
		}
		ago = append(ago, at)
	}
	n.past.ago = ago
	for i := len(ago) - 1; i >= 0; i-- {
		class := n.past.mix.draw(r.Uint64())
		set := n.b.data[class]
		if set == nil {
			continue
		}
		at := now
		if n.ttl != sim.Never {
			at -= sim.Nanoseconds(-ago[i] * 1e9)
		}
		if key := set.draw(r.Uint64(), r.Uint64()); n.b.Writes[class] || !n.get(client, key, at) {
			n.note(client, key, class, at)
		}
	}
}
