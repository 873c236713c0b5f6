package sim

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestHistogramBuckets: every time lies in its bucket, buckets follow one another without a gap, and none is wider than 2^(1-bits) of
// the times it holds, but for those of one tick.
func TestHistogramBuckets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := NewHistogram(rapid.SampledFrom([]uint{Coarse, Fine}).Draw(t, "precision"))
		at := Time(rapid.Int64Range(0, 1<<53).Draw(t, "time") >> rapid.IntRange(0, 53).Draw(t, "shift"))
		i := h.index(at)
		from, to := h.bounds(i)
		if float64(at) < from || float64(at) >= to {
			t.Fatalf("%d is in the bucket [%g, %g)", at, from, to)
		}
		if next, _ := h.bounds(i + 1); next != to {
			t.Fatalf("the bucket [%g, %g) is followed by one from %g", from, to, next)
		}
		if widest := max(math.Ldexp(from, 1-int(h.bits)), 1); to-from > widest {
			t.Fatalf("the bucket [%g, %g) is wider than %g", from, to, widest)
		}
	})
}

// TestHistogramCounts: a histogram is emptied, filled again and merged as if only the last times had ever been recorded, and its
// quantiles are those of the sorted times to within a bucket.
func TestHistogramCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		times := rapid.SliceOfN(rapid.Map(rapid.Int64Range(0, 1<<50), func(v int64) Time { return Time(v >> (v % 50)) }), 1, 50)
		h, other := NewHistogram(Coarse), NewHistogram(Coarse)
		for _, at := range times.Draw(t, "before") {
			h.Record(at)
		}
		h.Reset()
		all := append(times.Draw(t, "here"), times.Draw(t, "there")...)
		for i, at := range all {
			[]*Histogram{h, other}[i%2].Record(at)
		}
		h.Merge(other)
		slices.Sort(all)
		sum, counted := 0.0, uint64(0)
		for _, at := range all {
			sum += float64(at)
		}
		h.Since(nil, func(_ Time, n uint64) { counted += n })
		if n := uint64(len(all)); uint64(h.Count()) != n || counted != n || h.Mean() != sum/float64(n) {
			t.Fatalf("%d times, %d in the buckets, mean %g; want %d and %g", h.Count(), counted, h.Mean(), n, sum/float64(n))
		}
		for i, at := range all {
			got := h.Quantile((float64(i) + 0.5) / float64(len(all)))
			if from, to := h.bounds(h.index(at)); got < from || got > to {
				t.Fatalf("quantile %d of %v is %g, not in [%g, %g)", i, all, got, from, to)
			}
		}
	})
}

// TestLevels: mean, standard deviation and quantiles over time are those of the course of the number itself.
func TestLevels(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var l Levels
		now, n := Time(0), int32(0)
		l.Add(now, 5) // of the time before the statistics
		now, n = 10, 5
		l.Reset(now)
		var area, square, total float64
		held := map[int64]float64{}
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			d := Time(rapid.IntRange(0, 1000).Draw(t, "for"))
			area += float64(n) * float64(d)
			square += float64(n) * float64(n) * float64(d)
			total += float64(d)
			held[int64(n)] += float64(d)
			now += d
			to := int32(rapid.SampledFrom([]int{0, 3, 255, 256, 257, 258, 259, 100_000, 100_001, 101_000}).Draw(t, "number"))
			l.Add(now, to-n)
			n = to
		}
		if total == 0 {
			return
		}
		mean := area / total
		if got := l.Mean(); math.Abs(got-mean) > 1e-9*mean {
			t.Fatalf("mean %g, want %g", got, mean)
		}
		if got, want := l.SD(), math.Sqrt(max(square/total-mean*mean, 0)); math.Abs(got-want) > 1e-4*mean {
			t.Fatalf("standard deviation %g, want %g", got, want)
		}
		for _, q := range []float64{0.1, 0.5, 0.99} {
			below := 0.0
			for v := l.Quantile(q); ; v-- {
				if below += held[v]; v == 0 {
					break
				}
			}
			if below < q*total*(1-1e-9) {
				t.Fatalf("quantile %g is %d, and only %g of %g lie up to it", q, l.Quantile(q), below, total)
			}
		}
	})
}

// TestFoldedLevelsGoOn: what is counted after a copy or a sum was taken adds to it, for numbers below 256 and above.
func TestFoldedLevelsGoOn(t *testing.T) {
	var l, other Levels
	l.Add(0, 300)
	other.Add(0, 5)
	other.Add(10, 0)
	l.Merge(&other)
	c := l.Clone(100)
	c.Add(150, -299)
	c.Add(160, 0)
	if got, want := c.Area(), 300.*150+10+5*10; got != want {
		t.Errorf("an integral of %g, want %g", got, want)
	}
	if c.Max() != 300 || c.Quantile(.01) != 1 {
		t.Errorf("largest %d, least %d, want 300 and 1", c.Max(), c.Quantile(.01))
	}
}
