package models

import "headroom/sim"

// Limit is a resource that is used up by calls rather than held by them: a rate that a node allows.
type Limit struct {
	Name      string
	PerSecond float64 // +Inf where it is not known how many limits there are
	Admitted  int64   // in the measured time
	Refused   int64
	Queue     *LimitQueue // nil: nobody waits for it
}

// LimitQueue counts those who are held back, in the measured time.
type LimitQueue struct {
	Wait    *sim.Histogram // of those admitted
	Delayed int64          // of those: had to wait
	Area    float64        // integral of the number waiting, in call-nanoseconds
	Max     int64
	waiting int64
	since   sim.Time
}

// limit adds a limit to a node.
func (b *Builder) limit(node string, perSecond float64) *Limit {
	l := &Limit{Name: "limit", PerSecond: perSecond}
	id := b.ID(node)
	b.Limits[id] = append(b.Limits[id], l)
	return l
}

// add changes the number waiting.
func (q *LimitQueue) add(now sim.Time, d int64) {
	q.Area += float64(q.waiting) * float64(now-q.since)
	q.since = now
	q.waiting += d
	q.Max = max(q.Max, q.waiting)
}

// admitted counts one who was admitted after a wait, or without.
func (q *LimitQueue) admitted(now, wait sim.Time) {
	q.Wait.Record(wait)
	if wait > 0 {
		q.Delayed++
		q.add(now, 1)
	}
}

func (l *Limit) startMeasuring(now sim.Time) {
	l.Admitted, l.Refused = 0, 0
	if q := l.Queue; q != nil {
		q.Wait.Reset()
		q.Delayed, q.Area, q.Max, q.since = 0, 0, q.waiting, now
	}
}

// Clone returns the limit as it is at a time.
func (l *Limit) Clone(now sim.Time) Limit {
	k := *l
	if l.Queue != nil {
		q := *l.Queue
		q.add(now, 0)
		q.Wait = q.Wait.Clone()
		k.Queue = &q
	}
	return k
}

// StartMeasuring begins the measured time: all statistics start anew.
func (b *Builder) StartMeasuring() {
	for _, s := range b.scalers {
		s.keep()
	}
	_, underWay := b.Attempts()
	b.Sim.StartMeasuring()
	b.begun = b.Sim.Now()
	b.attempts = Attempts{open: underWay}
	for _, p := range b.patient {
		p.Reset()
	}
	for _, m := range b.lives {
		if m != nil {
			m.startMeasuring()
		}
	}
	for _, n := range b.functions {
		n.pool.startMeasuring()
	}
	for _, ls := range b.Limits {
		for _, l := range ls {
			l.startMeasuring(b.Sim.Now())
		}
	}
	for _, gs := range b.gradients {
		for _, g := range gs {
			g.area, g.at, g.in, g.out = 0, b.Sim.Now(), 0, 0
		}
	}
	for _, n := range b.caches {
		if n != nil {
			n.startMeasuring()
		}
	}
	for _, n := range b.parted {
		n.startMeasuring()
	}
	for _, n := range b.queues {
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
			n.contents, n.clusters = nil, nil
		}
	}
}
