package sim

import "slices"

// Sim is one replication: a clock, the pending events, the records of what is under way, and the nodes they visit. It is used
// by one goroutine.
type Sim struct {
	now      Time
	pending  ladder
	rings    []constantDelay
	ringAt   Time    // the earliest event in them
	ringOf   int     // its ring
	ready    []*Call // to resume before the clock moves
	sources  []*source
	patience []*Patience // by source; shorter where the others have none
	nextAt   Time        // the earliest next arrival
	nextOf   int         // its source
	elseAt   Time        // the earlier of these two: what the next event of the ladder is compared with
	until    Time        // how far it runs without a look, see further
	horizon  Time        // how far it may, see advance
	tracer   *Tracer

	handlers  []Handler
	nodes     []*node
	edges     []*edge
	passages  []*passage // from number 1 on
	crossings []*crossings
	stations  []*Station
	network   *network // nil: calls and answers take no time
	sighted   bool     // some nodes foresee
	plain     bool     // calls and answers take no time, nobody traces them, and none is cancelled
	heeded    bool     // some sources hear of answers

	calls        slab[Call]
	requests     slab[Request]
	resets       []Time   // when a limiter that refused a request says that it may come again, by request; as long as any needs it
	repeated     int      // how many nodes may be visited more than once by a request
	visitCounter []uint32 // visits of a request so far, to each node that may be visited more than once and has no counter in the request
	counters     int      // how many such nodes there are
	countless    map[countlessVisits]uint64

	seed       uint64
	classes    int
	levels     []uint8 // priority level of each class, 0 is served first
	sizes      []Size  // of each class; nil: none has any
	cells      []Cell
	layers     int // values of Request.Layer; 0: there is no cache
	background bool
	trails     trails
	kin        *kin // nil: nothing is ever cancelled
	abandons   bool // somebody has waited no longer for a call that goes on
	measuring  bool
	unfinished int64 // measured requests that have not retired
	from       Time  // start of the measured time
	Totals     Totals
	Unheard    int64 // answers in the measured time that nobody waited for
}

// Handler takes the end of a delay or a service.
type Handler interface {
	Fire(c *Call)
}

// Node is the behaviour of one node of the architecture.
type Node interface {
	// Enter takes a call that arrives.
	Enter(c *Call)
	// Resume goes on with a call that has what it waited for, or will not get it: c.Outcome says which.
	Resume(c *Call)
}

// Source makes requests.
type Source interface {
	// Arrive makes the request that is due now and returns the time of the next one.
	Arrive() Time
}

// Listener hears when requests have their answers.
type Listener interface{ Answered(r *Request) }

type source struct {
	next Time
	live int64 // requests that have not ended
	impl Source
	ears Listener // nil: nobody cares for its answers
}

// Totals counts all of the run, warm-up included.
type Totals struct {
	Events   int64
	Requests int64 // that arrived
	Ended    [Outcomes]int64
}

// Config says what a Sim must know before it is built.
type Config struct {
	Seed, Replication uint64
	Classes           int
	Sources           int
	Levels            []uint8 // priority level of each class, 0 is served first
	Sizes             []Size  // of each class; nil: bytes are not counted
	Background        bool    // some work goes on after the answer
	Layers            int     // values of Request.Layer; 0: there is no cache
	SampleEvery       uint64  // one request in so many, a power of two, is followed part by part; 0: none
	Tracer            *Tracer // of single requests; nil: none is traced
	Cancels           bool    // some calls that are given up are cancelled
}

// New returns an empty simulation.
func New(cfg Config) *Sim {
	s := &Sim{
		seed: Mix(cfg.Seed, cfg.Replication), classes: cfg.Classes, levels: cfg.Levels, sizes: cfg.Sizes, background: cfg.Background,
		nextAt: Never, ringAt: Never, elseAt: Never, tracer: cfg.Tracer,
	}
	s.pending.init()
	s.cells = make([]Cell, cfg.Classes*cfg.Sources)
	for i := range s.cells {
		s.cells[i] = newCell(cfg.Background, cfg.Layers)
	}
	s.layers = cfg.Layers
	s.trails = newTrails(cfg.SampleEvery)
	if cfg.Cancels {
		s.kin = newKin(s)
	}
	s.plain = s.tracer == nil && s.kin == nil
	return s
}

// Now returns the simulated time.
func (s *Sim) Now() Time { return s.now }

// Stream returns the seed of a random stream of its own, such as that of a traffic source.
func (s *Sim) Stream(key uint64) uint64 { return Mix(s.seed, key) }

// Handle registers a handler of events and returns its number.
func (s *Sim) Handle(h Handler) uint32 {
	s.handlers = append(s.handlers, h)
	return uint32(len(s.handlers) - 1)
}

// AddSource registers a source whose first arrival is at the time first. ears hears of the answers, nil: nobody does.
func (s *Sim) AddSource(impl Source, first Time, ears Listener) {
	s.sources = append(s.sources, &source{next: first, impl: impl, ears: ears})
	s.heeded = s.heeded || ears != nil
	s.findArrival()
}

