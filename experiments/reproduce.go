package experiments

import (
	"context"
	"fmt"

	"headroom/internal/units"
	"headroom/scenarios"
	"headroom/scenarios/interview"
)

// A Reproduction is a scenario made of answers, whose simulation shows the figures that were reported.
type Reproduction struct {
	Text        []byte // of the file
	Assumptions []string
	Times       []scenarios.TimeAt // as solved
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
	switch full := p.Calibration.Saturated || p.Calibration.Result.Saturated; {
	case !measured:
		return p, nil
	case full:
		p.Assumptions = append(p.Assumptions, fmt.Sprintf("The reported p99 of %s is left out: of a system that is full it says only for how long it was.", units.FormatSeconds(p99)))
		return p, nil
	case p99 <= alone:
		p.Assumptions = append(p.Assumptions, fmt.Sprintf("The reported p99 of %s is left out: the reported utilizations alone make one of %s, in times that vary exponentially.",
			units.FormatSeconds(p99), units.FormatSeconds(alone)))
		return p, nil
	}
	return reproduce(ctx, in, p.Calibration.Edits(), run, o)
}

// measuredRequests is how many requests each replication of the search measures, unless the changes say otherwise.
const measuredRequests = "20k"

// reproduce solves the scenario from some times; with a delay that makes up the p99 if there are any.
func reproduce(ctx context.Context, in *interview.Interview, from, run []scenarios.Change, o Options) (*Reproduction, error) {
	delayed := from != nil
	text, err := scenarios.Rewrite(in.File(), in.Scenario(delayed), from)
	if err != nil {
		return nil, err
	}
	l, err := scenarios.Load(in.File(), text, "", append([]scenarios.Change{{Path: "run.requests", Value: measuredRequests}}, run...))
	if err != nil {
		return nil, err
	}
	k, err := Calibrate(ctx, l, o)
	if err != nil {
		return nil, err
	}
	if text, err = scenarios.Rewrite(in.File(), text, append(k.Edits(), k.bounds()...)); err != nil {
		return nil, err
	}
	solved, err := scenarios.Load(in.File(), text, "", nil)
	if err != nil {
		return nil, err
	}
	return &Reproduction{text, in.Assumptions(delayed), scenarios.Times(solved), k}, nil
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
