package experiments_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"headroom/experiments"
	"headroom/scenarios"
)

// exact is a figure that theory gives, with the share by which a run of this length may be off.
type exact struct {
	name      string
	want, rel float64
	got       func(*experiments.Result) experiments.Num
}

func run(t *testing.T, text string) *experiments.Result {
	t.Helper()
	l, err := scenarios.Load(t.Name()+".yaml", []byte(text), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := experiments.Run(context.Background(), l, experiments.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func check(t *testing.T, text string, figures ...exact) {
	t.Helper()
	r := run(t, text)
	for _, f := range figures {
		if got := float64(f.got(r)); !(math.Abs(got-f.want) <= f.rel*f.want) {
			t.Errorf("%s is %g, want %g within %g%%", f.name, got, f.want, 100*f.rel)
		}
	}
}

func mean(r *experiments.Result) experiments.Num { return r.Latency.Mean }
func p50(r *experiments.Result) experiments.Num  { return r.Latency.P50 }
func p99(r *experiments.Result) experiments.Num  { return r.Latency.P99 }
func present(r *experiments.Result) experiments.Num {
	return r.Nodes["s"].InSystem.Mean
}
func utilization(r *experiments.Result) experiments.Num {
	return r.Nodes["s"].Resources["servers"].Utilization
}
func waitMean(r *experiments.Result) experiments.Num {
	return r.Nodes["s"].Resources["servers"].Wait.Mean
}
func pWait(r *experiments.Result) experiments.Num { return r.Nodes["s"].Resources["servers"].PWait }

// TestMM1 holds case Q01: Kleinrock, Queueing Systems I, 1975, ch. 3.
func TestMM1(t *testing.T) {
	for _, c := range []struct {
		rate, service string
		mean, p99     float64
	}{
		{"75/s", "10ms", 0.04, 0.184207},
		{"0.5/s", "1s", 2, 9.21034},
		{"900k/s", "1us", 1e-5, 4.60517e-5},
	} {
		t.Run(c.service, func(t *testing.T) {
			t.Parallel()
			text := `
run: {requests: 1M}
traffic: {u: {enters: s, rate: ` + c.rate + `}}
nodes: {s: {kind: station, service: exp(` + c.service + `)}}`
			check(t, text, exact{"mean", c.mean, .02, mean}, exact{"p99", c.p99, .05, p99})
		})
	}
}

// TestMMc holds the case web16 of Q02: the Erlang C formula.
func TestMMc(t *testing.T) {
	t.Parallel()
	check(t, `
run: {requests: 1M}
traffic: {u: {enters: s, rate: 1200/s}}
nodes: {s: {kind: station, servers: 16, service: exp(10ms)}}`,
		exact{"mean", 0.0105114, .01, mean}, exact{"p50", 0.00752412, .01, p50}, exact{"p99", 0.0467114, .02, p99},
		exact{"wait", 0.000511435, .02, waitMean}, exact{"p_wait", 0.204574, .02, pWait},
		exact{"L", 12.6137, .01, present}, exact{"utilization", 0.75, .01, utilization})
}

// TestMD1 holds case Q04 at 80%: Erlang, 1909; Crommelin, 1932.
func TestMD1(t *testing.T) {
	t.Parallel()
	check(t, `
run: {requests: 1M}
traffic: {u: {enters: s, rate: 0.8/s}}
nodes: {s: {kind: station, service: 1s}}`,
		exact{"mean", 3, .015, mean}, exact{"p50", 2.27594, .015, p50}, exact{"p99", 11.3559, .03, p99})
}

// TestProcessorSharingIsInsensitive holds case Q06: the mean depends on the mean service time only (Kleinrock, 1976).
func TestProcessorSharingIsInsensitive(t *testing.T) {
	for _, service := range []string{"1s", "exp(1s)", "hyperexp(mean=1s cv=2)"} {
		t.Run(service, func(t *testing.T) {
			t.Parallel()
			check(t, `
run: {requests: 1M}
traffic: {u: {enters: s, rate: 3.2/s}}
nodes: {s: {kind: station, servers: 4, discipline: ps, service: `+service+`}}`, exact{"mean", 1.74554, .03, mean})
		})
	}
}

// TestPriority holds case Q09: Cobham, 1954.
func TestPriority(t *testing.T) {
	for discipline, want := range map[string][2]float64{"priority": {2, 6}, "priority-preemptive": {1.25, 6.25}} {
		t.Run(discipline, func(t *testing.T) {
			t.Parallel()
			check(t, `
run: {requests: 1M}
requests: {high: {priority: 1}, low: {}}
traffic: {u: {enters: s, rate: 0.8/s, mix: {high: 25%, low: 75%}}}
nodes: {s: {kind: station, discipline: `+discipline+`, service: exp(1s)}}`,
				exact{"high", want[0], .02, func(r *experiments.Result) experiments.Num { return r.Requests["high"].Latency.Mean }},
				exact{"low", want[1], .02, func(r *experiments.Result) experiments.Num { return r.Requests["low"].Latency.Mean }})
		})
	}
}

// TestErlangA holds the case web of M04: Palm, 1957.
func TestErlangA(t *testing.T) {
	t.Parallel()
	check(t, `
run: {requests: 1M}
traffic: {u: {enters: s, rate: 450/s}}
nodes: {s: {kind: station, servers: 4, service: exp(10ms), drop_after: exp(100ms)}}`,
		exact{"abandoned", 0.148152, .002 / .148152, func(r *experiments.Result) experiments.Num { return r.ErrorRate }},
		exact{"utilization", 0.958329, .01, utilization})
}

// TestClosedUsers holds the case N10_m2 of N05: ten users who think 5 s, two servers of 1 s.
func TestClosedUsers(t *testing.T) {
	t.Parallel()
	check(t, `
run: {requests: 500k}
traffic: {u: {enters: s, users: 10, think: exp(5s)}}
nodes: {s: {kind: station, servers: 2, service: exp(1s)}}`,
		exact{"throughput", 1.51926, .005, func(r *experiments.Result) experiments.Num { return r.Load.Completed }},
		exact{"response", 1.58217, .01, mean})
}

// TestJacksonTandem holds case N01: Jackson, 1957.
func TestJacksonTandem(t *testing.T) {
	t.Parallel()
	check(t, `
run: {requests: 1M}
traffic: {u: {enters: web, rate: 80/s}}
nodes:
  web: {kind: station, service: exp(5ms), next: {app: 100%}}
  app: {kind: station, service: exp(10ms), next: {db: 100%}}
  db: {kind: station, service: exp(8ms)}`,
		exact{"mean", 0.0805556, .02, mean}, exact{"p99", 0.268728, .04, p99})
}

// TestWhereTimeGoes: at 75% a request of an M/M/1 waits three quarters of its time. Along its parts the time adds up to the latency.
func TestWhereTimeGoes(t *testing.T) {
	t.Parallel()
	check(t, `
run: {requests: 1M}
traffic: {u: {enters: s, rate: 75/s}}
nodes: {s: {kind: station, service: exp(10ms)}}`,
		exact{"share of waiting", 0.75, .02, func(r *experiments.Result) experiments.Num { return r.WhereTime[0].Share }},
		exact{"sum of the shares", 1, 1e-9, func(r *experiments.Result) experiments.Num { return r.WhereTime[0].Share + r.WhereTime[1].Share }})
}

// TestThreadsHeldDuringCalls holds cases of W01 (closed users) and W02 (open arrivals): layered queueing, Rolia and Sevcik, 1995.
func TestThreadsHeldDuringCalls(t *testing.T) {
	const nodes = `
nodes:
  app: {kind: server, cores: unlimited, concurrency: %, handles: {default: [delay: exp(20ms), call: db]}}
  db: {kind: database, cores: 1, read: exp(10ms)}`
	throughput := func(r *experiments.Result) experiments.Num { return r.Load.Completed }
	t.Run("W01 pool2", func(t *testing.T) {
		t.Parallel()
		check(t, "run: {requests: 1M}\ntraffic: {u: {enters: app, users: 50, think: exp(1s)}}"+strings.Replace(nodes, "%", "2", 1),
			exact{"X", 47.0093, .005, throughput}, exact{"R", 0.0636186, .015, mean})
	})
	t.Run("W02 pool8", func(t *testing.T) {
		t.Parallel()
		check(t, "run: {requests: 1M}\ntraffic: {u: {enters: app, rate: 80/s}}"+strings.Replace(nodes, "%", "8", 1),
			exact{"R", 0.0701316, .02, mean})
	})
	t.Run("W02 cap4", func(t *testing.T) {
		t.Parallel()
		check(t, "run: {requests: 300k}\ntraffic: {u: {enters: app, users: 4}}"+strings.Replace(nodes, "%", "4", 1),
			exact{"X", 90.4762, .01, throughput})
	})
}

// TestForkJoin holds case F01 at 50%: Flatto and Hahn, 1984.
func TestForkJoin(t *testing.T) {
	t.Parallel()
	check(t, `
run: {requests: 1M}
traffic: {u: {enters: app, rate: 0.5/s}}
nodes:
  app: {kind: server, cores: unlimited, handles: {default: [parallel: [[call: a], [call: b]]]}}
  a: {kind: station, service: exp(1s)}
  b: {kind: station, service: exp(1s)}`, exact{"mean", 2.875, .02, mean}, exact{"p99", 10.5518, .03, p99})
}

// TestTailAtScale holds case F03 for a fan-out of 100: Dean and Barroso, CACM 56(2), 2013.
func TestTailAtScale(t *testing.T) {
	t.Parallel()
	check(t, `
run: {requests: 50k}
traffic: {u: {enters: app, rate: 100/s}}
nodes:
  app: {kind: server, cores: unlimited, handles: {default: [scatter: {to: leaf, count: 100}]}}
  leaf: {kind: external, latency: mix(99% 10ms | 1% 1s)}`, exact{"mean", 0.637628, .01, mean})
}

// TestScatterToStations: the slowest of four exponential services takes 1 + 1/2 + 1/3 + 1/4 of one (Rényi, 1953), whichever of the
// instances are asked.
func TestScatterToStations(t *testing.T) {
	t.Parallel()
	check(t, `
run: {requests: 100k}
traffic: {u: {enters: app, rate: 10/s}}
nodes:
  app: {kind: server, cores: unlimited, handles: {default: [scatter: {to: leaf, count: 4}]}}
  leaf: {kind: station, instances: 7, servers: unlimited, service: exp(1s)}`, exact{"mean", 25. / 12, .005, mean}) // five standard errors
}
