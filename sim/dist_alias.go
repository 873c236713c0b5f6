package sim

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
)

// Alias draws an index with given weights in constant time and from one random
// word (Walker 1977; built as in Vose, "A linear algorithm for generating random
// numbers with a given distribution", IEEE TSE 1991).
type Alias struct{ columns []aliasColumn }

// aliasColumn is one of n equally likely columns: its own index below the cut,
// that of another above.
type aliasColumn struct {
	cut   uint64 // in 2^-64ths
	other uint32
}

// NewAlias returns the table of len(weights) indices with probabilities in
// proportion to the weights, which are finite, at least 0, and not all 0.
func NewAlias(weights []float64) (*Alias, error) {
	total := 0.0
	for i, w := range weights {
		if math.IsNaN(w) || math.IsInf(w, 0) || w < 0 {
			return nil, fmt.Errorf("weight %d is %g; weights are finite and not negative", i, w)
		}
		total += w
	}
	switch {
	case len(weights) == 0:
		return nil, errors.New("there are no weights")
	case uint64(len(weights)) > math.MaxUint32:
		return nil, errors.New("there are more weights than 2^32")
	case total == 0:
		return nil, errors.New("all weights are zero")
	case math.IsInf(total, 0):
		return nil, errors.New("the weights' sum is beyond all bounds")
	}
	return &Alias{columns: fillColumns(weights, total)}, nil
}

// fillColumns tops up every column that is less than full from one that is more
// than full, until all are full.
func fillColumns(weights []float64, total float64) []aliasColumn {
	n := len(weights)
	height := make([]float64, n) // 1 is a full column
	short, tall := make([]uint32, 0, n), make([]uint32, 0, n)
	heaviest := 0
	for i, w := range weights {
		height[i] = w / total * float64(n)
		if height[i] < 1 {
			short = append(short, uint32(i))
		} else {
			tall = append(tall, uint32(i))
		}
		if w > weights[heaviest] {
			heaviest = i
		}
	}
	columns := make([]aliasColumn, n)
	for len(short) > 0 && len(tall) > 0 {
		s, t := short[len(short)-1], tall[len(tall)-1]
		short = short[:len(short)-1]
		columns[s] = aliasColumn{cut: uint64(height[s] * 0x1p64), other: t}
		// As Vose writes it: the sum first, for the lesser rounding error.
		height[t] = (height[t] + height[s]) - 1
		if height[t] < 1 {
			tall = tall[:len(tall)-1]
			short = append(short, t)
		}
	}
	// What is left is full but for rounding, and becomes its own alias; an index of
	// no weight must not profit from rounding.
	for _, i := range append(short, tall...) {
		other := i
		if weights[i] == 0 {
			other = uint32(heaviest)
		}
		columns[i] = aliasColumn{cut: 0, other: other}
	}
	return columns
}

// Len returns the number of indices.
func (a *Alias) Len() int { return len(a.columns) }

// Draw returns an index from 0 to Len()-1. It takes one number from r.
func (a *Alias) Draw(r *Rand) int {
	// The high word of the product is the column, the low one the place in it.
	i, place := bits.Mul64(r.Uint64(), uint64(len(a.columns)))
	if column := &a.columns[i]; place >= column.cut {
		return int(column.other)
	}
	return int(i)
}
