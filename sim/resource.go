package sim

import "math"

// Resource is what a node's visits wait for: its cores, its places, a pool. It has one station for each instance of the node, and
// statistics over all of them. What every service touches comes first, in one cache line.
type Resource struct {
	immediate int64      // asked for it and had it at once; what all the others did is in the next three
	arrived   int64      // asked for it
	delayed   int64      // of those: found no free server
	wait      *Histogram // of those served
	ClassWork []Time     // service finished by request class, and last that of chores; nil where there is one class only
	WaitPart  int32      // of a request's time, see Sim.Part
	WorkPart  int32
	constant  bool // every service takes the same time
	Node      uint32
	Refused   int64
	Abandoned int64 // gave up waiting
	Name      string
	Stations  []*Station

	// Wasted is the service finished for visits whose answer nobody waited for any more.
	Wasted Time

	// FirstSpeaks tells that the stations come and go with what they are for, so that the utilization is that of the first.
	FirstSpeaks bool
}

// Spoken returns the stations whose utilization is the resource's.
func (r *Resource) Spoken() []*Station {
	if r.FirstSpeaks {
		return r.Stations[:1]
	}
	return r.Stations
}

// NewResource registers a resource of a node. constant tells that all its services take one and the same time.
func (s *Sim) NewResource(node uint32, name string, constant bool) *Resource {
	r := &Resource{Node: node, Name: name, wait: NewHistogram(Coarse), WaitPart: s.Part(), WorkPart: s.Part(), constant: constant}
	if s.classes > 1 {
		r.ClassWork = make([]Time, s.classes+1)
	}
	return r
}

// served counts a call that waited and now has its server.
func (r *Resource) served(s *Sim, c *Call, wait Time) {
	r.wait.recordCoarse(wait)
	if c.trail != 0 && wait > 0 {
		s.Spend(c, r.WaitPart, wait)
	}
}

// finished counts a service, or the part of it that an interruption ends.
func (r *Resource) finished(s *Sim, c *Call, work Time) {
	if r.ClassWork != nil {
		class := int(c.Class)
		if c.Request == nil {
			class = len(r.ClassWork) - 1
		}
		r.ClassWork[class] += work
	}
	if s.abandons && c.Request != nil && c.Request.stage&gaveUp != 0 && !s.awaited(c) {
		r.Wasted += work
	}
	if c.trail != 0 {
		s.Spend(c, r.WorkPart, work)
	}
}

// PWait returns the share of calls that found no free server, NaN if there were none.
func (r *Resource) PWait() float64 { return float64(r.delayed) / float64(r.arrived+r.immediate) }

// Waits returns how long those waited who were served in the measured time, up to now.
func (r *Resource) Waits() *Histogram {
	waits := r.wait.Clone()
	waits.RecordN(0, uint64(r.immediate))
	return waits
}

// Arrivals returns how many calls asked for the resource in the measured time, and how many of them found no free server.
func (r *Resource) Arrivals() (asked, delayed int64) { return r.arrived + r.immediate, r.delayed }

// StationStats holds a station's integrals over the measured time, in call-nanoseconds.
type StationStats struct {
	since      Time
	Busy       float64 // servers at work
	spent      uint64  // what Spent is, modulo 2^64: the moments of going less those of coming, whose sums do not fit
	Waiting    float64
	Spent      float64 // the time that calls spent here, added up call by call: must equal Busy + Waiting
	MaxWaiting int64
}

// account brings the integrals up to now; it goes before every change of their numbers.
func (st *Station) account() {
	now := st.sim.now
	if now == st.stats.since {
		return
	}
	d := float64(now - st.stats.since)
	st.stats.since = now
	st.stats.Busy += d * float64(st.busy)
	if st.waiting > 0 {
		st.stats.Waiting += d * float64(st.waiting)
	}
}

// enter and leave add up the time spent here from the moments of coming and going, apart from the integrals.
func (st *Station) enter(c *Call) {
	now := st.sim.now
	c.since = now
	st.stats.spent -= uint64(now)
}

func (st *Station) leave() { st.stats.spent += uint64(st.sim.now) }

func (st *Station) reset() {
	now := st.sim.now
	st.stats = StationStats{since: now, MaxWaiting: int64(st.waiting)}
	st.stats.spent = -uint64(now) * st.present()
	if st == st.resource.Stations[0] {
		st.resource.reset()
	}
}

func (r *Resource) reset() {
	r.wait.Reset()
	r.Refused, r.Abandoned, r.immediate, r.arrived, r.delayed, r.Wasted = 0, 0, 0, 0, 0, 0
	clear(r.ClassWork)
}

func (st *Station) present() uint64 { return uint64(st.busy) + uint64(st.waiting) }

// Stats returns the integrals up to now.
func (st *Station) Stats() StationStats {
	st.account()
	stats := st.stats
	// Of all numbers that are the same modulo 2^64, it is the one next to the integrals: how far it is from them is exact.
	integral := stats.Busy + stats.Waiting
	spent := stats.spent + uint64(st.sim.now)*st.present()
	stats.Spent = integral + float64(int64(spent-uint64(math.Mod(integral, 0x1p64))))
	return stats
}

// Sums returns the integrals of how many were served and how many waited, up to now, and leaves the station as it is: who looks at a run from
// outside must not change how its sums are rounded.
func (st *Station) Sums() (busy, waiting float64) {
	d := float64(st.sim.now - st.stats.since)
	return st.stats.Busy + d*float64(st.busy), st.stats.Waiting + d*float64(st.waiting)
}

// Servers returns the number of servers, Unlimited where there is no limit.
func (st *Station) Servers() int32 { return max(st.servers, st.shut) }

// Backlog returns how many may wait, Unlimited where that has no limit.
func (st *Station) Backlog() int32 { return st.backlog }

// Present returns how many are served and how many wait now.
func (st *Station) Present() (served, waiting int32) { return st.busy, st.waiting }
