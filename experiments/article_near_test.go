package experiments_test

import (
	"math"
	"testing"
)

// TestArticleCDN: a user in Tokyo waits 200 ms for New York, and 20 ms for the edge in Tokyo; most requests never reach the origin, which
// sends so much less; and the bill for bandwidth falls with it.
func TestArticleCDN(t *testing.T) {
	t.Parallel()
	with, without := builtin(t, "cdn", "", brief...), builtin(t, "cdn", "without-cdn", brief...)
	if !meets(with) || meets(without) {
		t.Errorf("met with edges: %v, without: %v", meets(with), meets(without))
	}
	// The way there and back, its own last mile and that of New York, and 12 ms of work.
	for region, rtt := range map[string]float64{"new-york": 0, "london": .075, "tokyo": .180, "sydney": .210, "sao-paulo": .120} {
		near, far := float64(with.Regions[region].Latency.P50), float64(without.Regions[region].Latency.P50)
		if math.Abs(near-.020) > .001 || math.Abs(far-.020-rtt) > .003 {
			t.Errorf("in %s the edge takes %g s, want 20 ms, and New York %g s, want %g s", region, near, far, .020+rtt)
		}
	}
	hits, load := float64(with.Nodes["cdn"].Cache.HitRatio), float64(with.Nodes["origin"].Throughput/with.Load.Offered)
	if hits < .8 || math.Abs(load-(1-hits)) > .002 {
		t.Errorf("of all requests %g are found at the edges, and %g reach the origin", hits, load)
	}
	if saved := float64(with.Cost.PerMonth / without.Cost.PerMonth); saved > .5 {
		t.Errorf("the bill is %g of what it was", saved)
	}
	small, shield := builtin(t, "cdn", "small-edges", brief...), builtin(t, "cdn", "shield", brief...)
	if origin := with.Nodes["origin"].Throughput; small.Nodes["origin"].Throughput < 2*origin || shield.Nodes["origin"].Throughput > .8*origin {
		t.Errorf("%g/s reach the origin, %g/s past small edges, %g/s past a shield", origin, small.Nodes["origin"].Throughput, shield.Nodes["origin"].Throughput)
	}
}
