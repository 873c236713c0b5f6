package experiments

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"

	"headroom/scenarios"
)

// caseOf reads a scenario as a case of a comparison.
func caseOf(t testing.TB, name, text string) Case {
	t.Helper()
	l, err := scenarios.Load(name+".yaml", []byte(text), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	return Case{name, l}
}

func compared(t *testing.T, cases ...Case) *Comparison {
	t.Helper()
	c, err := Compare(context.Background(), []CasesAt{{Cases: cases}}, CompareOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// diner is a few servers before a cache and a database.
func diner(servers int, hits string) string {
	return fmt.Sprintf(`
run: {requests: 4k, warmup: 5s}
slo: [p99 < 1s, eat.p95 < 1s, errors < 1%%, db.cpu < 90%%]
traffic: {guests: {enters: waiters, rate: 100/s, mix: {eat: 90%%, drink: 10%%}}}
requests: {eat: {}, drink: {}}
nodes:
  waiters: {kind: server, cores: %d, work: exp(16ms), calls: [pantry]}
  pantry: {kind: cache, hit_ratio: %s, origin: db}
  db: {kind: database, cores: 1, read: exp(10ms), price: $1/h}
`, servers, hits)
}

// A file compared with itself sees the same requests and does the same: every difference is 0, and so is its interval.
func TestComparedWithItselfDiffersByExactlyNothing(t *testing.T) {
	c := compared(t, caseOf(t, "one", diner(4, "50%")), caseOf(t, "other", diner(4, "50%")))
	metrics := map[string]bool{}
	for _, d := range c.Differences {
		metrics[d.Metric] = true
		if d.Absolute != 0 || *d.AbsoluteCI95 != (Interval{}) || d.Verdict != NoDifference {
			t.Errorf("%s differs by %v, %v: %s", d.Metric, d.Absolute, *d.AbsoluteCI95, d.Verdict)
		}
	}
	for _, m := range []string{"p99", "p999", "mean", "p50", "error_rate", "goodput", "eat.p95", "db.cpu", "cost_per_month"} {
		if !metrics[m] {
			t.Errorf("%s is not compared", m)
		}
	}
	if r := c.Cases[0].Result.Run; r.Replications != LeastPairs {
		t.Errorf("%d replications, want %d", r.Replications, LeastPairs)
	}
	if c.Best == nil || c.Best.Others[0].Times != 1 || c.Best.Others[0].CI95 != (Interval{1, 1}) {
		t.Errorf("the best is %+v", c.Best)
	}
}

// All cases have the seed of the first, and the longest warm-up and measured time of any.
func TestCasesAreSimulatedAlike(t *testing.T) {
	short := caseOf(t, "short", "run: {duration: 10s, warmup: 3s, seed: 7, replications: 2}\n"+desk(2))
	long := caseOf(t, "long", "run: {duration: 20s, warmup: 1s, seed: 8, replications: 9}\n"+desk(3))
	c := compared(t, short, long)
	if len(c.Warnings) != 1 || c.Warnings[0] != "long asks for a warm-up of 1s, and has the longest of all cases, 3s." {
		t.Errorf("warnings: %q", c.Warnings)
	}
	for _, k := range c.Cases {
		if r := k.Result.Run; r.Seed != 7 || r.Replications != 9 || r.WarmupSeconds != 3 || r.SimulatedSeconds != 20 {
			t.Errorf("%s: %+v", k.Name, r)
		}
	}
}

func desk(servers int) string {
	return fmt.Sprintf("traffic: {t: {enters: s, rate: 160/s}}\nnodes: {s: {kind: station, servers: %d, service: exp(10ms)}}\n", servers)
}

// A case that is saturated has no steady latency: nothing is said of it, but its goodput is lower.
func TestSaturatedCasesHaveNoLatencyToCompare(t *testing.T) {
	c := compared(t, caseOf(t, "two", "run: {duration: 20s}\n"+desk(2)), caseOf(t, "one", "run: {duration: 20s}\n"+desk(1)))
	for _, d := range c.Differences {
		switch {
		case d.Unit == "seconds" && (d.Verdict != NotSteady || d.Absolute.Known() || d.CI95 != nil):
			t.Errorf("%s of the saturated case: %+v", d.Metric, d)
		case d.Metric == "goodput" && (d.Verdict != Lower || math.Abs(float64(d.Relative)-(100./160-1)) > .02):
			t.Errorf("goodput of 100/s instead of 160/s: %+v", d)
		}
	}
	if c.Best == nil || c.Best.Case != "two" || len(c.Best.Others) != 0 {
		t.Errorf("the best is %+v", c.Best)
	}
}

// Where no case meets the SLO the lowest p99 may be that of the one that refuses most: the best is the one that serves most.
func TestTheBestOfCasesThatFailServesMost(t *testing.T) {
	text := func(room int) string {
		return fmt.Sprintf("run: {duration: 50s}\ntraffic: {t: {enters: s, rate: 200/s}}\nnodes: {s: {kind: station, servers: 1, backlog: %d, service: exp(10ms)}}\n", room)
	}
	c := compared(t, caseOf(t, "short", text(0)), caseOf(t, "long", text(4)))
	if c.Best == nil || c.Best.Case != "long" || c.Best.Metric != "goodput" || c.Best.Met {
		t.Fatalf("the best is %+v", c.Best)
	}
	// M/M/1/K with twice the load that it can serve is idle 1/(2^(K+1)-1) of the time: a third where nobody may wait, 1/63 where four may.
	const want = (62. / 63) / (2. / 3)
	if o := c.Best.Others[0]; o.Than != "short" || o.CI95[0] > want || o.CI95[1] < want {
		t.Errorf("%+v, want %v", o, want)
	}
}

// The difference of two M/M/c queues is the difference of their exact means (Erlang C): its interval holds it, and the verdict is lower.
func TestTheDifferenceOfTwoStationsIsThatOfErlangC(t *testing.T) {
	a, b := caseOf(t, "two", "run: {duration: 100s}\n"+desk(2)), caseOf(t, "three", "run: {duration: 100s}\n"+desk(3))
	const two, three = .01 / (1 - .64), .0119557 // M/M/2 at 0.8: 1/(μ(1-ρ²)); M/M/3 at 0.533
	for _, d := range compared(t, a, b).Differences {
		if d.Metric != "mean" {
			continue
		}
		if want := Num(three - two); d.Verdict != Lower || d.AbsoluteCI95[0] > want || d.AbsoluteCI95[1] < want {
			t.Errorf("the mean differs by %v %v, want %v", d.Absolute, *d.AbsoluteCI95, want)
		}
	}
}

// What was not simulated to its end is left out.
func TestInterruptedComparisonKeepsTheCasesThatAreDone(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var o CompareOptions
	o.Progress = func(share float64) {
		if share > 0.4 { // in the second of three
			cancel()
		}
	}
	cases := []Case{caseOf(t, "one", desk(2)), caseOf(t, "two", desk(3)), caseOf(t, "three", desk(4))}
	c, err := Compare(ctx, []CasesAt{{Cases: cases}}, o)
	if err != nil || !c.Partial || len(c.Cases) != 1 || c.Cases[0].Name != "one" || len(c.Differences) != 0 || c.Best != nil {
		t.Errorf("%+v, %v", c, err)
	}
	if c, err := Compare(ctx, []CasesAt{{Cases: cases}}, CompareOptions{}); c != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("before anything is done: %+v, %v", c, err)
	}
}
