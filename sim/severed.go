package sim

// Regions that are severed do not hear each other: who calls across learns at once that nobody can be reached, and an answer that cannot leave
// is lost, which its caller learns as soon, as if the connection broke. What is on its way already arrives.

// Sever parts two regions of the network. Each Sever takes a Rejoin of its own.
func (s *Sim) Sever(a, b int) { s.network.sever(a, b, 1) }

// Rejoin ends what Sever began.
func (s *Sim) Rejoin(a, b int) { s.network.sever(a, b, -1) }

// Severed tells whether two regions do not hear each other now.
func (s *Sim) Severed(a, b int) bool {
	return s.network != nil && s.network.severed != nil && s.network.severed[a*s.network.Regions+b] > 0
}

func (w *network) sever(a, b int, d int32) {
	if w.severed == nil {
		w.severed = make([]int32, w.Regions*w.Regions)
	}
	w.severed[a*w.Regions+b] += d
	w.severed[b*w.Regions+a] += d
}

// unreachable ends a call that cannot leave: its visit never begins.
func (w *network) unreachable(c *Call) {
	s := w.sim
	r := c.Request
	s.edges[c.edge].Errors++
	s.deliver(c, r, Unavailable)
	s.end(c, r)
}

// cuts tells whether the answer to a call cannot leave now.
func (w *network) cuts(c *Call) bool {
	if w.severed == nil {
		return false
	}
	j := &w.journeys[c.ID]
	return w.severed[int(j.region)*w.Regions+int(j.caller.region)] > 0
}

// loses tells whether the answer to a call cannot leave; its caller learns that then.
func (w *network) loses(c *Call, r *Request, o Outcome) bool {
	if !w.cuts(c) {
		return false
	}
	if o == OK {
		w.sim.edges[c.edge].Errors++
	}
	w.sim.deliver(c, r, Unavailable)
	return true
}
