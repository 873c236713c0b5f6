package models

import (
	"headroom/sim"
)

// A program is what a machine does for one class of requests: steps in a row, made when the simulation is built. The call's PC says
// where it stands.
type program []instruction

type instruction struct {
	do     action
	work   sim.Dist // of cpu and delay, nanoseconds
	part   int32    // of a delay
	edge   uint16   // of a call
	class  int32    // that a call goes as, -1: the request's own
	op     sim.Op
	pool   *sim.Resource // of a call: the client-side connections it needs, nil: none
	lock   *lock
	held   []*lock // locks that are held here, for when the call fails
	count  int32   // of a scatter, or the branches of a fork
	quorum int32
	share  float64 // of chance
	to     int32   // where chance goes on when it does not happen, a hit, a second look, or a fork after its branches
	caches []*cache
	filled []fill  // what others may wait for meanwhile, for when the call fails
	starts []int32 // of a fork: where its branches start
}

// fill is a cache that is being filled with the key of a class.
type fill struct {
	cache *cache
	class int32
}

type action uint8

const (
	doCPU action = iota
	doDelay
	takePool   // wait for a connection
	doCall     // send, and wait for the answer
	freePool   // after the answer
	doScatter  // send to many
	afterCall  // look at the answer
	doFork     // start branches
	endBranch  // of one branch
	doChance   // go on, or jump
	takeLock   // wait for a lock
	freeLock   // let it go
	doRespond  // answer, and go on
	doAwait    // wait for somebody else's fetch of the key, if there is one
	doHit      // jump if the cache had it
	doRemove   // take the key out of the caches in front
	endProgram // answer, unless that is done, and end
)

// compiler turns steps into a program.
type compiler struct {
	b     *Builder
	node  string
	id    uint32
	pools map[string]*sim.Resource
	locks map[string]*lock
	delay int32 // the part of a request's time that delays are
	held  []*lock
	prog  program
	class int32 // that the program is for

	filling []fill
}

func (c *compiler) add(i instruction) int32 {
	i.held, i.filled = c.held, c.filling
	c.prog = append(c.prog, i)
	return int32(len(c.prog) - 1)
}

