package sim

import (
	"unsafe"

	"headroom/internal/memory"
)

const (
	crowd    = 4096 // so many records of calls, with those of their requests, do not fit the processor's second cache
	farthest = 4    // so many answers follow one another at once where nothing takes time in between: through limiters, balancers, caches
)

// foresee brings near what the next events will touch, where the events themselves would wait for each in turn: of the bucket after this one
// the calls, and the stations that they end a service of, so that they are there when this bucket is through; of this one, whose calls were
// brought near when the one before it was opened, the requests, and those who wait for the calls.
func (s *Sim) foresee() {
	for _, e := range s.pending.coming() {
		memory.FetchPair(unsafe.Pointer(s.calls.at(uint32(e.who))))
		memory.FetchPair(recordOf(s.handlers[e.who>>32]))
	}
	var calls [threshold]*Call
	n := min(len(s.pending.bottom), threshold)
	for i, e := range s.pending.bottom[:n] {
		calls[i] = s.calls.at(uint32(e.who))
		memory.Fetch(unsafe.Pointer(calls[i].Request))
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

// recordOf returns where the record of a handler is, all of which are pointers.
func recordOf(h Handler) unsafe.Pointer { return (*[2]unsafe.Pointer)(unsafe.Pointer(&h))[1] }
