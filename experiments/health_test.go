package experiments_test

import (
	"testing"

	"headroom/experiments"
)

// between holds a count to two bounds of Poisson arrivals, with 5 standard deviations at either end.
func between(t *testing.T, what string, got int64, low, high float64) {
	t.Helper()
	binomialShare(t, what, max(got, int64(high)), high, 1)
	binomialShare(t, what, min(got, int64(low)), low, 1)
}

func checked(t *testing.T, api, health, event string) *experiments.Result {
	return run(t, `
run: {duration: 40s, warmup: 1s}
traffic: {u: {enters: lb, rate: 400/s}}
nodes:
  lb: {kind: load-balancer, to: api, health_check: `+health+`}
  api: {kind: server, cores: unlimited, work: 1ms, instances: `+api+`}
events: [`+event+`]`)
}

// TestAnInstanceIsOutWhenItsChecksFail: after so many checks in a row, the first of which comes at any moment; until then it gets its share.
func TestAnInstanceIsOutWhenItsChecksFail(t *testing.T) {
	for _, c := range []struct {
		health    string
		low, high float64 // seconds
	}{{"{every: 2s, fails: 1}", 0, 2}, {"{every: 2s, fails: 3}", 4, 6}, {"{every: 500ms, fails: 4}", 1.5, 2}} {
		r := checked(t, "4", c.health, "{at: 10s, kill: api/1}")
		between(t, c.health, r.Outcomes.Unavailable, 4*100*c.low, 4*100*c.high)
	}
	if r := checked(t, "4", "{every: 2s, fails: 2}", "{at: 10s, kill: api/1, for: 1s}"); r.Outcomes.Unavailable > 4*100+5*20 {
		t.Errorf("%d requests are lost to an instance that is back before the second check", r.Outcomes.Unavailable)
	}
}

// TestAnInstanceIsBackWithItsFirstCheck: it serves again when it passes one, at most an interval after it is back. While nobody is alive the
// balancer answers itself.
func TestAnInstanceIsBackWithItsFirstCheck(t *testing.T) {
	r := checked(t, "1", "{every: 3s, fails: 2}", "{at: 10s, kill: api, for: 12s}")
	between(t, "unavailable", r.Outcomes.Unavailable, 4*400*12, 4*400*15)
	between(t, "of these at api", r.Nodes["api"].Errors["unavailable"], 4*400*3, 4*400*6)
	if r.Events[0].RecoveredAfter < 12 || r.Events[0].RecoveredAfter > 15 {
		t.Errorf("all is well after %g s, want 12 s to 15 s", r.Events[0].RecoveredAfter)
	}
}
