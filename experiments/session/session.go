package session

import (
	"context"
	"errors"
	"slices"
	"strings"

	"headroom/experiments"
	"headroom/scenarios"
)

// A Scenario is the file that is explored, as the command line wants it. A rate is written as in a scenario; "" leaves that of the file, or
// of the command line. Further changes come after those of the command line.
type Scenario interface {
	Load(rate string, further []scenarios.Change) (*scenarios.Loaded, error)
	// Open loads another file to compare with.
	Open(file, rate string) (*scenarios.Loaded, error)
	// Save writes the file with the changes; over another file only with force. The error may be a Mistake.
	Save(to string, force bool, rate string, further []scenarios.Change) error
	// Command is what to type to diagnose the file with the changes.
	Command(rate string, further []scenarios.Change) string
	// Files are the paths of scenario files, folders and built-in names that begin so.
	Files(begin string) []string
}

// Options are what a session may be told beside its scenario. None but Quick changes the figures.
type Options struct {
	experiments.Options
	WithoutRemedies bool // only say what limits
	Replications    int  // of each side of a comparison; 0: as many as the scenario asks for, at least experiments.LeastPairs
}

// What is too long to wait for at a prompt, in measured requests of the first answer.
const (
	longRun    = 500_000   // from which on the further answers are quick
	longSearch = 2_000_000 // from which on no capacities are searched: each takes about ten further runs
)

// A Session holds a scenario and the changes made to it so far. It is not for several goroutines at once.
type Session struct {
	file     Scenario
	o        Options
	search   bool // for capacities
	steps    []step
	remedies []experiments.Remedy // as they were last shown
}

// A step is the scenario after a change; the first is as it was loaded.
type step struct {
	said      string // the change in words, "" for the first
	rate      string
	changes   []scenarios.Change // all so far
	result    *experiments.Result
	diagnosis *experiments.Diagnosis // nil: not made yet
}

// ErrInterrupted is the error of a simulation that was interrupted before there was an answer. Nothing has changed then.
var ErrInterrupted = errors.New("interrupted: nothing has changed")

// A Mistake is a command that cannot be done as it was typed.
type Mistake struct {
	Message string
	Suggest string // the nearest valid word, "" if none is near
}

func (m Mistake) Error() string {
	if m.Suggest == "" {
		return m.Message
	}
	return m.Message + "\n  did you mean `" + m.Suggest + "`?"
}

// New begins a session with the first answer, of the scenario as it was loaded; nil where that was interrupted before there was one. How long it
// took decides how much the further answers may.
func New(file Scenario, first *experiments.Diagnosis, o Options) *Session {
	s := &Session{file: file, o: o, steps: []step{{}}}
	if first == nil {
		s.o.Quick = true
		return s
	}
	at, run := s.now(), first.Result.Run
	at.result, s.remedies = first.Result, first.Remedies
	if !first.Partial {
		at.diagnosis = first
	}
	s.o.Quick = s.o.Quick || first.Partial || run.Requests > longRun
	s.search = !first.Partial && run.Requests <= longSearch
	return s
}

// Watch lets a function be told how far the simulations to come are; nil: nobody.
func (s *Session) Watch(tell func(share float64)) { s.o.Progress = tell }

// Quick tells whether the answers measure a fifth of the time that the scenario asks for.
func (s *Session) Quick() bool { return s.o.Quick }

func (s *Session) now() *step { return &s.steps[len(s.steps)-1] }

// diagnose makes the diagnosis of the present state, and tries remedies where they are asked for, unless that is known already.
func (s *Session) diagnose(ctx context.Context, remedies bool) (*experiments.Diagnosis, error) {
	at := s.now()
	remedies = remedies && !s.o.WithoutRemedies
	if d := at.diagnosis; d != nil && (d.Remedies != nil || !remedies) {
		return d, nil
	}
	l, err := s.file.Load(at.rate, at.changes)
	if err != nil {
		return nil, err
	}
	o := s.o.Options
	o.Command = s.file.Command(at.rate, at.changes)
	d, err := experiments.Diagnose(ctx, l, o)
	if err == nil && remedies && !d.Partial {
		d.Remedies, err = experiments.FindRemedies(ctx, l, func(more []scenarios.Change) (*scenarios.Loaded, error) {
			return s.file.Load(at.rate, slices.Concat(at.changes, more))
		}, d, experiments.RemedyOptions{Options: o, Capacities: s.search})
		if d.Partial = ctx.Err() != nil; d.Partial {
			err = nil
		}
	}
	switch {
	case d == nil && ctx.Err() != nil:
		return nil, ErrInterrupted
	case err != nil:
		return nil, err
	}
	if at.result == nil || at.result.Partial {
		at.result = d.Result
	}
	if !d.Partial {
		at.diagnosis = d
	}
	return d, nil
}

// source is the text of the scenario as it is now, "" where it was not simulated.
func (s *Session) source() string {
	if r := s.now().result; r != nil {
		return r.Scenario.Source
	}
	return ""
}

// after is the step that a change makes, not yet simulated. What it says anew is said no more by what came before.
func (s *Session) after(c change) step {
	at := s.now()
	next := step{said: c.said, rate: at.rate, changes: slices.Clone(at.changes)}
	if c.rate != "" {
		next.rate = c.rate
	}
	for _, each := range c.changes {
		if each.Path == "" { // it only removes
			next.changes = append(next.changes, each)
			continue
		}
		next.changes = slices.DeleteFunc(next.changes, func(old scenarios.Change) bool {
			return old.Path == each.Path || strings.HasPrefix(old.Path, each.Path+".")
		})
		next.changes = append(next.changes, each)
	}
	return next
}

// compare simulates two architectures on the same random requests.
func (s *Session) compare(ctx context.Context, cases []experiments.Case, search bool, command string) (*experiments.Comparison, error) {
	o := experiments.CompareOptions{Options: s.o.Options, Replications: s.o.Replications, Search: search}
	o.Command = command
	c, err := experiments.Compare(ctx, []experiments.CasesAt{{Cases: cases}}, o)
	switch {
	case ctx.Err() != nil && (c == nil || len(c.Cases) < len(cases)):
		return nil, ErrInterrupted
	case err != nil:
		return nil, err
	}
	return c, nil
}

// State is what the session has come to.
func (s *Session) State() State {
	at := s.now()
	state := State{Command: s.file.Command(at.rate, at.changes), Result: at.result}
	for _, each := range s.steps[1:] {
		state.Changes = append(state.Changes, each.said)
	}
	return state
}
