package experiments_test

import (
	"fmt"
	"math"
	"testing"
)

// TestAFunctionWithALimitIsALossSystem: requests are refused as by Erlang's B formula, whatever the distribution of the time, and never wait.
func TestAFunctionWithALimitIsALossSystem(t *testing.T) {
	t.Parallel()
	const limit, offered = 10, 8. // in Erlang
	lost := 1.0
	for c := 1.; c <= limit; c++ { // B(c) = a B(c-1) / (c + a B(c-1))
		lost = offered * lost / (c + offered*lost)
	}
	for _, work := range []string{"exp(80ms)", "hyperexp(mean=80ms cv=3)"} {
		r := run(t, fmt.Sprintf(`
run: {requests: 100k, warmup: 20s}
traffic: {u: {enters: fn, rate: 100/s}}
nodes: {fn: {kind: function, limit: %d, keep_alive: 1000h, work: %s}}`, limit, work))
		ci := r.Load.CI95.Goodput
		near(t, work+": goodput", r.Load.Goodput, 100*(1-lost), float64(ci[1]-ci[0])) // twice the half of its 95% interval
		near(t, work+": concurrency", r.Nodes["fn"].Resources["concurrency"].Utilization, offered*(1-lost)/limit, .01)
		if wait := r.Nodes["fn"].Resources["concurrency"].Wait.Mean; wait != 0 {
			t.Errorf("%s: requests wait %g s", work, wait)
		}
		if r.Bottleneck.Node != "fn" || r.Bottleneck.Resource != "concurrency" || r.Bottleneck.Class != "limit" {
			t.Errorf("%s: the bottleneck is %s of %s, class %s", work, r.Bottleneck.Resource, r.Bottleneck.Node, r.Bottleneck.Class)
		}
	}
}

// TestInstancesOfAFunctionAreColdWhenTheyWereNotNeeded: with exponential times a function is M/M/∞, of n at once as Poisson says. The idle
// are a stack: the n-th at once gets the instance that the n-th before it gave back, unless the time in between, in which fewer than n were
// there, is longer than keep_alive. That is the first passage from n-1 to n of a birth-death process. So the share of cold starts is
// Σ π(n-1) P(passage > keep_alive), and there are Σ P(N ≥ n) + λ π(n-1) E[min(passage, keep_alive)] instances.
func TestInstancesOfAFunctionAreColdWhenTheyWereNotNeeded(t *testing.T) {
	t.Parallel()
	const rate, service, keep = 20., .1, 1.
	cold, instances := 0.0, 0.0
	pi := math.Exp(-rate * service)
	atLeast := 1 - pi
	for n := 1; n <= 15; n++ {
		missed, waited := passage(n, rate, 1/service, keep)
		cold += pi * missed
		instances += atLeast + rate*pi*waited
		pi *= rate * service / float64(n)
		atLeast -= pi
	}
	r := run(t, `
run: {requests: 400k, warmup: 30s}
traffic: {u: {enters: fn, rate: 20/s}}
nodes: {fn: {kind: function, keep_alive: 1s, work: exp(100ms)}}`)
	fn := r.Nodes["fn"]
	h := 5 * math.Sqrt(cold/1.6e6) // 5 standard deviations of as many independent ones
	near(t, "cold starts", fn.ColdStarts.Share, cold, h)
	near(t, "instances", fn.Scaled.Mean, instances, .01*instances)
	near(t, "at work", fn.Scaled.Paid, rate*service, .01*rate*service)
	near(t, "cores", fn.Resources["cpu"].Utilization, rate*service/instances, .01)
	near(t, "latency", r.Latency.Mean, service, .005*service)
}

// passage returns with which probability it takes longer than some time until n are present, of n-1 now, where they come at a rate and go at
// another each, and the mean of it up to that time: Kolmogorov's forward equations, by small steps.
func passage(n int, rate, leaves, until float64) (longer, mean float64) {
	const step = 1e-4
	p := make([]float64, n) // of 0 to n-1 present, and n never reached
	p[n-1] = 1
	d := make([]float64, n)
	for at := 0.0; at < until-step/2; at += step {
		sum := 0.0
		for i := range p {
			d[i] = -(rate + leaves*float64(i)) * p[i]
			if i > 0 {
				d[i] += rate * p[i-1]
			}
			if i+1 < n {
				d[i] += leaves * float64(i+1) * p[i+1]
			}
			sum += p[i]
		}
		mean += sum * step
		for i := range p {
			p[i] += d[i] * step
		}
	}
	for _, q := range p {
		longer += q
	}
	return longer, mean
}

// TestAColdStartIsWaitedFor: requests that take no time and come λ times keep_alive apart are cold exp(−λ keep_alive) of the time, wait for the
// cold start then, and pay for it; instances exist 1 − exp(−λ keep_alive) of the time besides.
func TestAColdStartIsWaitedFor(t *testing.T) {
	t.Parallel()
	r := run(t, `
run: {requests: 100k, warmup: 30s}
traffic: {u: {enters: fn, rate: 2/s}}
nodes: {fn: {kind: function, keep_alive: 1s, cold_start: 1ms, work: 0s, memory: 500MB, price: $0.20/M, price_per_second: $0.00002/GB-s}}`)
	cold := math.Exp(-2)
	h := 5 * math.Sqrt(cold*(1-cold)/4e5)
	near(t, "cold starts", r.Nodes["fn"].ColdStarts.Share, cold, h+.002*cold) // a thousandth of the keep_alive is the cold start itself
	near(t, "latency", r.Latency.Mean, cold*.001, h*.001+2e-6*cold)
	near(t, "instances", r.Nodes["fn"].Scaled.Mean, 1-cold, .005)
	offered := float64(r.Load.Offered)
	near(t, "cost", r.Cost.PerMonth, 730*3600*(offered*.2e-6+float64(r.Nodes["fn"].Scaled.Paid)*.5*.00002), 1e-6)
	if !(r.Nodes["fn"].Scaled.Paid > 0) {
		t.Error("nobody pays for the cold starts")
	}
}

// TestAFunctionBeginsWarm: at a steady load whose instances live on, next to no request is cold: the warm-up made them.
func TestAFunctionBeginsWarm(t *testing.T) {
	t.Parallel()
	r := run(t, `
run: {requests: 20k}
traffic: {u: {enters: fn, rate: 50/s}}
nodes: {fn: {kind: function, cold_start: 1s, keep_alive: 1m, work: exp(100ms)}}`)
	if cold := r.Nodes["fn"].ColdStarts; cold.Share > .002 || r.Run.WarmupSeconds < 5 {
		t.Errorf("%g of the requests are cold after %g s of warm-up", cold.Share, r.Run.WarmupSeconds)
	}
}
