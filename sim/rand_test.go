package sim

import (
	"math"
	"math/bits"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// standardErrors is how far an estimate may lie from the truth, in its own standard
// errors, and rarest the probability that goes with it (two-sided). All seeds are
// fixed, so that a test that passes goes on passing.
const (
	standardErrors = 4.5
	rarest         = 6.8e-6
)

// wantUniform checks by chi-square that counts come from equally likely cells.
func wantUniform(t *testing.T, what string, counts []int) {
	t.Helper()
	total := 0
	for _, c := range counts {
		total += c
	}
	expected := make([]float64, len(counts))
	for i := range expected {
		expected[i] = float64(total) / float64(len(counts))
	}
	wantCounts(t, what, counts, expected)
}

// wantCounts checks by chi-square that counts agree with what is expected. Too
// close an agreement is as wrong as too poor a one.
func wantCounts(t *testing.T, what string, counts []int, expected []float64) {
	t.Helper()
	x := 0.0
	for i, c := range counts {
		away := float64(c) - expected[i]
		x += away * away / expected[i]
	}
	p := distuv.ChiSquared{K: float64(len(counts) - 1), Src: &Rand{}}.Survival(x)
	if p < rarest/2 || p > 1-rarest/2 {
		t.Errorf("%s: chi-square %.0f over %d cells, p = %.2g", what, x, len(counts), p)
	}
}

// wantKS checks by Kolmogorov and Smirnov's test that the sample, which is sorted
// here, comes from the distribution. Of large samples every 16th value is looked
// at, which can only make the distance smaller, and by at most 16/n.
func wantKS(t *testing.T, what string, sample []float64, cdf func(float64) float64) {
	t.Helper()
	slices.Sort(sample)
	n, step := float64(len(sample)), 1
	if len(sample) > 100_000 {
		step = 16
	}
	distance := 0.0
	for i := 0; i < len(sample); i += step {
		f := cdf(sample[i])
		distance = max(distance, f-float64(i)/n, float64(i+1)/n-f)
	}
	// The asymptotic distribution: P(√n·D > k) = 2·exp(-2k²) to the first term.
	limit := math.Sqrt(-math.Log(rarest/2) / 2)
	if k := distance * math.Sqrt(n); k > limit || math.IsNaN(k) {
		t.Errorf("%s: Kolmogorov-Smirnov √n·D = %.2f, limit %.2f", what, k, limit)
	}
}

// TestWyrandSequence holds the generator to the published algorithm (computed with
// arbitrary-precision integers).
func TestWyrandSequence(t *testing.T) {
	golden := map[uint64][]uint64{
		0:              {0x111cb3a78f59a58e, 0xceabd938ff4e856d, 0x61fb51318f47d2a4, 0x78bd03c491909760, 0x7c003d7fb14820de},
		1:              {0xcdef1695e1f8ed2c, 0x61d6d24b1c9aad40, 0x8cf880c22eebfadf, 0x05b3a992fedc4f8a, 0x1942e5b0cb4ae64},
		42:             {0xae4a7cbfdda9b434, 0xe9cc09d33d38d9d2, 0xcb5756512b93433a, 0xeb29b2a1320e1a71, 0x5a3bd6480ed396c0},
		math.MaxUint64: {0xba1dc814e82d5d44, 0x57accfe85fe29d15, 0x3afa6e616fb3aa6f, 0x6cfb4186089762e0, 0xd90193b110f43807},
	}
	for seed, sequence := range golden {
		r := NewRand(seed)
		for i, want := range sequence {
			if got := r.Uint64(); got != want {
				t.Errorf("seed %d, number %d: %#x, want %#x", seed, i, got, want)
			}
		}
		again := NewRand(r.State())
		if again.Uint64() != r.Uint64() {
			t.Errorf("seed %d: the state does not continue the stream", seed)
		}
	}
}

func TestMixValues(t *testing.T) {
	for _, c := range []struct{ a, b, want uint64 }{
		{0, 0, 0xfa303abc2b1d7630},
		{1, 0, 0x8fd90e7337ab042d},
		{0, 1, 0x8c4d7a3914ada0d},
		{1, 2, 0x52781e39de84ce33},
		{2, 1, 0x2fc22859fefe7530},
		{math.MaxUint64, math.MaxUint64, 0xe506a4902fff4bc4},
		{0x123456789abcdef0, 0xfedcba9876543210, 0xbb8b77510472e987},
	} {
		if got := Mix(c.a, c.b); got != c.want {
			t.Errorf("Mix(%#x, %#x) = %#x, want %#x", c.a, c.b, got, c.want)
		}
	}
}

// TestZeroWord looks at the one word whose logarithm would be infinite.
func TestZeroWord(t *testing.T) {
	before := uint64(0)
	before -= wyIncrement
	for name, draw := range map[string]func(*Rand) float64{"Float64": (*Rand).Float64, "Exp": (*Rand).Exp, "Norm": (*Rand).Norm} {
		if r := NewRand(before); draw(&r) != 0 {
			t.Errorf("%s of the word 0 is not 0", name)
		}
	}
	if r := NewRand(before); r.Open() != 0x1p-53 {
		t.Error("Open of the word 0 is not 2^-53")
	}
}

func TestUniformNumbers(t *testing.T) {
	const n = 1 << 20
	for name, draw := range map[string]func(*Rand) float64{"Float64": (*Rand).Float64, "Open": (*Rand).Open} {
		r := NewRand(Mix(1, 1))
		sample := make([]float64, n)
		for i := range sample {
			sample[i] = draw(&r)
			if sample[i] < 0 || sample[i] >= 1 {
				t.Fatalf("%s: %g is outside of [0, 1)", name, sample[i])
			}
		}
		wantUncorrelated(t, name, sample)
		wantKS(t, name, sample, func(x float64) float64 { return x })
	}
}

func TestIntn(t *testing.T) {
	r := NewRand(Mix(1, 2))
	for _, n := range []int{1, 2, 3, 7, 100, 1000} {
		counts := make([]int, n)
		for range 1000 * n {
			counts[r.Intn(n)]++
		}
		if n > 1 {
			wantUniform(t, "Intn", counts)
		}
	}
	// Without rejection, of three neighbours in this range two would get 3 words and
	// one 2.
	counts := make([]int, 3)
	for range 300_000 {
		counts[r.Intn(3<<61)%3]++
	}
	wantUniform(t, "Intn of a huge range", counts)
	for _, n := range []int{0, -1} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("Intn(%d) does not panic", n)
				}
			}()
			r.Intn(n)
		}()
	}
}

