package sim

import (
	"cmp"
	"fmt"
	"math"
)

// erlangSumLimit is the number of phases up to which summing exponentials is
// cheaper than a gamma variate (measured).
const erlangSumLimit = 3

// Erlang returns the Erlang distribution: the sum of k >= 1 exponential phases of
// equal means, with a mean that is positive and finite. Its cv is 1/√k.
func Erlang(k int, mean float64) (Dist, error) {
	if k < 1 {
		return Dist{}, fmt.Errorf("k is %d; an Erlang distribution has at least 1 phase", k)
	}
	if err := checkPositive("mean", mean); err != nil {
		return Dist{}, err
	}
	switch n := float64(k); {
	case k == 1:
		return Exponential(mean)
	case k <= erlangSumLimit:
		return Dist{kind: kindErlang, scale: mean / n, p: n, mean: mean, scv: 1 / n}, nil
	default:
		return gammaOfShape(mean, n), nil
	}
}

// Gamma returns the gamma distribution with this mean, positive and finite, and
// coefficient of variation, 0 <= cv <= 1e6; its shape is 1/cv².
func Gamma(mean, cv float64) (Dist, error) {
	if err := cmp.Or(checkPositive("mean", mean), checkCV(cv)); err != nil {
		return Dist{}, err
	}
	switch shape := 1 / (cv * cv); {
	case cv < leastCV:
		return Constant(mean)
	case cv == 1:
		return Exponential(mean)
	default:
		return gammaOfShape(mean, shape), nil
	}
}

func gammaOfShape(mean, shape float64) Dist {
	d := Dist{kind: kindGamma, scale: mean / shape, mean: mean, scv: 1 / shape}
	if shape < 1 {
		d.kind, d.table = kindGammaBelow1, &distTable{boost: 1 / shape}
		shape++
	}
	d.p = shape - 1.0/3
	d.q = 1 / math.Sqrt(9*d.p)
	return d
}

// Hyperexponential returns the exponential with two phases and balanced means
// (each phase contributes half of the mean; Whitt, "Approximating a point process
// by a renewal process", Operations Research 1982) that has this mean, positive
// and finite, and coefficient of variation, 1 <= cv <= 1e6. At 1 it is exponential.
func Hyperexponential(mean, cv float64) (Dist, error) {
	if err := cmp.Or(checkPositive("mean", mean), checkCV(cv)); err != nil {
		return Dist{}, err
	}
	if cv < 1 {
		return Dist{}, fmt.Errorf("cv is %g; a hyperexponential distribution has at least 1, for less use erlang or gamma", cv)
	}
	if cv == 1 {
		return Exponential(mean)
	}
	scv := cv * cv
	// The share of the short phase is (1+s)/2; that of the long one, (1-s)/2, is
	// written so that no digits cancel.
	s := math.Sqrt((scv - 1) / (scv + 1))
	short, long := (1+s)/2, 1/((scv+1)*(1+s))
	return Dist{
		kind: kindHyperexponential, scale: mean / (2 * short), p: short, q: short / long,
		mean: mean, scv: scv,
	}, nil
}

// erlang returns the sum of k standard exponentials.
func (r *Rand) erlang(k int) float64 {
	sum := 0.0
	for range k {
		sum += r.Exp()
	}
	return sum
}

// gamma returns a gamma variate of shape d + 1/3 >= 1 and scale 1, given
// c = 1/√(9d) (Marsaglia & Tsang, "A simple method for generating gamma variables",
// ACM TOMS 2000): a cubed normal with an exact rejection.
func (r *Rand) gamma(d, c float64) float64 {
	for {
		x := r.Norm()
		y := c * x
		if y <= -1 {
			continue
		}
		// (1+y)³ less 1, kept apart so that no digits cancel below for large shapes.
		w := y * (3 + y*(3+y))
		u, square := r.Open(), x*x
		// The squeeze spares the logarithms nearly always.
		if u < 1-0.0331*square*square || math.Log(u) < square/2+d*(math.Log1p(w)-w) {
			return d * (1 + w)
		}
	}
}

// gammaBelow1 returns a gamma variate of shape a below 1, given boost = 1/a and d
// and c of shape a+1: that one's variate times U^(1/a) (same paper, section 6).
func (r *Rand) gammaBelow1(d, c, boost float64) float64 {
	return r.gamma(d, c) * math.Exp(-boost*r.Exp())
}
