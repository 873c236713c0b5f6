package sim

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestZeroDist(t *testing.T) {
	var d Dist
	r := NewRand(1)
	if d.Draw(&r) != 0 || d.Mean() != 0 || d.Variance() != 0 || d.SCV() != 0 || d.Max() != 0 || !d.Constant() {
		t.Error("the zero value is not the constant 0")
	}
	if r.State() != 1 {
		t.Error("a constant draws random numbers")
	}
}

// TestDegenerate: where nothing is left to chance, or the family is another one,
// the constructors say so.
func TestDegenerate(t *testing.T) {
	for name, c := range map[string]struct {
		d    Dist
		kind distKind
		mean float64
	}{
		"uniform":               {must(Uniform(3, 3)), kindConstant, 3},
		"normal":                {must(Normal(3, 0)), kindConstant, 3},
		"lognormal":             {must(Lognormal(3, 0)), kindConstant, 3},
		"lognormal quantiles":   {must(LognormalQuantiles(3, 3)), kindConstant, 3},
		"gamma":                 {must(Gamma(3, 0)), kindConstant, 3},
		"gamma of cv 1":         {must(Gamma(3, 1)), kindExponential, 3},
		"erlang of 1":           {must(Erlang(1, 3)), kindExponential, 3},
		"hyperexp of cv 1":      {must(Hyperexponential(3, 1)), kindExponential, 3},
		"weibull of shape 1":    {must(Weibull(3, 1)), kindExponential, 3},
		"quantiles":             {must(Quantiles([]QuantilePoint{{0, 3}, {100, 3}})), kindConstant, 3},
		"quantiles of 0":        {must(Quantiles([]QuantilePoint{{0, 0}, {100, 0}})), kindConstant, 0},
		"samples":               {must(Samples([]float64{3, 3})), kindConstant, 3},
		"mixture of one":        {must(Mixture([]Part{{1, must(Exponential(3))}})), kindExponential, 3},
		"mixture with share 0":  {must(Mixture([]Part{{0, must(Constant(9))}, {1, must(Constant(3))}})), kindConstant, 3},
		"mixture of zeros":      {must(Mixture([]Part{{0.5, Dist{}}, {0.5, Dist{}}})), kindConstant, 0},
		"scaled to 0":           {sized(must(Exponential(3)), 0), kindConstant, 0},
		"scaled twice":          {sized(sized(must(Exponential(3)), 2), 0.5), kindExponential, 3},
		"gamma of a minute cv":  {must(Gamma(3, 1e-13)), kindConstant, 3},
		"normal nearly cut off": {must(Normal(3, math.Nextafter(3, 0))), kindNormalTail, 3},
	} {
		if c.d.kind != c.kind || c.d.Mean() != c.mean {
			t.Errorf("%s: kind %d, mean %g; want %d, %g", name, c.d.kind, c.d.Mean(), c.kind, c.mean)
		}
	}
}

func sized(d Dist, f float64) Dist { return d.Scaled(f) }

