package sim

import (
	"math"
	"math/bits"
	"slices"
)

// Levels is the time-weighted distribution of a number that changes in steps: how many are present. Numbers below 256 are kept
// apart, larger ones in buckets at most 0.8% wide; mean and standard deviation are exact.
type Levels struct {
	now    int32
	max    int32
	since  Time
	area   float64     // integral of the larger numbers, in call-nanoseconds
	square float64     // integral of their squares
	bucket largeBucket // of the present number, if it is a larger one and was at the change before the last
	many   []Time      // by bucket, but for the time in the present one
	few    [apart]Time // how long each small number was present
}

// largeBucket is a bucket of larger numbers: most changes stay in one.
type largeBucket struct {
	from, width int32 // the numbers in it; width 0: none
	number      uint32
	entered     Time
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
	n := uint(l.now)
	if n >= apart {
		l.addLarge(t, d)
		return
	}
	l.few[n] += t - l.since
	l.since = t
	l.now += d
	l.max = max(l.max, l.now)
}

// addLarge is Add for a larger number.
//
//go:noinline
func (l *Levels) addLarge(t Time, d int32) {
	if l.bucket.width == 0 {
		l.enter()
	}
	n, dt := float64(l.now), float64(t-l.since)
	l.area += n * dt
	l.square += n * n * dt
	l.since = t
	l.now += d
	l.max = max(l.max, l.now)
	if uint32(l.now-l.bucket.from) >= uint32(l.bucket.width) {
		l.leave()
	}
}

// enter looks which bucket the number is in, since the last change.
func (l *Levels) enter() {
	k := &l.bucket
	k.number, k.entered = levelIndex(uint32(l.now)), l.since
	from, to := levelBounds(k.number)
	k.from, k.width = int32(from), int32(to-from)
	if more := int(k.number) + 1 - len(l.many); more > 0 {
		l.many = append(l.many, make([]Time, more)...)
	}
}

// leave adds the time in the bucket up to the last change; everything that reads the times does so before.
func (l *Levels) leave() {
	if l.bucket.width > 0 {
		l.many[l.bucket.number] += l.since - l.bucket.entered
		l.bucket = largeBucket{}
	}
}

// account brings the times up to t.
func (l *Levels) account(t Time) {
	l.Add(t, 0)
	l.leave()
}

// Reset starts the statistics anew at time t; the number present stays.
func (l *Levels) Reset(t Time) {
	clear(l.many)
	*l = Levels{now: l.now, max: l.now, since: t, many: l.many}
}

// Clone returns a copy that later changes do not touch, brought up to time t.
func (l *Levels) Clone(t Time) Levels {
	l.account(t)
	c := *l
	c.many = slices.Clone(l.many)
	return c
}

// Merge adds the time of o: the distribution over both runs.
func (l *Levels) Merge(o *Levels) {
	o.leave()
	l.area += o.area
	l.square += o.square
	l.max = max(l.max, o.max)
	if more := len(o.many) - len(l.many); more > 0 {
		l.many = append(l.many, make([]Time, more)...)
	}
	for i, dt := range o.few {
		l.few[i] += dt
	}
	for i, dt := range o.many {
		l.many[i] += dt
	}
}

func (l *Levels) total() float64 {
	l.leave()
	var sum Time
	for _, dt := range l.few {
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
	for n, dt := range l.few {
		area += float64(n) * float64(dt)
	}
	return area
}

// Mean returns the time average, NaN if no time has passed.
func (l *Levels) Mean() float64 { return l.Area() / l.total() }

// SD returns the standard deviation over time.
func (l *Levels) SD() float64 {
	square := l.square
	for n, dt := range l.few {
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
	for n, dt := range l.few {
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
