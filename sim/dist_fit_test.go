package sim

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// sampler is a distribution with the closed form it is held to.
type sampler struct {
	name           string
	dist           Dist
	cdf            func(x float64) float64
	mean, variance float64
	fourth         bool // the fourth moment is moderate: the sample variance means something
}

// closed is what gonum's distributions have in common.
type closed interface {
	CDF(x float64) float64
	Mean() float64
	Variance() float64
}

// must unwraps a constructor's result; the parameters of tests are right.
func must(d Dist, err error) Dist {
	if err != nil {
		panic(err)
	}
	return d
}

// samplers are distributions of every family, with parameters on every path of
// their generators.
func samplers(tb testing.TB) []sampler {
	tb.Helper()
	src := &Rand{} // gonum wants a source even for closed forms; nothing is drawn from it
	fit := func(name string, d Dist, c closed, fourth bool) sampler {
		return sampler{name, d, c.CDF, c.Mean(), c.Variance(), fourth}
	}
	erlang := func(k int, mean float64) sampler {
		return fit("erlang", must(Erlang(k, mean)), distuv.Gamma{Alpha: float64(k), Beta: float64(k) / mean, Src: src}, true)
	}
	gamma := func(mean, cv float64) sampler {
		shape := 1 / (cv * cv)
		return fit("gamma", must(Gamma(mean, cv)), distuv.Gamma{Alpha: shape, Beta: shape / mean, Src: src}, cv <= 2)
	}
	lognormal := func(mean, cv float64) sampler {
		sigma := math.Sqrt(math.Log(1 + cv*cv))
		return fit("lognormal", must(Lognormal(mean, cv)), distuv.LogNormal{Mu: math.Log(mean) - sigma*sigma/2, Sigma: sigma, Src: src}, cv < 1)
	}
	weibull := func(mean, shape float64) sampler {
		return fit("weibull", must(Weibull(mean, shape)), distuv.Weibull{K: shape, Lambda: mean / math.Gamma(1+1/shape), Src: src}, true)
	}
	pareto := func(least, shape float64) sampler {
		return fit("pareto", must(Pareto(least, shape)), distuv.Pareto{Xm: least, Alpha: shape, Src: src}, false)
	}
	uniform := func(lo, hi float64) sampler {
		return fit("uniform", must(Uniform(lo, hi)), distuv.Uniform{Min: lo, Max: hi, Src: src}, true)
	}
	return []sampler{
		{"constant", must(Constant(4)), nil, 4, 0, false},
		fit("exponential", must(Exponential(4e6)), distuv.Exponential{Rate: 1 / 4e6, Src: src}, true),
		uniform(1, 5), uniform(0, 1e9),
		truncated(4, 0.05), truncated(4, 1), truncated(4, 2), truncated(4, 2.9), truncated(4, 3.2), truncated(4, 3.9),
		lognormal(4e6, 0.1), lognormal(4, 1.5), lognormal(4, 10),
		quantiledLognormal(4, 40),
		erlang(2, 4), erlang(3, 4), erlang(4, 4), erlang(5, 4), erlang(100, 4),
		gamma(4, 1e-5), gamma(4, 0.1), gamma(4, 0.5), gamma(4, 0.95), gamma(4, 1.2), gamma(4, 2), gamma(4, 5),
		twoPhases(4, 1.1), twoPhases(4, 3), twoPhases(4, 10),
		pareto(1, 1.2), pareto(1, 2.2), pareto(1, 5),
		weibull(4, 0.5), weibull(4, 0.7), weibull(4, 2), weibull(4, 10),
		brokenLine(), mixed(),
	}
}

