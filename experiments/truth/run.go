package truth

import (
	"context"
	"math"
	"os"
	"path"
	"path/filepath"

	"headroom/experiments"
	"headroom/scenarios"
)

// Outcome is a figure as it was simulated.
type Outcome struct {
	Figure
	Simulated float64
	CI95      *experiments.Interval // nil where the result gives no interval for the figure
}

// OK tells whether the simulated figure is within its tolerance.
func (o Outcome) OK() bool { return math.Abs(o.Simulated-o.Exact) <= o.Tolerance }

// Run simulates a model and returns its figures in the order of the file. A quick run is too short for the tolerances. The error tells of
// a scenario that is refused, a figure that results do not hold, or what experiments.Run returns; if ctx ends, that is its cause.
func (m *Model) Run(ctx context.Context, o experiments.Options) ([]Outcome, error) {
	_, outcomes, err := m.simulate(ctx, o)
	return outcomes, err
}

// simulate is Run, and returns the whole result as well.
func (m *Model) simulate(ctx context.Context, o experiments.Options) (*experiments.Result, []Outcome, error) {
	dir, err := m.lay()
	if err != nil {
		return nil, nil, err
	}
	defer os.RemoveAll(dir)
	l, err := scenarios.Load(filepath.Join(dir, "scenario.yaml"), []byte(m.Scenario), "", m.Changes)
	if err != nil {
		return nil, nil, err
	}
	result, err := experiments.Run(ctx, l, o)
	if err != nil {
		return nil, nil, err
	}
	if result.Partial {
		return nil, nil, context.Cause(ctx)
	}
	figures, err := figuresOf(result)
	if err != nil {
		return nil, nil, err
	}
	var outcomes []Outcome
	for _, f := range m.Figures {
		simulated, err := f.formula.value(figures)
		if err != nil {
			return nil, nil, err
		}
		outcomes = append(outcomes, Outcome{f, simulated, f.formula.interval(figures)})
	}
	return result, outcomes, nil
}

// lay puts the files that the scenario names into a folder, where it finds them, and returns the folder.
func (m *Model) lay() (dir string, err error) {
	if dir, err = os.MkdirTemp("", "headroom"); err != nil {
		return "", err
	}
	for _, name := range m.Files {
		text, err := files.ReadFile(path.Join("cases", name))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), text, 0o600)
		}
		if err != nil {
			os.RemoveAll(dir)
			return "", err
		}
	}
	return dir, nil
}
