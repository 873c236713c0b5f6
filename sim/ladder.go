package sim

import (
	"cmp"
	"slices"
)

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
	top      bucket
	topMin   Time
	topMax   Time
	topStart Time // where the first rung ends, or the bottom if there is none
	chunks   chunks
	opened   int  // events that came into the bottom by buckets
	since    Time // when they were first counted
	gap      Time // mean time between two of those counted before, 0: not known yet
}

const (
	maxRungs  = 8       // as in the paper; beyond it buckets are sorted whatever their size
	threshold = 50      // a bucket with more events is cut finer instead of being sorted
	usual     = 5       // a bucket holds about so many events or up to twice as many when it is opened
	fewest    = 8       // buckets of a rung, if its span can be divided so often
	most      = 1 << 15 // buckets of a rung: more of them, with the chunk that each is filling, are out of reach of the processor's caches
	few       = 8       // so many events need no ladder: the bottom alone holds them
	sample    = 250     // so many events tell the mean time between two
)

// rung is an array of buckets, bucket i holding the times [start + i<<shift, start + (i+1)<<shift).
type rung struct {
	start   Time
	shift   uint
	current uint // the first bucket not opened yet
	buckets []bucket
}

func (q *ladder) init() {
	q.chunks.init()
	q.bottom = make([]event, 0, 4*threshold)
}

// push adds an event; at must not lie before the last event popped.
func (q *ladder) push(at Time, who uint64) {
	e := event{at, who}
	if b := q.rungs[0].bucket(at); b != nil {
		q.chunks.put(b, e)
		return
	}
	switch n := len(q.bottom); {
	case q.depth > 0 || q.top != 0 || n >= few:
		q.pushElsewhere(e)
	case n == 0: // as always in M/M/1
		q.bottom = q.bottom[:1]
		q.bottom[0], q.topStart = e, at+1
	default:
		q.topStart = max(q.topStart, at+1)
		q.insert(e)
	}
}

// bucket returns the bucket of a time, nil if it has been opened or the rung does not reach so far.
func (r *rung) bucket(at Time) *bucket {
	i := uint(at-r.start) >> (r.shift % 64)
	if i < r.current || i >= uint(len(r.buckets)) {
		return nil
	}
	return &r.buckets[i]
}

// pushElsewhere adds an event to what no bucket of the first rung is for.
func (q *ladder) pushElsewhere(e event) {
	if e.at >= q.topStart {
		q.pushTop(e)
		return
	}
	for k := 1; k < q.depth; k++ {
		if b := q.rungs[k].bucket(e.at); b != nil {
			q.chunks.put(b, e)
			return
		}
	}
	if b := q.bottom; len(b) >= threshold && q.depth < maxRungs && b[0].at > b[len(b)-1].at {
		q.spill()
		q.push(e.at, e.who)
		return
	}
	q.insert(e)
}

// insert puts an event into its place in the bottom. It is not inlined since push would save its arguments for it on every way.
//
//go:noinline
func (q *ladder) insert(e event) {
	q.bottom = append(q.bottom, e)
	b := q.bottom
	i := len(b) - 1
	for i > 0 && b[i-1].at <= e.at {
		b[i] = b[i-1]
		i--
	}
	b[i] = e
}

func (q *ladder) pushTop(e event) {
	if q.top == 0 {
		q.topMin, q.topMax = e.at, e.at
	}
	q.topMin, q.topMax = min(q.topMin, e.at), max(q.topMax, e.at)
	q.chunks.put(&q.top, e)
}

// min returns the time of the next event, Never if there is none.
func (q *ladder) min() Time {
	if len(q.bottom) == 0 {
		q.refill()
	}
	return q.first().at
}

// first returns the next event of a ladder that has been refilled if its bottom was empty, one at Never if there is none.
func (q *ladder) first() event {
	if k := len(q.bottom) - 1; k >= 0 {
		return q.bottom[k]
	}
	return event{at: Never}
}

// pop removes the next event, which first has found.
func (q *ladder) pop() { q.bottom = q.bottom[:len(q.bottom)-1] }

// refill brings the next bucket into the empty bottom, cutting finer what is too large to sort. It tells whether there was one.
func (q *ladder) refill() bool {
	for {
		if q.depth == 0 {
			if q.top == 0 {
				return false
			}
			if q.openTop() {
				return true
			}
		}
		r := &q.rungs[q.depth-1]
		i := r.current
		for i < uint(len(r.buckets)) && r.buckets[i] == 0 {
			i++
		}
		r.current = i + 1
		if i >= uint(len(r.buckets)) {
			r.buckets = r.buckets[:0]
			q.depth--
			continue
		}
		b := r.buckets[i]
		r.buckets[i] = 0
		start := r.start + Time(i)<<(r.shift%64)
		if q.open(b, start, start+1<<(r.shift%64), threshold) {
			return true
		}
	}
}