func (s *Sim) findArrival() {
	s.nextAt, s.nextOf = Never, 0
	for i := range s.sources {
		if s.sources[i].next < s.nextAt {
			s.nextAt, s.nextOf = s.sources[i].next, i
		}
	}
	s.elseAt = min(s.ringAt, s.nextAt)
}

// After lets the handler take the call after a delay. A call waits for one event at a time: an earlier one is revoked.
func (s *Sim) After(c *Call, handler uint32, delay Time) {
	c.due, c.handler = s.now+delay, handler
	s.pending.push(c.due, uint64(handler)<<32|uint64(c.ID))
}

// Revoke takes back the event that a call waits for.
func (s *Sim) Revoke(c *Call) { c.due = Never }

// RunUntil simulates up to the time end. Events at one time happen in this order: those of the ladder, those of the rings,
// arrivals; within each as they came in.
func (s *Sim) RunUntil(end Time) {
	last := min(end, Never-1)
	s.until = min(last, s.horizon)
	for {
		if len(s.ready) > 0 {
			s.resumeReady()
		}
		if len(s.pending.bottom) == 0 {
			s.refill()
		}
		e := s.pending.first()
		if e.at <= s.elseAt {
			if e.at > s.until && !s.further(e.at, last) {
				break
			}
			s.pending.pop()
		} else if s.elseAt > s.until && !s.further(s.elseAt, last) {
			break
		} else if s.ringAt <= s.nextAt {
			if e = s.popRing(); e.who >= ofClient {
				s.leave(e)
				continue
			}
		} else {
			s.arrive()
			continue
		}
		c := s.calls.at(uint32(e.who))
		handler := uint32(e.who >> 32)
		if c.due != e.at || c.handler != handler {
			continue // revoked
		}
		s.now = e.at
		c.due = Never
		s.Totals.Events++
		s.handlers[handler].Fire(c)
	}
	if end > s.horizon {
		s.advance(end)
	}
	s.now = end
}

// refill brings the next events of the ladder into its bottom. It is not inlined since RunUntil would be slower for each event of it.
//
//go:noinline
func (s *Sim) refill() {
	if s.pending.refill() && s.calls.n >= crowd {
		s.foresee()
	}
}

// Done tells that a source will send nothing more, and that all it sent has ended, what is done after the answer included.
func (s *Sim) Done(source int) bool {
	src := s.sources[source]
	return src.next == Never && src.live == 0
}

// RunOut simulates until some sources are done, but at most up to the time end, and tells whether they are. The clock stands at the
// moment of their last event then.
func (s *Sim) RunOut(sources []int, end Time) bool {
	for slices.ContainsFunc(sources, func(i int) bool { return !s.Done(i) }) {
		next := min(s.pending.min(), s.elseAt)
		if next > end {
			s.RunUntil(end)
			return false
		}
		s.RunUntil(next)
	}
	return true
}

func (s *Sim) arrive() {
	s.now = s.nextAt
	s.Totals.Events++
	src := s.sources[s.nextOf]
	src.next = src.impl.Arrive()
	if len(s.sources) == 1 {
		s.nextAt = src.next
		s.elseAt = min(s.ringAt, s.nextAt)
		return
	}
	s.findArrival()
}

// wake lets a call go on before the clock moves. Going through a list bounds the depth of recursion.
func (s *Sim) wake(c *Call) { s.ready = append(s.ready, c) }

func (s *Sim) resumeReady() {
	for i := 0; i < len(s.ready); i++ {
		s.resume(s.ready[i])
	}
	s.ready = s.ready[:0]
}

// StartMeasuring begins the measured time: all statistics start anew, requests that arrive from now on are measured.
func (s *Sim) StartMeasuring() {
	s.measuring, s.from, s.Unheard = true, s.now, 0
	for i := range s.nodes {
		s.nodes[i].counts.reset(s.now)
	}
	for _, st := range s.stations {
		st.reset()
	}
	for _, e := range s.edges {
		e.EdgeStats = EdgeStats{From: e.From, To: e.To}
	}
	for _, k := range s.crossings {
		k.reset()
	}
}

// StopMeasuring ends the measured time: requests that arrive from now on are not measured. Those that are still on their way
// can be followed to their end by running on.
func (s *Sim) StopMeasuring() {
	s.measuring = false
	for i := range s.nodes {
		s.nodes[i].counts.present.Add(s.now, 0)
	}
}

// Discard gives back what only a running simulation needs: the records of what is under way, and the pending events. Statistics stay.
func (s *Sim) Discard() {
	s.pending, s.rings, s.ready, s.visitCounter, s.countless = ladder{}, nil, nil, nil, nil
	s.calls, s.requests = slab[Call]{}, slab[Request]{}
	if s.network != nil {
		s.network.journeys, s.network.homes = nil, nil
	}
}
