package models

import (
	"math"
	"math/bits"
	"unsafe"

	"headroom/internal/memory"
	"headroom/sim"
)

// A limitRule is an algorithm that limits a rate. S is what it remembers of those who share one limit: a client, a request class, or all.
// The zero S is that of somebody who never came.
type limitRule[S any] interface {
	// admit decides on a request, and remembers it if it may pass: at once, or after a wait.
	admit(s *S, now sim.Time) (wait sim.Time, ok bool)
	// left returns what an answer says beside the limit: how many more would be admitted now, and the time until it is one more (so that
	// one who was refused may try again after it); 0 where it is as many as there can be.
	left(s *S, now sim.Time) (remaining int64, reset sim.Time)
	// forget drops what no longer matters of s, and tells whether that is all of it.
	forget(s *S, now sim.Time) bool
}

// halfTick is what the rounding of sums may add to a time without making it another one on the clock.
const halfTick = 0.5

// tokenBucket holds tokens that come at a constant rate, up to burst of them; a request takes one. It starts full. Kept as the time at
// which it would be full again, it needs one number (the generic cell rate algorithm; ITU-T I.371, 1993).
type tokenBucket struct {
	interval float64 // nanoseconds between tokens
	most     float64 // nanoseconds until an empty bucket is full
}

// fullAt is when a bucket is full, in nanoseconds.
type fullAt float64

func newTokenBucket(perSecond, burst float64) tokenBucket {
	interval := 1e9 / perSecond
	return tokenBucket{interval: interval, most: interval * burst}
}

func (b *tokenBucket) admit(s *fullAt, now sim.Time) (wait sim.Time, ok bool) {
	full := b.missing(s, now) + b.interval
	if full > b.most+halfTick {
		return 0, false
	}
	*s = fullAt(float64(now) + full)
	return 0, true
}

// missing returns the time until the bucket is full.
func (b *tokenBucket) missing(s *fullAt, now sim.Time) float64 {
	return max(float64(*s)-float64(now), 0)
}

func (b *tokenBucket) left(s *fullAt, now sim.Time) (remaining int64, reset sim.Time) {
	missing := b.missing(s, now)
	if math.IsInf(b.most, 0) {
		return math.MaxInt64, 0
	}
	n := math.Floor((b.most - missing + halfTick) / b.interval)
	if missing == 0 {
		return int64(n), 0
	}
	return int64(n), sim.Time(math.Ceil(missing - (b.most - (n+1)*b.interval) - halfTick))
}

func (b *tokenBucket) forget(s *fullAt, now sim.Time) bool { return b.missing(s, now) == 0 }

// leakyBucket lets one out after the other, at a constant rate; up to burst of them wait inside, and one more is refused. It admits as a
// token bucket with one token more does, for the one who does not wait, and holds back what that would let through at once.
type leakyBucket struct{ tokenBucket }

func newLeakyBucket(perSecond, burst float64) leakyBucket {
	return leakyBucket{newTokenBucket(perSecond, burst+1)}
}

func (b *leakyBucket) admit(s *fullAt, now sim.Time) (wait sim.Time, ok bool) {
	ahead := b.missing(s, now)
	_, ok = b.tokenBucket.admit(s, now)
	return sim.Nanoseconds(ahead), ok
}

// A window is a length of time in which so many requests are admitted.
type window struct {
	length sim.Time
	most   int64
}

// inWindow is how many requests were admitted in a window, and in the one before it. The number counts the windows from time 0.
type inWindow struct {
	number            int64
	current, previous uint32
}

// turn goes on to the window of a time, and returns how much of it is over.
func (w *window) turn(s *inWindow, now sim.Time) (elapsed sim.Time) {
	number := int64(now / w.length)
	switch number - s.number {
	case 0:
	case 1:
		s.previous, s.current = s.current, 0
	default:
		s.previous, s.current = 0, 0
	}
	s.number = number
	return now - sim.Time(number)*w.length
}

// fixedWindow counts in windows that start at the multiples of their length: at the border between two, twice the limit can pass at once.
type fixedWindow struct{ window }

