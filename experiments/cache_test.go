package experiments_test

import (
	"math"
	"strings"
	"testing"

	"headroom/experiments"
)

// near fails unless a figure is what it must be, but for so much.
func near(t *testing.T, what string, got experiments.Num, want, by float64) {
	t.Helper()
	if !(math.Abs(float64(got)-want) <= by) {
		t.Errorf("%s is %.6g, want %.6g ± %.3g", what, got, want, by)
	}
}

// edge returns the rate of calls between two nodes; 0 where there are none.
func edge(r *experiments.Result, from, to string) experiments.Num {
	for _, e := range r.Edges {
		if e.From == from && e.To == to {
			return e.Rate
		}
	}
	return 0
}

// oneKey has readers of one key, 20 a second, and one write of it each second; nothing takes time.
const oneKey = `
run: {duration: 1000s, warmup: 1s, replications: 1}
data: {rows: {keys: 1}, others: {keys: 1}}
requests: {get: {data: rows}, put: {data: rows, write: true}, put-other: {data: others, write: true}, note: {write: true}}
traffic:
  readers: {enters: reader, rate: 20/s, arrivals: constant, mix: {get: 100%}}
  writers: {enters: writer, rate: 1/s, arrivals: constant, mix: {put: 100%}}
nodes:
  reader: {kind: server, cores: unlimited, handles: {default: [read: cache]}}
  writer: {kind: server, cores: unlimited, handles: {default: [write: db]}}
  cache: {kind: cache, entries: 10, origin: db}
  db: {kind: database, cores: unlimited}`

// TestWritePastACacheRemovesTheKey: the first read after each write misses, in every mode and through every layer in front of the
// database; a write of other data, or of none, takes nothing out.
func TestWritePastACacheRemovesTheKey(t *testing.T) {
	through := strings.NewReplacer("entries: 10", "entries: 10, mode: through")
	layers := strings.NewReplacer("entries: 10, origin: db}", "entries: 10, mode: through, origin: second}\n  second: {kind: cache, entries: 10, origin: db, MODE}")
	for _, c := range []struct {
		name   string
		text   string
		misses float64
	}{
		{"aside", oneKey, 1000},
		{"through", through.Replace(oneKey), 1000},
		{"write step to the cache aside", strings.Replace(oneKey, "write: db", "write: cache", 1), 1000},
		{"write step to the cache through", strings.Replace(through.Replace(oneKey), "write: db", "write: cache", 1), 1000},
		{"two layers through", strings.Replace(layers.Replace(oneKey), "MODE", "mode: through", 1), 1000},
		{"two layers, the second aside", strings.Replace(layers.Replace(oneKey), "MODE", "mode: aside", 1), 1000},
		{"a call that writes", strings.Replace(oneKey, "write: db", "call: cache", 1), 1000},
		{"other data", strings.Replace(oneKey, "{put: 100%}", "{put-other: 100%}", 1), 0},
		{"no data", strings.Replace(oneKey, "{put: 100%}", "{note: 100%}", 1), 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := run(t, c.text)
			for name, n := range r.Nodes {
				if n.Cache != nil && math.Abs(float64(n.Cache.Misses)-c.misses) > 1 {
					t.Errorf("%s: %d misses after 1000 writes, want %g", name, n.Cache.Misses, c.misses)
				}
			}
		})
	}
}

// TestCacheThatStoresWrites: past write-through and write-behind, reads find what was written; what must not be cached is not stored.
func TestCacheThatStoresWrites(t *testing.T) {
	for _, mode := range []string{"write-through", "write-behind"} {
		for _, c := range []struct {
			change, to string
			misses     int64
		}{
			{"", "", 0}, {"put: {data: rows, write: true}", "put: {data: rows, write: true, cacheable: false}", 1000},
			{"put: {data: rows, write: true}", "put: {write: true, cacheable: false}", 0},
		} {
			t.Run(mode+c.to, func(t *testing.T) {
				t.Parallel()
				text := strings.Replace(strings.Replace(oneKey, "write: db", "write: cache", 1), "entries: 10", "entries: 10, mode: "+mode, 1)
				r := run(t, strings.Replace(text, c.change, c.to, 1))
				if got := r.Nodes["cache"].Cache.Misses; got < c.misses-1 || got > c.misses+1 {
					t.Errorf("%d misses, want %d", got, c.misses)
				}
				near(t, "writes to the database per second", edge(r, "cache", "db")-edge(r, "reader", "db"), float64(1+c.misses/1000), .002)
			})
		}
	}
}

