package models

import "headroom/sim"

// perishable is the behaviour of a node whose instances can die.
type perishable interface {
	sim.Node
	sim.Canceller
	// choose finds the instance that takes a call, one of the first so many, unless one is chosen already.
	choose(c *sim.Call, instances int)
	// detach takes a visit that is struck down out of what it waits for together with visits to other instances.
	detach(c *sim.Call)
	// lose lets go of what such a visit holds beside its instance, and ends it as unavailable.
	lose(c *sim.Call)
	// fall loses what an instance had, when all its visits are detached.
	fall(instance int32)
	// rise begins anew with an instance that has nothing.
	rise(instance int32)
	// linesUp tells whether a call that comes waits at a station of its instance before anything else.
	linesUp(c *sim.Call) bool
	// stations returns those of an instance that serve, and those whose places are held.
	stations(instance int32) (serving, held []*sim.Station)
}

// sharing is a node whose instances divide something between them.
type sharing interface {
	// share divides it anew between the first so many.
	share(instances int)
}

// mortal stands before a node that events strike: it knows which instances there are, and which of them are dead. A call that comes to a dead
// one ends as unavailable at once. Nodes that no event strikes stand alone, and pay nothing for those that are struck.
type mortal struct {
	perishable
	sim      *sim.Sim
	node     uint32
	located  bool                      // the instance is chosen before the way there
	count    int                       // instances that take calls: the first so many, by rank where they have ranks
	ranks    *ranks                    // nil: by number
	there    func(instance int32) bool // tells which ones they are, where they are not the first; else nil
	deaths   []int32                   // by instance: the events that hold it down
	watching []watcher
	slowed   map[int32][]float64 // by instance: how many times slower it works, by each event
	paced    bool                // its tempo changes
	naps     []nap               // by instance; nil: none ever pauses
	resting  int32               // the part of a request's time that pauses take
	area     float64             // integral of count over the measured time, in nanoseconds
	since    sim.Time

	resizable   bool // events or the load may change count
	least, most int  // of it in the measured time
}

// watcher is told when instances die, live again, come or go, or when regions are severed and hear each other again.
type watcher interface{ changed() }

// Enter implements sim.Node.
func (m *mortal) Enter(c *sim.Call) {
	if _, itself := m.perishable.(*partitions); itself { // looks who is alive of those that have the key
		m.perishable.Enter(c)
		return
	}
	sent := c.Instance
	if !m.located || !m.exists(c.Instance) { // it may be gone since the call left
		m.pick(c)
	}
	if w, ok := m.perishable.(*worker); ok && c.Instance != sent { // the message comes to another one
		w.coming[sent]--
		w.coming[c.Instance]++
	}
	if m.deaths[c.Instance] > 0 {
		if w, ok := m.perishable.(*worker); ok {
			w.comes(c.Instance)
		}
		m.sim.Finish(c, sim.Unavailable)
		return
	}
	if m.holds(c, m.perishable.Enter) {
		return
	}
	m.perishable.Enter(c)
}

// Locate implements sim.Locator: where a call goes is for the node itself to say, whether events strike it or not.
func (m *mortal) Locate(c *sim.Call) {
	if l, ok := m.perishable.(sim.Locator); ok {
		l.Locate(c)
		return
	}
	m.pick(c)
}

// pick finds the instance that takes a call.
func (m *mortal) pick(c *sim.Call) {
	if m.ranks == nil {
		m.choose(c, m.count)
	} else if c.Instance < 0 || !m.exists(c.Instance) {
		m.choose(c, m.count)
		c.Instance = m.nth(int(c.Instance))
	}
}

// nth returns the instance of a rank.
func (m *mortal) nth(rank int) int32 {
	if m.ranks == nil {
		return int32(rank)
	}
	return m.ranks.at[rank]
}

// exists tells whether an instance is one of those that take calls.
func (m *mortal) exists(instance int32) bool {
	if m.there != nil {
		return m.there(instance)
	}
	if m.ranks != nil && int(instance) < len(m.ranks.of) {
		instance = m.ranks.of[instance]
	}
	return int(instance) < m.count
}

// alive tells whether an instance would answer, if not now.
func (m *mortal) alive(instance int32) bool { return m.exists(instance) && m.deaths[instance] == 0 }

// answers tells whether it would now.
func (m *mortal) answers(instance int32) bool { return m.alive(instance) && !m.pauses(instance) }