func (w *fixedWindow) admit(s *inWindow, now sim.Time) (wait sim.Time, ok bool) {
	w.turn(s, now)
	if int64(s.current) >= w.most {
		return 0, false
	}
	s.current++
	return 0, true
}

func (w *fixedWindow) left(s *inWindow, now sim.Time) (remaining int64, reset sim.Time) {
	elapsed := w.turn(s, now)
	if s.current == 0 {
		return w.most, 0
	}
	return w.most - int64(s.current), w.length - elapsed
}

func (w *fixedWindow) forget(s *inWindow, now sim.Time) bool {
	w.turn(s, now)
	return s.current == 0
}

// slidingWindow estimates from two counters how many were admitted within the last window: those of the current one, and of the previous
// one in proportion to how much of it the sliding window still overlaps. It admits while the estimate is below the limit (Desgats, "How
// we built rate limiting capable of scaling to millions of domains", Cloudflare, 2017).
type slidingWindow struct{ window }

func (w *slidingWindow) admit(s *inWindow, now sim.Time) (wait sim.Time, ok bool) {
	overlap := w.length - w.turn(s, now)
	// previous × overlap + current < limit, times the length: so that whole numbers are compared.
	if float64(s.previous)*float64(overlap) >= float64(w.most-int64(s.current))*float64(w.length) {
		return 0, false
	}
	s.current++
	return 0, true
}

// estimate is how many were admitted within the last window.
func (w *slidingWindow) estimate(s *inWindow, now sim.Time) float64 {
	overlap := w.length - w.turn(s, now)
	return float64(s.previous)*float64(overlap)/float64(w.length) + float64(s.current)
}

func (w *slidingWindow) left(s *inWindow, now sim.Time) (remaining int64, reset sim.Time) {
	remaining = max(int64(math.Ceil(float64(w.most)-w.estimate(s, now))), 0)
	if remaining == w.most {
		return remaining, 0
	}
	below := float64(w.most - remaining) // what the estimate must fall below
	start := sim.Time(s.number) * w.length
	if falls := below - float64(s.current); falls > 0 && s.previous > 0 {
		return remaining, start + w.fallsBelow(falls, s.previous) - now
	}
	return remaining, start + w.length + w.fallsBelow(below, s.current) - now
}

// fallsBelow returns how far into a window the overlapping part of the requests in the one before it falls below a number.
func (w *slidingWindow) fallsBelow(number float64, previous uint32) sim.Time {
	overlap := math.Ceil(number*float64(w.length)/float64(previous)) - 1
	return max(w.length-sim.Time(overlap), 0)
}

func (w *slidingWindow) forget(s *inWindow, now sim.Time) bool {
	w.turn(s, now)
	return s.current == 0 && s.previous == 0
}

// slidingLog remembers when each of the last requests was admitted, as many as the limit, and admits one when the oldest is a window old:
// exact, at 12 bytes for each. The times of all clients are in one slab; those of one are linked, the oldest first.
type slidingLog struct {
	window
	times []sim.Time
	next  []uint32
	free  uint32 // the first place given back, 0: none
}

// inLog is one client's part of the log: places in the slab.
type inLog struct{ first, last, count uint32 }

func newSlidingLog(w window) *slidingLog {
	return &slidingLog{window: w, times: make([]sim.Time, 1), next: make([]uint32, 1)} // place 0 is nobody's
}

func (l *slidingLog) admit(s *inLog, now sim.Time) (wait sim.Time, ok bool) {
	l.forget(s, now)
	if int64(s.count) >= l.most {
		return 0, false
	}
	at := l.take()
	l.times[at], l.next[at] = now, 0
	if s.count == 0 {
		s.first = at
	} else {
		l.next[s.last] = at
	}
	s.last = at
	s.count++
	return 0, true
}

// take returns a free place.
func (l *slidingLog) take() uint32 {
	if at := l.free; at != 0 {
		l.free = l.next[at]
		return at
	}
	l.times, l.next = append(l.times, 0), append(l.next, 0)
	return uint32(len(l.times) - 1)
}

