package experiments

import (
	"cmp"
	"math"
	"slices"

	"headroom/experiments/remedies"
	"headroom/scenarios"
)

// The search at a stage looks for the cheapest design that meets the SLO at a rate. A design is the architecture with some changes out of the
// catalogue. Where a run of it misses the SLO, its children are: each change that widens what limits it then, and the change before that
// widened the same node, in a larger size. The utilization law sizes them all: what is widened is used remedies.Target at most. So nothing is
// simulated that the law knows to be too small, and what is found has headroom.
//
// Designs are simulated in the order of what they cost, with what the nodes that are still too full will cost once they are as large as the law says.
// The first that meets the SLO, seen again on other random numbers, is a candidate; from then on only what is cheaper is tried, for a while.
const (
	mostChanges = 4  // of a design: two steps of two changes each
	mostRuns    = 60 // of a search, in all
	moreRuns    = 16 // after the first design that meets the SLO
	mostResized = 3  // times that a change is made larger
	leastGrowth = 1.15
	mostGrowth  = 8
	overfull    = .9 // use from which on a node is sure to be widened
	leastGain   = 1.05
)

// design is an architecture with changes.
type design struct {
	parent   *design
	changes  []widening
	l        *scenarios.Loaded
	cost     float64 // dollars a month
	ahead    float64 // that it is likely to cost on top
	seen     *sight  // nil: it was not simulated
	verified *sight  // on other random numbers, where it met the SLO
}

// widening is a change of the catalogue, and what it was sized for.
type widening struct {
	of      remedies.Suspect
	p       remedies.Proposal
	kind    string
	size    int // number in its family
	resized int
}

// designSearch is what is known at a stage.
type designSearch struct {
	*road
	rate  float64
	queue []*design
	known map[string]bool // texts of designs
	tried []*design       // in the order in which they were simulated
	best  *design
}

// run looks for the best design.
func (s *designSearch) run() error {
	root := &design{l: s.at, cost: leastCost(s.at)}
	s.known = map[string]bool{s.at.SHA256: true}
	s.queue = []*design{root}
	for since := 0; len(s.queue) > 0 && len(s.tried) < mostRuns && since < moreRuns; {
		d := s.next()
		if s.best != nil {
			if d.cost >= s.best.cost {
				continue
			}
			since++
		}
		if err := s.try(d); err != nil {
			return err
		}
		if d.verified != nil && (s.best == nil || d.cost < s.best.cost) {
			s.best = d
			if d == root {
				return nil
			}
			continue
		}
		s.widen(d)
	}
	return nil
}

// next takes the design that is likely to cost the least.
func (s *designSearch) next() *design {
	at := 0
	for i, d := range s.queue {
		if d.cost+d.ahead < s.queue[at].cost+s.queue[at].ahead {
			at = i
		}
	}
	d := s.queue[at]
	s.queue = slices.Delete(s.queue, at, at+1)
	return d
}

// try simulates a design, and again where it meets the SLO.
func (s *designSearch) try(d *design) (err error) {
	s.tried = append(s.tried, d)
	if s.road.rate > 0 {
		if d.seen, err = s.foresee(d.l, s.rate); err != nil {
			return err
		}
	}
	if d.seen == nil || d.seen.roomy() {
		d.seen, err = s.glance(d.l, s.rate)
	}
	if err != nil {
		return err
	}
	if d.seen.met {
		again, err := s.view(d.l, s.rate)
		if err != nil {
			return err
		}
		if d.seen = again; again.met {
			d.verified = again
		}
	}
	if paid := float64(d.seen.r.Cost.PerMonth); paid > d.cost {
		d.cost = paid
	}
	return nil
}

