package models

import (
	"headroom/sim"
	"headroom/sim/contents"
)

// cache is the behaviour of a cache.
//
//	look up ──hit──────────────────────────────► answer
//	   │ └─miss─► (aside) answer: not here;  the caller asks the origin and comes back to store
//	   └────miss─► (through) ask the origin ──► store ──► answer
//	write ─► (through) origin ─► remove the key      (write-through) origin ─► store      (write-behind) store, answer ─► origin
type cache struct {
	sim      *sim.Sim
	id       uint32
	begins   []beginning // by class
	get, set *sim.Dist   // nil: takes no time
	speed    float64
	cores    []*sim.Station // by instance; nil where nothing takes time
	ratio    float64        // below 0: there are contents, or nothing is kept
	lone     bool           // there is one instance
	located  bool           // the instance is chosen before the way there
	hands    bool           // it hands on what it fetches, and does nothing else with it
	coalesce bool
	layer    uint8  // of requests that find here what they ask for
	origin   uint16 // edge
	stats    CacheStats

	b        *Builder
	clusters []cluster
	near     []int // the cluster that callers use, by their region
	ringOf   func(instances int) *ring
	keyed    bool
	contents []*contents.Contents // by instance; nil for a fixed hit ratio, or where nothing is kept
	memory   float64              // bytes, of all instances; 0: not limited by it
	mode     string
	free     []*sim.Gate
	waits    int32 // the part of a request's time that is waiting for another's fetch
}

// beginning is what the visits of a class begin with, by operation.
type beginning [8]uint8

// The layers of requests.
const (
	pastCaches = 1
	firstLayer = 2
)

// Where a visit stands: what it waits for.
const (
	lookingUp = iota // its first time on a core
	passing          // an answer that no cache may keep
	parked           // somebody else's fetch of the same key
	fetching         // the origin's answer
	storing          // its time on a core for storing
	writing          // the origin's answer to a write
	flushing         // the same, after its own answer
)

// The replies of a cache to a look-up.
const (
	isMiss    = iota
	isHit     // it has what was asked for: sim.Found
	isAwaited // it has not, but somebody fetches it: wait for that
)

// settle makes of what the cache is what its visits ask for again and again.
func (n *cache) settle() {
	n.lone = len(n.clusters) == 1 && n.clusters[0].n == 1
	n.get, n.set = orNone(n.get), orNone(n.set)
	n.hands = n.set == nil && n.contents == nil && !n.coalesce && n.b.lives[n.id] == nil
	n.begins = make([]beginning, len(n.b.Classes))
	for class := range n.begins {
		for op := range sim.OpStore + 1 {
			n.begins[class][op] = n.beginning(uint16(class), op)
		}
	}
}

// orNone returns nil for a time that is always 0.
func orNone(d *sim.Dist) *sim.Dist {
	if d != nil && d.Mean() == 0 {
		return nil
	}
	return d
}

// beginning returns what a visit of a class begins with.
func (n *cache) beginning(class uint16, op sim.Op) uint8 {
	write, cacheable := n.b.asWrite(class, op), n.b.cacheable[class]
	switch {
	case op == sim.OpStore, write && n.mode == "write-behind" && cacheable:
		return storing
	case write:
		return writing
	case !cacheable:
		return passing
	}
	return lookingUp
}

// first returns what a visit begins with.
func (n *cache) first(c *sim.Call) int32 { return int32(n.begins[c.Class][c.Op%8]) }

// Enter implements sim.Node.
func (n *cache) Enter(c *sim.Call) {
	if !n.located {
		n.place(c)
	}
	switch c.PC = n.first(c); c.PC {
	case lookingUp:
		n.work(c, n.get, true)
	case storing:
		n.work(c, n.set, true)
	default:
		n.ask(c, c.Op)
	}
}

// work takes time on a core, and goes on at once where there is none to take.
func (n *cache) work(c *sim.Call, d *sim.Dist, arriving bool) {
	if d == nil {
		n.Resume(c)
		return
	}
	if n.cores[c.Instance].Serve(c, d.Time(&c.Rand, n.speed), arriving) == sim.Refused {
		n.sim.Finish(c, sim.Overloaded)
	}
}

// ask sends the call on to the origin.
func (n *cache) ask(c *sim.Call, op sim.Op) {
	n.sim.Expect(c, 1, 1)
	if n.hands && c.PC == fetching {
		n.sim.EndsWith(c, false)
	}
	n.sim.Send(c, n.origin, c.Class, op, -1)
}

// Resume implements sim.Node.
func (n *cache) Resume(c *sim.Call) {
	if c.Outcome != sim.OK {
		n.fail(c)
		return
	}
	switch c.PC {
	case lookingUp:
		n.lookUp(c)
	case fetching:
		c.PC = storing
		n.work(c, n.set, false)
	case storing:
		n.store(c)
	case writing:
		n.written(c)
	case flushing:
		n.sim.End(c)
	default: // passing, parked
		n.sim.Finish(c, sim.OK)
	}
}

// fail ends a visit that did not get what it waited for.
func (n *cache) fail(c *sim.Call) {
	switch c.PC {
	case flushing: // it has answered
		n.sim.End(c)
		return
	case fetching:
		n.release(n.cluster(c), n.b.key(c), c.Outcome, isMiss)
	}
	n.sim.Finish(c, c.Outcome)
}

