package experiments_test

import (
	"math"
	"testing"
)

// TestAFlushedCacheFetchesEveryKeyOnceMore: all 1000 of it, or those of the instance that is flushed, of which a ring gives each about half.
func TestAFlushedCacheFetchesEveryKeyOnceMore(t *testing.T) {
	for _, c := range []struct {
		node, events string
		least, most  float64
	}{
		{"kind: cache, mode: through, entries: 1k, origin: x", "{at: 5s, flush: redis}", 999, 1000},
		{"kind: cache, mode: through, entries: 1k, origin: x", "{at: 5s, flush: redis}, {at: 12s, flush: redis}", 1990, 2000},
		{"kind: cache, mode: through, instances: 2, entries: 1k, origin: x", "{at: 5s, flush: redis/1}", 300, 700},
		{"kind: cdn, entries: 1k, origin: x", "{at: 5s, flush: redis}", 999, 1000},
		{"kind: database, query_cache: {entries: 1k}", "{at: 5s, flush: redis}", 999, 1000},
	} {
		r := run(t, `
run: {duration: 20s, warmup: 10s}
data: {items: {keys: 1k}}
requests: {get: {data: items}}
traffic: {u: {enters: redis, rate: 1k/s}}
nodes: {redis: {`+c.node+`}, x: {kind: external}}
events: [`+c.events+`]`)
		if n := float64(r.Nodes["redis"].Cache.Misses) / 4; n < c.least || n > c.most {
			t.Errorf("%s: %g keys are fetched, want %g to %g", c.node, n, c.least, c.most)
		}
	}
}

// TestAnEmptyMemoryFillsAsItWouldHave: of 1000 pages that are asked for alike, half are in memory, those used within T, where
// exp(-rT) = ½ for a page that is asked for at a rate r. Of an empty memory a page is missing with probability exp(-rt) after t, so that up to
// T all pages together are read ∫ (exp(-rt) - ½) r dt = ½ - ½ ln 2 times more often than usual.
func TestAnEmptyMemoryFillsAsItWouldHave(t *testing.T) {
	of := func(events string) float64 {
		r := run(t, `
run: {duration: 20s, warmup: 5s, replications: 20}
data: {items: {keys: 1k, size: 1KB}}
requests: {get: {data: items}}
traffic: {u: {enters: db, rate: 2k/s}}
nodes: {db: {kind: database, data_size: 1MB, memory: 500KB, disk: {iops: 1G, latency: 1us}}}
events: [`+events+`]`)
		return float64(r.Nodes["db"].Resources["disk"].Utilization) * 1e9 * 20
	}
	// 20 runs of 40000 tosses each: the difference has a standard deviation of √(2×20×40000×¼)/20 = 32, less what common random numbers save
	if got, want := of("{at: 5s, flush: db}")-of(""), 1000*(.5-.5*math.Ln2); math.Abs(got-want) > 3*32 {
		t.Errorf("%g more pages are read after a flush, want %g", got, want)
	}
}
