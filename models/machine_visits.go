package models

import (
	"headroom/sim"
)

// machine is the behaviour of what runs programs: servers, workers, databases.
type machine struct {
	sim      *sim.Sim
	programs []programs // by class
	speed    float64
	cores    []*sim.Station // by instance
	plain    bool           // a visit takes nothing of an instance but time on its cores: see settle
	ends     bool           // a visit ends with its last call: nothing is done after it, and no event strikes it
	handler  uint32

	b        *Builder
	memory   []*sim.Station       // by instance, a server being what a request takes of it; nil: there is room for all
	places   []*sim.Station       // that calls are admitted to, by instance; nil: unlimited
	pools    []*sim.Resource      // of connections, with a station for each instance
	alarms   uint32               // handler of what takes too long
	life     *mortal              // nil: no event strikes it
	ended    func(instance int32) // told when a visit may have ended because of that; nil: nobody is
	policies []*policy            // of the calls that it guards
	limits   []*gradient          // on visits at once, by instance; nil: none
	pool     *pool                // of a function's instances; nil: they stay
}

// What a machine notes of a call.
const (
	started  = 1 << iota // it has been admitted
	answered             // what it does now is background work
	ownVisit             // a branch that came to an instance of its own, and is admitted there
	asksAll              // waits for the branches that ask every shard
)

// visits tells whether a call is to be admitted where it is, and not a part of another that is there.
func visits(c *sim.Call) bool { return !c.IsBranch() || c.Flags&ownVisit != 0 }

// settle looks whether the machine is plain, when all is known of it. Most are, and their visits have a short way in and out.
func (m *machine) settle() {
	m.plain = m.memory == nil && m.places == nil && m.limits == nil && m.pool == nil
}

// Enter implements sim.Node.
func (m *machine) Enter(c *sim.Call) {
	chooseInstance(c, len(m.cores))
	m.admit(c)
}

// admit begins a visit to the instance that is chosen.
func (m *machine) admit(c *sim.Call) {
	if m.plain {
		m.run(c)
		return
	}
	if m.limits != nil && !m.limits[c.Instance].admit() {
		m.sim.Finish(c, sim.Overloaded)
		return
	}
	if m.memory != nil && m.memory[c.Instance].Hold(c, true) == sim.Refused {
		if m.limits != nil {
			m.limits[c.Instance].leave()
		}
		m.sim.Finish(c, sim.Overloaded)
		return
	}
	if m.places == nil {
		m.run(c)
		return
	}
	switch m.places[c.Instance].Hold(c, true) {
	case sim.Admitted:
		c.Flags |= started
		m.run(c)
	case sim.Refused:
		m.turnAway(c, sim.Overloaded)
	}
}

// turnAway ends a call that was not admitted.
func (m *machine) turnAway(c *sim.Call, o sim.Outcome) {
	if m.memory != nil {
		m.memory[c.Instance].Release()
	}
	if m.limits != nil {
		m.limits[c.Instance].leave()
	}
	m.sim.Finish(c, o)
}

// chooseInstance picks one at random where no balancer has chosen.
func chooseInstance(c *sim.Call, instances int) {
	if instances == 1 {
		c.Instance = 0
		return
	}
	chooseAmong(c, instances)
}

func chooseAmong(c *sim.Call, instances int) {
	switch {
	case c.Instance < 0:
		c.Instance = int32(c.Rand.Intn(instances))
	case int(c.Instance) >= instances:
		c.Instance %= int32(instances)
	}
}

// Fire implements sim.Handler: a delay is over.
func (m *machine) Fire(c *sim.Call) { m.run(c) }

// Resume implements sim.Node.
func (m *machine) Resume(c *sim.Call) {
	if !m.plain && m.places != nil && c.Flags&started == 0 && visits(c) {
		if c.Outcome != sim.OK { // gave up waiting for its place
			m.turnAway(c, c.Outcome)
			return
		}
		c.Flags |= started
	}
	if c.Outcome != sim.OK && c.PC > 0 {
		if i := m.program(c)[c.PC-1]; i.do == doCPU { // gave up waiting for its first core
			m.fail(c, i)
			return
		}
	}
	m.run(c)
}

// program is what a visit goes through.
func (m *machine) program(c *sim.Call) program { return m.programs[c.Class][c.Op%operations] }

// run does what the program says until there is something to wait for. What most programs are made of is told apart here, by comparing:
// a processor foresees that better than where a table of all instructions leads.
func (m *machine) run(c *sim.Call) {
	prog := m.program(c)
	for {
		i := prog[c.PC]
		c.PC++
		switch i.do {
		case doCPU:
			m.work(c, i)
			return
		case doCall:
			m.sim.Expect(c, 1, 1)
			if i.last != goesOn && m.ends && c.Flags == 0 {
				m.sim.EndsWith(c, i.last == endsIfFound)
			}
			m.sim.Send(c, i.edge, classOf(c, i), i.op, -1)
			return
		case afterCall:
			if c.Outcome != sim.OK && !m.failed(c, i) {
				return
			}
		case doHit:
			if c.Reply == isHit {
				c.PC = i.to
			}
		case endProgram:
			m.leave(c, sim.OK)
			return
		default:
			if !m.step(c, i) {
				return
			}
		}
	}
}

