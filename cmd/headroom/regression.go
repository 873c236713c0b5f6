package main

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"headroom/experiments"
	"headroom/internal/units"
	"headroom/reports"
)

// loadSaved reads the result that --baseline names.
func (f *compareFlags) loadSaved() error {
	text, err := f.scenario.inputs.file(f.baseline)
	if err != nil {
		return misusef("--baseline %s: %v", f.baseline, cause(err))
	}
	if f.saved, err = reports.ReadBaseline(bytes.NewReader(text)); err != nil {
		return misusef("--baseline %s: %v", f.baseline, err)
	}
	return nil
}

// savedCase is the architecture of the saved result, to be simulated again beside the others: only so do all see the same requests. Its
// text has the variant and the changes of that time in it, and its rate is that of that time, unless --rate asks for another.
func (f *compareFlags) savedCase() (experiments.Case, error) {
	none := experiments.Case{}
	changes, err := f.scenario.runChanges()
	if err != nil {
		return none, err
	}
	info := f.saved.Scenario
	l, err := f.scenario.loadText(info.File, []byte(info.Source), "", changes)
	if err != nil {
		return none, fmt.Errorf("--baseline %s: the scenario in it: %w", f.baseline, err)
	}
	if asked := float64(f.saved.Load.Asked); f.scenario.rate.perSecond == 0 && f.saved.Load.Asked.Known() && l.Staged() == 0 && !l.Surges() {
		l.ScaleTo(asked)
	}
	return experiments.Case{Name: shortName(f.baseline), Loaded: l}, nil
}

// A tolerance is how much worse a metric may be than that of the baseline: as a part of it, or in points where it is a share itself.
type tolerance struct {
	text, metric string
	least        float64
}

// metricNames are the metrics of a comparison, as they are typed and as a difference has them.
var metricNames = map[string]string{"p99": "p99", "p99.9": "p999", "mean": "mean", "p50": "p50", "errors": "error_rate", "goodput": "goodput", "cost": "cost_per_month", "capacity": "capacity"}

// tolerances reads what --fail-on-regression says.
func (f *compareFlags) tolerances() ([]tolerance, error) {
	var all []tolerance
	for _, text := range f.failOn {
		words := strings.Fields(text)
		var most units.Share
		if len(words) != 2 || most.UnmarshalText([]byte(words[1])) != nil {
			return nil, misusef("--fail-on-regression %s: expected a metric and how much worse it may be, such as \"p99 5%%\"", text)
		}
		metric, known := metricNames[words[0]]
		if !known {
			return nil, unknown("metric", words[0], slices.Sorted(maps.Keys(metricNames)))
		}
		all = append(all, tolerance{text, metric, float64(most)})
	}
	return all, nil
}

// regressions tells of every case that is worse than the baseline allows, beyond chance.
func regressions(c *experiments.Comparison, allowed []tolerance) []string {
	var all []string
	for _, t := range allowed {
		compared := false
		for _, at := range c.Loads() {
			for _, d := range at.Differences {
				compared = compared || d.Metric == t.metric
				if d.Metric == t.metric && t.exceeded(at, d) {
					all = append(all, fmt.Sprintf("regression of %s, where %s is allowed: %s", d.Case, t.text, reports.Words(d)))
				}
			}
		}
		if !compared {
			all = append(all, fmt.Sprintf("--fail-on-regression %s: there is no such figure to compare: %s", t.text, t.missing()))
		}
	}
	return all
}

// missing says why a comparison does not have the metric.
func (t tolerance) missing() string {
	if t.metric == "capacity" {
		return "no capacity was searched"
	}
	return "nothing has a price"
}

// exceeded tells whether a difference is for the worse, by more than is allowed, and no matter of chance: 0 is outside its interval. A case
// that has no steady latency any more is worse than any that has one.
func (t tolerance) exceeded(at *experiments.Compared, d experiments.Difference) bool {
	switch d.Verdict {
	case experiments.NoDifference:
		return false
	case experiments.NotSteady:
		return !at.Cases[0].Result.Saturated
	case experiments.NotComparable:
		return true
	}
	by := float64(d.Relative)
	if d.Unit == "share" || !d.Relative.Known() {
		by = float64(d.Absolute)
	}
	if d.Metric == "goodput" || d.Metric == "capacity" {
		by = -by
	}
	return by > t.least
}
