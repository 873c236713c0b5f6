package models

import (
	"math"
	"slices"

	"headroom/sim"
)

// surge multiplies the rate of a source for a time.
type surge struct {
	from, to, factor float64 // in seconds from the end of the warm-up on; to may be +Inf
}

// surges lists those of a source.
func (a *Architecture) surges(source string) []surge {
	var all []surge
	for i := range a.Events {
		e := &a.Events[i]
		if e.Surge != source || e.Factor == nil {
			continue
		}
		s := surge{e.Begin().Seconds(), math.Inf(1), float64(*e.Factor)}
		if e.For != nil {
			s.to = e.End().Seconds()
		}
		all = append(all, s)
	}
	return all
}

// swollen returns the course of a rate with surges, after a warm-up. The source draws its gaps as it would without them, and they are carried
// through this course instead: up to the first surge it sends the same requests at the same moments.
func swollen(course []piece, surges []surge, warmup sim.Time) []piece {
	for _, s := range surges {
		course = swell(course, warmup.Seconds()+s.from, warmup.Seconds()+s.to, s.factor)
	}
	return course
}

// swell multiplies a rate between two moments.
func swell(course []piece, from, to, factor float64) []piece {
	var all []piece
	begin := 0.0
	for _, p := range course {
		end := begin + p.length
		rest := p
		for _, at := range []float64{from, to} {
			if at > begin && at < end {
				var before piece
				before, rest = rest.cut(at - begin)
				all, begin = append(all, before.times(factor, begin >= from && begin < to)), at
			}
		}
		all, begin = append(all, rest.times(factor, begin >= from && begin < to)), end
	}
	return all
}

// cut divides a piece at a moment within it.
func (p piece) cut(at float64) (before, after piece) {
	before, after = p, p
	before.length, after.length = at, p.length-at
	if p.from != p.to {
		before.to = p.rate(at)
		after.from = before.to
	}
	return before, after
}

// times multiplies the rate of a piece, if it is to be.
func (p piece) times(factor float64, is bool) piece {
	if is {
		p.from, p.to = p.from*factor, p.to*factor
	}
	return p
}

// checkSurge reports sources that have no rate to multiply.
func (a *Architecture) checkSurge(c *Check, at string, e *Event) {
	t, ok := a.Traffic.Get(e.Surge)
	switch {
	case !ok:
		c.Unknown(at+".surge", e.Surge, "source", a.Traffic.Keys())
	case c.Wrong("traffic." + e.Surge):
	case t.Users > 0:
		c.Errorf(at+".surge", "a surge multiplies a rate, and users who wait for their answers have none: give %s a `rate` or `stages`", e.Surge)
	case !t.Open():
		c.Errorf(at+".surge", "a surge multiplies a rate: %s has neither `rate` nor `stages`", e.Surge)
	case e.Factor != nil && t.highest()*float64(*e.Factor) > float64(highestRate):
		c.Errorf(at+".factor", "%s of %s is more than %s", e.Factor, e.Surge, highestRate)
	}
	switch {
	case c.Wrong(at + ".factor"):
	case e.Factor == nil:
		c.Errorf(at, "`factor` is missing: how many times as much? Write it such as {at: %s, surge: %s, factor: 3x}", e.At, e.Surge)
	case *e.Factor <= 0 || *e.Factor > mostFactor:
		c.Errorf(at+".factor", "`factor` must be above 0x and at most %s", mostFactor)
	case *e.Factor == 1:
		c.Warnf(at+".factor", "`factor: 1x` has no effect")
	}
}

// Surges tells whether events change the rate of some source.
func (a *Architecture) Surges() bool {
	return slices.ContainsFunc(a.Events, func(e Event) bool { return e.Surge != "" })
}
