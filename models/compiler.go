package models

import (
	"headroom/sim"
)

// compiler turns steps into a program.
type compiler struct {
	b         *Builder
	node      string
	id        uint32
	pools     map[string]*sim.Resource
	locks     map[string]*lock
	m         *machine
	instances int
	delay     int32 // the part of a request's time that delays are
	held      []*lock
	prog      program
	class     int32 // that the program is for

	filling []fill
	guard   *guard
	guards  map[string]*policy // by the path of their step
}

func (c *compiler) add(i instruction) int32 {
	i.held, i.filled, i.guard = c.held, c.filling, c.guard
	c.prog = append(c.prog, &i)
	return int32(len(c.prog) - 1)
}

func (c *compiler) steps(steps []Step) {
	for i := range steps {
		for range steps[i].Times {
			if steps[i].guarded() {
				c.guarded(&steps[i])
			} else {
				c.step(&steps[i])
			}
		}
	}
}

func (c *compiler) step(s *Step) {
	switch {
	case s.CPU != nil:
		c.add(instruction{do: doCPU, work: s.CPU.Dist})
	case s.Delay != nil:
		c.add(instruction{do: doDelay, work: s.Delay.Dist, part: c.delay})
	case s.Call != "" && s.Op == "read":
		c.read(s.Call, c.b.class(s.As))
	case s.Call != "" && s.Op == "write":
		c.write(s.Call, c.b.class(s.As))
	case s.Call != "" && s.Op == publish:
		c.add(instruction{do: doCall, edge: c.b.Sim.Edge(int32(c.id), c.b.ID(s.Call)), class: c.b.class(s.As), op: sim.OpPublish})
		c.add(instruction{do: afterCall})
	case s.Call != "":
		c.plain(s.Call, c.b.class(s.As))
	case s.Scatter != nil:
		c.add(instruction{
			do: doScatter, edge: c.b.Sim.Edge(int32(c.id), c.b.ID(s.Scatter.To)), class: -1,
			count: int32(s.Scatter.Count), quorum: int32(s.Scatter.Quorum),
		})
		c.add(instruction{do: afterCall})
	case s.Parallel != nil:
		c.fork(s.Parallel)
	case s.Chance != nil:
		at := c.add(instruction{do: doChance, share: float64(*s.Chance)})
		c.steps(s.Do)
		c.prog[at].to = int32(len(c.prog))
	case s.Lock != nil:
		c.critical(s.Lock)
	case s.Respond:
		c.render()
		c.add(instruction{do: doRespond})
	}
}

// guarded puts a guard around a step that calls.
func (c *compiler) guarded(s *Step) {
	p := c.guards[s.At]
	if p == nil {
		c.b.guards(c.id, c.m)
		p = c.b.policy(&s.Resilience, s.Breaker, s.HasElse, c.id, c.node, c.instances)
		c.guards[s.At], c.m.policies = p, append(c.m.policies, p)
	}
	c.guard = &guard{policy: p}
	c.add(instruction{do: doBegin})
	c.guard.attempt = c.add(instruction{do: doAttempt})
	c.step(s)
	judge := c.add(instruction{do: doJudge})
	c.guard.judge, c.guard = judge, nil
	c.steps(s.OrElse)
	c.prog[judge].to = int32(len(c.prog))
}

// plain calls a node. A cache that leaves its misses to its callers is read or written by what the class does.
func (c *compiler) plain(to string, class int32) {
	switch k, ok := cacheOf(c.b.component(to)); {
	case !ok || !k.aside():
		c.call(to, sim.OpCall, class)
	case c.b.Writes[c.classOr(class)]:
		c.write(to, class)
	default:
		c.read(to, class)
	}
}

// read reads from a node. Past a cache that leaves this to its callers, it looks there, asks the origin on a miss, and stores.
func (c *compiler) read(from string, class int32) {
	k, ok := cacheOf(c.b.component(from))
	switch {
	case !ok || !k.aside():
		c.call(from, sim.OpRead, class)
		return
	case !c.b.cacheable[c.classOr(class)]:
		c.read(k.Origin, class)
		return
	}
	look := int32(len(c.prog))
	c.call(from, sim.OpLook, class)
	if k.Coalesce {
		for i := range c.prog[look:] {
			c.prog[int(look)+i].caches = []*cache{c.b.caches[c.b.ID(from)]}
		}
		c.add(instruction{do: doAwait, class: class, caches: []*cache{c.b.caches[c.b.ID(from)]}, to: look})
		c.add(instruction{do: afterCall})
	}
	hit := c.add(instruction{do: doHit})
	before := c.filling
	if k.Coalesce {
		c.filling = append(before[:len(before):len(before)], fill{c.b.caches[c.b.ID(from)], class})
	}
	c.read(k.Origin, class)
	c.call(from, sim.OpStore, class)
	c.filling = before
	c.prog[hit].to = int32(len(c.prog))
}

// write writes to a node. Past a cache that leaves this to its callers, it writes to the origin and removes the key.
func (c *compiler) write(to string, class int32) {
	k, ok := cacheOf(c.b.component(to))
	if !ok || !k.aside() {
		c.call(to, sim.OpWrite, class)
		return
	}
	c.write(k.Origin, class)
	c.add(instruction{do: doRemove, class: class, caches: []*cache{c.b.caches[c.b.ID(to)]}})
}

func (c *compiler) classOr(class int32) int32 {
	if class < 0 {
		return c.class
	}
	return class
}

func (c *compiler) call(to string, op sim.Op, class int32) {
	pool := c.pools[to]
	if pool != nil {
		c.add(instruction{do: takePool, pool: pool})
	}
	c.add(instruction{do: doCall, edge: c.b.Sim.Edge(int32(c.id), c.b.ID(to)), class: class, op: op})
	if pool != nil {
		c.add(instruction{do: freePool, pool: pool})
	}
	c.add(instruction{do: afterCall})
}

func (c *compiler) fork(branches [][]Step) {
	at := c.add(instruction{do: doFork, count: int32(len(branches))})
	held := c.held
	c.held = nil // the branches do not let go of what the fork holds
	var starts []int32
	for _, b := range branches {
		starts = append(starts, int32(len(c.prog)))
		c.steps(b)
		c.add(instruction{do: endBranch})
	}
	c.held = held
	c.prog[at].starts, c.prog[at].to = starts, int32(len(c.prog))
	c.add(instruction{do: afterCall})
}

func (c *compiler) critical(l *Lock) {
	k := c.locks[l.Name]
	if k == nil {
		k = newLock(c.b, c.node, l.Name, l.By == "key")
		c.locks[l.Name] = k
	}
	if _, comes := c.b.a.visits[visit{c.node, c.b.Classes[c.class]}]; comes {
		k.watch(c.b.data[c.class])
	}
	c.add(instruction{do: takeLock, lock: k})
	before := c.held
	c.held = append(before[:len(before):len(before)], k)
	c.steps(l.Do)
	c.held = before
	c.add(instruction{do: freeLock, lock: k})
}

// operations is how many operations there are that machines know: all but those of caches.
const operations = sim.OpPublish + 1

// programs are those of a class, by operation.
type programs [operations]program
