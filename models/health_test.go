package models

import (
	"math"
	"slices"
	"testing"

	"headroom/internal/units"
	"headroom/sim"
)

// clinic is a roster of targets that a test kills and revives, for requests of many clients.
type clinic struct {
	*roster
	s    *sim.Sim
	life *mortal
	n    uint64
}

func newClinic(algorithm string, targets int) *clinic {
	s := sim.New(sim.Config{Classes: 1, Sources: 1})
	s.AddSource(nil, sim.Never, nil)
	life := &mortal{sim: s, count: targets, deaths: make([]int32, targets)}
	r := &roster{sim: s, check: HealthCheck{Every: units.Second, Fails: 1}, timer: s.Timer()}
	for i := range targets {
		r.targets, r.lives, r.weights = append(r.targets, target{0, int32(i)}), append(r.lives, life), append(r.weights, 1)
	}
	r.make = func(weights []float64, numbered []int32) picker { return newPicker(algorithm, s, weights, 2, numbered) }
	r.handler = s.Handle(r)
	r.begin()
	return &clinic{roster: r, s: s, life: life}
}

// hold sets how many events hold a target down, and lets its check go by.
func (c *clinic) hold(target, events int32) {
	c.life.deaths[target] = events
	c.changed()
	c.s.RunUntil(c.s.Now() + sim.Second)
}

// picked returns who takes the call of a client.
func (c *clinic) picked(client uint64) int {
	c.n++
	r := c.s.NewRequest(0, 0, client, sim.Mix(client, c.n), c.n)
	return c.pick(&sim.Call{Request: r, Rand: sim.NewRand(sim.Mix(client, c.n))})
}

var algorithms = []string{"round-robin", "least-connections", "ip-hash", "weighted", "weighted-random", "random", "power-of-two", "least-response-time"}

// TestWhoIsOutGetsNothing, and the others share what it had; when it is back it has its share again. Nobody is left where all are out.
func TestWhoIsOutGetsNothing(t *testing.T) {
	for _, algorithm := range algorithms {
		c := newClinic(algorithm, 4)
		spread := func(alive int) {
			t.Helper()
			var got [4]int
			const calls = 4000
			for i := range uint64(calls) {
				to := c.picked(i)
				got[to]++
				c.answered(to, sim.Second, true)
			}
			for i, n := range got {
				want := float64(calls) / float64(alive)
				if c.life.deaths[i] > 0 {
					want = 0
				}
				if math.Abs(float64(n)-want) > 5*math.Sqrt(want) && !(algorithm == "least-response-time" && want > 0) { // that one always takes the first of equals
					t.Errorf("%s: target %d of %d alive gets %d, want %.0f", algorithm, i, alive, n, want)
				}
			}
		}
		spread(4)
		c.hold(2, 1)
		spread(3)
		c.hold(0, 1)
		spread(2)
		c.hold(2, 0)
		spread(3)
		for i := range int32(4) {
			c.hold(i, 1)
		}
		if to := c.picked(1); to != nobody {
			t.Errorf("%s: %d takes a call, and all are out", algorithm, to)
		}
		c.hold(3, 0)
		if to := c.picked(1); to != 3 {
			t.Errorf("%s: %d takes a call, and 3 alone is back", algorithm, to)
		}
	}
}

// TestClientsStayWithTheLiving: only those of the dead instance go elsewhere, and they come back to it.
func TestClientsStayWithTheLiving(t *testing.T) {
	c := newClinic("ip-hash", 5)
	all := func() (to []int) {
		for client := range uint64(1000) {
			to = append(to, c.picked(client))
		}
		return to
	}
	before := all()
	c.hold(3, 1)
	for client, to := range all() {
		if to != before[client] && before[client] != 3 {
			t.Fatalf("client %d goes from %d to %d when 3 dies", client, before[client], to)
		}
	}
	c.hold(3, 0)
	if after := all(); !slices.Equal(before, after) {
		t.Error("clients do not come back to where they were")
	}
}

// TestCountsOutliveTheOutage: who goes by the calls under way still knows of those that began before; who is back has none, and gets the
// next ones.
func TestCountsOutliveTheOutage(t *testing.T) {
	for _, algorithm := range []string{"least-connections", "power-of-two", "least-response-time"} {
		c := newClinic(algorithm, 2)
		for range 10 {
			c.picked(1)
		}
		if c.under[0] != 5 {
			t.Fatalf("%s: %v under way", algorithm, c.under)
		}
		c.hold(1, 1)
		for range 5 {
			c.answered(1, sim.Second, false)
			c.picked(1)
		}
		c.hold(1, 0)
		for range 10 {
			if to := c.picked(1); to != 1 {
				t.Errorf("%s: %d takes a call, with %v under way", algorithm, to, c.under)
			}
		}
		for range 10 { // and all of them can be answered
			c.answered(0, sim.Second, true)
			c.answered(1, sim.Second, true)
		}
		if c.under[0]+c.under[1] != 0 {
			t.Errorf("%s: %v under way, and all are answered", algorithm, c.under)
		}
	}
}
