package experiments

import (
	"context"
	"errors"
	"math"
	"slices"
	"time"

	"headroom/scenarios"
)

// A Diagnosis is what limits an architecture, what would limit it next, and whether that was seen where the limit should be: plain data,
// drawn by package reports and saved as JSON.
type Diagnosis struct {
	Headroom     int           `json:"headroom"` // version of the result format: 1
	Kind         string        `json:"kind"`     // bottleneck
	Version      string        `json:"version"`
	Command      string        `json:"command"`
	Partial      bool          `json:"partial"` // it was interrupted
	Bottleneck   Suspect       `json:"bottleneck"`
	Next         []Suspect     `json:"next"`                  // the second and third in line
	Confirmation *Confirmation `json:"confirmation"`          // null where no rate fills the bottleneck, or none was found
	Unconfirmed  string        `json:"unconfirmed,omitempty"` // why there is none
	WhereTime    []TimeShare   `json:"where_time_goes"`
	Remedies     []Remedy      `json:"remedies"` // that were tried, the best first; none where the SLO is met, null where nobody asked
	Result       *Result       `json:"result"`   // of the run that was diagnosed
	WallSeconds  Num           `json:"wall_seconds"`

	pairs []float64 // the p99 of each replication
}

// A Suspect is a bottleneck with what it costs those who ask for it.
type Suspect struct {
	Bottleneck
	Wait    Num `json:"wait"`    // mean, of those served; null where nobody waits for it or the queue only grows
	Refused Num `json:"refused"` // as a share of those who ask for it
}

// A Confirmation is the architecture under a steady load just below and just above the rate at which the bottleneck is to be full, on the same
// random numbers.
type Confirmation struct {
	Below     Check `json:"below"`
	Above     Check `json:"above"`
	Confirmed bool  `json:"confirmed"` // below it is not full and no queue only grows, above it is
}

// A Check is one of the two runs. Demand is what the utilization of the bottleneck would be if nothing were refused.
type Check struct {
	Rate        Num  `json:"rate"`
	Utilization Num  `json:"utilization"`
	Demand      Num  `json:"demand"`
	Saturated   bool `json:"saturated"` // some queue only grew
	Full        bool `json:"full"`      // the bottleneck
	Goodput     Num  `json:"goodput"`
	ErrorRate   Num  `json:"error_rate"`
	P99         Num  `json:"p99"` // null where saturated
}

const (
	justBelow = .95 // of the rate of saturation
	justAbove = 1.05
	filled    = .97 // of a resource while its queue only grows: until there was one it may have had pauses
	inLine    = 3   // suspects that are named
)

// Diagnose simulates a scenario, finds its bottleneck and the next ones in line, and simulates it just below and just above the rate at which
// the bottleneck saturates. Cancelling the context keeps the run, and leaves out what was not found.
func Diagnose(ctx context.Context, l *scenarios.Loaded, o Options) (*Diagnosis, error) {
	begun := time.Now()
	done := progress{tell: o.Progress, shares: make([]float64, 3)}
	part := func(i int) Options {
		each := o
		each.Progress = func(share float64) { done.at(i, share) }
		return each
	}
	m, err := measure(ctx, l, part(0))
	if err != nil {
		return nil, err
	}
	r := m.result(ctx, o)
	f := &Diagnosis{Headroom: 1, Kind: "bottleneck", Version: o.Version, Command: o.Command, Next: []Suspect{}, WhereTime: r.WhereTime, Result: r, pairs: pairsOf(m)}
	d := &diagnosis{ctx: ctx, a: m.l.Architecture, r: r, reps: m.reps, best: busiest(m.l.Architecture, m.reps)}
	full := d.boundOf(r.Bottleneck)
	f.Bottleneck = d.suspect(r.Bottleneck, full)
	f.Next = append(f.Next, d.next(full)...)
	f.Confirmation, f.Unconfirmed, err = d.confirm(m.l, full, part)
	if err != nil && !interrupted(ctx, err) {
		return nil, err
	}
	f.Partial = ctx.Err() != nil
	f.WallSeconds = Num(time.Since(begun).Seconds())
	return f, nil
}

// boundOf returns the resource that a bottleneck speaks of, nil where it is none: a distance, or what others do.
func (d *diagnosis) boundOf(of Bottleneck) bound {
	for _, k := range append(bounds(d.reps[0].b), limitsWithoutNumber(d.reps[0].b)...) {
		node, resource := d.named(k)
		if node == of.Node && (resource == of.Resource || of.Resource == "backlog" && d.isLimit(k) && k.demand(d.reps) > k.utilization(d.reps)) {
			return k
		}
	}
	return nil
}

