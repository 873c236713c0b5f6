package truth

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"headroom/experiments"
	"headroom/internal/strict"
)

// formula computes a figure from a result: numbers and paths in the result's JSON, joined by " + ", " - ", " * " and " / ", of which the
// last two bind tighter. `nodes.a.in_system.mean + nodes.b.in_system.mean` is how many are in both.
type formula []string

func parseFormula(text string) (formula, error) {
	f := formula(strings.Fields(text))
	for i, word := range f {
		if operator := len(word) == 1 && strings.Contains("+-*/", word); operator != (i%2 == 1) {
			return nil, fmt.Errorf("%q is no figure: expected paths and numbers with + - * / between them", text)
		}
	}
	if len(f)%2 == 0 {
		return nil, fmt.Errorf("%q is no figure: it ends with an operator", text)
	}
	return f, nil
}

// value computes the figure; NaN where the result has null.
func (f formula) value(r figures) (float64, error) {
	sum, sign := 0.0, 1.0
	product, err := r.number(f[0])
	for i := 1; i < len(f) && err == nil; i += 2 {
		var x float64
		x, err = r.number(f[i+1])
		switch f[i] {
		case "*":
			product *= x
		case "/":
			product /= x
		default:
			sum += sign * product
			product = x
			if sign = 1; f[i] == "-" {
				sign = -1
			}
		}
	}
	return sum + sign*product, err
}

// interval returns the 95% interval that the result gives for the figure, nil if it gives none.
func (f formula) interval(r figures) *experiments.Interval {
	at := strings.LastIndexByte(f[0], '.')
	if len(f) > 1 || at < 0 {
		return nil
	}
	found, err := r.find(f[0][:at] + ".ci95" + f[0][at:])
	ends, ok := found.([]any)
	if err != nil || !ok {
		return nil
	}
	low, ok1 := ends[0].(float64)
	high, ok2 := ends[1].(float64)
	if !ok1 || !ok2 {
		return nil
	}
	return &experiments.Interval{experiments.Num(low), experiments.Num(high)}
}

// figures is a result's JSON, in which figures have their paths.
type figures map[string]any

func figuresOf(r *experiments.Result) (figures, error) {
	text, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	var f figures
	return f, json.Unmarshal(text, &f)
}

// find returns what stands at a path; places in a list have their numbers, from 0.
func (r figures) find(path string) (any, error) {
	at := any(map[string]any(r))
	for _, key := range strings.Split(path, ".") {
		if list, ok := at.([]any); ok {
			if i, err := strconv.Atoi(key); err == nil && i >= 0 && i < len(list) {
				at = list[i]
				continue
			}
		}
		m, _ := at.(map[string]any)
		value, ok := m[key]
		if !ok {
			hint := ""
			if near := strict.Nearest(key, slices.Sorted(maps.Keys(m))); near != "" {
				hint = fmt.Sprintf(": did you mean %q?", near)
			}
			return nil, fmt.Errorf("a result has no %s, for want of %q%s", path, key, hint)
		}
		at = value
	}
	return at, nil
}

// number returns the number that a word is, or that stands at the path that it is; true counts as 1, false as 0, null as NaN.
func (r figures) number(word string) (float64, error) {
	if x, err := strconv.ParseFloat(word, 64); err == nil {
		return x, nil
	}
	at, err := r.find(word)
	switch x := at.(type) {
	case float64:
		return x, err
	case bool:
		if x {
			return 1, err
		}
		return 0, err
	case nil:
		return math.NaN(), err
	}
	return 0, fmt.Errorf("%s of a result is no number", word)
}
