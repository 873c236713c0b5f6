package models

import "slices"

// partition returns what parts two regions, and what lets them hear each other again.
func (b *Builder) partition(one, other string) (begin, undo func()) {
	i, k := slices.Index(b.regions, one), slices.Index(b.regions, other)
	tell := func() {
		for _, w := range b.apart {
			w.changed()
		}
	}
	return func() { b.Sim.Sever(i, k); tell() }, func() { b.Sim.Rejoin(i, k); tell() }
}

// parts tells whether some event parts regions.
func (a *Architecture) parts() bool {
	return slices.ContainsFunc(a.Events, func(e Event) bool { return e.Partition != nil })
}

// checkPartition reports what are no two regions.
func (a *Architecture) checkPartition(c *Check, at string, e *Event) {
	for i, region := range e.Partition {
		c.region(at+"."+itoa(i), region)
	}
	if !c.Wrong(at) && (len(e.Partition) != 2 || e.Partition[0] == e.Partition[1]) {
		c.Errorf(at, "a partition is between two regions, such as partition: [us, eu]: give each pair an event of its own")
	}
}
