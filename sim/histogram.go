package sim

import "math"

// Histogram counts times (nanoseconds) in log-linear buckets: 2^(bits-1) for each power of two, so that a bucket is at most 2^(1-bits)
// of its value wide, and times below 2^bits are told apart exactly. A bucket is named by the first bits of the time as a floating-point
// number, its exponent and the head of its fraction. Quantiles interpolate within a bucket.
//
// It is as long as its largest time needs: most are short, and those of a thousand nodes must fit into the caches. So must their heads, which
// fill one line of them each.
type Histogram struct {
	counts []uint64
	n      uint64
	sum    float64
	lo     Time   // the least time so far, Never if there is none
	span   uint64 // from there to the largest: whether a time is between them is one question then
	bits   uint32
	zero   uint32 // what names the bucket of the time 0, just below that of 1
}

// Precisions of a histogram, in bits.
const (
	Coarse = 7  // buckets 1.6% wide, up to 32 KB: one for each thing that is counted at a node
	Fine   = 11 // buckets 0.1% wide, up to 512 KB: end to end
)

// fraction is how many bits of a floating-point number are its fraction, and bias the exponent of 1.
const (
	fraction = 52
	bias     = 1023
)

// NewHistogram returns an empty histogram of that precision.
func NewHistogram(precision uint) *Histogram {
	h := newHistogram(precision)
	return &h
}

func newHistogram(precision uint) Histogram {
	return Histogram{bits: uint32(precision), zero: bias<<(precision-1) - 1, lo: Never}
}

// Reset empties the histogram.
func (h *Histogram) Reset() {
	if h.n > 0 {
		_, counts := h.used()
		clear(counts)
	}
	h.n, h.sum, h.lo, h.span = 0, 0, Never, 0
}

// hi returns the largest time. There must be one.
func (h *Histogram) hi() Time { return h.lo + Time(h.span) }

// shift is of the bits of a floating-point number, down to those that name the bucket.
func (h *Histogram) shift() uint { return uint(fraction + 1 - h.bits) }

// index returns the bucket of a time. That of 0 has no exponent to be named by.
func (h *Histogram) index(t Time) uint {
	return max(uint(math.Float64bits(float64(t))>>h.shift()), uint(h.zero)) - uint(h.zero)
}

// coarsely and finely are index in histograms of these precisions, where all is known but the time.
func coarsely(t float64) uint {
	const zero = bias<<(Coarse-1) - 1
	return max(uint(math.Float64bits(t)>>(fraction+1-Coarse)), zero) - zero
}

func finely(t float64) uint {
	const zero = bias<<(Fine-1) - 1
	return max(uint(math.Float64bits(t)>>(fraction+1-Fine)), zero) - zero
}

// bounds returns the times that bucket i holds: [from, to).
func (h *Histogram) bounds(i uint) (from, to float64) {
	if i == 0 {
		return 0, 1
	}
	k := uint64(i + uint(h.zero))
	return math.Float64frombits(k << h.shift()), math.Float64frombits((k + 1) << h.shift())
}

// Record counts one time; it must not be negative.
func (h *Histogram) Record(t Time) { h.RecordN(t, 1) }

// recordCoarse is Record for a histogram of that precision.
func (h *Histogram) recordCoarse(t Time) {
	if !h.reaches(t) {
		h.extend(t, t)
	}
	v := float64(t)
	h.counts[coarsely(v)]++
	h.n++
	h.sum += v
}

// recordFine likewise.
func (h *Histogram) recordFine(t Time) {
	if !h.reaches(t) {
		h.extend(t, t)
	}
	v := float64(t)
	h.counts[finely(v)]++
	h.n++
	h.sum += v
}

// reaches tells whether a time is neither less nor more than all so far.
func (h *Histogram) reaches(t Time) bool { return uint64(t-h.lo) <= h.span }

// extend takes notice of times further out than all so far.
//
//go:noinline
func (h *Histogram) extend(lo, hi Time) {
	if h.lo != Never {
		lo, hi = min(h.lo, lo), max(h.hi(), hi)
	}
	h.lo, h.span = lo, uint64(hi-lo)
	if i := h.index(hi); i >= uint(len(h.counts)) {
		h.reach(i)
	}
}

// reach makes room for bucket i and for times some powers of two longer, so that the largest time so far may grow.
func (h *Histogram) reach(i uint) {
	octave := uint(1) << (h.bits - 1)
	longer := make([]uint64, (i/octave+5)*octave)
	copy(longer, h.counts)
	h.counts = longer
}

