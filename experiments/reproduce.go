package experiments

import (
	"context"

	"headroom/scenarios"
	"headroom/scenarios/interview"
)

// A Reproduction is a scenario made of answers, whose simulation shows the figures that were reported.
type Reproduction struct {
	Text        []byte // of the file
	Assumptions []string
	Calibration *Calibration
}

// Reproduce solves the service times of the scenario that an interview describes, as Calibrate does. Where a resource was reported to be
// full, its demand is the least that fills it. A measured p99 is longer than the work and its queues make it by a time in which no resource
// is busy; if it is shorter than these, they stay as the utilizations have them. The changes say what the runs are like.
func Reproduce(ctx context.Context, in *interview.Interview, run []scenarios.Change, o Options) (*Reproduction, error) {
	p, err := reproduce(ctx, in, nil, run, o)
	if err != nil {
		return nil, err
	}
	p99, measured := in.P99()
	alone := float64(p.Calibration.Result.Latency.P99)
	if !measured || p.Calibration.Saturated || p.Calibration.Result.Saturated || p99 <= alone {
		return p, nil
	}
	return reproduce(ctx, in, p.Calibration.Edits(), run, o)
}

// reproduce solves the scenario from some times; with a delay that makes up the p99 if there are any.
func reproduce(ctx context.Context, in *interview.Interview, from, run []scenarios.Change, o Options) (*Reproduction, error) {
	delayed := from != nil
	text, err := scenarios.Rewrite(in.File(), in.Scenario(delayed), from)
	if err != nil {
		return nil, err
	}
	l, err := scenarios.Load(in.File(), text, "", run)
	if err != nil {
		return nil, err
	}
	k, err := Calibrate(ctx, l, o)
	if err != nil {
		return nil, err
	}
	text, err = scenarios.Rewrite(in.File(), text, append(k.Edits(), k.bounds()...))
	return &Reproduction{text, in.Assumptions(delayed), k}, err
}

// bounds are the least times of resources that were full, as changes of the file.
func (k *Calibration) bounds() []scenarios.Change {
	var all []scenarios.Change
	for _, f := range k.Figures {
		for _, b := range f.AtLeast {
			all = append(all, scenarios.Change{Path: b.Path, Value: b.Value})
		}
	}
	return all
}
