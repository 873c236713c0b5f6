package experiments_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"headroom/experiments"
	"headroom/internal/strict"
	"headroom/models"
	"headroom/scenarios"
)

// A knob is a key of the format, what is done to it, and what must follow: either a figure of the result moves, or the reader says that
// nothing will.
type knob struct {
	key     string // section.key, or section.key=word for each word that a key may take
	base    string // the scenario that is changed, one of bases
	changes string // as --set takes them, one after the other, separated by semicolons
	figure  string // one of figures
	moves   move
	says    string // part of the warning, or of the error, that the change brings instead
}

// move is where a figure goes.
type move int

const (
	up    move = iota + 1 // by more than the intervals of both runs
	down                  // likewise
	same                  // exactly: the word is the default
	other                 // anywhere: seeds and texts
)

// TestEveryKeyHasAKnob: who adds a key to the format, a word to a key, or a distribution must say here what it does.
func TestEveryKeyHasAKnob(t *testing.T) {
	turned := map[string]bool{}
	for _, k := range allKnobs() {
		turned[k.key] = true
		key, _, _ := strings.Cut(k.key, "=")
		turned[key] = true
	}
	wanted := map[string]bool{"step.respond": true}
	want := func(section string, keys any) {
		for _, f := range strict.Fields(keys) {
			if f.Later {
				continue
			}
			wanted[section+"."+f.Key] = true
			for _, word := range f.Enum {
				wanted[section+"."+f.Key+"="+word] = true
			}
		}
	}
	for _, s := range models.Sections() {
		want(s.Name, s.Keys)
	}
	for _, kind := range models.Kinds() {
		want(kind, models.NewComponent(kind))
	}
	for _, name := range models.Distributions() {
		wanted["time="+name] = true
	}
	for _, name := range models.ArrivalKinds() {
		wanted["source.arrivals="+name] = true
	}
	for key := range wanted {
		if !turned[key] {
			t.Errorf("no knob for %s", key)
		}
	}
	for key := range turned {
		if section, _, _ := strings.Cut(key, "="); !wanted[key] && !wanted[section] && section != "time" {
			t.Errorf("a knob for %s, which there is not", key)
		}
	}
}

// TestKnobs: each key of the format moves a figure of the result the way that it should, by more than the 95% intervals of both runs, or
// the reader says that it cannot.
func TestKnobs(t *testing.T) {
	for _, k := range allKnobs() {
		t.Run(k.key, func(t *testing.T) {
			t.Parallel()
			l, err := turn(k.base, k.changes)
			switch {
			case err != nil && k.says != "" && strings.Contains(err.Error(), k.says):
				return
			case err != nil:
				t.Fatal(err)
			case k.says != "":
				if !strings.Contains(l.Warnings.Error(), k.says) {
					t.Errorf("%s: want a warning that says %q, got %s", k.changes, k.says, l.Warnings.Error())
				}
				return
			}
			turned, err := experiments.Run(t.Context(), l, experiments.Options{Parallel: 1})
			if err != nil {
				t.Fatal(err)
			}
			before, err := unturned(k.base)
			if err != nil {
				t.Fatal(err)
			}
			from, to := figures[k.figure](before), figures[k.figure](turned)
			if got := from.moves(to); got != k.moves && !(k.moves == other && got != same) {
				t.Errorf("%s: %s goes from %v to %v", k.changes, k.figure, from, to)
			}
		})
	}
}

// measured is a figure with its interval; without one it is exact.
type measured struct {
	value experiments.Num
	text  string
	ci    experiments.Interval
}

// moves tells where a figure went; 0 where its intervals do not say.
func (m measured) moves(to measured) move {
	switch {
	case m == to:
		return same
	case m.text != to.text:
		return other
	case to.ci[0] > m.ci[1]:
		return up
	case to.ci[1] < m.ci[0]:
		return down
	}
	return 0
}

// atRest keeps what each base gives as it is.
var atRest sync.Map

// unturned simulates a base as it is, once for all its knobs.
func unturned(base string) (*experiments.Result, error) {
	once, _ := atRest.LoadOrStore(base, sync.OnceValues(func() (*experiments.Result, error) {
		l, err := turn(base, "")
		if err != nil {
			return nil, err
		}
		return experiments.Run(context.Background(), l, experiments.Options{Parallel: 1})
	}))
	return once.(func() (*experiments.Result, error))()
}

// turn loads a base with changes; a base whose name says so, at another rate.
func turn(base, changes string) (*scenarios.Loaded, error) {
	text, ok := textOf(base)
	if !ok {
		return nil, fmt.Errorf("there is no base %q", base)
	}
	variant := ""
	var sets []scenarios.Change
	for c := range strings.SplitSeq(changes, ";") {
		switch path, value, _ := strings.Cut(strings.TrimSpace(c), "="); path {
		case "":
		case "--variant":
			variant = value
		default:
			sets = append(sets, scenarios.Change{Path: path, Value: value})
		}
	}
	l, err := scenarios.Load("../scenarios/testdata/good/knobs.yaml", []byte(text), variant, sets)
	if err == nil && base == "at 500/s" && !l.ScaleTo(500) {
		err = errors.New("no source scales")
	}
	return l, err
}
