package models

import (
	"slices"

	"headroom/internal/strict"
	"headroom/internal/units"
	"headroom/sim"
)

// What slows a node down.

// instances lists one instance, or, for -1, all that there ever are.
func (m *mortal) instances(instance int32) []int32 {
	if instance >= 0 {
		return []int32{instance}
	}
	var all []int32
	for i := range m.deaths {
		all = append(all, int32(i))
	}
	return all
}

// pace prepares the stations of all instances for a tempo that changes.
func (m *mortal) pace() {
	for _, i := range m.instances(-1) {
		serving, _ := m.stations(i)
		for _, st := range serving {
			st.Pace()
		}
	}
}

// slow lets an instance, or all of them, work so many times slower than without this.
func (m *mortal) slow(instance int32, times float64) {
	for _, i := range m.instances(instance) {
		m.changeTempo(i, append(m.slowed[i], times))
	}
}

// hasten ends what slow began.
func (m *mortal) hasten(instance int32, times float64) {
	for _, i := range m.instances(instance) {
		at := slices.Index(m.slowed[i], times)
		m.changeTempo(i, slices.Delete(m.slowed[i], at, at+1))
	}
}

// changeTempo says by which factors an instance is slowed down: they multiply.
func (m *mortal) changeTempo(i int32, slowed []float64) {
	if m.slowed == nil {
		m.slowed = map[int32][]float64{}
	}
	m.slowed[i] = slowed
	slower := 1.0
	for _, times := range slowed {
		slower *= times
	}
	serving, _ := m.stations(i)
	for _, st := range serving {
		st.SetTempo(1 / slower)
	}
	if x, ok := m.perishable.(*external); ok {
		m.stretch(x, slower)
	}
}

// stretch makes what is left of the latencies under way as long as it is from now on, and those to come.
func (m *mortal) stretch(x *external, slower float64) {
	factor := slower / x.slower
	x.slower = slower
	m.sim.Stretch(m.node, []int32{0}, factor, x.part)
	if m.naps != nil {
		for k := range m.naps[0].frozen {
			f := &m.naps[0].frozen[k]
			f.Left = sim.Nanoseconds(float64(f.Left) * factor)
		}
	}
}

// The stations of machines. A lock is no instance's, and memory no work: a pause leaves both as they are.

func (m *machine) stations(instance int32) (serving, held []*sim.Station) {
	if m.places != nil {
		held = append(held, m.places[instance])
	}
	for _, p := range m.pools {
		held = append(held, p.Stations[instance])
	}
	return []*sim.Station{m.cores[instance]}, held
}

func (n *partitions) stations(instance int32) (serving, held []*sim.Station) {
	serving, held = n.machine.stations(instance)
	if n.pages != nil {
		serving = append(serving, n.pages.disks.Stations[instance])
	}
	return serving, held
}

func (n *stationNode) stations(instance int32) (serving, held []*sim.Station) {
	return at(n.servers, instance), nil
}

func (n *balancer) stations(instance int32) (serving, held []*sim.Station) {
	return at(n.cores, instance), nil
}

func (n *cache) stations(instance int32) (serving, held []*sim.Station) {
	return at(n.cores, instance), nil
}

func (*rateLimiter) stations(int32) (serving, held []*sim.Station) { return nil, nil }
func (*external) stations(int32) (serving, held []*sim.Station)    { return nil, nil }

// at returns the station of an instance, if there are any.
func at(stations []*sim.Station, instance int32) []*sim.Station {
	if stations == nil {
		return nil
	}
	return stations[instance : instance+1]
}

// checkSlow reports nodes that cannot be slowed down, and warns of those that have nothing to slow down.
func (a *Architecture) checkSlow(c *Check, at string, e *Event) {
	k := a.checkStruck(c, at+".slow", e.Slow)
	switch {
	case c.Wrong(at + ".factor"):
	case e.Factor == nil:
		c.Errorf(at, "`factor` is missing: how many times slower is it? Write it such as {at: %s, slow: %s, factor: 5x}", e.At, e.Slow)
	case *e.Factor <= 0 || *e.Factor > mostFactor:
		c.Errorf(at+".factor", "`factor` must be above 0x and at most %s: a node where nothing moves is one of `pause`", mostFactor)
	case *e.Factor == 1:
		c.Warnf(at+".factor", "`factor: 1x` has no effect")
	}
	if _, queue := k.(*Queue); queue {
		c.Errorf(at+".slow", "a queue does no work: slow the worker that takes its messages, or `pause` the queue")
	} else if k != nil && !a.works(k) {
		c.Warnf(at+".slow", "`slow` has no effect: nothing at %s takes time that it could make longer", e.Slow)
	}
}

const mostFactor = units.Factor(1e6)

// works tells whether a node takes time that an event can make longer.
func (a *Architecture) works(k Component) bool {
	takes := func(times ...Time) bool { return slices.ContainsFunc(times, func(t Time) bool { return t.Mean() > 0 }) }
	switch k := asCache(k).(type) {
	case *Server:
		return k.works(a)
	case *Worker:
		return k.works(a)
	case *Database:
		works := k.paged()
		for _, class := range a.Classes {
			works = works || takes(k.Read.of(class).CPU, k.Write.of(class).CPU)
		}
		return works
	case *Station:
		return slices.ContainsFunc(a.Classes, func(class string) bool { return takes(k.Service.of(class)) })
	case *Cache:
		return k.works()
	case *Balancer:
		return takes(k.Work)
	case *External:
		return takes(k.Latency)
	}
	return false
}

// works tells whether some step takes time on a core, or a response does.
func (s *Server) works(a *Architecture) bool {
	found := s.Work != nil && s.Work.Mean() > 0
	for _, h := range s.Handles {
		walk(h.Value, func(st *Step) { found = found || st.CPU != nil && st.CPU.Mean() > 0 })
	}
	return found || slices.ContainsFunc(a.Requests, func(r strict.Pair[RequestClass]) bool { return r.Value.Response.work() > 0 })
}
