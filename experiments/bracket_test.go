package experiments

import (
	"context"
	"math"
	"strings"
	"testing"
)

// comparedFor compares cases with their capacities.
func comparedFor(t *testing.T, cases ...Case) *Comparison {
	t.Helper()
	c, err := Compare(context.Background(), []CasesAt{{Cases: cases}}, CompareOptions{Search: true})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The capacity of an M/M/1 queue for a mean of 50 ms is μ - 20/s, at whatever rate it is simulated itself, and the interval of the
// difference of two holds the exact one. It is narrower than that of two independent capacities, since both saw the same requests.
func TestTheDifferenceOfCapacitiesIsThatOfTwoQueues(t *testing.T) {
	text := func(service string, rate string) string {
		return "run: {requests: 100k}\nslo: [mean < 50ms]\ntraffic: {u: {enters: s, rate: " + rate + "}}\nnodes: {s: {kind: station, service: exp(" + service + ")}}"
	}
	c := comparedFor(t, caseOf(t, "fast", text("10ms", "60/s")), caseOf(t, "slow", text("11ms", "140/s")))
	exact := []float64{80, 1e3/11 - 20}
	for i, k := range c.Cases {
		if ci := k.Capacity.CI95; ci == nil || float64(ci[0]) > exact[i] || float64(ci[1]) < exact[i] || math.Abs(float64(k.Capacity.Rate)/exact[i]-1) > .03 {
			t.Errorf("%s: capacity %+v, interval %v, exactly %g", k.Name, k.Capacity, ci, exact[i])
		}
	}
	d := c.Differences[len(c.Differences)-1]
	width := func(i *Interval) float64 { return float64(i[1] - i[0]) }
	want, alone := Num(exact[1]-exact[0]), math.Hypot(width(c.Cases[0].Capacity.CI95), width(c.Cases[1].Capacity.CI95))
	if d.Metric != "capacity" || d.Verdict != Lower || d.AbsoluteCI95[0] > want || d.AbsoluteCI95[1] < want || width(d.AbsoluteCI95) >= .9*alone {
		t.Errorf("the difference is %+v, %v, exactly %g; independent ones would have an interval of %g", d, d.AbsoluteCI95, want, alone)
	}
}

// What has no rate, or nothing to meet, has no capacity, and a warning says why; a precision that cannot be followed is named as well.
func TestCasesWithoutCapacitySayWhy(t *testing.T) {
	const node = "\nnodes: {s: {kind: station, service: exp(10ms)}}"
	c := comparedFor(t, caseOf(t, "closed", "run: {requests: 1k, precision: 5%}\ntraffic: {u: {enters: s, users: 3, think: exp(50ms)}}"+node),
		caseOf(t, "aimless", "run: {requests: 1k}\nslo: []\ntraffic: {u: {enters: s, rate: 50/s}}"+node))
	for _, k := range c.Cases {
		if k.Capacity != nil {
			t.Errorf("%s: capacity %+v", k.Name, k.Capacity)
		}
	}
	all := strings.Join(c.Warnings, "\n")
	for _, want := range []string{"closed has no capacity: closed users", "aimless has no capacity: it has no SLO", "run.precision of closed has no effect: all cases have the same 8"} {
		if !strings.Contains(all, want) {
			t.Errorf("warnings %q, want %q", c.Warnings, want)
		}
	}
}

// Where nothing ever ends the SLO, or nothing ever meets it, the search ends as well.
func TestCapacityBeyondEverySearch(t *testing.T) {
	endless := "run: {requests: 20k}\ntraffic: {u: {enters: s, rate: 50/s}}\nnodes: {s: {kind: external, latency: "
	c := comparedFor(t, caseOf(t, "endless", endless+"10ms}}"), caseOf(t, "never", "slo: [mean < 1ms]\n"+endless+"10ms}}"))
	if k := c.Cases[0].Capacity; k.Rate.Known() || k.Above < 4e4 {
		t.Errorf("endless: %+v", k)
	}
	if k := c.Cases[1].Capacity; k.Rate.Known() || k.Below == 0 || k.Below > .06 || k.Limit != "mean < 1ms" {
		t.Errorf("never: %+v", k)
	}
}
