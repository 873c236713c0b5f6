package models

import (
	"headroom/internal/units"
	"headroom/sim"
)

// Memory is what a server or a worker has of it, per instance, in bytes.
type Memory struct{ Total, Base, PerRequest float64 }

// MemoryOf returns the memory of a node by its place in the file; false where requests take none, or there is enough for all.
func (a *Architecture) MemoryOf(node int) (m Memory, ok bool) {
	s, ok := serverOf(a.Nodes[node].Value.Component)
	if !ok || s.fits() == 0 {
		return m, false
	}
	return Memory{float64(*s.Memory), float64(s.BaseMemory), float64(s.PerRequest)}, true
}

// fits is how many requests an instance has memory for; 0: there is no limit.
func (s *Server) fits() int32 {
	if s.Memory == nil || s.PerRequest <= 0 {
		return 0
	}
	return limit(units.Count((*s.Memory - s.BaseMemory) / s.PerRequest))
}

// checkMemory checks that a request fits into the memory, and that what is said of it has an effect.
func (s *Server) checkMemory(c *Check, path string) {
	switch {
	case c.Wrong(path + ".memory"), c.Wrong(path + ".memory_per_request"), c.Wrong(path + ".base_memory"):
	case s.PerRequest == 0:
		c.warnKeys(path, "no request takes memory, as `memory_per_request` would say", "memory", "base_memory")
	case s.Memory == nil:
		c.warnKeys(path, "there is no `memory` to fill", "memory_per_request", "base_memory")
	case s.BaseMemory+s.PerRequest > *s.Memory:
		at := path + ".memory"
		if !c.Given(at) {
			at = path + ".memory_per_request"
		}
		if s.BaseMemory == 0 {
			c.Errorf(at, "a request of %s does not fit into the memory of %s", s.PerRequest, *s.Memory)
			return
		}
		c.Errorf(at, "%s have no room for a request of %s beside the %s that are taken without any", *s.Memory, s.PerRequest, s.BaseMemory)
	}
}

// rooms makes the memory of the instances, as places for as many requests as fit into it; nil where there is no limit. None waits for one:
// who finds none is refused, and a worker takes no message before it has one.
func (s *Server) rooms(b *Builder, name string) []*sim.Station {
	if s.fits() == 0 {
		return nil
	}
	var all []*sim.Station
	r := b.Resource(name, "memory", false)
	for range int(s.Instances.Count) {
		all = append(all, b.Sim.NewStation(r, sim.StationConfig{Servers: s.fits()}))
	}
	return all
}
