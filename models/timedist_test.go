package models

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"headroom/internal/strict"
	"headroom/sim"
)

const ms = 1e6 // nanoseconds

// TestParseTime: each notation of the format gives the distribution with its own
// mean and coefficient of variation.
func TestParseTime(t *testing.T) {
	sigma := math.Log(10) / 2.3263478740408408
	for _, c := range []struct {
		text     string
		mean, cv float64 // in ms
	}{
		{"4ms", 4, 0},
		{"0", 0, 0},
		{" 1m30s ", 90_000, 0},
		{"exp(4ms)", 4, 1},
		{"exp(mean=4ms)", 4, 1},
		{"exp( 4ms )", 4, 1},
		{"uniform(1ms 5ms)", 3, 4 / math.Sqrt(12) / 3},
		{"uniform(1ms, 5ms)", 3, 4 / math.Sqrt(12) / 3},
		{"uniform(max=5ms min=1ms)", 3, 4 / math.Sqrt(12) / 3},
		{"normal(mean=4ms sd=1ms)", 4, 0.25},
		{"normal(mean=4ms, sd=3.9ms)", 4, 0.975},
		{"normal(sd = 1ms,mean = 4ms)", 4, 0.25},
		{"lognormal(mean=4ms cv=1.5)", 4, 1.5},
		{"lognormal(p50=4ms p99=40ms)", 4 * math.Exp(sigma*sigma/2), math.Sqrt(math.Expm1(sigma * sigma))},
		{"erlang(k=4 mean=4ms)", 4, 0.5},
		{"gamma(mean=4ms cv=0.5)", 4, 0.5},
		{"hyperexp(mean=4ms cv=3)", 4, 3},
		{"pareto(min=1ms shape=2.2)", 2.2 / 1.2, math.Sqrt(1 / (2.2 * 0.2))},
		{"weibull(mean=4ms shape=2)", 4, math.Sqrt(4/math.Pi - 1)},
		{"quantiles(p0=0ms p100=2ms)", 1, 1 / math.Sqrt(3)},
		{"quantiles(p100=200ms p0=1ms p50=4ms p99.9=40ms)", 0.5*2.5 + 0.499*22 + 0.001*120, -1},
		{"mix(95% 4ms | 5% exp(200ms))", 13.8, -1},
		{"mix(0.5 4ms|0.5 mix(50% 0s | 50% exp(8ms)))", 4, -1},
	} {
		got, err := ParseTime(c.text, "")
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if math.Abs(got.Mean()-c.mean*ms) > 1e-9*c.mean*ms {
			t.Errorf("%s: mean %g, want %g", c.text, got.Mean(), c.mean*ms)
		}
		if cv := math.Sqrt(got.SCV()); c.cv >= 0 && math.Abs(cv-c.cv) > 1e-9 {
			t.Errorf("%s: cv %g, want %g", c.text, cv, c.cv)
		}
		if got.String() != strings.TrimSpace(c.text) {
			t.Errorf("%q prints as %q", c.text, got)
		}
	}
}

