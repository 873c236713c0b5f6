package models_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"headroom/models"
	"headroom/scenarios"
	"headroom/sim"
)

// handedOn are architectures with limiters, balancers, caches and servers that hand calls on or end with them, and where some are refused, fail,
// carry bytes, come again, are given up, or are of several classes.
var handedOn = map[string]string{
	"two limiters, two balancers, several targets": `
requests: {a: {request: 100B, response: 1KB}, b: {request: 2KB}}
traffic:
  u: {enters: edge, rate: 900/s, mix: {a: 80%, b: 20%}}
  v: {enters: outer, rate: 100/s, mix: {b: 100%}}
nodes:
  edge: {kind: cdn, hit_ratio: 40%, work: exp(1ms), origin: outer}
  outer: {kind: rate-limiter, algorithm: token-bucket, limit: 500/s, burst: 20, to: inner}
  inner: {kind: rate-limiter, algorithm: fixed-window, limit: 500/s, per: request, to: lb}
  lb: {kind: load-balancer, instances: 2, algorithm: least-connections, to: {small: 1, big: 3}}
  small: {kind: server, instances: 2, cores: 1, backlog: 0, handles: {default: [cpu: exp(5ms), call: next]}}
  big: {kind: server, instances: 2, cores: 4, handles: {default: [cpu: exp(5ms), call: next]}}
  next: {kind: load-balancer, algorithm: least-response-time, to: last}
  last: {kind: server, instances: 3, cores: 1, backlog: 1, work: exp(6ms)}`,
	"a cache aside": `
data: {rows: {keys: 10k}}
requests: {get: {data: rows, response: 3KB}, put: {data: rows, write: true}}
traffic: {u: {enters: lb, rate: 500/s, mix: {get: 90%, put: 10%}}}
nodes:
  lb: {kind: load-balancer, algorithm: power-of-two, to: web}
  web: {kind: server, instances: 4, cores: 2, handles: {get: [cpu: exp(4ms), read: redis], put: [cpu: exp(4ms), write: redis]}}
  redis: {kind: cache, hit_ratio: 60%, get: exp(1ms), origin: front}
  front: {kind: rate-limiter, algorithm: leaky-bucket, limit: 200/s, burst: 10, to: db}
  db: {kind: database, shards: 3, cores: 2, read: exp(5ms), write: exp(5ms)}`,
	"clients who come again": `
traffic:
  u: {enters: limiter, rate: 300/s, clients: 50, timeout: 40ms, retry: {attempts: 3, backoff: 10ms}}
nodes:
  limiter: {kind: rate-limiter, algorithm: token-bucket, limit: 8/s, per: client, to: lb}
  lb: {kind: load-balancer, algorithm: round-robin, to: api}
  api: {kind: server, instances: 2, cores: 1, concurrency: 4, handles: {default: [cpu: exp(5ms), call: store]}}
  store: {kind: cache, hit_ratio: 50%, mode: through, get: 1ms, origin: disk}
  disk: {kind: external, latency: exp(20ms), failures: 3%}`,
	"clients who only give up": `
requests: {a: {request: 100B, response: {size: 200KB, format: json}}, b: {}}
traffic:
  u: {enters: limiter, rate: 300/s, clients: 50, timeout: 30ms, browser_cache: {hit_ratio: 10%}, mix: {a: 50%, b: 50%}}
  v: {enters: lb, rate: 30/s, timeout: 10ms, mix: {b: 100%}}
  w: {enters: limiter, rate: 30/s, mix: {a: 100%}}
nodes:
  limiter: {kind: rate-limiter, algorithm: token-bucket, limit: 280/s, burst: 5, to: lb}
  lb: {kind: load-balancer, algorithm: least-connections, to: api}
  api: {kind: server, instances: 2, cores: 1, concurrency: 20, handles: {default: [cpu: exp(5ms), call: store]}}
  store: {kind: cache, hit_ratio: 50%, mode: through, get: exp(1ms), origin: disk}
  disk: {kind: external, latency: exp(20ms), failures: 3%}`,
	"a cache that writes": `
data: {rows: {keys: 1k, popularity: zipf(1)}}
requests: {get: {data: rows}, put: {data: rows, write: true}}
traffic: {u: {enters: lb, rate: 200/s, mix: {get: 80%, put: 20%}}}
nodes:
  lb: {kind: load-balancer, algorithm: round-robin, to: web}
  web: {kind: server, instances: 2, cores: 2, handles: {default: [cpu: exp(4ms), parallel: [[call: k], [call: k, cpu: 1ms]]]}}
  k: {kind: cache, entries: 100, mode: write-through, get: 1ms, set: 1ms, origin: guard}
  guard: {kind: rate-limiter, algorithm: sliding-log, limit: 60/s, to: db}
  db: {kind: database, cores: 2, read: exp(5ms), write: exp(5ms)}`,
}

