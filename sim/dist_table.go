package sim

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// distTable is what a distribution needs beyond a few numbers. It is shared by all
// copies and never changes.
type distTable struct {
	max    float64   // upper end, before scaling
	boost  float64   // gamma below shape 1: 1/shape
	levels []float64 // quantiles: cumulative shares, from 0 to 1
	values []float64 // quantiles: the values at the levels; samples: the values
	widths []float64 // quantiles: the distance from a value to the next
	parts  []Dist    // mixture: what is mixed
	choice *Alias    // mixture: which part it is
}

// QuantilePoint is one quantile of a distribution: P percent of the variates are
// at most V. P is between 0 and 100.
type QuantilePoint struct{ P, V float64 }

// Quantiles returns the distribution that has these quantiles and is uniform
// between each and the next: its inverse distribution function is piecewise linear.
// The points may come in any order, must include P = 0 and P = 100, and must not
// repeat a P; values are finite, at least 0, and do not fall as P rises.
func Quantiles(points []QuantilePoint) (Dist, error) {
	points = slices.Clone(points)
	if err := checkQuantiles(points); err != nil {
		return Dist{}, err
	}
	n := len(points)
	if points[0].V == points[n-1].V {
		return Constant(points[0].V)
	}
	t := &distTable{max: points[n-1].V}
	mean := 0.0
	for i, pt := range points {
		t.levels = append(t.levels, pt.P/100)
		t.values = append(t.values, pt.V)
		if i > 0 {
			t.widths = append(t.widths, widthBelow(t.values[i-1], pt.V))
			mean += (t.levels[i] - t.levels[i-1]) * (t.values[i-1] + pt.V) / 2
		}
	}
	scv := 0.0
	for i, width := range t.widths {
		away, spread := (t.values[i]+width/2-mean)/mean, width/mean
		scv += (t.levels[i+1] - t.levels[i]) * (away*away + spread*spread/12)
	}
	return Dist{kind: kindQuantiles, scale: 1, table: t, mean: mean, scv: scv}, nil
}

// checkQuantiles sorts the points and says what is wrong with them.
func checkQuantiles(points []QuantilePoint) error {
	for _, pt := range points {
		if !(pt.P >= 0 && pt.P <= 100) {
			return fmt.Errorf("p%g is not a percentile; they go from p0 to p100", pt.P)
		}
		if err := checkTime(fmt.Sprintf("p%g", pt.P), pt.V); err != nil {
			return err
		}
	}
	slices.SortStableFunc(points, func(a, b QuantilePoint) int {
		switch {
		case a.P < b.P:
			return -1
		case a.P > b.P:
			return 1
		}
		return 0
	})
	if len(points) == 0 || points[0].P != 0 {
		return errors.New("p0, the smallest value, is missing")
	}
	if points[len(points)-1].P != 100 {
		return errors.New("p100, the greatest value, is missing")
	}
	for i := 1; i < len(points); i++ {
		before, pt := points[i-1], points[i]
		if pt.P == before.P {
			return fmt.Errorf("p%g is given twice", pt.P)
		}
		if pt.V < before.V {
			return fmt.Errorf("p%g is below p%g", pt.P, before.P)
		}
	}
	return nil
}

// quantile returns the value below which the share u of the variates lies.
func (t *distTable) quantile(u float64) float64 {
	// The last level that is at most u; the first is 0, the last, 1, is above u.
	lo, hi := 0, len(t.levels)-1
	for hi-lo > 1 {
		mid := int(uint(lo+hi) >> 1)
		if t.levels[mid] <= u {
			lo = mid
		} else {
			hi = mid
		}
	}
	from, to := t.levels[lo], t.levels[lo+1]
	return t.values[lo] + t.widths[lo]*((u-from)/(to-from))
}

// Samples returns the distribution of recorded values: each variate is one of them,
// each as likely as the others. There must be at least one, all finite and at least
// 0. The variance is that of the recording itself, divided by n.
func Samples(values []float64) (Dist, error) {
	if len(values) == 0 {
		return Dist{}, errors.New("there are no samples")
	}
	for i, v := range values {
		if err := checkTime(fmt.Sprintf("sample %d", i+1), v); err != nil {
			return Dist{}, err
		}
	}
	top, n := slices.Max(values), float64(len(values))
	if top == slices.Min(values) {
		return Constant(top)
	}
	mean := 0.0
	for _, v := range values {
		mean += v / n
	}
	scv := 0.0
	for _, v := range values {
		away := (v - mean) / mean
		scv += away * away / n
	}
	t := &distTable{max: top, values: slices.Clone(values)}
	return Dist{kind: kindSamples, scale: 1, table: t, mean: mean, scv: scv}, nil
}

// Part is one part of a mixture: a distribution and the share of the variates,
// between 0 and 1, that come from it.
type Part struct {
	Share float64
	Dist  Dist
}

// Mixture returns the distribution whose variates come from each part with that
// part's share. There must be at least one part, and the shares must add up to 1
// (to within 1e-9, which is then spread over all).
func Mixture(parts []Part) (Dist, error) {
	total := 0.0
	for i, part := range parts {
		if !(part.Share >= 0 && part.Share <= 1) {
			return Dist{}, fmt.Errorf("the share of part %d is %g; a share is between 0 and 1", i+1, part.Share)
		}
		total += part.Share
	}
	if len(parts) == 0 {
		return Dist{}, errors.New("a mixture needs at least one part")
	}
	if math.Abs(total-1) > 1e-9 {
		return Dist{}, fmt.Errorf("the shares add up to %.6g%%, not 100%%", 100*total)
	}
	t := new(distTable)
	var shares []float64
	mean := 0.0
	for _, part := range parts {
		if part.Share == 0 {
			continue // its mean must not count, its upper end neither
		}
		shares = append(shares, part.Share/total)
		t.parts = append(t.parts, part.Dist)
		t.max = math.Max(t.max, part.Dist.Max())
		mean += part.Share / total * part.Dist.mean
	}
	if len(t.parts) == 1 {
		return t.parts[0], nil
	}
	if mean == 0 {
		return Dist{}, nil
	}
	scv := 0.0
	for i := range t.parts {
		scv += shares[i] * relativeSquare(&t.parts[i], mean)
	}
	if scv < leastCV*leastCV { // the same constant again and again
		return Constant(mean)
	}
	choice, err := NewAlias(shares)
	if err != nil {
		return Dist{}, err
	}
	t.choice = choice
	return Dist{kind: kindMixture, scale: 1, table: t, mean: mean, scv: scv}, nil
}

// relativeSquare returns the mean square distance of d's variates from center,
// relative to its square.
func relativeSquare(d *Dist, center float64) float64 {
	relative, away := d.mean/center, (d.mean-center)/center
	return d.scv*relative*relative + away*away
}
