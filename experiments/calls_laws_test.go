package experiments_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"runtime"
	"testing"

	"headroom/experiments"
)

// TestWastedWorkOfAnMM1: of the work of an M/M/1 whose clients give up after τ and are served all the same, that of requests which stay longer
// than τ is in vain: E[S; W+S > τ] / E[S], W being 0 with 1-ρ, else exponential of rate δ = μ-λ (Kleinrock, Queueing Systems I, 1975, 3.2).
func TestWastedWorkOfAnMM1(t *testing.T) {
	const l, mu, tau = 70., 100., .05
	delta, rho := mu-l, l/mu
	inService := delta * math.Exp(-delta*tau) * ((1-math.Exp(-l*tau)*(1+l*tau))/l/l + (1-math.Exp(-l*tau))/mu/l)
	want := mu * ((1-rho)*(tau+1/mu)*math.Exp(-mu*tau) + rho*inService + rho*math.Exp(-delta*tau)/mu)
	var sum, squares float64
	const runs = 8
	for seed := range runs {
		r := run(t, fmt.Sprintf(`
run: {requests: 60k, replications: 1, seed: %d}
traffic: {u: {enters: s, rate: 70/s, timeout: 50ms}}
nodes: {s: {kind: station, service: exp(10ms)}}`, seed+1))
		got := float64(r.Nodes["s"].Resources["servers"].Wasted)
		sum, squares = sum+got, squares+got*got
	}
	mean := sum / runs
	half := 2.365 * math.Sqrt((squares-runs*mean*mean)/(runs-1)/runs) // t of 7 degrees
	if math.Abs(mean-want) > 1.5*half || half > .05*want {
		t.Errorf("%g ± %g of the work is in vain, want %g", mean, half, want)
	}
}

// TestNothingIsWastedWhereNobodyGivesUp: all work is for somebody.
func TestNothingIsWastedWhereNobodyGivesUp(t *testing.T) {
	r := run(t, `
run: {requests: 20k, replications: 1}
traffic: {u: {enters: a, rate: 70/s}}
nodes: {a: {kind: server, handles: {default: [{call: s, timeout: 1h}, respond, {call: s, retry: {attempts: 2}}]}}, s: {kind: station, servers: 2, service: exp(10ms)}}`)
	if w := r.Nodes["s"].Resources["servers"].Wasted; w != 0 || r.Attempts.Wasted != 0 {
		t.Errorf("%g of the work is in vain, and %d answers", w, r.Attempts.Wasted)
	}
}

// TestATimeoutCountsTheWaitForAConnection: of three at once with one connection, the first has it for 100 ms, the second from then until it gives
// up at 150 ms, and the third at that moment only. It is given back each time: it is in use for 150 ms of each second.
func TestATimeoutCountsTheWaitForAConnection(t *testing.T) {
	r := run(t, `
run: {duration: 100s, warmup: 0s, replications: 1}
traffic: {u: {enters: a, batch: {every: 1s, size: 3}}}
nodes:
  a: {kind: server, pools: {x: 1}, handles: {default: [{call: x, timeout: 150ms}]}}
  x: {kind: external, latency: 100ms}`)
	if a := r.Attempts; 2*a.Succeeded != a.TimedOut || a.Succeeded < 99 {
		t.Errorf("%+v: want one of three to succeed", a)
	}
	if u := r.Nodes["a"].Resources["pools.x"].Utilization; math.Abs(float64(u)-.15) > .002 {
		t.Errorf("the connection is in use %g of the time, want 0.15", u)
	}
}

// TestATimeoutIsOfAReadPastACacheAsAWhole: to look up takes 10 ms, to ask the origin 20 ms, to store 10 ms.
func TestATimeoutIsOfAReadPastACacheAsAWhole(t *testing.T) {
	for timeout, ok := range map[string]bool{"5ms": false, "25ms": false, "35ms": false, "41ms": true} {
		r := run(t, fmt.Sprintf(`
run: {duration: 50s, warmup: 0s, replications: 1}
data: {items: {keys: 10}}
requests: {get: {data: items}}
traffic: {u: {enters: a, rate: 5/s, arrivals: constant}}
nodes:
  a: {kind: server, handles: {default: [{read: c, timeout: %s}]}}
  c: {kind: cache, entries: 0, get: 10ms, set: 10ms, cores: unlimited, origin: x}
  x: {kind: external, latency: 20ms}`, timeout))
		if ok != (r.Outcomes.Timeout == 0) || ok != (r.Outcomes.OK > 0) {
			t.Errorf("timeout %s: %+v", timeout, r.Outcomes)
		}
	}
}

// TestLateAnswersAreIgnored: who gave up after 50 ms goes on with what it does else, and takes 250 ms whatever comes after 100 ms.
func TestLateAnswersAreIgnored(t *testing.T) {
	r := run(t, `
run: {duration: 100s, warmup: 0s, replications: 1}
traffic: {u: {enters: a, stages: [{for: 90s, rate: 1/s}], arrivals: constant}}
nodes:
  a: {kind: server, handles: {default: [{call: x, timeout: 50ms, or_else: []}, delay: 200ms]}}
  x: {kind: external, latency: 100ms}`)
	if n := r.Outcomes.OK; n != 89 || r.Attempts.Wasted != n || math.Abs(float64(r.Latency.Min)-.25) > 1e-9 || math.Abs(float64(r.Latency.Max)-.25) > 1e-9 {
		t.Errorf("%d are ok, %d answers are late, latency from %g to %g s: want 89, 89 and 0.25 s", n, r.Attempts.Wasted, r.Latency.Min, r.Latency.Max)
	}
}

