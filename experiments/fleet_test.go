package experiments_test

import (
	"context"
	"math"
	"testing"

	"headroom/experiments"
	"headroom/scenarios"
)

// TestAFleetThatBeganEmptyIsNotSaturated: 10000 machines of one core each, that nobody balances, are as many M/M/1 queues of 20 ms at 70% use. At
// 350k/s they fill up for as long as many requests take; their mean time is 20 ms / (1 − 0.7).
func TestAFleetThatBeganEmptyIsNotSaturated(t *testing.T) {
	l, err := scenarios.Load("fleet.yaml", []byte(`
run: {requests: 200k, replications: 2}
traffic: {users: {enters: api, rate: 350k/s}}
nodes: {api: {kind: server, cores: 1, instances: 10000, work: exp(20ms)}}
`), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := experiments.Run(context.Background(), l, experiments.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Saturated {
		t.Fatalf("it is called saturated: %s", r.Bottleneck.Evidence)
	}
	got, ci := float64(r.Latency.Mean), r.Latency.CI95.Mean
	if half := float64(ci[1]-ci[0]) / 2; math.Abs(got-.02/.3) > 2*half+.001 { // the warm-up may leave as much as 2% away
		t.Errorf("the mean is %.4f s ± %.4f, want 0.0667 s", got, half)
	}
}
