package experiments

import (
	"fmt"
	"math"

	"headroom/internal/units"
	"headroom/models"
)

// bill adds up what the architecture costs at the load of the run, with as many instances as there were on average.
func (r *Result) bill(a *models.Architecture, reps []*replication) {
	r.Cost = Cost{None, None}
	sum, priced := 0.0, false
	for i, name := range r.NodeOrder {
		n := r.Nodes[name]
		cost, ok := a.Nodes[i].Value.Cost(float64(n.Throughput), r.answers(name), a.Grown(name)*paidInstances(reps, i)/float64(a.Nodes[i].Value.Count()))
		n.CostPerMonth = None
		switch mean := paidInstances(reps, i); {
		case !ok || math.Abs(mean-float64(a.Nodes[i].Value.Count())) < 1e-6*mean: // sums of times are rounded
		case n.ColdStarts != nil:
			r.Assumptions = append(r.Assumptions, fmt.Sprintf("%s is paid for the time in which its instances start or handle requests: %s instances on average.", name, units.FormatCount(mean)))
		default:
			r.Assumptions = append(r.Assumptions, fmt.Sprintf("%s is paid for as many instances as there were on average, those that were starting included: %s.", name, units.FormatCount(mean)))
		}
		if ok {
			n.CostPerMonth = Num(cost)
			sum, priced = sum+cost, true
		}
		r.Nodes[name] = n
	}
	if priced {
		requests := float64(r.Load.Completed) * 3600 * models.HoursPerMonth
		r.Cost = Cost{Num(sum), Num(sum / requests * 1e6)}
	}
}

// answers returns how many bytes per second a node answers with.
func (r *Result) answers(node string) float64 {
	sum := 0.0
	for _, e := range r.Edges {
		if e.To == node {
			sum += float64(e.back)
		}
	}
	return sum
}

// compareObserved puts what was measured on the real system beside what was simulated.
func (r *Result) compareObserved(a *models.Architecture) {
	for _, o := range a.Observed {
		v := r.Load.Offered
		if o.Quantity != "rate" {
			v, _ = r.value(o.Target)
		}
		difference := Num(math.NaN())
		if o.Value != 0 {
			difference = v/Num(o.Value) - 1
		}
		r.Observed = append(r.Observed, Observed{Figure: o.Figure, Observed: Num(o.Value), Simulated: v, Difference: difference, Unit: o.Unit})
	}
}
