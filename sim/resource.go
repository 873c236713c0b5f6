package sim

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

func (r *Resource) reset() {
	r.wait.Reset()
	r.Refused, r.Abandoned, r.immediate, r.arrived, r.delayed, r.Wasted = 0, 0, 0, 0, 0, 0
	clear(r.ClassWork)
}

// Servers returns the number of servers, Unlimited where there is no limit.
func (st *Station) Servers() int32 { return max(st.servers, st.shut) }

// Backlog returns how many may wait, Unlimited where that has no limit.
func (st *Station) Backlog() int32 { return st.backlog }

// Present returns how many are served and how many wait now.
func (st *Station) Present() (served, waiting int32) { return st.busy, st.waiting }