// TestWriteBehindAnswersFirst: a write takes the cache's time, and its background work the origin's as well, which gets every write.
func TestWriteBehindAnswersFirst(t *testing.T) {
	const text = `
run: {requests: 5k}
data: {rows: {keys: 100}}
requests: {put: {data: rows, write: true}}
traffic: {u: {enters: cache, rate: 20/s}}
nodes:
  cache: {kind: cache, entries: 10, mode: MODE, cores: unlimited, set: 1ms, origin: db}
  db: {kind: database, cores: unlimited, write: 50ms}`
	for mode, want := range map[string]float64{"through": .050, "write-through": .051, "write-behind": .001} {
		r := run(t, strings.Replace(text, "MODE", mode, 1))
		near(t, mode+": latency", r.Latency.Mean, want, 1e-6)
		near(t, mode+": done", r.Requests["put"].Done.Mean, max(want, .050+.001*float64(strings.Count(mode, "write"))), 1e-6)
		near(t, mode+": writes to the database", r.Nodes["db"].Throughput, float64(r.Load.Offered), .02)
	}
}

// TestWhoAsksTheOrigin: aside, the caller does, over its own pool; otherwise the cache does.
func TestWhoAsksTheOrigin(t *testing.T) {
	const text = `
run: {requests: 5k}
traffic: {u: {enters: app, rate: 100/s}}
nodes:
  app: {kind: server, cores: unlimited, pools: {db: 10}, handles: {default: [read: cache]}}
  cache: {kind: cache, hit_ratio: 60%, mode: MODE, origin: db}
  db: {kind: database, cores: unlimited, read: exp(10ms)}`
	for _, c := range []struct {
		mode, from, other string
		pool              float64
	}{{"aside", "app", "cache", .04}, {"through", "cache", "app", 0}} {
		r := run(t, strings.Replace(text, "MODE", c.mode, 1))
		near(t, c.mode+": reads by "+c.from, edge(r, c.from, "db"), 40, 1.5) // 0.3 is its standard error
		near(t, c.mode+": reads by "+c.other, edge(r, c.other, "db"), 0, 0)
		near(t, c.mode+": share of the pool", r.Nodes["app"].Resources["pools.db"].Utilization, c.pool, .003)
		near(t, c.mode+": mean", r.Latency.Mean, .4*.010, .0003)
	}
}

// fiveAtOnce asks five times at once for a key that is not there, over 10 ms.
const fiveAtOnce = `
run: {requests: 2k}
data: {rows: {keys: 1M, popularity: scan}}
requests: {get: {data: rows}}
traffic: {u: {enters: app, rate: 10/s, arrivals: constant}}
nodes:
  app: {kind: server, cores: unlimited, handles: {default: [parallel: [[read: cache], [read: cache], [read: cache], [read: cache], [read: cache]]]}}
  cache: {kind: cache, entries: 10, coalesce: true, mode: MODE, get: 1ms, cores: unlimited, origin: db}
  db: {kind: external, latency: 10ms, failures: 0%}`