// wantUncorrelated checks the autocorrelations of numbers uniform on [0, 1).
func wantUncorrelated(t *testing.T, what string, sample []float64) {
	t.Helper()
	for _, lag := range []int{1, 2, 3, 4, 5, 7, 8, 16, 64, 256, 1000, 1024} {
		sum, n := 0.0, len(sample)-lag
		for i := range n {
			sum += (sample[i] - 0.5) * (sample[i+lag] - 0.5)
		}
		// The correlation of n independent pairs has the standard error 1/√n.
		if away := 12 * sum / float64(n) * math.Sqrt(float64(n)); math.Abs(away) > standardErrors {
			t.Errorf("%s: correlation at lag %d is %.1f standard errors from 0", what, lag, away)
		}
	}
}

// TestStreams checks the streams of consecutive requests, nodes and visits: their
// first words must be as good as one stream's consecutive words.
func TestStreams(t *testing.T) {
	const n = 1 << 20
	seeds := map[string]func(i uint64) uint64{
		"consecutive":        func(i uint64) uint64 { return Mix(1, i) },
		"consecutive, first": func(i uint64) uint64 { return Mix(i, 1) },
		"far apart":          func(i uint64) uint64 { return Mix(7, i<<40) },
		"request and node":   func(i uint64) uint64 { return Mix(Mix(1, i/16), i%16) },
		"node and request":   func(i uint64) uint64 { return Mix(Mix(3, i%1024), i/1024) },
		"visits":             func(i uint64) uint64 { return Mix(Mix(Mix(1, i/64), i/8%8), i%8) },
		"floats' bits":       func(i uint64) uint64 { return Mix(1, math.Float64bits(float64(i))) },
		"the generator's increment": func(i uint64) uint64 {
			return Mix(1, i*wyIncrement)
		},
	}
	for name, seed := range seeds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			words, seconds := make([]uint64, n), make([]uint64, n)
			for i := range words {
				r := NewRand(seed(uint64(i)))
				words[i], seconds[i] = r.Uint64(), r.Uint64()
			}
			wantRandom(t, "first words", words)
			wantRandom(t, "second words", seconds)
			for i := range words {
				words[i] = words[i]<<32 | seconds[i]>>32
			}
			wantRandom(t, "first and second words", words)
		})
	}
}

