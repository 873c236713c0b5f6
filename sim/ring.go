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

func (f *fifo) push(e event) {
	if f.tail-f.head == uint64(len(f.buf)) {
		f.grow()
	}
	f.buf[f.tail&uint64(len(f.buf)-1)] = e
	f.tail++
}

func (f *fifo) grow() {
	bigger := make([]event, max(64, 2*len(f.buf)))
	n := f.tail - f.head
	for i := range n {
		bigger[i] = f.buf[(f.head+i)&uint64(len(f.buf)-1)]
	}
	f.buf, f.head, f.tail = bigger, 0, n
}