func TestRefusals(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	one := must(Exponential(1))
	refused := func(want string, _ Dist, err error) {
		t.Helper()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want one with %q", err, want)
		}
	}
	check := func(want string) func(Dist, error) {
		return func(d Dist, err error) { t.Helper(); refused(want, d, err) }
	}
	check("negative")(Constant(-1))
	check("not a finite number")(Constant(nan))
	check("not a finite number")(Constant(inf))
	check("mean is zero")(Exponential(0))
	check("mean is negative")(Exponential(-1))
	check("lower end is above")(Uniform(5, 1))
	check("lower end is negative")(Uniform(-1, 1))
	check("cv below 1")(Normal(4, 4))
	check("sd is negative")(Normal(4, -1))
	check("cv is negative")(Lognormal(4, -1))
	check("greatest supported")(Lognormal(4, 1e7))
	check("p99 is below p50")(LognormalQuantiles(4, 3))
	check("beyond all bounds")(LognormalQuantiles(1e-300, 1e300))
	check("at least 1 phase")(Erlang(0, 4))
	check("mean is zero")(Erlang(2, 0))
	check("cv is not a finite number")(Gamma(4, nan))
	check("use erlang or gamma")(Hyperexponential(4, 0.5))
	check("infinite mean")(Pareto(1, 1))
	check("shape is zero")(Pareto(1, 0))
	check("min is zero")(Pareto(0, 2))
	check("between 0.01 and 1000")(Weibull(4, 0))
	check("between 0.01 and 1000")(Weibull(4, nan))
	check("p0, the smallest value, is missing")(Quantiles(nil))
	check("p0, the smallest value, is missing")(Quantiles([]QuantilePoint{{50, 1}, {100, 2}}))
	check("p100, the greatest value, is missing")(Quantiles([]QuantilePoint{{0, 1}, {50, 2}}))
	check("p50 is below p0")(Quantiles([]QuantilePoint{{0, 3}, {50, 1}, {100, 4}}))
	check("p50 is given twice")(Quantiles([]QuantilePoint{{0, 1}, {50, 2}, {50, 2}, {100, 4}}))
	check("not a percentile")(Quantiles([]QuantilePoint{{0, 1}, {999, 2}, {100, 4}}))
	check("not a percentile")(Quantiles([]QuantilePoint{{nan, 1}}))
	check("p50 is negative")(Quantiles([]QuantilePoint{{0, 1}, {50, -2}, {100, 4}}))
	check("no samples")(Samples(nil))
	check("sample 2 is negative")(Samples([]float64{1, -1}))
	check("at least one part")(Mixture(nil))
	check("add up to 90%, not 100%")(Mixture([]Part{{0.5, one}, {0.4, one}}))
	check("share of part 1")(Mixture([]Part{{-0.5, one}, {1.5, one}}))
	for _, f := range []float64{-1, nan, inf} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("scaling by %g does not panic", f)
				}
			}()
			one.Scaled(f)
		}()
	}
}

// anyDist generates distributions of all families, of moderate variance.
func anyDist(depth int) *rapid.Generator[Dist] {
	return rapid.Custom(func(t *rapid.T) Dist {
		number := func(name string, lo, hi float64) float64 { return rapid.Float64Range(lo, hi).Draw(t, name) }
		mean := math.Exp(number("ln mean", 0, 20))
		families := []func() (Dist, error){
			func() (Dist, error) { return Constant(mean) },
			func() (Dist, error) { return Exponential(mean) },
			func() (Dist, error) { return Uniform(mean*number("lo", 0, 1), mean*number("hi", 1, 3)) },
			func() (Dist, error) { return Normal(mean, mean*number("cv", 0, 0.9999)) },
			func() (Dist, error) { return Lognormal(mean, number("cv", 0, 1.5)) },
			func() (Dist, error) { return LognormalQuantiles(mean, mean*number("ratio", 1, 10)) },
			func() (Dist, error) { return Erlang(rapid.IntRange(1, 50).Draw(t, "k"), mean) },
			func() (Dist, error) { return Gamma(mean, number("cv", 0, 2)) },
			func() (Dist, error) { return Hyperexponential(mean, number("cv", 1, 2)) },
			func() (Dist, error) { return Pareto(mean, number("shape", 3, 10)) },
			func() (Dist, error) { return Weibull(mean, number("shape", 0.6, 20)) },
			func() (Dist, error) {
				return Quantiles([]QuantilePoint{{0, mean * number("p0", 0, 1)}, {number("P", 1, 99), mean}, {100, mean * number("p100", 1, 5)}})
			},
			func() (Dist, error) {
				return Samples(rapid.SliceOfN(rapid.Float64Range(mean/10, mean), 1, 20).Draw(t, "samples"))
			},
		}
		if depth > 0 {
			families = append(families, func() (Dist, error) {
				share := number("share", 0, 1)
				return Mixture([]Part{{share, anyDist(depth-1).Draw(t, "a")}, {1 - share, anyDist(depth-1).Draw(t, "b")}})
			})
		}
		d, err := families[rapid.IntRange(0, len(families)-1).Draw(t, "family")]()
		if err != nil {
			t.Fatal(err)
		}
		return d
	})
}

