package models

import (
	"maps"
	"slices"

	"headroom/internal/strict"
	"headroom/internal/units"
)

// How the values are written whose readers look at more than one shape.

// Shapes implements strict.Shaped.
func (*Node) Shapes() []any {
	shape := strict.Kinds{Key: "kind"}
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		shape.Of = append(shape.Of, strict.KindKeys{Word: kind, Keys: kinds[kind]()})
	}
	return []any{shape}
}

// Shapes implements strict.Shaped.
func (*Step) Shapes() []any { return []any{strict.Word("respond"), strict.Keys{Of: new(stepKeys)}} }

// Shapes implements strict.Shaped.
func (*Targets) Shapes() []any { return []any{new(string), new(strict.Ordered[units.Number])} }

// Shapes implements strict.Shaped.
func (*split) Shapes() []any { return []any{new(Time), strict.Keys{Of: new(split)}} }

// Shapes implements strict.Shaped.
func (*Query) Shapes() []any { return []any{new(split), new(strict.Ordered[split])} }

// Shapes implements strict.Shaped.
func (*PerClass) Shapes() []any { return []any{new(Time), new(strict.Ordered[Time])} }

// Shapes implements strict.Shaped.
func (*Routing) Shapes() []any { return []any{new(strict.Ordered[units.Share])} }

// Shapes implements strict.Shaped.
func (*Next) Shapes() []any { return []any{new(Routing), new(strict.Ordered[Routing])} }

// Shapes implements strict.Shaped.
func (*Response) Shapes() []any { return []any{new(units.Size), strict.Keys{Of: new(Response)}} }

// Shapes implements strict.Shaped.
func (*Observed) Shapes() []any { return []any{new(map[string]string)} }

// Pattern implements strict.Patterned.
func (Warmup) Pattern() string { return "(^auto$)|(" + units.Duration(0).Pattern() + ")" }

// Pattern implements strict.Patterned.
func (*Time) Pattern() string {
	return "(" + units.Duration(0).Pattern() + `)|(^\s*(exp|uniform|normal|lognormal|erlang|gamma|hyperexp|pareto|weibull|quantiles|samples|mix)\(.*\)\s*$)`
}

// Pattern implements strict.Patterned.
func (*Popularity) Pattern() string { return `^\s*(uniform|scan|zipf\(.+\)|hot\(.+\))\s*$` }

// Pattern implements strict.Patterned.
func (*Arrivals) Pattern() string { return `^\s*(poisson|constant|erlang\(.+\)|hyperexp\(.+\))\s*$` }

// Pattern implements strict.Patterned.
func (*Target) Pattern() string { return `^\s*(\S+\.)?[a-z][a-z_]*(\(?[0-9.]+\)?)?\s*[<>]\s*[0-9].*$` }

// StepKeys returns a pointer to the struct of a step's keys.
func StepKeys() any { return new(stepKeys) }

// TimeExamples returns an example of each notation of a time.
func TimeExamples() []string {
	all := []string{"4ms"}
	for _, n := range timeNotations {
		all = append(all, n.example)
	}
	return all
}

// Shapes implements strict.Shaped.
func (*Trace) Shapes() []any { return []any{new(string)} }
