package models

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"headroom/internal/strict"
	"headroom/internal/units"
	"headroom/sim"
)

// Time is a time distribution as a scenario writes it: a duration, which is then
// constant, or one of the notations such as exp(4ms). Its parameters are the
// distribution's own mean, cv and quantiles. The zero value is the constant 0s.
type Time struct {
	sim.Dist        // in nanoseconds
	Text     string // as written
}

// deepestMix bounds how often mixtures may be nested.
const deepestMix = 8

// mostSamples bounds a file of samples: 80 MB of them.
const mostSamples = 10_000_000

// notation is one way to write a distribution: its name and its arguments, all of
// which must be given.
type notation struct {
	name    string
	args    []argument
	example string
	build   func(values []float64) (sim.Dist, error) // in the order of args
}

// argument is what a notation asks for, key=value. If it is bare, the key may be
// left out, in the order of the notation.
type argument struct {
	key  string
	kind argumentKind
	bare bool
}

type argumentKind uint8

const (
	aTime argumentKind = iota
	aNumber
	aWhole
)

// timeNotations are the distributions of times. Those without build do not have a
// fixed number of arguments; parseDist knows how to read them.
var timeNotations = []notation{
	{"exp", []argument{{"mean", aTime, true}}, "exp(4ms)",
		func(v []float64) (sim.Dist, error) { return sim.Exponential(v[0]) }},
	{"uniform", []argument{{"min", aTime, true}, {"max", aTime, true}}, "uniform(1ms 5ms)",
		func(v []float64) (sim.Dist, error) { return sim.Uniform(v[0], v[1]) }},
	{"normal", []argument{{"mean", aTime, false}, {"sd", aTime, false}}, "normal(mean=4ms sd=1ms)",
		func(v []float64) (sim.Dist, error) { return sim.Normal(v[0], v[1]) }},
	{"lognormal", []argument{{"mean", aTime, false}, {"cv", aNumber, false}}, "lognormal(mean=4ms cv=1.5)",
		func(v []float64) (sim.Dist, error) { return sim.Lognormal(v[0], v[1]) }},
	{"lognormal", []argument{{"p50", aTime, false}, {"p99", aTime, false}}, "lognormal(p50=4ms p99=40ms)",
		func(v []float64) (sim.Dist, error) { return sim.LognormalQuantiles(v[0], v[1]) }},
	{"erlang", []argument{{"k", aWhole, false}, {"mean", aTime, false}}, "erlang(k=4 mean=4ms)",
		func(v []float64) (sim.Dist, error) { return sim.Erlang(int(v[0]), v[1]) }},
	{"gamma", []argument{{"mean", aTime, false}, {"cv", aNumber, false}}, "gamma(mean=4ms cv=0.5)",
		func(v []float64) (sim.Dist, error) { return sim.Gamma(v[0], v[1]) }},
	{"hyperexp", []argument{{"mean", aTime, false}, {"cv", aNumber, false}}, "hyperexp(mean=4ms cv=3)",
		func(v []float64) (sim.Dist, error) { return sim.Hyperexponential(v[0], v[1]) }},
	{"pareto", []argument{{"min", aTime, false}, {"shape", aNumber, false}}, "pareto(min=1ms shape=2.2)",
		func(v []float64) (sim.Dist, error) { return sim.Pareto(v[0], v[1]) }},
	{"weibull", []argument{{"mean", aTime, false}, {"shape", aNumber, false}}, "weibull(mean=4ms shape=0.7)",
		func(v []float64) (sim.Dist, error) { return sim.Weibull(v[0], v[1]) }},
	{"quantiles", nil, "quantiles(p0=1ms p50=4ms p99=40ms p100=200ms)", nil},
	{"samples", nil, "samples(file.csv)", nil},
	{"mix", nil, "mix(95% 4ms | 5% exp(200ms))", nil},
}

var timeNames = names(timeNotations)

// arrivalNotations are the gaps between arrivals, all of mean 1.
var arrivalNotations = []notation{
	{"poisson", nil, "poisson",
		func([]float64) (sim.Dist, error) { return sim.Exponential(1) }},
	{"constant", nil, "constant",
		func([]float64) (sim.Dist, error) { return sim.Constant(1) }},
	{"erlang", []argument{{"k", aWhole, false}}, "erlang(k=4)",
		func(v []float64) (sim.Dist, error) { return sim.Erlang(int(v[0]), 1) }},
	{"hyperexp", []argument{{"cv", aNumber, false}}, "hyperexp(cv=3)",
		func(v []float64) (sim.Dist, error) { return sim.Hyperexponential(1, v[0]) }},
}

