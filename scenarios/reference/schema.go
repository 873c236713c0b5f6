package reference

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"headroom/internal/strict"
	"headroom/models"
)

// Schema returns the JSON Schema (draft 2020-12) of the scenario format, as indented JSON. Keys that are not built yet are none of its
// properties: editors refuse them as the reader does. The keywords errorMessage, patternErrorMessage, enumDescriptions and
// defaultSnippets are those of the YAML language server, for readable errors and completed values; other validators pass over them.
func Schema() []byte {
	w := schemaWriter{defs: map[string]any{}}
	root := w.keys(reflect.TypeFor[models.Scenario]())
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "headroom scenario"
	root["$defs"] = w.defs
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(root); err != nil {
		panic(err) // maps of texts and lists
	}
	return []byte(text.String())
}

type object = map[string]any

// schemaWriter turns types into schemas. Each named struct, and each type of several shapes, is written once, under its name.
type schemaWriter struct{ defs object }

// of returns the schema of a type.
func (w *schemaWriter) of(t reflect.Type) object {
	for t.Kind() == reflect.Pointer {
		if t == reflect.TypeFor[*strict.Value]() {
			return object{"type": "object"}
		}
		t = t.Elem()
	}
	switch custom := reflect.New(t).Interface().(type) {
	case strict.Patterned:
		return w.define(t, func() object { return single(t, custom.Pattern()) })
	case strict.Shaped:
		return w.define(t, func() object { return w.shapes(t, custom.Shapes()) })
	case interface{ Element() reflect.Type }:
		return w.mapOf(custom.Element())
	case encoding.TextUnmarshaler, strict.Decoder: // of which tags do not say how it is written
		panic(fmt.Sprintf("reference: %v needs a Pattern or Shapes", t))
	}
	switch kind := t.Kind(); {
	case kind == reflect.Struct:
		return w.define(t, func() object { return w.keys(t) })
	case kind == reflect.Slice:
		return object{"type": "array", "items": w.of(t.Elem()), "errorMessage": expected(t)}
	case kind == reflect.Map:
		return w.mapOf(t.Elem())
	case kind == reflect.Bool:
		return object{"type": []string{"boolean", "string"}, "pattern": "^(true|false)$", "patternErrorMessage": expected(t)}
	case kind >= reflect.Int && kind <= reflect.Int64:
		return object{"type": []string{"integer", "string"}, "pattern": `^[+-]?[0-9]+(_[0-9]+)*$`, "patternErrorMessage": expected(t), "errorMessage": expected(t)}
	case kind >= reflect.Uint && kind <= reflect.Uint64:
		return object{"type": []string{"integer", "string"}, "minimum": 0, "pattern": `^\+?[0-9]+(_[0-9]+)*$`, "patternErrorMessage": expected(t), "errorMessage": expected(t)}
	}
	return text()
}

// expected is how errors say what a type looks like.
func expected(t reflect.Type) string { return "expected " + strict.Describe(t) }

// text is any single value, since the reader takes those by their text. That true and false are said in a roundabout way keeps editors from
// offering them for every name.
func text() object {
	usual, rest := []string{"string", "number"}, []string{"string", "number", "array", "object", "null"}
	return object{"anyOf": []object{{"type": usual, "errorMessage": "expected a text"}, {"not": object{"type": rest}}}}
}

func (w *schemaWriter) mapOf(t reflect.Type) object {
	return object{"type": "object", "additionalProperties": w.of(t)}
}

// single is a value of a form. A bare number, which is no text for an editor, is one where the form admits it.
func single(t reflect.Type, pattern string) object {
	form := regexp.MustCompile(pattern)
	schema := object{"type": "string", "pattern": pattern, "patternErrorMessage": expected(t), "errorMessage": expected(t)}
	switch {
	case form.MatchString("42"):
		schema["type"], schema["minimum"] = []string{"string", "number"}, 0
	case form.MatchString("0"):
		schema["type"] = []string{"string", "number"}
		schema["if"], schema["then"] = object{"type": "number"}, object{"const": 0, "errorMessage": expected(t)}
	}
	exemplify(schema, t)
	return schema
}

// exemplify lets editors offer a type's examples as values, and show the first of them.
func exemplify(schema object, t reflect.Type) {
	e, ok := reflect.New(t).Interface().(strict.Exemplified)
	if !ok {
		return
	}
	var snippets []object
	for _, example := range e.Examples() {
		snippets = append(snippets, object{"label": example, "body": example})
	}
	schema["defaultSnippets"] = snippets
	schema["examples"] = e.Examples()[:min(3, len(snippets))]
}

// define writes a schema once and refers to it.
func (w *schemaWriter) define(t reflect.Type, schema func() object) object {
	name := strings.ToLower(t.Name()[:1]) + t.Name()[1:]
	if _, known := w.defs[name]; !known {
		w.defs[name] = nil // for what refers to itself
		w.defs[name] = schema()
	}
	return object{"$ref": "#/$defs/" + name}
}

