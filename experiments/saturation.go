package experiments

import (
	"context"
	"math"

	"headroom/models"
	"headroom/sim"
)

// saturation looks for the offered rate at which a resource is full.
//
// A resource that is only held while it works obeys the utilization law, so one run below saturation tells (Denning and Buzen, "The
// operational analysis of queueing network models", Computing Surveys 10(3), 1978). One that is held while its holder waits for others
// does not, since the waiting grows with the load, nor do cores that slow each other down: there the architecture is simulated in overload, where the resource is always full
// and what its node gets done is the rate looked for.
type saturation struct {
	ctx    context.Context
	a      *models.Architecture
	r      *Result
	reps   []*replication
	full   bound
	held   bool
	demand float64 // in the result's run
	unsure bool    // it may be full at less than the rate of the run
}

const (
	probeRequests = 100_000
	below         = 0.7 // of the rate looked for, when a run below it is needed
	overload      = 1.5
	isFull        = 0.99
	closeEnough   = 0.01
	mostRate      = 1e9 // that is looked for
	jobsToSettle  = 5   // mean lengths of a job, until workers are as busy as they will be
)

// rate returns the rate, NaN where none is known: of closed users there is none to offer.
func (s *saturation) rate() float64 {
	offered, u := float64(s.r.Load.Offered), s.demand
	refusing := s.r.ErrorRate > 0 && s.full.utilization(s.reps) >= isFull
	switch {
	case s.r.Saturated:
		offered = float64(s.r.Load.Completed) // it passes on what it can, whatever is offered
	case refusing && !s.held:
		offered = float64(s.r.Load.Goodput) // likewise, and others may refuse what would have come to it
	}
	lawful := offered / u
	if !(u > 0) || !(offered > 0) {
		return math.NaN()
	}
	switch open := !math.IsNaN(s.a.Asked()); {
	case open && s.a.Replayed(): // what was recorded comes at no other rate
		return math.NaN()
	case s.held && open:
		return s.inOverload(lawful)
	case s.held:
		return math.NaN()
	case open && (s.r.Saturated || refusing || !s.a.Proportional()):
		return s.fromBelow(lawful)
	}
	return lawful
}

// probe simulates another rate for a moment, and returns the demand on the resource.
func (s *saturation) probe(rate float64) (*replication, float64, bool) {
	a, ok := s.a.AtMost().AtRate(rate) // where instances follow the load, its limit is what as many as there may be can do
	if !ok || s.ctx.Err() != nil {
		return nil, 0, false
	}
	length := sim.Nanoseconds(probeRequests / rate * 1e9)
	p := plan{warmup: length / 4, measured: length, look: length, sampleEvery: sampleUsually, brief: true}
	if b := s.reps[0].b; len(b.QueuesOf(s.full.where())) > 0 { // jobs may last longer than the time between many requests
		job := float64(s.r.Nodes[b.Nodes[s.full.where()]].Latency.Mean)
		p.warmup = max(p.warmup, sim.Nanoseconds(jobsToSettle*job*1e9))
		p.measured = max(p.measured, 4*p.warmup)
	}
	rep := simulate(s.ctx, a, p, math.MaxUint64-1, nil)
	if rep == nil || rep.seconds == 0 {
		return nil, 0, false
	}
	return rep, s.full.demand([]*replication{rep}), true
}

// fromBelow applies the utilization law between two runs that are not saturated: with sources that do not scale, utilization grows
// linearly with the rate, but not in proportion.
func (s *saturation) fromBelow(estimate float64) float64 {
	high, u1, ok := s.probe(below * estimate)
	for ok && u1 >= isFull { // requests were answered that have not come here yet: the messages of a queue
		estimate /= 2
		high, u1, ok = s.probe(below * estimate)
	}
	if !ok {
		return math.NaN()
	}
	x1 := float64(high.totals.Requests) / high.seconds
	if s.a.Proportional() {
		return x1 / u1
	}
	low, u0, ok := s.probe(below * below * estimate)
	if !ok {
		return x1 / u1
	}
	x0 := float64(low.totals.Requests) / low.seconds
	return x1 + (1-u1)*(x1-x0)/(u1-u0)
}

// inOverload counts how often the resource is taken when more is offered than it can serve, in the units of the offered rate. Where
// something else is full then, its holders may be kept from ever letting go: there the rate is closed in from below.
func (s *saturation) inOverload(lawful float64) float64 {
	full := s.full.(station)
	divided := s.reps[0].parts[full.node].Shards > 0 // into those that cannot help each other
	if divided || full.of(s.reps[0].b).FirstSpeaks || bends(full, s.reps[0].b) && math.Abs(s.visits(full)-1) > closeEnough {
		return s.between(lawful)
	}
	rep, u, ok := s.probe(overload * lawful)
	if !ok {
		return math.NaN()
	}
	_, function := rep.b.FunctionStats(full.node) // fewer of its requests are cold when there are more
	for _, other := range bounds(rep.b) {
		if u < isFull && !function || other != s.full && !other.held(rep.b) && other.utilization([]*replication{rep}) >= isFull {
			return s.between(lawful)
		}
	}
	if u < isFull && lawful < mostRate {
		return s.inOverload(2 * lawful)
	}
	taken := float64(rep.resources[full.node][full.resource].wait.Count()) / rep.seconds
	rate := taken / s.visits(full)
	if rate > 0 && rate < lawful/2 { // few of the probe's requests came here: one nearer to the rate counts more
		return s.inOverload(rate)
	}
	return rate
}

// between closes in on the least rate at which the resource is full, or requests pile up.
func (s *saturation) between(lawful float64) float64 {
	low, high := min(float64(s.r.Load.Offered), lawful)*(1-closeEnough), lawful*(1+closeEnough)
	if s.r.Saturated || s.unsure { // it may be so at far less, see fromBelow
		for _, u, ok := s.probe(low); ok && u >= isFull; _, u, ok = s.probe(low) {
			low, high = low/2, low
		}
	}
	for high/low > 1+closeEnough {
		middle := math.Sqrt(low * high)
		rep, u, ok := s.probe(middle)
		if !ok {
			return math.NaN()
		}
		ended := 0.0
		for _, n := range rep.totals.Ended {
			ended += float64(n)
		}
		if u >= isFull || ended < (1-2*closeEnough)*float64(rep.totals.Requests) {
			high = middle
		} else {
			low = middle
		}
	}
	return math.Sqrt(low * high)
}

// visits returns how often a request asks for the resource. In a saturated run requests that never come that far must not count.
func (s *saturation) visits(full station) float64 {
	n, requests := 0.0, 0.0
	if jobs := s.jobs(full.node); jobs > 0 {
		return jobs
	}
	for _, rep := range s.reps {
		of := rep.resources[full.node][full.resource]
		if s.r.Saturated {
			n += float64(of.wait.Count())
			for _, ended := range rep.totals.Ended {
				requests += float64(ended)
			}
			continue
		}
		n += float64(of.asked)
		requests += float64(rep.totals.Requests)
	}
	return n / requests
}

// jobs returns how many jobs a worker is to do for each request, repeated deliveries included; 0 if the node is no worker. Of the messages
// that are published, those count as well that it does not come to.
func (s *saturation) jobs(node int) float64 {
	n, requests := 0.0, 0.0
	for _, rep := range s.reps {
		for _, q := range rep.b.QueuesOf(node) {
			if m := &rep.queues[q]; m.First > 0 {
				n += float64(m.Published) * (1 + float64(m.Repeated)/float64(m.First))
			}
		}
		requests += float64(rep.totals.Requests)
	}
	return n / requests
}