// TestShortWaysChangeNothing: calls that are handed on, and visits that end with their last answer, are counted as those that go the long way,
// as all do where one request is traced: by node, class and outcome, their latencies and own times, how many were present, what of the work was
// for nobody, and the calls, errors and bytes of each edge. So are clients that give up without a record of their waiting.
func TestShortWaysChangeNothing(t *testing.T) {
	for name, text := range handedOn {
		t.Run(name, func(t *testing.T) {
			l, err := scenarios.Load("test.yaml", []byte(text), "", nil)
			if err != nil {
				t.Fatal(err)
			}
			short, long := counted(l, models.Options{Seed: 1, SampleEvery: 64}), counted(l, models.Options{Seed: 1, SampleEvery: 64, Tracer: sim.TraceRequests(1)})
			if len(short) != len(long) {
				t.Fatalf("%d counts and %d", len(short), len(long))
			}
			for i := range short {
				if short[i] != long[i] {
					t.Errorf("the short way counts\n%s\nthe long one\n%s", short[i], long[i])
				}
			}
		})
	}
}

// counted simulates ten seconds after one and writes down what was counted, a line for each node and edge.
func counted(l *scenarios.Loaded, o models.Options) []string {
	b := l.Build(o)
	b.Sim.RunUntil(sim.Second)
	b.StartMeasuring()
	b.Sim.RunUntil(11 * sim.Second)
	b.Sim.StopMeasuring()
	lines := []string{fmt.Sprintf("ended %v, unheard %d, in flight %d", b.Sim.Totals.Ended, b.Sim.Unheard, b.Sim.InFlight())}
	for _, c := range b.Sim.Cells() {
		lines = append(lines, fmt.Sprint("requests: ", c.Ended, times(c.Latency())))
	}
	for i, name := range b.Nodes {
		n := b.Sim.NodeStats(uint32(i))
		line := fmt.Sprint(name, " ", n.Ended, n.Present.Now(), n.Present.Max(), n.Present.Mean(), n.Present.SD(), n.Present.Quantile(.9), times(n.Latency), times(n.Own))
		for _, c := range n.Class {
			line += fmt.Sprint(c.Ended, times(c.Own))
		}
		lines = append(lines, line)
	}
	attempts, underWay := b.Attempts()
	lines = append(lines, fmt.Sprintf("%+v, %d under way, %d by the records", attempts, underWay, b.Trying()))
	for _, rs := range b.Resources {
		for _, r := range rs {
			lines = append(lines, fmt.Sprint(r.Name, " ", r.ClassWork, r.Wasted, r.Refused, r.PWait(), times(r.Waits())))
		}
	}
	for _, e := range b.Sim.Edges() {
		if _, own := b.ClientsOf(e.To); own {
			continue // it is a node only where the way is long
		}
		text, err := json.Marshal(e)
		if err != nil {
			panic(err)
		}
		lines = append(lines, string(text))
	}
	return lines
}

func times(h *sim.Histogram) string {
	return fmt.Sprint(" [", h.Count(), h.Mean(), h.Min(), h.Max(), h.Quantile(.1), h.Quantile(.5), h.Quantile(.99), "] ")
}
