package reference

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"headroom/internal/strict"
	"headroom/models"
)

// Schema returns the JSON Schema (draft 2020-12) of the scenario format, as indented JSON. Keys that are not built yet are none of its
// properties: editors refuse them as the reader does.
func Schema() []byte {
	w := schemaWriter{defs: map[string]any{}}
	root := w.keys(reflect.TypeFor[models.Scenario]())
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "headroom scenario"
	root["$defs"] = w.defs
	text, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		panic(err) // maps of texts and lists
	}
	return append(text, '\n')
}

type object = map[string]any

// schemaWriter turns types into schemas. Each named struct, and each type of several shapes, is written once, under its name.
type schemaWriter struct{ defs map[string]any }

// of returns the schema of a type.
func (w *schemaWriter) of(t reflect.Type) any {
	for t.Kind() == reflect.Pointer {
		if t == reflect.TypeFor[*strict.Value]() {
			return object{"type": "object"}
		}
		t = t.Elem()
	}
	switch custom := reflect.New(t).Interface().(type) {
	case strict.Patterned:
		return scalar(custom.Pattern())
	case strict.Shaped:
		return w.define(t, func() any { return w.anyOf(custom.Shapes()) })
	case interface{ Element() reflect.Type }:
		return object{"type": "object", "additionalProperties": w.of(custom.Element())}
	case encoding.TextUnmarshaler:
		return text()
	}
	switch kind := t.Kind(); {
	case kind == reflect.Struct:
		return w.define(t, func() any { return w.keys(t) })
	case kind == reflect.Slice:
		return object{"type": "array", "items": w.of(t.Elem())}
	case kind == reflect.Map:
		return object{"type": "object", "additionalProperties": w.of(t.Elem())}
	case kind == reflect.Bool:
		return object{"enum": []any{true, false, "true", "false"}}
	case kind >= reflect.Int && kind <= reflect.Uint64:
		return object{"anyOf": []any{object{"type": "integer"}, object{"type": "string", "pattern": `^[+-]?[0-9_]+$`}}}
	}
	return text()
}

// text is what a text may be written as: the reader takes scalars by their text.
func text() object { return object{"type": []string{"string", "number", "boolean"}} }

// scalar is a single value of a form; a bare number is judged by the reader alone.
func scalar(pattern string) object {
	return object{"type": []string{"string", "number"}, "pattern": pattern}
}

// define writes a schema once and refers to it.
func (w *schemaWriter) define(t reflect.Type, schema func() any) any {
	name := nameOf(t)
	if _, known := w.defs[name]; !known {
		w.defs[name] = nil // for what refers to itself
		w.defs[name] = schema()
	}
	return object{"$ref": "#/$defs/" + name}
}

// nameOf makes a name of a type's: Balancer is balancer; keys of several shapes of one type differ from the type.
func nameOf(t reflect.Type) string {
	name := t.Name()
	return strings.ToLower(name[:1]) + name[1:]
}

// anyOf is a value of one of some shapes.
func (w *schemaWriter) anyOf(shapes []any) any {
	var all []any
	for _, shape := range shapes {
		switch s := shape.(type) {
		case strict.Word:
			all = append(all, object{"const": string(s)})
		case strict.Keys:
			all = append(all, w.keys(reflect.TypeOf(s.Of).Elem()))
		case strict.Kinds:
			all = append(all, w.kinds(s))
		default:
			all = append(all, w.of(reflect.TypeOf(shape).Elem()))
		}
	}
	if len(all) == 1 {
		return all[0]
	}
	return object{"anyOf": all}
}

// keys is a map with the keys of a struct.
func (w *schemaWriter) keys(t reflect.Type) object {
	properties, required := object{}, []string{}
	for _, f := range strict.Fields(t) {
		if f.Later {
			continue
		}
		properties[f.Key] = w.field(f)
		if f.Required {
			required = append(required, f.Key)
		}
	}
	out := object{"type": "object", "additionalProperties": false, "properties": properties}
	if len(required) > 0 {
		out["required"] = required
	}
	return out
}

func (w *schemaWriter) field(f strict.Field) object {
	schema, described := object{}, f.Doc
	if len(f.Enum) > 0 {
		schema["enum"] = f.Enum
	} else if inner, ok := w.of(f.Type).(object); ok {
		for k, v := range inner {
			schema[k] = v
		}
	}
	if f.Default != "" {
		described = fmt.Sprintf("%s (default: %s)", described, f.Default)
		if len(f.Enum) > 0 {
			schema["default"] = f.Default
		}
	}
	schema["description"] = described
	return schema
}

// kinds is a map whose value under one key says which others it has.
func (w *schemaWriter) kinds(k strict.Kinds) object {
	var words, rules []any
	for _, kind := range k.Of {
		words = append(words, kind.Word)
		t := reflect.TypeOf(kind.Keys).Elem()
		rules = append(rules, object{
			"if":   object{"properties": object{k.Key: object{"const": kind.Word}}, "required": []string{k.Key}},
			"then": w.define(t, func() any { return w.keys(t) }),
		})
	}
	return object{"type": "object", "required": []string{k.Key}, "properties": object{k.Key: object{"enum": words, "description": "what the node is"}}, "allOf": rules}
}
