package experiments

import (
	"context"
	"fmt"
	"slices"

	"headroom/internal/units"
	"headroom/models"
	"headroom/sim"
)

// traps are the bottlenecks that a table of utilizations does not show. Where the SLO is missed each looks for its own; the first that finds
// something is right, else it is the busiest resource.
var traps = []func(*diagnosis) *Bottleneck{(*diagnosis).retries, (*diagnosis).refusals, (*diagnosis).failures, (*diagnosis).elsewhere}

const (
	oftenRetried = .1  // share of the attempts, from which retries may be what fills a resource
	nearlyFull   = .9  // utilization of a resource that retries may have filled
	byRetries    = .05 // of a resource's utilization, at least, is gone where nothing is tried again
	oftenRefused = .01 // share of the requests
	mostly       = .5
)

// diagnosis is a run whose bottleneck is looked for.
type diagnosis struct {
	ctx  context.Context
	a    *models.Architecture
	r    *Result
	reps []*replication
	best bound // the busiest resource; nil where nothing has a limit
}

// missedErrors tells whether a target is missed that speaks of how requests end.
func (d *diagnosis) missedErrors() bool {
	for i, t := range targetsOf(d.a) {
		if !d.r.SLO[i].Met && slices.Contains([]string{"errors", "server_errors", "outcome", "goodput"}, t.Quantity) {
			return true
		}
	}
	return false
}

// retries sees a resource that is full of what is tried again, and would not be full of the first tries. That is simulated: the same load,
// with no call tried twice. What feeds on itself so may stay down under a load that it carried before (Bronson et al., HotOS 2021).
func (d *diagnosis) retries() *Bottleneck {
	k := d.r.Attempts
	if d.best == nil || k == nil || float64(k.Retries) < oftenRetried*float64(k.Total) || d.best.demand(d.reps) < nearlyFull {
		return nil
	}
	node, resource := d.named(d.best)
	without := d.saturation(d.best)
	without.a = d.a.WithoutRetries()
	_, u, ok := without.probe(d.steadyRate())
	if !ok || u >= isFull || u > d.best.demand(d.reps)-byRetries {
		return nil
	}
	with := d.saturation(d.best)
	with.unsure = true
	used := d.r.Nodes[node].Resources[resource].Utilization
	return &Bottleneck{
		Node: node, Resource: resource, Class: "retries", Utilization: used,
		Evidence: fmt.Sprintf("%s's %s is used %s of the time, and %s of the attempts are retries: with no call tried twice it would be used %s.",
			node, resource, units.FormatShare(float64(used)), units.FormatShare(float64(k.Retries)/float64(k.Total)), units.FormatShare(u)),
		SaturatesAt: Num(with.between(d.steadyRate() / u)),
	}
}

// steadyRate is the load that holds where no surge or stage changes it.
func (d *diagnosis) steadyRate() float64 {
	if d.a.Staged() > 0 {
		return float64(d.r.Load.Offered)
	}
	return d.a.Asked()
}

// refusals sees what refuses requests although it could do on average what is asked for, or is nothing but a number: a limit of a rate, and
// a queue that is too short for what comes at once. Of several it is the one that refuses most.
func (d *diagnosis) refusals() *Bottleneck {
	if d.r.Saturated || !d.missedErrors() {
		return nil
	}
	var worst bound
	most := 0.0
	for _, of := range append(bounds(d.reps[0].b), limitsWithoutNumber(d.reps[0].b)...) {
		if _, n := d.refused(of); n > most && d.isLimit(of) {
			worst, most = of, n
		}
	}
	if worst == nil || most < oftenRefused {
		return nil
	}
	node, resource := d.named(worst)
	found := d.described(worst)
	share, _ := d.refused(worst)
	if s, ok := worst.(station); ok && found.Class != "limit" { // places that are no limit by their kind, as those of functions are
		found.Class, found.Resource = "limit", "backlog"
		found.Evidence = fmt.Sprintf("%s's %s is used %s of the time on average, and still %s of the calls are refused there: no more than %s may wait at an instance.",
			node, resource, units.FormatShare(float64(found.Utilization)), units.FormatShare(share), units.FormatCount(float64(s.of(d.reps[0].b).Stations[0].Backlog())))
		return &found // at any rate: what comes at once fills it
	}
	found.SaturatesAt = Num(d.saturation(worst).rate())
	if _, ok := worst.(limited); !ok {
		return &found
	}
	found.Evidence = fmt.Sprintf("%s of the calls that %s allows, %s, are used up, and it refuses %s of those that come.",
		units.FormatShare(float64(found.Utilization)), node, units.FormatRate(float64(d.r.Nodes[node].Resources[resource].Capacity)), units.FormatShare(share))
	if !found.Utilization.Known() {
		found.Evidence = fmt.Sprintf("%s refuses %s of the calls: each has a limit of its own there.", node, units.FormatShare(share))
	}
	return &found
}

