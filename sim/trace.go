package sim

import (
	"cmp"
	"slices"
)

// A Tracer writes down every visit of some requests, chosen by when they arrive: 1 is the first of the measured time. Or it finds out which
// were the slowest, so that these can be traced when the same is simulated again.
type Tracer struct {
	Traces  []Trace // of the requests asked for, in the order asked for
	Slowest []Ranked
	wanted  []int64
	most    int     // how many of the slowest to find
	arrived int64   // in the measured time
	left    int     // of the requests asked for: not done yet
	number  []int64 // by request record: which of the measured ones it is
	trace   []int32 // by the record of a request that is traced: its place in Traces
	hop     []int32 // by the record of a call of such a request: its place in Hops
}

// Ranked is a request and its latency, whatever its outcome.
type Ranked struct {
	Number  int64
	Latency Time
}

// Trace is what became of one request.
type Trace struct {
	Number   int64 // 1 is the first that arrived in the measured time; 0: it has not come
	Source   uint16
	Class    uint16
	Client   uint64
	Arrived  Time
	Answered Time // if it was
	Done     Time // when all that it brought about was done, if it was
	Outcome  Outcome
	Answer   bool // it was answered
	Over     bool // it is done
	Hops     []Hop
}

// Hop is one visit to a node, a branch of one, or what a visit goes on to do after its answer. Whoever makes a call comes before those who
// are called.
type Hop struct {
	Parent     int // which hop waits for it, or began it; -1: the client
	Node       uint32
	Instance   int32 // -1: none was chosen
	Class      uint16
	Op         Op
	Branch     int  // of a parallel step, counted from 1; 0: a visit of its own
	Background bool // after the answer of its Parent, which is the same visit
	Begin, End Time
	Ended      bool // else End is not known
	Outcome    Outcome
	Spent      []Spent
	Spells     []Spell // what it spent, piece by piece, in the order in which it became known
	Notes      []Noted // what the node says of it
	replied    Time    // when its answer began its way back
}

// Noted is what a node said, and when.
type Noted struct {
	At   Time
	Note any
}

// TraceRequests returns a tracer of the requests of these numbers.
func TraceRequests(numbers ...int64) *Tracer {
	return &Tracer{wanted: numbers, Traces: make([]Trace, len(numbers)), left: len(numbers)}
}

// FindSlowest returns a tracer that finds the n slowest requests, the slowest first and of equals the earlier one.
func FindSlowest(n int) *Tracer { return &Tracer{most: n} }

// Arrived returns how many requests have arrived in the measured time.
func (t *Tracer) Arrived() int64 { return t.arrived }

// Done tells that all requests asked for are traced to their end.
func (t *Tracer) Done() bool { return t.left == 0 && t.most == 0 }

// traced stands in the place of a call's trail where its request is traced, also after the answer.
const traced = 1<<32 - 1

// Traced tells whether a call's request is traced, so that Note is worth the trouble.
func (s *Sim) Traced(c *Call) bool { return c.trail == traced }

// Note adds what a node says of a call to its hop, if it is traced.
func (s *Sim) Note(c *Call, note any) {
	if s.Traced(c) {
		h := s.tracer.of(c)
		h.Notes = append(h.Notes, Noted{s.now, note})
	}
}

// keep notes something of a record.
func keep[T any](of []T, id uint32, what T) []T {
	for int(id) >= len(of) {
		of = append(of, *new(T))
	}
	of[id] = what
	return of
}

// arrives takes notice of a request, and of its first call.
func (t *Tracer) arrives(s *Sim, r *Request, c *Call) {
	if t.counts(s, r) != nil {
		c.trail = traced
		t.begins(s, c, -1)
	}
}

// settles takes notice of a request that makes no call.
func (t *Tracer) settles(s *Sim, r *Request) {
	if tr := t.counts(s, r); tr != nil {
		tr.Answered, tr.Done, tr.Answer, tr.Over = s.now, s.now, true, true
		t.left--
	}
}

