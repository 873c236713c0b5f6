package models

import (
	"strings"

	"headroom/sim"
)

// PerEach tells whether each instance of a node has a resource of its own: locks are shared by all of them.
func PerEach(r *sim.Resource) bool { return !strings.HasPrefix(r.Name, "locks.") }

// Widen lets the nodes whose number of instances is chosen have so many times as much of each resource, before the simulation begins.
func (b *Builder) Widen(times int32) {
	for i, rs := range b.Resources {
		if b.a.Auto(i) == 0 {
			continue
		}
		for _, r := range rs {
			for _, st := range r.Stations {
				if PerEach(r) {
					st.Widen(times)
				}
			}
		}
	}
}
