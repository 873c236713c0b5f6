package experiments_test

import (
	"context"
	"math"
	"runtime"
	"syscall"
	"testing"

	"headroom/experiments"
	"headroom/scenarios"
)

// pictures are what the speed is measured on, from the text of a scenario to its result.
var pictures = []struct{ name, text string }{
	{"mm1", `
run: {requests: 2M, replications: 1}
traffic: {u: {enters: s, rate: 75/s}}
nodes: {s: {kind: station, service: exp(10ms)}}`},
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
	{"hops-20k", `
run: {requests: 1M, replications: 1}
traffic: {u: {enters: cdn, rate: 20k/s}}` + hops("16", "8")},
	{"hops-1M", `
run: {requests: 1M, replications: 1}
traffic: {u: {enters: cdn, rate: 1M/s}}` + hops("800", "400")},
	{"threads", `
run: {requests: 300k, replications: 1}
requests: {read: {}, save: {write: true}}
traffic: {u: {enters: web, rate: 5k/s, mix: {read: 80%, save: 20%}}}
nodes:
  web: {kind: server, instances: 16, cores: 4, concurrency: 64, pools: {db: 8}, handles: {default: [cpu: exp(2ms), call: db]}}
  db: {kind: database, cores: 32, connections: 256, read: exp(2ms), write: {cpu: exp(2ms), delay: 3ms}}`},
	{"messages", "run: {requests: 500k, replications: 1}\n" + messages},
	{"closed", `
run: {requests: 500k, replications: 1}
traffic: {u: {enters: s, users: 10k, think: exp(7s)}}
nodes: {s: {kind: server, cores: 16, work: exp(8ms)}}`},
	{"sharing", `
run: {requests: 500k, replications: 1}
traffic: {u: {enters: s, rate: 3200/s}}
nodes: {s: {kind: server, cores: 16, discipline: ps, work: exp(4ms)}}`},
	{"limiter-1M-clients", `
run: {requests: 3M, replications: 1}
traffic: {u: {enters: l, rate: 1M/s, clients: 1M}}
nodes:
  l: {kind: rate-limiter, algorithm: sliding-window, limit: 3/s, per: client, to: api}
  api: {kind: external, latency: exp(10ms)}`},
	{"hit-ratio", aside("hit_ratio: 81%")},
	{"million-entries", aside("entries: 1M")}, // against the one before: what real contents cost
	{"100k-in-flight", `
run: {requests: 1M, replications: 1}
traffic: {u: {enters: s, rate: 100k/s}}
nodes: {s: {kind: external, latency: exp(1s)}}`},
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

// messages are published to a queue, whose workers fail now and then.
const messages = `
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

// hops is a web of servers behind a CDN and a balancer, before a cache and shards, with so many instances of servers and shards.
func hops(servers, shards string) string {
	return `
nodes:
  cdn: {kind: station, servers: unlimited, service: exp(5ms), next: {lb: 30%}}
  lb: {kind: load-balancer, algorithm: least-connections, to: web}
  web: {kind: server, instances: ` + servers + `, cores: 4, handles: {default: [cpu: exp(2ms), call: cache, {chance: 20%, do: [read: db]}]}}
  cache: {kind: external, latency: exp(0.5ms)}
  db: {kind: database, instances: ` + shards + `, cores: 8, connections: 64, read: exp(4ms)}`
}

// BenchmarkRun simulates the pictures as a user would. Everything counts: pilot, warm-up, statistics, the summary. The time is that of
// the processor, since machines are shared.
func BenchmarkRun(b *testing.B) {
	for _, p := range pictures {
		b.Run(p.name, func(b *testing.B) {
			var requests, events int64
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			begun := processorSeconds(b)
			for b.Loop() {
				r := simulated(b, p.text)
				requests += r.Run.Requests
				events += r.Run.Events
			}
			spent := processorSeconds(b) - begun
			runtime.ReadMemStats(&after)
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(requests)/spent, "requests/s")
			b.ReportMetric(float64(events)/float64(requests), "events/request")
			b.ReportMetric(spent*1e9/float64(events), "ns/event")
			b.ReportMetric(float64(after.Mallocs-before.Mallocs)/float64(requests), "allocs/request")
		})
	}
}

// TestRunsOfAnyLengthTakeTheSameMemory: once a simulation has seen its usual numbers, requests and messages cost no allocation. A longer
// run sees larger numbers now and then; that is what the small shares are for. The runtime allocates for itself at times, so the least
// of a few differences counts: what a request allocated would be in all of them.
func TestRunsOfAnyLengthTakeTheSameMemory(t *testing.T) {
	const requests = 200_000
	for _, c := range []struct {
		text           string
		objects, bytes float64 // of 200k requests more
	}{
		{"traffic: {u: {enters: cdn, rate: 20k/s}}" + hops("16", "8"), 200, 1e6},
		{messages, requests / 200, 2e6},
		{across, 200, 1e6},
	} {
		allocated := func(requests string) (objects, bytes float64) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			simulated(t, "run: {requests: "+requests+", replications: 1, warmup: 1s}\n"+c.text)
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
			t.Errorf("%d requests more take %.0f objects more\n%s", requests, more, c.text)
		}
		if longer > c.bytes {
			t.Errorf("%d requests more take %.0f bytes more\n%s", requests, longer, c.text)
		}
	}
}

func simulated(tb testing.TB, text string) *experiments.Result {
	tb.Helper()
	l, err := scenarios.Load("picture.yaml", []byte(text), "", nil)
	if err != nil {
		tb.Fatal(err)
	}
	r, err := experiments.Run(context.Background(), l, experiments.Options{Parallel: 1})
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func processorSeconds(tb testing.TB) float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}
