package experiments_test

import (
	"math"
	"testing"
)

// TestResizedServersCarryTheLoad: who gets too much for four carries it with eight, and loses nothing when half of them go again.
func TestResizedServersCarryTheLoad(t *testing.T) {
	r := run(t, `
run: {duration: 60s, warmup: 5s}
traffic: {u: {enters: lb, rate: 1k/s}}
nodes:
  lb: {kind: load-balancer, to: api, algorithm: least-connections}
  api: {kind: server, instances: 4, cores: 2, work: exp(5ms), price: $1/h}
events: [{at: 20s, resize: api, instances: 8, for: 20s}]`)
	for i, at := range r.Series.T {
		want := 5. / 8
		if at >= 20 && at < 40 {
			want = 5. / 16
		}
		if got := float64(r.Series.Nodes["api"].CPU[i]); math.Abs(got-want) > .12*want { // 4000 jobs in a bucket: 5 standard deviations are 11%
			t.Errorf("at %g s the cores are used %g, want %g", at, got, want)
		}
	}
	mean := (4*40 + 8*20) / 60.
	near(t, "cores", r.Nodes["api"].Resources["cpu"].Capacity, 2*mean, 1e-9)
	near(t, "utilization", r.Nodes["api"].Resources["cpu"].Utilization, 5./2/mean, .02)
	near(t, "cost", r.Cost.PerMonth, 730*mean, 1e-6)
	if r.ErrorRate != 0 || r.Nodes["api"].Instances != 5 {
		t.Errorf("%g of the requests fail with %d instances on average", r.ErrorRate, r.Nodes["api"].Instances)
	}
}

// TestKeysMoveWithTheRing: a fifth cache instance takes a fifth of the keys from the others, and one of four that goes leaves a quarter to
// them; no other key must be fetched anew. With 100 points for each instance a share is off by a tenth (1/√100), of which these are three.
func TestKeysMoveWithTheRing(t *testing.T) {
	of := func(events string) float64 {
		r := run(t, `
run: {duration: 30s, warmup: 2s}
data: {items: {keys: 2k}}
requests: {get: {data: items}}
traffic: {u: {enters: redis, rate: 2k/s}}
nodes: {redis: {kind: cache, instances: 4, mode: through, entries: 2k, origin: x}, x: {kind: external}}
`+events)
		return float64(r.Nodes["redis"].Cache.Misses) / 4
	}
	if moved := of("events: [{at: 5s, resize: redis, instances: 5}]"); math.Abs(moved-400) > 120 {
		t.Errorf("a fifth instance makes %g of 2000 keys move, want a fifth", moved)
	}
	if moved := of("events: [{at: 5s, resize: redis, instances: 3}]"); math.Abs(moved-500) > 150 {
		t.Errorf("without one of four %g of 2000 keys move, want a quarter", moved)
	}
}

// TestWorkersFollowTheirNumber: two of three workers that go finish what they have, and take nothing more.
func TestWorkersFollowTheirNumber(t *testing.T) {
	r := run(t, `
run: {duration: 60s, warmup: 5s}
traffic: {u: {enters: jobs, rate: 10/s}}
nodes:
  jobs: {kind: queue, to: hands}
  hands: {kind: worker, instances: 1, cores: 1, work: 200ms}
events: [{at: 0s, resize: hands, instances: 3, for: 40s}]`)
	q := r.Nodes["jobs"].Queue
	if q.Dead > 0 || q.Redelivered > 0 {
		t.Errorf("%d jobs are dead and %d come again", q.Dead, q.Redelivered)
	}
	depth := r.Series.Nodes["jobs"].Queue
	early, late := depth[len(depth)/2], depth[len(depth)-1]
	if early > 5 || math.Abs(float64(late)-20*5) > 40 {
		t.Errorf("%g messages wait for three workers, %g after 20 s of one that can do half of them", early, late)
	}
}
