package sim

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// exponents of Zipf's law at, below and above the one where its sum changes its nature.
var exponents = []float64{0, 0.5, 0.8, 0.99, 1, 1.4, 3}

// mustKeys unwraps a constructor's result.
func mustKeys(k *Keys, err error) *Keys {
	if err != nil {
		panic(err)
	}
	return k
}

// TestZipfSharesAreTheSums: the closed form of the tail against adding up every key, the smallest first.
func TestZipfSharesAreTheSums(t *testing.T) {
	const n = 300_000
	for _, s := range exponents {
		k, above := mustKeys(ZipfKeys(n, s)), make([]float64, n+1) // the weight of this key and all after it
		for i := n - 1; i >= 0; i-- {
			above[i] = above[i+1] + math.Pow(float64(i+1), -s)
		}
		for _, r := range [][2]uint64{
			{0, 1}, {0, 10}, {5, 2000}, {1023, 1025}, {1024, 1025}, {5000, 5001},
			{3000, 90_000}, {0, n}, {n - 1, n}, {7, 7},
		} {
			want := (above[r[0]] - above[r[1]]) / above[0]
			// The difference of two sums has their rounding errors.
			if got := k.Share(r[0], r[1]); math.Abs(got-want) > 1e-11*want+1e-13*above[r[0]]/above[0] {
				t.Errorf("zipf(%g): the keys %v get %.15g, want %.15g", s, r, got, want)
			}
		}
		for _, key := range []uint64{0, 1, 1023, 1024, 77_777, n - 1} {
			want := math.Pow(float64(key+1), -s) / above[0]
			if got := k.Probability(key); math.Abs(got-want) > 1e-12*want {
				t.Errorf("zipf(%g): key %d has probability %.15g, want %.15g", s, key, got, want)
			}
		}
	}
}

// TestZipfHotKeys: how much the most popular keys draw, by numbers of the literature's usual data sets.
func TestZipfHotKeys(t *testing.T) {
	for _, c := range []struct {
		n                   int
		s                   float64
		top1, top10, top1pc float64
	}{
		{1000, 0.99, 0.129384, 0.382472, 0.382472},
		{1_000_000, 0.99, 0.0649694, 0.192057, 0.664271},
		{1_000_000, 1, 0.0694795, 0.203503, 0.680038},
		{10_000, 1, 0.10217, 0.299253, 0.529995},
		{100, 1, 0.192776, 0.564634, 0.192776},
	} {
		k := mustKeys(ZipfKeys(c.n, c.s))
		for top, want := range map[uint64]float64{1: c.top1, 10: c.top10, uint64(c.n / 100): c.top1pc} {
			// The figures have six digits.
			if got := k.Share(0, top); math.Abs(got/want-1) > 5e-6 {
				t.Errorf("zipf(%g) of %d keys: the first %d get %.7g, want %g", c.s, c.n, top, got, want)
			}
		}
	}
}

// TestKeysFollowTheirPopularity draws keys and compares the counts with the exact probabilities: key by key where a key is drawn often
// enough, in growing runs beyond.
func TestKeysFollowTheirPopularity(t *testing.T) {
	popularities := map[string]*Keys{}
	for _, n := range []int{1, 2, 10, 1000, 5000, 10_000_000} {
		for _, s := range exponents {
			popularities[fmt.Sprintf("zipf(%g) of %d", s, n)] = mustKeys(ZipfKeys(n, s))
		}
		popularities[fmt.Sprintf("uniform of %d", n)] = mustKeys(UniformKeys(n))
		popularities[fmt.Sprintf("hot(1%% 90%%) of %d", n)] = mustKeys(HotKeys(n, 0.01, 0.9))
		popularities[fmt.Sprintf("hot(30%% 40%%) of %d", n)] = mustKeys(HotKeys(n, 0.3, 0.4))
	}
	for name, k := range popularities {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantPopularity(t, k)
		})
	}
}

func wantPopularity(t *testing.T, k *Keys) {
	const draws, least = 1_000_000, 20 // expected in a cell, at least
	var ends []uint64
	var expected []float64
	for first := uint64(0); first < k.Len(); {
		end := first + 1
		for end < k.Len() && draws*k.Share(first, end) < least {
			end += (end-first)/8 + 1
		}
		end = min(end, k.Len())
		if rest := draws * k.Share(end, k.Len()); rest < least {
			end = k.Len()
		}
		ends, expected = append(ends, end), append(expected, draws*k.Share(first, end))
		first = end
		if len(ends) == 6000 {
			ends, expected = append(ends, k.Len()), append(expected, draws*k.Share(first, k.Len()))
			break
		}
	}
	counts, r := make([]int, len(ends)), NewRand(Mix(7, k.Len()))
	for i := range uint64(draws) {
		key := k.Draw(&r, i)
		cell := 0
		for lo, hi := 0, len(ends)-1; ; { // the first cell that ends above the key
			if cell = (lo + hi) / 2; lo == hi {
				break
			}
			if key < ends[cell] {
				hi = cell
			} else {
				lo = cell + 1
			}
		}
		if key >= k.Len() {
			t.Fatalf("key %d of %d", key, k.Len())
		}
		counts[cell]++
	}
	if len(counts) > 1 {
		wantCounts(t, "keys", counts, expected)
	}
}

