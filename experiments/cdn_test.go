package experiments_test

import (
	"slices"
	"strings"
	"testing"

	"headroom/experiments"
)

// edges have real contents in front of a slow origin.
const edges = `
run: {requests: 40k, replications: 2}
data: {pages: {keys: 10k, popularity: zipf(1.0), size: 50KB}}
requests: {view: {data: pages, response: 50KB}, save: {data: pages, write: true}}
traffic: {readers: {enters: cdn, rate: 1k/s, mix: {view: 100%}}}
nodes:
  cdn: {kind: cdn, entries: 1k, work: 1ms, origin: api}
  api: {kind: server, cores: unlimited, work: exp(20ms)}`

// TestOneEdgeIsACacheThatAsksTheOrigin: with the same contents, policy and times the two cannot be told apart, request by request.
func TestOneEdgeIsACacheThatAsksTheOrigin(t *testing.T) {
	t.Parallel()
	cdn := run(t, edges)
	cache := run(t, strings.Replace(edges, "kind: cdn, entries: 1k, work: 1ms", "kind: cache, mode: through, cores: unlimited, entries: 1k, get: 1ms", 1))
	if a, b := cdn.Nodes["cdn"].Cache, cache.Nodes["cdn"].Cache; a.Hits != b.Hits || a.Evictions != b.Evictions || cdn.Latency != cache.Latency && *cdn.Latency.CI95 != *cache.Latency.CI95 {
		t.Errorf("the edge: %+v, the cache: %+v", a, b)
	}
	if cdn.Nodes["cdn"].Cache.Hits == 0 {
		t.Error("nothing is found at the edge")
	}
}

// TestOriginIsSparedByWhatTheEdgeAnswers: requests and bytes at the origin fall by the hit ratio.
func TestOriginIsSparedByWhatTheEdgeAnswers(t *testing.T) {
	t.Parallel()
	r := run(t, edges)
	miss := 1 - float64(r.Nodes["cdn"].Cache.HitRatio)
	near(t, "rate at the origin", edge(r, "cdn", "api"), miss*float64(edge(r, "readers", "cdn")), .01*float64(r.Load.Offered))
	bytes := func(from string) experiments.Num {
		return r.Edges[slices.IndexFunc(r.Edges, func(e experiments.Edge) bool { return e.From == from })].Bytes
	}
	near(t, "bytes from the origin", bytes("cdn"), miss*float64(bytes("readers")), .01*float64(bytes("readers")))
}