// isLimit tells whether a bound that refuses does so for no want of servers. Where events or stages change what there is and what comes, there
// may have been too few for a while.
func (d *diagnosis) isLimit(of bound) bool {
	s, ok := of.(station)
	if !ok {
		return true
	}
	b := d.reps[0].b
	steady := len(d.a.Events) == 0 && d.a.Staged() == 0
	return steady && s.name(b) != "memory" && s.of(b).Stations[0].Backlog() != sim.Unlimited && s.demand(d.reps) < isFull
}

// limitsWithoutNumber lists the limits that are one for each client or class.
func limitsWithoutNumber(b *models.Builder) []bound {
	var all []bound
	known := bounds(b)
	for i, limits := range b.Limits {
		for k := range limits {
			if of := (limited{i, k}); !slices.Contains(known, bound(of)) {
				all = append(all, of)
			}
		}
	}
	return all
}

// refused returns how many a bound refuses, as a share of those who ask for it, and for each request: clients may come again.
func (d *diagnosis) refused(of bound) (share, perRequest float64) {
	n, let, requests := 0.0, 0.0, 0.0
	for _, rep := range d.reps {
		requests += float64(rep.totals.Requests)
		switch k := of.(type) {
		case limited:
			n += float64(rep.limits[k.node][k.limit].Refused)
			let += float64(rep.limits[k.node][k.limit].Admitted)
		case station:
			n += float64(rep.resources[k.node][k.resource].lost)
			let += float64(rep.resources[k.node][k.resource].wait.Count())
		}
	}
	return n / max(n+let, 1), n / max(requests, 1)
}

// failures sees a service of someone else that fails requests, more than all else does.
func (d *diagnosis) failures() *Bottleneck {
	o := d.r.Outcomes
	bad := total(o) - o.OK - o.InFlight
	if d.r.Saturated || !d.missedErrors() || float64(o.Failed) < mostly*float64(bad) {
		return nil
	}
	worst, most := "", int64(0)
	for _, name := range d.r.NodeOrder {
		if n := d.r.Nodes[name]; n.Kind == "external" && n.Errors["failed"] > most {
			worst, most = name, n.Errors["failed"]
		}
	}
	if worst == "" {
		return nil
	}
	visits := float64(most) + float64(d.r.Nodes[worst].Latency.Count)
	return &Bottleneck{Node: worst, Resource: "failures", Class: "external", Utilization: None, SaturatesAt: None,
		Evidence: fmt.Sprintf("%s fails %s of its calls, and that fails %s of the requests%s.", worst, units.FormatShare(float64(most)/visits),
			units.FormatShare(float64(o.Failed)/float64(total(o)-o.InFlight)), d.idle())}
}

