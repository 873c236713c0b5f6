package experiments_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"headroom/experiments"
)

func capacityOf(t *testing.T, text string, rates ...float64) *experiments.Capacity {
	t.Helper()
	return searched(t, text, experiments.Options{}, rates...)
}

func searched(t *testing.T, text string, how experiments.Options, rates ...float64) *experiments.Capacity {
	t.Helper()
	o := experiments.SweepOptions{Options: how, Search: true}
	s, err := experiments.RunSweep(t.Context(), load(t, text), rates, o)
	if err != nil {
		t.Fatal(err)
	}
	return s.Capacity
}

// erlangC returns the mean time in an M/M/c queue at a rate, in seconds (Erlang, 1917).
func erlangC(servers int, mu, rate float64) float64 {
	a := rate / mu
	blocked := 1.0 // Erlang B
	for c := 1; c <= servers; c++ {
		blocked = a * blocked / (float64(c) + a*blocked)
	}
	c := float64(servers)
	waits := blocked / (1 - a/c*(1-blocked))
	return 1/mu + waits/(c*mu-rate)
}

func threads(n int) string {
	return fmt.Sprintf("slo: [mean < 2s]\ntraffic: {u: {enters: app, rate: 1/s}}\nnodes:\n"+
		"  app: {kind: server, cores: unlimited, concurrency: %d, handles: {default: [delay: exp(20ms), call: db]}}\n"+
		"  db: {kind: database, cores: 1, read: exp(10ms)}\n", n)
}

// TestCapacityIsWhatTheoryGives, and its interval holds the exact value.
func TestCapacityIsWhatTheoryGives(t *testing.T) {
	// The rate at which an M/M/4 queue's mean is 15 ms, by bisection.
	low, high := 1.0, 400.0
	for high-low > 1e-9 {
		if middle := (low + high) / 2; erlangC(4, 100, middle) < .015 {
			low = middle
		} else {
			high = middle
		}
	}
	for _, c := range []struct {
		text, limit string
		exact       float64
		within      float64 // as a share: two standard errors, where it is more than 1%
	}{
		{"slo: [mean < 50ms]\ntraffic: {u: {enters: s, rate: 1/s}}\nnodes: {s: {kind: station, service: exp(10ms)}}", "mean < 50ms", 80, .01},
		{"slo: [errors < 1%, mean < 15ms]\ntraffic: {u: {enters: s, rate: 1/s}}\nnodes: {s: {kind: station, servers: 4, service: exp(10ms)}}", "mean < 15ms", low, .01},
		// The sojourn in an M/M/1 queue is exponential: its p99 is ln(100)/(mu-lambda).
		{"slo: [p99 < 1s, mean < 1s]\ntraffic: {u: {enters: s, rate: 1/s}}\nnodes: {s: {kind: station, service: exp(10ms)}}", "p99 < 1s", 100 - math.Log(100), .02},
		// And 70% of its server is busy at 70% of its rate.
		{"slo: [mean < 1s, s.servers < 70%]\ntraffic: {u: {enters: s, rate: 1/s}}\nnodes: {s: {kind: station, service: exp(10ms)}}", "s.servers < 70%", 70, .01},
		// An M/M/1/1 queue refuses a/(1+a): 20% at a = 1/4.
		{"slo: [errors < 20%]\ntraffic: {u: {enters: s, rate: 1/s}}\nnodes: {s: {kind: station, service: exp(10ms), backlog: 0}}", "errors < 20%", 25, .01},
	} {
		got := capacityOf(t, c.text, 10, 100, 1000)
		if got.Limit != c.limit || math.Abs(float64(got.Rate)/c.exact-1) > c.within {
			t.Errorf("%s: capacity %+v, exactly %g", c.text, got, c.exact)
			continue
		}
		if ci := *got.CI95; float64(ci[0]) > c.exact || float64(ci[1]) < c.exact || ci[0] >= got.Rate || ci[1] <= got.Rate || ci[1]-ci[0] > .05*got.Rate {
			t.Errorf("%s: the interval %v around %g, exactly %g", c.text, ci, got.Rate, c.exact)
		}
	}
}

// TestCapacityOfHeldThreads: threads that are held during database calls can do what as many users without pauses do (case W02: Rolia and
// Sevcik, 1995; Reiser and Lavenberg, 1980). The mean, which goes as 1/(exact - rate) there, reaches 2 s within half a percent of it.
func TestCapacityOfHeldThreads(t *testing.T) {
	for n, exact := range map[int]float64{2: 60, 4: 90.4762, 8: 99.9141, 16: 100} {
		got := searched(t, threads(n), experiments.Options{Quick: true}, 50, 200)
		if off := float64(got.Rate)/exact - 1; !(math.Abs(off) < .01) {
			t.Errorf("%d threads: capacity %+v, exactly %g", n, got, exact)
		} else if ci := *got.CI95; ci[0] >= got.Rate || ci[1] <= got.Rate || ci[1]-ci[0] > .05*got.Rate {
			t.Errorf("%d threads: the interval %v around %g", n, ci, got.Rate)
		}
	}
}

// TestCapacityBeyondTheRates: no rate misses the SLO, or none meets it.
func TestCapacityBeyondTheRates(t *testing.T) {
	met := capacityOf(t, short, 1, 10)
	if met.Rate.Known() || met.Above != 10 || met.Below != 0 || met.Limit != "" || met.CI95 != nil {
		t.Errorf("met at all rates: %+v", met)
	}
	missed := capacityOf(t, "slo: [errors < 1%, mean < 9ms]"+short, 10, 50)
	if missed.Rate.Known() || missed.Below != 10 || missed.Above != 0 || missed.Limit != "mean < 9ms" {
		t.Errorf("missed at all rates: %+v", missed)
	}
}

// TestCapacityIsTheHighestRate: where lower rates miss a target as well, such as one for goodput.
func TestCapacityIsTheHighestRate(t *testing.T) {
	got := capacityOf(t, "slo: [goodput > 40/s, mean < 50ms]"+short, 10, 60, 90)
	if got.Limit != "mean < 50ms" || math.Abs(float64(got.Rate)/80-1) > .05 {
		t.Errorf("capacity %+v, want about 80/s", got)
	}
}

// TestCapacityDoesNotDependOnCores, nor is it searched where the rates are picked.
func TestCapacityDoesNotDependOnCores(t *testing.T) {
	var texts []string
	for _, parallel := range []int{1, 3} {
		o := experiments.SweepOptions{Search: true, Options: experiments.Options{Parallel: parallel}}
		s, err := experiments.RunSweep(t.Context(), load(t, short), []float64{50, 200}, o)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, asJSON(t, s.Capacity))
	}
	if texts[0] != texts[1] || !strings.Contains(texts[0], `"limit":"p99`) {
		t.Errorf("capacities %s", texts)
	}
	if s := sweep(t, short, experiments.Options{}, 50, 200); s.Capacity != nil {
		t.Errorf("capacity %+v", s.Capacity)
	}
}