// counts counts a request and returns its trace, nil if it is not traced.
func (t *Tracer) counts(s *Sim, r *Request) *Trace {
	if !r.Measured {
		return nil
	}
	t.arrived++
	t.number = keep(t.number, r.ID, t.arrived)
	i := slices.Index(t.wanted, t.arrived)
	if i < 0 {
		return nil
	}
	t.trace = keep(t.trace, r.ID, int32(i))
	t.Traces[i] = Trace{Number: t.arrived, Source: r.Source, Class: r.Class, Client: r.Client, Arrived: s.now}
	return &t.Traces[i]
}

func (t *Tracer) traceOf(c *Call) *Trace { return &t.Traces[t.trace[c.Request.ID]] }

// begins adds a hop.
func (t *Tracer) begins(s *Sim, c *Call, parent int) {
	tr := t.traceOf(c)
	tr.Hops = append(tr.Hops, Hop{Parent: parent, Node: c.Node, Instance: -1, Class: c.Class, Op: c.Op, Begin: s.now})
	t.hop = keep(t.hop, c.ID, int32(len(tr.Hops)-1))
}

// calls adds the hop of a call that another one makes, or of a branch.
func (t *Tracer) calls(s *Sim, parent, c *Call) {
	t.of(parent)
	t.begins(s, c, int(t.hop[parent.ID]))
}

// forwards ends the hop of a call whose request goes on elsewhere, and adds that of the visit there.
func (t *Tracer) forwards(s *Sim, c, next *Call) {
	h := t.of(c)
	h.end(s.now, OK)
	t.begins(s, next, h.Parent)
}

// of returns the hop that a call is at: after its answer, another one.
func (t *Tracer) of(c *Call) *Hop {
	tr := t.traceOf(c)
	at := t.hop[c.ID]
	gone := at < 0
	if gone {
		at = ^at
	}
	h := &tr.Hops[at]
	if gone || h.Ended {
		began := h.End
		if gone {
			began = h.replied
		}
		tr.Hops = append(tr.Hops, Hop{
			Parent: int(at), Node: c.Node, Class: c.Class, Op: c.Op, Background: true, Begin: began,
		})
		t.hop[c.ID] = int32(len(tr.Hops) - 1)
		h = &tr.Hops[len(tr.Hops)-1]
	}
	h.Instance = c.Instance
	return h
}

// replies takes notice that the answer to a call goes on its way, in a record of its own, while the visit may go on.
func (t *Tracer) replies(s *Sim, c, carrier *Call) {
	h := t.of(c)
	h.replied = s.now
	t.hop = keep(t.hop, carrier.ID, t.hop[c.ID])
	t.hop[c.ID] = ^t.hop[c.ID] // what it spends from now on is no part of that hop
}

func (h *Hop) end(now Time, o Outcome) { h.End, h.Outcome, h.Ended = now, o, true }

// answers ends a hop; the answer to the first call is that of the request.
func (t *Tracer) answers(s *Sim, c *Call, o Outcome) {
	t.of(c).end(s.now, o)
	if c.parent == nil {
		tr := t.traceOf(c)
		tr.Answered, tr.Outcome, tr.Answer = s.now, o, true
	}
}

// ends takes notice that a call's record is given back, and with the last one its request's.
func (t *Tracer) ends(s *Sim, c *Call, r *Request) {
	tr := t.traceOf(c)
	if at := t.hop[c.ID]; at >= 0 && !tr.Hops[at].Ended {
		t.of(c).end(s.now, c.Outcome)
	}
	if r.open == 1 { // this one
		tr.Done, tr.Over = s.now, true
		t.left--
	}
}

// rank keeps a measured request if it is among the slowest so far.
func (t *Tracer) rank(r *Request, latency Time) {
	if t.most == 0 {
		return
	}
	ranked := Ranked{t.number[r.ID], latency}
	i, _ := slices.BinarySearchFunc(t.Slowest, ranked, func(a, b Ranked) int {
		return cmp.Or(cmp.Compare(b.Latency, a.Latency), cmp.Compare(a.Number, b.Number))
	})
	if i == t.most {
		return
	}
	if len(t.Slowest) == t.most {
		t.Slowest = t.Slowest[:t.most-1]
	}
	t.Slowest = slices.Insert(t.Slowest, i, ranked)
}