// coming returns events of the bucket that refill will bring next, and of the one after it, usually all of them, in no order; none where that is
// not known yet.
func (q *ladder) coming() (next, after []event) {
	if q.depth == 0 {
		return nil, nil
	}
	r := &q.rungs[q.depth-1]
	for _, b := range r.buckets[min(r.current, uint(len(r.buckets))):] {
		if b == 0 {
			continue
		}
		end, n := b.newest()
		if next != nil {
			return next, q.chunks.at(end)[:n]
		}
		next = q.chunks.at(end)[:n]
	}
	return next, nil
}

// openTop starts a new epoch from the top: into the first rung, or straight into the bottom (true) when there is little. The rung reaches as
// far again as the last event, so few of those that are pushed in the epoch are moved from the top later.
func (q *ladder) openTop() bool {
	b := q.top
	q.top, q.topStart = 0, q.topMax+1
	if q.chunks.many(b) {
		q.topStart += min(q.topMax-q.topMin, Never-q.topStart)
	}
	return q.open(b, q.topMin, q.topStart, chunkSize)
}

// open brings the events of a bucket, whose times are in [from, to), into the empty bottom. More than limit of them become a rung instead (false).
func (q *ladder) open(b bucket, from, to Time, limit int) bool {
	end, n := b.newest()
	if q.chunks.many(b) || to-from > 1<<60 {
		return q.openMany(end, n, from, to, limit)
	}
	q.bottom = q.bottom[:n]
	sortChunk(q.chunks.at(end), n, to-1, (*[chunkSize]event)(q.bottom[:chunkSize]))
	q.chunks.release(end)
	q.opened += n
	return true
}

func (q *ladder) openMany(newest bucket, last int, from, to Time, limit int) bool {
	oldest, n := q.chunks.turn(newest)
	n = (n-1)*chunkSize + last
	if n > limit && q.depth < maxRungs && to-from > 1 {
		r := q.newRung(from, to, n)
		for e := range q.chunks.drain(oldest, last) {
			r.put(&q.chunks, e)
		}
		return false
	}
	q.opened += n
	if n > threshold || to-from > 1<<60 {
		for e := range q.chunks.drain(oldest, last) {
			q.bottom = append(q.bottom, e)
		}
		sortLatestFirst(q.bottom)
		return true
	}
	q.bottom = q.bottom[:chunkSize]
	sortChunk(q.chunks.at(oldest), chunkSize, to-1, (*[chunkSize]event)(q.bottom))
	for e := range q.chunks.drain(q.chunks.release(oldest), last) {
		q.insert(e)
	}
	return true
}

// spill turns the bottom, which has grown too long to insert into, into the finest rung.
func (q *ladder) spill() {
	first := q.bottom[len(q.bottom)-1].at
	end := q.topStart
	if q.depth > 0 {
		r := &q.rungs[q.depth-1]
		end = r.start + Time(r.current)<<r.shift
	}
	r := q.newRung(first, end, len(q.bottom))
	for i := len(q.bottom) - 1; i >= 0; i-- {
		r.put(&q.chunks, q.bottom[i])
	}
	q.bottom = q.bottom[:0]
}

// newRung adds a rung for n events in [first, end). Where the paper has a bucket for each event, it has one for about usual of them: so few are
// quickly sorted, fill a chunk, and can be looked ahead at together (see Sim.foresee). To those that are there come those that are pushed
// before their bucket is opened, so buckets are so narrow that the rate of the latest events fills them.
func (q *ladder) newRung(first, end Time, n int) *rung {
	r := &q.rungs[q.depth]
	q.depth++
	if q.opened >= sample {
		q.gap = (first - q.since) / Time(q.opened)
		q.since, q.opened = first, 0
	}
	last := end - 1 - first
	want := Time(max(fewest, n/usual))
	if q.gap > 0 {
		want = max(want, min(last/(usual*q.gap), 4*Time(n)))
	}
	shift := uint(0)
	for last>>shift >= min(want, most) {
		shift++
	}
	count := last>>shift + 1
	if Time(cap(r.buckets)) < count {
		r.buckets = make([]bucket, count, count+count/2)
	}
	r.buckets = r.buckets[:count]
	r.start, r.shift, r.current = end-count<<shift, shift, 0
	return r
}

func (r *rung) put(s *chunks, e event) {
	s.put(&r.buckets[uint(e.at-r.start)>>(r.shift%64)], e)
}

// sortLatestFirst sorts b, which is in the order of its pushes, by descending time with the older of equals last.
func sortLatestFirst(b []event) {
	slices.Reverse(b)
	slices.SortStableFunc(b, func(x, y event) int { return cmp.Compare(y.at, x.at) })
}
