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
	busy       uint64  // moments at which servers were free again, less those at which they began, modulo 2^64, since Busy was brought up to date
	spent      uint64  // what Spent is, modulo 2^64: the moments of going less those of coming, whose sums do not fit
	waiting    uint64  // like busy: of those who wait
	Busy       float64 // servers at work
	Waiting    float64
	Spent      float64 // the time that calls spent here, added up call by call: must equal Busy + Waiting
	MaxWaiting int64
}

// integrate brings the integrals up to now.
func (st *Station) integrate() {
	st.stats.Busy, st.stats.Waiting = st.Sums()
	st.stats.since(st.sim.now, st.busy, st.waiting)
}

// idle brings the integrals, which are up to now, up to a moment before which nothing changes.
func (st *Station) idle(until Time) {
	d := float64(until - st.sim.now)
	st.stats.Busy += d * float64(st.busy)
	st.stats.Waiting += d * float64(st.waiting)
	st.stats.since(until, st.busy, st.waiting)
}

// since lets the moments begin anew, as if those at work and those who wait had come now.
func (k *StationStats) since(now Time, busy, waiting int32) {
	k.busy, k.waiting = -uint64(now)*uint64(busy), -uint64(now)*uint64(waiting)
}

// Sums returns the integrals of how many were served and how many waited, up to now.
func (st *Station) Sums() (busy, waiting float64) {
	now := uint64(st.sim.now)
	return st.stats.Busy + float64(int64(st.stats.busy+now*uint64(st.busy))), st.stats.Waiting + float64(int64(st.stats.waiting+now*uint64(st.waiting)))
}

// occupy, vacate, lineUp and stepOut change the numbers at work and waiting by one, and note the moment.
func (st *Station) occupy() {
	st.busy++
	st.stats.busy -= uint64(st.sim.now)
}

func (st *Station) vacate() {
	st.busy--
	st.stats.busy += uint64(st.sim.now)
}

func (st *Station) lineUp() {
	st.waiting++
	st.stats.waiting -= uint64(st.sim.now)
	st.stats.MaxWaiting = max(st.stats.MaxWaiting, int64(st.waiting))
}

func (st *Station) stepOut() {
	st.waiting--
	st.stats.waiting += uint64(st.sim.now)
}

// count sets both numbers.
func (st *Station) count(busy, waiting int32) {
	st.stats.busy -= uint64(st.sim.now) * uint64(busy-st.busy)
	st.stats.waiting -= uint64(st.sim.now) * uint64(waiting-st.waiting)
	st.busy, st.waiting = busy, waiting
	st.stats.MaxWaiting = max(st.stats.MaxWaiting, int64(waiting))
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
	st.stats = StationStats{MaxWaiting: int64(st.waiting), spent: -uint64(now) * st.present()}
	st.stats.since(now, st.busy, st.waiting)
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
	st.integrate()
	stats := st.stats
	// Of all numbers that are the same modulo 2^64, it is the one next to the integrals: how far it is from them is exact.
	integral := stats.Busy + stats.Waiting
	spent := stats.spent + uint64(st.sim.now)*st.present()
	stats.Spent = integral + float64(int64(spent-uint64(math.Mod(integral, 0x1p64))))
	return stats
}

// Servers returns the number of servers, Unlimited where there is no limit.
func (st *Station) Servers() int32 { return max(st.servers, st.shut) }

// Backlog returns how many may wait, Unlimited where that has no limit.
func (st *Station) Backlog() int32 { return st.backlog }

// Present returns how many are served and how many wait now.
func (st *Station) Present() (served, waiting int32) { return st.busy, st.waiting }
