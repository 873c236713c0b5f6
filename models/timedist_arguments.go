package models

import (
	"fmt"
	"slices"
	"strings"

	"headroom/internal/units"
	"headroom/sim"
)

// given is an argument as written. The key is empty if it was left out.
type given struct{ key, value string }

// splitArguments separates key=value pairs and bare values at spaces and commas.
func splitArguments(inside string) []given {
	fields := strings.FieldsFunc(strings.ReplaceAll(inside, "=", " = "), func(c rune) bool {
		return c == ',' || c == ' ' || c == '\t' || c == '\n' || c == '\r'
	})
	var all []given
	for i := 0; i < len(fields); i++ {
		switch {
		case i+2 < len(fields) && fields[i+1] == "=":
			all = append(all, given{fields[i], fields[i+2]})
			i += 2
		default:
			all = append(all, given{"", fields[i]})
		}
	}
	return all
}

// build reads the arguments of the notation called name and makes its distribution.
func build(notations []notation, name, inside string, called bool) (sim.Dist, error) {
	written := splitArguments(inside)
	n := choose(notations, name, written)
	values := make([]float64, len(n.args))
	if called && len(n.args) == 0 {
		return sim.Dist{}, fmt.Errorf("`%s` takes no arguments: write %s", name, n.example)
	}
	err := n.read(written, values)
	if err == nil {
		var d sim.Dist
		if d, err = n.build(values); err == nil {
			return d, nil
		}
	}
	return sim.Dist{}, fmt.Errorf("%s: %w (such as %s)", name, err, examples(notations, name))
}

// choose picks, of the notations with this name, the one most of whose keys are
// given, or the first.
func choose(notations []notation, name string, written []given) notation {
	var best notation
	most := -1
	for _, n := range notations {
		matches := 0
		for _, w := range written {
			if n.index(w.key) >= 0 {
				matches++
			}
		}
		if n.name == name && matches > most {
			best, most = n, matches
		}
	}
	return best
}

// index returns the position of the argument with this key, -1 if there is none.
func (n *notation) index(key string) int {
	return slices.IndexFunc(n.args, func(a argument) bool { return a.key == key })
}

func (n *notation) keys() []string {
	keys := make([]string, len(n.args))
	for i, a := range n.args {
		keys[i] = a.key
	}
	return keys
}

// read fills in the values of the arguments written.
func (n *notation) read(written []given, values []float64) error {
	seen := make([]bool, len(n.args))
	for position, w := range written {
		i := n.index(w.key)
		switch {
		case w.key == "" && position < len(n.args) && n.args[position].bare:
			i = position
		case w.key == "" && position < len(n.args):
			return fmt.Errorf("`%s` needs a name: %s", shortened(w.value), strings.Join(n.keys(), "=… ")+"=…")
		case w.key == "":
			return fmt.Errorf("`%s` is one argument too many", shortened(w.value))
		case i < 0:
			return unknown("argument", w.key, n.keys(), "expected "+strings.Join(n.keys(), " and "))
		}
		if seen[i] {
			return fmt.Errorf("%s is given twice", n.args[i].key)
		}
		seen[i] = true
		var err error
		if values[i], err = n.args[i].kind.read(w.value); err != nil {
			return fmt.Errorf("%s: %w", n.args[i].key, err)
		}
	}
	if i := slices.Index(seen, false); i >= 0 {
		return fmt.Errorf("%s is missing", n.args[i].key)
	}
	return nil
}

// read returns the value of an argument: nanoseconds, or the number.
func (k argumentKind) read(text string) (float64, error) {
	if k == aTime {
		var d units.Duration
		err := d.UnmarshalText([]byte(text))
		return float64(d), err
	}
	var x units.Number
	err := x.UnmarshalText([]byte(text))
	if err == nil && k == aWhole && (x != units.Number(int32(x)) || x < 1) {
		return 0, fmt.Errorf("`%s` is not a whole number of at least 1", shortened(text))
	}
	return float64(x), err
}