// kill strikes instances down, and returns those that it holds down from now on. instance -1 means so many of those alive, the first ones;
// count 0 means all.
func (m *mortal) kill(instance int32, count int) (held []int32) {
	ranked := m.count
	if m.there != nil {
		ranked = len(m.deaths)
	}
	for rank := range ranked {
		i := m.nth(rank)
		if m.exists(i) && (instance == i || instance < 0 && (count == 0 || m.deaths[i] == 0 && len(held) < count)) {
			held = append(held, i)
		}
	}
	var dying []int32
	for _, i := range held {
		if m.deaths[i]++; m.deaths[i] == 1 {
			dying = append(dying, i)
		}
	}
	m.die(dying)
	m.tell()
	return held
}

// die ends all visits to instances. They are all detached before any lets go of what others wait for, so that nothing is handed to the dead.
func (m *mortal) die(dying []int32) {
	awake := m.wake(dying)
	struck := m.sim.Strike(m.node, dying)
	for _, c := range struck {
		if !awake[c] {
			m.detach(c)
		}
	}
	for _, i := range dying {
		m.fall(i)
	}
	for _, c := range struck {
		if awake[c] {
			m.drop(c)
		}
		m.lose(c)
	}
}

// revive ends what an event did to instances.
func (m *mortal) revive(held []int32) {
	for _, i := range held {
		if m.deaths[i]--; m.deaths[i] == 0 {
			m.rise(i)
		}
	}
	m.tell()
}

// resize lets there be so many instances, and returns how many there were.
func (m *mortal) resize(count int) (before int) {
	m.account()
	before, m.count = m.count, count
	m.least, m.most = min(m.least, count), max(m.most, count)
	if n, ok := m.perishable.(sharing); ok {
		n.share(count)
	}
	for rank := before; rank < count; rank++ {
		m.rise(m.nth(rank))
	}
	m.tell()
	return before
}

func (m *mortal) account() {
	now := m.sim.Now()
	m.area += float64(m.count) * float64(now-m.since)
	m.since = now
}

func (m *mortal) startMeasuring() {
	m.area, m.since, m.least, m.most = 0, m.sim.Now(), m.count, m.count
}

func (m *mortal) tell() {
	for _, w := range m.watching {
		w.changed()
	}
}

// What machines do.

func (m *machine) choose(c *sim.Call, instances int) { chooseInstance(c, instances) }

// standing returns the instruction that a visit waits at, nil if it has not begun.
func (m *machine) standing(c *sim.Call) *instruction {
	if c.PC == 0 {
		return nil
	}
	prog := m.program(c)
	i := prog[c.PC-1]
	if i.do == endBranch { // it waits for its branches: what is held meanwhile stands after them
		i = prog[c.PC]
	}
	return i
}

func (m *machine) detach(c *sim.Call) {
	switch i := m.standing(c); {
	case i == nil:
	case i.do == takeLock:
		i.lock.leave(c)
	case i.do == doAwait && c.Reply == isAwaited:
		i.caches[0].unpark(c, classOf(c, i))
	}
}

func (m *machine) lose(c *sim.Call) {
	if i := m.standing(c); i != nil {
		c.Outcome = sim.Unavailable
		m.loseTry(c, i)
		m.letGo(c, i)
	}
	if c.Flags&answered == 0 && visits(c) { // another branch speaks to nobody but its visit, which is lost as well
		m.sim.Answer(c, sim.Unavailable)
	}
	m.sim.End(c)
}

// loseTry takes notice that a visit that has a call tried ends before it knows how that went.
func (m *machine) loseTry(c *sim.Call, i *instruction) {
	if i.guard == nil || i.do == doBegin {
		return
	}
	i.guard.counts.Lost++
	if c.Flags&probes != 0 {
		i.guard.breakers[c.Instance].probing = false
	}
}

func (m *machine) fall(instance int32) {
	if m.limits != nil {
		m.limits[instance].begin()
	}
	m.cores[instance].Clear()
	if m.memory != nil {
		m.memory[instance].Clear()
	}
	if m.places != nil {
		m.places[instance].Clear()
	}
	for _, p := range m.pools {
		p.Stations[instance].Clear()
	}
	for _, p := range m.policies {
		p.forget(instance)
	}
}

func (m *machine) rise(int32) {}

// lose ends a job. A queue that waits for a visibility timeout does not learn of it any sooner; another one notices at once that the worker
// is gone, and the job has failed.
func (w *worker) lose(c *sim.Call) {
	if !c.IsBranch() && w.sim.Heard(c) {
		if from, _ := w.sim.Caller(c); w.b.queues[from].visibility > 0 {
			w.sim.Lose(c)
		}
	}
	w.machine.lose(c)
}

