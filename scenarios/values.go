package scenarios

import (
	"fmt"
	"slices"
	"strings"

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

// Flat returns changes that come to the same in a scenario's text as some that were made to it, and take no key away: where one does, what is
// around the key is said as a whole. They can be written as --set.
func Flat(source string, made []Change) []Change {
	doc := strict.Parse("", []byte(source))
	flat := slices.Clone(made)
	for _, c := range made {
		around := c.Replaces[:max(strings.LastIndexByte(c.Replaces, '.'), 0)]
		if around == "" || !doc.Given(around) {
			continue
		}
		flat = slices.DeleteFunc(flat, func(other Change) bool {
			return other.Path == around || strings.HasPrefix(other.Path+".", around+".") || other.Path == "" && other.Replaces == c.Replaces
		})
		flat = append(flat, Change{Path: around, Value: doc.At(around).Flow()})
	}
	return flat
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
