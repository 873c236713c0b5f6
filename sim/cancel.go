package sim

import "slices"

// Calls that are given up can be cancelled, with all that is waited for there.

// A Canceller is a node whose visits can be ended before their time. What waits in a queue leaves it; what is being worked on, or waits for
// others, is ended only where running is true. Ended visits are answered as TimedOut.
type Canceller interface{ Cancel(c *Call, running bool) }

// Cancel ends what a call waited for last, and does no longer, and what is waited for there, as far as it can be: what is on its way comes
// to its node, and what has just got what it waited for goes on.
func (s *Sim) Cancel(c *Call, running bool) {
	k := s.kin
	k.found = k.asked(c, c.wait-1, k.found[:0])
	for _, id := range k.found {
		of := s.calls.at(id)
		n, ok := s.nodes[of.Node].impl.(Canceller)
		if !ok {
			continue
		}
		of.marks |= cancelled
		if !slices.Contains(s.ready, of) {
			n.Cancel(of, running)
		}
	}
}

// Share tells that what a call asks for from now on is for others as well: it is not cancelled with it.
func (s *Sim) Share(c *Call) { c.marks |= shared }

// Cancelled tells that nobody wants a call's answer, and that it has been told.
func (c *Call) Cancelled() bool { return c.marks&cancelled != 0 }

// kin knows which calls each call has made that have not ended.
type kin struct {
	sim   *Sim
	of    []relatives // by call
	found []uint32
}

type relatives struct {
	parent     uint32 // 0: none is known
	first      uint32 // of those it made
	prev, next uint32 // made by the same
}

func newKin(s *Sim) *kin { return &kin{sim: s} }

func (k *kin) add(c *Call) {
	parent := c.Parent()
	k.of = reach(reach(k.of, c.ID), parent)
	first := k.of[parent].first
	k.of[c.ID] = relatives{parent: parent, next: first}
	if first != 0 {
		k.of[first].prev = c.ID
	}
	k.of[parent].first = c.ID
}

// remove forgets a call that ends; those it made belong to nobody then.
func (k *kin) remove(c *Call) {
	if int(c.ID) >= len(k.of) {
		return
	}
	r := k.of[c.ID]
	for id := r.first; id != 0; {
		next := k.of[id].next
		k.of[id].parent, k.of[id].prev, k.of[id].next = 0, 0, 0
		id = next
	}
	if r.parent != 0 {
		if r.prev == 0 {
			k.of[r.parent].first = r.next
		} else {
			k.of[r.prev].next = r.next
		}
		if r.next != 0 {
			k.of[r.next].prev = r.prev
		}
	}
	k.of[c.ID] = relatives{}
}

// asked appends the calls of one of a call's waits that are not answered, each before those that it waits for itself.
func (k *kin) asked(c *Call, ticket uint32, to []uint32) []uint32 {
	if int(c.ID) >= len(k.of) {
		return to
	}
	for id := k.of[c.ID].first; id != 0; id = k.of[id].next {
		of := k.sim.calls.at(id)
		if of.ticket != ticket || of.marks&spoken != 0 {
			continue
		}
		if to = append(to, id); of.left > 0 && of.marks&shared == 0 {
			to = k.asked(of, of.wait, to)
		}
	}
	return to
}

// Interrupt takes a call out of its service for good.
func (st *Station) Interrupt(c *Call) {
	done := c.work
	switch {
	case st.sharing != nil:
		p := st.sharing
		p.advance()
		left, begun := p.interrupt(c)
		if done -= left; p.timed {
			done = Time(p.cores) - begun
		}
		p.count(-1)
		p.schedule(p.rate())
	case st.contended != nil:
		done, _ = st.contended.interrupt(c)
	default:
		done -= c.due - st.sim.now
		st.sim.Revoke(c)
	}
	if st.serving != nil {
		st.serving[st.level(c)].remove(st.sim, c)
	}
	st.resource.finished(st.sim, c, done)
	st.leave()
	c.state = idle
	if st.sharing != nil {
		return
	}
	st.vacate()
	if n := st.next(); n != nil {
		st.start(n)
	}
	if st.contended != nil {
		st.contended.schedule(st.contended.speed(st.busy))
	}
}

// Waits tells whether a call waits in a queue.
func (c *Call) Waits() bool { return c.state == queued || c.state == applying }

// Served tells whether a call is being served.
func (c *Call) Served() bool { return c.state == inService }
