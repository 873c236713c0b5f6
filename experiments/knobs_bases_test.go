package experiments_test

import (
	"math"
	"strings"

	"headroom/experiments"
)

const ofRun = "run: {requests: 5k}\n"

// bases are the scenarios that knobs change. The node in question is m; M/M/1 queues are at 75% of their capacity.
var bases = map[string]string{
	"station":      ofRun + "traffic: {u: {enters: m, rate: 75/s}}\nnodes: {m: {kind: station, service: exp(10ms)}}",
	"server":       ofRun + "traffic: {u: {enters: m, rate: 75/s}}\nnodes: {m: {kind: server, cores: 1, work: exp(10ms)}}",
	"database":     ofRun + "traffic: {u: {enters: m, rate: 75/s}}\nnodes: {m: {kind: database, cores: 1, read: exp(10ms)}}",
	"balancer":     ofRun + "traffic: {u: {enters: m, rate: 75/s}}\nnodes: {m: {kind: load-balancer, cores: 1, work: exp(10ms), to: x}, x: {kind: external}}",
	"external":     ofRun + "traffic: {u: {enters: m, rate: 75/s}}\nnodes: {m: {kind: external, latency: exp(10ms)}}",
	"constant":     ofRun + "traffic: {u: {enters: m, rate: 75/s}}\nnodes: {m: {kind: external, latency: 10ms}}",
	"two stations": ofRun + "traffic: {u: {enters: m, rate: 75/s}}\nnodes: {m: {kind: station, service: exp(10ms)}, till: {kind: station, service: exp(10ms)}}",
	"two classes": ofRun + `
requests: {gold: {priority: 1}, rest: {}}
traffic: {u: {enters: m, rate: 75/s, mix: {gold: 20%, rest: 80%}}}
nodes: {m: {kind: station, discipline: priority, service: exp(10ms)}}`,
	"long": `
run: {duration: 20s, warmup: 1s, replications: 2}
traffic: {u: {enters: m, rate: 75/s}}
nodes: {m: {kind: station, service: exp(10ms)}}`,
	"calls": ofRun + `
requests: {request: {}, order: {write: true}}
traffic: {u: {enters: m, rate: 50/s, mix: {request: 100%}}}
nodes:
  m: {kind: server, cores: 1, work: exp(5ms), calls: [db]}
  db: {kind: database, cores: 4, read: exp(15ms), write: exp(60ms)}`,
	"steps": ofRun + `
requests: {request: {}, order: {write: true}}
traffic: {u: {enters: m, rate: 50/s, mix: {request: 100%}}}
nodes:
  m: {kind: server, cores: 1, handles: {default: [cpu: exp(5ms), read: db]}}
  db: {kind: database, cores: 4, read: exp(15ms), write: exp(60ms)}`,
	"serial":  ofRun + "traffic: {u: {enters: m, rate: 50/s}}\nnodes: {m: {kind: server, handles: {default: [delay: exp(20ms), delay: exp(20ms)]}}}",
	"scatter": ofRun + "traffic: {u: {enters: m, rate: 5/s}}\nnodes: {m: {kind: server, handles: {default: [scatter: {to: x, count: 4}]}}, x: {kind: database, instances: 8, read: exp(10ms)}, y: {kind: external, latency: exp(50ms)}}",
	"chance":  ofRun + "traffic: {u: {enters: m, rate: 5/s}}\nnodes: {m: {kind: server, handles: {default: [cpu: exp(5ms), {chance: 20%, do: [delay: exp(50ms)]}]}}}",
	"locks": ofRun + `
requests: {gold: {}, rest: {}}
traffic: {u: {enters: m, rate: 75/s, mix: {gold: 50%, rest: 50%}}}
nodes:
  m:
    kind: server
    cores: 16
    handles: {gold: [lock: {name: row, do: [delay: exp(10ms)]}], rest: [lock: {name: row, do: [delay: exp(10ms)]}]}`,
	"row locks": ofRun + `
data: {items: {keys: 10k}}
requests: {request: {data: items}}
traffic: {u: {enters: m, rate: 75/s}}
nodes: {m: {kind: server, handles: {default: [lock: {name: row, by: all, do: [delay: exp(10ms)]}]}}}`,
	"query": ofRun + "traffic: {u: {enters: m, rate: 75/s}}\nnodes: {m: {kind: database, cores: 1, connections: 20, read: {cpu: exp(10ms), delay: exp(1ms)}}}",
	"sharded": ofRun + `
data: {users: {keys: 100, popularity: zipf(1.0)}}
requests: {get: {data: users}, put: {data: users, write: true}}
traffic: {u: {enters: m, rate: 75/s, mix: {get: 90%, put: 10%}}}
nodes: {m: {kind: database, cores: 1, shards: 2, replicas: 1, replication_lag: 20ms, read: exp(10ms), write: exp(10ms)}}`,
	"paged": ofRun + `
data: {users: {keys: 100, popularity: zipf(1.0)}}
requests: {get: {data: users}}
traffic: {u: {enters: m, rate: 75/s}}
nodes: {m: {kind: database, read: exp(1ms), data_size: 10GB, memory: 1GB, disk: {iops: 100, latency: 10ms}}}`,
	"writes": ofRun + "requests: {order: {write: true}}\ntraffic: {u: {enters: m, rate: 75/s}}\nnodes: {m: {kind: database, cores: 1, read: exp(1ms), write: exp(10ms)}}",
	"queue": ofRun + `
traffic: {u: {enters: m, rate: 75/s}}
nodes: {m: {kind: queue, to: w}, w: {kind: worker, cores: 1, work: exp(10ms)}, fast: {kind: worker, cores: 4, work: exp(10ms)}}`,
	"worker": ofRun + `
traffic: {u: {enters: q, rate: 75/s}}
nodes: {q: {kind: queue, to: m}, m: {kind: worker, cores: 1, concurrency: 100, work: exp(10ms)}}`,
	"failing jobs": ofRun + `
traffic: {u: {enters: m, rate: 75/s}}
nodes:
  m: {kind: queue, to: w}
  w: {kind: worker, concurrency: 20, handles: {default: [delay: exp(10ms), call: x]}}
  x: {kind: external, latency: exp(50ms), failures: 20%}
  lost: {kind: queue, to: undertaker}
  undertaker: {kind: worker, work: 1ms}`,
	"users": ofRun + "traffic: {u: {enters: m, users: 5, think: exp(100ms)}}\nnodes: {m: {kind: station, service: exp(10ms)}}",
	"cache": ofRun + "traffic: {u: {enters: m, rate: 75/s}}\nnodes: {m: {kind: cache, mode: through, get: exp(10ms), hit_ratio: 100%, origin: x}, x: {kind: external}}",
	"browsing": ofRun + `
data: {items: {keys: 1k, popularity: zipf(1.0)}}
requests: {request: {data: items}}
traffic: {u: {enters: m, rate: 75/s, clients: 10, browser_cache: {entries: 5}}}
nodes: {m: {kind: station, service: exp(10ms)}}`,
	"ratio":          ofRun + cached("c: {kind: cache, hit_ratio: 50%, origin: db}"),
	"contents":       ofRun + cached("c: {kind: cache, entries: 200, origin: db}"),
	"memory":         ofRun + cached("c: {kind: cache, memory: 200KB, origin: db}"),
	"expiring":       ofRun + cached("c: {kind: cache, entries: 5k, ttl: 5s, origin: db}"),
	"ring":           ofRun + cached("c: {kind: cache, entries: 500, instances: 4, origin: db}"),
	"cold":           "run: {requests: 1k, warmup: 0s}" + cached("c: {kind: cache, entries: 5k, origin: db}"),
	"stampede":       strings.Replace(ofRun+cached("c: {kind: cache, entries: 5k, ttl: 50ms, origin: db}"), "keys: 10k", "keys: 2", 1),
	"saving":         strings.NewReplacer("read: c", "write: c", "data: items", "data: items, write: true").Replace(ofRun + cached("c: {kind: cache, mode: write-through, entries: 5k, origin: db}")),
	"stages":         "traffic: {u: {enters: m, stages: [{for: 10s, rate: 200/s}, {for: 10s, to: 800/s}]}}\nnodes: {m: {kind: station, servers: unlimited, service: exp(1ms)}}",
	"batches":        ofRun + "traffic: {u: {enters: m, batch: {every: 1s, size: 50}}}\nnodes: {m: {kind: station, service: exp(10ms)}}",
	"hashed targets": ofRun + "traffic: {u: {enters: m, rate: 120/s}}\nnodes: {m: {kind: load-balancer, algorithm: consistent-hash, to: api}, api: {kind: server, instances: 4, cores: 1, work: exp(10ms)}}",
	"targets":        ofRun + "traffic: {u: {enters: m, rate: 300/s}}\nnodes: {m: {kind: load-balancer, to: api}, api: {kind: server, instances: 4, cores: 1, work: exp(10ms)}}",
	"unequal targets": ofRun + `
traffic: {u: {enters: m, rate: 140/s}}
nodes:
  m: {kind: load-balancer, to: {slow: 1, fast: 4}}
  slow: {kind: server, cores: 1, instances: 2, work: exp(10ms)}
  fast: {kind: server, cores: 1, instances: 2, speed: 4, work: exp(10ms)}`,
	"clients": ofRun + `
traffic: {u: {enters: m, rate: 80/s, clients: 40}}
nodes: {m: {kind: load-balancer, algorithm: ip-hash, to: api}, api: {kind: server, instances: 4, cores: 1, work: exp(10ms)}}`,
	"two choices": ofRun + `
traffic: {u: {enters: m, rate: 300/s}}
nodes: {m: {kind: load-balancer, algorithm: power-of-two, to: api}, api: {kind: server, instances: 4, cores: 1, work: exp(10ms)}}`,
	"deaths": `
run: {duration: 20s, warmup: 1s}
traffic: {u: {enters: m, rate: 200/s}}
nodes: {m: {kind: load-balancer, to: api, health_check: {every: 1s, fails: 2}}, api: {kind: server, instances: 4, cores: 1, work: exp(1ms)}}
events: [{at: 5s, kill: api, instances: 1, for: 10s}]`,
	"deadly":         "traffic: {u: {enters: m, rate: 200/s}}\nnodes: {m: {kind: server, instances: 4, cores: 1, work: exp(1ms)}}\nevents: [{at: 5s, kill: m, for: 5s}]",
	"limiter":        ofRun + limited("limit: 80/s, burst: 1"),
	"window limiter": ofRun + limited("algorithm: fixed-window, limit: 80/s, window: 100ms"),
	"replay":         "traffic: {u: {enters: m, replay: trace.csv}}\nnodes: {m: {kind: external, latency: exp(10ms)}}",
	"at 500/s": ofRun + `
traffic: {u: {enters: m, rate: 50/s}, v: {enters: m, rate: 50/s}}
nodes: {m: {kind: station, servers: unlimited, service: exp(10ms)}}`,
	"variants": ofRun + "traffic: {u: {enters: m, rate: 75/s}}\nnodes: {m: {kind: station, service: exp(10ms)}}\nvariants: {wide: {nodes.m.servers: 2}}",
}