func (c *compiler) steps(steps []Step) {
	for i := range steps {
		for range steps[i].Times {
			c.step(&steps[i])
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
		c.add(instruction{do: doRespond})
	}
}

// plain calls a node. A cache that leaves its misses to its callers is read or written by what the class does.
func (c *compiler) plain(to string, class int32) {
	switch k, ok := c.b.component(to).(*Cache); {
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
	k, ok := c.b.component(from).(*Cache)
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
	k, ok := c.b.component(to).(*Cache)
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

// machine is the behaviour of what runs programs: servers, workers, databases.
type machine struct {
	b        *Builder
	sim      *sim.Sim
	handler  uint32
	programs [][operations]program // by class and operation
	speed    float64
	cores    []*sim.Station // by instance
	places   []*sim.Station // that calls are admitted to, by instance; nil: unlimited
}

// What a machine notes of a call.
const (
	started  = 1 << iota // it has been admitted
	answered             // what it does now is background work
)

// Enter implements sim.Node.
func (m *machine) Enter(c *sim.Call) {
	chooseInstance(c, len(m.cores))
	if m.places == nil {
		m.run(c)
		return
	}
	switch m.places[c.Instance].Hold(c, true) {
	case sim.Admitted:
		c.Flags |= started
		m.run(c)
	case sim.Refused:
		m.sim.Finish(c, sim.Overloaded)
	}
}

// chooseInstance picks one at random where no balancer has chosen.
func chooseInstance(c *sim.Call, instances int) {
	if c.Instance >= 0 {
		c.Instance %= int32(instances)
		return
	}
	c.Instance = 0
	if instances > 1 {
		c.Instance = int32(c.Rand.Intn(instances))
	}
}

// Fire implements sim.Handler: a delay is over.
func (m *machine) Fire(c *sim.Call) { m.run(c) }

// Resume implements sim.Node.
func (m *machine) Resume(c *sim.Call) {
	if m.places != nil && c.Flags&started == 0 && !c.IsBranch() {
		if c.Outcome != sim.OK { // gave up waiting for its place
			m.sim.Finish(c, c.Outcome)
			return
		}
		c.Flags |= started
	}
	if c.Outcome != sim.OK && c.PC > 0 {
		if i := &m.programs[c.Class][c.Op][c.PC-1]; i.do == doCPU { // gave up waiting for its first core
			m.fail(c, i)
			return
		}
	}
	m.run(c)
}

// run does what the program says until there is something to wait for.
func (m *machine) run(c *sim.Call) {
	prog := m.programs[c.Class][c.Op]
	for {
		i := &prog[c.PC]
		c.PC++
		switch i.do {
		case doCPU:
			m.work(c, i)
			return
		case doDelay:
			m.wait(c, i)
			return
		case takePool:
			if i.pool.Stations[c.Instance].Hold(c, false) == sim.Queued {
				return
			}
		case doCall:
			m.sim.Expect(c, 1, 1)
			m.sim.Send(c, i.edge, classOf(c, i), i.op, -1)
			return
		case freePool:
			i.pool.Stations[c.Instance].Release()
		case doScatter:
			m.scatter(c, i)
			return
		case doFork:
			m.sim.Expect(c, i.count, i.count)
			for k, start := range i.starts {
				m.sim.Branch(c, start, uint64(k))
			}
			c.PC = i.to
			return
		case endBranch:
			m.sim.Finish(c, sim.OK)
			return
		case doChance:
			if c.Rand.Float64() >= i.share {
				c.PC = i.to
			}
		case doAwait:
			switch {
			case c.Reply != isAwaited:
			case i.caches[0].await(c, classOf(c, i)):
				return
			default:
				c.PC = i.to // it came, or failed, at this very moment: look again
			}
		case doHit:
			if c.Reply == isHit {
				c.PC = i.to
			}
		case doRemove:
			m.remove(c, i)
		case takeLock:
			if i.lock.take(c) == sim.Queued {
				return
			}
		case freeLock:
			i.lock.release(c)
		case doRespond:
			if c.Flags&answered == 0 {
				c.Flags |= answered
				m.sim.Answer(c, sim.OK)
			}
		case afterCall:
			if c.Outcome != sim.OK {
				m.fail(c, i)
				return
			}
		case endProgram:
			m.leave(c, sim.OK)
			return
		}
	}
}

// work asks for a core. Where places are unlimited, waiting for the first core is
// the admission, if that is what the program starts with.
func (m *machine) work(c *sim.Call, i *instruction) {
	w := sim.Nanoseconds(i.work.Draw(&c.Rand) / m.speed)
	arriving := m.places == nil && c.PC == 1 && !c.IsBranch()
	if m.cores[c.Instance].Serve(c, w, arriving) == sim.Refused {
		c.Outcome = sim.Overloaded
		m.fail(c, i)
	}
}

func (m *machine) wait(c *sim.Call, i *instruction) {
	d := sim.Nanoseconds(i.work.Draw(&c.Rand))
	m.sim.Spend(c, i.part, d)
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
	for _, l := range i.held {
		l.release(c)
	}
	for _, f := range i.filled {
		f.cache.release(m.b.keyAs(c, classIn(c, f.class)), c.Outcome, isMiss)
	}
	m.leave(c, c.Outcome)
}

func (m *machine) leave(c *sim.Call, o sim.Outcome) {
	branch := c.IsBranch()
	if c.Flags&answered == 0 || branch {
		m.sim.Answer(c, o)
	}
	if m.places != nil && !branch {
		m.places[c.Instance].Release()
	}
	m.sim.End(c)
}
