package models

import "headroom/sim"

// What is cancelled leaves the queue that it waits in; what is being worked on, or waits for others, ends only where the whole of it is
// cancelled. See sim.Canceller.

// Cancel implements sim.Canceller.
func (m *machine) Cancel(c *sim.Call, running bool) {
	i := m.standing(c)
	if i == nil {
		if m.places != nil && c.Waits() {
			m.sim.Revoke(c)
			m.places[c.Instance].Leave(c)
			m.turnAway(c, sim.TimedOut)
		}
		return
	}
	switch i.do {
	case doCPU:
		if !leaveStation(m.sim, m.cores[c.Instance], c, running) {
			return
		}
	case takePool:
		if !leaveStation(m.sim, i.pool.Stations[c.Instance], c, false) {
			return
		}
	case takeLock:
		if !c.Waits() {
			return
		}
		i.lock.leave(c)
	case doPage:
		if !leaveStation(m.sim, i.partitions.pages.disks.Stations[c.Instance], c, running) {
			return
		}
	case doAwait:
		m.detach(c)
	default:
		if !running {
			return
		}
		m.sim.Forget(c)
		m.hangUp(c)
	}
	m.sim.Revoke(c)
	c.Outcome = sim.TimedOut
	m.loseTry(c, i)
	m.fail(c, i)
}

// leaveStation takes a call out of the queue of a station, or out of its service, and tells whether it was there to be taken.
func leaveStation(s *sim.Sim, st *sim.Station, c *sim.Call, running bool) bool {
	switch {
	case c.Waits():
		s.Revoke(c)
		st.Leave(c)
	case running && c.Served():
		st.Interrupt(c)
	default:
		return false
	}
	return true
}

// Cancel implements sim.Canceller.
func (n *stationNode) Cancel(c *sim.Call, running bool) {
	if leaveStation(n.sim, n.servers[c.Instance], c, running) {
		n.sim.Finish(c, sim.TimedOut)
	}
}

// Cancel implements sim.Canceller.
func (x *external) Cancel(c *sim.Call, running bool) {
	if running {
		x.sim.Revoke(c)
		x.sim.Finish(c, sim.TimedOut)
	}
}

// Cancel implements sim.Canceller.
func (n *rateLimiter) Cancel(c *sim.Call, running bool) {
	switch {
	case c.Flags != passedOn:
		n.detach(c)
		n.sim.Revoke(c)
	case running:
		n.sim.Forget(c)
	default:
		return
	}
	n.sim.Finish(c, sim.TimedOut)
}

// Cancel implements sim.Canceller.
func (n *balancer) Cancel(c *sim.Call, running bool) {
	switch {
	case c.Flags != passedOn:
		if n.cores == nil || !leaveStation(n.sim, n.cores[c.Instance], c, running) {
			return
		}
	case running:
		n.pickers[c.Instance].answered(int(c.Aux), n.sim.Now()-c.Asked(), false)
		n.sim.Forget(c)
	default:
		return
	}
	n.finish(c, sim.TimedOut)
}

// Cancel implements sim.Canceller. What a cache that coalesces fetches it fetches for others as well: that goes on.
func (n *cache) Cancel(c *sim.Call, running bool) {
	switch {
	case c.PC == parked:
		n.detach(c)
	case c.PC == lookingUp && n.cores != nil:
		if !leaveStation(n.sim, n.cores[c.Instance], c, running) {
			return
		}
	default:
		return
	}
	n.sim.Finish(c, sim.TimedOut)
}
