package models

import (
	"slices"
	"strings"

	"headroom/internal/units"
	"headroom/sim"
)

// How single values are written, as regular expressions: for editors, which have no other way to judge them. They take all that the
// reader takes, and refuse what has not its form; whether the numbers make sense, such as a p99 above the p50, is left to the reader.

const (
	apart = `[\s,]+` // between arguments
	loose = `[\s,]*`
)

// inside is a pattern to be used within another one.
func inside(pattern string) string {
	return "(" + strings.TrimSuffix(strings.TrimPrefix(pattern, `^\s*`), `\s*$`) + ")"
}

// whole is a pattern of the whole text that has one of some forms.
func whole(forms ...string) string { return `^\s*(` + strings.Join(forms, "|") + `)\s*$` }

// called is the form of a name with its arguments in parentheses.
func called(name, arguments string) string { return name + `\s*\(` + loose + arguments + loose + `\)` }

var (
	duration = inside(units.Duration(0).Pattern())
	share    = inside(units.Share(0).Pattern())
	number   = inside(units.Number(0).Pattern())
)

// form is how a notation is written: its arguments in any order, with their keys; those that are bare also without, in their place.
func (n *notation) form() string {
	if len(n.args) == 0 {
		return n.name
	}
	var orders []string
	for _, order := range permutations(len(n.args)) {
		var arguments []string
		for place, i := range order {
			a := n.args[i]
			key := a.key + `\s*=\s*`
			if a.bare && i == place {
				key = "(" + key + ")?"
			}
			value := number
			if a.kind == aTime {
				value = duration
			}
			arguments = append(arguments, key+value)
		}
		orders = append(orders, strings.Join(arguments, apart))
	}
	return called(n.name, "("+strings.Join(orders, "|")+")")
}

// permutations lists the orders of n things.
func permutations(n int) [][]int {
	if n == 0 {
		return [][]int{nil}
	}
	var all [][]int
	for _, rest := range permutations(n - 1) {
		for at := range n {
			all = append(all, slices.Insert(slices.Clone(rest), at, n-1))
		}
	}
	return all
}

func forms(notations []notation) []string {
	var all []string
	for _, n := range notations {
		if n.build != nil {
			all = append(all, n.form())
		}
	}
	return all
}

// Pattern implements strict.Patterned. What stands inside a mixture of a mixture is not looked at: no regular expression could.
func (*Time) Pattern() string {
	point := `p[0-9.]+\s*=\s*` + duration
	all := append([]string{duration}, forms(timeNotations)...)
	all = append(all, called("quantiles", point+"("+apart+point+")+"), `samples\s*\(.*\S.*\)`)
	part := `\s*` + share + apart + "(" + strings.Join(all, "|") + `|mix\s*\(.+\))\s*`
	return whole(append(all, `mix\s*\(`+part+`(\|`+part+`)*\)`)...)
}

// Pattern implements strict.Patterned.
func (*Arrivals) Pattern() string { return whole(forms(arrivalNotations)...) }

// Pattern implements strict.Patterned.
func (*Popularity) Pattern() string {
	return whole("uniform", "scan", called("zipf", `(s\s*=\s*)?`+number), called("hot", share+apart+share))
}

// Pattern implements strict.Patterned.
func (Warmup) Pattern() string { return whole("auto", duration) }

// Pattern implements strict.Patterned: what is asked of a time needs a duration, of a share a %, of a rate a unit.
func (*Target) Pattern() string {
	of := `([^\s.<>]+\.)?`
	shares := []string{"errors", "server_errors"}
	for o := sim.RateLimited; o < sim.Outcomes; o++ {
		shares = append(shares, o.String())
	}
	percent, relation := number+`\s*%`, `\s*[<>]\s*`
	return whole(
		of+`(done\.)?(mean|p\(?((50|90|95|99)(\.0+)?|99\.90*)\)?)`+relation+duration,
		`[^\s.<>]+\.age_p99`+relation+duration,
		of+"("+strings.Join(shares, "|")+")"+relation+percent,
		`[^\s.<>]+\.(cpu|servers)`+relation+percent,
		of+"goodput"+relation+number+`\s*[kMGT]?\s*/\s*(s|m|h)`,
	)
}

// Examples implements strict.Exemplified.
func (*Time) Examples() []string { return append([]string{"4ms"}, examplesOf(timeNotations)...) }

// Examples implements strict.Exemplified.
func (*Arrivals) Examples() []string { return examplesOf(arrivalNotations) }

// Examples implements strict.Exemplified.
func (*Popularity) Examples() []string {
	return []string{"uniform", "zipf(1.0)", "hot(1% 90%)", "scan"}
}

// Examples implements strict.Exemplified.
func (Warmup) Examples() []string { return []string{"auto", "10s"} }

// Examples implements strict.Exemplified.
func (*Target) Examples() []string {
	return []string{"p99 < 250ms", "mean < 50ms", "errors < 0.1%", "goodput > 9k/s", "api.cpu < 70%", "invite.done.p99 < 1m", "mails.age_p99 < 30s"}
}

func examplesOf(notations []notation) []string {
	var all []string
	for _, n := range notations {
		all = append(all, n.example)
	}
	return all
}

// Pattern implements strict.Patterned.
func (*Allowance) Pattern() string { return units.Rate(0).Pattern() }

// Pattern implements strict.Patterned: the name of a file.
func (*Trace) Pattern() string { return `\S` }