// textOf returns the text of a base; "X of classes" is X with two classes of requests, "X for a dollar" X with a price.
func textOf(base string) (text string, ok bool) {
	plain, classes := strings.CutSuffix(base, " of classes")
	plain, priced := strings.CutSuffix(plain, " for a dollar")
	text, ok = bases[plain]
	if priced {
		text = strings.Replace(text, "m: {", "m: {price: $1/h, ", 1)
	}
	if classes {
		text = "requests: {gold: {priority: 1}, rest: {}}\n" + strings.Replace(text, "rate: 75/s", "rate: 75/s, mix: {gold: 20%, rest: 80%}", 1)
	}
	return text, ok
}

// limited is a rate limiter before what takes 10 ms.
func limited(keys string) string {
	return `
traffic: {u: {enters: m, rate: 75/s}}
nodes:
  m: {kind: rate-limiter, to: x, ` + keys + `}
  x: {kind: external, latency: exp(10ms)}
  y: {kind: external, latency: exp(50ms)}`
}

// cached is a server that reads from a cache of 10 000 items in front of a database.
func cached(cache string) string {
	return `
data: {items: {keys: 10k, popularity: zipf(1)}, few: {keys: 100}}
requests: {request: {data: items}}
traffic: {u: {enters: m, rate: 200/s}}
nodes:
  m: {kind: server, handles: {default: [read: c]}}
  ` + cache + `
  db: {kind: database, cores: unlimited, read: exp(10ms), write: exp(10ms)}
  slow: {kind: database, cores: unlimited, read: exp(100ms)}`
}

