package experiments

import (
	"context"
	"fmt"
	"math"
	"slices"

	"headroom/experiments/remedies"
	"headroom/internal/units"
	"headroom/models"
	"headroom/scenarios"
	"headroom/sim"
)

// How much is simulated of a design. The searching runs are short, on random numbers of their own: what they find is seen again in a longer one.
const (
	glanceRequests = 60_000 // in each of two replications
	glanceSeconds  = .15
	glances        = 2
	viewRequests   = 200_000 // in each of the scenario's own, where it does not say
	viewSeconds    = .5
)

// mostUsed is how full any resource may be where a stage is reached, but the first: the little more that the next day brings must not end it.
const mostUsed = .85

// sight is what a run of a design saw.
type sight struct {
	l     *scenarios.Loaded // at the rate
	r     *Result
	met   bool // the SLO, with room: see mostUsed; in a view also at the far ends of its intervals
	of    Suspect
	needs []need
}

// need is how full a node's fullest resource would be at the rate if nothing were refused, by the utilization law.
type need struct {
	node   string
	demand float64
}

// glance simulates a design shortly at a rate.
func (r *road) glance(l *scenarios.Loaded, rate float64) (*sight, error) {
	at, _ := atRate(l, rate)
	at.Run.Replications, at.Run.Seed = glances, at.Run.Seed+searchOnSeed
	r.measured(at.Architecture, rate, glanceRequests, glanceSeconds)
	return r.see(at, rate)
}

// view simulates it for longer, on the scenario's own random numbers, for as many requests as it says.
func (r *road) view(l *scenarios.Loaded, rate float64) (*sight, error) {
	at, _ := atRate(l, rate)
	requests := float64(at.Run.Requests)
	if requests == 0 {
		requests = viewRequests
	}
	r.measured(at.Architecture, rate, requests, viewSeconds)
	s, err := r.see(at, rate)
	if err == nil {
		s.met = s.met && surelyMet(s.r, targetsOf(s.l.Architecture))
	}
	return s, err
}

// measured lets a run last as long as so many requests take, and at least so many seconds; a fifth of that where it is to be quick.
func (r *road) measured(a *models.Architecture, rate, requests, seconds float64) {
	if r.o.Quick {
		requests, seconds = requests/quickShare, seconds/quickShare
	}
	a.Run.Requests, a.Run.Precision = 0, 0
	a.Run.Duration = units.Duration(min(max(requests/rate, seconds)*1e9, float64(farthest)))
}

// surelyMet tells whether both ends of the interval of each target meet it.
func surelyMet(r *Result, targets []models.Target) bool {
	for i, t := range targets {
		if ci := r.SLO[i].CI95; ci != nil && ci[0].Known() && (t.Above && float64(ci[0]) <= t.Value || !t.Above && float64(ci[1]) >= t.Value) {
			return false
		}
	}
	return true
}

func (r *road) see(at *scenarios.Loaded, rate float64) (*sight, error) {
	o := r.o.Options
	o.Quick, o.Progress, o.Cells = false, nil, nil
	m, err := measure(r.ctx, at, o)
	if err == nil && r.ctx.Err() != nil {
		err = context.Cause(r.ctx)
	}
	if err != nil {
		return nil, err
	}
	r.g.Runs++
	s := &sight{l: m.l, r: m.result(r.ctx, o)}
	s.met = s.r.met() && !s.r.Saturated
	d := &diagnosis{ctx: r.ctx, a: m.l.Architecture, r: s.r, reps: m.reps, best: busiest(m.l.Architecture, m.reps)}
	full := d.boundOf(s.r.Bottleneck)
	s.of = d.suspect(s.r.Bottleneck, full)
	s.needs = d.needs(full, rate)
	s.met = s.met && (rate <= float64(r.g.From) || s.roomy())
	return s, nil
}

// roomy tells whether no node is used more than mostUsed.
func (s *sight) roomy() bool {
	return !slices.ContainsFunc(s.needs, func(n need) bool { return n.demand > mostUsed })
}

