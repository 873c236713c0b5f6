package sim

// Station is a queueing station: servers, and those who wait for one. A call is either served for a time (Serve) or holds a server
// until it lets go (Hold, Release). What every service touches comes first: an architecture may have thousands.
type Station struct {
	sim        *Sim
	resource   *Resource
	id         uint32 // as a handler
	servers    int32
	busy       int32
	waiting    int32
	backlog    int32 // how many may wait
	order      Discipline
	plain      bool // a service takes its own time and is never interrupted: what most stations do, and what has the shortest way
	stats      StationStats
	sharing    *sharing
	contended  *contended  // where contention or a changing tempo is and sharing is not
	contention *Contention // nil: servers do not slow each other down
	serving    []list      // by level, where service can be interrupted
	queues     []list      // by priority level, 0 first; one where the order knows no levels
	alone      [1]list     // where there is one queue, it is here
	patience   *Dist
	shut       int32      // how many servers there are when it is open again; 0: it is open
	tempo      float64    // likewise
	shed       []shedding // by priority level; nil: nobody is shed
	_          [40]byte   // so that each begins with a line of memory, which holds all that a plain service needs
}

// Discipline is the order in which those who wait are served.
type Discipline uint8

// The disciplines.
const (
	FIFO Discipline = iota
	LIFO
	ProcessorSharing
	Priority           // the higher class first, service is not interrupted
	PriorityPreemptive // an interrupted service is resumed where it was
)

// Unlimited is the number of servers, or of places to wait, where there is no limit.
const Unlimited int32 = 1<<31 - 1

// StationConfig describes a station. Servers and Backlog may be Unlimited.
type StationConfig struct {
	Servers    int32
	Discipline Discipline
	Backlog    int32
	Patience   *Dist       // how long a call waits before it gives up; nil: for ever
	Contention *Contention // what servers at work cost each other; nil: nothing
	Shed       Shed        // who is turned away, or let wait, when work piles up
}

// NewStation adds one instance of a resource. The resource's node takes its calls up again.
func (s *Sim) NewStation(r *Resource, cfg StationConfig) *Station {
	st := &Station{
		sim: s, resource: r, servers: cfg.Servers, backlog: cfg.Backlog, patience: cfg.Patience, order: cfg.Discipline,
		contention: cfg.Contention,
	}
	st.id = s.Handle(st)
	levels := 1
	if cfg.Discipline >= Priority {
		for _, l := range s.levels {
			levels = max(levels, int(l)+1)
		}
	}
	if st.queues = st.alone[:]; levels > 1 {
		st.queues = make([]list, levels)
	}
	if cfg.Discipline == PriorityPreemptive {
		st.serving = make([]list, levels)
	}
	if cfg.Discipline == ProcessorSharing && cfg.Servers != Unlimited {
		st.sharing = newSharing(st)
	} else if cfg.Contention != nil {
		st.contended = &contended{newPace(st), st}
	}
	st.plain = st.sharing == nil && st.contended == nil && st.serving == nil && !r.constant
	st.shed = newShedding(cfg.Shed, len(st.queues))
	s.stations = append(s.stations, st)
	r.Stations = append(r.Stations, st)
	return st
}

// Admission is what a station says to a call.
type Admission uint8

// The admissions.
const (
	Admitted Admission = iota // it is being served, or holds its place
	Queued                    // it waits; its node's Resume follows
	Refused                   // too many wait
)

// Serve asks for work nanoseconds of service; the node's Resume follows when they are over, or when the call gave up waiting
// (Outcome Overloaded). Where arriving is false the call is under way already: it is neither refused nor does it give up.
func (st *Station) Serve(c *Call, work Time, arriving bool) Admission {
	c.work = work
	if st.plain && st.busy < st.servers {
		st.resource.immediate++
		st.enter(c)
		st.occupy()
		c.state = inService
		st.sim.After(c, st.id, work)
		return Admitted
	}
	if st.sharing != nil {
		st.resource.arrived++
		if st.busy >= st.servers {
			st.resource.delayed++
		}
		st.enter(c)
		st.sharing.enter(c)
		return Admitted
	}
	if st.busy >= st.servers && !(st.order == PriorityPreemptive && st.preempt(c)) {
		return st.queue(c, arriving)
	}
	st.resource.arrived++
	st.enter(c)
	st.start(c)
	return Admitted
}

// Hold asks for a server until Release. Admitted means that it was free; after Queued the node's Resume follows.
func (st *Station) Hold(c *Call, arriving bool) Admission {
	if st.busy >= st.servers {
		return st.queue(c, arriving)
	}
	st.resource.immediate++
	st.enter(c)
	st.occupy()
	return Admitted
}

// Take is Hold for a call that has waited elsewhere for this server, which is free: what it waited counts as if it had been here.
func (st *Station) Take(c *Call, waited Time) {
	st.resource.arrived++
	if waited > 0 {
		st.resource.delayed++
	}
	st.enter(c)
	st.occupy()
	st.resource.wait.recordCoarse(waited)
}

// Contended tells whether its servers slow each other down.
func (st *Station) Contended() bool { return st.contention != nil }

// Free tells whether a server is free.
func (st *Station) Free() bool { return st.busy < st.servers }

// Release lets go of a held server; the next in line holds it from now on.
func (st *Station) Release() {
	st.leave()
	st.vacate()
	if c := st.next(); c != nil {
		st.grant(c)
	}
}

