package sim

import "hash/fnv"

// node is an entry of the table of nodes.
type node struct {
	impl    Node
	sight   Foreseer // nil: it has none
	key     uint64   // of its random streams: from its name, so that another architecture with the same node draws the same
	counter int32    // which visit counter it has, -1: visited at most once by a request
	leads   int32    // see Leads
	counts  visitCounts
}

// AddNode registers a node; SetNode gives it its behaviour. repeats tells that one request may visit it more than once.
func (s *Sim) AddNode(name string, repeats bool) uint32 {
	h := fnv.New64a()
	h.Write([]byte(name))
	n := &node{key: h.Sum64(), counter: -1, counts: newVisitCounts(s.classes)}
	if repeats {
		n.counter = int32(s.repeated)
		s.repeated++
		s.counters = max(s.repeated-ownCounters, 0)
	}
	s.nodes = append(s.nodes, n)
	return uint32(len(s.nodes) - 1)
}

// SetNode gives a node its behaviour.
func (s *Sim) SetNode(id uint32, impl Node) {
	s.nodes[id].impl = impl
}

// resume lets the node that a call is at go on with it.
func (s *Sim) resume(c *Call) { s.nodes[c.Node].impl.Resume(c) }

// edge is a way that calls are made along, and the node at its end.
type edge struct {
	EdgeStats
	to *node
}

// Edge registers that from calls to, a node that is there already, and returns the edge's number. from is a node's number, or -1-i for
// source i.
func (s *Sim) Edge(from int32, to uint32) uint16 {
	for i, e := range s.edges {
		if e.From == from && e.To == to {
			return uint16(i)
		}
	}
	s.edges = append(s.edges, &edge{EdgeStats{From: from, To: to}, s.nodes[to]})
	return uint16(len(s.edges) - 1)
}

// NewRequest makes a request of a source. base is where all its randomness comes from, number which of the source's it is.
func (s *Sim) NewRequest(source, class uint16, client, base, number uint64) *Request {
	r := s.requests.take()
	if r == nil {
		r = s.newRequest()
	}
	r.Base, r.Arrived, r.Client, r.Number, r.Key = base, s.now, client, number, 0
	r.open, r.trail = 0, 0
	r.visits = [ownCounters]uint16{}
	r.Class, r.Source = class, source
	r.Outcome, r.Layer, r.Measured, r.stage = OK, 0, s.measuring, 0
	if int(r.ID) < len(s.resets) {
		s.resets[r.ID] = 0
	}
	if s.counters > 0 {
		clear(s.visitCounter[int(r.ID)*s.counters : (int(r.ID)+1)*s.counters])
	}
	if s.trails.follows(number) {
		r.trail = s.trails.take()
	}
	s.Totals.Requests++
	s.sources[source].live++
	if r.Measured {
		s.cellOf(r).Offered++
		s.unfinished++
	}
	return r
}

// Caller returns the node whose call waits for this one; false where the client does, or nobody any more: the record of a caller that is dead
// may be another's by now.
func (s *Sim) Caller(c *Call) (node uint32, ok bool) {
	if c.passage != 0 {
		return s.passed(c).last.To, true
	}
	if c.parent == nil || !s.Heard(c) {
		return 0, false
	}
	return c.parent.Node, true
}

// FromClient tells whether the client waits for the answer of a call: directly, or through nodes that hand it on.
func (s *Sim) FromClient(c *Call, handsOn []bool) bool {
	for {
		if c.passage != 0 && !s.passed(c).all(handsOn) {
			return false
		}
		if c.parent == nil {
			return c.Request.stage&left == 0
		}
		if !s.heeds(c) || !handsOn[c.parent.Node] {
			return false
		}
		c = c.parent
	}
}

// newRequest makes a record where none is free.
func (s *Sim) newRequest() *Request {
	r, id := s.requests.grow()
	r.ID = id
	s.visitCounter = append(s.visitCounter, make([]uint32, (int(id)+1)*s.counters-len(s.visitCounter))...)
	return r
}

// newCall takes a record from the slab.
func (s *Sim) newCall() *Call {
	if c := s.calls.take(); c != nil {
		return c
	}
	return s.moreCalls()
}

// moreCalls makes a record where none is free.
func (s *Sim) moreCalls() *Call {
	c, id := s.calls.grow()
	c.ID = id
	if id&(id-1) == 0 {
		s.until, s.horizon = s.now, s.now // what was long enough for half as many may be too long
	}
	return c
}

// Timer returns a record that belongs to no request: something to wait for events with.
func (s *Sim) Timer() *Call {
	c := s.newCall()
	c.due, c.Request = Never, nil
	return c
}

// Arrived returns when the visit began.
func (c *Call) Arrived() Time { return c.arrived }

// Start makes a request's first call.
func (s *Sim) Start(r *Request, edge uint16, op Op) { s.send(nil, r, r.Class, edge, op, -1) }

// Send makes one of the calls that a parent waits for. instance -1 leaves the choice to the node.
func (s *Sim) Send(parent *Call, edge uint16, class uint16, op Op, instance int32) {
	s.send(parent, parent.Request, class, edge, op, instance)
}

// send makes a call, of a parent or, where there is none, of the client.
//
//go:noinline
func (s *Sim) send(parent *Call, r *Request, class, edge uint16, op Op, instance int32) {
	e := s.edges[edge]
	c := s.visit(r, class, edge, op, e)
	c.parent, c.Instance = parent, instance
	if parent == nil {
		c.trail = r.trail
	} else {
		c.ticket = parent.wait
		if c.trail = parent.trail; c.trail != 0 {
			s.follow(parent, c)
		}
	}
	if s.plain {
		s.begin(c, e.to)
	} else {
		s.depart(c, parent, r, e.to)
	}
}