// step does any other instruction, and tells whether the visit goes on at once.
func (m *machine) step(c *sim.Call, i *instruction) bool {
	switch i.do {
	case doDelay:
		m.wait(c, i)
		return false
	case takePool:
		return i.pool.Stations[c.Instance].Hold(c, false) != sim.Queued
	case freePool:
		i.pool.Stations[c.Instance].Release()
	case doScatter:
		m.scatter(c, i)
		return false
	case doFork:
		m.fork(c, i)
		return false
	case endBranch:
		m.sim.Finish(c, sim.OK)
		return false
	case doChance:
		if c.Rand.Float64() >= i.share {
			c.PC = i.to
		}
	case doAwait:
		return !m.await(c, i)
	case doRemove:
		m.remove(c, i)
	case takeLock:
		return i.lock.take(c) != sim.Queued
	case freeLock:
		i.lock.release(c)
	case doRender:
		if c.Flags&answered != 0 || !m.sim.FromClient(c, m.b.passes) {
			c.PC = i.to
		}
	case doRespond:
		if c.Flags&answered == 0 {
			c.Flags |= answered
			m.answer(c, sim.OK)
		}
	case doReplicate:
		return !m.replicate(c, i)
	case doSee:
		i.partitions.see(c)
	case doPage:
		if i.partitions.pages.fetch(c) {
			return false
		}
		c.PC = i.to
	case doForget:
		i.partitions.cache.forget(c)
	case doBegin:
		i.guard.begins(c)
	case doAttempt:
		m.attempt(c, i.guard)
	case doJudge:
		return m.judge(c, i)
	}
	return true
}

// failed goes on after a call that did not end ok, where something is done about that; else the visit ends.
func (m *machine) failed(c *sim.Call, i *instruction) bool {
	if i.guard == nil {
		m.fail(c, i)
		return false
	}
	m.unfill(c, i)
	c.PC = i.guard.judge
	return true
}

// fork starts the branches of a parallel step.
func (m *machine) fork(c *sim.Call, i *instruction) {
	m.sim.Expect(c, i.count, i.count)
	for k, start := range i.starts {
		m.sim.Branch(c, start, uint64(k))
	}
	c.PC = i.to
}

// await lets a visit wait for somebody else's fetch, if its look-up said that there is one.
func (m *machine) await(c *sim.Call, i *instruction) bool {
	if c.Reply != isAwaited {
		return false
	}
	if i.caches[0].await(c, classOf(c, i)) {
		return true
	}
	c.PC = i.to // it came, or failed, at this very moment: look again
	return false
}

// work asks for a core. Where places are unlimited, waiting for the first core is
// the admission, if that is what the program starts with.
func (m *machine) work(c *sim.Call, i *instruction) {
	arriving := m.places == nil && c.PC == 1 && visits(c)
	if m.cores[c.Instance].Serve(c, i.work.Time(&c.Rand, m.speed), arriving) == sim.Refused {
		c.Outcome = sim.Overloaded
		m.fail(c, i)
	}
}

func (m *machine) wait(c *sim.Call, i *instruction) {
	d := sim.Nanoseconds(i.work.Draw(&c.Rand))
	m.sim.SpendNext(c, i.part, d)
	if i.work.Constant() {
		m.sim.AfterConstant(c, m.handler, d)
		return
	}
	m.sim.After(c, m.handler, d)
}

// scatter asks as many different instances as there are, in turn from a random one on.
func (m *machine) scatter(c *sim.Call, i *instruction) {
	first := int32(c.Rand.Uint64() >> 34)
	m.sim.Expect(c, i.count, i.quorum)
	class := classOf(c, i)
	for k := range i.count {
		m.sim.Send(c, i.edge, class, sim.OpCall, first+k)
	}
}

// remove takes the key of a write out of caches in front, but for one that wrote it itself.
func (m *machine) remove(c *sim.Call, i *instruction) {
	by, called := m.sim.Caller(c)
	for _, k := range i.caches {
		if !called || k != m.b.caches[by] {
			k.remove(c, classOf(c, i))
		}
	}
}

func classOf(c *sim.Call, i *instruction) uint16 { return classIn(c, i.class) }

// classIn returns the class that a call of a visit goes as, -1 being the visit's own.
func classIn(c *sim.Call, class int32) uint16 {
	if class < 0 {
		return c.Class
	}
	return uint16(class)
}

// fail ends a call that cannot go on, and lets go of what it holds.
func (m *machine) fail(c *sim.Call, i *instruction) {
	m.letGo(c, i)
	m.leave(c, c.Outcome)
}

// letGo releases the locks that a call holds at an instruction, and those who wait for what it was to fetch.
func (m *machine) letGo(c *sim.Call, i *instruction) {
	for _, l := range i.held {
		l.release(c)
	}
	m.unfill(c, i)
}

// answer gives the caller of a visit, or the visit of a branch, its answer.
func (m *machine) answer(c *sim.Call, o sim.Outcome) {
	if m.limits != nil && visits(c) {
		m.limits[c.Instance].answered(c.Arrived(), o)
	}
	m.sim.Answer(c, o)
}

func (m *machine) leave(c *sim.Call, o sim.Outcome) {
	speaks := c.Flags&answered == 0 || c.IsBranch()
	instance, takes := c.Instance, !m.plain && visits(c)
	if speaks {
		if m.limits != nil && takes {
			m.limits[instance].answered(c.Arrived(), o)
		}
		m.sim.Finish(c, o)
	} else {
		m.sim.End(c)
	}
	if takes {
		m.giveBack(instance)
	}
}

// giveBack lets go of what a visit takes of its instance.
func (m *machine) giveBack(instance int32) {
	if m.places != nil {
		m.places[instance].Release()
	}
	if m.pool != nil {
		m.pool.give(instance)
	}
	if m.memory != nil {
		m.memory[instance].Release()
	}
}
