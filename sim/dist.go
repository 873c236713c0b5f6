package sim

import (
	"cmp"
	"errors"
	"fmt"
	"math"
)

// distKind says which family a Dist belongs to.
type distKind uint8

const (
	kindConstant distKind = iota // zero, so that the zero Dist is the constant 0
	kindExponential
	kindUniform
	kindNormal     // truncated at 0, most of the hidden normal above it
	kindNormalTail // truncated at 0, most of the hidden normal below it
	kindLognormal
	kindErlang
	kindGamma
	kindGammaBelow1 // shape below 1
	kindHyperexponential
	kindPareto
	kindWeibull
	kindQuantiles
	kindSamples
	kindMixture
)

// Dist is a distribution of times, none below 0, in nanoseconds or in any other
// unit: it does not care. The zero value is the constant 0. The constructors'
// parameters are the distribution's own (its own mean, its own quantiles).
//
// A Dist never changes and may be shared; in hot paths it is passed by pointer.
type Dist struct {
	kind  distKind
	scale float64 // every variate is scale times one of the shape that p, q and table give
	p, q  float64
	table *distTable
	mean  float64 // of the whole, scale included
	scv   float64 // +Inf where the variance is infinite
}

// maxCV bounds the coefficient of variation: beyond it the rare large values that
// carry the mean would be rarer than a run can ever draw.
const maxCV = 1e6

// leastCV is where randomness ends: a smaller coefficient of variation, less than a
// nanosecond in a quarter of an hour, is taken for 0.
const leastCV = 1e-12

// Draw returns a variate. It depends on the state of r alone, takes as many
// numbers from r as it needs, and allocates nothing. It may be as large as any
// float64 where [Dist.Max] is +Inf: who converts it to an integer must bound it.
func (d *Dist) Draw(r *Rand) float64 {
	if d.kind == kindExponential { // by far the most frequent
		return d.scale * r.Exp()
	}
	return d.draw(r)
}

// Time draws for how long work of that many nanoseconds keeps a server of a speed, to the nearest tick of the clock. It is Draw, with what most
// services draw in it.
//
//go:noinline
func (d *Dist) Time(r *Rand, speed float64) Time {
	var work float64
	if d.kind == kindExponential {
		work = d.scale * r.Exp()
	} else {
		work = d.draw(r)
	}
	if speed != 1 { // dividing takes longer than looking
		work /= speed
	}
	return Nanoseconds(work)
}

func (d *Dist) draw(r *Rand) float64 {
	switch d.kind {
	case kindConstant:
		return d.scale
	case kindUniform:
		return d.scale * (d.p + d.q*r.Float64())
	case kindNormal:
		return d.scale * r.truncatedNormal(d.p, d.q)
	case kindNormalTail:
		return d.scale * r.truncatedNormalTail(d.p)
	case kindLognormal:
		return d.scale * math.Exp(d.p*r.Norm())
	case kindErlang:
		return d.scale * r.erlang(int(d.p))
	case kindGamma:
		return d.scale * r.gamma(d.p, d.q)
	case kindGammaBelow1:
		return d.scale * r.gammaBelow1(d.p, d.q, d.table.boost)
	case kindHyperexponential:
		if r.Float64() < d.p {
			return d.scale * r.Exp()
		}
		return d.scale * d.q * r.Exp()
	case kindPareto:
		return d.scale * math.Exp(d.p*r.Exp())
	case kindWeibull:
		return d.scale * math.Exp(d.p*math.Log(r.Exp()))
	case kindQuantiles:
		return d.scale * d.table.quantile(r.Float64())
	case kindSamples:
		return d.scale * d.table.values[r.Intn(len(d.table.values))]
	case kindMixture:
		return d.scale * d.table.parts[d.table.choice.Draw(r)].Draw(r)
	}
	return d.scale
}

// Mean returns the mean; it is finite.
func (d *Dist) Mean() float64 { return d.mean }

// Variance returns the variance, which may be +Inf.
func (d *Dist) Variance() float64 { return d.scv * d.mean * d.mean }

// SCV returns the squared coefficient of variation: variance over squared mean, 1
// for the exponential, 0 for a constant (0 included), possibly +Inf.
func (d *Dist) SCV() float64 { return d.scv }

// Constant reports whether every variate is the same.
func (d *Dist) Constant() bool { return d.kind == kindConstant }

// Max returns the upper end: no variate is greater. It is +Inf if there is none.
func (d *Dist) Max() float64 {
	switch d.kind {
	case kindConstant:
		return d.scale
	case kindUniform, kindQuantiles, kindSamples, kindMixture:
		return d.scale * d.table.max
	}
	return math.Inf(1)
}

// Scaled returns the distribution of f times the variate: the same shape and the
// same draws, stretched. It panics unless f is finite and at least 0.
func (d *Dist) Scaled(f float64) Dist {
	if !(f >= 0) || math.IsInf(f, 0) {
		panic(fmt.Sprintf("sim: a distribution cannot be scaled by %g", f))
	}
	if f == 0 {
		return Dist{}
	}
	s := *d
	s.scale *= f
	s.mean *= f
	return s
}

// Constant returns the distribution of the one value v: finite, at least 0.
func Constant(v float64) (Dist, error) {
	if err := checkTime("the value", v); err != nil {
		return Dist{}, err
	}
	return Dist{scale: v, mean: v}, nil
}

// Exponential returns the exponential distribution with a mean that is positive
// and finite.
func Exponential(mean float64) (Dist, error) {
	if err := checkPositive("mean", mean); err != nil {
		return Dist{}, err
	}
	return Dist{kind: kindExponential, scale: mean, mean: mean, scv: 1}, nil
}

