package sim

import "slices"

// Relay is an instance of a node that hands calls on at once, and their answers back at once, as a limiter does. It needs no record of a call:
// the call goes on as the next one, and knows by its passage where it came by. When it is answered, so are the visits there. Whoever made the
// call waits for it as if they were not between.
type Relay struct {
	sim  *Sim
	ears Returner
	ways []way
}

// way is what a relay makes of the passage of a call, and of the edge that it came along.
type way struct {
	passage, edge uint16
	on            *passage
}

// Returner hears of the answer to a call that a relay handed on.
type Returner interface{ Returned(c *Call, o Outcome) }

// passage is a way by relays, up to one of them.
type passage struct {
	id     uint16
	before *passage // without the last relay; nil: there is one
	last   *edge    // to the node of the last one
	ears   Returner // of the last one; nil: it does not care
	counts *crossings
}

// mostPassages have numbers. The other calls are not handed on.
const mostPassages = 1 << 16

// crossings counts the calls that came by the same nodes and were answered: each of them had the latency of the call, and no time its own.
type crossings struct {
	nodes   []*node
	latency Histogram // of those that were answered ok
	classes []uint64  // how many of them there were, by request class
	failed  [Outcomes]int64
}

// NewRelay returns a relay. ears hears of the answers, nil: nobody does.
func (s *Sim) NewRelay(ears Returner) *Relay { return &Relay{sim: s, ears: ears} }

// HandOn lets a call that has just come go on along an edge, to an instance there or, with -1, to one that its node chooses. It tells whether
// that is possible: the node has to make a call of its own otherwise, and to wait for the answer.
func (r *Relay) HandOn(c *Call, edge uint16, instance int32) bool {
	s := r.sim
	if !s.plain || c.arrived != s.now {
		return false
	}
	id := r.passageOf(c)
	if id == 0 {
		return false
	}
	e, q, nth := s.edges[edge], c.Request, uint64(0)
	e.Calls++
	if s.sizes != nil {
		s.carry(&e.EdgeStats, c.Class, c.Op)
	}
	if e.to.counter >= 0 {
		nth = s.nth(q, e.to)
	}
	c.Node, c.Rand = e.To, e.to.randomness(q, nth)
	c.edge, c.passage, c.Instance = edge, id, instance
	c.Flags, c.Aux = 0, 0
	s.begin(c, e.to)
	return true
}

// passageOf returns the passage of a call from here on, 0 if it has none.
func (r *Relay) passageOf(c *Call) uint16 {
	for i := range r.ways {
		if w := &r.ways[i]; w.passage == c.passage && w.edge == c.edge {
			return w.on.id
		}
	}
	return r.newWay(c)
}

// newWay makes the passage of a call from here on. There is none beyond a relay with ears, since these know the call by the instance that
// it was handed on to.
func (r *Relay) newWay(c *Call) uint16 {
	s := r.sim
	var before *passage
	if c.passage != 0 {
		before = s.passages[c.passage-1]
	}
	if before != nil && before.ears != nil || len(s.passages) == mostPassages-1 {
		return 0
	}
	p := &passage{id: uint16(len(s.passages) + 1), before: before, last: s.edges[c.edge], ears: r.ears}
	p.counts = s.crossingsOf(p.nodes())
	s.passages = append(s.passages, p)
	r.ways = append(r.ways, way{c.passage, c.edge, p})
	return p.id
}

// nodes lists the nodes of a passage, the last first.
func (p *passage) nodes() []*node {
	var nodes []*node
	for ; p != nil; p = p.before {
		nodes = append(nodes, p.last.to)
	}
	return nodes
}

// all tells whether something is true of all its nodes.
func (p *passage) all(of []bool) bool {
	for ; p != nil; p = p.before {
		if !of[p.last.To] {
			return false
		}
	}
	return true
}

// crossingsOf returns what counts the calls that come by some nodes.
func (s *Sim) crossingsOf(nodes []*node) *crossings {
	for _, k := range s.crossings {
		if slices.Equal(k.nodes, nodes) {
			return k
		}
	}
	k := &crossings{nodes: nodes, latency: newHistogram(Coarse), classes: make([]uint64, max(s.classes, 1))}
	s.crossings = append(s.crossings, k)
	return k
}

// passed returns the passage of a call, which must have one.
func (s *Sim) passed(c *Call) *passage { return s.passages[c.passage-1] }

// handBack ends the visits that a call came by, which is answered.
//
//go:noinline
func (s *Sim) handBack(c *Call, o Outcome) {
	p := s.passed(c)
	c.passage = 0
	if p.ears != nil {
		p.ears.Returned(c, o)
	}
	for q := p; q != nil; q = q.before {
		e := q.last
		e.to.counts.present.leave(s.now)
		if o != OK {
			e.Errors++
		} else if s.sizes != nil {
			s.bringBack(&e.EdgeStats, c)
		}
	}
	if o != OK {
		p.counts.failed[o]++
		return
	}
	p.counts.latency.recordCoarse(s.now - c.arrived)
	p.counts.classes[c.Class]++
}

func (k *crossings) reset() {
	k.latency.Reset()
	clear(k.classes)
	k.failed = [Outcomes]int64{}
}

// addTo adds what was counted to what is counted of the visits to one of the nodes.
func (k *crossings) addTo(n *NodeStats) {
	n.Latency.Merge(&k.latency)
	for class, count := range k.classes {
		n.Own.RecordN(0, count)
		if n.Class != nil {
			n.Class[class].Own.RecordN(0, count)
			n.Class[class].Ended += int64(count)
		}
		n.Ended[OK] += int64(count)
	}
	for o, count := range k.failed {
		n.Ended[o] += count
	}
}
