package sim

// Who waits for the answers to calls may give them up. What was asked for goes on at its callees all the same, and takes their time for an
// answer that nobody waits for, unless it is cancelled.

// Uncertain tells that what a call waits for from now on may be given up, or have a copy, or no longer: which of its calls was waited for to
// the end is not known before it is over.
func (s *Sim) Uncertain(c *Call, yes bool) {
	if c.marks &^= uncertain; yes {
		c.marks |= uncertain
	}
}

// Again lets a call wait for the first answer that is ok of one call more, which it sends now.
func (s *Sim) Again(c *Call) {
	c.left++
	s.abandon(c)
}

// abandon takes notice that there may be answers that nobody waits for.
func (s *Sim) abandon(c *Call) {
	s.abandons = true
	c.Request.stage |= gaveUp
}

// Idle lets a call do nothing for a time, which is the part's of its request, and none of its node's own.
func (s *Sim) Idle(c *Call, part int32, d Time) {
	c.away += d
	s.SpendNext(c, part, d)
}

// Waited adds what a call has waited in a queue that it left to a part of its request's time.
func (s *Sim) Waited(c *Call, part int32) { s.Spend(c, part, s.now-c.since) }

// GiveUp lets a call wait no longer for the answers to the calls it made. The time that it waited for them is the part's of its request.
func (s *Sim) GiveUp(c *Call, part int32) {
	if c.left > 0 { // else they have just come
		s.Missed(c, part)
	}
	s.Forget(c)
	s.abandon(c)
}

// Missed adds what a call has waited for an answer that it does not get to a part of its request's time.
func (s *Sim) Missed(c *Call, part int32) {
	c.away += s.now - c.since
	s.Spend(c, part, s.now-c.since)
}

// lead adds what a call waited before it made another one of the same kind, whose answer was the first, to the part that its node has for
// such.
func (s *Sim) lead(p, c *Call) {
	before := s.now - p.since
	for _, d := range s.trails.of(c.trail) {
		before -= d
	}
	if before > 0 {
		s.Spend(p, s.nodes[p.Node].leads, before)
	}
}

// Leads says which part of a request's time it is that a node's calls wait before they make another one of the same kind.
func (s *Sim) Leads(node uint32, part int32) { s.nodes[node].leads = part }

// awaited tells whether somebody waits for what a call does: its caller for its answer, and so on up to the client. What follows an answer
// is done for its own sake.
func (s *Sim) awaited(c *Call) bool {
	for c.parent != nil && c.marks&spoken == 0 {
		p := c.parent
		if p.wait != c.ticket || p.left == 0 {
			return false
		}
		c = p
	}
	return c.marks&spoken != 0 || c.Request.stage&left == 0
}

// ComeAgain notes for a limiter that refuses a call when it says that the call's request may come again.
func (s *Sim) ComeAgain(c *Call, at Time) {
	if int(c.Request.ID) >= len(s.resets) {
		s.resets = append(s.resets, make([]Time, int(s.requests.n)-len(s.resets))...)
	}
	s.resets[c.Request.ID] = at
}

// Reset returns when a call's request may come again, by the last limiter that refused one of its calls; 0: none did.
func (s *Sim) Reset(c *Call) Time {
	if int(c.Request.ID) >= len(s.resets) {
		return 0
	}
	return s.resets[c.Request.ID]
}
