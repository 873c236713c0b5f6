package experiments

import (
	"context"
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"headroom/models"
	"headroom/sim"
)

// How long replications are where a precision is asked for, and the file does not say how long.
const (
	trialRuns    = 10      // short runs that tell how much replications differ
	farFrom      = 8       // times as long as the trial runs: beyond that longer ones are tried, as variances are those of one's own length
	trialPart    = 4       // they have so many times fewer requests than the shortest replication
	firstTrial   = 1 << 32 // their numbers begin here: no replication has one of them
	worthTrying  = 4       // a part, at most, of the usual effort may go into them
	marginOfVar  = 3       // the length is for so many times the variance that they found: near saturation most short runs see too little of it
	fewPlanned   = 4       // the length is for as many replications at least: two agree by chance
	leastBeyond  = 100     // requests beyond each percentile, in a replication
	leastCounted = 100     // requests in a share that just meets its target, in all planned replications
)

// adjustable tells whether it is left to the precision how long replications are: they have no end of their own, and nobody said how long.
func adjustable(a *models.Architecture, p plan) bool {
	return a.Run.Precision > 0 && a.Run.Duration == 0 && a.Run.Requests == 0 && a.Staged() == 0 && !a.Replayed() && !p.eventful &&
		!p.saturated && !p.unsettled
}

// shortest is how long a replication is at least: a percentile of fewer requests would not be that percentile, and less time would be the same
// few requests. part is of these requests. Of the usual plan it keeps the residence times, the batches and the looks; the usual 10 s only for what goes by a clock.
func shortest(a *models.Architecture, p plan, part float64) sim.Time {
	needed := leastBeyond / (1 - .99) // which every result shows
	for _, t := range a.SLO {
		needed = max(needed, requestsFor(t, a))
	}
	least := max(sim.Nanoseconds(max(part*needed/p.rate(), residences*p.residence)*1e9), usualBatches*a.Batched(), looked(a))
	if a.Clocked() {
		least = max(least, leastSeconds*sim.Second)
	}
	return min(least, p.measured)
}

// rate is that which the run was planned for.
func (p plan) rate() float64 { return lookRequests / p.look.Seconds() }

// requestsFor returns how many requests of those that a target speaks of a replication needs.
func requestsFor(t models.Target, a *models.Architecture) float64 {
	switch t.Quantity {
	case "p":
		return leastBeyond / (1 - t.Quantile)
	case "errors", "server_errors", "outcome":
		return leastCounted / min(t.Value, 1-t.Value) / float64(a.Run.Replications)
	}
	return 0
}

// fit finds how long replications have to be so that the planned number of them is expected to be precise enough, from rounds of ten short trial
// runs on random numbers of their own, each round longer until the length it finds is near its own: the length is independent of what the replications measure, as in the two-stage procedure of Stein ("A
// two-sample test for a linear hypothesis whose power is independent of the variance", Annals of Mathematical Statistics 16, 1945), so that
// their interval is as good as if it had been planned. The variance of a mean over a run falls with its length (Law, Simulation Modeling and
// Analysis, 5th ed., sec. 9.5.3). It returns the requests of the trial runs as well.
func fit(ctx context.Context, a *models.Architecture, p plan, o Options) (sim.Time, int64, error) {
	usual, least := p.measured, shortest(a, p, 1)
	tried, total := shortest(a, p, 1./trialPart), int64(0)
	for {
		p.measured = tried
		if trialRuns*worthTrying*(p.warmup+p.measured) > sim.Time(a.Run.Replications)*(p.warmup+usual) {
			return usual, total, nil
		}
		reps, err := trialsOf(ctx, a, p, o)
		if err != nil || ctx.Err() != nil {
			return usual, total, err
		}
		s := newStopping(a)
		for _, rep := range reps {
			s.observe(a, rep, p)
		}
		total += requestsOf(reps)
		length := s.longer(p.measured, least, usual, int(a.Run.Replications))
		if length <= farFrom*p.measured {
			return length, total, nil
		}
		tried = length / farFrom
	}
}

