package session

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"headroom/experiments"
	"headroom/internal/strict"
	"headroom/internal/units"
	"headroom/scenarios"
)

// A change is what one command wants to be different.
type change struct {
	said    string // as it was typed
	rate    string // "": as it is
	changes []scenarios.Change
}

func (s *Session) set(ctx context.Context, rest string) (Answer, error) {
	c, err := setting("set", rest)
	return s.try(ctx, c, err, true)
}

func (s *Session) rate(ctx context.Context, rest string) (Answer, error) {
	c, err := rating("rate", rest)
	return s.try(ctx, c, err, true)
}

func (s *Session) apply(ctx context.Context, rest string) (Answer, error) {
	c, err := s.remedy("apply", rest)
	return s.try(ctx, c, err, true)
}

// whatIf tries what set, rate or apply would do.
func (s *Session) whatIf(ctx context.Context, rest string) (Answer, error) {
	verb, arguments, _ := strings.Cut(rest, " ")
	var c change
	var err error
	switch verb {
	case "rate":
		c, err = rating("what if rate", arguments)
	case "apply":
		c, err = s.remedy("what if apply", arguments)
	case "set":
		c, err = setting("what if", arguments)
	default:
		c, err = setting("what if", rest)
	}
	return s.try(ctx, c, err, false)
}

// try simulates a change beside the present state, on the same random requests, and keeps it where it should. A change that is kept is one of
// several on the way: its capacity is left to compare.
func (s *Session) try(ctx context.Context, c change, wrong error, keep bool) (Answer, error) {
	if wrong != nil {
		return nil, wrong
	}
	at, next := s.now(), s.after(c)
	before, err := s.file.Load(at.rate, at.changes)
	if err != nil {
		return nil, err
	}
	after, err := s.file.Load(next.rate, next.changes)
	if err != nil {
		return nil, err
	}
	cases := []experiments.Case{{Name: "now", Loaded: before}, {Name: c.said, Loaded: after}}
	if keep {
		cases[0].Name = "before"
	}
	found, err := s.compare(ctx, cases, s.search && !keep, s.file.Command(next.rate, next.changes))
	if err != nil {
		return nil, err
	}
	if keep {
		next.result = found.Cases[1].Result
		s.steps = append(s.steps, next)
	}
	return Tried{found, keep}, nil
}

// another finds where a further change begins behind the first: values may have spaces and equal signs in them, but no path of several keys
// before one.
var another = regexp.MustCompile(`\s[A-Za-z_][\w-]*(\.[\w-]+)+\s*=`)

// setting reads PATH=VALUE, once or several times.
func setting(verb, text string) (change, error) {
	c := change{said: text}
	for text != "" {
		one := text
		if at := another.FindStringIndex(text); at != nil {
			one = text[:at[0]]
		}
		text = strings.TrimSpace(text[len(one):])
		path, value, is := strings.Cut(one, "=")
		path, value = strings.TrimSpace(path), strings.TrimSpace(value)
		if !is || path == "" || strings.ContainsAny(path, " \t") {
			m := Mistake{Message: fmt.Sprintf("%s %s: expected PATH=VALUE, such as nodes.api.instances=8", verb, one)}
			if first, rest, more := strings.Cut(one, " "); more && verb == "what if" {
				if near := strict.Nearest(first, []string{"rate", "apply"}); near != "" {
					m.Suggest = "what if " + near + " " + rest
				}
			} else if more && strings.Contains(first, ".") {
				m.Suggest = verb + " " + first + "=" + strings.TrimSpace(rest)
			}
			return c, m
		}
		c.changes = append(c.changes, scenarios.Change{Path: path, Value: value, Origin: verb + " " + path + "=" + value})
	}
	if len(c.changes) == 0 {
		return c, Mistake{Message: verb + " needs PATH=VALUE, such as nodes.api.instances=8"}
	}
	return c, nil
}

// rating reads a rate above 0.
func rating(verb, text string) (change, error) {
	var r units.Rate
	if err := r.UnmarshalText([]byte(text)); err != nil {
		return change{}, Mistake{Message: fmt.Sprintf("%s: %s", verb, err)}
	}
	if r <= 0 {
		return change{}, Mistake{Message: fmt.Sprintf("%s %s: expected a rate above 0", verb, text)}
	}
	return change{said: "rate " + text, rate: text}, nil
}

// remedy reads the number of a remedy of the last answer.
func (s *Session) remedy(verb, text string) (change, error) {
	if len(s.remedies) == 0 {
		return change{}, Mistake{Message: fmt.Sprintf("%s %s: the last answer has no remedies; bottleneck tries some where the SLO is missed", verb, text)}
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > len(s.remedies) {
		return change{}, Mistake{Message: fmt.Sprintf("%s %s: expected the number of a remedy, from 1 to %d", verb, text, len(s.remedies))}
	}
	r := s.remedies[n-1]
	return change{said: r.Title, changes: r.Change}, nil
}
