package models

import "headroom/sim"

// Limit is a resource that is used up by calls rather than held by them: a rate that a node allows.
type Limit struct {
	Name      string
	PerSecond float64
	Admitted  int64 // in the measured time
	Refused   int64
}

// limit adds a limit to a node.
func (b *Builder) limit(node string, perSecond float64) *Limit {
	l := &Limit{Name: "limit", PerSecond: perSecond}
	id := b.ID(node)
	b.Limits[id] = append(b.Limits[id], l)
	return l
}

// StartMeasuring begins the measured time: all statistics start anew.
func (b *Builder) StartMeasuring() {
	b.Sim.StartMeasuring()
	for _, ls := range b.Limits {
		for _, l := range ls {
			l.Admitted, l.Refused = 0, 0
		}
	}
	for _, n := range b.caches {
		if n != nil {
			n.startMeasuring()
		}
	}
}

// Discard gives back what only a running simulation needs; what was counted stays.
func (b *Builder) Discard() {
	b.Sim.Discard()
	for _, n := range b.caches {
		if n != nil {
			n.contents, n.fetching = nil, nil
		}
	}
}

// tokenBucket holds tokens that come at a constant rate, up to burst of them; a call takes one. It starts full. Kept as the time at
// which it would be full again, it needs one number (the generic cell rate algorithm; ITU-T I.371, 1993).
type tokenBucket struct {
	interval float64 // nanoseconds between tokens
	most     float64 // nanoseconds until an empty bucket is full
	full     float64 // when it is
}

func newTokenBucket(perSecond, burst float64) tokenBucket {
	interval := 1e9 / perSecond
	return tokenBucket{interval: interval, most: interval * burst}
}

// admits takes a token, if there is one.
func (t *tokenBucket) admits(now sim.Time) bool {
	full := max(t.full, float64(now)) + t.interval
	if full-float64(now) > t.most*(1+1e-12) {
		return false
	}
	t.full = full
	return true
}
