package models

import (
	"headroom/sim"
)

// timetable lets the events of a scenario happen.
type timetable struct{ entries []func() }

// Fire implements sim.Handler.
func (t *timetable) Fire(c *sim.Call) { t.entries[c.Aux]() }

// strike prepares the nodes that events strike, before any of them is built.
func (a *Architecture) strike(b *Builder) {
	for i := range a.Events {
		name, _, _ := a.Events[i].victim()
		if node := b.ID(name); b.lives[node] == nil {
			b.lives[node] = a.mortal(b, node)
		}
		b.lives[b.ID(name)].resizable = b.lives[b.ID(name)].resizable || a.Events[i].Resize != ""
	}
}

// mortal makes what knows which instances of a node there are.
func (a *Architecture) mortal(b *Builder, node uint32) *mortal {
	n := a.Nodes[node].Value.Count()
	return &mortal{sim: b.Sim, node: node, count: n, least: n, most: n, deaths: make([]int32, b.Instances[node])}
}

// guarded puts what an event may strike behind what knows of its deaths.
func (b *Builder) guarded(node int, n sim.Node) sim.Node {
	life := b.lives[node]
	if life == nil {
		return n
	}
	life.perishable = n.(perishable)
	switch k := n.(type) {
	case *worker:
		k.life = life
	case *partitions:
		k.life = life
	}
	return life
}

// schedule enters the events into the timetable.
func (a *Architecture) schedule(b *Builder, warmup sim.Time) {
	t := new(timetable)
	handler := b.Sim.Handle(t)
	at := func(when sim.Time, do func()) {
		timer := b.Sim.Timer()
		timer.Aux = uint32(len(t.entries))
		t.entries = append(t.entries, do)
		b.Sim.After(timer, handler, warmup+when+1) // the moment itself belongs to the time before, in the series as well
	}
	for i := range a.Events {
		begin, undo := a.Events[i].actions(b)
		at(a.Events[i].Begin(), begin)
		if a.Events[i].For != nil {
			at(a.Events[i].End(), undo)
		}
	}
}

// actions returns what an event does, and what undoes it.
func (e *Event) actions(b *Builder) (begin, undo func()) {
	name, instance, _ := e.victim()
	life := b.lives[b.ID(name)]
	count := 0
	if e.Instances != nil {
		count = int(*e.Instances)
	}
	if e.Resize != "" {
		before := 0
		return func() { before = life.resize(count) }, func() { life.resize(before) }
	}
	var held []int32
	return func() { held = life.kill(instance, count) }, func() { life.revive(held) }
}