// TestRangesCoverEveryKeyOnce: in order, with the shares that Share gives, which add up to all.
func TestRangesCoverEveryKeyOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.OneOf(rapid.IntRange(1, 3000), rapid.IntRange(1, 20_000_000), rapid.Just(mostKeys)).Draw(t, "n")
		var k *Keys
		switch rapid.SampledFrom([]string{"zipf", "hot", "scan"}).Draw(t, "popularity") {
		case "zipf":
			k = mustKeys(ZipfKeys(n, rapid.Float64Range(0, 5).Draw(t, "s")))
		case "hot":
			k = mustKeys(HotKeys(n, rapid.Float64Range(1e-6, 1).Draw(t, "hot"), rapid.Float64Range(0, 1).Draw(t, "requests")))
		default:
			k = mustKeys(ScanKeys(n))
		}
		end, total, ranges := uint64(0), 0.0, 0
		for r := range k.Ranges() {
			if r.First != end || r.End <= r.First {
				t.Fatalf("%v follows on what ended at %d", r, end)
			}
			if want := k.Share(r.First, r.End); math.Abs(r.Share-want) > 1e-12 {
				t.Fatalf("%v has share %g, want %g", r, r.Share, want)
			}
			end, total, ranges = r.End, total+r.Share, ranges+1
		}
		if end != k.Len() || math.Abs(total-1) > 1e-10 || ranges > 5000 {
			t.Fatalf("%d ranges end at %d of %d and add up to %g", ranges, end, k.Len(), total)
		}
	})
}

// TestSteepZipfIsOneKey: exponents so large that every other key's weight is nothing.
func TestSteepZipfIsOneKey(t *testing.T) {
	for _, s := range []float64{2000, 1e9, math.MaxFloat64} {
		k, r := mustKeys(ZipfKeys(10_000_000, s)), NewRand(1)
		for i := range uint64(1000) {
			if key := k.Draw(&r, i); key != 0 {
				t.Fatalf("zipf(%g) draws key %d", s, key)
			}
		}
		if p := k.Probability(0); p != 1 || k.Share(1, 10_000_000) != 0 {
			t.Errorf("zipf(%g): key 0 has probability %g", s, p)
		}
	}
}

func TestScanGoesRound(t *testing.T) {
	k, r := mustKeys(ScanKeys(3)), NewRand(1)
	for i := range uint64(10) {
		if key := k.Draw(&r, i); key != i%3 {
			t.Errorf("arrival %d asks for key %d", i, key)
		}
	}
	if p := k.Probability(2); p != 1.0/3 {
		t.Errorf("a key's share is %g", p)
	}
}

func TestKeysRefuse(t *testing.T) {
	refused := func(what string) func(*Keys, error) {
		return func(k *Keys, err error) {
			if err == nil {
				t.Errorf("%s is accepted", what)
			}
		}
	}
	refused("no key")(UniformKeys(0))
	refused("no key to scan")(ScanKeys(-1))
	refused("a negative exponent")(ZipfKeys(10, -0.1))
	refused("an infinite exponent")(ZipfKeys(10, math.Inf(1)))
	refused("an exponent that is no number")(ZipfKeys(10, math.NaN()))
	refused("no hot key")(HotKeys(10, 0, 0.9))
	refused("more hot keys than all")(HotKeys(10, 1.1, 0.9))
	refused("more requests than all")(HotKeys(10, 0.1, 1.1))
	refused("a part that is no number")(HotKeys(10, math.NaN(), 0.9))
}

func BenchmarkKeys(b *testing.B) {
	for _, c := range []struct {
		name string
		keys *Keys
	}{
		{"uniform", mustKeys(UniformKeys(10_000_000))},
		{"hot", mustKeys(HotKeys(10_000_000, 0.01, 0.9))},
		{"zipf(0.5)", mustKeys(ZipfKeys(10_000_000, 0.5))},
		{"zipf(0.99)", mustKeys(ZipfKeys(10_000_000, 0.99))},
		{"zipf(1)", mustKeys(ZipfKeys(10_000_000, 1))},
		{"zipf(1.4)", mustKeys(ZipfKeys(10_000_000, 1.4))},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			r, sum := NewRand(1), uint64(0)
			for b.Loop() {
				sum += c.keys.Draw(&r, 0)
			}
			sink = float64(sum)
		})
	}
}

func BenchmarkBuildZipf(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		sink = mustKeys(ZipfKeys(10_000_000, 1)).Probability(0)
	}
}