// truncated integrates the hidden normal density numerically: the parameters that
// the constructor solved for must give the mean and the sd asked for.
func truncated(mean, sd float64) sampler {
	d := must(Normal(mean, sd))
	mu, sigma := d.scale*d.p, d.scale*d.q
	if d.kind == kindNormalTail {
		sigma = d.scale * d.p
		mu = -(d.p - 1/d.p) * sigma
	}
	hidden := distuv.Normal{Mu: mu, Sigma: sigma, Src: &Rand{}}
	above := hidden.Survival(0)
	moment := func(f func(x float64) float64) float64 {
		sum, lo, width := 0.0, math.Max(0, mu-12*sigma), 24*sigma/100
		for i := range 100 {
			from := lo + float64(i)*width
			sum += quad.Fixed(func(x float64) float64 { return f(x) * hidden.Prob(x) / above }, from, from+width, 20, nil, 0)
		}
		return sum
	}
	m := moment(func(x float64) float64 { return x })
	return sampler{
		"normal", d,
		// By survival functions: further out the distribution function has no digits left.
		func(x float64) float64 { return 1 - hidden.Survival(x)/above },
		m, moment(func(x float64) float64 { return (x - m) * (x - m) }), true,
	}
}

func quantiledLognormal(p50, p99 float64) sampler {
	z := distuv.UnitNormal.Quantile(0.99)
	c := distuv.LogNormal{Mu: math.Log(p50), Sigma: math.Log(p99/p50) / z, Src: &Rand{}}
	return sampler{"lognormal of quantiles", must(LognormalQuantiles(p50, p99)), c.CDF, c.Mean(), c.Variance(), false}
}

// twoPhases is the textbook form of the hyperexponential with balanced means.
func twoPhases(mean, cv float64) sampler {
	p := (1 + math.Sqrt((cv*cv-1)/(cv*cv+1))) / 2
	a := distuv.Exponential{Rate: 2 * p / mean, Src: &Rand{}}
	b := distuv.Exponential{Rate: 2 * (1 - p) / mean, Src: &Rand{}}
	m := p*a.Mean() + (1-p)*b.Mean()
	square := p*2*a.Mean()*a.Mean() + (1-p)*2*b.Mean()*b.Mean()
	return sampler{
		"hyperexponential", must(Hyperexponential(mean, cv)),
		func(x float64) float64 { return p*a.CDF(x) + (1-p)*b.CDF(x) }, m, square - m*m, cv < 5,
	}
}

func brokenLine() sampler {
	points := []QuantilePoint{{100, 200}, {0, 1}, {50, 4}, {99, 40}}
	between := func(lo, hi float64) closed { return distuv.Uniform{Min: lo, Max: hi, Src: &Rand{}} }
	shares := []float64{0.5, 0.49, 0.01}
	return blend("quantiles", must(Quantiles(points)), shares, between(1, 4), between(4, 40), between(40, 200))
}

func mixed() sampler {
	inner := must(Mixture([]Part{{0.25, must(Uniform(1, 3))}, {0.75, must(Erlang(2, 5))}}))
	d := must(Mixture([]Part{{0.6, must(Exponential(2))}, {0.4, inner}}))
	src := &Rand{}
	return blend("mixture", d, []float64{0.6, 0.1, 0.3},
		distuv.Exponential{Rate: 0.5, Src: src}, distuv.Uniform{Min: 1, Max: 3, Src: src}, distuv.Gamma{Alpha: 2, Beta: 2.0 / 5, Src: src})
}

// blend is the closed form of a mixture.
func blend(name string, d Dist, shares []float64, parts ...closed) sampler {
	mean, square := 0.0, 0.0
	for i, part := range parts {
		mean += shares[i] * part.Mean()
		square += shares[i] * (part.Variance() + part.Mean()*part.Mean())
	}
	cdf := func(x float64) float64 {
		sum := 0.0
		for i, part := range parts {
			sum += shares[i] * part.CDF(x)
		}
		return sum
	}
	return sampler{name, d, cdf, mean, square - mean*mean, true}
}

// TestMomentsClosed compares the stated moments with the closed forms.
func TestMomentsClosed(t *testing.T) {
	for _, c := range samplers(t) {
		if got := c.dist.Mean(); math.Abs(got/c.mean-1) > 1e-9 {
			t.Errorf("%s: mean %.15g, want %.15g", c.name, got, c.mean)
		}
		got := c.dist.Variance()
		if math.IsInf(c.variance, 1) && math.IsInf(got, 1) {
			continue
		}
		// The closed forms subtract squares, which costs them digits.
		if math.Abs(got-c.variance) > 1e-9*(c.variance+c.mean*c.mean) {
			t.Errorf("%s: variance %.15g, want %.15g", c.name, got, c.variance)
		}
		if scv := c.dist.SCV(); math.Abs(scv*c.mean*c.mean-got) > 1e-9*got {
			t.Errorf("%s: scv %g does not belong to mean %g and variance %g", c.name, scv, c.mean, got)
		}
	}
}

