package sim

// visitCounts counts the visits of a node while they pass, each in as few places as there can be: what NodeStats tells beside that is the sum of
// some of it.
type visitCounts struct {
	all     *Histogram  // latency of visits that were answered ok; nil where none waits for another: there it is their own time
	own     []Histogram // by request class: their latency without the time spent waiting for the calls they made
	present Levels
	failed  [Outcomes]int64
}

func newVisitCounts(classes int) visitCounts {
	n := visitCounts{own: make([]Histogram, max(classes, 1))}
	for i := range n.own {
		n.own[i] = newHistogram(Coarse)
	}
	return n
}

// separate tells latency and own time apart, where visits wait for calls, or for branches.
func (n *visitCounts) separate() {
	if n.all == nil {
		n.all = n.owns()
	}
}

// owns returns the own time of all classes.
func (n *visitCounts) owns() *Histogram {
	all := NewHistogram(Coarse)
	for i := range n.own {
		all.Merge(&n.own[i])
	}
	return all
}

// answered counts a visit that leaves. It is no part of its callers, since the compiler makes what is called a part of them, but not what is
// called there.
//
//go:noinline
func (n *visitCounts) answered(c *Call, now Time, o Outcome) {
	n.present.Add(now, -1)
	if o != OK {
		n.failed[o]++
		return
	}
	latency := now - c.arrived
	n.own[c.Class].recordCoarse(latency - c.away)
	if n.all != nil {
		n.all.recordCoarse(latency)
	}
}

func (n *visitCounts) reset(now Time) {
	n.present.Reset(now)
	for i := range n.own {
		n.own[i].Reset()
	}
	if n.all != nil {
		n.all.Reset()
	}
	n.failed = [Outcomes]int64{}
}

// stats returns what there is up to now, which later visits do not touch.
func (n *visitCounts) stats() NodeStats {
	own := n.owns()
	all := own
	if n.all != nil {
		all = n.all
	}
	st := NodeStats{Present: n.present.Clone(n.present.since), Latency: all.Clone(), Own: own, Ended: n.failed}
	st.Ended[OK] = own.Count()
	if len(n.own) > 1 {
		for i := range n.own {
			k := n.own[i].Clone()
			st.Class = append(st.Class, ClassStats{k.Count(), k})
		}
	}
	return st
}

// NodeStats returns what is counted of a node up to now.
func (s *Sim) NodeStats(node uint32) NodeStats { return s.nodes[node].counts.stats() }

// Present returns how many visits to a node have begun and are not answered.
func (s *Sim) Present(node uint32) *Levels { return &s.nodes[node].counts.present }
