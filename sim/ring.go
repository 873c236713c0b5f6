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