// foresee says by the utilization law how full everything would be at a rate: from a run at a lower one that the architecture carries, where
// nothing is kept from coming. It takes no time that grows with how far behind an architecture would be.
func (r *road) foresee(l *scenarios.Loaded, rate float64) (*sight, error) {
	at, _ := atRate(l, r.rate)
	at = size(r.ctx, at)
	at.Run.Seed, at.Run.Replications = at.Run.Seed+searchOnSeed, 1
	requests := float64(probeRequests)
	if r.o.Quick {
		requests /= quickShare
	}
	length := sim.Nanoseconds(requests / r.rate * 1e9)
	p := plan{warmup: length / 4, measured: length, look: length, sampleEvery: sampleUsually, brief: true}
	reps, err := replicate(r.ctx, at.Architecture, p, Options{Parallel: 1})
	if err == nil && (len(reps) == 0 || r.ctx.Err() != nil) {
		err = context.Cause(r.ctx)
	}
	if err != nil {
		return nil, err
	}
	r.g.Runs++
	s := &sight{l: at, r: tally(at, reps, p)}
	s.r.bill(at.Architecture, reps)
	d := &diagnosis{ctx: r.ctx, a: at.Architecture, r: s.r, reps: reps, best: busiest(at.Architecture, reps)}
	s.needs = d.needs(nil, rate)
	s.of = Suspect{Bottleneck{Class: "none", Utilization: None, SaturatesAt: None}, None, 0}
	most := 0.0
	for _, k := range bounds(reps[0].b) {
		if demand := demandOf(k, reps) * rate / r.rate; !k.held(reps[0].b) && demand > most {
			most = demand
			s.of.Bottleneck = d.described(k)
			s.of.SaturatesAt = Num(rate / demand)
			s.of.Evidence = fmt.Sprintf("%s's %s, used %s at %s, would be used %s at %s by the utilization law.", s.of.Node, s.of.Resource,
				units.FormatShare(demand*r.rate/rate), units.FormatRate(r.rate), units.FormatShare(demand), units.FormatRate(rate))
		}
	}
	return s, nil
}

// needs lists the nodes with what they would need at a rate. Behind a queue that only grows comes less than was asked for: there a run below
// saturation tells, by the utilization law.
func (d *diagnosis) needs(full bound, rate float64) []need {
	reps, times := d.reps, rate/d.a.Asked()
	if d.r.Saturated {
		at := float64(d.r.Bottleneck.SaturatesAt)
		if full == nil || !(at > 0) || math.IsInf(at, 0) {
			return nil
		}
		low := below * min(at, rate)
		rep, _, ok := d.saturation(full).probe(low)
		if !ok {
			return nil
		}
		reps, times = []*replication{rep}, rate/low
	}
	b := reps[0].b
	var all []need
	for _, k := range bounds(b) {
		if k.held(b) {
			continue
		}
		node, demand := d.r.NodeOrder[k.where()], times*demandOf(k, reps)
		if n := len(all); n > 0 && all[n-1].node == node {
			all[n-1].demand = max(all[n-1].demand, demand)
		} else {
			all = append(all, need{node, demand})
		}
	}
	return all
}

// demandOf is the demand on a resource. That of a divided database is that of its busiest part; where no part is busier than chance lets one of so
// many equal ones be in a run this short, it is the mean.
func demandOf(k bound, reps []*replication) float64 {
	s, is := k.(station)
	demand := k.demand(reps)
	if !is {
		return demand
	}
	u, divided := s.busiestShard(reps)
	if !divided || u == 0 {
		return demand
	}
	shards := reps[0].parts[s.node].Shards
	all := len(reps[0].parts[s.node].Queries)
	return demand * max(s.fairly(reps, 0, shards), s.fairly(reps, shards, all)) / u
}

// fairly is the utilization of the busiest of some instances, or that of all of them on average where the difference is within what chance does
// among so many equal ones. Of n queries at each, with times as variable as exponential ones, the work exceeds its mean by the part √(4L/n) + L/n with
// probability e^−L at most (Bernstein's inequality for sums of exponential variables whose number is Poisson); here with 10% for all instances together.
func (s station) fairly(reps []*replication, from, to int) float64 {
	sum, most, queries := 0.0, 0.0, 0.0
	for k := from; k < to; k++ {
		u, _ := s.ofInstance(reps, k)
		sum, most = sum+u, max(most, u)
		for _, rep := range reps {
			queries += float64(rep.parts[s.node].Queries[k])
		}
	}
	n := float64(to - from)
	each, rare := queries/n, math.Log(10*n)
	if queries > 0 && most <= sum/n*(1+math.Sqrt(4*rare/each)+rare/each) {
		return sum / n
	}
	return most
}

// suspect is what limits, as the catalogue wants to know it at a rate.
func (s *sight) suspect(rate float64) remedies.Suspect {
	of := suspected(s.of, s.r)
	if at := float64(s.of.SaturatesAt); at > 0 && !math.IsInf(at, 0) {
		of.Demand = rate / at
	}
	if asked := s.l.Asked(); asked > 0 {
		of.Calls *= rate / asked
	}
	return of
}
