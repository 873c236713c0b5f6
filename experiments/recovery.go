package experiments

import (
	"slices"

	"headroom/models"
	"headroom/sim"
)

// gauge follows, from sample to sample, a target of the SLO that tells whether all is well: a latency or a share of errors, of all requests,
// of a class, or of a source.
type gauge struct {
	models.Target
	cells   []int          // whose requests it speaks of
	latency *sim.Histogram // of a sample; nil for a share of errors
	ended   [sim.Outcomes]int64
}

// gaugesOf returns a gauge for each such target; those of the default SLO where the scenario has none.
func gaugesOf(a *models.Architecture) []*gauge {
	var all []*gauge
	for _, targets := range [][]models.Target{a.SLO, models.DefaultSLO()} {
		for _, t := range targets {
			g := &gauge{Target: t}
			switch t.Quantity {
			case "p", "mean":
				g.latency = sim.NewHistogram(sim.Coarse)
			case "errors", "server_errors", "outcome":
			default:
				continue
			}
			for source := range a.Traffic {
				for class, name := range a.Classes {
					if t.Of == "" || t.Of == name || t.Of == a.Traffic[source].Key {
						g.cells = append(g.cells, source*len(a.Classes)+class)
					}
				}
			}
			if !t.Done {
				all = append(all, g)
			}
		}
		if len(all) > 0 {
			break
		}
	}
	return all
}

// read returns the value in the sample that ends now, and begins the next.
func (g *gauge) read(cells []sim.Cell) average {
	var value average
	if g.latency != nil {
		v := g.latency.Mean()
		if g.Quantity == "p" {
			v = g.latency.Quantile(g.Quantile)
		}
		value.add(v/1e9, float64(g.latency.Count()))
		g.latency.Reset()
		return value
	}
	var ended [sim.Outcomes]int64
	for _, c := range g.cells {
		for o, n := range cells[c].Ended {
			ended[o] += n
		}
	}
	all, counted := 0.0, 0.0
	for o, n := range ended {
		d := float64(n - g.ended[o])
		all += d
		if o := sim.Outcome(o); g.Quantity == "errors" && o != sim.OK || g.Quantity == "server_errors" && o != sim.OK && o != sim.RateLimited ||
			g.Quantity == "outcome" && o == g.Outcome {
			counted += d
		}
	}
	g.ended = ended
	if all > 0 {
		value.add(counted/all, all)
	}
	return value
}

// recover tells of each event how long it took from its beginning until the SLO was met again: to the first bucket of the series from which
// on every bucket meets its targets for latency and errors, until the next event begins or the run ends. 0 means that all of them do, None
// that the last one does not, or that the event came after the run.
func (r *Result) recover(a *models.Architecture, buckets []bucket) {
	gauges := gaugesOf(a)
	for i := range a.Events {
		e := &a.Events[i]
		result := EventResult{At: Num(e.Begin().Seconds()), What: e.String(), For: None, RecoveredAfter: None, number: i}
		switch {
		case e.For != nil:
			result.For = Num(e.For.Seconds())
		case e.Flush != "":
			result.For = 0
		}
		result.RecoveredAfter = recovery(gauges, within(buckets, e.Begin().Seconds(), nextEvent(a, e.Begin()).Seconds()), float64(result.At))
		result.phases(a, e, buckets)
		r.Events = append(r.Events, result)
	}
	r.Metastable = metastable(a, gauges, buckets)
	slices.SortStableFunc(r.Events, func(x, y EventResult) int { return int(min(max(x.At-y.At, -1), 1)) })
}

// nextEvent returns when the first event begins after a moment.
func nextEvent(a *models.Architecture, after sim.Time) sim.Time {
	next := sim.Never
	for i := range a.Events {
		if at := a.Events[i].Begin(); at > after {
			next = min(next, at)
		}
	}
	return next
}

// within returns the buckets from the one that a moment lies in to the last that is over before another.
func within(buckets []bucket, from, to float64) []bucket {
	const rounding = 1e-9
	var some []bucket
	for _, b := range buckets {
		if end := b.from + b.length; end > from+rounding && end <= to+rounding {
			some = append(some, b)
		}
	}
	return some
}

// recovery returns how long after a moment the targets are met in all buckets that remain.
func recovery(gauges []*gauge, buckets []bucket, since float64) Num {
	if len(buckets) == 0 || !well(gauges, &buckets[len(buckets)-1]) {
		return None
	}
	for i := len(buckets) - 1; i >= 0; i-- {
		if b := &buckets[i]; !well(gauges, b) {
			return Num(b.from + b.length - since)
		}
	}
	return 0
}

// well tells whether a bucket meets the targets. Where nothing has ended although something came, it does not.
func well(gauges []*gauge, b *bucket) bool {
	if b.offered > 0 && b.goodput+b.errors == 0 {
		return false
	}
	for i, g := range gauges {
		if v := b.gauges[i].value(); v >= g.Value != g.Above && b.gauges[i].weight > 0 {
			return false
		}
	}
	return true
}