// ParseTime reads a time distribution. Files that it names are relative to the
// folder dir, or to the working directory if dir is empty. An error says what was
// expected, with an example.
func ParseTime(text, dir string) (Time, error) {
	text = strings.TrimSpace(text)
	dist, err := parseDist(text, dir, 0)
	if err != nil {
		return Time{}, err
	}
	return Time{Dist: dist, Text: text}, nil
}

// UnmarshalText reads a time distribution; files are relative to the working directory.
func (t *Time) UnmarshalText(text []byte) error {
	parsed, err := ParseTime(string(text), "")
	if err == nil {
		*t = parsed
	}
	return err
}

// DecodeStrict reads a time distribution from a scenario; files are relative to
// the scenario's folder.
func (t *Time) DecodeStrict(v *strict.Value) {
	if v.Kind() != strict.Scalar {
		v.Errorf("expected %s, found %s", t.Describe(), v.Kind())
		return
	}
	parsed, err := ParseTime(v.Text(), v.Dir())
	if err != nil {
		v.Errorf("%v", err)
		return
	}
	*t = parsed
}

// Describe says what a time distribution looks like.
func (*Time) Describe() string { return "a time such as 4ms, exp(4ms) or lognormal(p50=4ms p99=40ms)" }

// String returns the distribution as written.
func (t Time) String() string {
	if t.Text == "" && t.Constant() {
		return units.Duration(t.Mean()).String()
	}
	return t.Text
}

// ParseArrivals reads how a source's arrivals are spaced (poisson, constant,
// erlang(k=4) or hyperexp(cv=3)) and returns the gap between two, with a mean of 1.
func ParseArrivals(text string) (sim.Dist, error) {
	name, inside, called, err := readCall(text)
	if err != nil {
		return sim.Dist{}, err
	}
	known := names(arrivalNotations)
	if !slices.Contains(known, name) {
		return sim.Dist{}, unknown("arrivals", name, known, "expected poisson, constant, erlang(k=4) or hyperexp(cv=3)")
	}
	return build(arrivalNotations, name, inside, called)
}

// names lists each name once, for suggestions.
func names(notations []notation) []string {
	var all []string
	for _, n := range notations {
		if !slices.Contains(all, n.name) {
			all = append(all, n.name)
		}
	}
	return all
}

// unknown is the error for a word that is none of the known ones.
func unknown(what, word string, known []string, otherwise string) error {
	if near := strict.Nearest(word, known); near != "" {
		otherwise = fmt.Sprintf("did you mean `%s`?", near)
	}
	return fmt.Errorf("unknown %s `%s`; %s", what, shortened(word), otherwise)
}

// shortened keeps an error on one line of bearable length.
func shortened(text string) string {
	const longest = 60
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return text
}

// parseDist reads a distribution that lies inside so many mixtures.
func parseDist(text, dir string, depth int) (sim.Dist, error) {
	name, inside, called, err := readCall(text)
	switch {
	case err != nil:
		return sim.Dist{}, err
	case !called && slices.Contains(timeNames, name):
		return sim.Dist{}, fmt.Errorf("`%s` needs its arguments, such as %s", name, examples(timeNotations, name))
	case !called:
		return parseConstant(text)
	case !slices.Contains(timeNames, name):
		return sim.Dist{}, unknown("distribution", name, timeNames, "expected a time such as 4ms or exp(4ms), or one of "+strings.Join(timeNames, ", "))
	}
	switch name {
	case "quantiles":
		return parseQuantiles(inside)
	case "samples":
		return readSamples(inside, dir)
	case "mix":
		return parseMix(inside, dir, depth)
	}
	return build(timeNotations, name, inside, called)
}

// examples shows how the distribution of this name is written, in all its forms.
func examples(notations []notation, name string) string {
	var all []string
	for _, n := range notations {
		if n.name == name {
			all = append(all, n.example)
		}
	}
	return strings.Join(all, " or ")
}

