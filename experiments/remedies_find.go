package experiments

import (
	"context"
	"math"
	"slices"

	"headroom/experiments/remedies"
	"headroom/models"
	"headroom/scenarios"
	"headroom/sim"
)

// RemedyOptions are what a search for remedies may be told.
type RemedyOptions struct {
	Options
	Most       int  // remedies that are returned; 0: MostRemedies
	Capacities bool // search the capacity before, and after the first few
}

// MostRemedies is how many remedies are returned unless told otherwise.
const MostRemedies = 10

const (
	mostCapacities = 5           // remedies whose capacity is searched
	toSpare        = .9          // of a target that a size must reach when it is searched: another seed must reach the target as well
	barely         = .97         // of a target that was met at full effort, above which chance met it
	further        = 3           // sizes beyond the one that the search found, where that misses the SLO at full effort
	deepest        = 3           // changes of one remedy
	mostEvents     = 200_000_000 // of the whole search, beyond which no further change is added to another
	worthJoining   = 2           // of the remedies that do not meet the SLO, those that get a second change
	worthMore      = .9          // of how far its worst target is missed, from which on a larger size is worth showing though no size meets the SLO
	mostLost       = .01         // of the messages of a queue that a remedy adds
	mostSearched   = 100_000     // requests that a run of the search measures in all, or leastMeasured in each replication
	searchOnSeed   = 1           // added to the scenario's seed in the search: what it finds is then seen again on the scenario's own
)

// FindRemedies tries what the catalogue proposes for a diagnosed bottleneck, and ranks it. Each way to widen what limits is tried in several
// sizes: the search begins where the utilization law puts the resource at remedies.Target, and closes in by bisection on the smallest size that
// meets the SLO with a tenth to spare, in short runs. What it finds is simulated once more, as long as the scenario asks for and on the
// scenario's own random numbers. Where no single change meets the SLO, the best get a second one for what limits then, and a third.
//
// Change loads the scenario with so many changes more. Cancelling the context keeps what is done. Where the SLO is met, or nothing limits,
// there is nothing to remedy: the list is empty.
func FindRemedies(ctx context.Context, l *scenarios.Loaded, change func([]scenarios.Change) (*scenarios.Loaded, error), of *Diagnosis, o RemedyOptions) ([]Remedy, error) {
	all := []Remedy{}
	if of.Result.met() && !of.Result.Saturated || of.Bottleneck.Class == "none" {
		return all, nil
	}
	s := &remedySearch{ctx: ctx, l: l, change: change, base: of.Result, basePairs: of.pairs, o: o}
	if err := s.findAll(remedies.Proposal{}, of.Bottleneck, of.Result, 1); err != nil {
		return nil, err
	}
	for depth := 2; depth <= deepest && !s.anyMet() && ctx.Err() == nil; depth++ {
		for _, first := range s.joinable(depth - 1) {
			if err := s.findAll(first.proposal, *first.remedy.NextBottleneck, first.remedy.result, depth); err != nil {
				return nil, err
			}
		}
	}
	return s.ranked()
}

// remedySearch is the search for remedies of one scenario.
type remedySearch struct {
	ctx       context.Context
	l         *scenarios.Loaded
	change    func([]scenarios.Change) (*scenarios.Loaded, error)
	base      *Result
	basePairs []float64
	o         RemedyOptions
	found     []*candidate
	steps     []*candidate // that are only there to be followed by another change
	short     plan         // of a run of the search, once one is known
	runs      int
	events    int64 // that were simulated
}

// candidate is a proposal that was simulated at full effort.
type candidate struct {
	proposal remedies.Proposal
	remedy   Remedy
	depth    int
}

func (s *remedySearch) anyMet() bool {
	return slices.ContainsFunc(s.found, func(t *candidate) bool { return t.remedy.SLOMet })
}

// joinable returns the best of those with so many changes, each of another kind.
func (s *remedySearch) joinable(depth int) []*candidate {
	var some []*candidate
	for _, t := range slices.Concat(s.found, s.steps) {
		if t.depth == depth && t.remedy.NextBottleneck != nil && t.remedy.Verdict != Harms {
			some = append(some, t)
		}
	}
	slices.SortStableFunc(some, func(x, y *candidate) int { return byEffect(&x.remedy, &y.remedy) })
	return some[:min(len(some), worthJoining)]
}

