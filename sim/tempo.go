package sim

import "slices"

// Events change how fast a node works. What is in service at a station is slowed down, sped up, or stopped with it, by the virtual time that
// processor sharing keeps as well; what waits for a delay to end has to be looked for, as whom Strike strikes down.

// Pace prepares a station for SetTempo and Close, before its first call: from then on the speed of its service can change at any moment.
func (st *Station) Pace() {
	st.plain = false
	switch {
	case st.sharing != nil:
		st.sharing.timed = true
	case st.contended == nil:
		st.contended = &contended{newPace(st), st}
	}
}

// SetTempo lets the station work so many times as fast as usual from now on, also on what it has begun. tempo must be above 0.
func (st *Station) SetTempo(tempo float64) {
	if st.shut > 0 {
		st.tempo = tempo // from when it is open again
		return
	}
	st.changeTempo(tempo)
}

func (st *Station) changeTempo(tempo float64) {
	if p := st.sharing; p != nil {
		p.advance()
		p.tempo = tempo
		p.schedule(p.rate())
	} else if p := st.contended; p != nil {
		p.advance(p.speed(st.busy))
		p.tempo = tempo
		p.schedule(p.speed(st.busy))
	}
}

// Close stops the station: what is in service stays where it is, and who comes waits. A place that is held is held on.
func (st *Station) Close() {
	st.tempo = 1
	switch {
	case st.sharing != nil:
		st.tempo = st.sharing.tempo
	case st.contended != nil:
		st.tempo = st.contended.tempo
	}
	st.changeTempo(0)
	st.shut = st.servers
	if st.sharing == nil {
		st.servers = 0
	}
}

// Open lets a closed station go on where it was. places tells that its servers are held rather than serve.
func (st *Station) Open(places bool) {
	st.servers, st.shut = st.shut, 0
	st.changeTempo(st.tempo)
	for st.busy < st.servers {
		c := st.next()
		switch {
		case c == nil:
			return
		case places:
			st.grant(c)
		default:
			st.start(c)
		}
	}
}

// Frozen is a call for which time stands still.
type Frozen struct {
	Call    *Call
	Left    Time // of its delay
	handler uint32
	wait    uint32 // of the call: it tells whether the record is still the same call's
}

// delayed goes through the calls at some instances of a node that wait for a delay of the node's to end, rather than at
// a station or for an answer.
func (s *Sim) delayed(node uint32, instances []int32, yield func(c *Call)) {
	for c := range s.UnderWay() {
		if c.Node == node && c.due != Never && c.state == idle && c.marks&uncertain == 0 && slices.Contains(instances, c.Instance) {
			yield(c)
		}
	}
}

// Freeze stops the delays under way at some instances of a node. It must be called by the handler of an event.
func (s *Sim) Freeze(node uint32, instances []int32) []Frozen {
	var all []Frozen
	s.delayed(node, instances, func(c *Call) {
		all = append(all, Frozen{c, c.due - s.now, c.handler, c.wait})
		s.Revoke(c)
	})
	return all
}

// Thaw lets a delay go on, and tells whether its call is still there.
func (s *Sim) Thaw(f Frozen) bool {
	if f.Call.wait != f.wait || f.Call.due != Never {
		return false
	}
	s.After(f.Call, f.handler, f.Left)
	return true
}

// Stretch makes what is left of the delays under way at some instances of a node so many times as long; it counts what that adds, or takes
// away, as a part of their requests' time.
func (s *Sim) Stretch(node uint32, instances []int32, factor float64, part int32) {
	s.delayed(node, instances, func(c *Call) {
		left := c.due - s.now
		stretched := Nanoseconds(float64(left) * factor)
		s.SpendNext(c, part, stretched-left)
		s.After(c, c.handler, stretched)
	})
}
