package sim

// Answer gives the caller its answer. The call may go on working; End gives its record back.
func (s *Sim) Answer(c *Call, o Outcome) { s.answer(c, c.Request, o) }

func (s *Sim) answer(c *Call, r *Request, o Outcome) {
	c.marks |= spoken
	if c.marks&branch == 0 {
		s.nodes[c.Node].counts.answered(c, s.now, o)
		if o != OK {
			s.edges[c.edge].Errors++
		} else if s.sizes != nil {
			s.carryBack(c)
		}
		if c.passage != 0 {
			s.handBack(c, o)
		}
		if !s.plain && s.network != nil && s.network.answer(c, r, o) {
			return
		}
	}
	s.deliver(c, r, o)
}

// deliver tells whoever waits for a call its answer.
func (s *Sim) deliver(c *Call, r *Request, o Outcome) {
	switch {
	case c.parent != nil:
		if s.hear(c.parent, c, o) {
			s.goOn(c.parent)
		}
	case r.stage&left != 0:
		s.miss()
	default:
		s.answerClient(r, o)
	}
	if c.trail == 0 {
		return
	}
	if c.marks&forked != 0 {
		s.trails.give(c.trail)
	}
	if c.trail == traced {
		s.tracer.answers(s, c, o)
		return
	}
	c.unfollow() // what follows the answer is nobody's waiting
}

// hear tells a call the answer to one that it made, and whether it waits for no other now.
func (s *Sim) hear(p, c *Call, o Outcome) bool {
	if p.wait != c.ticket || p.left == 0 { // nobody waits any more
		if c.marks&branch == 0 && !(o == TimedOut && c.Cancelled()) {
			s.miss()
		}
		return false
	}
	p.left--
	if o == OK {
		p.need--
	} else {
		p.Outcome = o
	}
	if p.left > 0 && (c.marks&branch != 0 || !p.decided()) {
		return false
	}
	if c.marks&forked != 0 && p.trail != 0 {
		if p.marks&uncertain != 0 {
			s.lead(p, c)
		}
		s.trails.add(p.trail, c.trail)
	}
	if c.marks&branch != 0 {
		p.away += c.away
	} else {
		p.away += s.now - p.since
	}
	if p.need <= 0 {
		p.Outcome = OK
	}
	p.Reply = c.Reply
	p.wait++ // answers that come later belong to no wait
	p.left = 0
	return true
}

// miss counts an answer that nobody waits for.
func (s *Sim) miss() {
	if s.measuring {
		s.Unheard++
	}
}

// goOn wakes a call that has its answers.
func (s *Sim) goOn(c *Call) {
	c.marks &^= ends | endsFound
	s.wake(c)
}

// EndsWith lets a call that has made one call end with the answer to it, if this is ok: its node would do nothing else then but to finish it. With
// found the answer must be, too, that a look-up found what it asked for. If that does not come, the node's Resume follows as usual.
func (s *Sim) EndsWith(c *Call, found bool) {
	if found {
		c.marks |= endsFound
	} else {
		c.marks |= ends
	}
}

// Forget lets a call wait no longer for the answers to the calls it made. These go on; their answers are not heard.
func (s *Sim) Forget(c *Call) {
	c.wait++
	c.left = 0
}

// Asked returns when the call sent the calls whose answers it has just got.
func (c *Call) Asked() Time { return c.since }

// decided tells that the answers to come change nothing: enough are ok, or too few can be.
func (c *Call) decided() bool { return c.need <= 0 || c.left < c.need }

// End gives a call's record back. It must have been answered.
func (s *Sim) End(c *Call) { s.end(c, c.Request) }

func (s *Sim) end(c *Call, r *Request) {
	if !s.plain {
		if c.trail == traced {
			s.tracer.ends(s, c, r)
		}
		if s.kin != nil {
			s.kin.remove(c)
		}
	}
	c.wait++
	c.due, c.handler = Never, 0
	s.calls.give(c)
	r.open--
	if r.open == 0 {
		s.retire(r)
	}
}

// Finish answers a call and ends it, and then those who end with it in turn. Most calls have the short way: it is what answer comes to where
// there is nothing else to do. It is no part of its callers, so that what it calls is a part of it.
//
//go:noinline
func (s *Sim) Finish(c *Call, o Outcome) {
	r := c.Request
	for s.plain && uint32(o)|uint32(c.marks&branch)|c.trail == 0 {
		s.nodes[c.Node].counts.answered(c, s.now, OK)
		if s.sizes != nil {
			s.carryBack(c)
		}
		if c.passage != 0 {
			s.handBack(c, OK)
		}
		p := c.parent
		if p == nil {
			if r.stage&left == 0 {
				s.answerClient(r, OK)
			} else {
				s.miss()
			}
			s.end(c, r)
			return
		}
		all := s.hear(p, c, OK)
		s.end(c, r)
		switch {
		case !all:
			return
		case p.marks&ends == 0 && (p.marks&endsFound == 0 || p.Reply != Found):
			s.goOn(p)
			return
		}
		c = p
	}
	s.answer(c, r, o)
	s.end(c, r)
}

func (s *Sim) answerClient(r *Request, o Outcome) {
	r.stage |= answered
	r.Outcome = o
	s.Totals.Ended[o]++
	if r.stage&limited != 0 {
		s.patience[r.Source].Ended[o]++
	}
	if r.Measured {
		cell := s.cellOf(r)
		cell.Ended[o]++
		if !s.plain {
			if s.tracer != nil {
				s.tracer.rank(r, s.now-r.Arrived)
			}
			if s.network != nil {
				s.network.ends(r, o, s.now-r.Arrived)
			}
		}
		if o == OK {
			cell.Layers[r.Layer].recordFine(s.now - r.Arrived)
			if r.trail != 0 {
				s.trails.record(r.trail, s.now-r.Arrived)
			}
		}
	}
	if r.trail != 0 {
		s.trails.give(r.trail)
		r.trail = 0
	}
	if s.heeded {
		if ears := s.sources[r.Source].ears; ears != nil {
			ears.Answered(r)
		}
	}
}

// Settle answers a request ok that made no call: its client had the answer.
func (s *Sim) Settle(r *Request) {
	if s.tracer != nil {
		s.tracer.settles(s, r)
	}
	s.answerClient(r, OK)
	s.retire(r)
}

func (s *Sim) retire(r *Request) {
	if r.Measured {
		s.unfinished--
		if s.background && r.Outcome == OK {
			s.cellOf(r).Done.recordFine(s.now - r.Arrived)
		}
	}
	s.sources[r.Source].live--
	s.requests.give(r)
}