// figures are what a change may move.
var figures = map[string]func(r *experiments.Result) measured{
	"mean": func(r *experiments.Result) measured { return mean95(r.Latency) },
	"p50":  func(r *experiments.Result) measured { return within(r.Latency.P50, r.Latency.CI95.P50) },
	"p99":  func(r *experiments.Result) measured { return within(r.Latency.P99, r.Latency.CI95.P99) },
	"gold": func(r *experiments.Result) measured { return mean95(r.Requests["gold"].Latency) },
	"rest": func(r *experiments.Result) measured { return mean95(r.Requests["rest"].Latency) },
	"done": func(r *experiments.Result) measured { return mean95(r.Requests["request"].Done) },
	"done p50": func(r *experiments.Result) measured {
		return within(r.Requests["request"].Done.P50, r.Requests["request"].Done.CI95.P50)
	},
	"done p99": func(r *experiments.Result) measured {
		return within(r.Requests["request"].Done.P99, r.Requests["request"].Done.CI95.P99)
	},
	"gold done": func(r *experiments.Result) measured { return mean95(r.Requests["gold"].Done) },
	"dead":      func(r *experiments.Result) measured { return within4(r.Nodes["m"].Queue.Dead) },
	"again":     func(r *experiments.Result) measured { return within4(r.Nodes["m"].Queue.Redelivered) },
	"buried":    func(r *experiments.Result) measured { return within4(r.Nodes["lost"].Queue.Published) },
	"goodput":   func(r *experiments.Result) measured { return within(r.Load.Goodput, r.Load.CI95.Goodput) },
	"offered":   func(r *experiments.Result) measured { return within(r.Load.Offered, r.Load.CI95.Offered) },
	"simulated": func(r *experiments.Result) measured { return exactly(r.Run.SimulatedSeconds) },
	"warm-up":   func(r *experiments.Result) measured { return exactly(r.Run.WarmupSeconds) },
	"runs":      func(r *experiments.Result) measured { return exactly(experiments.Num(r.Run.Replications)) },
	"targets":   func(r *experiments.Result) measured { return exactly(experiments.Num(len(r.SLO))) },
	"name":      func(r *experiments.Result) measured { return measured{text: r.Scenario.Name} },
	"source":    func(r *experiments.Result) measured { return measured{text: r.Scenario.Source} },
	"cost":      func(r *experiments.Result) measured { return exactly(r.Cost.PerMonth) },
	"observed":  func(r *experiments.Result) measured { return exactly(experiments.Num(len(r.Observed))) },
	"bytes":     func(r *experiments.Result) measured { return exactly(r.Edges[0].Bytes) },
	"hits":      func(r *experiments.Result) measured { return hits(r.Nodes["c"].Cache) },
	"to api":    func(r *experiments.Result) measured { return to(r, "api", "") },
	"to db":     func(r *experiments.Result) measured { return to(r, "db", "") },
	"c to db":   func(r *experiments.Result) measured { return to(r, "db", "c") },
	"from u":    func(r *experiments.Result) measured { return exactly(r.Edges[0].Rate) },
}

