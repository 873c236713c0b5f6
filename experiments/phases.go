package experiments

import (
	"math"

	"headroom/models"
	"headroom/sim"
)

// phases sums up the time before, during and after an event, in whole buckets.
func (r *EventResult) phases(a *models.Architecture, e *models.Event, buckets []bucket) {
	if len(buckets) == 0 {
		return
	}
	begin, end := e.Begin().Seconds(), e.End().Seconds()
	switch {
	case e.For != nil:
	case (e.Flush != "" || e.Resize != "" || e.Rebalance != "") && r.RecoveredAfter.Known():
		end = begin + float64(r.RecoveredAfter)
	default:
		end = nextEvent(a, e.Begin()).Seconds()
	}
	end = max(end, begin+buckets[0].length)
	next := nextEvent(a, sim.Nanoseconds(end*1e9)-1).Seconds()
	r.Before = phase(overlapping(buckets, begin-(end-begin), begin, true))
	r.During = phase(overlapping(buckets, begin, end, false))
	r.After = phase(overlapping(buckets, end, next, true))
}

// overlapping returns the buckets of which some part lies between two moments or, whole, all of it.
func overlapping(buckets []bucket, from, to float64, whole bool) []bucket {
	const rounding = 1e-9
	var some []bucket
	for _, b := range buckets {
		end := b.from + b.length
		if whole && b.from >= from-rounding && end <= to+rounding || !whole && end > from+rounding && b.from < to-rounding {
			some = append(some, b)
		}
	}
	return some
}

// phase sums up some buckets, nil where there are none.
func phase(buckets []bucket) *Phase {
	if len(buckets) == 0 {
		return nil
	}
	s := togetherOf(buckets)
	rate := math.NaN()
	if ended := s.goodput + s.errors; ended > 0 {
		rate = float64(s.errors) / float64(ended)
	}
	return &Phase{P99: Num(s.p99), ErrorRate: Num(rate), Goodput: Num(float64(s.goodput) / s.seconds)}
}

// togetherOf joins buckets; there must be one.
func togetherOf(buckets []bucket) sample {
	var all []sample
	for _, b := range buckets {
		all = append(all, b.sample)
	}
	return joined(all)
}
