package session

import (
	"headroom/experiments"
	"headroom/scenarios"
)

// An Answer is what a command found: plain data, one of the types of this file.
type Answer interface{ answer() }

// Diagnosed is the answer of the tool: what limits the present state.
type Diagnosed struct{ *experiments.Diagnosis }

// InLine is what limits next: the second and third in line, and what takes the place of the bottleneck when a remedy is applied.
type InLine struct{ *experiments.Diagnosis }

// Tried is a change simulated beside what there was, which is the first case.
type Tried struct {
	*experiments.Comparison
	Kept bool // else it was only a question
}

// Compared is the present state, the second case, beside the file as it was loaded or another one.
type Compared struct{ *experiments.Comparison }

// Undone is a change that was taken away.
type Undone struct {
	Change string
	State
}

// Saved is a file that was written.
type Saved struct{ File string }

// Drawn is the architecture of the present state, with what its simulation found; nil: nothing.
type Drawn struct {
	*scenarios.Loaded
	Result *experiments.Result
}

// Help lists commands.
type Help struct{ Commands []Command }

// Quit ends the session.
type Quit struct{}

// State is what a session has come to.
type State struct {
	Changes []string            // in words, in their order
	Command string              // that diagnoses it
	Result  *experiments.Result // of its last simulation; nil: there was none that was not interrupted
}

func (Diagnosed) answer() {}
func (InLine) answer()    {}
func (Tried) answer()     {}
func (Compared) answer()  {}
func (Undone) answer()    {}
func (Saved) answer()     {}
func (Drawn) answer()     {}
func (Help) answer()      {}
func (Quit) answer()      {}

// Warnings are what the reader of the scenario says of what was simulated for an answer.
func Warnings(a Answer) []string {
	var all []string
	switch a := a.(type) {
	case Diagnosed:
		all = a.Result.Scenario.Warnings
	case Tried:
		all = a.Cases[len(a.Cases)-1].Result.Scenario.Warnings
	case Compared:
		for _, k := range a.Cases {
			all = append(all, k.Result.Scenario.Warnings...)
		}
	}
	return all
}
