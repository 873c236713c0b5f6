package experiments

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"headroom/internal/units"
	"headroom/scenarios"
)

// stage is a part of the road, up to a rate.
type stage struct {
	*road
	rate  float64
	first bool
}

const (
	together  = 2 // changes of one step
	mostTries = 3 // searches at a stage: each ends at a rate that is higher than the one before
	nearly    = 1.1
)

// shares are the parts of the rate at which the next bottleneck saturates, one of which a step is said to carry: the first that meets the SLO.
var shares = []float64{.85, .7, .55}

// pass goes on until the stage is reached, or says why it is not.
func (s *stage) pass() error {
	for try := range mostTries {
		e := &designSearch{road: s.road, rate: s.rate}
		if err := e.run(); err != nil {
			return err
		}
		if e.best != nil {
			return s.take(e, e.best)
		}
		d := e.farthestCarried()
		carried, seen, err := s.carried(d.l, d.seen)
		if err != nil {
			return err
		}
		if seen == nil || len(d.changes) == 0 || carried < nearly*s.road.rate || try == mostTries-1 {
			s.stop(e)
			return nil
		}
		d.verified = seen
		if err := s.steps(e, d, carried); err != nil || s.g.Stopped != "" {
			return err
		}
	}
	return nil
}

// take goes to the rate of the stage.
func (s *stage) take(e *designSearch, d *design) error {
	if s.o.Budget > 0 && d.cost > s.o.Budget && len(d.changes) > 0 {
		s.g.Stopped = fmt.Sprintf("%s would cost $%s a month (%s): more than the budget of $%s.", units.FormatRate(s.rate), units.FormatCount(d.cost), titles(d.changes),
			units.FormatCount(s.o.Budget))
		return nil
	}
	return s.steps(e, d, s.rate)
}

// steps puts a design in the road, two changes at a time: what the first two carry is a step of its own.
func (s *stage) steps(e *designSearch, d *design, rate float64) error {
	if len(d.changes) == 0 {
		s.add(e, nil, rate, d.verified, nil)
		return nil
	}
	was := e.tried[0].seen.of.Bottleneck
	for from := 0; from < len(d.changes); from += together {
		if n := s.changed(); s.o.MaxSteps > 0 && n >= s.o.MaxSteps {
			s.g.Stopped = fmt.Sprintf("It has taken the %d steps that it may; %s would be next, for %s.", n, titles(d.changes[from:]), units.FormatRate(s.rate))
			return nil
		}
		group := d.changes[from:min(from+together, len(d.changes))]
		if err := s.make(group); err != nil {
			return err
		}
		if from+together >= len(d.changes) {
			s.add(e, group, rate, d.verified, &was)
			return nil
		}
		there, err := s.foreseen()
		if err != nil {
			return err
		}
		carried, seen, err := s.carried(s.at, there)
		if err != nil {
			return err
		}
		if seen == nil {
			if carried, seen, err = s.asBefore(); err != nil {
				return err
			}
		}
		s.add(e, group, carried, seen, &was)
		was = there.of.Bottleneck
	}
	return nil
}

// changed counts the steps that change something.
func (s *stage) changed() int {
	n := 0
	for _, k := range s.g.Steps {
		if len(k.Remedies) > 0 {
			n++
		}
	}
	return n
}

// make writes changes into the architecture.
func (s *stage) make(group []widening) error {
	changes := changesOf(group)
	l, err := scenarios.Load(s.at.File, []byte(s.at.Source), "", changes)
	if err == nil {
		if prices := l.Prices(); len(prices) > 0 {
			changes = append(changes, prices...)
			l, err = scenarios.Load(s.at.File, []byte(s.at.Source), "", changes)
		}
	}
	if err == nil { // as a file: its prices are those of its machines
		l, err = scenarios.Load(s.at.File, []byte(l.Source), "", nil)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", titles(group), err)
	}
	s.at, s.made = l, append(s.made, changes...)
	return nil
}

// carried finds a rate that an architecture carries whose bottleneck was seen at the rate of the stage; the sight is nil where it is none beyond
// the rate that is carried already.
func (s *stage) carried(l *scenarios.Loaded, there *sight) (float64, *sight, error) {
	for _, share := range shares {
		rate := twoDigits(share * min(there.capable(), s.rate))
		if rate <= s.road.rate || rate <= 0 {
			break
		}
		if seen, err := s.view(l, rate); err != nil || seen.met {
			return rate, seen, err
		}
	}
	return 0, nil, nil
}