// lookUp looks whether the key is there, and sees to it that it will be if not.
func (n *cache) lookUp(c *sim.Call) {
	if n.finds(c) {
		n.note(c, CacheHit)
		n.stats.Hits++
		c.Request.Layer = n.layer
		c.Reply = isHit
		n.sim.Finish(c, sim.OK)
		return
	}
	n.stats.Misses++
	c.Request.Layer = pastCaches
	c.Reply = isMiss
	n.note(c, CacheMiss)
	if n.coalesce && n.joins(c) {
		return
	}
	if c.Op == sim.OpLook {
		n.sim.Finish(c, sim.OK)
		return
	}
	c.PC = fetching
	n.ask(c, c.Op)
}

// joins lets a miss wait for what somebody fetches for the same key; false if it is the one that will.
func (n *cache) joins(c *sim.Call) bool {
	key, fetching := n.b.key(c), n.cluster(c).fetching
	switch g := fetching[key]; {
	case g == nil && c.Op == sim.OpLook && !n.sim.Heard(c): // who would have fetched it is gone
		return false
	case g == nil:
		g = n.gate()
		if g.By = 0; c.Op == sim.OpLook {
			g.By = c.Parent()
		} else {
			n.sim.Share(c)
		}
		fetching[key] = g
		return false
	case c.Op == sim.OpLook: // the caller waits, not the connection that it asks over
		c.Reply = isAwaited
		n.note(c, CacheCoalesced)
		n.sim.Finish(c, sim.OK)
	default:
		n.stats.Coalesced++
		c.PC = parked
		n.note(c, CacheCoalesced)
		n.sim.Park(g, c)
	}
	return true
}

// Foresee implements sim.Foreseer: a look-up that is about to end touches its entry, and what the origin has if there is none; so does storing.
func (n *cache) Foresee(c *sim.Call, step int) {
	if c.PC != lookingUp && c.PC != storing || int(uint32(c.Instance)) >= len(n.contents) {
		return
	}
	n.contents[c.Instance].Foresee(n.b.key(c), step)
	if c.Op != sim.OpLook && c.PC == lookingUp {
		n.sim.Foresee(c, n.origin, step)
	}
}

// note says what came of a call, if it is traced.
func (n *cache) note(c *sim.Call, what CacheNote) {
	if n.sim.Traced(c) {
		n.sim.Note(c, what)
	}
}

// finds tells whether what a call asks for is there: by a toss of a coin, or a look.
func (n *cache) finds(c *sim.Call) bool {
	if n.ratio >= 0 {
		return c.Rand.Float64() < n.ratio
	}
	return n.holds(c)
}

func (n *cache) holds(c *sim.Call) bool {
	return n.contents != nil && n.contents[c.Instance].Get(n.b.key(c), n.sim.Now())
}

// store keeps what was fetched or written, and lets those go on who wait for it.
func (n *cache) store(c *sim.Call) {
	if n.contents != nil {
		n.contents[c.Instance].Put(n.b.key(c), n.b.data[c.Class].size, n.sim.Now())
		n.note(c, CacheStored)
	}
	if n.coalesce {
		n.release(n.cluster(c), n.b.key(c), sim.OK, isHit)
	}
	if len(n.clusters) > 1 && n.b.writes(c) {
		n.removeBut(c, c.Class, n.cluster(c))
	}
	if n.mode == "write-behind" && n.b.writes(c) {
		n.sim.Answer(c, sim.OK)
		c.PC = flushing
		n.ask(c, sim.OpWrite)
		return
	}
	n.sim.Finish(c, sim.OK)
}

// written goes on after the origin took a write.
func (n *cache) written(c *sim.Call) {
	if n.mode == "write-through" && n.b.cacheable[c.Class] {
		c.PC = storing
		n.work(c, n.set, false)
		return
	}
	n.remove(c, c.Class)
	n.sim.Finish(c, sim.OK)
}

// await lets a caller wait for what somebody fetches for the key of its class; false if nobody does any more.
func (n *cache) await(c *sim.Call, class uint16) bool {
	g := n.cluster(c).fetching[n.b.keyAs(c, class)]
	if g != nil {
		n.stats.Coalesced++
		n.sim.Park(g, c)
	}
	return g != nil
}

func (n *cache) gate() *sim.Gate {
	if k := len(n.free); k > 0 {
		g := n.free[k-1]
		n.free = n.free[:k-1]
		return g
	}
	return &sim.Gate{Part: n.waits}
}

// release lets those go on who wait for a key of a cluster: it is there, or could not be had.
func (n *cache) release(k *cluster, key contents.Key, o sim.Outcome, reply uint8) {
	g := k.fetching[key]
	if g == nil {
		return
	}
	n.sim.Open(g, o, reply)
	delete(k.fetching, key)
	n.free = append(n.free, g)
}

// remove takes out what a call asks for as a class, since the origin has it anew.
func (n *cache) remove(c *sim.Call, class uint16) { n.removeBut(c, class, nil) }

// removeBut takes it out of all clusters but one.
func (n *cache) removeBut(c *sim.Call, class uint16, but *cluster) {
	if n.contents == nil || n.b.data[class] == nil {
		return
	}
	key := n.b.keyAs(c, class)
	for i := range n.clusters {
		if k := &n.clusters[i]; k != but {
			n.contents[k.owner(key)].Remove(key, n.sim.Now())
		}
	}
}
