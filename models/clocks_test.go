package models_test

import (
	"testing"

	"headroom/scenarios"
)

// TestClocked: what goes by a clock is told from what only goes by requests.
func TestClocked(t *testing.T) {
	for _, c := range []struct {
		source, nodes string
		want          bool
	}{
		{"", "m: {kind: server, work: exp(1ms), calls: [db]}, db: {kind: database, read: exp(1ms)}", false},
		{"", "m: {kind: server, work: exp(1ms), pauses: {every: exp(30s), for: 200ms}}", true},
		{"", "m: {kind: rate-limiter, limit: 100/s, to: s}, s: {kind: server, work: 1ms}", true},
		{"", "m: {kind: server, handles: {default: [{call: s, breaker: {consecutive: 5}}]}}, s: {kind: server, work: 1ms}", true},
		{"", "m: {kind: server, handles: {default: [{call: s, timeout: 1s}]}}, s: {kind: server, work: 1ms}", false},
		{"", "m: {kind: function, work: exp(1ms)}", true},
		{"", "m: {kind: external, latency: exp(1ms), failures: 1%}", false},
		{"", "m: {kind: external, latency: exp(1ms), limit: 10/s}", true},
		{"", "m: {kind: cache, hit_ratio: 50%, origin: s}, s: {kind: server, work: 1ms}", false},
		{", clients: 10, browser_cache: {hit_ratio: 30%}", "m: {kind: server, work: exp(1ms)}", false},
		{", clients: 10, browser_cache: {entries: 9, ttl: 60s}", "m: {kind: server, work: exp(1ms)}", true},
	} {
		text := "data: {d: {keys: 100}}\nrequests: {r: {data: d}}\ntraffic: {u: {enters: m, rate: 9/s" + c.source + "}}\nnodes: {" + c.nodes + "}"
		l, err := scenarios.Load("clock.yaml", []byte(text), "", nil)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if got := l.Clocked(); got != c.want {
			t.Errorf("%v: %s", got, text)
		}
	}
}
