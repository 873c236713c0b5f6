package experiments_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"headroom/experiments"
)

// overloaded is an M/M/4 with a capacity of 400/s whose callers give up after a second, at a rate.
func overloaded(rate, keys string) string {
	return `
run: {duration: 60s, warmup: 10s, replications: 2}
slo: [p99 < 300ms]
traffic: {u: {enters: api, rate: ` + rate + `}}
nodes: {api: {kind: server, cores: 4, work: exp(10ms), drop_after: 1s, ` + keys + `}}`
}

// TestAdaptiveLIFOKeepsHalfFast: at twice the capacity, in the order of arrival everybody who is served has waited for about the second after
// which the others give up. The newest first, half of all are served, most of them almost at once: who is served waits for those only who
// came since and are served, and the chance of not being overtaken for ever is 1/2. The same number is served.
func TestAdaptiveLIFOKeepsHalfFast(t *testing.T) {
	fifo, lifo := run(t, overloaded("800/s", "")), run(t, overloaded("800/s", "shed: adaptive-lifo"))
	if fifo.Latency.P50 < .9 || lifo.Latency.P50 > .05 || lifo.Latency.P90 > .3 {
		t.Errorf("half of those served take at most %g in the order of arrival, and %g with the newest first, 90%% of these %g",
			fifo.Latency.P50, lifo.Latency.P50, lifo.Latency.P90)
	}
	near(t, "goodput in the order of arrival", fifo.Load.Goodput, 400, 400*.02)
	near(t, "goodput with the newest first", lifo.Load.Goodput, 400, 400*.02)
	near(t, "errors", lifo.ErrorRate, .5, .02)
}

