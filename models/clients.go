package models

import "headroom/sim"

// Clients that give up, or try again, are a machine of their own before the node that they enter, which works through one step: to send the
// request. They are no node of the architecture. Most only give up, which takes no machine: see sim.Patience.

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

func (b *Builder) newClients(i int, name string, t *Traffic) sim.Node {
	m := &machine{b: b, sim: b.Sim, speed: 1, cores: make([]*sim.Station, 1)}
	m.settle()
	m.handler, m.alarms = b.Sim.Handle(m), b.Sim.Handle(alarms{m})
	c := compiler{b: b}
	b.guards(b.clients[i], m)
	c.guard = &guard{policy: b.policy(&t.Resilience, nil, false, b.clients[i], name, 1)}
	c.add(instruction{do: doBegin})
	c.guard.attempt = c.add(instruction{do: doAttempt})
	c.add(instruction{do: doCall, edge: b.Sim.Edge(int32(-1-i), b.ID(t.Enters)), class: -1, op: sim.OpCall})
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

// patience returns that of a source's clients; nil where they do not give up, or do something else than that.
func (b *Builder) patience(i int, t *Traffic) *sim.Patience {
	if t.Timeout == nil || t.Cancel != "none" || t.Hedge != nil || t.Retry != nil && t.Retry.Attempts > 1 && !b.a.once {
		return nil
	}
	p := b.Sim.NewPatience(uint16(i), timeOf(t.Timeout))
	b.patient = append(b.patient, p)
	return p
}

// ClientsOf returns the source whose clients a node stands for; false where it is a node of the architecture.
func (b *Builder) ClientsOf(node uint32) (source string, ok bool) {
	for i, id := range b.clients {
		if id != 0 && id == node {
			return b.a.Traffic[i].Key, true
		}
	}
	return "", false
}
