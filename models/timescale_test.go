package models

import (
	"math"
	"testing"
)

// TestScaledTimesKeepTheirShape: every notation, scaled, has the mean scaled and the coefficient of variation kept; the error is that of rounding
// each time to four digits, half of 1e-3 at most, and of the nanosecond.
func TestScaledTimesKeepTheirShape(t *testing.T) {
	texts := []string{"4ms", "1m30s"}
	for _, n := range timeNotations {
		if n.name != "samples" {
			texts = append(texts, n.example)
		}
	}
	for _, text := range texts {
		for _, factor := range []float64{.0137, .5, 1.2345, 3, 777} {
			scaled, err := ScaleTime(text, factor)
			if err != nil {
				t.Fatalf("%s × %v: %v", text, factor, err)
			}
			was, err := ParseTime(text, "")
			if err != nil {
				t.Fatal(err)
			}
			is, err := ParseTime(scaled, "")
			if err != nil {
				t.Fatalf("%s × %v gives %s: %v", text, factor, scaled, err)
			}
			if ratio := is.Mean() / was.Mean() / factor; math.Abs(ratio-1) > 1.1e-3 {
				t.Errorf("%s × %v gives %s, whose mean is %v times what it should be", text, factor, scaled, ratio)
			}
			if math.Abs(is.SCV()-was.SCV()) > .01*was.SCV() {
				t.Errorf("%s × %v gives %s, with the squared coefficient of variation %v instead of %v", text, factor, scaled, is.SCV(), was.SCV())
			}
		}
	}
}

// TestScaledTimesAreWrittenAsBefore: units stay while they fit, numbers that are no times stay, and so do times of zero.
func TestScaledTimesAreWrittenAsBefore(t *testing.T) {
	for _, k := range []struct {
		text   string
		factor float64
		want   string
	}{
		{"4ms", 2, "8ms"},
		{"0.3ms", 1.0 / 3, "0.1ms"},
		{"4ms", 1.23456789, "4.938ms"},
		{"4ms", .001, "4us"},
		{"4s", 5000, "20000s"},
		{"800ms", 20, "16s"},
		{"1m30s", .5, "45s"},
		{"15us", .0001, "2ns"},
		{"0s", 3, "0s"},
		{" exp( 4ms ) ", 2, "exp(8ms)"},
		{"exp(mean=4ms)", 2, "exp(mean=8ms)"},
		{"lognormal(mean=3ms, cv=1.2)", 2, "lognormal(mean=6ms cv=1.2)"},
		{"uniform(0ms 5ms)", 3, "uniform(0ms 15ms)"},
		{"erlang(k=4 mean=4ms)", .25, "erlang(k=4 mean=1ms)"},
		{"quantiles(p0=1ms p50=4ms p100=200ms)", 2, "quantiles(p0=2ms p50=8ms p100=400ms)"},
		{"mix(95% 4ms | 5% mix(50% exp(200ms) | 50% 1s))", 2, "mix(95% 8ms | 5% mix(50% exp(400ms) | 50% 2s))"},
	} {
		if got, err := ScaleTime(k.text, k.factor); got != k.want || err != nil {
			t.Errorf("%q × %v gives %q, %v; want %q", k.text, k.factor, got, err, k.want)
		}
	}
	for _, text := range []string{"samples(a.csv)", "mix(50% 1ms | 50% samples(a.csv))", "expo(4ms)", "4", ""} {
		if got, err := ScaleTime(text, 2); err == nil {
			t.Errorf("%q × 2 gives %q", text, got)
		}
	}
}
