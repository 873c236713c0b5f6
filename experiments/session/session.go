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
	Replications int // of each side of a comparison; 0: as many as the scenario asks for, at least experiments.LeastPairs
}

// What is too long to wait for at a prompt, in measured requests.
const (
	longRun    = 500_000 // of the first answer, from which on the further ones are quick
	longSearch = 500_000 // of one side of a comparison, from which on no capacity is searched: that takes about ten times as long
)

// A Session holds a scenario and the changes made to it so far. It is not for several goroutines at once.
type Session struct {
	file     Scenario
	o        Options
	search   bool // for capacities
	steps    []step
	remedies []remedy // as they were last shown
}

// A step is the scenario after a change; the first is as it was loaded.
type step struct {
	said      string // the change in words, "" for the first
	rate      string
	changes   []scenarios.Change // all so far
	source    string             // the text of the scenario
	result    *experiments.Result
	diagnosis *experiments.Diagnosis // nil: not made yet
}

// A remedy is a change that an answer proposed under a number.
type remedy struct {
	title   string
	changes []scenarios.Change
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

// New begins a session.
func New(file Scenario, o Options) *Session {
	return &Session{file: file, o: o, steps: []step{{}}}
}

// Watch lets a function be told how far the simulations to come are; nil: nobody.
func (s *Session) Watch(tell func(share float64)) { s.o.Progress = tell }

// Quick tells whether the answers to come measure a fifth of the time that the first one did.
func (s *Session) Quick() bool { return s.o.Quick }

// Begin diagnoses the scenario as it was loaded, with the effort that was asked for, and decides how much the further answers may take.
// Cancelling the context keeps what was found until then; ErrInterrupted means that this was nothing.
func (s *Session) Begin(ctx context.Context) (*experiments.Diagnosis, error) {
	d, err := s.diagnose(ctx)
	if d == nil || d.Partial {
		s.o.Quick = true
		return d, err
	}
	s.decide(d)
	return d, nil
}

// decide says how much the further answers may take.
func (s *Session) decide(d *experiments.Diagnosis) {
	run := d.Result.Run
	s.o.Quick = s.o.Quick || run.Requests > longRun
	each := float64(run.Requests) / float64(run.Replications)
	if s.o.Quick {
		each /= experiments.QuickShare
	}
	s.remedies = proposed(d)
	s.search = each*float64(max(s.o.Replications, experiments.LeastPairs)) <= longSearch
}

// proposed are the remedies of a diagnosis by their number.
func proposed(*experiments.Diagnosis) []remedy { return nil }

func (s *Session) now() *step { return &s.steps[len(s.steps)-1] }

// diagnose makes the diagnosis of the present state, unless it is there.
func (s *Session) diagnose(ctx context.Context) (*experiments.Diagnosis, error) {
	at := s.now()
	if at.diagnosis != nil {
		return at.diagnosis, nil
	}
	l, err := s.file.Load(at.rate, at.changes)
	if err != nil {
		return nil, err
	}
	at.source = l.Source
	o := s.o.Options
	o.Command = s.file.Command(at.rate, at.changes)
	d, err := experiments.Diagnose(ctx, l, o)
	switch {
	case ctx.Err() != nil && d == nil:
		return nil, ErrInterrupted
	case err != nil:
		return nil, err
	}
	if at.result == nil || !d.Partial {
		at.result = d.Result
	}
	if !d.Partial {
		at.diagnosis = d
	}
	return d, nil
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