func within(value experiments.Num, ci experiments.Interval) measured { return measured{value, "", ci} }

func mean95(l experiments.Latency) measured { return within(l.Mean, l.CI95.Mean) }

// within4 is a count with the interval of four standard deviations of a Poisson one.
func within4(count int64) measured {
	h := experiments.Num(4 * math.Sqrt(float64(count)))
	return within(experiments.Num(count), experiments.Interval{experiments.Num(count) - h, experiments.Num(count) + h})
}

// hits is a hit ratio with the interval of so many draws.
func hits(c *experiments.CacheResult) measured {
	p := float64(c.HitRatio)
	h := 1.96 * math.Sqrt(p*(1-p)/float64(c.Hits+c.Misses))
	return within(c.HitRatio, experiments.Interval{experiments.Num(p - h), experiments.Num(p + h)})
}

// to is the rate of the calls to a node, from one or from all, with the interval of a Poisson process.
func to(r *experiments.Result, node, from string) measured {
	sum := 0.0
	for _, e := range r.Edges {
		if e.To == node && (from == "" || e.From == from) {
			sum += float64(e.Rate)
		}
	}
	h := 1.96 * math.Sqrt(sum/float64(r.Run.SimulatedSeconds)/float64(r.Run.Replications))
	return within(experiments.Num(sum), experiments.Interval{experiments.Num(sum - h), experiments.Num(sum + h)})
}

func exactly(value experiments.Num) measured {
	return within(value, experiments.Interval{value, value})
}
