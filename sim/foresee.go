package sim

import (
	"unsafe"

	"headroom/internal/memory"
)

const (
	crowd    = 4096 // so many records of calls, with those of their requests, do not fit the processor's second cache
	farthest = 4    // so many answers follow one another at once where nothing takes time in between: through limiters, balancers, caches
)

// foresee brings near what the next events will touch: the stations that they end a service of, the calls, their requests, and those who
// wait for the calls. All of that comes at the same time, where the events themselves would wait for each in turn.
func (s *Sim) foresee() {
	var ids [threshold]uint32
	n := min(len(s.pending.bottom), threshold)
	for i, e := range s.pending.bottom[:n] {
		ids[i] = uint32(e.who)
		memory.FetchPair(unsafe.Pointer(s.calls.at(ids[i])))
		memory.FetchPair(recordOf(s.handlers[e.who>>32]))
	}
	for _, id := range ids[:n] {
		memory.Fetch(unsafe.Pointer(s.calls.at(id).Request))
	}
	for range farthest {
		waiting := 0
		for _, id := range ids[:n] {
			if p := s.calls.at(id).parent; p != nil {
				memory.FetchPair(unsafe.Pointer(p))
				ids[waiting] = p.ID
				waiting++
			}
		}
		n = waiting
	}
}

// recordOf returns where the record of a handler is, all of which are pointers.
func recordOf(h Handler) unsafe.Pointer { return (*[2]unsafe.Pointer)(unsafe.Pointer(&h))[1] }
