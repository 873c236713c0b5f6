package sim

import (
	"iter"
	"slices"
)

// Where an instance dies, its visits end before their time: they are struck down, wherever they wait or work; their node takes them out of
// what they wait for together with visits to other instances, lets go of what they hold there, and ends them. The calls that they made go
// on, as if nothing had happened to who waits for them; their answers are not heard.

// UnderWay goes through the visits that have not ended, and their branches, answered or not: it looks at every record.
func (s *Sim) UnderWay() iter.Seq[*Call] {
	return func(yield func(*Call) bool) {
		for c := range s.calls.inUse(func(c *Call) uint32 { return c.ID }) {
			if c.Request != nil && !yield(c) {
				return
			}
		}
	}
}

// Strike stops all that the visits to some instances wait for and returns them, branches included; none of them goes on by itself any more.
// Their requests are no longer followed part by part, since what they asked others for goes on beside them.
//
// It must be called by the handler of an event, when no call is about to be resumed.
func (s *Sim) Strike(node uint32, instances []int32) []*Call {
	var struck []*Call
	requests := map[*Request]bool{}
	for c := range s.UnderWay() {
		if c.Node == node && slices.Contains(instances, c.Instance) {
			struck = append(struck, c)
			s.Revoke(c)
			s.Forget(c)
			if r := c.Request; r.trail != 0 {
				requests[c.Request] = true
			}
		}
	}
	if len(requests) > 0 {
		s.unfollow(requests)
	}
	return struck
}

// unfollow gives up the trails of requests.
func (s *Sim) unfollow(requests map[*Request]bool) {
	for c := range s.UnderWay() {
		if !requests[c.Request] || c.trail == 0 {
			continue
		}
		if c.marks&forked != 0 {
			s.trails.give(c.trail)
		}
		c.unfollow()
		if r := c.Request; r.trail != 0 {
			s.trails.give(r.trail)
			r.trail = 0
		}
	}
}

// Lose lets the answer to a call be lost on its way: its caller waits on.
func (s *Sim) Lose(c *Call) { c.ticket-- }

// Heard tells whether somebody waits for the answer to a call, and would get it if it left now.
func (s *Sim) Heard(c *Call) bool {
	return c.parent == nil || c.passage != 0 || s.heeds(c) // nodes that it passed wait
}

// heeds tells whether the parent of a call still waits for it, and would get the answer if it left now.
func (s *Sim) heeds(c *Call) bool {
	p := c.parent
	return p.wait == c.ticket && p.left > 0 && !(s.network != nil && s.network.cuts(c))
}

// Clear empties the station of all who are served there, hold a place, or wait. They must have been struck down.
func (st *Station) Clear() {
	st.stats.spent += uint64(st.sim.now) * st.present()
	clear(st.queues)
	clear(st.serving)
	if p := st.sharing; p != nil {
		p.clear()
		p.present = 0
	}
	if p := st.contended; p != nil {
		p.clear()
	}
	for _, d := range st.shed {
		d.forget()
	}
	st.count(0, 0)
}

// clear lets nobody be served any more.
func (p *pace) clear() {
	p.heap, p.since = p.heap[:0], p.sim.now
	p.sim.Revoke(p.timer)
}

// Leave takes a call that was struck down while it waited out of the queue.
func (st *Station) Leave(c *Call) {
	st.unlink(c)
	st.leave()
	c.state = idle
}

// Unpark takes a call that was struck down away from the gate where it waited.
func (s *Sim) Unpark(g *Gate, c *Call) { g.waiting.remove(s, c) }