// TestAdaptiveLIFOIsFIFOWithoutOverload: as long as nobody waits for 100 ms, nothing is different, to the byte.
func TestAdaptiveLIFOIsFIFOWithoutOverload(t *testing.T) {
	written := func(r *experiments.Result) []byte {
		r.Run.WallSeconds, r.Scenario, r.Command = 0, experiments.ScenarioInfo{}, ""
		b, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	fifo, lifo := run(t, overloaded("200/s", "")), run(t, overloaded("200/s", "shed: adaptive-lifo"))
	if most := fifo.Latency.Max; most > .25 {
		t.Fatalf("the slowest took %g: somebody may have waited for 100 ms", most)
	}
	if !bytes.Equal(written(fifo), written(lifo)) {
		t.Error("the results differ")
	}
}

// TestCodelTurnsAwayWhatIsTooMuch: at 125% of the capacity, the cores stay busy, a fifth is turned away, and those served do not wait for
// longer than the queue grows until the drops come fast enough: by target + x interval + (x interval)² with x the rate of what is too much,
// 100/s, in calls, which are served at 400/s; of arrivals by chance 3 standard deviations of those within the time that this takes,
// 2 x interval² = 2 s, come on top.
func TestCodelTurnsAwayWhatIsTooMuch(t *testing.T) {
	plain, codel := run(t, overloaded("500/s", "")), run(t, overloaded("500/s", "shed: codel"))
	near(t, "utilization", codel.Nodes["api"].Resources["cpu"].Utilization, 1, .03)
	near(t, "errors", codel.ErrorRate, .2, .02)
	x := 100 * .1
	bound := .005 + (x+x*x+3*30)/400
	if wait := codel.Nodes["api"].Resources["cpu"].Wait; float64(wait.P99) > bound {
		t.Errorf("one of 100 waits for more than %g s, want at most %g", wait.P99, bound)
	}
	if plain.Latency.P50 < 3*codel.Latency.P50 {
		t.Errorf("half take at most %g, without CoDel %g", codel.Latency.P50, plain.Latency.P50)
	}
	if got := codel.Nodes["api"].Errors["overloaded"]; got != codel.Outcomes.Overloaded && got < codel.Outcomes.Overloaded*9/10 {
		t.Errorf("%d visits were turned away, and %d requests", got, codel.Outcomes.Overloaded)
	}
}

// TestStepsUnderWayAreNotShed: where calls wait for cores at every step, only those are turned away that have done none yet: who came to the
// call between the steps is answered ok.
func TestStepsUnderWayAreNotShed(t *testing.T) {
	for _, shed := range []string{"codel", "adaptive-lifo"} {
		text := strings.Replace(overloaded("300/s", "shed: "+shed), "work: exp(10ms)", "handles: {default: [cpu: exp(10ms), call: x, cpu: exp(10ms)]}", 1)
		r := run(t, strings.Replace(text, "nodes: {", "nodes: {x: {kind: external, latency: 5ms}, ", 1))
		if r.Outcomes.Overloaded < 1000 {
			t.Fatalf("%s: only %d are turned away", shed, r.Outcomes.Overloaded)
		}
		near(t, shed+": ended ok", r.Load.Goodput, float64(r.Nodes["x"].Throughput), 2) // those under way when the minute began and ended
	}
}

// gradual is an M/M/c whose callers wait as long as it takes.
func gradual(cores int, rate, keys string) string {
	return fmt.Sprintf(`
run: {duration: 60s, warmup: 10s, replications: 2}
slo: [p99 < 300ms]
traffic: {u: {enters: api, rate: %s}}
nodes: {api: {kind: server, cores: %d, work: exp(10ms), %s}}`, rate, cores, keys)
}

// TestGradientHoldsTheLatency: at twice the capacity of an M/M/c the limit comes to rest where L = 1.25·c + √L, which is a latency of L/c times
// the work; a window's mean varies, so that the limit does, above which we allow half. The cores stay busy but for the times when the least
// latency is measured, with 3 visits at most, every 30 s for 50 answers.
func TestGradientHoldsTheLatency(t *testing.T) {
	for _, cores := range []int{4, 16} {
		r := run(t, gradual(cores, fmt.Sprintf("%d/s", 200*cores), "shed: gradient"))
		c := float64(cores)
		rest := math.Pow((1+math.Sqrt(1+5*c))/2, 2)
		limit := float64(*r.Nodes["api"].ConcurrencyLimit)
		t.Logf("%d cores: limit %.1f, at rest %.1f; mean %.1f ms, p99 %.1f ms, goodput %.0f", cores, limit, rest, 1e3*r.Latency.Mean, 1e3*r.Latency.P99, r.Load.Goodput)
		if limit > 1.5*rest || limit < c {
			t.Errorf("%d cores: the limit is %g on average, at rest %g", cores, limit, rest)
		}
		if most := 1.5 * rest / c * .01; float64(r.Latency.Mean) > most {
			t.Errorf("%d cores: those let in take %g s, want at most %g", cores, r.Latency.Mean, most)
		}
		if got := float64(r.Load.Goodput); got < .95*100*c {
			t.Errorf("%d cores: %g/s are served, want nearly %g", cores, got, 100*c)
		}
		near(t, "saturates at", r.Bottleneck.SaturatesAt, 100*c, 5*c)
	}
}

// TestGradientLetsHalfALoadPass: at half the capacity hardly anybody is turned away, and then while the least latency is measured: for 50
// answers in 30 s, of 6000 or more.
func TestGradientLetsHalfALoadPass(t *testing.T) {
	for _, cores := range []int{4, 16} {
		r := run(t, gradual(cores, fmt.Sprintf("%d/s", 50*cores), "shed: gradient"))
		t.Logf("%d cores: %.4f turned away, limit %.0f", cores, r.ErrorRate, *r.Nodes["api"].ConcurrencyLimit)
		if r.ErrorRate > .01 {
			t.Errorf("%d cores: %g are turned away", cores, r.ErrorRate)
		}
	}
}

// TestGradientSeesASlowCallee: the latency is that of the whole visit, so that the limit of a server falls when what it calls becomes short of
// capacity, though its own cores are idle.
func TestGradientSeesASlowCallee(t *testing.T) {
	of := func(kind string, db int) *experiments.Result {
		text := gradual(16, "800/s", "shed: gradient, calls: [db]")
		nodes := fmt.Sprintf("nodes: {db: {kind: database, cores: %d, read: exp(10ms)}, ", db)
		if kind == "load-balancer" {
			text, nodes = strings.Replace(text, "enters: api", "enters: lb", 1), nodes+"lb: {kind: load-balancer, to: api, shed: gradient}, "
			text = strings.Replace(text, "shed: gradient, calls", "calls", 1)
		}
		return run(t, strings.Replace(text, "nodes: {", nodes, 1))
	}
	for kind, node := range map[string]string{"server": "api", "load-balancer": "lb"} {
		wide, narrow := of(kind, 16), of(kind, 4)
		before, after := *wide.Nodes[node].ConcurrencyLimit, *narrow.Nodes[node].ConcurrencyLimit
		t.Logf("%s: limit %.1f, with a callee of a quarter %.1f; mean %.1f ms, goodput %.0f", kind, before, after, 1e3*narrow.Latency.Mean, narrow.Load.Goodput)
		if after > before/4 {
			t.Errorf("%s: the limit goes from %g to %g", kind, before, after)
		}
		near(t, "goodput is what the callee can do: ", narrow.Load.Goodput, 400, 40)
	}
}