// Uniform returns the uniform distribution from lo to hi: 0 <= lo <= hi < +Inf.
func Uniform(lo, hi float64) (Dist, error) {
	if err := cmp.Or(checkTime("the lower end", lo), checkTime("the upper end", hi)); err != nil {
		return Dist{}, err
	}
	if lo > hi {
		return Dist{}, errors.New("the lower end is above the upper end")
	}
	if lo == hi {
		return Constant(lo)
	}
	mean := lo + (hi-lo)/2
	cv := (hi - lo) / mean / math.Sqrt(12)
	return Dist{
		kind: kindUniform, scale: 1, p: lo, q: widthBelow(lo, hi),
		table: &distTable{max: hi}, mean: mean, scv: cv * cv,
	}, nil
}

// widthBelow returns hi - lo, made smaller by a rounding step if lo + width*u
// could otherwise come out above hi for some u <= 1.
func widthBelow(lo, hi float64) float64 {
	width := hi - lo
	if lo+width > hi {
		width = math.Nextafter(width, 0)
	}
	return width
}

// Lognormal returns the lognormal distribution with this mean, positive and
// finite, and coefficient of variation, 0 <= cv <= 1e6. The logarithm has the
// variance ln(1+cv²), the median is mean/√(1+cv²) (Law, Simulation Modeling and
// Analysis, section 6.2.2).
func Lognormal(mean, cv float64) (Dist, error) {
	if err := cmp.Or(checkPositive("mean", mean), checkCV(cv)); err != nil {
		return Dist{}, err
	}
	if cv < leastCV {
		return Constant(mean)
	}
	return Dist{
		kind: kindLognormal, scale: mean / math.Hypot(1, cv), p: math.Sqrt(math.Log1p(cv * cv)),
		mean: mean, scv: cv * cv,
	}, nil
}

// LognormalQuantiles returns the lognormal distribution with this median and 99th
// percentile: 0 < p50 <= p99, both finite.
func LognormalQuantiles(p50, p99 float64) (Dist, error) {
	if err := cmp.Or(checkPositive("p50", p50), checkPositive("p99", p99)); err != nil {
		return Dist{}, err
	}
	if p99 < p50 {
		return Dist{}, errors.New("p99 is below p50")
	}
	if p99 == p50 {
		return Constant(p50)
	}
	const z99 = 2.32634787404084110 // 99th percentile of the standard normal
	sigma := math.Log(p99/p50) / z99
	mean, scv := p50*math.Exp(sigma*sigma/2), math.Expm1(sigma*sigma)
	if math.IsInf(mean*mean*scv, 0) {
		return Dist{}, errors.New("p99 is too far above p50: the mean of such a lognormal is beyond all bounds")
	}
	return Dist{kind: kindLognormal, scale: p50, p: sigma, mean: mean, scv: scv}, nil
}

// Pareto returns the Pareto distribution on [min, +Inf) with the tail
// (min/x)^shape: min positive and finite, shape above 1 and finite. At a shape of 1
// or less its mean is infinite, and a queue that it feeds has no steady state; at 2
// or less its variance is.
func Pareto(min, shape float64) (Dist, error) {
	if err := cmp.Or(checkPositive("min", min), checkPositive("shape", shape)); err != nil {
		return Dist{}, err
	}
	if shape <= 1 {
		return Dist{}, fmt.Errorf("a Pareto distribution with shape %g has an infinite mean, so that no queue under it has a steady state; shape must be above 1", shape)
	}
	scv := math.Inf(1)
	if shape > 2 {
		scv = 1 / (shape * (shape - 2))
	}
	// If E is exponential, exp(E/shape) exceeds x with probability x^-shape.
	return Dist{kind: kindPareto, scale: min, p: 1 / shape, mean: min * (shape / (shape - 1)), scv: scv}, nil
}

// Weibull returns the Weibull distribution with this mean, positive and finite, and
// shape, 0.01 <= shape <= 1000: below 1 its tail is heavier than the exponential's,
// above 1 lighter. The mean is scale·Γ(1+1/shape) (Law, section 6.2.2).
func Weibull(mean, shape float64) (Dist, error) {
	if err := checkPositive("mean", mean); err != nil {
		return Dist{}, err
	}
	if !(shape >= 0.01 && shape <= 1000) {
		return Dist{}, fmt.Errorf("shape is %g; a Weibull distribution needs one between 0.01 and 1000", shape)
	}
	if shape == 1 {
		return Exponential(mean)
	}
	first, _ := math.Lgamma(1 + 1/shape)
	second, _ := math.Lgamma(1 + 2/shape)
	return Dist{
		kind: kindWeibull, scale: mean * math.Exp(-first), p: 1 / shape,
		mean: mean, scv: math.Expm1(second - 2*first),
	}, nil
}

// checkTime refuses what cannot be a time.
func checkTime(what string, v float64) error {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return fmt.Errorf("%s is not a finite number", what)
	}
	if v < 0 {
		return fmt.Errorf("%s is negative", what)
	}
	return nil
}

// checkPositive refuses what cannot be a mean, a scale or a shape.
func checkPositive(what string, v float64) error {
	if err := checkTime(what, v); err != nil {
		return err
	}
	if v == 0 {
		return fmt.Errorf("%s is zero; it must be positive", what)
	}
	return nil
}

// checkCV refuses what cannot be a coefficient of variation.
func checkCV(cv float64) error {
	if err := checkTime("cv", cv); err != nil {
		return err
	}
	if cv > maxCV {
		return fmt.Errorf("cv is %g; the greatest supported is %g", cv, maxCV)
	}
	return nil
}
