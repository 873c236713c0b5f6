package reports

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"headroom/experiments"
)

// Read reads anything that -o json saved and that says something of its own: an *experiments.Result, Sweep, Comparison, Sensitivity,
// Diagnosis or Calibration. The error says what else it is, or what is missing in it: what is drawn of it relies on every result being there.
func Read(in io.Reader) (any, error) {
	text, kind, err := readSaved(in)
	if err != nil {
		return nil, err
	}
	var saved interface{ whole() error }
	var result any
	switch kind {
	case "":
		r := new(savedResult)
		saved, result = r, (*experiments.Result)(r)
	case "sweep":
		r := new(savedSweep)
		saved, result = r, (*experiments.Sweep)(r)
	case "comparison":
		r := new(savedComparison)
		saved, result = r, (*experiments.Comparison)(r)
	case "sensitivity":
		r := new(savedSensitivity)
		saved, result = r, (*experiments.Sensitivity)(r)
	case "bottleneck":
		r := new(savedDiagnosis)
		saved, result = r, (*experiments.Diagnosis)(r)
	case "calibration":
		r := new(savedCalibration)
		saved, result = r, (*experiments.Calibration)(r)
	case "part":
		return nil, errors.New("this is a part of a result, which --shard made: headroom merge joins the parts to one that can be read here")
	default:
		return nil, fmt.Errorf("a saved %s is not read here: expected what simulate, sweep, compare, sensitivity, bottleneck or calibrate saves with -o json", kind)
	}
	if err := json.Unmarshal(text, result); err != nil {
		return nil, unreadable(text, err)
	}
	if err := saved.whole(); err != nil {
		return nil, fmt.Errorf("the saved result is not whole: %w", err)
	}
	return result, nil
}

// IsSaved tells whether a text is what -o json saves, of whatever kind and version, rather than a scenario, which may be written as JSON as well.
func IsSaved(text []byte) bool {
	var head struct {
		Headroom json.RawMessage `json:"headroom"`
	}
	return json.Unmarshal(text, &head) == nil && head.Headroom != nil
}

type (
	savedResult      experiments.Result
	savedSweep       experiments.Sweep
	savedComparison  experiments.Comparison
	savedSensitivity experiments.Sensitivity
	savedDiagnosis   experiments.Diagnosis
	savedCalibration experiments.Calibration
)

func (r *savedResult) whole() error {
	return complete("it", (*experiments.Result)(r))
}

func (s *savedSweep) whole() error {
	if len(s.Points) == 0 {
		return errors.New("the sweep has no points")
	}
	for i, p := range s.Points {
		if !(p.Rate > 0) {
			return fmt.Errorf("point %d of the sweep has no rate above 0", i+1)
		}
		if err := complete(fmt.Sprintf("point %d of the sweep", i+1), p.Result); err != nil {
			return err
		}
	}
	return nil
}

func (c *savedComparison) whole() error {
	loads := (*experiments.Comparison)(c).Loads()
	if len(loads) == 0 {
		return errors.New("the comparison has no cases")
	}
	for _, at := range loads {
		if at == nil || len(at.Cases) == 0 {
			return errors.New("the comparison has no cases")
		}
		for _, k := range at.Cases {
			if err := complete("case "+k.Name, k.Result); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *savedSensitivity) whole() error { return complete("the study", s.Result) }
func (d *savedDiagnosis) whole() error   { return complete("the study", d.Result) }
func (c *savedCalibration) whole() error { return complete("the calibration", c.Result) }

// complete tells what a saved result lacks.
func complete(what string, r *experiments.Result) error {
	switch {
	case r == nil:
		return fmt.Errorf("%s has no result", what)
	case r.Nodes == nil:
		return fmt.Errorf("%s has a result without nodes", what)
	}
	for _, name := range r.NodeOrder {
		if _, there := r.Nodes[name]; !there {
			return fmt.Errorf("%s has no node %s, which is in its node_order", what, name)
		}
	}
	return evenSeries(what, &r.Series)
}

// evenSeries tells whether a series has as many points as times.
func evenSeries(what string, s *experiments.Series) error {
	all := [][]experiments.Num{s.Offered, s.Goodput, s.Errors, s.P50, s.P99}
	for _, n := range s.Nodes {
		all = append(all, n.CPU, n.Queue)
		if n.Instances != nil {
			all = append(all, n.Instances)
		}
	}
	for _, points := range all {
		if len(points) != len(s.T) {
			return fmt.Errorf("%s has a series of %d points where there are %d times", what, len(points), len(s.T))
		}
	}
	return nil
}