// TestCoalescedReadsAreOneRead: of five who ask for a key at once one asks the origin, and all have the answer when it has; if the origin
// fails, all fail, and nobody waits for ever.
func TestCoalescedReadsAreOneRead(t *testing.T) {
	for _, mode := range []string{"aside", "through"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(fiveAtOnce, "MODE", mode, 1)
			r := run(t, text)
			near(t, "reads of the origin", r.Nodes["db"].Throughput, 10, .02)
			near(t, "share of coalesced misses", experiments.Num(r.Nodes["cache"].Cache.Coalesced)/experiments.Num(r.Nodes["cache"].Cache.Misses), .8, 1e-9)
			near(t, "mean", r.Latency.Mean, .011, 1e-6)
			near(t, "mean of the server itself", r.Nodes["app"].Own.Mean, 0, 1e-9)
			for _, w := range r.WhereTime { // 1 ms of looking, 10 ms of waiting for the one that fetches
				near(t, w.Node+" "+w.Part, w.Share, map[string]float64{"cpu": 1. / 11, "": 10. / 11}[w.Resource], .001)
			}
			r = run(t, strings.Replace(text, "coalesce: true", "coalesce: false", 1))
			near(t, "reads of the origin, not coalesced", r.Nodes["db"].Throughput, 50, .1)

			r = run(t, strings.Replace(text, "failures: 0%", "failures: 50%", 1))
			near(t, "error rate", r.ErrorRate, .5, .028) // five standard errors of 8000
			near(t, "visits to the cache that failed", experiments.Num(r.Nodes["cache"].Errors["failed"]),
				map[string]float64{"aside": 0, "through": 5}[mode]*float64(r.Outcomes.Failed), 5)
			if r.Outcomes.InFlight > 4 {
				t.Errorf("%d are in flight at the end", r.Outcomes.InFlight)
			}
		})
	}
}

// TestWhatIsNotCacheablePassesTheCache: no look-up, and all of it at the origin.
func TestWhatIsNotCacheablePassesTheCache(t *testing.T) {
	for _, mode := range []string{"aside", "through", "write-through"} {
		for _, class := range []string{"cacheable: false", "write: true"} {
			r := run(t, `
run: {requests: 2k}
data: {rows: {keys: 1}}
requests: {get: {data: rows, `+class+`}}
traffic: {u: {enters: app, rate: 10/s, arrivals: constant}}
nodes:
  app: {kind: server, cores: unlimited, calls: [cache]}
  cache: {kind: cache, entries: 10, mode: `+mode+`, get: 1ms, origin: db}
  db: {kind: database, cores: unlimited, read: 10ms, write: 10ms}`)
			c := r.Nodes["cache"].Cache
			if c.Hits+c.Misses != 0 {
				t.Errorf("%s, %s: %d look-ups", mode, class, c.Hits+c.Misses)
			}
			near(t, "reads of the origin", r.Nodes["db"].Throughput, 10, .02)
			near(t, "mean", r.Latency.Mean, .010, 1e-6)
		}
	}
}

// TestInstancesAreOneCluster: two caches of 500 hold together what one of 1000 does, each key in one of them; each has half of the keys
// and, since no key is hot, of the work.
func TestInstancesAreOneCluster(t *testing.T) {
	text := func(instances, entries, get string) string {
		return `
run: {requests: 100k}
data: {rows: {keys: 10k, popularity: zipf(0.8)}}
requests: {get: {data: rows}}
traffic: {u: {enters: cache, rate: 1k/s}}
nodes:
  cache: {kind: cache, instances: ` + instances + `, entries: ` + entries + `, virtual_nodes: 10k, mode: through, get: ` + get + `, origin: db}
  db: {kind: external}`
	}
	one, two := run(t, text("1", "1000", "0s")), run(t, text("2", "500", "0.5ms"))
	near(t, "hit ratio of one", one.Nodes["cache"].Cache.HitRatio, .43666, .005) // Che's
	near(t, "hit ratio of two", two.Nodes["cache"].Cache.HitRatio, float64(one.Nodes["cache"].Cache.HitRatio), .01)
	near(t, "entries of two", two.Nodes["cache"].Cache.LiveMean, 1000, .5)
	near(t, "busiest of two", two.Nodes["cache"].Resources["cpu"].Busiest.Utilization, .25, .03)
}

// TestNoEntriesKeepNothing: with entries: 0, each read goes to the origin, after a look in vain.
func TestNoEntriesKeepNothing(t *testing.T) {
	r := run(t, strings.Replace(strings.Replace(oneKey, "entries: 10", "entries: 0", 1), "writers:", "#", 1))
	if c := r.Nodes["cache"].Cache; c.Hits != 0 || c.LiveMean != 0 {
		t.Errorf("%d hits of %g entries", c.Hits, c.LiveMean)
	}
	near(t, "reads of the origin", r.Nodes["db"].Throughput, 20, .001)
}