// foreseen looks at the architecture as it is by now, for the rate of the stage.
func (s *stage) foreseen() (*sight, error) {
	if s.road.rate == 0 {
		return s.glance(s.at, s.rate)
	}
	return s.foresee(s.at, s.rate)
}

// asBefore sees the architecture at the rate that it carried before.
func (s *stage) asBefore() (float64, *sight, error) {
	rate := s.road.rate
	if rate == 0 {
		rate = s.rate
	}
	seen, err := s.view(s.at, rate)
	return rate, seen, err
}

// twoDigits rounds a rate down to two digits.
func twoDigits(rate float64) float64 {
	if !(rate > 0) || math.IsInf(rate, 0) {
		return 0
	}
	unit := math.Pow(10, math.Floor(math.Log10(rate))-1)
	return math.Floor(rate/unit+1e-9) * unit
}

// add puts a step in the road.
func (s *stage) add(e *designSearch, group []widening, rate float64, seen *sight, was *Bottleneck) {
	r := seen.r
	step := GrowthStep{Rate: Num(rate), Toward: Num(s.rate), Remedies: []GrowthRemedy{}, SLOMet: seen.met, SLO: r.SLO, P99: latencyIn(r, r.Latency.P99), ErrorRate: r.ErrorRate,
		CostPerMonth: r.Cost.PerMonth, Bottleneck: was, NextBottleneck: seen.of.Bottleneck, Alternatives: []GrowthOption{}}
	if r.Latency.CI95 != nil && !r.Saturated {
		step.P99CI95 = &r.Latency.CI95.P99
	}
	for _, w := range group {
		step.Remedies = append(step.Remedies, GrowthRemedy{Kind: w.p.Kind, Title: w.p.Title, Change: w.p.Change, Assumes: w.p.Assumes})
	}
	if len(group) > 0 && rate >= s.rate {
		step.Alternatives = e.alternatives()
	}
	s.g.Steps = append(s.g.Steps, step)
	s.g.Result, s.road.rate = r, rate
}

const mostAlternatives = 6

// alternatives lists the designs that were simulated and not taken: those that meet the SLO first, each by what it costs.
func (e *designSearch) alternatives() []GrowthOption {
	all := []GrowthOption{}
	for _, d := range e.tried {
		if d == e.best || len(d.changes) == 0 {
			continue
		}
		o := GrowthOption{Title: titles(d.changes), SLOMet: d.verified != nil, CostPerMonth: d.seen.r.Cost.PerMonth}
		if d.seen.of.Node != "" {
			o.Limit = d.seen.of.Node + " " + d.seen.of.Resource
		}
		all = append(all, o)
	}
	slices.SortStableFunc(all, func(x, y GrowthOption) int {
		switch {
		case x.SLOMet != y.SLOMet && x.SLOMet:
			return -1
		case x.SLOMet != y.SLOMet:
			return 1
		case x.CostPerMonth < y.CostPerMonth:
			return -1
		case x.CostPerMonth > y.CostPerMonth:
			return 1
		}
		return 0
	})
	return all[:min(len(all), mostAlternatives)]
}

// stop says what ends the road.
func (s *stage) stop(e *designSearch) {
	of := e.tried[0].seen.of
	if d := e.farthestCarried(); len(d.changes) > 0 {
		of = d.seen.of
	}
	s.g.Stopped = fmt.Sprintf("None of %d designs that were simulated meets the SLO at %s.", len(e.tried), units.FormatRate(s.rate))
	if of.Evidence != "" {
		s.g.Stopped += " What limits the farthest of them: " + of.Evidence
		if of.SaturatesAt.Known() {
			s.g.Stopped = strings.TrimSuffix(s.g.Stopped, ".") + fmt.Sprintf("; it saturates at %s.", units.FormatRate(float64(of.SaturatesAt)))
		}
	}
	if s.first && len(s.g.Steps) == 0 { // nothing was carried
		root := e.tried[0]
		s.add(e, nil, s.rate, root.seen, nil)
	}
}

// titles joins the titles of changes.
func titles(all []widening) string {
	var some []string
	for _, w := range all {
		some = append(some, w.p.Title)
	}
	return strings.Join(some, " + ")
}