func (l *slidingLog) forget(s *inLog, now sim.Time) bool {
	for s.count > 0 && l.times[s.first]+l.length <= now {
		gone := s.first
		s.first = l.next[gone]
		s.count--
		l.next[gone], l.free = l.free, gone
	}
	return s.count == 0
}

func (l *slidingLog) left(s *inLog, now sim.Time) (remaining int64, reset sim.Time) {
	if l.forget(s, now) {
		return l.most, 0
	}
	return l.most - int64(s.count), l.times[s.first] + l.length - now
}

// counting applies a rule to all who have a limit of their own.
type counting interface {
	admit(who uint64, now sim.Time) (wait sim.Time, ok bool)
	left(who uint64, now sim.Time) (remaining int64, reset sim.Time)
	most() int64 // would be admitted at once of one who never came
	foresee(who uint64)
}

// counts are what a rule remembers of each of them. Those who are known beforehand have the numbers below that of them, and a place by number.
// The others are in an open-addressing table. Who has not come for so long that it makes no difference is forgotten when the table is full, so
// that those who come once do not fill the memory.
type counts[S any] struct {
	rule  limitRule[S]
	known []S
	slots []slot[S] // a power of two
	used  int
	shift int // from a hash to its slot
}

type slot[S any] struct {
	who uint64 // plus 1; 0: free
	of  S
}

const leastSlots = 16

// newCounts applies a rule to so many who are known beforehand, and to others.
func newCounts[S any](rule limitRule[S], known uint64) *counts[S] {
	c := &counts[S]{rule: rule, known: make([]S, known)}
	c.size(leastSlots)
	return c
}

func (c *counts[S]) size(slots int) {
	c.slots, c.used, c.shift = make([]slot[S], slots), 0, 64-bits.TrailingZeros(uint(slots))
}

// foresee brings near what is remembered of one who is about to come.
func (c *counts[S]) foresee(who uint64) {
	if who < uint64(len(c.known)) {
		memory.Fetch(unsafe.Pointer(&c.known[who]))
		return
	}
	memory.Fetch(unsafe.Pointer(&c.slots[c.home(who)]))
}

func (c *counts[S]) admit(who uint64, now sim.Time) (wait sim.Time, ok bool) {
	if who < uint64(len(c.known)) {
		return c.rule.admit(&c.known[who], now)
	}
	s := c.find(who)
	if s.who == 0 {
		if 4*c.used >= 3*len(c.slots) {
			c.rebuild(now)
			s = c.find(who)
		}
		s.who = who + 1
		c.used++
	}
	return c.rule.admit(&s.of, now)
}

func (c *counts[S]) left(who uint64, now sim.Time) (remaining int64, reset sim.Time) {
	if who < uint64(len(c.known)) {
		return c.rule.left(&c.known[who], now)
	}
	s := c.find(who)
	if s.who == 0 {
		var never S
		return c.rule.left(&never, now)
	}
	return c.rule.left(&s.of, now)
}

func (c *counts[S]) most() int64 {
	var never S
	most, _ := c.rule.left(&never, 0)
	return most
}

// home is where the search for one begins.
func (c *counts[S]) home(who uint64) int { return int((who + 1) * 0x9e3779b97f4a7c15 >> c.shift) }

// find returns the slot of one who is known, or the free one where he belongs (Knuth, The Art of Computer Programming 3, 6.4: multiplicative
// hashing and linear probing).
func (c *counts[S]) find(who uint64) *slot[S] {
	i := c.home(who)
	for c.slots[i].who != 0 && c.slots[i].who != who+1 {
		i = (i + 1) & (len(c.slots) - 1)
	}
	return &c.slots[i]
}

// rebuild forgets whom it can, and makes the table large enough for as many again as are left.
func (c *counts[S]) rebuild(now sim.Time) {
	old, left := c.slots, 0
	for i := range old {
		if s := &old[i]; s.who != 0 && c.rule.forget(&s.of, now) {
			s.who = 0
		} else if s.who != 0 {
			left++
		}
	}
	n := leastSlots
	for n < 2*left {
		n *= 2
	}
	c.size(n)
	for _, s := range old {
		if s.who != 0 {
			*c.find(s.who - 1) = s
		}
	}
	c.used = left
}