// trialsOf runs the trial runs of a plan.
func trialsOf(ctx context.Context, a *models.Architecture, p plan, o Options) ([]*replication, error) {
	o.Progress, o.Live, o.Cells = nil, nil, nil
	c := newCrew(a, p, o, trialRuns)
	c.numbered = firstTrial
	return c.replicate(ctx, 0, trialRuns)
}

func requestsOf(reps []*replication) (n int64) {
	for _, rep := range reps {
		n += rep.totals.Requests
	}
	return n
}

// longer returns how long replications have to be so that as many as planned are expected to be precise enough, of those that were observed of
// some length: from least to most.
func (s *stopping) longer(length, least, most sim.Time, planned int) sim.Time {
	n := float64(max(planned, fewPlanned))
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: n - 1}.Quantile(.975)
	times := s.scarce
	for _, values := range s.values {
		if spread := deviation(values); spread != 0 {
			half := t * spread / math.Abs(mean(values)) / math.Sqrt(n)
			times = max(times, marginOfVar*math.Pow(half/s.target(), 2))
		}
	}
	if !(times*float64(length) < float64(most)) { // also where a quantity was not measured
		return most
	}
	return max(least, sim.Time(times*float64(length)))
}

// ofAPoint is the sample of a trial that is a point of the sweep: as long as its own precision needs.
const ofAPoint = -1

// adapt prepares a search for a precision that decides how long a replication is. The capacity is searched in runs as long as without a precision:
// where the queues are about to grow short runs see too little of that, and all agree. The knee is far from there, and begins with few requests.
func (s *search) adapt(points []Point) {
	at, _ := atRate(s.l, float64(points[0].Rate))
	if !adjustable(at.Architecture, plan{}) {
		return
	}
	for i := range s.trials {
		s.trials[i].sample = ofAPoint
	}
	s.fewestRequests = leastBeyond / (1 - .99)
	r := points[0].Result
	for _, t := range at.SLO {
		s.fewestRequests = max(s.fewestRequests, requestsFor(t, at.Architecture)*r.ended("")/r.ended(t.Of))
	}
}

// plan plans a trial of the sample that the search is at.
func (s *search) plan(a *models.Architecture) plan {
	o := s.o
	o.Cells, o.planned = nil, nil
	p := o.planFor(s.ctx, a)
	s.mostRequests = p.measured.Seconds() * p.rate()
	if !p.saturated && !p.unsettled {
		p.measured = min(max(shortest(a, p, 1), sim.Nanoseconds(s.sample/p.rate()*1e9)), p.measured)
	}
	return p
}

// renew simulates those of some trials again that are of another sample than the search is at, and tells whether there were any.
func (s *search) renew(numbers ...int) (again bool, err error) {
	for _, i := range numbers {
		if s.trials[i].sample != s.sample {
			again = true
			if s.trials[i], err = s.simulate(s.trials[i].rate); err != nil {
				return again, err
			}
		}
	}
	return again, nil
}

// precisely lets a rate be found with ever more requests, the same ones first, until half its interval is within the precision, or as many are
// simulated as without one (retrospective approximation: Chen and Schmeiser, 2001). Only the rates near it are simulated again.
func (s *search) precisely(find func() (Num, *Interval, error)) error {
	target := float64(s.l.Run.Precision / (1 + s.l.Run.Precision))
	for s.sample = s.fewestRequests; ; {
		rate, ci, err := find()
		if err != nil || s.sample == 0 || s.sample >= s.mostRequests || ci == nil {
			return err
		}
		half := float64((ci[1] - ci[0]) / 2 / rate)
		if half <= target {
			return nil
		}
		s.sample = min(s.sample*max(marginOfVar*math.Pow(half/target, 2), 2), s.mostRequests)
	}
}
