package models

import (
	"slices"

	"headroom/sim"
)

// nap is what waits for the end of an instance's pause. At its stations who comes waits in line, as usual; what else would have gone on
// there, such as with an answer that has come, is kept here.
type nap struct {
	depth  int // pauses that are on
	since  sim.Time
	held   []held
	frozen []sim.Frozen // delays under way
}

// held is a call that goes on after a pause, and how.
type held struct {
	*sim.Call
	since sim.Time
	enter bool // it has not begun here
	goOn  func(*sim.Call)
}

// canPause prepares a node for pauses.
func (m *mortal) canPause(b *Builder, name string) {
	if m.naps == nil {
		m.paced, m.naps, m.resting = true, make([]nap, len(m.deaths)), b.Part(name, "", "pause")
	}
}

// pauses tells whether nothing moves at an instance now.
func (m *mortal) pauses(instance int32) bool { return m.naps != nil && m.naps[instance].depth > 0 }

// pause lets nothing move at some instances any more. It must be called by the handler of an event.
func (m *mortal) pause(instances []int32) {
	var begin []int32
	for _, i := range instances {
		if m.naps[i].depth++; m.naps[i].depth > 1 {
			continue
		}
		begin = append(begin, i)
		m.naps[i].since = m.sim.Now()
		serving, held := m.stations(i)
		for _, st := range slices.Concat(serving, held) {
			st.Close()
		}
	}
	for _, f := range m.sim.Freeze(m.node, begin) {
		n := &m.naps[f.Call.Instance]
		n.frozen = append(n.frozen, f)
	}
	m.tell()
}

// goOn ends a pause of some instances.
func (m *mortal) goOn(instances []int32) {
	var awake []int32
	for _, i := range instances {
		if m.naps[i].depth--; m.naps[i].depth == 0 {
			awake = append(awake, i)
		}
	}
	m.tell()
	for _, i := range awake {
		m.resume(i)
	}
}

// resume lets all that waits for the end of an instance's pause go on: delays, stations, and then who was held, in the order they came.
func (m *mortal) resume(i int32) {
	n := &m.naps[i]
	waiting, frozen := n.held, n.frozen
	n.held, n.frozen = nil, nil
	now := m.sim.Now()
	for _, f := range frozen {
		if m.sim.Thaw(f) {
			m.sim.Spend(f.Call, m.resting, now-n.since)
		}
	}
	serving, held := m.stations(i)
	for _, st := range serving {
		st.Open(false)
	}
	for _, st := range held {
		st.Open(true)
	}
	for _, h := range waiting {
		m.sim.Spend(h.Call, m.resting, now-h.since)
		h.goOn(h.Call)
	}
	if w, ok := m.perishable.(*worker); ok {
		w.rise(i)
	}
}

// holds keeps a call that comes to an instance which pauses, unless it waits at a station there anyhow.
func (m *mortal) holds(c *sim.Call, enter func(*sim.Call)) bool {
	if !m.pauses(c.Instance) || m.linesUp(c) {
		return false
	}
	n := &m.naps[c.Instance]
	n.held = append(n.held, held{c, m.sim.Now(), true, enter})
	return true
}

// Resume implements sim.Node.
func (m *mortal) Resume(c *sim.Call) {
	if m.pauses(c.Instance) {
		n := &m.naps[c.Instance]
		if c.Flags&overslept != 0 {
			if k, ok := m.perishable.(hedger); !ok || !k.hedging(c) {
				return // it comes too late
			}
			c.Flags &^= overslept // it came before a copy could be sent
			n.held = slices.DeleteFunc(n.held, func(h held) bool { return h.Call == c })
		}
		n.held = append(n.held, held{c, m.sim.Now(), false, m.perishable.Resume})
		return
	}
	m.perishable.Resume(c)
}

// Cancel implements sim.Canceller. What goes on when the pause is over does so before it learns of that.
func (m *mortal) Cancel(c *sim.Call, running bool) {
	if m.pauses(c.Instance) && m.napping(c) {
		return
	}
	m.perishable.Cancel(c, running)
}

func (m *mortal) napping(c *sim.Call) bool {
	return slices.ContainsFunc(m.naps[c.Instance].held, func(h held) bool { return h.Call == c })
}

// oversleeps keeps a call whose time is over while its instance pauses. One that is kept with its answer already has that in time.
func (m *mortal) oversleeps(c *sim.Call, goOn func(*sim.Call)) bool {
	switch {
	case !m.pauses(c.Instance):
		return false
	case m.napping(c):
		return true
	}
	c.Flags |= overslept
	n := &m.naps[c.Instance]
	n.held = append(n.held, held{c, m.sim.Now(), false, func(c *sim.Call) {
		c.Flags &^= overslept
		goOn(c)
	}})
	return true
}

// wake forgets what waits for the end of the pauses of instances that die, and returns those calls that wait for nothing else.
func (m *mortal) wake(instances []int32) map[*sim.Call]bool {
	if m.naps == nil {
		return nil
	}
	awake := map[*sim.Call]bool{}
	for _, i := range instances {
		n := &m.naps[i]
		for _, h := range n.held {
			awake[h.Call] = h.Flags&overslept == 0 // else it still waits, unless it has got what it waited for
			if w, ok := m.perishable.(*worker); ok && h.enter {
				w.comes(i)
			}
		}
		n.held, n.frozen = nil, nil
	}
	return awake
}

// drop lets go of what a call has got in a pause and does not know of yet.
func (m *mortal) drop(c *sim.Call) {
	if k, ok := m.perishable.(interface{ drop(*sim.Call) }); ok {
		k.drop(c)
	}
}

func (m *machine) drop(c *sim.Call) {
	if i := m.standing(c); i != nil && i.do == takeLock {
		i.lock.release(c)
	}
}

// What waits at a station first.

func (m *machine) linesUp(c *sim.Call) bool {
	return m.places != nil || m.program(c)[0].do == doCPU
}

// linesUp: a message on its way has its place already.
func (*worker) linesUp(*sim.Call) bool { return false }

func (n *partitions) linesUp(c *sim.Call) bool {
	return n.cache == nil && c.Flags&asksAll == 0 && n.machine.linesUp(c)
}

func (*stationNode) linesUp(*sim.Call) bool  { return true }
func (*external) linesUp(*sim.Call) bool     { return false }
func (*rateLimiter) linesUp(*sim.Call) bool  { return false }
func (n *balancer) linesUp(c *sim.Call) bool { return n.cores != nil }

func (n *cache) linesUp(c *sim.Call) bool {
	switch n.first(c) {
	case lookingUp:
		return n.get != nil
	case storing:
		return n.set != nil
	}
	return false
}

// pause lets a queue deliver nothing.
func (n *queue) pause() { n.pauses++ }

// goOn ends a pause.
func (n *queue) goOn() {
	if n.pauses--; n.pauses == 0 && n.worker != nil {
		n.worker.pull()
	}
}
