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
func (*Event) Shapes() []any { return []any{strict.Keys{Of: new(Event)}} }

// Shapes implements strict.Shaped.
func (*Targets) Shapes() []any { return []any{new(string), new(strict.Ordered[units.Number])} }

// Shapes implements strict.Shaped.
func (*split) Shapes() []any { return []any{new(Time), strict.Keys{Of: new(split)}} }

// Shapes implements strict.Shaped.
func (*Query) Shapes() []any {
	return []any{new(Time), strict.Keys{Of: new(split)}, new(strict.Ordered[split])}
}

// Shapes implements strict.Shaped.
func (*Replicas) Shapes() []any { return []any{new(units.Count), new(strict.Ordered[units.Count])} }

// Shapes implements strict.Shaped.
func (*PerClass) Shapes() []any { return []any{new(Time), new(strict.Ordered[Time])} }

// Shapes implements strict.Shaped.
func (*Routing) Shapes() []any { return []any{new(strict.Ordered[units.Share])} }

// Shapes implements strict.Shaped.
func (*Next) Shapes() []any { return []any{new(Routing), new(strict.Ordered[Routing])} }

// Shapes implements strict.Shaped.
func (*Response) Shapes() []any { return []any{new(units.Size), strict.Keys{Of: new(Response)}} }

// Shapes implements strict.Shaped.
func (*Format) Shapes() []any { return conversionShapes(formats) }

// Shapes implements strict.Shaped.
func (*Compression) Shapes() []any { return conversionShapes(compressions) }

func conversionShapes(words strict.Ordered[Conversion]) []any {
	shapes := []any{new(Remainder), strict.Keys{Of: new(Conversion)}}
	for _, w := range words.Keys() {
		shapes = append(shapes, strict.Word(w))
	}
	return shapes
}

// Shapes implements strict.Shaped.
func (*Observed) Shapes() []any { return []any{new(map[string]string)} }

// StepKeys returns a pointer to the struct of a step's keys.
func StepKeys() any { return new(stepKeys) }

// Which keys exclude each other; that they do is checked with the rest of their struct.

// Choices implements strict.Choosing.
func (*Run) Choices() []strict.Choice { return []strict.Choice{{Of: []string{"duration", "requests"}}} }

// Choices implements strict.Choosing.
func (*Traffic) Choices() []strict.Choice {
	return []strict.Choice{{Of: []string{"rate", "stages", "users", "replay", "batch"}, Needed: true}}
}

// Choices implements strict.Choosing.
func (*Event) Choices() []strict.Choice { return []strict.Choice{{Of: eventActions, Needed: true}} }

// Choices implements strict.Choosing.
func (*Stage) Choices() []strict.Choice {
	return []strict.Choice{{Of: []string{"rate", "to"}, Needed: true}}
}

// Choices implements strict.Choosing.
func (*Server) Choices() []strict.Choice {
	return []strict.Choice{{Of: []string{"work", "handles"}}, {Of: []string{"calls", "handles"}}}
}

// Choices implements strict.Choosing.
func (*stepKeys) Choices() []strict.Choice { return []strict.Choice{{Of: actions, Needed: true}} }

// Choices implements strict.Choosing.
func (*Cache) Choices() []strict.Choice {
	return []strict.Choice{{Of: []string{"hit_ratio", "entries", "memory"}, Needed: true}}
}