// depart lets a call go to a node, to be seen or held up on its way.
func (s *Sim) depart(c, parent *Call, r *Request, n *node) {
	w := s.network
	if parent == nil {
		if s.tracer != nil {
			s.tracer.arrives(s, r, c)
		}
		if w != nil {
			w.begins(r)
			w.depart(c, w.home(r), w.home(r))
			return
		}
	} else {
		if s.kin != nil {
			s.kin.add(c)
		}
		if w != nil {
			w.depart(c, w.spot(parent), w.spot(parent))
			return
		}
	}
	s.begin(c, n)
}

// visit makes the record of a call along an edge.
func (s *Sim) visit(r *Request, class, edge uint16, op Op, e *edge) *Call {
	e.Calls++
	if s.sizes != nil {
		s.carry(&e.EdgeStats, class, op)
	}
	c := s.calls.take()
	if c == nil {
		c = s.moreCalls()
	}
	r.open++
	c.due, c.Node, c.Request = Never, e.To, r
	nth := uint64(0)
	if e.to.counter >= 0 {
		nth = s.nth(r, e.to)
	}
	c.Rand = e.to.randomness(r, nth)
	c.PC, c.state, c.Outcome, c.marks, c.Op = 0, idle, OK, 0, op
	c.away, c.Class, c.edge, c.passage = 0, class, edge, 0
	c.Flags, c.Reply, c.Aux = 0, 0, 0
	return c
}

// randomness returns the random stream of a request's visit to a node after so many others.
func (n *node) randomness(r *Request, nth uint64) Rand { return NewRand(Mix(r.Base^n.key, nth)) }

// nth counts a visit of a request to a node that it may visit more than once, and returns how many there were before.
//
//go:noinline
func (s *Sim) nth(r *Request, n *node) uint64 {
	if n.counter < ownCounters {
		if v := &r.visits[n.counter]; *v < countless {
			*v++
			return uint64(*v - 1)
		}
	}
	if i := int(n.counter) - ownCounters; i >= 0 {
		v := &s.visitCounter[int(r.ID)*s.counters+i]
		*v++
		return uint64(*v - 1)
	}
	if s.countless == nil {
		s.countless = map[countlessVisits]uint64{}
	}
	k := countlessVisits{r.Base, n}
	s.countless[k]++
	return countless - 1 + s.countless[k]
}

const (
	ownCounters = 2         // of the visits to the first nodes that may be visited again are in the request
	countless   = 1<<16 - 1 // visits to one node, of one request, are more than its counter holds
)

// countlessVisits are those of a request, which its base tells from all others, to a node.
type countlessVisits struct {
	request uint64
	node    *node
}

// begin lets a visit begin.
func (s *Sim) begin(c *Call, n *node) {
	c.arrived = s.now
	present := &n.counts.present
	present.pass(s.now)
	if present.now++; present.now > present.max {
		present.rise()
	}
	n.impl.Enter(c)
}

// Expect makes a call wait for the answers to count calls that it makes now, of which need must be ok.
func (s *Sim) Expect(c *Call, count, need int32) {
	c.wait++
	c.left, c.need = count, need
	c.since = s.now
	c.Outcome = OK
}

// follow lets the trail of a parent go on with a call that it makes. Of several at once, the one that was waited for counts, and who is cancelled
// ends before: they have trails of their own.
func (s *Sim) follow(parent, c *Call) {
	if c.trail == traced {
		s.tracer.calls(s, parent, c)
	} else if parent.left > 1 || parent.marks&uncertain != 0 || s.kin != nil {
		c.trail = s.trails.take()
		c.marks |= forked
	}
}

// Branch starts a branch of a visit at the program counter pc: a record of its own for what the parent does at the same time.
func (s *Sim) Branch(parent *Call, pc int32, number uint64) {
	c := s.newCall()
	id, wait := c.ID, c.wait
	*c = *parent
	c.ID, c.wait = id, wait
	parent.Request.open++
	c.parent, c.ticket, c.passage = parent, parent.wait, 0
	c.marks |= branch
	c.Rand = NewRand(Mix(parent.Rand.State(), number+1))
	c.due, c.state, c.Outcome = Never, idle, OK
	c.away, c.PC = 0, pc
	switch parent.trail {
	case 0:
	case traced:
		s.tracer.calls(s, parent, c)
		s.tracer.of(c).Branch = int(number) + 1
	default:
		c.trail = s.trails.take()
		c.marks |= forked
	}
	if s.kin != nil {
		s.kin.add(c)
	}
	if s.network != nil {
		s.network.copy(c, parent)
	}
	s.wake(c)
}

// Forward ends a visit and lets the request visit the edge's node next, in the place of this call: whoever waits for this one waits
// for that one now.
func (s *Sim) Forward(c *Call, edge uint16) {
	if c.passage != 0 {
		panic("sim: a call that was handed on is forwarded")
	}
	s.nodes[c.Node].counts.answered(c, s.now, OK)
	r, e := c.Request, s.edges[edge]
	next := s.visit(r, c.Class, edge, c.Op, e)
	next.parent, next.ticket = c.parent, c.ticket
	next.trail = c.trail
	next.marks |= c.marks & forked
	next.Instance = -1
	if c.trail == traced {
		s.tracer.forwards(s, c, next)
	}
	if s.kin != nil && next.parent != nil {
		s.kin.add(next)
	}
	c.unfollow()
	if w := s.network; w != nil {
		from, caller := w.spot(c), w.journeys[c.ID].caller
		s.end(c, r)
		w.depart(next, from, caller)
		return
	}
	s.end(c, r)
	s.begin(next, e.to)
}

// IsBranch tells that the call is a branch of a visit rather than a visit of its own.
func (c *Call) IsBranch() bool { return c.marks&branch != 0 }
