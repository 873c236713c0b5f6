package truth

import (
	"math"
	"strings"
	"testing"
)

// TestTolerances: a figure's own tolerance comes before the model's, and that before the case's; tail is for the 99th percentile on.
func TestTolerances(t *testing.T) {
	c, err := read("T01.yaml", []byte(`
title: Tolerances
source: nobody
group: queues
tolerance: {relative: 1%, tail: 2%}
scenario: text
models:
  plain: {expect: {latency.p90: 10, latency.p99: 10, nodes.s.in_system.p999: 10, error_rate: {value: 10, absolute: 0.3}}}
  wide: {tolerance: {relative: 4%}, expect: {latency.p99: 10, latency.mean: {value: -10, relative: 5%}}}`))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range [][]float64{{.1, .2, .2, .3}, {.4, .5}} {
		for k, f := range c.Models[i].Figures {
			if math.Abs(f.Tolerance-want[k]) > 1e-12 {
				t.Errorf("%s of %s has the tolerance %g, want %g", f.Name, c.Models[i].Name, f.Tolerance, want[k])
			}
		}
	}
	for simulated, ok := range map[float64]bool{10.09: true, 10.11: false, 9.91: true, 9.89: false, math.NaN(): false} {
		if (Outcome{Figure: c.Models[0].Figures[0], Simulated: simulated}).OK() != ok {
			t.Errorf("%g for 10 ± 0.1 should be ok: %v", simulated, ok)
		}
	}
}

// TestFormulas: numbers and paths, * and / before + and -, each from left to right.
func TestFormulas(t *testing.T) {
	r := figures{
		"a": 6.0, "yes": true, "none": nil, "text": "x",
		"latency": map[string]any{"mean": 3.0, "p90": 4.0, "ci95": map[string]any{"mean": []any{2.0, 5.0}}},
	}
	for text, want := range map[string]float64{
		"a": 6, "latency.mean": 3, "yes": 1, "1 - a": -5, "1 - a / 2 * latency.mean - 1": -9, "a * a + 2 / 4": 36.5, "none": math.NaN(),
	} {
		f, err := parseFormula(text)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := f.value(r); err != nil || got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
			t.Errorf("%s is %g (%v), want %g", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"latency.meen": `a result has no latency.meen, for want of "meen": did you mean "mean"?`,
		"a / text":     "text of a result is no number",
		"a.b":          `a result has no a.b, for want of "b"`,
	} {
		f, _ := parseFormula(text)
		if _, err := f.value(r); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s fails with %v, want %s", text, err, want)
		}
	}
	for text, has := range map[string]bool{"latency.mean": true, "latency.p90": false, "2 * latency.mean": false, "a": false} {
		f, _ := parseFormula(text)
		if ci := f.interval(r); (ci != nil) != has || has && (ci[0] != 2 || ci[1] != 5) {
			t.Errorf("the interval of %s is %v", text, ci)
		}
	}
}

// TestBadCases: what is wrong with a case is told at its place.
func TestBadCases(t *testing.T) {
	const head = "title: x\nsource: x\ngroup: queues\ntolerance: {relative: 1%}\nmodels:\n"
	for _, c := range []struct{ models, want string }{
		{"  m: {expect: {latency.mean: 1}}", "6:3: a model needs a `scenario`, its own or the case's"},
		{"  m: {scenario: x, expect: {a b: 1}}", `"a b" is no figure: expected paths and numbers with + - * / between them`},
		{"  m: {scenario: x, expect: {a +: 1}}", `"a +" is no figure: it ends with an operator`},
		{"  m: {scenario: x, expect: {a: {value: 1, absolut: 1}}}", "unknown key `absolut`"},
		{"  m: {scenario: x}", "`expect`"},
	} {
		if _, err := read("T01.yaml", []byte(head+c.models)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s\nis refused with %v\nwant %s", c.models, err, c.want)
		}
	}
}
