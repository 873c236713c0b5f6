package experiments_test

import (
	"fmt"
	"math"
	"testing"
)

// TestLightResponses: what travels is the size times each of its factors, and the server that talks to the client pays for it, no other: the
// article's 10 KB → 500 B by fields, 20 of 1000 by a page, 100 KB → 15 KB by gzip.
func TestLightResponses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		response    string
		bytes, work float64 // of a response; microseconds on a core
	}{
		{"10KB", 10000, 0},
		{"{size: 10KB, fields: 5%}", 500, 0},
		{"{size: 1MB, page: 20 of 1000}", 20000, 0},
		{"{size: 100KB, compress: gzip}", 15000, 2000},
		{"{size: 10KB, format: protobuf}", 5000, 10},
		{"{size: 10KB, format: 0.7}", 7000, 0},
		{"{size: 1MB, fields: 50%, page: 2%, format: {factor: 50%, cpu: 4us/KB}, compress: {factor: 10%, cpu: 10us/KB}}", 500, 90},
	} {
		r := run(t, fmt.Sprintf(`
run: {requests: 500, replications: 2}
requests: {view: {response: %s}}
traffic: {u: {enters: lb, rate: 100/s, arrivals: constant}}
nodes:
  lb: {kind: load-balancer, to: front}
  front: {kind: server, cores: 4, calls: [back]}
  back: {kind: server, cores: 4, work: 1ms}`, c.response))
		for _, e := range r.Edges {
			if got := float64(e.Bytes / e.Rate); math.Abs(got-c.bytes) > .01*c.bytes {
				t.Errorf("%s: %g bytes a call from %s to %s, want %g", c.response, got, e.From, e.To, c.bytes)
			}
		}
		busy := func(node string) float64 { return float64(r.Nodes[node].Resources["cpu"].Utilization) * 4 / 100 * 1e6 }
		if got := busy("front"); math.Abs(got-c.work) > .01*c.work {
			t.Errorf("%s: %g us of a core for a response, want %g", c.response, got, c.work)
		}
		if got := busy("back"); math.Abs(got-1000) > 10 {
			t.Errorf("%s: %g us of a core at a server that does not talk to the client, want 1000", c.response, got)
		}
	}
}

// TestArticleArithmetic: 5 ms for a hit and 200 ms for a miss are on average what the hit ratio makes of them (truth case U02).
func TestArticleArithmetic(t *testing.T) {
	t.Parallel()
	for ratio, mean := range map[string]float64{"0%": 200, "50%": 102.5, "80%": 44, "90%": 24.5, "95%": 14.75, "99%": 6.95, "100%": 5} {
		r := run(t, fmt.Sprintf(`
run: {requests: 100k}
traffic: {u: {enters: api, rate: 100/s}}
nodes:
  api: {kind: server, cores: unlimited, handles: {default: [delay: 5ms, read: redis]}}
  redis: {kind: cache, hit_ratio: %s, origin: db}
  db: {kind: external, latency: 195ms}`, ratio))
		// the hits are draws: four standard errors of 400 000 of them, and the clock's rounding
		h := (200 - mean) / 195
		if tolerance := 4*195*math.Sqrt(h*(1-h)/400e3) + 1e-3; math.Abs(float64(r.Latency.Mean)*1e3-mean) > tolerance {
			t.Errorf("at a hit ratio of %s the mean is %g ms, want %g ± %g", ratio, r.Latency.Mean*1e3, mean, tolerance)
		}
	}
}
