package models

import "headroom/sim"

// function is the behaviour of a function: a machine whose instances come and go with the requests.
//
//	request ─► an idle instance, the one used last ───────────────► handled ─► idle ──keep_alive──► gone
//	   └─ none ─► a new one ──cold_start──────────────────────────────┘
type function struct {
	*machine
	cold     *sim.Dist
	starting int32 // the part of a request's time that is waiting for a new instance
	pool     pool
}

// coldStart is what a request waits for that gets a new instance.
const coldStart = "a cold start"

// coldStream tells the draws of cold starts from those of the visit, which they must not disturb.
const coldStream = 0xa0761d6478bd642f

// Enter implements sim.Node.
func (n *function) Enter(c *sim.Call) {
	if n.places[0].Hold(c, true) == sim.Refused {
		n.sim.Finish(c, sim.Overloaded)
		return
	}
	c.Flags |= started
	var fresh bool
	if c.Instance, fresh = n.pool.take(); !fresh || n.cold.Mean() == 0 {
		n.run(c)
		return
	}
	r := sim.NewRand(sim.Mix(c.Rand.State(), coldStream))
	d := sim.Nanoseconds(n.cold.Draw(&r))
	n.sim.SpendNext(c, n.starting, d)
	n.sim.After(c, n.handler, d)
}

// pool is the instances of a function. Those that are idle are a stack: the one used last is the next to be used, and the first to be
// gone is at the bottom, so that nothing has to wait for that moment; it is reckoned when somebody asks.
type pool struct {
	sim   *sim.Sim
	keep  sim.Time
	stack []idleInstance
	below int     // of the stack: those that are gone
	gone  []int32 // instances that may be made again
	made  int32   // instances ever
	alive int

	// Of the measured time.
	area        float64 // integral of alive, in instance-nanoseconds
	since       sim.Time
	least, most int
	taken, cold int64
}

// idleInstance is an instance that has had nothing to do since a time.
type idleInstance struct {
	number int32
	since  sim.Time
}

func newPool(s *sim.Sim, limit int, keep sim.Time) pool {
	return pool{sim: s, keep: min(keep, latest), gone: make([]int32, 0, limit), stack: make([]idleInstance, 0, limit)}
}

// take returns the idle instance that was used last, or a fresh one.
func (p *pool) take() (number int32, fresh bool) {
	p.account()
	p.taken++
	if top := len(p.stack) - 1; top >= p.below {
		number = p.stack[top].number
		p.stack = p.stack[:top]
		return number, false
	}
	p.stack, p.below = p.stack[:0], 0
	if last := len(p.gone) - 1; last >= 0 {
		number, p.gone = p.gone[last], p.gone[:last]
	} else {
		number = p.made
		p.made++
	}
	p.cold++
	p.alive++
	p.most = max(p.most, p.alive)
	return number, true
}

// give takes an instance back that has handled its request.
func (p *pool) give(number int32) {
	p.account()
	if len(p.stack) == cap(p.stack) {
		p.stack = p.stack[:copy(p.stack, p.stack[p.below:])]
		p.below = 0
	}
	p.stack = append(p.stack, idleInstance{number, p.sim.Now()})
}

// account lets those be gone that have been idle for too long, each at its moment.
func (p *pool) account() {
	now := p.sim.Now()
	for ; p.below < len(p.stack) && p.stack[p.below].since+p.keep <= now; p.below++ {
		p.pass(p.stack[p.below].since + p.keep)
		p.gone = append(p.gone, p.stack[p.below].number)
		p.alive--
		p.least = min(p.least, p.alive)
	}
	p.pass(now)
}

// soFar is the area up to a moment, without letting those be gone that have been idle for too long.
func (p *pool) soFar(now sim.Time) float64 {
	area := p.area + float64(p.alive)*float64(now-p.since)
	for _, idle := range p.stack[p.below:] {
		if gone := idle.since + p.keep; gone <= now {
			area -= float64(now - gone)
		}
	}
	return area
}

// pass adds the time until a moment.
func (p *pool) pass(to sim.Time) {
	p.area += float64(p.alive) * float64(to-p.since)
	p.since = to
}

func (p *pool) startMeasuring() {
	p.account()
	p.area, p.taken, p.cold, p.least, p.most = 0, 0, 0, p.alive, p.alive
}

// FunctionStats is what a function counted in the measured time.
type FunctionStats struct {
	Taken, Cold int64 // requests that got an instance, and those of them that got a new one
}

// FunctionStats returns what was counted at a node, and whether it is a function.
func (b *Builder) FunctionStats(node int) (s FunctionStats, is bool) {
	n := b.functions[node]
	if n == nil {
		return s, false
	}
	return FunctionStats{n.pool.taken, n.pool.cold}, true
}

// PerInstance tells whether there is a station of a resource for each instance of its node, which come and go with these.
func (b *Builder) PerInstance(node int, r *sim.Resource) bool {
	if b.functions[node] != nil {
		return r.Name == "cpu"
	}
	return len(r.Spoken()) == b.Instances[node] // those of locks do not come and go with the instances
}

// Bounds tells whether a resource of a node can be full: the cores of a function cannot, since each request has its own.
func (b *Builder) Bounds(node int, r *sim.Resource) bool {
	return r.Stations[0].Servers() != sim.Unlimited && (b.functions[node] == nil || r.Name != "cpu")
}
