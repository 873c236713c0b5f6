package sim

import (
	"cmp"
	"errors"
	"math"
)

// Normal returns the normal distribution truncated at 0 that has, truncated, this
// mean, positive and finite, and standard deviation, 0 <= sd < mean. The hidden
// normal's own parameters are solved for. Truncated normals have a coefficient of
// variation below 1; as it approaches 1, they become exponential.
func Normal(mean, sd float64) (Dist, error) {
	if err := cmp.Or(checkPositive("mean", mean), checkTime("sd", sd)); err != nil {
		return Dist{}, err
	}
	if sd < leastCV*mean {
		return Constant(mean)
	}
	if sd >= mean {
		return Dist{}, errors.New("sd must be below the mean: a normal distribution truncated at 0 has a cv below 1; for more spread use gamma or lognormal")
	}
	cv := sd / mean
	alpha := truncationPoint(cv)
	excess, _ := truncatedMoments(alpha)
	sigma := mean / excess
	d := Dist{mean: mean, scv: cv * cv}
	if alpha <= robertThreshold {
		d.kind, d.scale, d.p, d.q = kindNormal, mean, -alpha*sigma/mean, sigma/mean
	} else {
		rate := (alpha + math.Hypot(alpha, 2)) / 2
		d.kind, d.scale, d.p = kindNormalTail, sigma/rate, rate
	}
	return d, nil
}

// robertThreshold is the truncation point up to which rejecting what falls below
// it is cheaper than exponential rejection (Robert 1995, section 2.2).
const robertThreshold = 0.45

// truncatedNormal returns a normal variate given that it is not negative, by
// rejection of those that are.
func (r *Rand) truncatedNormal(mu, sigma float64) float64 {
	for {
		if x := mu + sigma*r.Norm(); x >= 0 {
			return x
		}
	}
}

// truncatedNormalTail returns rate times the excess of a standard normal variate
// over alpha, given that it exceeds it, by rejection from the exponential with the
// optimal rate (alpha+√(alpha²+4))/2 (Robert, "Simulation of truncated normal
// variables", Statistics and Computing 1995). There x = alpha + e/rate is accepted
// with probability exp(-(x-rate)²/2), and alpha - rate is -1/rate.
func (r *Rand) truncatedNormalTail(rate float64) float64 {
	for {
		e := r.Exp()
		if z := (e - 1) / rate; 2*r.Exp() >= z*z {
			return e
		}
	}
}

// truncatedMoments returns, for a standard normal variate given that it exceeds
// alpha, the mean of its excess over alpha and the squared coefficient of variation
// of that excess. With the hazard h(alpha) = φ/(1-Φ) they are h-alpha and
// (1-h·(h-alpha))/(h-alpha)² (Johnson, Kotz & Balakrishnan, Continuous Univariate
// Distributions, volume 1, section 13.10.1).
func truncatedMoments(alpha float64) (excess, scv float64) {
	if alpha < 2 {
		h := math.Sqrt(2/math.Pi) * math.Exp(-alpha*alpha/2) / math.Erfc(alpha/math.Sqrt2)
		excess = h - alpha
		return excess, (1 - h*excess) / (excess * excess)
	}
	// Further out those differences cancel. Laplace's continued fraction
	// h = α + 1/(α + t), t = 2/(α + s), s = 3/(α + 4/(α + ...)) gives them without:
	// excess 1/(α+t) and, after some algebra, scv 1 - 2(s-t)/(α+s).
	s := 0.0
	for i := 200; i >= 3; i-- {
		s = float64(i) / (alpha + s)
	}
	t := 2 / (alpha + s)
	return 1 / (alpha + t), 1 - 2*(s-t)/(alpha+s)
}

// truncationPoint returns the alpha at which a standard normal variate's excess
// over it, given that there is one, has the coefficient of variation cv. That rises
// with alpha, from 0 to 1, so that bisection finds it.
func truncationPoint(cv float64) float64 {
	if cv < 0.025 {
		return -1 / cv // 40 standard deviations above 0: nothing is cut off
	}
	lo, hi := -41.0, 1e9
	for range 200 {
		mid := (lo + hi) / 2
		if mid == lo || mid == hi {
			break
		}
		if _, scv := truncatedMoments(mid); scv < cv*cv {
			lo = mid
		} else {
			hi = mid
		}
	}
	return (lo + hi) / 2
}
