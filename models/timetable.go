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
	b.moves = make([]Move, len(a.Events))
	for i := range a.Events {
		e := &a.Events[i]
		if e.Flush != "" || e.Surge != "" || e.Partition != nil {
			continue // no instance changes
		}
		name, _, _ := e.victim()
		life := a.life(b, name)
		switch {
		case life == nil:
		case e.Slow != "":
			life.paced = true
		case e.Pause != "":
			life.canPause(b, name)
		case e.Resize != "":
			life.resizable = true
		}
	}
}

// life returns what knows of an instance's deaths and pauses, which it makes where there is none yet; nil for a queue, which has no instances.
func (a *Architecture) life(b *Builder, name string) *mortal {
	node := b.ID(name)
	if _, queue := a.Nodes[node].Value.Component.(*Queue); queue {
		return nil
	}
	if b.lives[node] == nil {
		b.lives[node] = a.mortal(b, node)
	}
	return b.lives[node]
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
	case *machine:
		k.life = life
	case *worker:
		k.life = life
	case *partitions:
		k.life = life
		k.succeed(b)
		k.moves.guard(life)
	}
	if life.paced {
		life.pace()
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
		if a.Events[i].Surge != "" {
			continue // its source knows
		}
		begin, undo := a.Events[i].actions(b, i)
		at(a.Events[i].Begin(), begin)
		if a.Events[i].For != nil {
			at(a.Events[i].End(), undo)
		}
	}
}

// actions returns what an event does, and what undoes it.
func (e *Event) actions(b *Builder, number int) (begin, undo func()) {
	if e.Partition != nil {
		return b.partition(e.Partition[0], e.Partition[1])
	}
	name, instance, _ := e.victim()
	life := b.lives[b.ID(name)]
	count := 0
	if e.Instances != nil {
		count = int(*e.Instances)
	}
	switch {
	case e.Rebalance != "":
		moves, before := b.parted[b.ID(name)].moves, 0
		return func() { before = moves.order(int(*e.Shards), &b.moves[number]) }, func() { moves.order(before, new(Move)) }
	case e.Flush != "":
		return func() { b.flush(b.ID(name), instance) }, nil
	case e.Slow != "":
		slower := float64(*e.Factor)
		return func() { life.slow(instance, slower) }, func() { life.hasten(instance, slower) }
	case e.Pause != "" && life == nil:
		q := b.queues[b.ID(name)]
		return q.pause, q.goOn
	case e.Pause != "":
		some := life.instances(instance)
		return func() { life.pause(some) }, func() { life.goOn(some) }
	case e.Rebalance != "":
		moves := b.parted[b.ID(name)].moves
		before := 0
		return func() { before = moves.order(int(*e.Shards), &b.moves[number]) }, func() { moves.order(before, new(Move)) }
	case e.Resize != "":
		before := 0
		return func() { before = life.resize(count) }, func() { life.resize(before) }
	}
	var held []int32
	return func() { held = life.kill(instance, count) }, func() { life.revive(held) }
}
