package sim

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// probabilities reads off a table what it will draw.
func (a *Alias) probabilities() []float64 {
	p := make([]float64, a.Len())
	for i, column := range a.columns {
		own := float64(column.cut) * 0x1p-64
		p[i] += own / float64(a.Len())
		p[column.other] += (1 - own) / float64(a.Len())
	}
	return p
}

// TestAliasIsExact: the table's probabilities are the weights, whatever they are.
func TestAliasIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weights := rapid.SliceOfN(rapid.OneOf(
			rapid.Float64Range(0, 1), rapid.Float64Range(0, 1e12), rapid.Just(0.0), rapid.Just(1.0),
		), 1, 200).Draw(t, "weights")
		total := 0.0
		for _, w := range weights {
			total += w
		}
		a, err := NewAlias(weights)
		if total == 0 {
			if err == nil {
				t.Fatal("weights that are all zero are accepted")
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range a.probabilities() {
			want := weights[i] / total
			if math.Abs(p-want) > 1e-13 || want == 0 && p != 0 {
				t.Fatalf("index %d has probability %g, want %g", i, p, want)
			}
		}
	})
}

func TestAliasDraws(t *testing.T) {
	const n, draws = 1000, 1_000_000
	weights, expected, total := make([]float64, n), make([]float64, n), 0.0
	for i := range weights {
		weights[i] = 1 / float64(i+1) // Zipf
		total += weights[i]
	}
	a, err := NewAlias(weights)
	if err != nil {
		t.Fatal(err)
	}
	for i, w := range weights {
		expected[i] = draws * w / total
	}
	r, counts := NewRand(Mix(4, 0)), make([]int, n)
	for range draws {
		counts[a.Draw(&r)]++
	}
	wantCounts(t, "alias", counts, expected)
}

func TestAliasRefuses(t *testing.T) {
	for name, weights := range map[string][]float64{
		"none": nil, "zero": {0, 0}, "negative": {1, -1}, "NaN": {math.NaN()},
		"infinite": {math.Inf(1)}, "infinite sum": {math.MaxFloat64, math.MaxFloat64},
	} {
		if _, err := NewAlias(weights); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
