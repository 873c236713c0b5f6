package sim

import (
	"iter"
	"slices"
)

// A Request is one unit of demand: it arrives at a source, makes its first call, and ends when that call is answered and its
// background work, if it has any, is done. It fills one cache line.
type Request struct {
	// Base is where all random numbers of the request come from: a function of seed, replication, source and number of arrival,
	// never of what other requests drew.
	Base    uint64
	Arrived Time
	Client  uint64
	Number  uint64 // which of its source's it is
	Key     uint64 // of the data that its class asks for
	ID      uint32
	open    int32 // calls not ended
	trail   uint32
	visits  [ownCounters]uint16 // so far, see nth
	Class   uint16
	Source  uint16
	Outcome Outcome
	// Layer is which cache had what the request asked for last: 0 if it asked none, 1 if none had it, 2 and more by the caches' numbers.
	Layer uint8
	// Measured requests arrived in the measured time.
	Measured bool
	stage    stage
}

// stage is what has become of a request.
type stage uint8

const (
	answered stage = 1 << iota
	gaveUp         // somebody waits no longer for a call that goes on
	limited        // its client waits for so long, see Patience
	left           // and has given up
)

// A Call is one visit of a request to a node, or one branch of a visit. Records are reused: a Call is valid until it is ended.
//
// It fills two cache lines. The end of a service, and of a visit that called nobody, touches the first alone.
type Call struct {
	// The event it waits for: live only while due and handler agree, so that changing due revokes it.
	due     Time
	handler uint32

	Node    uint32
	Request *Request // it is made for; nil: it is a timer or a chore
	Rand    Rand     // this visit's own random stream
	arrived Time     // at the node
	parent  *Call    // who waits for this one; nil: the client
	trail   uint32   // where its parts of the time are added up; 0: not followed
	wait    uint32   // ticket of the current wait for answers
	PC      int32    // where its program stands
	state   callState
	Outcome Outcome // of what it waited for; of itself once it is answered
	marks   marks
	Op      Op // what is asked for

	ID       uint32
	Instance int32 // of the node, -1: not chosen yet

	// In a station.
	work  Time // service still needed
	since Time // when it began to wait: for a server, or for the answers to the calls it made

	away       Time   // time spent waiting for the calls it made
	Class      uint16 // request class it goes as
	edge       uint16 // along which it was made
	passage    uint16 // by which it came here, see Pass; 0: none
	Flags      uint8  // the node's own
	Reply      uint8  // what a node says with its answer; the caller finds it in its own record
	Aux        uint32 // the node's own
	ticket     uint32 // which of the parent's waits it belongs to
	left       int32  // calls not answered yet
	need       int32  // successes still needed
	next, prev uint32 // in a station
}

// Parent returns which call waits for this one, 0 where the client does.
func (c *Call) Parent() uint32 {
	if c.parent == nil {
		return 0
	}
	return c.parent.ID
}

// Op is what a call asks of a node.
type Op uint8

// The operations.
const (
	OpCall Op = iota
	OpRead
	OpWrite
	OpPublish // take a message: the answer says only that it is taken
	OpLook    // is it in the cache? The caller asks the origin if not, if the reply is other than Found
	OpStore   // put it into the cache
)

// Found is the reply to a look-up that finds what it asks for.
const Found uint8 = 1

// Outcome is how a request or a call ended.
type Outcome uint8

// The outcomes, in the order of the result format.
const (
	OK Outcome = iota
	RateLimited
	Overloaded
	TimedOut
	Unavailable
	Failed
	Outcomes // how many there are
)

var outcomeNames = [...]string{"ok", "rate_limited", "overloaded", "timeout", "unavailable", "failed"}

// String returns the outcome's name in the result format.
func (o Outcome) String() string { return outcomeNames[o] }

// marks are what is rarely true of a call.
type marks uint8

const (
	spoken    marks = 1 << iota // its visit is answered: what it does now is background work
	cancelled                   // nobody wants its answer, and it knows
	shared                      // what it asks for is for others as well
	uncertain                   // what it waits for may be given up, or have a copy: its calls have trails of their own
	branch                      // of a parallel step: no visit of its own
	forked                      // the trail is its own, not its parent's
	ends                        // with the answer that it waits for, see EndsWith
	endsFound                   // if that found what it looked for
)

type callState uint8

const (
	idle callState = iota
	queued
	applying // queued at admission: it may still be turned away
	inService
)

// slab keeps records in pages that never move, so that a pointer stays good while the slab grows. Record 0 is nobody's: it means none.
type slab[T any] struct {
	pages []*[pageSize]T
	free  []*T // given back; the last is the next to be used again, since the caches hold it
	n     uint32
}

const (
	pageBits = 10
	pageSize = 1 << pageBits
)

func (s *slab[T]) at(id uint32) *T { return &s.pages[id>>pageBits][id&(pageSize-1)] }

// take returns a record that was given back, as it was left, or nil.
func (s *slab[T]) take() *T {
	k := len(s.free) - 1
	if k < 0 {
		return nil
	}
	r := s.free[k]
	s.free = s.free[:k]
	return r
}

func (s *slab[T]) give(r *T) {
	k := len(s.free)
	s.free = s.free[:k+1]
	s.free[k] = r
}

// inUse goes through the records that are not given back, whose ids it is told: it looks at every one.
func (s *slab[T]) inUse(id func(*T) uint32) iter.Seq[*T] {
	return func(yield func(*T) bool) {
		free := make([]bool, s.n)
		for _, r := range s.free {
			free[id(r)] = true
		}
		for i := uint32(1); i < s.n; i++ {
			if !free[i] && !yield(s.at(i)) {
				return
			}
		}
	}
}

// grow returns a new record and its id.
func (s *slab[T]) grow() (*T, uint32) {
	if s.n&(pageSize-1) == 0 {
		s.pages = append(s.pages, new([pageSize]T))
		s.free = slices.Grow(s.free, len(s.pages)*pageSize-len(s.free)) // all may be given back
		if s.n == 0 {
			s.n = 1
		}
	}
	s.n++
	return s.at(s.n - 1), s.n - 1
}