// TestDrawsFit draws a million variates of each and compares moments, quantiles and
// the whole distribution function, each within its own error.
func TestDrawsFit(t *testing.T) {
	const n = 1_000_000
	for i, c := range samplers(t) {
		if c.cdf == nil {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r, sample := NewRand(Mix(5, uint64(i))), make([]float64, n)
			for j := range sample {
				sample[j] = c.dist.Draw(&r)
				if !(sample[j] >= 0 && sample[j] <= c.dist.Max()) {
					t.Fatalf("%g is outside of [0, %g]", sample[j], c.dist.Max())
				}
			}
			wantMoments(t, c, sample)
			wantQuantiles(t, c, sample)
			wantKS(t, c.name, sample, c.cdf)
		})
	}
}

func wantMoments(t *testing.T, c sampler, sample []float64) {
	t.Helper()
	n := float64(len(sample))
	mean := stat.Mean(sample, nil)
	if away := (mean - c.mean) / math.Sqrt(c.variance/n); math.Abs(away) > standardErrors {
		t.Errorf("mean %g is %.1f standard errors from %g", mean, away, c.mean)
	}
	if !c.fourth {
		return
	}
	second, fourth := stat.MomentAbout(2, sample, c.mean, nil), stat.MomentAbout(4, sample, c.mean, nil)
	if away := (second - c.variance) / math.Sqrt((fourth-second*second)/n); math.Abs(away) > standardErrors {
		t.Errorf("variance %g is %.1f standard errors from %g", second, away, c.variance)
	}
}

// wantQuantiles counts how many variates are at most the true quantile.
func wantQuantiles(t *testing.T, c sampler, sample []float64) {
	t.Helper()
	n := float64(len(sample))
	for _, p := range []float64{0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999} {
		lo, hi := 0.0, c.mean
		for c.cdf(hi) < p {
			hi *= 2
		}
		for mid := hi / 2; lo < mid && mid < hi; mid = (lo + hi) / 2 {
			if c.cdf(mid) < p {
				lo = mid
			} else {
				hi = mid
			}
		}
		below := 0.0
		for _, x := range sample {
			if x <= hi {
				below++
			}
		}
		if away := (below - n*p) / math.Sqrt(n*p*(1-p)); math.Abs(away) > standardErrors {
			t.Errorf("%g of %g variates are at most the quantile p%g = %g, %.1f standard errors off", below, n, 100*p, hi, away)
		}
	}
}

// TestSamplesDraw: each recorded value as often as the others.
func TestSamplesDraw(t *testing.T) {
	values := []float64{3, 1, 4, 1, 5, 9, 2, 6}
	d := must(Samples(values))
	counts, expected := make([]int, 10), make([]float64, 10)
	const n = 800_000
	for _, v := range values {
		expected[int(v)] += n / float64(len(values))
	}
	r := NewRand(Mix(6, 0))
	for range n {
		counts[int(d.Draw(&r))]++
	}
	if counts[0]+counts[7]+counts[8] > 0 {
		t.Fatal("a value that was not recorded is drawn")
	}
	var seen []int
	var want []float64
	for i, e := range expected {
		if e > 0 {
			seen, want = append(seen, counts[i]), append(want, e)
		}
	}
	wantCounts(t, "samples", seen, want)
	mean, variance := stat.PopMeanVariance(values, nil)
	if math.Abs(d.Mean()-mean) > 1e-12 || math.Abs(d.Variance()-variance) > 1e-12 || d.Max() != 9 {
		t.Errorf("mean %g, variance %g, max %g; want %g, %g, 9", d.Mean(), d.Variance(), d.Max(), mean, variance)
	}
}
