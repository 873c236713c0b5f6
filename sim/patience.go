package sim

// Patience is how long the clients of a source wait for their answers, who do nothing else about it than to give up. What they asked for goes on
// then, and its answer is not heard.
//
// A request that nobody follows needs no record of its client's waiting: an event that finds it answered, as most do, is nobody's.
type Patience struct {
	sim    *Sim
	source uint16
	wait   Time

	// What became of the requests that were started with it: GaveUp are among those that ended as TimedOut.
	Started, GaveUp int64
	Ended           [Outcomes]int64
}

// NewPatience registers how long the clients of a source wait.
func (s *Sim) NewPatience(source uint16, wait Time) *Patience {
	p := &Patience{sim: s, source: source, wait: wait}
	if n := int(source) + 1 - len(s.patience); n > 0 {
		s.patience = append(s.patience, make([]*Patience, n)...)
	}
	s.patience[source] = p
	return p
}

// ofClient marks the events that a client gives up, which name a source and a request in place of a handler and a call.
const ofClient = 1 << 63

// Start makes the first call of a request that has just arrived. False: somebody would notice that the client does not wait at a node.
//
//go:noinline
func (p *Patience) Start(r *Request, edge uint16, op Op) bool {
	s := p.sim
	if !s.plain || r.trail != 0 {
		return false
	}
	ring := s.ring(p.wait)
	if ring < 0 {
		return false
	}
	p.Started++
	r.stage |= limited
	s.pushRing(ring, event{s.now + p.wait, ofClient | uint64(p.source)<<32 | uint64(r.ID)})
	s.Start(r, edge, op)
	return true
}

// patient returns the request whose client gives up with an event, nil if it has its answer. The record may be another request's by now: one that
// arrived with it from the same source gives up at the same moment anyhow.
func (s *Sim) patient(e event) *Request {
	r, source := s.requests.at(uint32(e.who)), uint16(e.who>>32)
	if r.stage&(limited|answered) != limited || r.Source != source || r.Arrived+s.patience[source].wait != e.at {
		return nil
	}
	return r
}

// leave lets a client give up.
func (s *Sim) leave(e event) {
	r := s.patient(e)
	if r == nil {
		return
	}
	s.now = e.at
	s.Totals.Events++
	s.patience[r.Source].GaveUp++
	s.abandons = true
	r.stage |= gaveUp | left
	s.answerClient(r, TimedOut)
}

// Reset starts the counts anew.
func (p *Patience) Reset() { p.Started, p.GaveUp, p.Ended = 0, 0, [Outcomes]int64{} }

// Waiting counts, by looking at every record, the clients that wait.
func (p *Patience) Waiting() int64 {
	n := int64(0)
	for r := range p.sim.unanswered() {
		if r.stage&limited != 0 && r.Source == p.source {
			n++
		}
	}
	return n
}
