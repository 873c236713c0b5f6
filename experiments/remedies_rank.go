package experiments

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"headroom/models"
	"headroom/sim"
)

const sameCost = 1.01 // within which two costs are one, as a factor

// ranked orders what was found, and searches the capacities of the first few.
func (s *remedySearch) ranked() ([]Remedy, error) {
	var all []Remedy
	for _, t := range s.found {
		all = append(all, t.remedy)
	}
	slices.SortStableFunc(all, func(x, y Remedy) int {
		return cmp.Or(cmp.Compare(verdictOrder(&x), verdictOrder(&y)), byEffect(&x, &y))
	})
	n := slices.IndexFunc(all, func(k Remedy) bool { return !k.SLOMet })
	if n < 0 {
		n = len(all)
	}
	byCost(all[:n])
	most := s.o.Most
	if most == 0 {
		most = MostRemedies
	}
	all = all[:min(len(all), most)]
	for i := range all {
		all[i].Rank = i + 1
	}
	if s.o.Capacities && len(all) > 0 {
		if err := s.capacities(all); err != nil && !interrupted(s.ctx, err) {
			return nil, err
		}
	}
	return all, nil
}

// verdictOrder puts those that meet the SLO first, then those that help, those of no help, and those that harm.
func verdictOrder(k *Remedy) int {
	return slices.Index([]string{Meets, Helps, NoHelp, Harms}, k.Verdict)
}

// byEffect orders remedies that do not meet the SLO: no growing queue first, then few errors, then the p99; where queues grow, the goodput.
func byEffect(x, y *Remedy) int {
	switch {
	case x.Saturated != y.Saturated:
		if x.Saturated {
			return 1
		}
		return -1
	case x.Saturated:
		return cmp.Compare(y.Goodput.After, x.Goodput.After)
	}
	return cmp.Or(cmp.Compare(math.Round(100*float64(x.ErrorRate.After)), math.Round(100*float64(y.ErrorRate.After))), cmp.Compare(missedMost(x), missedMost(y)))
}

// missedMost is how much is missing to the target that is missed by most, as a factor.
func missedMost(k *Remedy) float64 { return usedUp(k.result, targetsOf(k.loaded.Architecture)) }

// byCost orders remedies that meet the SLO by what they cost. Of those whose cost is within 1% of the cheapest of them, the ones that need no
// assumption are first; then they are ordered by p99, and then by how small the change is.
func byCost(all []Remedy) {
	slices.SortStableFunc(all, func(x, y Remedy) int { return cmp.Compare(cost(&x), cost(&y)) })
	for len(all) > 0 {
		n := 1
		for n < len(all) && cost(&all[n]) <= sameCost*cost(&all[0]) {
			n++
		}
		slices.SortStableFunc(all[:n], func(x, y Remedy) int {
			return cmp.Or(cmp.Compare(min(len(x.Assumes), 1), min(len(y.Assumes), 1)), cmp.Compare(x.P99.After, y.P99.After), cmp.Compare(len(x.Change), len(y.Change)))
		})
		all = all[n:]
	}
}

// cost is 0 where nothing has a price.
func cost(k *Remedy) float64 {
	if c := float64(k.CostPerMonth.After); !math.IsNaN(c) {
		return c
	}
	return 0
}

// capacities searches that of the scenario as it is, and of the first few remedies.
func (s *remedySearch) capacities(all []Remedy) error {
	o := s.o.Options
	o.Progress, o.planned = nil, atRateBriefly
	before, err := findCapacity(s.ctx, Case{Loaded: s.l}, s.base, o)
	var none Unsweepable
	if errors.As(err, &none) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("capacity: %w", err)
	}
	perRequest := float64(s.base.Run.Events) / float64(max(s.base.Run.Requests, 1))
	most := max(1, min(mostCapacities, int(eventsForCapacities/perRequest/requestsForCapacity)))
	for i := range all {
		k := &all[i]
		k.Capacity.Before, k.Capacity.BeforeCI95 = lawfully(before, s.base), before.CI95
		if i >= most || k.Verdict == NoHelp || k.Verdict == Harms {
			continue
		}
		after, err := findCapacity(s.ctx, Case{Loaded: k.loaded}, k.result, o)
		if errors.As(err, &none) {
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: capacity: %w", k.Title, err)
		}
		k.Capacity.After, k.Capacity.CI95 = lawfully(after, k.result), after.CI95
	}
	return nil
}

// lawfully is a capacity that is no higher than the rate at which the bottleneck is full: short runs may end before its queue has grown.
func lawfully(c *Capacity, r *Result) Num {
	if at := r.Bottleneck.SaturatesAt; at.Known() && at < c.Rate {
		return at
	}
	return c.Rate
}

// A rate is simulated for so many requests in each replication where a capacity is searched here, without a pilot.
const (
	settlingAtRate = 5_000
	measuredAtRate = 10_000

	requestsForCapacity = 700_000     // of a search, more or less
	eventsForCapacities = 100_000_000 // of all searches: where a request is many events there are fewer of them
)

// atRateBriefly is how long a rate is simulated: for as many requests at any.
func atRateBriefly(a *models.Architecture) plan {
	per := 1e9 / a.Asked()
	return plan{warmup: sim.Nanoseconds(settlingAtRate * per), measured: sim.Nanoseconds(measuredAtRate * per), look: look(a.Asked()), sampleEvery: sampleUsually, saturated: true, fewLooks: true}
}