// findAll tries each family for a bottleneck, after a first change. Of those that come after one, only what meets the SLO is simulated in full;
// where none does, a short run of the best says what limits then, so that another can follow.
func (s *remedySearch) findAll(first remedies.Proposal, of Suspect, seen *Result, depth int) error {
	l, err := s.load(first)
	if err != nil || l == nil {
		return err
	}
	best, most, met := remedies.Proposal{}, math.Inf(1), false
	for _, f := range remedies.For(l, suspected(of, seen)) {
		if s.ctx.Err() != nil || depth > 1 && s.events > mostEvents {
			return nil
		}
		if first.Kind != "" {
			if changesAgain(first, f) {
				continue
			}
			for i := range f.Sizes {
				f.Sizes[i] = remedies.Joined(first, f.Sizes[i])
			}
		}
		found, err := s.smallest(f)
		if err == nil && found.at >= 0 && (depth == 1 || found.met) {
			met = met || found.met
			err = s.keep(f, found, depth)
		} else if err == nil && found.at >= 0 && found.used < most {
			best, most = f.Sizes[found.at], found.used
		}
		if err != nil && !interrupted(s.ctx, err) {
			return err
		}
	}
	if depth == 1 || depth == deepest || met || best.Kind == "" || s.ctx.Err() != nil {
		return nil
	}
	t, err := s.step(best)
	if t != nil {
		t.depth = depth
		s.steps = append(s.steps, t)
	}
	return err
}

// changesAgain tells whether a family changes what was changed already.
func changesAgain(first remedies.Proposal, f remedies.Family) bool {
	return slices.ContainsFunc(f.Sizes[0].Change, func(c scenarios.Change) bool {
		return slices.ContainsFunc(first.Change, func(was scenarios.Change) bool { return was.Path == c.Path })
	})
}

// suspected is what limits, as the catalogue wants to know it.
func suspected(of Suspect, r *Result) remedies.Suspect {
	n := r.Nodes[of.Node]
	s := remedies.Suspect{Node: of.Node, Resource: of.Resource, Class: of.Class, Demand: float64(of.Utilization), Calls: float64(n.Throughput),
		Mean: float64(n.Latency.Mean), P50: float64(n.Latency.P50), P90: float64(n.Latency.P90), P95: float64(n.Latency.P95)}
	if at := float64(of.SaturatesAt); at > 0 && !math.IsInf(at, 0) {
		s.Demand = float64(r.Load.Offered) / at
	}
	if done := float64(r.Load.Completed); r.Saturated && done > 0 {
		s.Calls *= float64(r.Load.Offered) / done
	}
	return s
}

// load returns the scenario with a proposal; nil where it does not allow that, or has no use for it.
func (s *remedySearch) load(p remedies.Proposal) (*scenarios.Loaded, error) {
	if len(p.Change) == 0 {
		return s.l, nil
	}
	l, err := s.change(p.Change)
	if err != nil || len(l.Warnings) > len(s.l.Warnings) {
		return nil, nil //nolint:nilerr // the catalogue proposes what the reader then refuses
	}
	return l, nil
}

// keep simulates the size that the search found at full effort, or the next ones where that meets the SLO by luck, or not at all.
func (s *remedySearch) keep(f remedies.Family, found chosen, depth int) error {
	t, err := s.full(f.Sizes[found.at])
	sure := func(t *candidate) bool { return t.remedy.SLOMet && missedMost(&t.remedy) <= barely }
	for next := found.at + 1; found.met && err == nil && t != nil && !sure(t) && next < len(f.Sizes) && next <= found.at+further; next++ {
		var again *candidate
		if again, err = s.full(f.Sizes[next]); again != nil && (again.remedy.SLOMet || !t.remedy.SLOMet) {
			t = again
		}
	}
	if t == nil || err != nil {
		return err
	}
	if !t.remedy.SLOMet && found.at == len(f.Sizes)-1 {
		t.remedy.Ceiling = f.Ceiling
	}
	t.depth = depth
	s.found = append(s.found, t)
	return nil
}

// chosen is the number of a size in its family, below 0 where none fits the scenario, and how much of its worst target is used up.
type chosen struct {
	at   int
	used float64
	met  bool // with something to spare
}

// smallest searches the smallest size that meets the SLO with something to spare; where none does, it is the one that is worth showing.
func (s *remedySearch) smallest(f remedies.Family) (chosen, error) {
	var err error
	last, enough := len(f.Sizes)-1, toSpare
	known := map[int]float64{}
	try := func(i int) float64 {
		if v, ok := known[i]; ok || err != nil {
			return v
		}
		known[i], err = s.quick(f.Sizes[i])
		return known[i]
	}
	low, high := -1, f.Start
	if !(try(high) <= toSpare) {
		low = high
		if high = last; !(try(high) <= toSpare) {
			switch start, end := known[f.Start], known[last]; {
			case err != nil || math.IsNaN(start) && math.IsNaN(end):
				return chosen{at: -1}, err
			case end <= barely: // there is no more to spare
				enough = barely
			case math.IsNaN(start) || end < worthMore*start:
				enough = end / worthMore // no size meets the SLO: the smallest that does nearly as much as the largest
			default:
				return chosen{f.Start, start, false}, nil
			}
		}
	}
	for high-low > 1 && err == nil && s.ctx.Err() == nil {
		if middle := (low + high) / 2; try(middle) <= enough {
			high = middle
		} else {
			low = middle
		}
	}
	return chosen{high, known[high], enough <= barely}, err
}

