package experiments_test

import (
	"fmt"
	"math"
	"testing"
)

// TestContentionBelowSaturation: with Poisson arrivals and exponential work, cores that slow each other down are a birth-death process whose
// death rate is that of the busy cores (Kleinrock, Queueing Systems I, 1975, ch. 3), whatever the order of service. The tolerance is half
// as wide again as the 95% interval that the run gives itself, and that must be narrow.
func TestContentionBelowSaturation(t *testing.T) {
	const cores, rate, work, sigma, kappa = 8, 500.0, .01, .04, .002
	speed := func(n int) float64 { return 1 / (1 + sigma*float64(n-1) + kappa*float64(n*(n-1))) }
	sum, number, busy, p := 1.0, 0.0, 0.0, 1.0
	for n := 1; n < 2000; n++ {
		k := min(n, cores)
		p *= rate * work / (float64(k) * speed(k))
		sum, number, busy = sum+p, number+p*float64(n), busy+p*float64(k)
	}
	wantMean, wantBusy := number/sum/rate, busy/sum/cores
	for _, discipline := range []string{"fifo", "lifo", "ps", "priority-preemptive"} {
		t.Run(discipline, func(t *testing.T) {
			t.Parallel()
			text := fmt.Sprintf(`
run: {requests: 100k}
requests: {a: {priority: 1}, b: {}}
traffic: {u: {enters: m, rate: %g/s, mix: {a: 50%%, b: 50%%}}}
nodes: {m: {kind: server, cores: %d, discipline: %s, work: exp(10ms), contention: {sigma: %g, kappa: %g}}}`, rate, cores, discipline, sigma, kappa)
			r := run(t, text)
			half := float64(r.Latency.CI95.Mean[1]-r.Latency.CI95.Mean[0]) / 2
			if math.Abs(float64(r.Latency.Mean)-wantMean) > 1.5*half || half > .04*wantMean {
				t.Errorf("the mean is %g ± %g s, theory gives %g", r.Latency.Mean, half, wantMean)
			}
			if cpu := r.Nodes["m"].Resources["cpu"]; !about(cpu.Utilization, wantBusy, .01) {
				t.Errorf("the cores are busy %g of the time, theory gives %g", cpu.Utilization, wantBusy)
			}
			if want := 8 * speed(8) / work; !about(r.Bottleneck.SaturatesAt, want, .02) {
				t.Errorf("it saturates at %g/s, want %g", r.Bottleneck.SaturatesAt, want)
			}
		})
	}
}

// TestContentionOfSeveralSteps: a request that works twice saturates the cores at half the rate, though its steps differ.
func TestContentionOfSeveralSteps(t *testing.T) {
	t.Parallel()
	r := run(t, `
run: {requests: 20k}
traffic: {u: {enters: m, rate: 50/s}}
nodes: {m: {kind: server, cores: 4, contention: {sigma: 10%}, handles: {default: [cpu: exp(5ms), delay: 1ms, cpu: exp(15ms)]}}}`)
	if want := 4 / 1.3 / .02; !about(r.Bottleneck.SaturatesAt, want, .03) {
		t.Errorf("it saturates at %g/s, want %g", r.Bottleneck.SaturatesAt, want)
	}
}