// TestParseTimeErrors: what is wrong is named, with what was expected.
func TestParseTimeErrors(t *testing.T) {
	for text, want := range map[string]string{
		"expo(4ms)":                           "unknown distribution `expo`; did you mean `exp`?",
		"lognorm(mean=4ms cv=1)":              "did you mean `lognormal`?",
		"zipf(1.0)":                           "expected a time such as 4ms or exp(4ms), or one of exp, uniform",
		"exp":                                 "`exp` needs its arguments, such as exp(4ms)",
		"":                                    "expected one such as 4ms",
		"4":                                   "`4` has no unit: expected a time such as 4ms or exp(4ms)",
		"soon":                                "`soon` is not a time",
		"-4ms":                                "`-4ms` is negative",
		"exp(-4ms)":                           "exp: mean: ",
		"exp(4)":                              "has no unit: expected one such as 150us, 4ms or 1m30s",
		"exp()":                               "exp: mean is missing (such as exp(4ms))",
		"exp(0s)":                             "exp: mean is zero; it must be positive",
		"exp(4ms 5ms)":                        "exp: `5ms` is one argument too many",
		"exp(4ms":                             "`exp(4ms` has no closing parenthesis",
		"exp(4ms))":                           "`)` follows the closing parenthesis of `exp`",
		"exp(4ms) x":                          "`x` follows the closing parenthesis of `exp`",
		"uniform(5ms 1ms)":                    "the lower end is above the upper end",
		"uniform(5ms)":                        "uniform: max is missing (such as uniform(1ms 5ms))",
		"normal(4ms 1ms)":                     "normal: `4ms` needs a name: mean=… sd=…",
		"normal(mean=4ms)":                    "normal: sd is missing (such as normal(mean=4ms sd=1ms))",
		"normal(mean=4ms mean=4ms sd=1ms)":    "normal: mean is given twice",
		"normal(mean=4ms std=1ms)":            "normal: unknown argument `std`; did you mean `sd`?",
		"normal(mean=4ms sd=5ms)":             "normal: sd must be below the mean",
		"lognormal(mean=4ms p99=40ms)":        "lognormal(mean=4ms cv=1.5) or lognormal(p50=4ms p99=40ms)",
		"lognormal(p99=40ms)":                 "lognormal: p50 is missing",
		"lognormal(mean=4ms cv=-1)":           "lognormal: cv: ",
		"erlang(k=2.5 mean=4ms)":              "erlang: k: `2.5` is not a whole number of at least 1",
		"erlang(k=0 mean=4ms)":                "erlang: k: `0` is not a whole number",
		"erlang(k=1e300 mean=4ms)":            "erlang: k: `1e300` is not a whole number",
		"hyperexp(mean=4ms cv=0.5)":           "for less use erlang or gamma",
		"pareto(min=1ms shape=1)":             "infinite mean",
		"weibull(mean=4ms shape=0)":           "between 0.01 and 1000",
		"quantiles()":                         "p0, the smallest value, is missing",
		"quantiles(p0=1ms p50=2ms)":           "p100, the greatest value, is missing",
		"quantiles(p0=1ms p999=2ms p100=3ms)": "p999 is not a percentile",
		"quantiles(p0=1ms p50=5ms p100=3ms)":  "p100 is below p50",
		"quantiles(p0=1ms p0=5ms p100=3ms)":   "p0 is given twice",
		"quantiles(q0=1ms)":                   "`q0=1ms` is not a percentile with its time",
		"quantiles(1ms)":                      "`1ms` is not a percentile with its time",
		"quantiles(p0=x)":                     "quantiles: p0: ",
		"quantiles(p0=1ms pNaN=2ms p100=3ms)": "not a percentile",
		"mix()":                               "a part is empty",
		"mix(95% 4ms | 4% 2ms)":               "mix: the shares add up to 99%, not 100%",
		"mix(4ms | 5% 2ms)":                   "mix: `4ms` is not a share and a time",
		"mix(95% 4ms | 5% expo(2ms))":         "mix: unknown distribution `expo`; did you mean `exp`?",
		"mix(120% 4ms)":                       "mix: `120% 4ms` is not a share and a time",
		"samples()":                           "samples: the file is missing (such as samples(file.csv))",
		"samples(no/such.csv)":                "no such file",
	} {
		_, err := ParseTime(text, "")
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: got error %v, want one line with %q", text, err, want)
		}
	}
	deep := strings.Repeat("mix(100% ", 1000) + "4ms" + strings.Repeat(")", 1000)
	if _, err := ParseTime(deep, ""); err == nil || !strings.Contains(err.Error(), "more than 8 mixtures") {
		t.Errorf("a thousand mixtures: got error %v", err)
	}
}

func TestSamplesFile(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]struct{ text, want string }{
		"durations.csv": {"1ms\n2ms\n\n3ms\n", ""},
		"seconds.csv":   {"0.001\n0.002\n3e-3", ""},
		"header.csv":    {"\ufefflatency,at\r\n1ms,5\r\n2ms,6\r\n3ms,7\r\n", ""},
		"quoted.csv":    {"\"latency (s)\";\"at\"\n\"0.001\";1\n\"0.002\";2\n\"0.003\";3\n", ""},
		"empty.csv":     {"", "there are no samples"},
		"only.csv":      {"latency\n", "there are no samples"},
		"torn.csv":      {"1ms\nslow\n", "line 2: `slow` is not a time"},
		"negative.csv":  {"1ms\n-2ms\n", "line 2: `-2ms` is not a time"},
		"first.csv":     {"-1ms\n2ms\n", "line 1: `-1ms` is not a time"},
		"huge.csv":      {"1e308\n2\n", "not a finite number"},
		"line.csv":      {strings.Repeat("x", 100_000), "too long"},
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, written := range []struct{ text, dir string }{{"samples(" + name + ")", dir}, {`samples("` + path + `")`, ""}} {
			got, err := ParseTime(written.text, written.dir)
			switch {
			case c.want == "" && (err != nil || math.Abs(got.Mean()-2*ms) > 1e-3 || got.Max() != 3*ms):
				t.Errorf("%s: mean %g, max %g, error %v; want 2ms, 3ms", written.text, got.Mean(), got.Max(), err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("%s: got error %v, want one with %q", written.text, err, c.want)
			}
		}
	}
}