// TestDistProperties: draws lie within the bounds and depend on the stream's state
// alone; a scaled distribution makes the same draws, scaled.
func TestDistProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDist(2).Draw(t, "dist")
		f := math.Exp(rapid.Float64Range(-10, 10).Draw(t, "ln factor"))
		scaled := d.Scaled(f)
		if !(d.Mean() >= 0 && d.Mean() <= d.Max()) || !(d.Variance() >= 0) || d.Constant() != (d.SCV() == 0) {
			t.Fatalf("mean %g, variance %g, max %g", d.Mean(), d.Variance(), d.Max())
		}
		near := func(what string, got, want float64) {
			if math.Abs(got-want) > 1e-12*want && got != want {
				t.Fatalf("%s of the scaled distribution is %g, want %g", what, got, want)
			}
		}
		near("mean", scaled.Mean(), f*d.Mean())
		near("variance", scaled.Variance(), f*f*d.Variance())
		near("max", scaled.Max(), f*d.Max())
		r := NewRand(rapid.Uint64().Draw(t, "seed"))
		for range 100 {
			again := r
			x := d.Draw(&r)
			if !(x >= 0 && x <= d.Max()) || math.IsInf(x, 1) {
				t.Fatalf("%g is outside of [0, %g]", x, d.Max())
			}
			y := scaled.Draw(&again)
			near("draw", y, f*x)
			if y > scaled.Max() || again != r {
				t.Fatal("the scaled draw is above the upper end, or took other numbers from the stream")
			}
		}
	})
}

// TestMeansOfMany: what is stated is what is drawn, for 500 distributions of random
// families and parameters.
func TestMeansOfMany(t *testing.T) {
	const n = 20_000
	for i := range 500 {
		d := anyDist(2).Example(i)
		r, sum := NewRand(Mix(7, uint64(i))), 0.0
		for range n {
			sum += d.Draw(&r)
		}
		away := sum/n - d.Mean()
		if se := math.Sqrt(d.Variance() / n); math.Abs(away) > standardErrors*se+1e-12*d.Mean() {
			t.Errorf("distribution %d (kind %d, scv %g): the mean of %d draws is %.1f standard errors off", i, d.kind, d.SCV(), n, away/se)
		}
	}
}

// TestTruncationPoint: the solver finds the hidden normal for every cv below 1, and
// the two formulas of the moments agree where one takes over from the other.
func TestTruncationPoint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cv := rapid.OneOf(rapid.Float64Range(1e-9, 1), rapid.Float64Range(0.99, 1)).Draw(t, "cv")
		if cv == 1 {
			return
		}
		_, scv := truncatedMoments(truncationPoint(cv))
		if math.Abs(scv/(cv*cv)-1) > 1e-12 {
			t.Fatalf("cv² is %.17g, want %.17g", scv, cv*cv)
		}
	})
	excess, scv := truncatedMoments(math.Nextafter(2, 0))
	further, scvFurther := truncatedMoments(2)
	if math.Abs(excess/further-1) > 1e-13 || math.Abs(scv/scvFurther-1) > 1e-12 {
		t.Errorf("at 2 the formulas give %.17g and %.17g, %.17g and %.17g", excess, further, scv, scvFurther)
	}
}

func TestNoAllocations(t *testing.T) {
	for _, c := range samplers(t) {
		r := NewRand(1)
		if n := testing.AllocsPerRun(100, func() { c.dist.Draw(&r) }); n != 0 {
			t.Errorf("%s: %g allocations per draw", c.name, n)
		}
	}
}
