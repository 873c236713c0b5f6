package experiments_test

import (
	"bytes"
	"encoding/json"
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