func TestParseArrivals(t *testing.T) {
	for text, scv := range map[string]float64{"poisson": 1, "constant": 0, "erlang(k=4)": 0.25, "hyperexp(cv=3)": 9} {
		gap, err := ParseArrivals(text)
		if err != nil || gap.Mean() != 1 || math.Abs(gap.SCV()-scv) > 1e-12 {
			t.Errorf("%s: mean %g, scv %g, error %v; want 1, %g", text, gap.Mean(), gap.SCV(), err, scv)
		}
	}
	for text, want := range map[string]string{
		"poison":                 "unknown arrivals `poison`; did you mean `poisson`?",
		"":                       "expected poisson, constant, erlang(k=4) or hyperexp(cv=3)",
		"poisson(3)":             "`poisson` takes no arguments: write poisson",
		"erlang":                 "erlang: k is missing (such as erlang(k=4))",
		"hyperexp(cv=0.5)":       "for less use erlang or gamma",
		"erlang(k=4 mean=4ms)":   "unknown argument `mean`",
		"hyperexp(cv=3":          "no closing parenthesis",
		"exp(4ms)":               "unknown arrivals `exp`",
		"hyperexp(cv=3) poisson": "follows the closing parenthesis",
	} {
		if _, err := ParseArrivals(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got error %v, want %q", text, err, want)
		}
	}
}

// TestDecodeStrict reads times from a file, with problems at their places and
// samples beside it.
func TestDecodeStrict(t *testing.T) {
	type times struct {
		Work Time `key:"work"`
		Read Time `key:"read"`
		Get  Time `key:"get" default:"exp(1ms)"`
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "s.csv"), []byte("1ms\n3ms\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "a.yaml")
	var good times
	doc := strict.Parse(file, []byte("work: exp(4ms)\nread: samples(s.csv)\n"))
	strict.Decode(doc.Root(), &good)
	if problems := doc.Problems(); len(problems) > 0 {
		t.Fatal(problems)
	}
	if good.Work.Mean() != 4*ms || good.Read.Mean() != 2*ms || good.Get.Mean() != 1*ms {
		t.Errorf("got %v, %v, %v", good.Work, good.Read, good.Get)
	}
	var bad times
	doc = strict.Parse(file, []byte("work: expo(4ms)\nread: [1ms]\n"))
	strict.Decode(doc.Root(), &bad)
	text := doc.Problems().Error()
	for _, want := range []string{"a.yaml:1:", "did you mean `exp`?", "a.yaml:2:", "expected a time such as 4ms", "found a list"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in:\n%s", want, text)
		}
	}
}

// pieces are what texts near the notation are made of.
var pieces = []string{
	"exp", "uniform", "normal", "lognormal", "erlang", "gamma", "hyperexp", "pareto", "weibull", "quantiles", "mix", "samples",
	"(", ")", "=", " ", ",", "|", "%", "p50", "p0", "p100", "mean", "cv", "k", "sd", "shape", "min", "4ms", "1us", "40s", "0.5", "50", "5%", "-", "x", "é",
}

// TestParseNeverPanics: whatever is written, there is a distribution or an error,
// and what is a distribution prints as text that reads back as the same.
func TestParseNeverPanics(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(
			rapid.String(),
			rapid.Map(rapid.SliceOf(rapid.SampledFrom(pieces)), func(s []string) string { return strings.Join(s, "") }),
			wellFormed(2),
		).Draw(t, "text")
		_, _ = ParseArrivals(text)
		first, err := ParseTime(text, "")
		if err != nil {
			return
		}
		var second Time
		if err := second.UnmarshalText([]byte(first.String())); err != nil {
			t.Fatalf("%q does not read back: %v", first, err)
		}
		a, b := sim.NewRand(1), sim.NewRand(1)
		for range 10 {
			if x, y := first.Draw(&a), second.Draw(&b); x != y || !(x >= 0) {
				t.Fatalf("%q draws %g, read back %g", first, x, y)
			}
		}
	})
}

// wellFormed generates texts that are nearly always right.
func wellFormed(depth int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		texts := []string{"", "exp(%a)", "uniform(0s %a)", "normal(mean=%a sd=1us)", "lognormal(mean=%a cv=%n)", "lognormal(p50=%a, p99=1h)",
			"erlang(k=%k mean=%a)", "gamma(mean=%a cv=%n)", "hyperexp(cv=%n mean=%a)", "pareto(min=%a shape=%n)", "weibull(mean=%a shape=%n)",
			"quantiles(p0=0 p%k=%a p100=1h)", "%a"}
		text := rapid.SampledFrom(texts[1:]).Draw(t, "notation")
		if depth > 0 && rapid.Bool().Draw(t, "mixed") {
			text = "mix(40% " + wellFormed(depth-1).Draw(t, "a") + " | 60% " + wellFormed(depth-1).Draw(t, "b") + ")"
		}
		return strings.NewReplacer(
			"%a", rapid.SampledFrom([]string{"4ms", "1.5us", "2s", "1m30s", "0"}).Draw(t, "time"),
			"%n", rapid.SampledFrom([]string{"1", "0.7", "2.2", "3"}).Draw(t, "number"),
			"%k", rapid.SampledFrom([]string{"1", "2", "4", "50"}).Draw(t, "k"),
		).Replace(text)
	})
}

func TestZeroTime(t *testing.T) {
	var zero Time
	if zero.String() != "0s" || zero.Mean() != 0 {
		t.Errorf("the zero value is %q, mean %g; want 0s", zero, zero.Mean())
	}
}
