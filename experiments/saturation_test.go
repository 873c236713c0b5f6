package experiments_test

import (
	"math"
	"testing"
)

// TestSaturationIsFound: the rate at which the bottleneck is full, from runs well below, at overload without and with refusals.
func TestSaturationIsFound(t *testing.T) {
	const pool = `
nodes:
  app: {kind: server, cores: unlimited, concurrency: 4, backlog: %, handles: {default: [delay: exp(20ms), call: db]}}
  db: {kind: database, cores: 1, read: exp(10ms)}`
	// Four threads that each hold a place for 20 ms of their own and a queue at the database carry 90.4762/s: case W02, exact MVA.
	const threads = 90.4762
	for _, c := range []struct {
		name, text, node, resource string
		want                       float64
	}{
		{"the utilization law", `
traffic: {u: {enters: s, rate: 60/s}}
nodes: {s: {kind: station, service: exp(10ms)}}`, "s", "servers", 100},
		{"a queue that only grows", `
traffic: {u: {enters: s, rate: 1k/s}}
nodes: {s: {kind: station, service: exp(10ms)}}`, "s", "servers", 100},
		{"a queue that is full", `
traffic: {u: {enters: s, rate: 150/s}}
nodes: {s: {kind: station, service: exp(10ms), backlog: 20}}`, "s", "servers", 100},
		{"a queue whose callers refuse", `
traffic: {u: {enters: app, rate: 300/s}}
nodes:
  app: {kind: server, concurrency: 10, backlog: 20, handles: {default: [call: s]}}
  s: {kind: station, service: exp(10ms)}`, "s", "servers", 100},
		{"a source that does not scale", `
traffic: {u: {enters: s, rate: 30/s}, batch: {enters: s, rate: 40/s, scales: false}}
nodes: {s: {kind: station, service: exp(10ms)}}`, "s", "servers", 100},
		{"threads held below saturation", "traffic: {u: {enters: app, rate: 70/s}}" + withBacklog(pool, "unlimited"), "app", "concurrency", threads},
		{"threads held in overload", "traffic: {u: {enters: app, rate: 500/s}}" + withBacklog(pool, "unlimited"), "app", "concurrency", threads},
		{"threads held, refusing", "traffic: {u: {enters: app, rate: 500/s}}" + withBacklog(pool, "10"), "app", "concurrency", threads},
		{"a limit of someone else", `
traffic: {u: {enters: app, rate: 70/s}}
nodes:
  app: {kind: server, handles: {default: [cpu: exp(1ms), call: pay]}}
  pay: {kind: external, latency: exp(100ms), limit: 60/s}`, "pay", "limit", 60},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := run(t, c.text).Bottleneck
			if b.Node != c.node || b.Resource != c.resource {
				t.Fatalf("the bottleneck is %s of %s, want %s of %s", b.Resource, b.Node, c.resource, c.node)
			}
			// 50 000 requests of a probe, whose rate has a relative standard error of at most 1/sqrt(50000) = 0.45%; four of them.
			if got := float64(b.SaturatesAt); !(math.Abs(got-c.want) <= 4*0.0045*c.want) {
				t.Errorf("saturates at %g/s, want %g/s", got, c.want)
			}
		})
	}
}

// TestHeldThreadsAreNotBlamedForASlowDatabase: where threads are as full as the database that they wait for, it is the database.
func TestHeldThreadsAreNotBlamedForASlowDatabase(t *testing.T) {
	r := run(t, `
traffic: {u: {enters: app, rate: 300/s}}
nodes:
  app: {kind: server, cores: 8, concurrency: 64, handles: {default: [cpu: exp(1ms), call: db]}}
  db: {kind: database, cores: 1, read: exp(10ms)}`)
	if r.Bottleneck.Node != "db" || r.Bottleneck.Class != "database" {
		t.Errorf("the bottleneck is %s of %s (%s), want the database", r.Bottleneck.Resource, r.Bottleneck.Node, r.Bottleneck.Class)
	}
}
