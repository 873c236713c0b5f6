package sim

import (
	"math"
	"math/bits"
)

// Levels is the time-weighted distribution of a number that changes in steps: how many are present. Numbers below 256 are kept
// apart, larger ones in buckets at most 0.8% wide; mean and standard deviation are exact.
type Levels struct {
	now    int32
	max    int32
	since  Time
	area   float64 // integral of the number, in call-nanoseconds
	square float64 // integral of its square
	time   []float64
}

const levelBits = 8

func levelIndex(n uint32) uint32 {
	e := uint32(bits.Len32(n|(1<<levelBits-1))) - levelBits
	return e<<(levelBits-1) + n>>e
}

func newLevels() Levels { return Levels{time: make([]float64, 256)} }

// add changes the number by d at time t.
func (l *Levels) add(t Time, d int32) {
	l.account(t)
	l.now += d
	if l.now > l.max {
		l.max = l.now
	}
}

func (l *Levels) account(t Time) {
	if t == l.since {
		return
	}
	dt := float64(t - l.since)
	l.since = t
	n := float64(l.now)
	l.area += n * dt
	l.square += n * n * dt
	i := levelIndex(uint32(l.now))
	if i >= uint32(len(l.time)) {
		l.time = append(l.time, make([]float64, i+1-uint32(len(l.time)))...)
	}
	l.time[i] += dt
}

// reset starts the statistics anew at time t; the number present stays.
func (l *Levels) reset(t Time) {
	clear(l.time)
	l.area, l.square, l.since, l.max = 0, 0, t, l.now
}

// Clone returns a copy that later changes do not touch, brought up to time t.
func (l *Levels) clone(t Time) Levels {
	l.account(t)
	c := *l
	c.time = append([]float64(nil), l.time...)
	return c
}

// Merge adds the time of o: the distribution over both runs.
func (l *Levels) Merge(o *Levels) {
	l.area += o.area
	l.square += o.square
	l.max = max(l.max, o.max)
	if len(o.time) > len(l.time) {
		l.time = append(l.time, make([]float64, len(o.time)-len(l.time))...)
	}
	for i, dt := range o.time {
		l.time[i] += dt
	}
}

func (l *Levels) total() float64 {
	sum := 0.0
	for _, dt := range l.time {
		sum += dt
	}
	return sum
}

// Mean returns the time average, NaN if no time has passed.
func (l *Levels) Mean() float64 { return l.area / l.total() }

// SD returns the standard deviation over time.
func (l *Levels) SD() float64 {
	m := l.Mean()
	return math.Sqrt(max(l.square/l.total()-m*m, 0))
}

// Max returns the largest number present.
func (l *Levels) Max() int64 { return int64(l.max) }

// Quantile returns the least number that is not exceeded during a share q of the time.
func (l *Levels) Quantile(q float64) int64 {
	want := q * l.total()
	below := 0.0
	for i, dt := range l.time {
		if below += dt; below >= want && dt > 0 {
			if i < 1<<levelBits {
				return int64(i)
			}
			e := i>>(levelBits-1) - 1
			upper := int64(i-e<<(levelBits-1)+1)<<e - 1
			return min(upper, int64(l.max))
		}
	}
	return int64(l.max)
}
