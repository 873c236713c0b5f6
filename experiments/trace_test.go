package experiments_test

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"headroom/experiments"
	"headroom/scenarios"
)

func traced(t *testing.T, l *scenarios.Loaded, o experiments.TraceOptions) *experiments.Traces {
	t.Helper()
	r, err := experiments.Trace(t.Context(), l, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func read(t *testing.T, text string) *scenarios.Loaded {
	t.Helper()
	l, err := scenarios.Load(t.Name()+".yaml", []byte(text), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// told writes hops down, a line for each: where, from when to when in milliseconds, how long it waited and was served, and what was said.
func told(hops []experiments.Hop) string {
	var b strings.Builder
	for _, h := range hops {
		name := cmp.Or(h.Instance, h.Node)
		fmt.Fprintf(&b, "%s%s %s", strings.Repeat(" ", h.Depth), name, h.Op)
		if h.Branch > 0 {
			fmt.Fprintf(&b, " branch %d", h.Branch)
		}
		fmt.Fprintf(&b, " %g-%g wait %g work %g %s", ms(h.Start), ms(h.End), ms(h.Wait), ms(h.Service), h.Outcome)
		if h.Background {
			b.WriteString(" background")
		}
		if h.Cache != "" {
			b.WriteString(" " + h.Cache)
		}
		for _, m := range h.Message {
			fmt.Fprintf(&b, " %s", m.What)
			if m.Attempt > 0 {
				fmt.Fprintf(&b, " %d after %g", m.Attempt, ms(m.Waited))
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func ms(s experiments.Num) float64 { return math.Round(float64(s)*1e6) / 1e3 }

// TestTraceIsWhatHappened: with constant times every hop is known beforehand.
func TestTraceIsWhatHappened(t *testing.T) {
	for _, c := range []struct{ name, trace, nodes, want string }{
		{"waits for a thread, a core and a connection", "time\n0\n0.001\n", `
  m: {kind: server, cores: 1, concurrency: 1, pools: {db: 1}, handles: {default: [cpu: 4ms, read: db, delay: 1ms]}}
  db: {kind: database, cores: 1, connections: 1, read: {cpu: 2ms, delay: 3ms}}`, `
m call 0-19 wait 9 work 5 ok
 db read 13-18 wait 0 work 5 ok
`},
		{"branches", "time\n0\n0\n", `
  m: {kind: server, cores: 1, handles: {default: [parallel: [[cpu: 2ms], [call: x, cpu: 3ms]], call: x]}}
  x: {kind: external, latency: 10ms}`, `
m call 0-26 wait 0 work 0 ok
 m call branch 1 0-4 wait 2 work 2 ok
 m call branch 2 0-16 wait 3 work 3 ok
  x call 0-10 wait 0 work 10 ok
 x call 16-26 wait 0 work 10 ok
`},
		{"the first answers to a scatter", "time\n0\n0\n", `
  m: {kind: server, handles: {default: [scatter: {to: db, count: 2, quorum: 1}]}}
  db: {kind: database, cores: 1, read: 5ms}`, `
m call 0-15 wait 0 work 0 ok
 db call 0-15 wait 10 work 5 ok
 db call 0-20 wait 15 work 5 ok
`},
		{"after the answer", "time\n0\n", `
  m: {kind: server, cores: 1, handles: {default: [cpu: 2ms, respond, cpu: 3ms, call: x]}}
  x: {kind: external, latency: 10ms, failures: 100%}`, `
m call 0-2 wait 0 work 2 ok
 m after 2-15 wait 0 work 3 failed background
  x call 5-15 wait 0 work 10 failed background
`},
		{"a message that fails twice", "time\n0\n0\n", `
  m: {kind: server, handles: {default: [publish: q]}}
  q: {kind: queue, to: w, max_attempts: 2, dead_letter: lost}
  w: {kind: worker, concurrency: 1, handles: {default: [call: x]}}
  x: {kind: external, latency: 10ms, failures: 100%}
  lost: {kind: queue}`, `
m call 0-0 wait 0 work 0 ok
 q publish 0-0 wait 0 work 0 ok published
  q after 0-40 wait 20 work 0 ok background delivered 1 after 10 delivered 2 after 10 dead
   w job 10-20 wait 0 work 0 failed background
    x call 10-20 wait 0 work 10 failed background
   w job 30-40 wait 0 work 0 failed background
    x call 30-40 wait 0 work 10 failed background
   lost publish 40-40 wait 0 work 0 ok background published
`},
		{"from station to station", "time\n0\n0\n", `
  m: {kind: station, service: 2ms, next: {n: 100%}}
  n: {kind: station, service: 3ms}`, `
m call 0-4 wait 2 work 2 ok
n call 4-8 wait 1 work 3 ok
`},
		{"refused", "time\n0\n0\n0\n", `
  m: {kind: load-balancer, to: n}
  n: {kind: server, cores: 1, backlog: 1, work: 2ms}`, `
m call 0-0 wait 0 work 0 overloaded
 n call 0-0 wait 0 work 0 overloaded
`},
		{"held back", "time\n0\n0\n", `
  m: {kind: rate-limiter, algorithm: leaky-bucket, limit: 100/s, to: n}
  n: {kind: external, latency: 2ms}`, `
m call 0-12 wait 10 work 0 ok
 n call 10-12 wait 0 work 2 ok
`},
	} {
		l := recorded(t, c.trace, "traffic: {u: {enters: m, replay: trace.csv}}\nnodes:"+c.nodes)
		last := strings.Count(c.trace, "\n") - 1
		r := traced(t, l, experiments.TraceOptions{Request: int64(last)}).Requests[0]
		if got := told(r.Hops); got != c.want[1:] {
			t.Errorf("%s: the hops of request %d are\n%s, want%s", c.name, last, got, c.want)
		}
		if h := r.Hops[0]; r.Hops[len(r.Hops)-1].Depth > 0 && (r.Latency != h.End || r.Outcome != h.Outcome) {
			t.Errorf("%s: %s after %g, and the first hop %s after %g", c.name, r.Outcome, r.Latency, h.Outcome, h.End)
		}
	}
}

// TestTraceOfCaches: what the caches say of a look-up is what is in them.
func TestTraceOfCaches(t *testing.T) {
	const scenario = `
data: {items: {keys: 10}}
requests: {get: {data: items}, put: {data: items, write: true}}
traffic: {u: {enters: m, replay: trace.csv}}
nodes:
  m: {kind: server, handles: {get: [read: c], put: [write: c]}}
  c: {kind: cache, entries: 5, warm: false, get: 1ms, set: 1ms, origin: db, %s}
  db: {kind: database, cores: 8, read: 10ms, write: 10ms}`
	for _, c := range []struct{ mode, want string }{
		{"mode: aside", "miss stored|hit||miss stored|coalesced"},
		{"mode: through", "miss|hit||miss|coalesced"},
		{"mode: write-through", "miss|hit|stored|hit|hit"},
	} {
		l := recorded(t, "time,request,key\n0,get,1\n1,get,1\n2,put,1\n3,get,1\n3.005,get,1\n", fmt.Sprintf(scenario, c.mode+", coalesce: true"))
		var says []string
		for n := range int64(5) {
			var said []string
			for _, h := range traced(t, l, experiments.TraceOptions{Request: n + 1}).Requests[0].Hops {
				if h.Cache != "" {
					said = append(said, h.Cache)
				}
			}
			says = append(says, strings.Join(said, " "))
		}
		if got := strings.Join(says, "|"); got != c.want {
			t.Errorf("%s: the cache says %s, want %s", c.mode, got, c.want)
		}
	}
}

// TestTraceOfLimits: requests 1 to 5 come 50 ms apart and 6 a second after the fifth. At three a second every answer, a refusal or not, says
// what is left, as each algorithm's definition has it.
func TestTraceOfLimits(t *testing.T) {
	type answer struct{ remaining, reset float64 }
	b, _ := scenarios.Lookup("rate-limiting")
	third := 1. / 3
	bucket := []answer{{2, third}, {1, third - .05}, {0, third - .1}, {0, third - .15}, {0, third - .2}, {2, third}}
	for variant, want := range map[string][]answer{
		"":             bucket, // a token comes each third of a second, counted from the first that was taken
		"leaky-bucket": bucket, // as a bucket of one who is let out at once, and two who wait
		"fixed-window": {{2, .95}, {1, .9}, {0, .85}, {0, .8}, {0, .75}, {2, .75}},
		// The first of the window before leaves the estimate just after the window begins; in the second, 3 × overlap + 1 < 3.
		"sliding-window": {{2, .95}, {1, .9}, {0, .85}, {0, .8}, {0, .75}, {0, third - .25}},
		"sliding-log":    {{2, 1}, {1, .95}, {0, .9}, {0, .85}, {0, .8}, {2, 1}},
	} {
		l, err := scenarios.Load("rate-limiting", b.Text, variant, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i, a := range want {
			r := traced(t, l, experiments.TraceOptions{Request: int64(i + 1)}).Requests[0]
			h, outcome := r.Hops[0], "ok"
			if i == 3 || i == 4 {
				outcome = "rate_limited"
			}
			if r.Outcome != outcome || h.Limit == nil || h.Limit.Limit != 3 || float64(h.Limit.Remaining) != a.remaining || math.Abs(float64(h.Limit.Reset)-a.reset) > 2e-9 {
				t.Errorf("%q, request %d: %s, %+v; want %s, %+v", variant, i+1, r.Outcome, h.Limit, outcome, a)
			}
		}
	}
}

const forTraces = `
run: {requests: 400, replications: 1}
requests: {a: {}, b: {write: true}}
traffic: {u: {enters: lb, rate: 80/s, browser_cache: {hit_ratio: 20%}, mix: {a: 50%, b: 50%}}, v: {enters: web, rate: 20/s, mix: {a: 100%}}}
nodes:
  lb: {kind: load-balancer, work: exp(1ms), cores: 1, to: web}
  web: {kind: server, instances: 2, cores: 1, concurrency: 2, discipline: ps, pools: {db: 1}, handles: {default: [cpu: exp(5ms), read: cache, call: db, delay: 1ms]}}
  cache: {kind: cache, hit_ratio: 50%, get: 1ms, set: 1ms, origin: db}
  db: {kind: database, cores: 1, read: exp(5ms), write: exp(3ms), backlog: 0}`

// TestSlowestAreTheSlowest: all requests in the order of their latency begin with the few slowest, and are those that a run measures.
func TestSlowestAreTheSlowest(t *testing.T) {
	l := read(t, forTraces)
	all := traced(t, l, experiments.TraceOptions{Slowest: 1000}).Requests
	res, err := experiments.Run(t.Context(), l, experiments.Options{})
	if err != nil {
		t.Fatal(err)
	}
	sum, ok := 0.0, 0
	for _, r := range all {
		if r.Outcome == "ok" {
			sum, ok = sum+float64(r.Latency), ok+1
		}
	}
	if n := res.Outcomes; int64(ok) != n.OK || int64(len(all)-ok) != n.Overloaded || n.Overloaded == 0 || math.Abs(sum/float64(ok)-float64(res.Latency.Mean)) > 1e-9 {
		t.Errorf("%d of %d traced requests are ok, of mean latency %g; measured are %+v, %g", ok, len(all), sum/float64(ok), n, res.Latency.Mean)
	}
	if !slices.IsSortedFunc(all, func(a, b experiments.TracedRequest) int { return cmp.Compare(b.Latency, a.Latency) }) {
		t.Error("the slowest do not come first")
	}
	few := traced(t, l, experiments.TraceOptions{Slowest: 3}).Requests
	for i, r := range few {
		alone := traced(t, l, experiments.TraceOptions{Request: r.Request}).Requests[0]
		for _, o := range []experiments.TracedRequest{all[i], alone} {
			if o.Request != r.Request || o.Latency != r.Latency || told(o.Hops) != told(r.Hops) {
				t.Errorf("request %d after %g, and another time %d after %g", r.Request, r.Latency, o.Request, o.Latency)
			}
		}
	}
	numbers := map[int64]bool{}
	for _, r := range all {
		numbers[r.Request] = true
	}
	for n := range int64(len(all)) {
		if !numbers[n+1] {
			t.Errorf("there is no request %d among %d", n+1, len(all))
		}
	}
}

// TestHopsAddUp: where nothing is done at the same time, what the hops waited and worked adds up to the latency.
func TestHopsAddUp(t *testing.T) {
	for _, r := range traced(t, read(t, forTraces), experiments.TraceOptions{Slowest: 1000}).Requests {
		sum := experiments.Num(0)
		for _, h := range r.Hops {
			sum += h.Wait + h.Service + h.Network
			spent := experiments.Num(0)
			for _, s := range h.Spent {
				spent += s.Seconds
			}
			for i, s := range h.Spells {
				spent -= s.End - s.Start
				if s.Start < h.Start || s.End > h.End || s.Start >= s.End || i > 0 && s.Start < h.Spells[i-1].End {
					t.Errorf("request %d: %s from %g to %g, with %+v", r.Request, h.Node, h.Start, h.End, h.Spells)
				}
			}
			if math.Abs(float64(spent)) > 1e-12 {
				t.Errorf("request %d: %s spent %g more than lies between its ends", r.Request, h.Node, spent)
			}
			for _, s := range h.Spent {
				spent += s.Seconds
			}
			if math.Abs(float64(spent-h.Wait-h.Service-h.Network)) > 1e-9 {
				t.Errorf("request %d: %s spent %g, by its parts %g", r.Request, h.Node, h.Wait+h.Service+h.Network, spent)
			}
		}
		if math.Abs(float64(sum-r.Latency)) > 1e-8 {
			t.Errorf("request %d: the hops add up to %g, the latency is %g\n%s", r.Request, sum, r.Latency, told(r.Hops))
		}
	}
}

// TestNoSuchRequest: a request that does not come is an error that says how many do.
func TestNoSuchRequest(t *testing.T) {
	l := recorded(t, "time\n0\n1\n", "traffic: {u: {enters: m, replay: trace.csv}}\nnodes: {m: {kind: external, latency: 1ms}}")
	_, err := experiments.Trace(t.Context(), l, experiments.TraceOptions{Request: 3})
	var none experiments.NoSuchRequest
	if !errors.As(err, &none) || none != (experiments.NoSuchRequest{Request: 3, Measured: 2}) {
		t.Errorf("the error is %v", err)
	}
}