func (w *worker) rise(instance int32) {
	w.idle.join(instance)
	w.pull()
}

// What other nodes do.

func (n *stationNode) choose(c *sim.Call, instances int) { chooseInstance(c, instances) }
func (n *stationNode) detach(*sim.Call)                  {}
func (n *stationNode) lose(c *sim.Call)                  { n.sim.Finish(c, sim.Unavailable) }
func (n *stationNode) fall(instance int32)               { n.servers[instance].Clear() }
func (n *stationNode) rise(int32)                        {}

func (x *external) choose(c *sim.Call, _ int) { c.Instance = 0 }
func (x *external) detach(*sim.Call)          {}
func (x *external) lose(c *sim.Call)          { x.sim.Finish(c, sim.Unavailable) }
func (x *external) fall(int32)                {}
func (x *external) rise(int32)                {}

func (n *rateLimiter) choose(c *sim.Call, _ int) { c.Instance = 0 }

func (n *rateLimiter) detach(c *sim.Call) {
	if c.Flags != passedOn { // it is held back
		n.limit.Queue.add(n.sim.Now(), -1)
	}
}

func (n *rateLimiter) lose(c *sim.Call) { n.sim.Finish(c, sim.Unavailable) }
func (n *rateLimiter) fall(int32)       {}
func (n *rateLimiter) rise(int32)       {}

func (n *balancer) choose(c *sim.Call, instances int) { chooseInstance(c, instances) }
func (n *balancer) detach(*sim.Call)                  {}
func (n *balancer) lose(c *sim.Call)                  { n.sim.Finish(c, sim.Unavailable) }

// fall forgets what the instance knew of its targets: it begins anew, as if all were well.
func (n *balancer) fall(instance int32) {
	if n.limits != nil {
		n.limits[instance].begin()
	}
	if n.cores != nil {
		n.cores[instance].Clear()
	}
	if r, ok := n.pickers[instance].(*roster); ok {
		r.begin()
		return
	}
	n.pickers[instance] = n.newPicker()
}

func (n *balancer) rise(int32) {}

func (n *cache) choose(c *sim.Call, instances int) { n.place(c) }

func (n *cache) detach(c *sim.Call) {
	if c.PC == parked {
		n.unpark(c, c.Class)
	}
}

// lose ends a visit; those who wait for what it fetches learn that it will not come.
func (n *cache) lose(c *sim.Call) {
	switch {
	case c.PC == flushing: // answered
		n.sim.End(c)
		return
	case n.coalesce && (c.PC == fetching || c.PC == storing):
		n.release(n.cluster(c), n.b.key(c), sim.Unavailable, isMiss)
	}
	n.sim.Finish(c, sim.Unavailable)
}

// fall loses the contents of the instance.
func (n *cache) fall(instance int32) {
	if n.cores != nil {
		n.cores[instance].Clear()
	}
	if n.contents != nil {
		n.contents[instance].Flush(n.sim.Now())
	}
}

func (n *cache) rise(int32) {}

// share moves the keys: each instance has those of its part of the ring. An instance that comes or goes has nothing.
func (n *cache) share(instances int) {
	all := &n.clusters[0] // only a cache in one place is resized
	if n.contents != nil {
		for _, c := range n.contents[min(instances, all.n):max(instances, all.n)] {
			c.Flush(n.sim.Now())
		}
	}
	n.memory *= float64(instances) / float64(all.n)
	all.n, all.ring = instances, n.ringOf(instances)
	n.settle()
}

// forsake lets those go on who wait for what a call was told to fetch, if it was: it has ended, or gave up, before the answer came.
func (n *cache) forsake(c *sim.Call, class uint16) {
	k, key := n.cluster(c), n.b.keyAs(c, class)
	if g := k.fetching[key]; g != nil && g.By == c.ID {
		n.release(k, key, c.Outcome, isMiss)
	}
}

// unpark takes away a call that waited for what somebody fetches for the key of its class.
func (n *cache) unpark(c *sim.Call, class uint16) {
	n.sim.Unpark(n.cluster(c).fetching[n.b.keyAs(c, class)], c)
}

// leave takes a visit that is struck down out of the line for the lock.
func (l *lock) leave(c *sim.Call) {
	st := l.one
	if st == nil {
		st = l.of[l.b.key(c)]
	}
	st.Leave(c)
}
