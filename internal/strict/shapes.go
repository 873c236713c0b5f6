package strict

import "reflect"

// Patterned is a type that is written as a single value of a form: a regular expression, in the syntax that JavaScript and Go have in
// common.
type Patterned interface {
	Pattern() string
}

// Exemplified is a type with examples of how it is written, the most useful first.
type Exemplified interface {
	Examples() []string
}

// Choosing is a struct of which some keys exclude each other.
type Choosing interface {
	Choices() []Choice
}

// Choice is keys of which at most one may be given, or exactly one.
type Choice struct {
	Of     []string
	Needed bool
}

// Shaped is a Decoder that says which shapes its value may have. Each is a pointer to a type that is written so, or a Word, Keys or Kinds.
type Shaped interface {
	Shapes() []any
}

// Word is a shape: that very word.
type Word string

// Keys is a shape: a map with the keys that a struct declares by its tags, even if the struct is a Decoder.
type Keys struct{ Of any }

// Kinds is a shape: a map whose value under one key says which struct declares the others.
type Kinds struct {
	Key string
	Of  []KindKeys
}

// KindKeys is one of Kinds.
type KindKeys struct {
	Word string
	Keys any // a pointer to the struct
}

// Element returns the type of the map's values.
func (Ordered[T]) Element() reflect.Type { return reflect.TypeFor[T]() }

// Describe says what a value of a type looks like, for people: "a duration such as 4ms".
func Describe(t reflect.Type) string { return describe(t) }