func parseConstant(text string) (sim.Dist, error) {
	var d units.Duration
	err := d.UnmarshalText([]byte(text))
	if err == nil {
		return sim.Constant(float64(d))
	}
	shown := shortened(text)
	if _, wrong := strconv.ParseFloat(text, 64); wrong == nil && !strings.HasPrefix(text, "-") {
		return sim.Dist{}, fmt.Errorf("`%s` has no unit: expected a time such as %sms or exp(%sms)", shown, shown, shown)
	}
	if strings.HasPrefix(text, "-") {
		return sim.Dist{}, fmt.Errorf("`%s` is negative: expected a time such as 4ms or exp(4ms)", shown)
	}
	return sim.Dist{}, fmt.Errorf("`%s` is not a time: expected one such as 4ms, exp(4ms) or lognormal(p50=4ms p99=40ms)", shown)
}

// readCall takes name(inside) apart; without a parenthesis, all is name.
func readCall(text string) (name, inside string, called bool, err error) {
	name, inside, called = strings.Cut(strings.TrimSpace(text), "(")
	name = strings.TrimSpace(name)
	if !called {
		return name, "", false, nil
	}
	depth := 1
	for i, c := range inside {
		switch c {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth == 0 {
			if i+1 < len(inside) {
				return "", "", false, fmt.Errorf("`%s` follows the closing parenthesis of `%s`", shortened(inside[i+1:]), shortened(name))
			}
			return name, inside[:i], true, nil
		}
	}
	return "", "", false, fmt.Errorf("`%s` has no closing parenthesis (inside YAML's { } and [ ] a comma ends the value: separate arguments with spaces)", shortened(text))
}

// parseQuantiles reads p0=1ms p50=4ms p99.9=40ms p100=200ms.
func parseQuantiles(inside string) (sim.Dist, error) {
	var points []sim.QuantilePoint
	for _, w := range splitArguments(inside) {
		p, err := strconv.ParseFloat(strings.TrimPrefix(w.key, "p"), 64)
		if err != nil || !strings.HasPrefix(w.key, "p") {
			return sim.Dist{}, fmt.Errorf("quantiles: `%s` is not a percentile with its time (such as p99=40ms)", shortened(strings.TrimPrefix(w.key+"="+w.value, "=")))
		}
		v, err := aTime.read(w.value)
		if err != nil {
			return sim.Dist{}, fmt.Errorf("quantiles: %s: %w", shortened(w.key), err)
		}
		points = append(points, sim.QuantilePoint{P: p, V: v})
	}
	d, err := sim.Quantiles(points)
	if err != nil {
		return sim.Dist{}, fmt.Errorf("quantiles: %w (such as %s)", err, examples(timeNotations, "quantiles"))
	}
	return d, nil
}

// parseMix reads 95% 4ms | 5% exp(200ms).
func parseMix(inside, dir string, depth int) (sim.Dist, error) {
	if depth >= deepestMix {
		return sim.Dist{}, fmt.Errorf("mix: more than %d mixtures inside one another", deepestMix)
	}
	var parts []sim.Part
	for _, text := range splitParts(inside) {
		if text == "" {
			return sim.Dist{}, fmt.Errorf("mix: a part is empty (such as %s)", examples(timeNotations, "mix"))
		}
		share, dist, found := cutSpace(text)
		var s units.Share
		if err := s.UnmarshalText([]byte(share)); err != nil || !found {
			return sim.Dist{}, fmt.Errorf("mix: `%s` is not a share and a time (such as %s)", shortened(text), examples(timeNotations, "mix"))
		}
		d, err := parseDist(dist, dir, depth+1)
		if err != nil {
			return sim.Dist{}, fmt.Errorf("mix: %w", err)
		}
		parts = append(parts, sim.Part{Share: float64(s), Dist: d})
	}
	d, err := sim.Mixture(parts)
	if err != nil {
		return sim.Dist{}, fmt.Errorf("mix: %w (such as %s)", err, examples(timeNotations, "mix"))
	}
	return d, nil
}

// splitParts cuts a mixture at the bars that are not inside another's parentheses.
func splitParts(inside string) []string {
	var parts []string
	depth, from := 0, 0
	for i, c := range inside {
		switch {
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == '|' && depth == 0:
			parts = append(parts, strings.TrimSpace(inside[from:i]))
			from = i + 1
		}
	}
	return append(parts, strings.TrimSpace(inside[from:]))
}

// cutSpace cuts a text at its first space or comma.
func cutSpace(text string) (before, after string, found bool) {
	at := strings.IndexAny(text, " \t\n,")
	if at < 0 {
		return text, "", false
	}
	return text[:at], strings.Trim(text[at:], " \t\n,"), true
}
