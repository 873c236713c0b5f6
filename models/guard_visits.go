package models

import "headroom/sim"

// What machines do about calls that fail or take too long. The tries made are counted in the call's Aux.

// What a machine notes of a call that it guards.
const (
	hedged    = 1 << (iota + 4) // the time to send a copy of the call has come
	untried                     // the breaker did not let the call through
	gaveUp                      // it took too long
	overslept                   // it took too long while its instance paused
	probes    = asksAll         // an open breaker let it through to find out: no database guards calls
)

// attempt begins a try. Where the breaker is open it has failed already.
func (m *machine) attempt(c *sim.Call, g *guard) {
	c.Aux++
	c.Outcome = sim.OK
	if g.breakers != nil {
		lets, probe := g.breakers[c.Instance].lets(m.sim.Now())
		switch {
		case !lets:
			g.counts.Refused++
			c.Outcome, c.PC = sim.Unavailable, g.judge
			c.Flags |= untried
			return
		case probe:
			c.Flags |= probes
		}
	}
	g.counts.Tries++
	if c.Aux > 1 {
		g.counts.Retries++
	}
	m.sim.Uncertain(c, true)
	if first := g.first(); first > 0 {
		m.sim.AfterConstant(c, m.alarms, first)
	}
}

// judge looks how a try ended, and tells whether the visit goes on at once.
func (m *machine) judge(c *sim.Call, i *instruction) bool {
	g, ok := i.guard, c.Outcome == sim.OK
	if c.Flags&untried == 0 {
		m.sim.Uncertain(c, false)
		m.sim.Revoke(c)
		g.ended(c, m.sim.Now(), ok)
		if c.Flags&hedged != 0 && g.cancels != "none" {
			m.sim.Cancel(c, g.cancels == "all")
		}
	}
	c.Flags &^= hedged | untried | gaveUp | probes
	switch {
	case ok:
		c.PC = i.to
	case int(c.Aux) < g.attempts && !c.Cancelled() && g.mayRetry(c):
		c.PC = g.attempt
		if pause := g.pause(m.sim, c); pause > 0 {
			m.sim.Idle(c, g.part, pause)
			m.sim.After(c, m.handler, pause)
			return false
		}
	case g.orElse:
		c.Outcome = sim.OK
	default:
		m.fail(c, i)
		return false
	}
	return true
}

// alarms take the time to send a copy of a call, and the time to give it up.
type alarms struct{ *machine }

// Fire implements sim.Handler.
func (m alarms) Fire(c *sim.Call) {
	if m.life != nil && m.life.oversleeps(c, m.Fire) {
		return
	}
	i, instance := m.standing(c), c.Instance
	if g := i.guard; m.hedging(c) {
		c.Flags |= hedged
		if g.timeout > 0 {
			m.sim.AfterConstant(c, m.alarms, g.timeout-g.hedge)
		}
		if i.do == doCall { // and does not wait for a connection
			g.counts.Hedges++
			m.sim.Again(c)
			m.sim.Send(c, i.edge, classOf(c, i), i.op, -1)
		}
		return
	}
	m.giveUp(c, i)
	if m.ended != nil {
		m.ended(instance)
	}
}

// hedger is what sends copies of calls.
type hedger interface {
	// hedging tells whether a copy of what a visit waits for is still to be sent.
	hedging(c *sim.Call) bool
}

func (m *machine) hedging(c *sim.Call) bool {
	i := m.standing(c)
	return i.guard != nil && i.guard.hedges() && c.Flags&hedged == 0
}

// giveUp lets a call wait no longer for what its step is about.
func (m *machine) giveUp(c *sim.Call, i *instruction) {
	g := i.guard
	c.Flags |= gaveUp
	switch i.do {
	case takePool:
		if !c.Waits() { // it has got one meanwhile
			i.pool.Stations[c.Instance].Release()
			break
		}
		i.pool.Stations[c.Instance].Leave(c)
		m.sim.Waited(c, g.part)
	case doAwait:
		if c.Reply == isAwaited {
			m.detach(c)
			m.sim.Missed(c, g.part)
		}
	default:
		m.sim.GiveUp(c, g.part)
		if g.cancels != "none" {
			m.sim.Cancel(c, g.cancels == "all")
		}
		m.hangUp(c)
	}
	c.Outcome = sim.TimedOut
	m.unfill(c, i)
	c.PC = g.judge
	m.run(c)
}

// hangUp gives the connection back that a call has, if it has one.
func (m *machine) hangUp(c *sim.Call) {
	if next := m.program(c)[c.PC]; next.do == freePool {
		next.pool.Stations[c.Instance].Release()
	}
}

// unfill tells those who wait for what a call was to fetch that it will not come.
func (m *machine) unfill(c *sim.Call, i *instruction) {
	if i.do == doCall && i.op == sim.OpLook && i.caches != nil {
		i.caches[0].forsake(c, classOf(c, i))
	}
	for _, f := range i.filled {
		f.cache.release(f.cache.cluster(c), m.b.keyAs(c, classIn(c, f.class)), c.Outcome, isMiss)
	}
}

// guards notes that a machine guards calls.
func (b *Builder) guards(node uint32, m *machine) {
	if b.machines == nil {
		b.machines = map[uint32]*machine{}
	}
	b.machines[node] = m
}

// Trying counts, by looking at every record, the tries that are under way.
func (b *Builder) Trying() int64 {
	n := int64(0)
	for _, p := range b.patient {
		n += p.Waiting()
	}
	if len(b.machines) == 0 {
		return n
	}
	for c := range b.Sim.UnderWay() {
		if m, ok := b.machines[c.Node]; ok && m.tries(c) {
			n++
		}
	}
	return n
}

// tries tells whether a visit has a call tried.
func (m *machine) tries(c *sim.Call) bool {
	i := m.standing(c)
	return i != nil && i.guard != nil && i.do != doBegin
}
