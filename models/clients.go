package models

import "headroom/sim"

// Clients that give up, or try again, are a node of their own before the one that they enter. They are no node of the architecture.

// addClients adds the nodes that stand for such clients, after those of the architecture.
func (b *Builder) addClients() {
	b.clients = make([]uint32, len(b.a.Traffic))
	for i, t := range b.a.Traffic {
		if !t.Value.given() {
			continue
		}
		id := b.Sim.AddNode(t.Key+" clients", false)
		b.clients[i] = id
		for int(id) >= len(b.caches) {
			b.caches, b.passes = append(b.caches, nil), append(b.passes, true)
		}
		b.Sim.SetNode(id, b.newClients(i, t.Key, &t.Value))
	}
}

// newClients makes the node for a source's clients: a machine that works through one step, to send the request, unless they do nothing but to
// wait so long for the answer.
func (b *Builder) newClients(i int, name string, t *Traffic) sim.Node {
	p := b.policy(&t.Resilience, nil, false, b.clients[i], name, 1)
	edge := b.Sim.Edge(int32(-1-i), b.ID(t.Enters))
	if p.attempts == 1 && p.hedge == 0 && p.cancels == "none" {
		n := &impatient{sim: b.Sim, edge: edge, policy: p}
		n.handler = b.Sim.Handle(n)
		b.guards(b.clients[i], n)
		b.impatient = append(b.impatient, b.clients[i])
		return n
	}
	m := &machine{b: b, sim: b.Sim, speed: 1, cores: make([]*sim.Station, 1)}
	m.settle()
	m.handler, m.alarms = b.Sim.Handle(m), b.Sim.Handle(alarms{m})
	b.guards(b.clients[i], m)
	c := compiler{b: b, guard: &guard{policy: p}}
	c.add(instruction{do: doBegin})
	c.guard.attempt = c.add(instruction{do: doAttempt})
	c.add(instruction{do: doCall, edge: edge, class: -1, op: sim.OpCall})
	c.add(instruction{do: afterCall})
	c.guard.judge = c.add(instruction{do: doJudge})
	c.guard = nil
	end := c.add(instruction{do: endProgram})
	c.prog[end-1].to = end
	for range b.Classes {
		m.programs = append(m.programs, programs{c.prog, c.prog, c.prog, c.prog})
	}
	return m
}

// impatient is the node of clients that give up after a time, and do nothing about it: most that have a timeout are such, and what they do is
// done for every request. It is what the machine's program comes to.
type impatient struct {
	*policy
	sim     *sim.Sim
	edge    uint16
	handler uint32
}

// Enter implements sim.Node. A request that is answered ok ends with that.
func (n *impatient) Enter(c *sim.Call) {
	c.Instance = 0
	n.counts.Tries++
	n.sim.Uncertain(c, true)
	n.sim.AfterConstant(c, n.handler, n.timeout)
	n.sim.Expect(c, 1, 1)
	n.sim.EndsWith(c, false)
	n.sim.Send(c, n.edge, c.Class, sim.OpCall, -1)
}

// Resume implements sim.Node: the answer is not ok, or the request is followed.
func (n *impatient) Resume(c *sim.Call) {
	if c.Outcome != sim.OK {
		n.counts.Failed++
	}
	n.sim.Finish(c, c.Outcome)
}

// Fire implements sim.Handler: the time is over.
func (n *impatient) Fire(c *sim.Call) {
	n.counts.TimedOut++
	n.sim.GiveUp(c, n.part)
	n.sim.Finish(c, sim.TimedOut)
}

// tries tells whether a visit has a call tried: it ends with it.
func (n *impatient) tries(*sim.Call) bool { return true }

// ClientsOf returns the source whose clients a node stands for; false where it is a node of the architecture.
func (b *Builder) ClientsOf(node uint32) (source string, ok bool) {
	for i, id := range b.clients {
		if id != 0 && id == node {
			return b.a.Traffic[i].Key, true
		}
	}
	return "", false
}
