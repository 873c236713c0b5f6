package experiments

import (
	"context"
	"fmt"
	"math"
)

// How the search for a capacity begins without a sweep: at a part of the rate that saturates the architecture, and from there in ever
// greater steps until the SLO is met on one side and missed on the other.
const (
	firstShare = .8   // of the rate at which the busiest resource is full
	firstStep  = 1.25 // as a factor; each further one is the square of the one before
	mostSteps  = 5    // so that it ends a thousand times from where it began
)

// findCapacity searches the highest rate that meets the SLO of a scenario that has been simulated: its result says where to begin. Each
// rate is simulated for a fifth of the time, as by Options.Quick.
//
// The error is an Unsweepable where there is nothing to search.
func findCapacity(ctx context.Context, k Case, r *Result, o Options) (*Capacity, error) {
	if len(r.SLO) == 0 {
		return nil, Unsweepable("it has no SLO to meet")
	}
	if k.Replayed() {
		return nil, Unsweepable("a replay comes at no other rate than it was recorded at")
	}
	if _, ok := atRate(k.Loaded, math.MaxFloat64); !ok {
		return nil, Unsweepable("closed users, batches and sources with `scales: false` have no rate to change")
	}
	o.Quick = true
	s := &search{ctx: ctx, l: k.Loaded, o: o, done: &progress{tell: o.Progress, shares: make([]float64, trialsExpected)}}
	first := float64(r.Load.Asked)
	if at := float64(r.Bottleneck.SaturatesAt); at > 0 && !math.IsInf(at, 0) {
		first = firstShare * at
	}
	if err := s.bracket(first); err != nil {
		return nil, err
	}
	return s.capacity()
}

// bracket tries rates from a first one on until the SLO is met at one and missed at the next, or until it has gone far enough.
func (s *search) bracket(rate float64) error {
	if _, ok := atRate(s.l, rate); !ok { // so much does not scale
		rate = s.l.Asked()
	}
	if err := s.try(rate); err != nil {
		return err
	}
	up, step := s.trials[0].meets(), firstStep
	for range mostSteps {
		if rate /= step; up {
			rate *= step * step
		}
		if _, ok := atRate(s.l, rate); !ok {
			return nil
		}
		if err := s.try(rate); err != nil {
			return err
		}
		end := s.trials[0]
		if up {
			end = s.trials[len(s.trials)-1]
		}
		if end.meets() != up {
			return nil
		}
		step *= step
	}
	return nil
}

// findCapacities searches the capacity of each case, and compares it with that of the baseline: the rates are simulated with the same
// random numbers for all cases, so that the roots of the replications are pairs.
func (c *Comparison) findCapacities(ctx context.Context, compared *Compared, cases []Case, o Options) error {
	for i := range compared.Cases {
		k := &compared.Cases[i]
		part := o
		if o.Progress != nil {
			part.Progress = func(share float64) { o.Progress((float64(i) + share) / float64(len(cases))) }
		}
		found, err := findCapacity(ctx, cases[i], k.Result, part)
		if none, ok := err.(Unsweepable); ok {
			c.warn(fmt.Sprintf("%s has no capacity: %s.", k.Name, none))
			continue
		}
		if ctx.Err() != nil {
			c.Partial = true
			break
		}
		if err != nil {
			return fmt.Errorf("%s: %w", k.Name, err)
		}
		k.Capacity = found
	}
	base := compared.Cases[0].Capacity
	for _, k := range compared.Cases[1:] {
		if base == nil || k.Capacity == nil {
			continue
		}
		d := Difference{Absolute: None, Relative: None, Verdict: NotComparable}
		if len(base.roots) > 1 && len(base.roots) == len(k.Capacity.roots) {
			d = difference(base.roots, k.Capacity.roots)
		}
		d.Case, d.Metric, d.Unit = k.Name, "capacity", "per_second"
		compared.Differences = append(compared.Differences, d)
	}
	return nil
}