// next returns those that would limit once the first no longer does, the busiest first. Places that are held until a full resource has done
// its work are full with it, and say nothing of themselves.
func (d *diagnosis) next(first bound) []Suspect {
	b := d.reps[0].b
	rest := slices.DeleteFunc(bounds(b), func(k bound) bool {
		return first != nil && (d.same(k, first) || k.held(b) && !first.held(b) && k.utilization(d.reps) >= first.utilization(d.reps)-alike)
	})
	var all []Suspect
	for len(rest) > 0 && len(all) < inLine-1 && d.ctx.Err() == nil {
		k := busiestOf(d.a, d.reps, rest)
		if !(k.utilization(d.reps) > 0) {
			break
		}
		of := d.described(k)
		of.SaturatesAt = Num(d.beyond(k))
		of.nameShard(d.r, k, d.reps)
		all = append(all, d.suspect(of, k))
		rest = slices.DeleteFunc(rest, func(other bound) bool { return d.same(k, other) })
	}
	return all
}

// beyond returns the rate at which a resource would be full that is not the first to be so, by the utilization law below the saturation of the
// first; NaN for those that are held while others work: how long depends on what is done about the first.
func (d *diagnosis) beyond(of bound) float64 {
	at := d.saturation(of)
	offered := float64(d.r.Load.Offered)
	switch {
	case at.held || d.a.Replayed() || math.IsNaN(d.a.Asked()):
		return math.NaN()
	case !d.r.Saturated && d.r.ErrorRate == 0 && d.a.Proportional():
		return offered / at.demand
	case d.r.Bottleneck.SaturatesAt.Known():
		return at.fromBelow(min(offered, float64(d.r.Bottleneck.SaturatesAt)))
	}
	return at.fromBelow(offered)
}

// same tells whether two resources have one name: the two directions of an interface.
func (d *diagnosis) same(x, y bound) bool {
	b := d.reps[0].b
	return x.where() == y.where() && x.name(b) == y.name(b)
}

func (d *diagnosis) suspect(of Bottleneck, k bound) Suspect {
	s := Suspect{of, None, 0}
	if k == nil {
		return s
	}
	_, resource := d.named(k)
	if res, has := d.r.Nodes[of.Node].Resources[resource]; has && !d.r.Saturated {
		s.Wait = res.Wait.Mean
	}
	share, _ := d.refused(k)
	s.Refused = Num(share)
	return s
}

// confirm simulates just below and just above the rate at which a resource is to be full; else it says why it does not.
func (d *diagnosis) confirm(l *scenarios.Loaded, full bound, part func(int) Options) (*Confirmation, string, error) {
	at := float64(d.r.Bottleneck.SaturatesAt)
	switch {
	case d.r.Bottleneck.Resource == "backlog":
		return nil, "No rate fills it: it refuses what comes at once, at any load.", nil
	case full == nil && d.r.Bottleneck.Class != "none":
		return nil, "It is no resource that a rate fills: it costs the same at any load.", nil
	case full == nil:
		return nil, "Nothing here has a limit that a rate could reach.", nil
	case l.Replayed():
		return nil, "A replay comes at no other rate than it was recorded at.", nil
	case math.IsNaN(at) || math.IsInf(at, 0):
		return nil, "No rate is known that fills it.", nil
	}
	steady := *l
	steady.Architecture = l.AtMost() // of instances that follow the load, as many as there may be
	var c Confirmation
	var err error
	if c.Below, err = d.check(&steady, full, justBelow*at, part(1)); err == nil {
		c.Above, err = d.check(&steady, full, justAbove*at, part(2))
	}
	var unscalable Unsweepable
	switch {
	case errors.As(err, &unscalable):
		return nil, "Too much of the traffic has no rate that could be changed.", nil
	case err != nil:
		return nil, "", err
	}
	c.Confirmed = !c.Below.Full && !c.Below.Saturated && c.Above.Full
	return &c, "", nil
}

// check simulates a steady load, and looks at a resource.
func (d *diagnosis) check(l *scenarios.Loaded, full bound, rate float64, o Options) (Check, error) {
	at, ok := atRate(l, rate)
	if !ok {
		return Check{}, Unsweepable("")
	}
	p := o.planFor(d.ctx, at.Architecture)
	reps, err := replicate(d.ctx, at.Architecture, p, o)
	if err == nil && (len(reps) == 0 || d.ctx.Err() != nil) {
		err = context.Cause(d.ctx)
	}
	if err != nil {
		return Check{}, err
	}
	r := tally(at, reps, p)
	c := Check{Rate: Num(rate), Utilization: Num(full.utilization(reps)), Demand: Num(full.demand(reps)), Saturated: r.Saturated,
		Goodput: r.Load.Goodput, ErrorRate: r.ErrorRate, P99: r.Latency.P99}
	c.Full = c.Demand >= isFull || r.Saturated && c.Demand >= filled
	if r.Saturated {
		c.P99 = None
	}
	return c, nil
}