// wantRandom checks each byte of words, neighbours' pairs of high and of low bytes,
// the bits in which neighbours differ, and correlations.
func wantRandom(t *testing.T, what string, words []uint64) {
	t.Helper()
	floats := make([]float64, len(words))
	single := make([][]int, 8)
	for b := range single {
		single[b] = make([]int, 256)
	}
	high, low, within := make([]int, 1<<16), make([]int, 1<<16), make([]int, 1<<16)
	differ := make([]int, 64)
	for i, w := range words {
		next := words[(i+1)%len(words)]
		for b := range single {
			single[b][w>>(8*b)&255]++
		}
		high[w>>56<<8|next>>56]++
		low[w&255<<8|next&255]++
		within[w>>56<<8|w&255]++
		for bit := range differ {
			differ[bit] += int((w ^ next) >> bit & 1)
		}
		floats[i] = float64(w>>11) * 0x1p-53
	}
	for b := range single {
		wantUniform(t, what+": bytes", single[b])
	}
	wantUniform(t, what+": pairs of high bytes", high)
	wantUniform(t, what+": pairs of low bytes", low)
	wantUniform(t, what+": high and low byte", within)
	n := float64(len(words))
	for bit, c := range differ {
		if away := (float64(c) - n/2) / math.Sqrt(n/4); math.Abs(away) > standardErrors {
			t.Errorf("%s: neighbours differ in bit %d %.1f standard errors from half of the time", what, bit, away)
		}
	}
	wantUncorrelated(t, what, floats)
}

// TestMixAvalanche: one flipped bit of either argument flips half of the result.
func TestMixAvalanche(t *testing.T) {
	const n = 20_000
	r := NewRand(Mix(1, 3))
	for bit := range 128 {
		flipped := 0
		for range n {
			a, b := r.Uint64(), r.Uint64()
			before := Mix(a, b)
			if bit < 64 {
				a ^= 1 << bit
			} else {
				b ^= 1 << (bit - 64)
			}
			flipped += bits.OnesCount64(before ^ Mix(a, b))
		}
		if away := (float64(flipped) - 32*n) / math.Sqrt(16*n); math.Abs(away) > standardErrors {
			t.Errorf("bit %d: %.3f bits change, %.1f standard errors from 32", bit, float64(flipped)/n, away)
		}
	}
}

// TestZigguratCloses: the layers of equal area must end exactly at the top.
func TestZigguratCloses(t *testing.T) {
	for name, z := range map[string]*ziggurat{"exponential": expZiggurat, "normal": normZiggurat} {
		area := z.layers[1].scale * 0x1p53 * (z.height[2] - z.height[1])
		for i := 1; i < 256; i++ {
			layer := z.layers[i].scale * 0x1p53 * (z.height[i+1] - z.height[i])
			if math.Abs(layer/area-1) > 1e-10 {
				t.Errorf("%s: the area of layer %d is %.17g, that of layer 1 %.17g", name, i, layer, area)
			}
		}
		if z.height[256] != 1 || z.layers[255].cut != 0 {
			t.Errorf("%s: the top layer does not end at the top", name)
		}
	}
}

// TestZigguratShape compares 20 million variates with the density, in cells of
// equal probability that are finer than the layers.
func TestZigguratShape(t *testing.T) {
	const n, cells = 20_000_000, 1000
	norm := distuv.UnitNormal
	for name, c := range map[string]struct {
		draw func(*Rand) float64
		cdf  func(float64) float64
	}{
		"Exp":  {(*Rand).Exp, func(x float64) float64 { return -math.Expm1(-x) }},
		"Norm": {(*Rand).Norm, norm.CDF},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := NewRand(Mix(2, uint64(len(name))))
			counts := make([]int, cells)
			for range n {
				counts[min(int(c.cdf(c.draw(&r))*cells), cells-1)]++
			}
			wantUniform(t, name, counts)
		})
	}
}

// TestZigguratTails: beyond the last layer, as many and in the same shape as the
// distributions have them.
func TestZigguratTails(t *testing.T) {
	const n = 50_000_000
	norm := distuv.UnitNormal
	for name, c := range map[string]struct {
		draw     func(*Rand) float64
		from     float64
		survival func(float64) float64
	}{
		"Exp":   {(*Rand).Exp, expTail, func(x float64) float64 { return math.Exp(-x) }},
		"right": {(*Rand).Norm, normTail, norm.Survival},
		"left":  {func(r *Rand) float64 { return -r.Norm() }, normTail, norm.Survival},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := NewRand(Mix(3, uint64(len(name))))
			var tail []float64
			for range n {
				if x := c.draw(&r); x > c.from {
					tail = append(tail, x)
				}
			}
			p := c.survival(c.from)
			if away := (float64(len(tail)) - n*p) / math.Sqrt(n*p*(1-p)); math.Abs(away) > standardErrors {
				t.Errorf("%d of %d variates are beyond %g, %.1f standard errors from %.0f", len(tail), n, c.from, away, n*p)
			}
			wantKS(t, name, tail, func(x float64) float64 { return 1 - c.survival(x)/p })
		})
	}
}
