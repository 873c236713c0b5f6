package experiments_test

import (
	"math"
	"testing"

	"headroom/experiments"
	"headroom/scenarios"
)

// TestTraceCountsTheWay: the hop of a call takes its round trip and its service, what follows the answer is a hop of its own, and the
// request is over when the last of them is.
func TestTraceCountsTheWay(t *testing.T) {
	l, err := scenarios.Load("far.yaml", []byte(`
regions: {rtt: {us: {eu: 80ms}}, last_mile: 10ms}
traffic: {u: {enters: api, rate: 1/s, arrivals: constant, regions: {eu: 100%}}}
nodes:
  api: {kind: server, region: us, handles: {default: [cpu: 5ms, call: x, respond, delay: 200ms]}}
  x: {kind: external, region: eu, latency: 3ms}`), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	tr, err := experiments.Trace(t.Context(), l, experiments.TraceOptions{Request: 1})
	if err != nil {
		t.Fatal(err)
	}
	r := tr.Requests[0]
	about := func(what string, got experiments.Num, want float64) {
		if math.Abs(float64(got)-want) > 1e-9 {
			t.Errorf("%s takes %v, want %v", what, got, want)
		}
	}
	about("the request", r.Latency, .090+.005+.083)
	about("all of it", r.Done, .045+.005+.083+.200)
	about("the way to api", r.Hops[0].Network, .090)
	about("the way to x", r.Hops[1].Network, .080)
	about("x", r.Hops[1].Service, .003)
}