// shapes is a value of one of some shapes: a single value, a map with known keys, or a map with names for keys. Which of them it is meant
// to be shows before it is judged, as it does for the reader, so that an error speaks of what was meant.
func (w *schemaWriter) shapes(t reflect.Type, shapes []any) object {
	var singles, maps []object
	var keyed object
	var keys []object // that tell a map with known keys from others
	schema := object{"type": []string{"string", "number", "object"}, "errorMessage": expected(t)}
	for _, shape := range shapes {
		switch s := shape.(type) {
		case strict.Word:
			singles = append(singles, object{"const": string(s), "errorMessage": expected(t)})
		case strict.Keys:
			keyed = w.keys(reflect.TypeOf(s.Of).Elem())
			for _, f := range strict.Fields(s.Of) {
				keys = append(keys, object{"required": []string{f.Key}})
			}
		case strict.Kinds:
			return w.kinds(s)
		default:
			t := reflect.TypeOf(shape).Elem()
			if isMap(t) {
				maps = append(maps, w.of(t))
				continue
			}
			singles = append(singles, w.of(t))
			exemplify(schema, t)
		}
	}
	of := either(maps)
	switch {
	case keyed != nil && of == nil:
		of = keyed
	case keyed != nil:
		of = object{"if": object{"anyOf": keys}, "then": keyed, "else": of}
	}
	switch {
	case len(singles) == 0:
		return of
	case of == nil:
		return either(singles)
	}
	schema["if"], schema["then"], schema["else"] = object{"type": "object"}, of, either(singles)
	return schema
}

// isMap tells whether a type of one shape is written as a map.
func isMap(t reflect.Type) bool {
	switch custom := reflect.New(t).Interface().(type) {
	case strict.Shaped:
		return isMap(reflect.TypeOf(custom.Shapes()[0]).Elem())
	case interface{ Element() reflect.Type }:
		return true
	}
	return t.Kind() == reflect.Map
}

func either(schemas []object) object {
	switch len(schemas) {
	case 0:
		return nil
	case 1:
		return schemas[0]
	}
	return object{"anyOf": schemas}
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
	schema := object{"type": "object", "additionalProperties": false, "properties": properties}
	if len(required) > 0 {
		schema["required"] = required
	}
	if c, ok := reflect.New(t).Interface().(strict.Choosing); ok {
		var rules []object
		for _, choice := range c.Choices() {
			rules = append(rules, choiceRules(choice)...)
		}
		schema["allOf"] = rules
	}
	return schema
}

// choiceRules say that at most one of some keys may be given, or exactly one.
func choiceRules(c strict.Choice) []object {
	words := strings.Join(c.Of, ", ")
	var given, rules []object
	for i, key := range c.Of {
		given = append(given, object{"required": []string{key}})
		if i == 0 {
			continue
		}
		rules = append(rules, object{
			"if":   object{"required": []string{key}, "anyOf": given[:i]},
			"then": object{"properties": object{key: false}, "errorMessage": "only one of these may be given: " + words},
		})
	}
	if c.Needed {
		rules = append(rules, object{
			"if":   object{"not": object{"anyOf": given}},
			"then": object{"required": c.Of[:1], "errorMessage": "one of these is missing: " + words},
		})
	}
	return rules
}

func (w *schemaWriter) field(f strict.Field) object {
	schema := object{}
	if len(f.Enum) > 0 {
		schema["enum"] = f.Enum
	} else {
		for k, v := range w.of(f.Type) {
			schema[k] = v
		}
	}
	schema["description"] = f.Doc
	if f.Default != "" {
		schema["description"] = fmt.Sprintf("%s (default: %s)", f.Doc, f.Default)
	}
	if n, err := strconv.Atoi(f.Default); err == nil && f.Type.Kind() == reflect.Int {
		schema["default"] = n
	}
	if f.Required { // and of no use when empty
		switch schema["type"] {
		case "object":
			schema["minProperties"] = 1
		case "array":
			schema["minItems"] = 1
		}
	}
	return schema
}

// kinds is a map whose value under one key says which others it has.
func (w *schemaWriter) kinds(k strict.Kinds) object {
	var words, meanings []string
	var rules []object
	for _, kind := range k.Of {
		about, _, _ := models.Explain(kind.Word)
		words, meanings = append(words, kind.Word), append(meanings, firstSentence(about.About))
		t := reflect.TypeOf(kind.Keys).Elem()
		rules = append(rules, object{
			"if":   object{"properties": object{k.Key: object{"const": kind.Word}}, "required": []string{k.Key}},
			"then": w.define(t, func() object { return w.keys(t) }),
		})
	}
	kind := object{"enum": words, "enumDescriptions": meanings, "description": "what the node is"}
	return object{"type": "object", "required": []string{k.Key}, "properties": object{k.Key: kind}, "allOf": rules}
}

// firstSentence is a text up to its first full stop that ends a word.
func firstSentence(text string) string {
	sentence, _, _ := strings.Cut(text, ". ")
	return strings.TrimSuffix(sentence, ".") + "."
}
