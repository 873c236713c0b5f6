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

// TestArticleLightResponses: 10 KB → 500 B by fields, 20 items of 10,000, 100 KB → 15 KB by gzip: with all three the network is not the
// bottleneck, without any of them it is full. Gzip takes 20 us of a core per KB, Protocol Buffers 1 us.
func TestArticleLightResponses(t *testing.T) {
	t.Parallel()
	const rate, bandwidth, cores = 2000., 100e6 / 8, 4.
	const profile, list, report = .7, .2, .1
	for _, c := range []struct {
		variant string
		bytes   float64 // of the average response
		cpu     float64 // seconds on a core for it
	}{
		{"", profile*500 + list*2000 + report*15000, .001 + report*.002},
		{"all-fields", profile*10000 + list*2000 + report*15000, .001 + report*.002},
		{"whole-list", profile*500 + list*1e6 + report*15000, .001 + report*.002},
		{"uncompressed", profile*500 + list*2000 + report*100000, .001},
		{"msgpack", profile*500 + list*2000 + report*70000, .001 + report*.0001},
		{"protobuf", profile*500 + list*2000 + report*50000, .001 + report*.0001},
		{"heavy", profile*10000 + list*1e6 + report*100000, .001},
	} {
		r := builtin(t, "light-responses", c.variant, brief...)
		resource, full, within := "network", bandwidth/c.bytes, .03
		if byCPU := cores / c.cpu; byCPU < full {
			resource, full = "cpu", byCPU
		}
		if c.variant == "whole-list" || c.variant == "heavy" {
			within = .15 // of a few hundred lists that are sent: 3 / √400
		}
		if b := r.Bottleneck; b.Resource != resource || !about(b.SaturatesAt, full, within) || meets(r) != (full > rate) {
			t.Errorf("%q: %s saturates at %g/s, want %s at %g/s; met: %v", c.variant, b.Resource, b.SaturatesAt, resource, full, meets(r))
		}
	}
}
