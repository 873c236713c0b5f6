package sim

import "slices"

// visitCounts counts the visits of a node while they pass, each in as few places as there can be: what NodeStats tells is the sum of some of
// them.
type visitCounts struct {
	classes []classCounts // by request class
	callers Histogram     // latency of visits that waited for calls they made, or for branches, and were answered ok
	present Levels
	failed  [Outcomes]int64
}

// classCounts counts the visits of a class that were answered ok.
type classCounts struct {
	alone Histogram // latency of those that waited for no call they made: it is their own time as well
	own   Histogram // own time of the others: latency without the time spent waiting for their calls
}

func newVisitCounts(classes int) visitCounts {
	n := visitCounts{classes: make([]classCounts, max(classes, 1)), callers: newHistogram(Coarse)}
	for i := range n.classes {
		n.classes[i] = classCounts{newHistogram(Coarse), newHistogram(Coarse)}
	}
	n.present.rise()
	return n
}

// answered counts a visit that leaves. It is no part of its callers, since the compiler makes what is called a part of them, but not what is
// called there.
//
//go:noinline
func (n *visitCounts) answered(c *Call, now Time, o Outcome) {
	n.present.leave(now)
	if o != OK {
		n.failed[o]++
		return
	}
	latency := now - c.arrived
	k := &n.classes[c.Class]
	if c.away == 0 {
		k.alone.recordCoarse(latency)
		return
	}
	n.callers.recordCoarse(latency)
	k.own.recordCoarse(latency - c.away)
}

func (n *visitCounts) reset(now Time) {
	n.present.Reset(now)
	n.callers.Reset()
	for i := range n.classes {
		n.classes[i].alone.Reset()
		n.classes[i].own.Reset()
	}
	n.failed = [Outcomes]int64{}
}

// stats returns what there is up to now, which later visits do not touch.
func (n *visitCounts) stats() NodeStats {
	st := NodeStats{Present: n.present.Clone(n.present.since), Latency: n.callers.Clone(), Own: NewHistogram(Coarse), Ended: n.failed}
	for i := range n.classes {
		k := &n.classes[i]
		own := k.alone.Clone()
		own.Merge(&k.own)
		st.Own.Merge(own)
		st.Latency.Merge(&k.alone)
		if len(n.classes) > 1 {
			st.Class = append(st.Class, ClassStats{own.Count(), own})
		}
	}
	st.Ended[OK] = st.Own.Count()
	return st
}

// NodeStats returns what is counted of a node up to now.
func (s *Sim) NodeStats(node uint32) NodeStats {
	n := s.nodes[node]
	st := n.counts.stats()
	for _, k := range s.crossings {
		if slices.Contains(k.nodes, n) {
			k.addTo(&st)
		}
	}
	return st
}

// Present returns how many visits to a node have begun and are not answered.
func (s *Sim) Present(node uint32) *Levels { return &s.nodes[node].counts.present }
