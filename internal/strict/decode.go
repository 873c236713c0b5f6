package strict

import (
	"encoding"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// Decoder is a type that decodes itself, and reports what is wrong to the value. It is implemented on
// pointers. To decode its fields the usual way, after a look at the value, it calls DecodeFields. A key without a
// value never reaches it.
type Decoder interface {
	DecodeStrict(v *Value)
}

// Defaulter sets the defaults that tags cannot say. It is called on pointers to structs after the tags'
// defaults and before the keys; on embedded structs first.
type Defaulter interface {
	SetDefaults()
}

// Described says what a value of a type looks like, for errors: "a duration such as 4ms".
type Described interface {
	Describe() string
}

// Decode decodes a value into what a pointer points to; problems go to the value's document. A nil value only sets the
// defaults. It panics on types it cannot decode and on defaults that are wrong: both are errors of the program.
func Decode(v *Value, into any) {
	dst := target(into)
	if v == nil {
		setDefaults(dst, around{})
		return
	}
	decode(v, dst, Field{})
}

// DecodeFields decodes a map into the struct a pointer points to, by its tags, even if the type
// is a Decoder: for use in DecodeStrict.
func DecodeFields(v *Value, structPtr any) {
	dst := target(structPtr)
	if dst.Kind() != reflect.Struct {
		panic(fmt.Sprintf("strict: DecodeFields of %T, which is not a pointer to a struct", structPtr))
	}
	if v == nil {
		setDefaults(dst, around{})
		return
	}
	decodeStruct(v, dst)
}

func target(into any) reflect.Value {
	dst := reflect.ValueOf(into)
	if dst.Kind() != reflect.Pointer || dst.IsNil() {
		panic(fmt.Sprintf("strict: cannot decode into %T: a pointer is needed", into))
	}
	return dst.Elem()
}

// decode decodes any value. The field has the enum and the key that the value is for, if there is one.
func decode(v *Value, dst reflect.Value, field Field) {
	if v.broken {
		return
	}
	if v.kind == Null {
		v.reportNull(dst.Type(), field)
		return
	}
	if raw, ok := dst.Addr().Interface().(**Value); ok {
		*raw = v
		return
	}
	if dst.Kind() == reflect.Pointer {
		fresh, before := reflect.New(dst.Type().Elem()), v.doc.errors
		decode(v, fresh.Elem(), field)
		// What could not be read is not there; of a struct, what could be read can be judged.
		if v.doc.errors == before || v.kind == Map && fresh.Elem().Kind() == reflect.Struct {
			dst.Set(fresh)
		}
		return
	}
	switch custom := dst.Addr().Interface().(type) {
	case Decoder:
		custom.DecodeStrict(v)
		return
	case encoding.TextUnmarshaler:
		if v.kind != Scalar {
			v.Expected(describe(dst.Type()))
		} else if err := custom.UnmarshalText([]byte(v.text)); err != nil {
			v.Errorf("%s", err.Error())
		}
		return
	}
	switch dst.Kind() {
	case reflect.Struct:
		decodeStruct(v, dst)
	case reflect.Slice:
		decodeList(v, dst, field)
	case reflect.Map:
		decodeMap(v, dst, field)
	default:
		decodeScalar(v, dst, field)
	}
}

// reportNull reports a key, or an element, without a value.
func (v *Value) reportNull(t reflect.Type, field Field) {
	field.Type = t
	last := v.path[strings.LastIndexByte(v.path, '.')+1:]
	_, element := number(last)
	switch {
	case v.path == "":
		v.Expected(describe(t))
	case element:
		v.Errorf("an element of the list has no value: expected %s", field.expected())
	case field.Required || field.Key == "":
		v.Errorf("%s has no value: expected %s", quote(last), field.expected())
	case field.defaulted:
		v.Errorf("%s has no value; leave the key out for its default", quote(last))
	default:
		v.Errorf("%s has no value: expected %s, or leave the key out", quote(last), field.expected())
	}
}

// decodeStruct decodes a map by the tags of a struct.
func decodeStruct(v *Value, dst reflect.Value) {
	setDefaults(dst, around{v.doc, v.at, v.path})
	if v.kind != Map {
		v.Expected(describe(dst.Type()))
		return
	}
	fields := fieldsOf(dst.Type())
	byKey := make(map[string]Field, len(fields))
	for _, f := range fields {
		byKey[f.Key] = f
	}
	for _, entry := range v.entries {
		switch f, ok := byKey[entry.Key]; {
		case !ok:
			reportKey(v, entry, dst.Type(), fields)
		case f.Later:
			entry.KeyAt.Errorf("%s is not built yet", quote(entry.Key))
		default:
			decode(entry.Value, dst.FieldByIndex(f.index), f)
		}
	}
	for _, f := range fields {
		if _, given := v.entry(f.Key); f.Required && !given {
			v.doc.report(v.at, child(v.path, f.Key), fmt.Sprintf("%s is missing%s: expected %s", quote(f.Key), within(v, dst.Type()), f.expected()), "", false)
		}
	}
}

// expected says what the field takes.
func (f Field) expected() string {
	if len(f.Enum) > 0 {
		return oneOf(f.Enum)
	}
	return describe(f.Type)
}

// reportKey reports a key that a struct does not have.
func reportKey(v *Value, entry Entry, t reflect.Type, fields []Field) {
	var valid []string
	for _, f := range fields {
		if !f.Later {
			valid = append(valid, f.Key)
		}
	}
	message := fmt.Sprintf("unknown key %s%s; it has: %s", quote(entry.Key), within(v, t), list(valid))
	entry.KeyAt.report(message, v.doc.nearest(entry.Key, valid), false)
}

// within says which map a key is in: by what it is, if its type says so, or else by its path.
func within(v *Value, t reflect.Type) string {
	if described, ok := reflect.New(t).Interface().(Described); ok {
		text, _, _ := strings.Cut(described.Describe(), " such as ")
		return " in " + strings.TrimPrefix(strings.TrimPrefix(text, "an "), "a ")
	}
	if v.path == "" {
		return " at the top of the file"
	}
	return " in " + v.path
}

func decodeList(v *Value, dst reflect.Value, field Field) {
	if v.kind != List {
		expected := describe(dst.Type())
		if v.kind == Scalar {
			expected = "a list such as " + quote("["+v.text+"]")
		}
		v.Expected(expected)
		return
	}
	out := reflect.MakeSlice(dst.Type(), len(v.items), len(v.items))
	for i, item := range v.items {
		decode(item, out.Index(i), Field{Enum: field.Enum})
	}
	dst.Set(out)
}

func decodeMap(v *Value, dst reflect.Value, field Field) {
	t := dst.Type()
	if t.Key().Kind() != reflect.String {
		panic(fmt.Sprintf("strict: cannot decode into %v: the keys must be strings", t))
	}
	if v.kind != Map {
		v.Expected(describe(t))
		return
	}
	out := reflect.MakeMapWithSize(t, len(v.entries))
	for _, entry := range v.entries {
		value := reflect.New(t.Elem()).Elem()
		decode(entry.Value, value, Field{Enum: field.Enum})
		out.SetMapIndex(reflect.ValueOf(entry.Key).Convert(t.Key()), value)
	}
	dst.Set(out)
}

// lastKey is the last part of a path that is not an index, for naming what a word is meant for.
func lastKey(path string) string {
	parts := strings.Split(path, ".")
	for i := len(parts) - 1; i >= 0; i-- {
		if _, err := strconv.Atoi(parts[i]); err != nil && parts[i] != "" {
			return parts[i]
		}
	}
	return "value"
}
