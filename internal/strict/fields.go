package strict

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
)

// Field describes one key that a struct declares by its tags.
type Field struct {
	Key      string
	Default  string       // the text of the default, "" if there is none
	Doc      string       // one line of documentation
	Type     reflect.Type // of the Go field
	Later    bool         // known to the format, and refused as not built yet
	Required bool
	Enum     []string // the only valid words, if any
	Embedded bool     // declared by a struct that this one embeds

	defaulted bool  // there is a default, if only an empty one
	index     []int // the way to the field through embedded structs
}

// Fields lists the keys of a struct in the order of its fields, those of embedded structs in their place. It
// takes a struct, a pointer to one, or the reflect.Type of either. Where the struct and one that it embeds declare the same
// key, the outer one holds.
func Fields(structPtrOrType any) []Field {
	t, ok := structPtrOrType.(reflect.Type)
	if !ok {
		t = reflect.TypeOf(structPtrOrType)
	}
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil || t.Kind() != reflect.Struct {
		panic(fmt.Sprintf("strict: Fields of %T, which is not a struct", structPtrOrType))
	}
	return fieldsOf(t)
}

// known caches the fields of struct types.
var known sync.Map // reflect.Type → []Field

func fieldsOf(t reflect.Type) []Field {
	if fields, ok := known.Load(t); ok {
		return fields.([]Field)
	}
	fields := shadowed(t, declared(t, nil))
	known.Store(t, fields)
	return fields
}

// declared reads the tags of a struct and of those embedded in it.
func declared(t reflect.Type, way []int) []Field {
	var fields []Field
	for i := range t.NumField() {
		f := t.Field(i)
		index := append(way[:len(way):len(way)], i)
		key, ok := f.Tag.Lookup("key")
		switch {
		case ok && (f.IsExported() || f.Name == "_"):
			fields = append(fields, newField(f, key, index))
		case ok:
			panic(fmt.Sprintf("strict: %v.%s has a key but is not exported", t, f.Name))
		case f.Anonymous && f.Type.Kind() == reflect.Struct:
			fields = append(fields, declared(f.Type, index)...)
		}
	}
	return fields
}

func newField(f reflect.StructField, key string, index []int) Field {
	text, defaulted := f.Tag.Lookup("default")
	field := Field{
		Key: key, Default: text, Doc: f.Tag.Get("doc"), Type: f.Type,
		Later: f.Tag.Get("later") == "true", Required: f.Tag.Get("required") == "true",
		defaulted: defaulted, index: index, Embedded: len(index) > 1,
	}
	if words := f.Tag.Get("enum"); words != "" {
		field.Enum = strings.Split(words, "|")
	}
	if f.Name == "_" && !field.Later {
		panic(fmt.Sprintf("strict: the blank field with key %q must be tagged later:\"true\"", key))
	}
	return field
}

// shadowed drops the fields whose key an outer struct declares too.
func shadowed(t reflect.Type, fields []Field) []Field {
	depth := map[string]int{}
	for _, f := range fields {
		if before, ok := depth[f.Key]; !ok || len(f.index) < before {
			depth[f.Key] = len(f.index)
		} else if before == len(f.index) {
			panic(fmt.Sprintf("strict: %v declares the key %q twice", t, f.Key))
		}
	}
	var kept []Field
	for _, f := range fields {
		if depth[f.Key] == len(f.index) {
			kept = append(kept, f)
		}
	}
	return kept
}
