package sim

import (
	"unsafe"

	"headroom/internal/memory"
)

const (
	crowd    = 4096 // so many records of calls, with those of their requests, do not fit the processor's second cache
	farthest = 2    // callers above a call: to look for who waits beyond them costs as much as it saves
)

// A Foreseer is a node that can bring near what the end of a visit's service there will touch: one step on the way to it at a time, from 0 to
// Steps-1.
type Foreseer interface {
	Foresee(c *Call, step int)
}

// Steps is how many steps a Foreseer takes.
const Steps = 3

// Foresees registers what can foresee for a node, where it is worth it.
func (s *Sim) Foresees(node uint32, sight Foreseer) { s.nodes[node].sight, s.sighted = sight, true }

// Foresee lets the node at the end of an edge take a step for a call that is about to be sent there.
func (s *Sim) Foresee(c *Call, edge uint16, step int) {
	if sight := s.edges[edge].to.sight; sight != nil {
		sight.Foresee(c, step)
	}
}

// foresee brings near what the next events will touch, where the events themselves would wait for each line of memory in turn. It looks at
// three buckets, so that each step has come when the next one needs it: of the last one at the calls, and the stations that they end a
// service of; of the next one at their requests, and those who wait for the calls; of the one that is open at what the nodes foresee, and
// who waits for those who wait.
func (s *Sim) foresee() {
	next, after := s.pending.coming()
	for _, e := range after {
		memory.FetchPair(unsafe.Pointer(s.calls.at(uint32(e.who))))
		memory.FetchPair(recordOf(s.handlers[e.who>>32]))
	}
	for _, e := range next {
		c := s.calls.at(uint32(e.who))
		memory.Fetch(unsafe.Pointer(c.Request))
		memory.FetchPair(unsafe.Pointer(c.parent))
	}
	var calls [threshold]*Call
	n := min(len(s.pending.bottom), threshold)
	for i, e := range s.pending.bottom[:n] {
		calls[i] = s.calls.at(uint32(e.who))
	}
	if s.sighted {
		s.foreseeAt(calls[:n])
	}
	for range farthest {
		waiting := 0
		for _, c := range calls[:n] {
			if p := c.parent; p != nil {
				memory.FetchPair(unsafe.Pointer(p))
				calls[waiting] = p
				waiting++
			}
		}
		n = waiting
	}
}

// foreseeAt lets the nodes foresee what the calls will touch there. It puts the calls first that are at such a node: most are not.
func (s *Sim) foreseeAt(calls []*Call) {
	sighted := 0
	for i, c := range calls {
		if s.nodes[c.Node].sight != nil && c.Request != nil {
			calls[i], calls[sighted] = calls[sighted], c
			sighted++
		}
	}
	for step := range Steps {
		for _, c := range calls[:sighted] {
			s.nodes[c.Node].sight.Foresee(c, step)
		}
	}
}

func (s *Sim) foreseeStep(c *Call, step int) {
	if sight := s.nodes[c.Node].sight; sight != nil && c.Request != nil {
		sight.Foresee(c, step)
	}
}

// foreseeRing lets nodes foresee what the calls in a ring will touch that are soon to come: of the one that is next the last step, and the one
// before it of the one two places behind. Their records are near still, since they came in not long ago, and with that the first step.
func (s *Sim) foreseeRing(f *fifo) {
	for step := 1; step < Steps; step++ {
		at := f.head + uint64(2*(Steps-1-step))
		if at >= f.tail {
			continue
		}
		e := f.buf[at&uint64(len(f.buf)-1)]
		if e.who >= ofClient {
			continue
		}
		if c := s.calls.at(uint32(e.who)); c.due == e.at {
			s.foreseeStep(c, step)
		}
	}
}

// recordOf returns where the record of a handler is, all of which are pointers.
func recordOf(h Handler) unsafe.Pointer { return (*[2]unsafe.Pointer)(unsafe.Pointer(&h))[1] }