// widen adds the children of a design that misses the SLO.
func (s *designSearch) widen(d *design) {
	of := d.seen.suspect(s.rate)
	if d.seen.of.Class == "none" {
		return
	}
	if d.useless() {
		if w := d.changes[len(d.changes)-1]; w.resized == 0 {
			s.noHelp[w.of.Node+" "+w.kind] = true
		}
		return
	}
	for i := len(d.changes) - 1; i >= 0; i-- {
		if d.changes[i].of.Node == of.Node {
			s.resize(d, i, of.Demand)
			break
		}
	}
	if len(d.changes) >= mostChanges {
		return
	}
	for _, f := range remedies.For(d.l, of) {
		made := slices.ContainsFunc(d.changes, func(w widening) bool { return w.of.Node == of.Node && w.kind == f.Kind })
		if !made && !s.noHelp[of.Node+" "+f.Kind] && !(f.Kind == "balanced" && !d.seen.roomy()) { // a balancer is for waiting, and not for want of machines
			s.add(d, d.changes, widening{of: of, kind: f.Kind}, f, f.Start)
		}
	}
}

// useless tells whether a design can do no more than the one that it was made of, for more money: the same resource is full at the same rate.
func (d *design) useless() bool {
	if d.parent == nil || d.seen.roomy() || d.parent.seen.of.Node != d.seen.of.Node || d.parent.seen.of.Resource != d.seen.of.Resource {
		return false
	}
	return d.seen.capable() < leastGain*d.parent.seen.capable()
}

// resize makes one of a design's changes larger, by as much as the node is still too full.
func (s *designSearch) resize(d *design, i int, demand float64) {
	w := d.changes[i]
	if w.resized >= mostResized {
		return
	}
	times := demand / remedies.Target
	if !(times > leastGrowth) {
		times = leastGrowth
	}
	w.of.Demand *= min(times, mostGrowth)
	w.resized++
	before := s.load(d.changes[:i])
	if before == nil {
		return
	}
	for _, f := range remedies.For(before, w.of) {
		if f.Kind == w.kind {
			s.add(d, slices.Delete(slices.Clone(d.changes), i, i+1), w, f, max(f.Start, w.size+1))
			return
		}
	}
}

// add puts a design in the queue: the changes of another, and one of a family, in a size or, where it does not fit, the next smaller one.
func (s *designSearch) add(parent *design, others []widening, w widening, f remedies.Family, size int) {
	for size = min(size, len(f.Sizes)-1); size >= 0; size-- {
		w.p, w.size = f.Sizes[size], size
		changes := append(slices.Clone(others), w)
		l := s.load(changes)
		if l == nil {
			return
		}
		if unknowable(s.from, l) {
			continue
		}
		if !s.known[l.SHA256] {
			s.known[l.SHA256] = true
			s.queue = append(s.queue, &design{parent: parent, changes: changes, l: l, cost: leastCost(l), ahead: ahead(parent, w.of.Node)})
		}
		return
	}
}

// load returns the architecture with changes; nil where it does not allow them, or has no use for them.
func (s *designSearch) load(changes []widening) *scenarios.Loaded {
	l, err := scenarios.Load(s.at.File, []byte(s.at.Source), "", changesOf(changes))
	if err != nil || len(l.Warnings) > len(s.at.Warnings) {
		return nil
	}
	return l
}

func changesOf(all []widening) []scenarios.Change {
	var changes []scenarios.Change
	for _, w := range all {
		changes = append(changes, w.p.Change...)
	}
	return changes
}

// ahead is what the nodes of a design that are too full, but one, cost on top once they are as large as the utilization law says.
func ahead(d *design, but string) float64 {
	sum := 0.0
	for _, n := range d.seen.needs {
		cost := float64(d.seen.r.Nodes[n.node].CostPerMonth)
		if n.node != but && n.demand > overfull && !math.IsNaN(cost) {
			sum += cost * (n.demand/remedies.Target - 1)
		}
	}
	return sum
}

// farthestCarried returns the design that was simulated whose bottleneck saturates at the highest rate, the cheapest of these.
func (s *designSearch) farthestCarried() *design {
	return slices.MaxFunc(s.tried, func(x, y *design) int {
		return cmp.Or(cmp.Compare(x.seen.capable(), y.seen.capable()), cmp.Compare(y.cost, x.cost))
	})
}

// capable is the rate at which the bottleneck of a run saturates, 0 where nobody knows.
func (s *sight) capable() float64 {
	if at := float64(s.of.SaturatesAt); at > 0 && !math.IsInf(at, 0) {
		return at
	}
	return 0
}
