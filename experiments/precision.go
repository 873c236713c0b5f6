package experiments

import (
	"context"
	"math"

	"headroom/internal/units"
	"headroom/models"
)

// replicate runs the replications that the scenario asks for, and where it names a precision as many and as long ones as that needs.
//
// Where the file leaves it open how long they are, fit finds how long. Where ten times as many replications of that length are not
// precise enough, and longer ones might be, it begins anew with these: what they told of the variance says how long.
func (m *measurement) replicate(ctx context.Context, o Options) (err error) {
	a := m.l.Architecture
	if a.Run.Precision == 0 {
		m.reps, err = replicate(ctx, a, m.p, o)
		return err
	}
	planned, usual, tried := int(a.Run.Replications), m.p.measured, int64(0)
	adjusts := o.adaptive && adjustable(a, m.p)
	if adjusts {
		if m.p.measured, tried, err = fit(ctx, a, m.p, o); err != nil {
			return err
		}
	}
	for {
		var s *stopping
		if m.reps, s, err = replicateToPrecision(ctx, a, m.p, o); err != nil {
			return err
		}
		m.precision = s.info(planned)
		if adjusts {
			m.precision.PlannedSeconds, m.precision.Tried = Num(usual.Seconds()), tried
		}
		if m.precision.Reached || s.saturated || m.p.measured == usual || ctx.Err() != nil {
			return nil
		}
		tried += requestsOf(m.reps)
		m.p.measured = s.longer(m.p.measured, min(2*m.p.measured, usual), usual, planned)
	}
}

// replicateToPrecision runs the planned replications, and then further ones until the precision is reached.
//
// This is the sequential procedure of Law, Simulation Modeling and Analysis, 5th ed., sec. 9.4.1: after each replication, half the width of
// the 95% interval (Student's t) of every quantity is compared with γ/(1+γ) of its mean, where γ is the precision, so that the estimate
// is off by at most γ of the true value, rather than of the estimate. The procedure ends with the first number of replications, not less
// than planned, at which all quantities comply, or with MostForPrecision times those planned. Law advises to plan 10 at least: an
// interval of few replications is sometimes narrow by chance, and the procedure ends just then.
//
// Further replications run several at a time, and those beyond the end are thrown away: how many are kept does not depend on how many cores
// there are.
func replicateToPrecision(ctx context.Context, a *models.Architecture, p plan, o Options) ([]*replication, *stopping, error) {
	planned := int(a.Run.Replications)
	most := models.MostForPrecision * planned
	c, s := newCrew(a, p, o, most), newStopping(a)
	reps, err := c.replicate(ctx, 0, planned)
	for n, next := 0, reps; err == nil; {
		for _, rep := range next {
			s.observe(a, rep, p)
			if n++; n >= planned && (s.saturated || s.reached()) {
				return reps[:n], s, nil
			}
		}
		if len(reps) == most || ctx.Err() != nil {
			return reps, s, nil
		}
		next, err = c.replicate(ctx, len(reps), min(c.parallel, most-len(reps)))
		reps = append(reps, next...)
	}
	return nil, nil, err
}

// stopping holds the quantities that a run is to be precise in, of each replication so far.
type stopping struct {
	precision float64
	names     []string
	targets   []models.Target
	values    [][]float64 // by quantity
	scarce    float64     // how many times as long a replication must be for a target to speak of enough requests
	saturated bool
}

func newStopping(a *models.Architecture) *stopping {
	s := &stopping{precision: float64(a.Run.Precision), names: []string{"mean"}, targets: []models.Target{{Quantity: "mean"}}}
	targets := a.SLO
	if targets == nil {
		targets = models.DefaultSLO()
	}
	for _, t := range targets {
		s.names, s.targets = append(s.names, t.Text), append(s.targets, t)
	}
	s.values = make([][]float64, len(s.targets))
	return s
}

// observe adds the quantities of a replication.
func (s *stopping) observe(a *models.Architecture, rep *replication, p plan) {
	s.saturated = s.saturated || rep.saturated
	one := []*replication{rep}
	r := &Result{NodeOrder: rep.b.Nodes, Nodes: map[string]NodeResult{}, Run: RunInfo{Replications: 1, SimulatedSeconds: Num(rep.seconds)}}
	r.load(a, p, one, rep.seconds)
	r.ends(a, one)
	for i, name := range r.NodeOrder {
		r.Nodes[name] = nodeResult(a, one, i, rep.seconds)
	}
	for i, t := range s.targets {
		v, _ := r.value(t)
		s.values[i] = append(s.values[i], float64(v))
		if seen := r.ended(t.Of); seen > 0 {
			s.scarce = max(s.scarce, requestsFor(t, a)/seen)
		}
	}
}

// reached tells whether every quantity is as precise as it should be.
func (s *stopping) reached() bool {
	_, half := s.widest()
	return half <= s.target()
}

// target is how wide half an interval may be, as a share of the quantity.
func (s *stopping) target() float64 { return s.precision / (1 + s.precision) }

// widest finds the quantity whose interval is the widest of all, and half of it as a share of the quantity: NaN if there is no interval. A
// quantity that is 0 in every replication is precise.
func (s *stopping) widest() (quantity int, half float64) {
	for i, values := range s.values {
		h := math.NaN()
		if len(values) > 1 {
			h = studentHalf(values, 0.95)
		}
		if h != 0 {
			h /= math.Abs(mean(values))
		}
		if math.IsNaN(h) {
			return i, h
		}
		if h > half {
			quantity, half = i, h
		}
	}
	return quantity, half
}

// deviation is the standard deviation of a quantity from replication to replication.
func deviation(values []float64) float64 {
	middle, squares := mean(values), 0.0
	for _, v := range values {
		squares += (v - middle) * (v - middle)
	}
	return math.Sqrt(squares / float64(len(values)-1))
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

func (s *stopping) info(planned int) *PrecisionInfo {
	i, half := s.widest()
	return &PrecisionInfo{Asked: Num(s.precision), Reached: s.reached() && !s.saturated, Planned: planned, Widest: s.names[i], Half: Num(half)}
}

// doubtPrecision warns of a run that is not as precise as it should be, and says how much longer a run makes it so.
func (r *Result) doubtPrecision(a *models.Architecture, warn func(string, ...any)) {
	k := r.Run.Precision
	switch {
	case k.Reached:
	case !k.Half.Known():
		warn("The precision of %s cannot be reached: %s has no interval, as it was not measured in every replication.", units.FormatShare(k.Asked), k.Widest)
	default:
		warn("The precision of %s was not reached with %d replications: the 95%% interval of `%s` is ±%s. For it, %s.",
			units.FormatShare(k.Asked), r.Run.Replications, k.Widest, units.FormatShare(k.Half), r.narrower(a, float64(k.Half*(1+k.Asked)/k.Asked)))
	}
}