// grant gives a server to a call that has waited to hold one.
func (st *Station) grant(c *Call) {
	st.occupy()
	c.state = idle
	if c.marks&uncertain == 0 { // else its own clock goes on
		c.due = Never // it no longer gives up
	}
	st.resource.served(st.sim, c, st.sim.now-c.since)
	st.sim.wake(c)
}

// Fire ends a service, or the patience of a call that still waits. It is no part of its callers, so that what it calls is a part of it.
//
//go:noinline
func (st *Station) Fire(c *Call) {
	if !st.plain {
		if st.sharing != nil {
			st.sharing.fire()
			return
		}
		if st.contended != nil && c == st.contended.timer {
			st.contended.fire()
			return
		}
	}
	if c.state == inService {
		st.end(c)
	} else {
		st.unlink(c)
		st.leave()
		st.resource.Abandoned++
		c.Outcome = Overloaded
	}
	c.state = idle
	st.sim.resume(c)
}

// end finishes a service and starts the next.
func (st *Station) end(c *Call) {
	if st.serving != nil {
		st.serving[st.level(c)].remove(st.sim, c)
		st.resource.served(st.sim, c, c.since)
	}
	if r := st.resource; c.trail != 0 || r.ClassWork != nil || st.sim.abandons {
		r.finished(st.sim, c, c.work)
	}
	st.leave()
	st.vacate()
	if st.waiting == 0 {
		return
	}
	if n := st.next(); n != nil {
		st.start(n)
	}
}

// start begins, or resumes, a service. While one lasts that can be interrupted, c.since is for how long it waited before.
func (st *Station) start(c *Call) {
	s := st.sim
	st.occupy()
	c.state = inService
	if st.plain {
		st.resource.served(s, c, s.now-c.since)
		s.After(c, st.id, c.work)
		return
	}
	if st.serving != nil {
		c.since = s.now - c.since
		st.serving[st.level(c)].pushBack(s, c)
	} else {
		st.resource.served(s, c, s.now-c.since)
	}
	if st.contended != nil {
		st.contended.start(c)
		return
	}
	if st.resource.constant {
		s.AfterConstant(c, st.id, c.work)
		return
	}
	s.After(c, st.id, c.work)
}

// queue lets a call wait, if there is room.
func (st *Station) queue(c *Call, arriving bool) Admission {
	r := st.resource
	r.arrived++
	r.delayed++
	if arriving && st.waiting >= st.backlog {
		r.Refused++
		return Refused
	}
	st.enter(c)
	c.state = queued
	st.lineUp()
	q := st.queueOf(c)
	if arriving {
		c.state = applying
	}
	if st.order == LIFO || st.shed != nil && !arriving && st.shed[st.line(c)].overtakes() {
		q.pushFront(st.sim, c)
	} else {
		q.pushBack(st.sim, c)
	}
	if arriving && st.patience != nil {
		st.giveUpLater(c)
	}
	return Queued
}

// giveUpLater draws the patience from a stream beside the visit's own, so that having to wait changes no other draw.
func (st *Station) giveUpLater(c *Call) {
	if st.patience.Constant() {
		st.sim.AfterConstant(c, st.id, Nanoseconds(st.patience.Mean()))
		return
	}
	r := NewRand(Mix(c.Rand.State(), patienceStream))
	st.sim.After(c, st.id, Nanoseconds(st.patience.Draw(&r)))
}

const patienceStream = 0x9e3779b97f4a7c15

// level returns the priority level of a call, 0 is served first.
func (st *Station) level(c *Call) int { return int(st.sim.levels[c.Class]) }

// line returns the number of the queue that a call waits in.
func (st *Station) line(c *Call) int {
	if len(st.queues) == 1 {
		return 0
	}
	return st.level(c)
}

func (st *Station) queueOf(c *Call) *list { return &st.queues[st.line(c)] }

// next takes the call to be served next out of the queue, nil if none waits or the station is closed.
func (st *Station) next() *Call {
	if st.waiting == 0 || st.shut > 0 {
		return nil
	}
	if q := &st.alone[0]; q.head != 0 && st.shed == nil {
		return st.first(q)
	}
	for i := range st.queues {
		if q := &st.queues[i]; q.head != 0 {
			if st.shed == nil {
				return st.first(q)
			}
			if c := st.shed[i].next(st, q); c != nil {
				return c
			}
		}
	}
	if st.shed != nil {
		return nil
	}
	panic("sim: a station counts calls that no queue holds")
}

// first takes who is first out of a queue.
func (st *Station) first(q *list) *Call {
	c := st.sim.calls.at(q.head)
	st.stepOut()
	q.remove(st.sim, c)
	return c
}

func (st *Station) unlink(c *Call) {
	st.stepOut()
	st.queueOf(c).remove(st.sim, c)
}

// preempt interrupts the service of the least important call, the one begun last, if c is more important than it.
func (st *Station) preempt(c *Call) bool {
	if st.shut > 0 {
		return false
	}
	for l := len(st.serving) - 1; l > st.level(c); l-- {
		if st.serving[l].tail == 0 {
			continue
		}
		s := st.sim
		v := s.calls.at(st.serving[l].tail)
		st.serving[l].remove(s, v)
		left := v.due - s.now
		done := v.work - left
		if st.contended != nil {
			done, left = st.contended.interrupt(v)
		}
		st.resource.finished(s, v, done)
		v.work = left
		v.state, v.since = queued, s.now-v.since
		s.Revoke(v)
		st.queues[l].pushFront(s, v)
		st.vacate()
		st.lineUp()
		return true
	}
	return false
}
