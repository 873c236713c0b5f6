package experiments_test

import (
	"math"
	"testing"
)

// TestUsersWhoAreRefusedAtOnceComeAgain: the clock goes on although ten users who do not think find one place, and all others no time is
// taken for; the place is never empty for longer than a millisecond's pause of the nine others, so that it works nearly all the time.
func TestUsersWhoAreRefusedAtOnceComeAgain(t *testing.T) {
	r := run(t, `
run: {duration: 20s}
traffic: {u: {enters: s, users: 10}}
nodes: {s: {kind: station, backlog: 0, service: exp(100ms)}}`)
	// Between two services the next of ten users comes within a millisecond; of 200 services in each of 4 replications the mean time is
	// known to 3.5% (one standard error), asked for within four.
	if got := float64(r.Load.Goodput); math.Abs(got-10) > 10*(0.01+4*0.035) {
		t.Errorf("goodput %g/s, want 10/s", got)
	}
	if r.Outcomes.Overloaded < 50*r.Outcomes.OK {
		t.Errorf("%d refused, %d served: those who are refused must come again after a millisecond", r.Outcomes.Overloaded, r.Outcomes.OK)
	}
}
