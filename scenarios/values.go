package scenarios

import (
	"fmt"

	"headroom/internal/strict"
)

// A ValueAt is a single value of a scenario.
type ValueAt struct {
	Path string // as for a Change
	Text string // as written
}

// Values lists the single values of a scenario's text in its order.
func Values(source string) []ValueAt {
	var all []ValueAt
	walk(strict.Parse("", []byte(source)).Root(), func(v, _ *strict.Value) { all = append(all, ValueAt{v.Path(), v.Text()}) })
	return all
}

// Rates returns the changes that give a file the rates which the sources of a loaded scenario have, of those that scale: what ScaleTo did, to
// be written down.
func Rates(l *Loaded) []Change {
	var all []Change
	add := func(path string, rate fmt.Stringer) { all = append(all, Change{Path: path, Value: rate.String()}) }
	for _, t := range l.Traffic {
		if !t.Value.Scales || !t.Value.Open() {
			continue
		}
		if t.Value.Rate != nil {
			add("traffic."+t.Key+".rate", t.Value.Rate)
		}
		for i, stage := range t.Value.Stages {
			if stage.Rate != nil {
				add(fmt.Sprintf("traffic.%s.stages.%d.rate", t.Key, i), stage.Rate)
			}
			if stage.To != nil {
				add(fmt.Sprintf("traffic.%s.stages.%d.to", t.Key, i), stage.To)
			}
		}
	}
	return all
}
