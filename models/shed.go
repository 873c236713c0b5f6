package models

import (
	"fmt"
	"strings"

	"headroom/internal/units"
	"headroom/sim"
)

// Shed is whom a node turns away, or lets wait, when more comes than it can do.
type Shed struct {
	Name             string // none, codel, adaptive-lifo or gradient
	Target, Interval units.Duration
	After            units.Duration
}

// shedding is one way to shed: its name, and its arguments with their defaults, all of which may be left out.
type shedding struct {
	name    string
	keys    []string
	example string
}

var sheddings = []shedding{
	{"none", nil, "none"},
	{"codel", []string{"target", "interval"}, "codel(target=5ms interval=100ms)"},
	{"adaptive-lifo", []string{"after"}, "adaptive-lifo(after=100ms)"},
	{"gradient", nil, "gradient"},
}

// UnmarshalText reads none, codel, codel(target=5ms interval=100ms), adaptive-lifo, adaptive-lifo(after=100ms) or gradient.
func (s *Shed) UnmarshalText(text []byte) error {
	name, inside, called, err := readCall(string(text))
	if err != nil {
		return err
	}
	var known []string
	for _, k := range sheddings {
		known = append(known, k.name)
		if k.name != name {
			continue
		}
		if called && len(k.keys) == 0 {
			return fmt.Errorf("`%s` takes no arguments: write %s", name, k.example)
		}
		read := Shed{Name: name, Target: 5e6, Interval: 100e6, After: 100e6}
		if err := read.arguments(k, splitArguments(inside)); err != nil {
			return fmt.Errorf("%s: %w (such as %s)", name, err, k.example)
		}
		*s = read
		return nil
	}
	return unknown("way to shed", name, known, "expected "+s.Describe())
}

// arguments reads those that are given.
func (s *Shed) arguments(of shedding, written []given) error {
	values := map[string]*units.Duration{"target": &s.Target, "interval": &s.Interval, "after": &s.After}
	seen := map[string]bool{}
	var n notation // for what it says about arguments
	for _, key := range of.keys {
		n.args = append(n.args, argument{key: key})
	}
	for _, w := range written {
		switch {
		case w.key == "":
			return fmt.Errorf("`%s` needs a name: %s", shortened(w.value), strings.Join(of.keys, "=… ")+"=…")
		case n.index(w.key) < 0:
			return unknown("argument", w.key, of.keys, "expected "+strings.Join(of.keys, " and "))
		case seen[w.key]:
			return fmt.Errorf("%s is given twice", w.key)
		}
		seen[w.key] = true
		v := values[w.key]
		if err := v.UnmarshalText([]byte(w.value)); err != nil {
			return fmt.Errorf("%s: %w", w.key, err)
		}
		if *v <= 0 {
			return fmt.Errorf("%s must be above 0", w.key)
		}
	}
	return nil
}

// Describe says what shedding looks like.
func (*Shed) Describe() string { return "none, codel, adaptive-lifo or gradient" }

// Pattern implements strict.Patterned.
func (*Shed) Pattern() string {
	var all []string
	for _, s := range sheddings {
		if all = append(all, s.name); len(s.keys) > 0 {
			one := "(" + strings.Join(s.keys, "|") + `)\s*=\s*` + duration
			all = append(all, called(s.name, "("+one+"("+apart+one+")*)?"))
		}
	}
	return whole(all...)
}

// Examples implements strict.Exemplified.
func (*Shed) Examples() []string {
	return []string{"none", "codel", "codel(target=5ms interval=100ms)", "adaptive-lifo", "adaptive-lifo(after=100ms)", "gradient"}
}

// queue returns what that is to the queue at admission.
func (s *Shed) queue() sim.Shed {
	switch s.Name {
	case "codel":
		return sim.Shed{Target: sim.Time(s.Target), Interval: sim.Time(s.Interval)}
	case "adaptive-lifo":
		return sim.Shed{NewestAfter: sim.Time(s.After)}
	}
	return sim.Shed{}
}

// waitingKeys are the keys about those who wait at admission.
func (m *Machine) waitingKeys() []string {
	if m.Shed.queue() == (sim.Shed{}) {
		return []string{"backlog", "drop_after"}
	}
	return []string{"backlog", "drop_after", "shed"}
}

// checkShed warns of shedding that the other keys leave nothing to do.
// atCores tells that calls are admitted by waiting for a core, in the order of the
// discipline; those who wait for a place do so in the order that they came.
func (m *Machine) checkShed(c *Check, path string, atCores bool) {
	at := path + ".shed"
	newest := atCores && m.Discipline == "lifo" && !m.Cores.IsUnlimited()
	longest := m.patience()
	switch {
	case c.Wrong(at):
	case m.Shed.Name == "adaptive-lifo" && newest:
		c.Warnf(at, "`shed: adaptive-lifo` has no effect: `discipline: lifo` serves the newest first always")
	case m.Shed.Name == "codel" && newest:
		c.Warnf(at, "`shed: codel` looks at how long those waited who are served next: with `discipline: lifo` they hardly have, whoever else waits")
	case m.Shed.Name == "adaptive-lifo" && longest != nil && longest.Constant() && longest.Mean() <= float64(m.Shed.After):
		c.Warnf(at, "`shed` has no effect: nobody waits longer than %s, with `drop_after: %s`", m.Shed.After, m.DropAfter)
	}
}
