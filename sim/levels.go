package sim

import (
	"math"
	"math/bits"
	"slices"
)

// Levels is the time-weighted distribution of a number that changes in steps: how many are present. Numbers below 256 are kept
// apart, larger ones in buckets at most 0.8% wide; mean and standard deviation are exact. While it is counted all are apart, since that is
// quicker than to find their buckets.
type Levels struct {
	now    int32
	max    int32
	since  Time
	each   []Time  // how long each number was present, from 0 on; the largest so far is in it
	area   float64 // integral of the numbers in buckets, in call-nanoseconds
	square float64 // integral of their squares
	many   []Time  // by bucket
}

const (
	levelBits = 8
	apart     = 1 << levelBits
)

// levelIndex returns the bucket of a number that is not kept apart.
func levelIndex(n uint32) uint32 {
	e := uint32(bits.Len32(n)) - levelBits
	return e<<(levelBits-1) + n>>e - apart
}

// levelBounds returns the numbers of a bucket: [from, to).
func levelBounds(k uint32) (from, to uint64) {
	i := uint64(k) + apart
	e := i>>(levelBits-1) - 1
	from = (i - e<<(levelBits-1)) << e
	return from, from + 1<<e
}

// Add changes the number by d at time t.
func (l *Levels) Add(t Time, d int32) {
	if int(l.now) >= len(l.each) { // it is new, or folded
		l.rise()
	}
	l.pass(t)
	if l.now += d; l.now > l.max {
		l.rise()
	}
}

// leave is Add of -1 where something was added before.
func (l *Levels) leave(t Time) {
	l.pass(t)
	l.now--
}

// pass counts the time up to t.
func (l *Levels) pass(t Time) {
	l.each[l.now] += t - l.since
	l.since = t
}

// rise makes room for the largest number.
//
//go:noinline
func (l *Levels) rise() {
	l.max = max(l.max, l.now)
	if n := int(l.max); n >= len(l.each) {
		l.each = append(l.each, make([]Time, max(n+n/4, apart)-len(l.each))...)
	}
}

// addLarge adds time of a number to its bucket.
func (l *Levels) addLarge(n int, d Time) {
	x, dt := float64(n), float64(d)
	l.area += x * dt
	l.square += x * x * dt
	k := int(levelIndex(uint32(n)))
	if more := k + 1 - len(l.many); more > 0 {
		l.many = append(l.many, make([]Time, more)...)
	}
	l.many[k] += d
}

// fold brings the numbers into buckets that are to be there in the end.
func (l *Levels) fold() {
	for n := apart; n < len(l.each); n++ {
		if d := l.each[n]; d != 0 {
			l.addLarge(n, d)
		}
	}
	l.each = l.each[:min(len(l.each), apart)]
}

// Reset starts the statistics anew at time t; the number present stays.
func (l *Levels) Reset(t Time) {
	clear(l.each)
	clear(l.many)
	*l = Levels{now: l.now, max: l.now, since: t, each: l.each, many: l.many}
}

// Clone returns a copy that later changes do not touch, brought up to time t.
func (l *Levels) Clone(t Time) Levels {
	l.Add(t, 0)
	c := *l
	c.each, c.many = slices.Clone(l.each), slices.Clone(l.many)
	c.fold()
	return c
}

// Merge adds the time of o: the distribution over both runs.
func (l *Levels) Merge(o *Levels) {
	l.fold()
	o.fold()
	l.area += o.area
	l.square += o.square
	l.max = max(l.max, o.max)
	l.each, l.many = addTimes(l.each, o.each), addTimes(l.many, o.many)
}

// addTimes adds times to those before, which may be fewer.
func addTimes(to, more []Time) []Time {
	if n := len(more) - len(to); n > 0 {
		to = append(to, make([]Time, n)...)
	}
	for i, dt := range more {
		to[i] += dt
	}
	return to
}

func (l *Levels) total() float64 {
	var sum Time
	for _, dt := range l.each {
		sum += dt
	}
	for _, dt := range l.many {
		sum += dt
	}
	return float64(sum)
}

// Now returns the number present.
func (l *Levels) Now() int64 { return int64(l.now) }

// Area returns the integral of the number over time, in call-nanoseconds.
func (l *Levels) Area() float64 {
	area := l.area
	for n, dt := range l.each {
		area += float64(n) * float64(dt)
	}
	return area
}

// Mean returns the time average, NaN if no time has passed.
func (l *Levels) Mean() float64 { return l.Area() / l.total() }

// SD returns the standard deviation over time.
func (l *Levels) SD() float64 {
	square := l.square
	for n, dt := range l.each {
		square += float64(n*n) * float64(dt)
	}
	m := l.Mean()
	return math.Sqrt(max(square/l.total()-m*m, 0))
}

// Max returns the largest number present.
func (l *Levels) Max() int64 { return int64(l.max) }

// Quantile returns the least number that is not exceeded during a share q of the time.
func (l *Levels) Quantile(q float64) int64 {
	want := q * l.total()
	below := 0.0
	for n, dt := range l.each {
		if below += float64(dt); below >= want && dt > 0 {
			return int64(n)
		}
	}
	for k, dt := range l.many {
		if below += float64(dt); below >= want && dt > 0 {
			_, to := levelBounds(uint32(k))
			return min(int64(to)-1, int64(l.max))
		}
	}
	return int64(l.max)
}
