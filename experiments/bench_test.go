package experiments_test

import (
	"context"
	"math"
	"runtime"
	"testing"

	"headroom/experiments"
	"headroom/experiments/speed"
	"headroom/scenarios"
)

// pictures are what the speed is measured on beside the models of package speed, from the text of a scenario to its result: each shows what
// one feature costs, and the compiler should know of all of them.
var pictures = []struct{ name, text string }{
	{"mm1-usual", `
traffic: {u: {enters: s, rate: 75/s}}
nodes: {s: {kind: station, service: exp(10ms)}}`},
	{"mm16", `
run: {requests: 2M, replications: 1}
traffic: {u: {enters: s, rate: 1200/s}}
nodes: {s: {kind: station, servers: 16, service: exp(10ms)}}`},
	{"tandem6", `
run: {requests: 500k, replications: 1}
traffic: {u: {enters: a, rate: 7k/s}}
nodes:
  a: {kind: station, servers: unlimited, service: exp(5ms), next: {b: 100%}}
  b: {kind: station, servers: 16, service: exp(2ms), next: {c: 100%}}
  c: {kind: station, servers: 16, service: exp(2ms), next: {d: 100%}}
  d: {kind: station, servers: unlimited, service: 1ms, next: {e: 100%}}
  e: {kind: station, servers: 64, service: exp(4ms), next: {f: 100%}}
  f: {kind: station, servers: 64, service: exp(8ms)}`},
	{"balancer", `
run: {requests: 1M, replications: 1}
traffic: {u: {enters: lb, rate: 20k/s}}
nodes:
  lb: {kind: load-balancer, algorithm: least-connections, to: api}
  api: {kind: server, instances: 16, cores: 4, work: exp(2ms), calls: [db]}
  db: {kind: database, cores: 64, read: exp(2ms)}`},
	{"threads", `
run: {requests: 300k, replications: 1}
requests: {read: {}, save: {write: true}}
traffic: {u: {enters: web, rate: 5k/s, mix: {read: 80%, save: 20%}}}
nodes:
  web: {kind: server, instances: 16, cores: 4, concurrency: 64, pools: {db: 8}, handles: {default: [cpu: exp(2ms), call: db]}}
  db: {kind: database, cores: 32, connections: 256, read: exp(2ms), write: {cpu: exp(2ms), delay: 3ms}}`},
	{"messages", messages},
	{"limiter-1M-clients", `
run: {requests: 3M, replications: 1}
traffic: {u: {enters: l, rate: 1M/s, clients: 1M}}
nodes:
  l: {kind: rate-limiter, algorithm: sliding-window, limit: 3/s, per: client, to: api}
  api: {kind: external, latency: exp(10ms)}`},
	{"hit-ratio", aside("hit_ratio: 81%")},
	{"million-entries", aside("entries: 1M")}, // against the one before: what real contents cost
	{"calls", calls("", "")},
	{"calls-with-timeouts", calls(", timeout: 5s", ", timeout: 2s")}, // against the one before: what giving up costs where nobody does
}

// aside is a cache of ten million keys that a server asks. So many requests that making the contents weighs little.
func aside(holds string) string {
	return `
run: {requests: 10M, replications: 1}
data: {rows: {keys: 10M, popularity: zipf(1.0)}}
requests: {get: {data: rows}}
traffic: {u: {enters: app, rate: 100k/s}}
nodes:
  app: {kind: server, cores: unlimited, handles: {default: [read: cache]}}
  cache: {kind: cache, ` + holds + `, get: 10us, cores: unlimited, origin: db}
  db: {kind: database, cores: unlimited, read: exp(1ms)}`
}

// calls go to a server that makes three more; how the clients and the server wait for them is added.
func calls(client, server string) string {
	call := func(to string) string { return "{call: " + to + server + "}" }
	return `
run: {requests: 500k, replications: 1}
traffic: {u: {enters: lb, rate: 1k/s` + client + `}}
nodes:
  lb: {kind: load-balancer, algorithm: least-connections, to: api}
  api: {kind: server, instances: 8, cores: 2, handles: {default: [cpu: exp(2ms), ` + call("auth") + ", " + call("db") + ", " + call("x") + `]}}
  auth: {kind: server, cores: 8, work: exp(2ms)}
  db: {kind: database, cores: 8, read: exp(2ms)}
  x: {kind: external, latency: exp(20ms)}`
}

// messages are published to a queue, whose workers fail now and then.
const messages = `
run: {requests: 500k, replications: 1}
traffic: {u: {enters: api, rate: 5k/s}}
nodes:
  api: {kind: server, cores: 16, handles: {default: [cpu: exp(2ms), publish: q]}}
  q: {kind: queue, to: w, partitions: 1k, max_attempts: 3, visibility_timeout: 1s}
  w: {kind: worker, instances: 16, concurrency: 8, cores: 4, handles: {default: [cpu: exp(4ms), call: x]}}
  x: {kind: external, latency: exp(10ms), failures: 1%}`

