package models

import (
	"math"
	"testing"

	"headroom/sim"
)

// TestClientsSendByPopularity: the first of a thousand clients under Zipf's law sends 1/H(1000) of the requests, the second half of that;
// within 5 standard errors of a binomial distribution.
func TestClientsSendByPopularity(t *testing.T) {
	var k Crowd
	if err := k.UnmarshalText([]byte("zipf(1.0)")); err != nil {
		t.Fatal(err)
	}
	k.clients, _ = k.make(1000)
	o := origin{clients: 1000, crowd: k.clients}
	const n = 200_000
	sent := make([]float64, 1000)
	for i := range uint64(n) {
		sent[o.client(sim.Mix(1, i), i)]++
	}
	harmonic := 0.0
	for i := range 1000 {
		harmonic += 1 / float64(i+1)
	}
	for i := range 3 {
		p := 1 / harmonic / float64(i+1)
		if got := sent[i] / n; math.Abs(got-p) > 5*math.Sqrt(p*(1-p)/n) {
			t.Errorf("client %d sends %g of the requests, want %g", i, got, p)
		}
		if got := k.sends(uint64(i)); math.Abs(got-1000*p) > 1e-9*got {
			t.Errorf("client %d sends %g times as often as on average, want %g", i, got, 1000*p)
		}
	}
}
