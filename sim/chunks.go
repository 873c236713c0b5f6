package sim

import "iter"

// bucket holds events in the order of their pushes, in a list of chunks, newest first. It is the place of its next event in the slab, where 0
// is an empty bucket, and the end of a chunk one whose next event needs a chunk more. Reading a bucket meets no dependent cache miss within
// a chunk; a plain linked list meets one per event.
type bucket uint32

const chunkSize = 8 // events: two cache lines

// chunks is the slab that buckets take their chunks from and give them back to. A chunk goes by the place where it ends.
type chunks struct {
	events []event
	next   []bucket // of each chunk: the older one of the same bucket, or the next free one
	free   bucket
}

func (s *chunks) init() {
	s.events = make([]event, 0, 64*chunkSize)
	s.next = make([]bucket, 1, 64)
}

func (s *chunks) put(b *bucket, e event) {
	if *b%chunkSize == 0 {
		s.grow(b)
	}
	s.events[*b] = e
	*b++
}

// grow puts an empty chunk before those of a bucket, which are full. It is not inlined for put to be.
//
//go:noinline
func (s *chunks) grow(b *bucket) {
	end := s.free
	if end != 0 {
		s.free = s.next[end/chunkSize]
	} else {
		s.events = append(s.events, make([]event, chunkSize)...)
		s.next = append(s.next, 0)
		end = bucket(len(s.events))
	}
	s.next[end/chunkSize] = *b
	*b = end - chunkSize
}

// newest returns where the newest chunk of a bucket ends, and how many events it has. The bucket is not empty.
func (b bucket) newest() (end bucket, n int) {
	end = (b + chunkSize - 1) &^ (chunkSize - 1)
	return end, int(b + chunkSize - end)
}

// many tells whether a bucket, which is not empty, has more than one chunk.
func (s *chunks) many(b bucket) bool { return s.next[(b+chunkSize-1)/chunkSize] != 0 }

// at returns the chunk that ends there.
func (s *chunks) at(end bucket) *[chunkSize]event {
	return (*[chunkSize]event)(s.events[end-chunkSize:])
}

// release gives the first chunk of a list back, and returns the next one. What it held stays there until the next put.
func (s *chunks) release(end bucket) (next bucket) {
	next = s.next[end/chunkSize]
	s.next[end/chunkSize] = s.free
	s.free = end
	return next
}

// turn turns a list of chunks around, for the oldest to be the first, and counts them.
func (s *chunks) turn(newest bucket) (oldest bucket, n int) {
	for end := newest; end != 0; n++ {
		older := s.next[end/chunkSize]
		s.next[end/chunkSize] = oldest
		oldest, end = end, older
	}
	return oldest, n
}

// drain yields the events of a list of chunks, oldest first, so many of the last chunk, and gives the chunks back. What it yields may be put into
// others meanwhile.
func (s *chunks) drain(oldest bucket, last int) iter.Seq[event] {
	return func(yield func(event) bool) {
		for end := oldest; end != 0; {
			c := s.at(end)[:]
			if s.next[end/chunkSize] == 0 {
				c = c[:last]
			}
			for _, e := range c {
				yield(e)
			}
			end = s.release(end)
		}
	}
}