// TestReadAsAnotherClass: the keys are those of that class's data, and the request's own where it has the same data.
func TestReadAsAnotherClass(t *testing.T) {
	for as, want := range map[string]float64{"few": 1, "get": 0, "alike": 0} {
		r := run(t, `
run: {requests: 2k}
data: {many: {keys: 10M}, handful: {keys: 5}}
requests: {get: {data: many}, alike: {data: many}, few: {data: handful}}
traffic: {u: {enters: app, rate: 100/s, mix: {get: 100%}}}
nodes:
  app: {kind: server, cores: unlimited, handles: {default: [{read: cache, as: `+as+`}]}}
  cache: {kind: cache, entries: 10, origin: db}
  db: {kind: external}`)
		near(t, "hit ratio as "+as, r.Nodes["cache"].Cache.HitRatio, want, .001)
	}
}

// TestAnsweredAddsUp: whoever answered, the shares of those that asked a cache add up to 1, and each layer answers its hit ratio of what
// comes to it. They stand in the order in which they are asked, whatever that of the file.
func TestAnsweredAddsUp(t *testing.T) {
	r := run(t, `
run: {requests: 20k}
requests: {get: {}, put: {write: true}}
traffic: {u: {enters: outer, rate: 100/s, mix: {get: 80%, put: 20%}}}
nodes:
  inner: {kind: cache, hit_ratio: 60%, origin: db}
  app: {kind: server, cores: unlimited, handles: {get: [read: inner], put: [write: db]}}
  outer: {kind: cache, hit_ratio: 50%, mode: through, origin: app}
  db: {kind: external}`)
	sum := experiments.Num(0)
	for i, want := range []struct {
		by    string
		share float64
	}{{"outer", .5}, {"inner", .3}, {"", .2}} {
		a := r.Answered[i]
		if sum += a.Share; a.By != want.by {
			t.Errorf("%d is answered by %q", i, a.By)
		}
		near(t, "share of "+want.by, a.Share, want.share, .01) // five standard errors of 64 000
	}
	near(t, "sum", sum, 1, 1e-12)
}

// TestLocksByKey: requests for different keys do not wait for each other, and the hottest row speaks for the lock, of whatever data set.
func TestLocksByKey(t *testing.T) {
	text := func(popularity string) string {
		return `
run: {requests: 20k}
data: {first: {keys: 10}, second: {keys: 1M, popularity: ` + popularity + `}}
requests: {other: {data: first}, get: {data: second}}
traffic: {u: {enters: app, rate: 50/s, mix: {get: 100%}}}
nodes: {app: {kind: server, handles: {default: [lock: {name: row, by: key, do: [delay: exp(10ms)]}]}}}
`
	}
	lock := run(t, text("uniform")).Nodes["app"].Resources["locks.row"]
	near(t, "wait for a million rows", lock.Wait.Mean, 0, 1e-6)
	r := run(t, text("hot(0.0001% 80%)")) // an M/M/1 at 40%, passed by a fifth that does not wait
	lock = r.Nodes["app"].Resources["locks.row"]
	near(t, "the hot row is held", lock.Utilization, .4, .02)
	near(t, "wait", lock.Wait.Mean, .8*.010*.4/.6, .0006)
}

// TestLoopsInFrontOfACache: the rates that a cache is warmed with are found though requests go round and round among stations.
func TestLoopsInFrontOfACache(t *testing.T) {
	r := run(t, `
run: {requests: 100k}
data: {rows: {keys: 10, popularity: zipf(0.8)}}
requests: {get: {data: rows}}
traffic: {u: {enters: a, rate: 100/s}}
slo: [cache.cpu < 1%]
nodes:
  a: {kind: station, next: {b: 33%, c: 33%, d: 34%}}
  b: {kind: station, next: {a: 33%, c: 33%, d: 34%}}
  c: {kind: station, next: {a: 33%, b: 33%, d: 33%}}
  d: {kind: station, next: {a: 33%, b: 33%, cache: 1%}}
  cache: {kind: cache, entries: 3, mode: through, get: 10us, origin: db}
  db: {kind: external}`)
	near(t, "hit ratio", r.Nodes["cache"].Cache.HitRatio, .407837, .04) // C01, after 60 asked each replication: five standard errors
	if !r.SLO[0].Met || r.SLO[0].Value <= 0 {
		t.Errorf("cache.cpu is %v", r.SLO[0].Value)
	}
}