// across goes over distances, and through interfaces.
const across = `
regions: {rtt: {us: {eu: 80ms}}, last_mile: exp(8ms)}
requests: {get: {request: 500B, response: 10KB}}
traffic: {u: {enters: lb, rate: 5k/s, regions: {us: 50%, eu: 50%}}}
nodes:
  lb: {kind: load-balancer, algorithm: nearest, to: api}
  api: {kind: server, place: {us: 8, eu: 8}, cores: 4, bandwidth: 100Mbps, work: exp(2ms), calls: [db]}
  db: {kind: database, region: us, cores: 64, bandwidth: 1Gbps, read: exp(2ms)}`

// BenchmarkModel simulates the models of docs/performance.md, each about as long, so that in the profile for the compiler none outweighs the
// others.
func BenchmarkModel(b *testing.B) {
	for _, m := range speed.Models() {
		b.Run(m.Name, func(b *testing.B) {
			cost(b, m, scenarios.Change{Path: "run.requests", Value: "1M"}, scenarios.Change{Path: "run.replications", Value: "1"})
		})
	}
}

// BenchmarkPicture simulates the others.
func BenchmarkPicture(b *testing.B) {
	for _, p := range pictures {
		b.Run(p.name, func(b *testing.B) { cost(b, speed.Of(p.name, p.text)) })
	}
}

func cost(b *testing.B, m speed.Model, changes ...scenarios.Change) {
	var all speed.Cost
	runtime.GC()
	for b.Loop() {
		c, err := m.Measure(context.Background(), 1, changes...)
		if err != nil {
			b.Fatal(err)
		}
		all.Requests += c.Requests
		all.Events += c.Events
		all.Processor += c.Processor
		all.Objects += c.Objects
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(all.Requests)/all.Processor, "requests/s")
	b.ReportMetric(float64(all.Events)/float64(all.Requests), "events/request")
	b.ReportMetric(all.Processor*1e9/float64(all.Events), "ns/event")
	b.ReportMetric(float64(all.Objects)/float64(all.Requests), "allocs/request")
}

// TestRunsOfAnyLengthTakeTheSameMemory: once a simulation has seen its usual numbers, requests and messages cost no allocation. A longer
// run sees larger numbers now and then; that is what the small shares are for. The runtime allocates for itself at times, so the least
// of a few differences counts: what a request allocated would be in all of them.
func TestRunsOfAnyLengthTakeTheSameMemory(t *testing.T) {
	const requests = 200_000
	hops, _ := speed.Lookup("six-hops")
	for _, c := range []struct {
		model          speed.Model
		objects, bytes float64 // of 200k requests more
	}{
		{hops, 200, 1e6},
		{speed.Of("messages", messages), requests / 200, 2e6},
		{speed.Of("across", across), 200, 1e6},
	} {
		allocated := func(requests string) (objects, bytes float64) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			l, err := c.model.Load(
				scenarios.Change{Path: "run.requests", Value: requests},
				scenarios.Change{Path: "run.replications", Value: "1"},
				scenarios.Change{Path: "run.warmup", Value: "1s"})
			if err != nil {
				t.Fatal(err)
			}
			completed(t, l)
			runtime.ReadMemStats(&after)
			return float64(after.Mallocs - before.Mallocs), float64(after.TotalAlloc - before.TotalAlloc)
		}
		more, longer := math.Inf(1), math.Inf(1)
		for range 5 {
			objects, bytes := allocated("50k")
			moreNow, longerNow := allocated("250k")
			more, longer = min(more, moreNow-objects), min(longer, longerNow-bytes)
		}
		if more > c.objects {
			t.Errorf("%s: %d requests more take %.0f objects more", c.model.Name, requests, more)
		}
		if longer > c.bytes {
			t.Errorf("%s: %d requests more take %.0f bytes more", c.model.Name, requests, longer)
		}
	}
}

func simulated(tb testing.TB, text string) *experiments.Result {
	tb.Helper()
	l, err := scenarios.Load("picture.yaml", []byte(text), "", nil)
	if err != nil {
		tb.Fatal(err)
	}
	return completed(tb, l)
}

func completed(tb testing.TB, l *scenarios.Loaded) *experiments.Result {
	tb.Helper()
	r, err := experiments.Run(context.Background(), l, experiments.Options{Parallel: 1})
	if err != nil {
		tb.Fatal(err)
	}
	return r
}
