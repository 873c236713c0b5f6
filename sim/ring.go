package sim

// fifo is a growing ring of events that are pushed in the order of their times: the delays of one constant length. What is
// sorted already need not go through the ladder.
type fifo struct {
	buf        []event // length a power of two
	head, tail uint64
}

func (f *fifo) empty() bool { return f.head == f.tail }

func (f *fifo) peek() event { return f.buf[f.head&uint64(len(f.buf)-1)] }

func (f *fifo) pop() event {
	e := f.peek()
	f.head++
	return e
}

func (f *fifo) full() bool { return f.tail-f.head == uint64(len(f.buf)) }

func (f *fifo) push(e event) {
	if f.full() {
		f.grow()
	}
	f.buf[f.tail&uint64(len(f.buf)-1)] = e
	f.tail++
}

// keep leaves only the events that are wanted, in their order, and grows unless half of its room is free then: either way it looks at each
// event a few times at most.
func (f *fifo) keep(wanted func(event) bool) {
	mask, to := uint64(len(f.buf)-1), f.head
	for from := f.head; from < f.tail; from++ {
		if e := f.buf[from&mask]; wanted(e) {
			f.buf[to&mask] = e
			to++
		}
	}
	f.tail = to
	if 2*(f.tail-f.head) > uint64(len(f.buf)) {
		f.grow()
	}
}

func (f *fifo) grow() {
	bigger := make([]event, max(64, 2*len(f.buf)))
	n := f.tail - f.head
	for i := range n {
		bigger[i] = f.buf[(f.head+i)&uint64(len(f.buf)-1)]
	}
	f.buf, f.head, f.tail = bigger, 0, n
}

type constantDelay struct {
	delay  Time
	events fifo
}

const maxRings = 6 // each is looked at for every event; more constant delays than that go through the ladder

// AfterConstant is After for a delay that many calls have in common: such events are in order already and wait in a ring.
func (s *Sim) AfterConstant(c *Call, handler uint32, delay Time) {
	ring := s.ring(delay)
	if ring < 0 {
		s.After(c, handler, delay)
		return
	}
	c.due, c.handler = s.now+delay, handler
	if s.sighted && s.calls.n >= crowd {
		s.foreseeStep(c, 0)
	}
	s.pushRing(ring, event{c.due, uint64(handler)<<32 | uint64(c.ID)})
}

// ring returns the ring of a delay, -1 if there is none for it.
func (s *Sim) ring(delay Time) int {
	for i := range s.rings {
		if s.rings[i].delay == delay {
			return i
		}
	}
	if len(s.rings) == maxRings {
		return -1
	}
	s.rings = append(s.rings, constantDelay{delay: delay})
	return len(s.rings) - 1
}

func (s *Sim) pushRing(i int, e event) {
	f := &s.rings[i].events
	if f.full() {
		s.purge(f)
	}
	f.push(e)
	if e.at < s.ringAt || e.at == s.ringAt && i < s.ringOf {
		s.ringAt, s.ringOf = e.at, i
		s.elseAt = min(s.ringAt, s.nextAt)
	}
}

// purge takes revoked events out of a ring, as most timeouts are, so that it does not hold all of the time that they would have taken.
func (s *Sim) purge(f *fifo) {
	f.keep(func(e event) bool {
		if e.who >= ofClient {
			return s.patient(e) != nil
		}
		c := s.calls.at(uint32(e.who))
		return c.due == e.at && c.handler == uint32(e.who>>32)
	})
	s.findRing()
}

// popRing takes the first event of the rings.
func (s *Sim) popRing() event {
	f := &s.rings[s.ringOf].events
	e := f.pop()
	s.findRing()
	if s.sighted && s.calls.n >= crowd {
		s.foreseeRing(f)
	}
	return e
}

// findRing looks for the ring whose first event is the next.
func (s *Sim) findRing() {
	s.ringAt, s.ringOf = Never, 0
	for i := range s.rings {
		if f := &s.rings[i].events; !f.empty() && f.peek().at < s.ringAt {
			s.ringAt, s.ringOf = f.peek().at, i
		}
	}
	s.elseAt = min(s.ringAt, s.nextAt)
}
