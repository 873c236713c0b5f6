package experiments_test

import (
	"math"
	"testing"

	"headroom/experiments"
	"headroom/scenarios"
)

func runText(t *testing.T, text string) *experiments.Result {
	t.Helper()
	l, err := scenarios.Load("regions.yaml", []byte(text), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := experiments.Run(t.Context(), l, experiments.Options{Parallel: 1})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestHalfRoundTripsAddUp: a user in Tokyo is 200 ms away from New York and asks for 5 ms of work there; one in New York has a last mile of 8 ms.
func TestHalfRoundTripsAddUp(t *testing.T) {
	r := runText(t, `
run: {requests: 2k, replications: 2}
regions: {rtt: {ny: {tokyo: 192ms}}, last_mile: 8ms}
traffic: {u: {enters: api, rate: 10/s, regions: {tokyo: 50%, ny: 50%}}}
nodes: {api: {kind: server, region: ny, cores: unlimited, work: 5ms}}`)
	for region, want := range map[string]float64{"tokyo": .205, "ny": .013} {
		l := r.Regions[region].Latency
		if math.Abs(float64(l.Min)-want) > 1e-9 || math.Abs(float64(l.Max)-want) > 1e-9 {
			t.Errorf("%s: from %v to %v s, want %v", region, l.Min, l.Max, want)
		}
	}
}

// TestInterfaceIsMD1: answers of 10 KB over 100 Mbps take 0.8 ms each. At 1000/s the interface is 80% busy, and they wait as in an M/D/1
// queue: ρ/(1−ρ)/2 × 0.8 ms = 1.6 ms (Pollaczek, 1930; Khinchine, 1932).
func TestInterfaceIsMD1(t *testing.T) {
	r := runText(t, `
run: {requests: 200k}
requests: {page: {response: 10KB}}
traffic: {u: {enters: api, rate: 1k/s}}
nodes: {api: {kind: server, cores: unlimited, work: 1ms, bandwidth: 100Mbps}}`)
	n := r.Nodes["api"].Resources["network"]
	if math.Abs(float64(n.Utilization)-.8) > .01 {
		t.Errorf("utilization %v, want 0.8", n.Utilization)
	}
	ci := r.Latency.CI95.Mean
	if want := Num(.001 + .0008 + .0016); ci[0] > want || ci[1] < want {
		t.Errorf("mean %v in %v, want %v", r.Latency.Mean, ci, want)
	}
	if r.Bottleneck.Class != "network" || math.Abs(float64(r.Bottleneck.SaturatesAt)-1250) > 25 {
		t.Errorf("bottleneck %+v, want the network at 1250/s", r.Bottleneck)
	}
}

type Num = experiments.Num
