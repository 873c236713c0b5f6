package sim

import "math"

// Shed is what a station does about those who have waited for long at admission. The zero value is nothing. Calls under way are never turned
// away: their next service may be waited for in the same queue.
type Shed struct {
	// Target and Interval are those of CoDel, both above 0: of those who have waited longer than the target, all along an interval, some are
	// turned away.
	Target, Interval Time
	// NewestAfter is above 0 for adaptive LIFO: the newest is served first while the oldest has waited longer than this.
	NewestAfter Time
}

// shedding is what a station remembers of one of its queues for that.
type shedding interface {
	// next takes whom to serve next out of a queue in which somebody waits; nil if it turned all of them away.
	next(st *Station, q *list) *Call
	// overtakes tells whether calls under way go before those who wait at admission.
	overtakes() bool
	// forget begins anew with an empty queue.
	forget()
}

// newShedding returns one for each queue, nil where nobody is shed.
func newShedding(cfg Shed, queues int) []shedding {
	var all []shedding
	for range queues {
		switch {
		case cfg.NewestAfter > 0:
			all = append(all, &adaptiveLIFO{after: cfg.NewestAfter})
		case cfg.Target > 0:
			all = append(all, &codel{target: cfg.Target, interval: cfg.Interval})
		}
	}
	return all
}

// adaptiveLIFO serves the oldest first until that has waited for too long, and from then on the newest, as long as it has: who comes now can
// still be served in time, while most of those who waited are given up by their callers (Maurer, Fail at Scale, ACM Queue 13:8, 2015).
type adaptiveLIFO struct {
	after  Time
	newest bool // first
}

func (a *adaptiveLIFO) next(st *Station, q *list) *Call {
	s := st.sim
	c := s.calls.at(q.head)
	if c.state == applying {
		late := s.now-c.since > a.after
		if late && !a.newest {
			st.putUnderWayFirst(q)
			c = s.calls.at(q.head)
		}
		if a.newest = late; late && c.state == applying {
			c = s.calls.at(q.tail)
		}
	}
	st.unlink(c)
	return c
}

func (a *adaptiveLIFO) overtakes() bool { return a.newest }
func (a *adaptiveLIFO) forget()         { a.newest = false }

// putUnderWayFirst puts the calls under way before those who wait at admission, both in their order.
func (st *Station) putUnderWayFirst(q *list) {
	s := st.sim
	oldest := q.head
	for id, done := q.tail, false; !done; {
		c := s.calls.at(id)
		done, id = id == oldest, c.prev
		if c.state != applying {
			q.remove(s, c)
			q.pushFront(s, c)
		}
	}
}

// codel turns calls away at the head of the queue so that what stands in it takes no longer than the target, whatever comes and goes in
// bursts: once all that left the queue in an interval had waited longer than the target, one is turned away, the next after an interval, and
// the n-th after 1/√n of it, until one has waited less. It is the algorithm of Nichols and Jacobson (Controlling Queue Delay, ACM Queue 10:5,
// 2012) as RFC 8289, section 5, has it, a packet being a call, and the bytes of at most one packet that are left in the queue, which are
// never a standing queue, being one call.
type codel struct {
	target, interval Time
	above            Time // when the wait has been above the target for an interval; 0: it was below
	dropping         bool
	dropped          bool // and the moment of the next drop is not known yet
	nextDrop         Time
	count, before    uint32 // drops since dropping began; before, at the beginning of the last time
}

func (d *codel) next(st *Station, q *list) *Call {
	for q.head != 0 {
		c := st.sim.calls.at(q.head)
		st.unlink(c)
		if c.state != applying || !d.drops(st.sim.now, st.sim.now-c.since, q.head == q.tail) {
			return c
		}
		st.turnAway(c)
	}
	d.above, d.dropping, d.dropped = 0, false, false
	return nil
}

// drops tells whether to turn away a call that leaves the queue now, after so long. last tells that at most one is left there.
func (d *codel) drops(now, waited Time, last bool) bool {
	if !d.stands(now, waited, last) {
		d.dropping, d.dropped = false, false
		return false
	}
	if d.dropping {
		if d.dropped {
			d.nextDrop, d.dropped = d.law(d.nextDrop), false
		}
		if now < d.nextDrop {
			return false
		}
		d.count++
		d.dropped = true
		return true
	}
	more := d.count - d.before
	d.count = 1
	if more > 1 && now-d.nextDrop < 16*d.interval { // the rate that helped a moment ago is a good one to begin with
		d.count = more
	}
	d.before, d.dropping = d.count, true
	d.nextDrop = d.law(now)
	return true
}

// stands tells whether the wait has been above the target for an interval.
func (d *codel) stands(now, waited Time, last bool) bool {
	switch {
	case waited < d.target || last:
		d.above = 0
	case d.above == 0:
		d.above = now + d.interval
	default:
		return now >= d.above
	}
	return false
}

// law is the control law: the time between drops falls with the square root of their number, to which the throughput of TCP answers linearly.
func (d *codel) law(t Time) Time {
	return t + Nanoseconds(float64(d.interval)/math.Sqrt(float64(d.count)))
}

func (d *codel) overtakes() bool { return false }
func (d *codel) forget()         { *d = codel{target: d.target, interval: d.interval} }

// turnAway ends the wait of a call that was taken out of the queue: it is not served.
func (st *Station) turnAway(c *Call) {
	st.leave()
	st.resource.Refused++
	c.state, c.due, c.Outcome = idle, Never, Overloaded
	st.sim.wake(c)
}
