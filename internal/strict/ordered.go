package strict

import "reflect"

// Ordered is a map in the order of the file.
type Ordered[T any] []Pair[T]

// Pair is one entry of an Ordered map.
type Pair[T any] struct {
	Key   string
	At    string // the path of the entry, such as nodes.api
	Value T
}

// DecodeStrict decodes a map in file order.
func (o *Ordered[T]) DecodeStrict(v *Value) {
	if v.Kind() != Map {
		v.Expected(o.Describe())
		return
	}
	*o = make(Ordered[T], 0, len(v.Entries()))
	for _, entry := range v.Entries() {
		pair := Pair[T]{Key: entry.Key, At: entry.KeyAt.Path()}
		Decode(entry.Value, &pair.Value)
		*o = append(*o, pair)
	}
}

// Describe says what the map looks like.
func (o *Ordered[T]) Describe() string { return "a map of names" + ofEach(reflect.TypeFor[T]()) }

// Get returns the value of a key, and whether there is one.
func (o Ordered[T]) Get(key string) (T, bool) {
	for _, pair := range o {
		if pair.Key == key {
			return pair.Value, true
		}
	}
	var none T
	return none, false
}

// Keys are the keys in file order.
func (o Ordered[T]) Keys() []string {
	keys := make([]string, len(o))
	for i, pair := range o {
		keys[i] = pair.Key
	}
	return keys
}