// elsewhere sees time that nothing here could save: the way there and back, or a service of someone else. It is the bottleneck where a
// latency is too high, nothing is full, and most of that latency goes there: of the slowest 1% where a target speaks of the tail.
func (d *diagnosis) elsewhere() *Bottleneck {
	if d.r.Saturated || d.best != nil && d.best.demand(d.reps) >= isFull {
		return nil
	}
	var of func(TimeShare) float64
	for i, t := range targetsOf(d.a) {
		switch ofAll := t.Of == "" || d.r.Requests[t.Of].Share == 1; {
		case d.r.SLO[i].Met || !ofAll || t.Done: // nobody knows where the time of one class goes
		case t.Quantity == "p" && t.Quantile >= .99:
			of = func(p TimeShare) float64 { return float64(p.TailShare) }
		case of == nil && (t.Quantity == "mean" || t.Quantity == "p"):
			of = func(p TimeShare) float64 { return float64(p.Share) }
		}
	}
	if of == nil {
		return nil
	}
	way, answer := spent{of: of}, spent{of: of}
	for _, p := range d.r.WhereTime {
		switch {
		case p.Part == "network":
			way.add(p)
		case p.Part == "service" && p.Resource == "" && d.r.Nodes[p.Node].Kind == "external":
			answer.add(p)
		}
	}
	most, found := way, Bottleneck{Resource: "distance", Class: "distance", Utilization: None, SaturatesAt: None}
	said := "the way there and back, %s a request, most of it to %s"
	if answer.whole > way.whole {
		most, said = answer, "the answers of others, %s a request, most of it for %s"
		found.Resource, found.Class = "latency", "external"
	}
	if most.whole < mostly {
		return nil
	}
	found.Node = most.node
	found.Evidence = fmt.Sprintf("%s of the time of the slowest 1%%, and %s of all time, is "+said+"%s.", units.FormatShare(most.tail), units.FormatShare(most.mean),
		units.FormatSeconds(most.mean*float64(d.r.Latency.Mean)), found.Node, d.idle())
	return &found
}

// spent adds up parts of the time: as it counts, of the mean and of the tail; node is the one with the largest part.
type spent struct {
	of                       func(TimeShare) float64
	whole, mean, tail, large float64
	node                     string
}

func (s *spent) add(p TimeShare) {
	share := s.of(p)
	if share > s.large {
		s.large, s.node = share, p.Node
	}
	s.whole, s.mean, s.tail = s.whole+share, s.mean+float64(p.Share), s.tail+float64(p.TailShare)
}

// idle says that nothing is busier than the busiest resource.
func (d *diagnosis) idle() string {
	if d.best == nil {
		return ""
	}
	node, resource := d.named(d.best)
	return fmt.Sprintf("; nothing is used more than the %s of %s's %s", units.FormatShare(d.best.utilization(d.reps)), node, resource)
}

// named returns the names of a bound's node and of itself.
func (d *diagnosis) named(of bound) (node, resource string) {
	return d.r.NodeOrder[of.where()], of.name(d.reps[0].b)
}

// blame describes a resource as the bottleneck.
func (d *diagnosis) blame(of bound) Bottleneck {
	found, at := d.described(of), d.saturation(of)
	found.SaturatesAt = Num(at.rate())
	found.nameShard(d.r, of, d.reps)
	return found
}

// described names a resource, with how full it is.
func (d *diagnosis) described(of bound) Bottleneck {
	node, resource := d.named(of)
	n := d.r.Nodes[node]
	return Bottleneck{Node: node, Resource: resource, Class: classOf(n.Kind, resource), Utilization: n.Resources[resource].Utilization,
		Evidence: evidence(node, n, resource, d.r.Saturated) + scaledEvidence(n), SaturatesAt: None}
}

func (d *diagnosis) saturation(of bound) *saturation {
	b := d.reps[0].b
	return &saturation{ctx: d.ctx, a: d.a, r: d.r, reps: d.reps, full: of, held: of.held(b) || bends(of, b), demand: of.demand(d.reps)}
}

// pagedOut says why a disk is read: for want of memory.
func pagedOut(n NodeResult) string {
	return fmt.Sprintf(" It is read for what is not in the memory of %s.", units.FormatSize(float64(n.Resources["memory"].Capacity)))
}