// Count returns how many times were recorded.
func (h *Histogram) Count() int64 { return int64(h.n) }

// Mean returns the exact mean in nanoseconds, NaN if nothing was recorded.
func (h *Histogram) Mean() float64 {
	if h.n == 0 {
		return math.NaN()
	}
	return h.sum / float64(h.n)
}

// Min and Max return the exact extremes in nanoseconds, NaN if nothing was recorded.
func (h *Histogram) Min() float64 {
	if h.n == 0 {
		return math.NaN()
	}
	return float64(h.lo)
}

// Max returns the largest recorded time in nanoseconds, NaN if nothing was recorded.
func (h *Histogram) Max() float64 {
	if h.n == 0 {
		return math.NaN()
	}
	return float64(h.hi())
}

// Quantile returns the time in nanoseconds that a share q of the recorded times does not exceed, NaN if nothing was recorded.
// Its error is below the width of a bucket.
func (h *Histogram) Quantile(q float64) float64 {
	if h.n == 0 {
		return math.NaN()
	}
	want := q * float64(h.n)
	var below uint64
	least, counts := h.used()
	for k, c := range counts {
		if float64(below+c) < want || c == 0 {
			below += c
			continue
		}
		from, to := h.bounds(least + uint(k))
		if to <= from+1 { // a bucket of one tick holds one value
			return from
		}
		v := from + (to-from)*(want-float64(below))/float64(c)
		return min(max(v, float64(h.lo)), float64(h.hi()))
	}
	return float64(h.hi())
}

// used returns the buckets from the least to the largest time, and the number of the first. There must be a time.
func (h *Histogram) used() (least uint, counts []uint64) {
	least = h.index(h.lo)
	return least, h.counts[least : h.index(h.hi())+1]
}

// Merge adds the counts of o, which must have the same precision.
func (h *Histogram) Merge(o *Histogram) {
	if o.n == 0 {
		return
	}
	h.extend(o.lo, o.hi())
	least, counts := o.used()
	for k, c := range counts {
		h.counts[least+uint(k)] += c
	}
	h.n += o.n
	h.sum += o.sum
}

// coarse returns the same times in a coarse histogram, each of whose buckets is some of a fine one.
func (h *Histogram) coarse() *Histogram {
	c := NewHistogram(Coarse)
	if h.n == 0 {
		return c
	}
	c.extend(h.lo, h.hi())
	least, counts := h.used()
	for k, n := range counts {
		from, _ := h.bounds(least + uint(k))
		c.counts[c.index(Time(from))] += n
	}
	c.n, c.sum = h.n, h.sum
	return c
}

// CountAbove returns how many recorded times lie in buckets beyond the one that holds t.
func (h *Histogram) CountAbove(t Time) int64 {
	if h.n == 0 {
		return 0
	}
	var n uint64
	for i := h.index(t) + 1; i <= h.index(h.hi()); i++ {
		n += h.counts[i]
	}
	return int64(n)
}

// Since calls record with each bucket's middle and what it gained since the counts in before, and brings before up to date: the
// way to a histogram over time that costs nothing while requests pass. before starts as nil, and grows with the histogram.
func (h *Histogram) Since(before []uint64, record func(t Time, n uint64)) []uint64 {
	before = append(before, make([]uint64, len(h.counts)-len(before))...)
	if h.n == 0 {
		return before
	}
	least, counts := h.used()
	was := before[least:][:len(counts)]
	for len(counts) > 0 {
		n := min(len(counts), stretch)
		if n < stretch || [stretch]uint64(counts) != [stretch]uint64(was) { // else nothing came to any of them
			for k, c := range counts[:n] {
				if c != was[k] {
					from, to := h.bounds(least + uint(k))
					record(Time((from+to)/2), c-was[k])
					was[k] = c
				}
			}
		}
		least, counts, was = least+uint(n), counts[n:], was[n:]
	}
	return before
}

// stretch is how many buckets are compared at once.
const stretch = 16

// RecordN counts the time t n times.
func (h *Histogram) RecordN(t Time, n uint64) {
	if n == 0 {
		return
	}
	if !h.reaches(t) {
		h.extend(t, t)
	}
	h.counts[h.index(t)] += n
	h.n += n
	h.sum += float64(t) * float64(n)
}

// Clone returns a copy.
func (h *Histogram) Clone() *Histogram {
	c := *h
	c.counts = append([]uint64(nil), h.counts...)
	return &c
}
