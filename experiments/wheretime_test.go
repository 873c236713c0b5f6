package experiments_test

import (
	"math"
	"testing"
)

// TestWhereTimeGoes: at 75% a request of an M/M/1 waits three quarters of its time. Along its parts the time adds up to the latency.
func TestWhereTimeGoes(t *testing.T) {
	t.Parallel()
	r := run(t, `
run: {requests: 1M}
traffic: {u: {enters: s, rate: 75/s}}
nodes: {s: {kind: station, service: exp(10ms)}}`)
	if waiting := float64(r.WhereTime[0].Share); math.Abs(waiting-0.75) > 0.02*0.75 {
		t.Errorf("the share of waiting is %g, want 0.75 within 2%%", waiting)
	}
	if sum := float64(r.WhereTime[0].Share + r.WhereTime[1].Share); math.Abs(sum-1) > 1e-9 {
		t.Errorf("the shares add up to %g", sum)
	}
}
