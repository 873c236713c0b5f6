package experiments_test

import (
	"math"
	"strings"
	"testing"
)

// places has clients on two sides of an ocean, and servers and a cache on both.
const places = `
run: {requests: 40k, replications: 2}
regions: {rtt: {us: {eu: 80ms}}, last_mile: 8ms, local_rtt: 2ms}
data: {items: {keys: 10k, popularity: zipf(1), size: 1KB}}
requests: {get: {data: items, response: 10KB}}
traffic: {people: {enters: lb, rate: 500/s, regions: {us: 50%, eu: 50%}}}
nodes:
  lb: {kind: load-balancer, algorithm: nearest, to: api}
  api: {kind: server, place: {us: 2, eu: 2}, cores: unlimited, handles: {get: [cpu: exp(1ms), read: redis]}}
  redis: {kind: cache, place: {us: 1, eu: 1}, entries: 1k, origin: db}
  db: {kind: database, region: us, cores: unlimited, read: exp(5ms)}`

// TestNoDistanceIsNoNetwork: with all round trips 0 the latencies are those of the same nodes without regions, to the last digit.
func TestNoDistanceIsNoNetwork(t *testing.T) {
	t.Parallel()
	near := strings.NewReplacer("80ms", "0s", "8ms, local_rtt: 2ms", "0s, local_rtt: 0s", "place: {us: 2, eu: 2}", "region: us, instances: 4",
		"place: {us: 1, eu: 1}", "region: us", "nearest", "round-robin").Replace(places)
	none := strings.NewReplacer("regions: {rtt: {us: {eu: 0s}}, last_mile: 0s, local_rtt: 0s}", "", ", regions: {us: 50%, eu: 50%}", "", "region: us, ", "", ", region: us", "").Replace(near)
	a, b := run(t, near), run(t, none)
	if a.Latency.Mean != b.Latency.Mean || a.Latency.P99 != b.Latency.P99 || a.Latency.Max != b.Latency.Max || a.Nodes["redis"].Cache.Hits != b.Nodes["redis"].Cache.Hits {
		t.Errorf("without distance %+v, without regions %+v", a.Latency, b.Latency)
	}
}

// TestEachRegionUsesItsOwn: with the nearest of everything, a client in us goes nowhere else, and one in eu pays for the ocean only where
// the cache beside it misses.
func TestEachRegionUsesItsOwn(t *testing.T) {
	t.Parallel()
	r := run(t, places)
	miss := 1 - float64(r.Nodes["redis"].Cache.HitRatio)
	// The last mile, 2 ms from the balancer to the server and from there to its cache, and past it another 2 ms to store, and 2 or 80 ms to the database.
	us := .008 + .002 + .001 + .002 + miss*(.002+.002+.005)
	eu := .008 + .002 + .001 + .002 + miss*(.002+.080+.005)
	by := func(name string, want float64) {
		g := r.Regions[name].Latency
		near(t, "mean in "+name, g.Mean, want, 4*float64(g.CI95.Mean[1]-g.Mean)+.01*want)
	}
	by("us", us)
	by("eu", eu)
	if r.Regions["us"].Latency.Max > .08 {
		t.Errorf("a client in us waited %v: it crossed the ocean", r.Regions["us"].Latency.Max)
	}
}

// TestRoundTripsMayVary: half of one is drawn for each call and taken on both ways; the mean is the distribution's.
func TestRoundTripsMayVary(t *testing.T) {
	t.Parallel()
	r := run(t, `
run: {requests: 100k, replications: 2}
regions: {rtt: {us: {eu: exp(80ms)}}}
traffic: {people: {enters: x, rate: 100/s, regions: {eu: 100%}}}
nodes: {x: {kind: external, region: us, latency: 0s}}`)
	n := float64(r.Latency.Count)
	near(t, "mean", r.Latency.Mean, .08, 4*.08/math.Sqrt(n))
	near(t, "p99", r.Latency.P99, -.08*math.Log(.01), 4*.08*math.Sqrt(.99/.01/n)+.02*.37) // and what the histogram rounds
}

// TestPricePerGigabyte is paid for what a node answers, and for nothing else.
func TestPricePerGigabyte(t *testing.T) {
	t.Parallel()
	r := run(t, places)
	if r.Cost.PerMonth.Known() && r.Cost.PerMonth != 0 {
		t.Errorf("nothing has a price, and all costs %v", r.Cost.PerMonth)
	}
	r = run(t, strings.Replace(places, "kind: load-balancer,", "kind: load-balancer, price: $0.10/GB,", 1))
	want := float64(r.Load.Offered) * 10e3 / 1e9 * 3600 * 730 * .10
	near(t, "cost per month", r.Cost.PerMonth, want, .01*want)
}
