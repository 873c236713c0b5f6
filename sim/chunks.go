package sim

import "slices"

// A bucket holds events in the order of their pushes, as a list of chunks, newest first. Reading one meets no dependent cache
// miss within a chunk; a plain linked list meets one per event.
type bucket struct {
	chunk uint32 // newest chunk; 0 is none
	n     uint32 // events in the bucket
}

const chunkSize = 8 // events: two cache lines

// chunks is the slab that buckets take their chunks from and give them back to.
type chunks struct {
	events [][chunkSize]event
	next   []uint32 // the older chunk of the same bucket, or the next free one
	free   uint32
}

func (s *chunks) init() {
	s.events = make([][chunkSize]event, 1, 256) // index 0 means none
	s.next = make([]uint32, 1, 256)
}

func (s *chunks) put(b *bucket, e event) {
	if b.n%chunkSize == 0 {
		s.grow(b)
	}
	s.events[b.chunk][b.n%chunkSize] = e
	b.n++
}

func (s *chunks) grow(b *bucket) {
	id := s.free
	if id != 0 {
		s.free = s.next[id]
	} else {
		s.events = append(s.events, [chunkSize]event{})
		s.next = append(s.next, 0)
		id = uint32(len(s.events) - 1)
	}
	s.next[id] = b.chunk
	b.chunk = id
}

// take appends the bucket's events to dst in the order of their pushes and empties the bucket.
func (s *chunks) take(b *bucket, dst []event) []event {
	if b.n == 0 {
		return dst
	}
	n := int(b.n)
	start := len(dst)
	dst = slices.Grow(dst, n)[:start+n]
	end := start + n
	count := (n-1)%chunkSize + 1 // in the newest chunk; the older ones are full
	for id := b.chunk; id != 0; {
		copy(dst[end-count:end], s.events[id][:count])
		end -= count
		count = chunkSize
		older := s.next[id]
		s.next[id] = s.free
		s.free = id
		id = older
	}
	*b = bucket{}
	return dst
}