// TestClientsWaitUntilTheLimiterLetsThem: the second of two at once is refused, and tries again when the window is over, not at once.
func TestClientsWaitUntilTheLimiterLetsThem(t *testing.T) {
	r := run(t, `
run: {duration: 100s, warmup: 0s, replications: 1}
traffic: {u: {enters: gate, batch: {every: 10s, size: 2}, retry: {attempts: 2}}}
nodes: {gate: {kind: rate-limiter, algorithm: fixed-window, limit: 1/s, window: 1s, to: x}, x: {kind: external, latency: 1ms}}`)
	if r.Outcomes.RateLimited > 0 || r.Attempts.Retries != 9 || r.Outcomes.OK != 20 {
		t.Errorf("%+v, %+v: want one retry for two requests, that of the last two coming after the measured time, and all 20 ok", r.Outcomes, r.Attempts)
	}
}

// TestWhatIsCancelledLeavesTheQueue: nobody waits in vain where calls that were given up leave the queue, however long the line would be.
func TestWhatIsCancelledLeavesTheQueue(t *testing.T) {
	queue := func(cancel string) experiments.Num {
		r := run(t, `
run: {duration: 100s, warmup: 0s, replications: 1}
traffic: {u: {enters: x, rate: 120/s, arrivals: constant, timeout: 100ms, cancel: `+cancel+`}}
nodes: {x: {kind: station, service: 10ms}}`)
		return r.Nodes["x"].Resources["servers"].Queue.Mean
	}
	if none, queued := queue("none"), queue("queued"); none < 400 || queued > 12 {
		t.Errorf("%g wait where nothing is cancelled, %g where what waits is: want hundreds, and at most 12", none, queued)
	}
}

// TestATimeoutThatNeverComesTakesNoMemory: half a million requests whose timeouts of an hour are all taken back, some of which are tried again,
// cost no allocation. The least of three differences counts, since the runtime allocates for itself at times.
func TestATimeoutThatNeverComesTakesNoMemory(t *testing.T) {
	allocated := func(requests string) (objects, bytes float64) {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		simulated(t, "run: {requests: "+requests+", replications: 1, warmup: 1s}\n"+`
traffic: {u: {enters: a, rate: 10k/s, timeout: 1h, retry: {attempts: 2}}}
nodes: {a: {kind: server, handles: {default: [{call: x, timeout: 1h, retry: {attempts: 3, backoff: 1ms, budget: 10%}}]}}, x: {kind: external, latency: 1ms, failures: 1%}}`)
		runtime.ReadMemStats(&after)
		return float64(after.Mallocs - before.Mallocs), float64(after.TotalAlloc - before.TotalAlloc)
	}
	more, longer := math.Inf(1), math.Inf(1)
	for range 3 {
		objects, bytes := allocated("50k")
		moreNow, longerNow := allocated("450k")
		more, longer = min(more, moreNow-objects), min(longer, longerNow-bytes)
	}
	if more > 400 || longer > 1e6 {
		t.Errorf("400k requests more take %.0f objects and %.0f bytes more", more, longer)
	}
}

// TestTraceShowsAttempts: both tries are given up, and go on at their callee; the time that they and the backoff took was a wait for nothing.
func TestTraceShowsAttempts(t *testing.T) {
	r := traced(t, read(t, `
run: {duration: 10s, warmup: 0s, replications: 1}
traffic: {u: {enters: a, rate: 1/s, arrivals: constant, timeout: 1s}}
nodes:
  a: {kind: server, handles: {default: [{call: x, timeout: 100ms, retry: {attempts: 2, backoff: 50ms}}]}}
  x: {kind: station, servers: 2, service: 120ms}`), experiments.TraceOptions{Slowest: 1})
	const want = `u send 0-250 wait 0 work 0 timeout
 a call 0-250 wait 250 work 0 timeout
  x call 0-120 wait 0 work 120 ok
  x call 150-270 wait 0 work 120 ok
`
	if got := told(r.Requests[0].Hops); got != want {
		t.Errorf("the trace is\n%swant\n%s", got, want)
	}
}

// TestCallsGivenUpAreTheSameOnAnyNumberOfCores: attempts and wasted work included.
func TestCallsGivenUpAreTheSameOnAnyNumberOfCores(t *testing.T) {
	text, err := os.ReadFile("../scenarios/testdata/good/calls.yaml")
	if err != nil {
		t.Fatal(err)
	}
	bytesOn := func(cores int) string {
		r, err := experiments.Run(t.Context(), read(t, "run: {duration: 60s}\n"+string(text)), experiments.Options{Parallel: cores})
		if err != nil {
			t.Fatal(err)
		}
		if a := r.Attempts; a.Retries == 0 || a.Hedges == 0 || a.TimedOut == 0 {
			t.Errorf("not all is in it: %+v", a)
		}
		r.Run.WallSeconds = 0
		b, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if bytesOn(1) != bytesOn(2) {
		t.Error("the results on one core and on two differ")
	}
}
