package experiments

import (
	"math"

	"headroom/experiments/remedies"
)

// remedy sums up what a proposal does.
func (s *remedySearch) remedy(p remedies.Proposal, m *measurement) Remedy {
	r := m.result(s.ctx, s.o.Options)
	d := &diagnosis{ctx: s.ctx, a: m.l.Architecture, r: r, reps: m.reps, best: busiest(m.l.Architecture, m.reps)}
	next := d.suspect(r.Bottleneck, d.boundOf(r.Bottleneck))
	k := Remedy{Title: p.Title, Kind: p.Kind, Change: p.Change, Assumes: p.Assumes, SLOMet: r.met() && !r.Saturated && s.lost(r) <= mostLost, Saturated: r.Saturated, NextBottleneck: &next, result: r, loaded: m.l}
	k.P99 = Moved{Before: latencyIn(s.base, s.base.Latency.P99), After: latencyIn(r, r.Latency.P99)}
	if ci := r.Latency.CI95; ci != nil && !r.Saturated {
		k.P99.CI95 = &ci.P99
	}
	if ci := s.base.Latency.CI95; ci != nil && !s.base.Saturated {
		k.P99.BeforeCI95 = &ci.P99
	}
	k.ErrorRate = Moved{Before: s.base.ErrorRate, After: r.ErrorRate}
	k.Goodput = Moved{Before: s.base.Load.Goodput, After: r.Load.Goodput}
	if ci := r.Load.CI95; ci != nil {
		k.Goodput.CI95 = &ci.Goodput
	}
	if ci := s.base.Load.CI95; ci != nil {
		k.Goodput.BeforeCI95 = &ci.Goodput
	}
	k.Capacity = Moved{Before: None, After: None}
	k.CostPerMonth = Moved{Before: s.base.Cost.PerMonth, After: r.Cost.PerMonth}
	for i, t := range r.SLO {
		moved := Moved{Target: t.Target, Before: None, After: t.Value, CI95: t.CI95, Met: t.Met, Unit: t.Unit}
		if i < len(s.base.SLO) {
			moved.Before, moved.BeforeCI95 = s.base.SLO[i].Value, s.base.SLO[i].CI95
		}
		k.Targets = append(k.Targets, moved)
	}
	k.Difference = Difference{Absolute: None, Relative: None, Verdict: NotComparable}
	switch pairs := pairsOf(m); {
	case r.Saturated || s.base.Saturated:
		k.Difference.Verdict = NotSteady
	case len(s.basePairs) > 1 && len(pairs) >= len(s.basePairs):
		k.Difference = difference(s.basePairs, pairs[:len(s.basePairs)])
	}
	k.Difference.Case, k.Difference.Metric, k.Difference.Unit = p.Title, "p99", "seconds"
	k.Verdict = s.verdict(&k)
	return k
}

// pairsOf returns the p99 of each replication.
func pairsOf(m *measurement) []float64 {
	var all []float64
	for i := range m.reps {
		all = append(all, float64(tally(m.l, m.reps[i:i+1], m.p).Latency.P99))
	}
	return all
}

// latencyIn is a latency of a result, which a saturated one has not.
func latencyIn(r *Result, n Num) Num {
	if r.Saturated {
		return None
	}
	return n
}

const (
	fewerErrors = .9 // of those before, at least, where a remedy helps against them
	moreGoodput = 1.02
)

// verdict says whether a remedy helps.
func (s *remedySearch) verdict(k *Remedy) string {
	before, after := float64(k.ErrorRate.Before), float64(k.ErrorRate.After)
	const few = .001
	switch {
	case k.SLOMet:
		return Meets
	case s.lost(k.result) > mostLost:
		return NoHelp
	case s.base.Saturated && !k.Saturated:
		return Helps
	case float64(k.Goodput.After) > moreGoodput*float64(k.Goodput.Before): // also where what comes through fills the next queue
		return Helps
	case k.Saturated && !s.base.Saturated, after > before/fewerErrors+few:
		return Harms
	case after < before*fewerErrors-few, k.Difference.Verdict == Lower, s.nearer(k):
		return Helps
	case k.Difference.Verdict == Higher:
		return Harms
	}
	return NoHelp
}

// nearer tells whether a target that was missed is missed by less.
func (s *remedySearch) nearer(k *Remedy) bool {
	for i, t := range targetsOf(s.l.Architecture) {
		if i >= len(k.Targets) || s.base.SLO[i].Met || t.Above {
			continue
		}
		before, after := float64(k.Targets[i].Before), float64(k.Targets[i].After)
		if math.IsNaN(before) && !math.IsNaN(after) || after < before*fewerErrors {
			return true
		}
	}
	return false
}
