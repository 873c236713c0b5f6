package experiments_test

import (
	"math"
	"strings"
	"testing"
)

// browsing has clients who read pages and keep what they got.
const browsing = `
run: {requests: 200k, replications: 2, warmup: 1s}
data: {pages: {keys: 1k, popularity: zipf(1.0)}}
requests: {view: {data: pages}, save: {data: pages, write: true}}
traffic: {people: {enters: api, rate: 1k/s, clients: 1k, mix: {view: 100%}, browser_cache: {entries: 1k, ttl: 60s}}}
nodes: {api: {kind: server, cores: unlimited, work: exp(1ms)}}`

// TestBrowserCacheOfATTL: a client that asks for a key r times a second finds it with probability r ttl / (1 + r ttl) (Jung, Berger and
// Balakrishnan, 2003), from the first measured request on.
func TestBrowserCacheOfATTL(t *testing.T) {
	t.Parallel()
	harmonic, want := 0.0, 0.0
	for k := 1; k <= 1000; k++ {
		harmonic += 1 / float64(k)
	}
	for k := 1; k <= 1000; k++ {
		p := 1 / float64(k) / harmonic // of a request; a client sends one a second
		want += p * 60 * p / (1 + 60*p)
	}
	r := run(t, browsing)
	c := r.Sources["people"].Cache
	near(t, "hit ratio", c.HitRatio, want, 4*math.Sqrt(want*(1-want)/float64(c.Hits+c.Misses)))
	near(t, "share that the clients answered", r.Answered[0].Share, want, 4*math.Sqrt(want*(1-want)/float64(c.Hits+c.Misses)))
	near(t, "rate at the server", edge(r, "people", "api"), (1-want)*float64(r.Load.Offered), 1)
	if r.Answered[0].By != "browser_cache" || r.Answered[0].Latency.Max != 0 {
		t.Errorf("the clients' own answers are not the first layer, or take time: %+v", r.Answered[0])
	}
}

// TestBrowserCacheOfOneClientIsAnLRUCache: one client that keeps so many answers hits as often as a cache of so many entries does.
func TestBrowserCacheOfOneClientIsAnLRUCache(t *testing.T) {
	t.Parallel()
	own := run(t, strings.Replace(browsing, "clients: 1k, mix: {view: 100%}, browser_cache: {entries: 1k, ttl: 60s}", "clients: 1, mix: {view: 100%}, browser_cache: {entries: 50}", 1))
	node := run(t, strings.NewReplacer(
		"clients: 1k, mix: {view: 100%}, browser_cache: {entries: 1k, ttl: 60s}", "mix: {view: 100%}", "enters: api", "enters: lru",
		"nodes: {", "nodes: {lru: {kind: cache, mode: through, entries: 50, origin: api}, ").Replace(browsing))
	a, b := own.Sources["people"].Cache, node.Nodes["lru"].Cache
	p, n := float64(b.HitRatio), float64(b.Hits+b.Misses)
	near(t, "hit ratio of the client", a.HitRatio, p, 4*math.Sqrt(2*p*(1-p)/n))
	if a.Evictions == 0 {
		t.Error("nothing was evicted from a full browser cache")
	}
}

// TestBrowserCacheForgetsWhatItsClientWrites: a client that reads one key all the time misses once after each of its writes, and never
// for what others write.
func TestBrowserCacheForgetsWhatItsClientWrites(t *testing.T) {
	t.Parallel()
	text := strings.NewReplacer("clients: 1k", "clients: CLIENTS", "keys: 1k", "keys: 1", "view: 100%", "view: 90%, save: 10%", ", ttl: 60s", "", "exp(1ms)", "exp(10ns)").Replace(browsing)
	one := run(t, strings.Replace(text, "CLIENTS", "1", 1))
	c := one.Sources["people"].Cache
	// A read misses if a write of the same client came last: with probability 10%.
	near(t, "hit ratio of one client", c.HitRatio, .9, 4*math.Sqrt(.09/float64(c.Hits+c.Misses)))
	many := run(t, strings.Replace(text, "CLIENTS", "10", 1))
	near(t, "hit ratio of ten clients", many.Sources["people"].Cache.HitRatio, .9, 4*math.Sqrt(.09/float64(c.Hits+c.Misses)))
}

// TestBrowserCacheOfAHitRatio: the rest comes to the servers; writes and what must not be cached all do.
func TestBrowserCacheOfAHitRatio(t *testing.T) {
	t.Parallel()
	text := strings.Replace(browsing, "{entries: 1k, ttl: 60s}", "{hit_ratio: 30%}", 1)
	r := run(t, text)
	c := r.Sources["people"].Cache
	near(t, "hit ratio", c.HitRatio, .3, 4*math.Sqrt(.21/float64(c.Hits+c.Misses)))
	near(t, "rate at the server", edge(r, "people", "api"), .7*float64(r.Load.Offered), 4*math.Sqrt(.21*float64(r.Load.Offered)/200))
	for _, all := range []string{strings.Replace(text, "view: 100%", "save: 100%", 1), strings.Replace(text, "view: {data: pages}", "view: {data: pages, cacheable: false}", 1)} {
		r := run(t, all)
		near(t, "rate at the server", edge(r, "people", "api"), float64(r.Load.Offered), 1e-9)
	}
}
