package experiments_test

import (
	"math"
	"testing"
)

// TestMemoryRefuses: 10 requests fit into the memory of an instance, and one more is refused: Erlang's loss formula says how often, and what is
// taken follows from it. The tolerance is four standard deviations of a Poisson count of the refusals, which come in bursts: doubled.
func TestMemoryRefuses(t *testing.T) {
	t.Parallel()
	r := run(t, `
run: {requests: 100k}
traffic: {u: {enters: m, rate: 400/s}}
nodes:
  m: {kind: server, memory: 1300MB, base_memory: 300MB, memory_per_request: 100MB, handles: {default: [delay: exp(20ms)]}}`)
	blocking := 1.0 // Erlang, 1917
	for k := 1.0; k <= 10; k++ {
		blocking = 8 * blocking / (k + 8*blocking)
	}
	refused := float64(r.Outcomes.Overloaded)
	if want := blocking * 400e3; math.Abs(refused-want) > 8*math.Sqrt(want) {
		t.Errorf("%g of 400000 are refused, want %.0f", refused, want)
	}
	memory := r.Nodes["m"].Resources["memory"]
	if want := (300 + 100*8*(1-blocking)) / 1300; memory.Capacity != 1.3e9 || !about(memory.Utilization, want, .01) {
		t.Errorf("%+v, want %g of 1.3 GB taken", memory, want)
	}
	if b := r.Bottleneck; b.Class != "memory" || b.Resource != "memory" || b.Utilization != memory.Utilization {
		t.Errorf("the bottleneck is %+v", b)
	}
}

// TestMemorySaturates: a request stays for 30 ms, 20 of them away, and 30 fit: from 1000/s on they can all be there at once; as requests come at
// random, it takes more until they always are.
func TestMemorySaturates(t *testing.T) {
	t.Parallel()
	r := run(t, `
run: {requests: 20k}
traffic: {u: {enters: m, rate: 500/s}}
nodes:
  m: {kind: server, memory: 3.09GB, memory_per_request: 100MB, handles: {default: [delay: exp(10ms), call: x]}}
  x: {kind: external, latency: exp(20ms)}`)
	if b := r.Bottleneck; b.Class != "memory" || !(b.SaturatesAt > 950 && b.SaturatesAt < 1500) {
		t.Errorf("%s of %s saturates at %g/s, want memory from 1000/s on", b.Resource, b.Node, b.SaturatesAt)
	}
}

// TestMemoryHoldsWhoWaits: who waits for a core, or for a place, takes memory; a limit on how many are worked on at once does not save it.
func TestMemoryHoldsWhoWaits(t *testing.T) {
	t.Parallel()
	for _, keys := range []string{"", "concurrency: 2, "} {
		r := run(t, `
run: {requests: 5k}
traffic: {u: {enters: m, rate: 300/s}}
nodes: {m: {kind: server, cores: 1, `+keys+`memory: 1GB, memory_per_request: 100MB, work: exp(10ms)}}`)
		// M/M/1/10 with an offered load of 3
		if m := r.Nodes["m"]; r.Saturated || !about(r.Load.Goodput, 100, .03) || m.InSystem.P999 != 10 || m.Resources["memory"].Utilization < .9 {
			t.Errorf("%swith room for 10: saturated %v, goodput %g/s, %+v, memory %g", keys, r.Saturated, r.Load.Goodput, m.InSystem, m.Resources["memory"].Utilization)
		}
	}
}

// TestMemoryOfWorkers: a worker takes no more messages than fit into its memory, and refuses none: they wait in the queue.
func TestMemoryOfWorkers(t *testing.T) {
	t.Parallel()
	r := run(t, `
run: {requests: 20k}
traffic: {u: {enters: q, rate: 60/s}}
nodes:
  q: {kind: queue, to: w}
  w: {kind: worker, concurrency: 100, memory: 1GB, memory_per_request: 100MB, handles: {default: [delay: exp(100ms)]}}`)
	w := r.Nodes["w"]
	if w.InSystem.Max != 10 || len(w.Errors) > 0 || !about(w.Resources["memory"].Utilization, .6, .02) || r.Nodes["q"].Queue.AgeMean <= 0 {
		t.Errorf("10 jobs fit: %+v, errors %v, memory %+v, queue %+v", w.InSystem, w.Errors, w.Resources["memory"], r.Nodes["q"].Queue)
	}
	if b := r.Bottleneck; b.Class != "memory" || !about(b.SaturatesAt, 100, .03) {
		t.Errorf("%s saturates at %g/s, want memory at 100/s", b.Resource, b.SaturatesAt)
	}
}

// TestMemoryOfQueues: what waits takes the size of its request: of messages that are 1 KB at 60% and else 3 KB, one is 1.8 KB on average.
func TestMemoryOfQueues(t *testing.T) {
	t.Parallel()
	r := run(t, `
run: {requests: 50k}
requests: {small: {request: 1KB}, large: {request: 3KB}}
traffic: {u: {enters: q, rate: 80/s, mix: {small: 60%, large: 40%}}}
nodes: {q: {kind: queue, to: w}, w: {kind: worker, cores: 1, work: exp(10ms)}}`)
	if q := r.Nodes["q"].Queue; !about(q.BytesMean/q.DepthMean, 1800, .01) || q.BytesMax < 1000*q.DepthMax || q.BytesMax > 3000*q.DepthMax {
		t.Errorf("%+v", *q)
	}
}
