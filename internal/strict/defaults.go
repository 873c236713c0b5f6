package strict

import (
	"encoding"
	"fmt"
	"reflect"
)

// around is where a struct with defaults is: what checks say about a default later is shown there.
type around struct {
	doc  *Document // nil: nowhere
	at   place
	path string
}

// setDefaults sets what the tags of a struct, and its SetDefaults, say; it does nothing to other types but to
// call their SetDefaults.
func setDefaults(dst reflect.Value, in around) {
	if dst.Kind() == reflect.Struct {
		for _, f := range fieldsOf(dst.Type()) {
			if !f.Later {
				setDefault(dst.FieldByIndex(f.index), f, in)
			}
		}
		setEmbedded(dst)
	}
	if custom, ok := dst.Addr().Interface().(Defaulter); ok {
		custom.SetDefaults()
	}
}

// setDefault sets one field to its default. A struct that is left out has the defaults of its own
// fields.
func setDefault(dst reflect.Value, f Field, in around) {
	in.path = child(in.path, f.Key)
	if f.defaulted {
		decodeDefault(dst, f, in)
		return
	}
	if _, text := dst.Addr().Interface().(encoding.TextUnmarshaler); dst.Kind() == reflect.Struct && !text {
		setDefaults(dst, in)
	}
}

// setEmbedded calls SetDefaults of embedded structs, the innermost first.
func setEmbedded(dst reflect.Value) {
	t := dst.Type()
	for i := range t.NumField() {
		_, keyed := t.Field(i).Tag.Lookup("key")
		if keyed || !t.Field(i).Anonymous || t.Field(i).Type.Kind() != reflect.Struct {
			continue
		}
		setEmbedded(dst.Field(i))
		// An embedded struct of an unexported type cannot be asked for its interface, but by its address.
		inner := reflect.NewAt(t.Field(i).Type, dst.Field(i).Addr().UnsafePointer())
		if custom, ok := inner.Interface().(Defaulter); ok {
			custom.SetDefaults()
		}
	}
}

// simple matches texts that YAML reads as they are.
var simple = lazily(`^[A-Za-z0-9$][A-Za-z0-9$%./()=_ |-]*$`)

// decodeDefault decodes the text of a default as if it stood in the file.
func decodeDefault(dst reflect.Value, f Field, in around) {
	d := &Document{}
	if in.doc != nil {
		d.file = in.doc.file
	}
	value := &Value{doc: d, kind: Scalar, text: f.Default, path: in.path}
	if f.Default != "" && !simple().MatchString(f.Default) {
		src := &source{origin: "default"}
		node, ok := d.load(src, []byte(f.Default))
		if !ok || node == nil {
			panic(fmt.Sprintf("strict: the default %q of the key %q is not YAML: %v", f.Default, f.Key, d.problems))
		}
		value = d.build(src, node, in.path)
	}
	decode(value, dst, f)
	if d.Failed() {
		panic(fmt.Sprintf("strict: the default %q of the key %q is wrong: %v", f.Default, f.Key, d.problems))
	}
	d.parent, d.parentAt = in.doc, in.at
}
