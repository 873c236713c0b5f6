package sim

// Attendant does chores: work that no request asks for, such as moving data. Its records wait at stations as calls do, and take the time of
// those who come after them; they are no visits and belong to no request, so that nothing else counts them.
type Attendant interface {
	// Resume goes on with a chore that has had its service.
	Resume(c *Call)
}

// Attend registers who does chores, and returns its number, for Chore.
func (s *Sim) Attend(a Attendant) uint32 {
	s.nodes = append(s.nodes, &node{impl: attendant{a}, counter: -1, counts: newVisitCounts(0)})
	return uint32(len(s.nodes) - 1)
}

// Chore returns a record to do chores with. class says with which priority it is served, and seed where its random numbers come from.
func (s *Sim) Chore(by uint32, class uint16, seed uint64) *Call {
	c := s.Timer()
	c.Node, c.Class, c.Instance, c.trail, c.Rand = by, class, 0, 0, NewRand(seed)
	return c
}

// attendant is at no node, so that nothing ever comes there.
type attendant struct{ Attendant }

func (attendant) Enter(*Call) { panic("sim: a call to an attendant") }
