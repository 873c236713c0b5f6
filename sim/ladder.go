package sim

import "slices"

// event is one entry of the pending set: a time, and who asked for it (handler<<32 | call).
type event struct {
	at  Time
	who uint64
}

// ladder is the pending event set: a ladder queue (Tang, Goh and Thng, "Ladder queue: An O(1) priority queue structure for
// large-scale discrete event simulation", ACM TOMACS 15(3), 2005) with chunked buckets whose width is a power of two.
//
//	far  ───►  top      unsorted: everything at or after topStart
//	           rung 0   buckets of equal width
//	           rung 1   one bucket of rung 0, cut finer
//	near ───►  bottom   sorted, latest first: the next event is its last element
//
// Push and pop are O(1) on average whatever the distribution of the delays. Events of one time leave in the order they came in:
// buckets keep the order of their pushes, and every sort is stable.
type ladder struct {
	bottom   []event
	rungs    [maxRungs]rung
	depth    int // rungs in use
	top      []event
	topMin   Time
	topMax   Time
	topStart Time
	chunks   chunks
	spare    []event // for moving a bucket into a finer rung
}

const (
	maxRungs  = 8  // as in the paper; beyond it buckets are sorted whatever their size
	threshold = 50 // a bucket with more events is cut finer instead of being sorted
	usual     = 3  // a bucket holds about 2 to the power of so many events
	fewest    = 8  // buckets of a rung, if its span can be divided so often
	few       = 8  // so many events need no ladder: the bottom alone holds them
)

// rung is an array of buckets, bucket i holding the times [start + i<<shift, start + (i+1)<<shift).
type rung struct {
	buckets []bucket
	start   Time
	shift   uint
	current int // the first bucket not opened yet
	n       int
}

func (q *ladder) init() {
	q.chunks.init()
	q.bottom = make([]event, 0, 4*threshold)
}

// push adds an event; at must not lie before the last event popped.
func (q *ladder) push(at Time, who uint64) {
	e := event{at, who}
	if at >= q.topStart {
		if q.depth > 0 || len(q.top) > 0 || len(q.bottom) >= few {
			q.pushTop(e)
			return
		}
		q.topStart = at + 1 // all there is is in the bottom, and little enough to keep it there
	}
	for k := range q.depth {
		if r := &q.rungs[k]; at >= r.start+Time(r.current)<<r.shift {
			r.put(&q.chunks, e)
			return
		}
	}
	q.pushBottom(e)
}

func (q *ladder) pushTop(e event) {
	if len(q.top) == 0 {
		q.topMin, q.topMax = e.at, e.at
	} else if e.at < q.topMin {
		q.topMin = e.at
	} else if e.at > q.topMax {
		q.topMax = e.at
	}
	q.top = append(q.top, e)
}

// pushBottom inserts in order; a bottom that has grown too long to insert into becomes a rung.
func (q *ladder) pushBottom(e event) {
	b := append(q.bottom, event{})
	i := len(b) - 1
	for i > 0 && b[i-1].at <= e.at {
		b[i] = b[i-1]
		i--
	}
	b[i] = e
	q.bottom = b
	if len(b) > threshold && q.depth < maxRungs && b[0].at > b[len(b)-1].at {
		q.spill()
	}
}

// min returns the time of the next event, Never if there is none.
func (q *ladder) min() Time {
	if len(q.bottom) == 0 && !q.refill() {
		return Never
	}
	return q.bottom[len(q.bottom)-1].at
}

// pop removes and returns the next event, which min has found.
func (q *ladder) pop() event {
	k := len(q.bottom) - 1
	e := q.bottom[k]
	q.bottom = q.bottom[:k]
	return e
}

// refill brings the next bucket into the empty bottom, cutting finer what is too large to sort. It tells whether there was one.
func (q *ladder) refill() bool {
	for {
		if q.depth == 0 {
			if len(q.top) == 0 {
				return false
			}
			if q.openTop() {
				return true
			}
		}
		r := &q.rungs[q.depth-1]
		if r.n == 0 {
			q.depth--
			continue
		}
		for r.buckets[r.current].n == 0 {
			r.current++
		}
		i := r.current
		r.current++
		count := int(r.buckets[i].n)
		r.n -= count
		if count > threshold && q.depth < maxRungs && r.shift > 0 {
			q.spare = q.chunks.take(&r.buckets[i], q.spare[:0])
			finer := q.newRung(r.start+Time(i)<<r.shift, 1<<r.shift, count)
			for _, e := range q.spare {
				finer.put(&q.chunks, e)
			}
			continue
		}
		q.bottom = q.chunks.take(&r.buckets[i], q.bottom[:0])
		sortLatestFirst(q.bottom)
		return true
	}
}

// openTop starts a new epoch from the top: into the first rung, or straight into the bottom (true) when there is little.
func (q *ladder) openTop() bool {
	if len(q.top) <= threshold {
		q.bottom = append(q.bottom[:0], q.top...)
		sortLatestFirst(q.bottom)
		q.top = q.top[:0]
		q.topStart = q.topMax + 1
		return true
	}
	r := q.newRung(q.topMin, q.topMax-q.topMin+1, len(q.top))
	for _, e := range q.top {
		r.put(&q.chunks, e)
	}
	q.top = q.top[:0]
	q.topStart = r.start + Time(len(r.buckets))<<r.shift
	return false
}

// spill turns the bottom into the finest rung.
func (q *ladder) spill() {
	first := q.bottom[len(q.bottom)-1].at
	end := q.topStart
	if q.depth > 0 {
		r := &q.rungs[q.depth-1]
		end = r.start + Time(r.current)<<r.shift
	}
	r := q.newRung(first, end-first, len(q.bottom))
	for i := len(q.bottom) - 1; i >= 0; i-- {
		r.put(&q.chunks, q.bottom[i])
	}
	q.bottom = q.bottom[:0]
}

// newRung adds a rung over [start, start+span) with about one bucket for every 8 of n events, where the paper has one for each: so few are quickly
// sorted, fill a chunk, and can be looked ahead at together (see Sim.foresee).
func (q *ladder) newRung(start, span Time, n int) *rung {
	r := &q.rungs[q.depth]
	q.depth++
	shift := uint(0)
	for Time(n)<<shift < span {
		shift++
	}
	for range usual {
		if span>>(shift+1) >= fewest {
			shift++
		}
	}
	want := int(span>>shift) + 1
	if cap(r.buckets) < want {
		r.buckets = make([]bucket, want, want+want/2)
	}
	r.buckets = r.buckets[:want]
	r.start, r.shift, r.current, r.n = start, shift, 0, 0
	return r
}

func (r *rung) put(s *chunks, e event) {
	s.put(&r.buckets[uint64(e.at-r.start)>>r.shift], e)
	r.n++
}

// sortLatestFirst sorts b, which is in the order of its pushes, by descending time with the older of equals last.
func sortLatestFirst(b []event) {
	if len(b) > threshold {
		slices.Reverse(b)
		slices.SortStableFunc(b, func(x, y event) int {
			switch {
			case x.at > y.at:
				return -1
			case x.at < y.at:
				return 1
			}
			return 0
		})
		return
	}
	for k := 1; k < len(b); k++ {
		e := b[k]
		j := k
		for j > 0 && b[j-1].at <= e.at {
			b[j] = b[j-1]
			j--
		}
		b[j] = e
	}
}
