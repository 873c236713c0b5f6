package sim

import "iter"

// NodeStats is what a node's visits were that were answered in the measured time.
type NodeStats struct {
	Latency *Histogram // of all visits that were answered ok: from arrival to answer
	Own     *Histogram // of the same visits, without the time spent waiting for the calls they made
	Ended   [Outcomes]int64
	Class   []ClassStats // by request class; nil where there is one class only
	Present Levels       // visits begun and not answered
}

// ClassStats is one request class at a node.
type ClassStats struct {
	Ended int64
	Own   *Histogram
}

// Merge adds another replication's counts.
func (n *NodeStats) Merge(o *NodeStats) {
	n.Present.Merge(&o.Present)
	n.Latency.Merge(o.Latency)
	n.Own.Merge(o.Own)
	for i, k := range o.Ended {
		n.Ended[i] += k
	}
	for i := range o.Class {
		n.Class[i].Ended += o.Class[i].Ended
		n.Class[i].Own.Merge(o.Class[i].Own)
	}
}

// EdgeStats counts the calls made along an edge in the measured time, and the answers to them that were not ok.
type EdgeStats struct {
	From          int32 // a node, or -1-i for source i
	To            uint32
	Calls, Errors int64
	Bytes         int64 // both ways
	Back          int64 // of those: with answers
}

// Size is what the calls of a request class carry, in bytes: on the way there and on the way back.
type Size struct{ Request, Response int64 }

// carry counts what a call brings along an edge.
func (s *Sim) carry(e *EdgeStats, class uint16, op Op) { e.Bytes += s.sent(class, op) }

// sent returns how many bytes a call brings. What is to be stored is as large as an answer.
func (s *Sim) sent(class uint16, op Op) int64 {
	if op == OpStore {
		return s.sizes[class].Request + s.sizes[class].Response
	}
	return s.sizes[class].Request
}

// carryBack counts what an answer brings back.
func (s *Sim) carryBack(c *Call) {
	s.bringBack(&s.edges[c.edge].EdgeStats, c)
}

// bringBack counts what the answer to a call brings back along an edge.
func (s *Sim) bringBack(e *EdgeStats, c *Call) {
	n := s.returned(c, OK)
	e.Bytes, e.Back = e.Bytes+n, e.Back+n
}

// returned returns how many bytes an answer brings. That a message is taken, that a cache does not have it or has stored it, or that
// something went wrong, is said without a word.
func (s *Sim) returned(c *Call, o Outcome) int64 {
	if o != OK || c.Op == OpPublish || c.Op == OpStore || c.Op == OpLook && c.Reply == 0 {
		return 0
	}
	return s.sizes[c.Class].Response
}

// Edges returns the edges' counts.
func (s *Sim) Edges() []EdgeStats {
	counts := make([]EdgeStats, len(s.edges))
	for i, e := range s.edges {
		counts[i] = e.EdgeStats
	}
	return counts
}

// MeasuredInFlight counts, by looking at every record, the measured requests that have no answer yet.
func (s *Sim) MeasuredInFlight() int64 {
	var n int64
	for r := range s.unanswered() {
		if r.Measured {
			n++
		}
	}
	return n
}

// unanswered goes through the requests that have no answer yet.
func (s *Sim) unanswered() iter.Seq[*Request] {
	return func(yield func(*Request) bool) {
		for r := range s.requests.inUse(func(r *Request) uint32 { return r.ID }) {
			if r.stage&answered == 0 && !yield(r) {
				return
			}
		}
	}
}

// CallsAt counts, by looking at every record, the visits to a node that have not ended, answered or not.
func (s *Sim) CallsAt(node uint32) int64 {
	var n int64
	for c := range s.UnderWay() {
		if c.Node == node {
			n++
		}
	}
	return n
}

// InFlight returns the number of requests without an answer.
func (s *Sim) InFlight() int64 {
	n := s.Totals.Requests
	for _, k := range s.Totals.Ended {
		n -= k
	}
	return n
}

// MeasuredLeft returns the number of measured requests that have no answer yet, by the counts; where work goes on after the answer, of
// those for which it is not done.
func (s *Sim) MeasuredLeft() int64 {
	if s.background {
		return s.unfinished
	}
	var n int64
	for i := range s.cells {
		n += s.cells[i].InFlight()
	}
	return n
}

// Minus returns what came since before.
func (t Totals) Minus(before Totals) Totals {
	t.Events -= before.Events
	t.Requests -= before.Requests
	for i := range t.Ended {
		t.Ended[i] -= before.Ended[i]
	}
	return t
}

// Clone returns a copy.
func (n *NodeStats) Clone() NodeStats {
	c := NodeStats{Present: n.Present.Clone(n.Present.since), Latency: n.Latency.Clone(), Own: n.Own.Clone(), Ended: n.Ended}
	for _, k := range n.Class {
		c.Class = append(c.Class, ClassStats{k.Ended, k.Own.Clone()})
	}
	return c
}