// quick simulates a proposal for a short time, and returns how much of its worst target is used up: above 1 that is missed, +Inf where a queue
// only grows, NaN where the scenario does not allow the proposal.
func (s *remedySearch) quick(p remedies.Proposal) (float64, error) {
	l, err := s.load(p)
	if err != nil || l == nil {
		return math.NaN(), err
	}
	l = size(s.ctx, l)
	l.Run.Seed += searchOnSeed
	l.Run.Precision = 0
	o := s.o.Options
	o.Progress = nil
	k := s.shortPlan(l)
	reps, err := replicate(s.ctx, l.Architecture, k, o)
	if err == nil && (len(reps) == 0 || s.ctx.Err() != nil) {
		err = context.Cause(s.ctx)
	}
	if err != nil {
		return math.NaN(), err
	}
	s.told()
	r := tally(l, reps, k)
	s.events += r.Run.Events
	r.judge(l.Architecture)
	return max(usedUp(r, targetsOf(l.Architecture)), s.lost(r)/mostLost), nil
}

// lost returns the share of the messages that are given up of a queue that a remedy adds: work that nobody does is no remedy.
func (s *remedySearch) lost(r *Result) float64 {
	worst := 0.0
	for _, name := range r.NodeOrder {
		if _, was := s.base.Nodes[name]; was || r.Nodes[name].Queue == nil {
			continue
		}
		if q := r.Nodes[name].Queue; q.Published > 0 {
			worst = max(worst, float64(q.Dead)/float64(q.Published))
		}
	}
	return worst
}

// shortPlan is how long a size is simulated in the search. The warm-up is that of the first size whose queues do not only grow: to find one for
// each would take longer than the run that it is for, and what the search finds is simulated again with its own.
func (s *remedySearch) shortPlan(l *scenarios.Loaded) plan {
	rate := l.Asked()
	steady := rate > 0 && l.Staged() == 0 && !l.Replayed() && len(l.Events) == 0
	if steady && s.short.measured > 0 {
		return s.short
	}
	o := s.o.Options
	o.Quick = false
	k := o.planFor(s.ctx, l.Architecture)
	if !steady || k.eventful {
		return k
	}
	most := max(leastMeasured, mostSearched/float64(l.Run.Replications)) / rate * 1e9
	k.measured = sim.Nanoseconds(min(float64(k.measured), max(min(most, float64(k.measured)/quickShare), leastMeasured/rate*1e9)))
	if !k.saturated {
		s.short = k
		s.short.saturated, s.short.fewLooks = true, true // of another size: it is looked whether queues only grow
	}
	return k
}

// usedUp returns how much of the target that is nearest to be missed is used up. Of a target from below nothing is demanded to spare.
func usedUp(r *Result, targets []models.Target) float64 {
	worst := 0.0
	for i, t := range targets {
		v := float64(r.SLO[i].Value)
		switch used := v / t.Value; {
		case math.IsNaN(v) || r.Saturated:
			return math.Inf(1)
		case t.Above, t.Unit == "share" && slices.Contains([]string{"cpu", "servers"}, t.Quantity):
			if !r.SLO[i].Met {
				worst = max(worst, 1.01, used)
			}
		default:
			worst = max(worst, used)
		}
	}
	return worst
}

// full simulates a proposal as the scenario itself is.
func (s *remedySearch) full(p remedies.Proposal) (*candidate, error) { return s.run(p, s.o.Options) }

// step simulates a proposal for a short time.
func (s *remedySearch) step(p remedies.Proposal) (*candidate, error) {
	o := s.o.Options
	if s.short.measured > 0 {
		o.planned = func(*models.Architecture) plan { return s.short }
	}
	return s.run(p, o)
}

func (s *remedySearch) run(p remedies.Proposal, o Options) (*candidate, error) {
	l, err := s.load(p)
	if err != nil || l == nil {
		return nil, err
	}
	o.Progress = nil
	m, err := measure(s.ctx, l, o)
	if err == nil && s.ctx.Err() != nil {
		err = context.Cause(s.ctx)
	}
	if err != nil {
		return nil, err
	}
	s.told()
	t := &candidate{proposal: p, remedy: s.remedy(p, m)}
	s.events += t.remedy.result.Run.Events
	return t, nil
}

// told tells how far the search is: nobody knows how many runs there will be.
func (s *remedySearch) told() {
	if s.runs++; s.o.Progress != nil {
		s.o.Progress(1 - math.Exp(-float64(s.runs)/40))
	}
}
