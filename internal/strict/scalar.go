package strict

import (
	"encoding"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

var (
	wholeNumber   = lazily(`^[+-]?[0-9]+(_[0-9]+)*$`)
	decimalNumber = lazily(`^[+-]?([0-9]+(_[0-9]+)*)?(\.[0-9]*)?([eE][+-]?[0-9]+)?$`)
)

// lazily compiles an expression when it is first needed: most commands need few of them.
func lazily(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

// decodeScalar decodes strings, bools and numbers by the text.
func decodeScalar(v *Value, dst reflect.Value, field Field) {
	decoded := false
	switch kind := dst.Kind(); {
	case kind == reflect.String:
		decoded = decodeString(v, dst, field)
	case kind == reflect.Bool:
		if v.kind == Scalar && (v.text == "true" || v.text == "false") {
			dst.SetBool(v.text == "true")
			decoded = true
		}
	case dst.CanInt(), dst.CanUint():
		decoded = v.kind == Scalar && decodeWhole(v.text, dst)
		if !decoded && wholeNumber().MatchString(v.text) {
			v.Errorf("%s is out of range: expected %s", quote(v.text), rangeOf(dst.Type()))
			return
		}
	case dst.CanFloat():
		decoded = v.kind == Scalar && decodeFloat(v.text, dst)
	default:
		panic(fmt.Sprintf("strict: cannot decode %s into %v", v.path, dst.Type()))
	}
	if !decoded {
		v.Expected(describe(dst.Type()))
	}
}

// decodeString takes the text, if it is one of the words of the field's enum.
func decodeString(v *Value, dst reflect.Value, field Field) bool {
	switch {
	case v.kind != Scalar:
		if len(field.Enum) > 0 {
			v.Expected(oneOf(field.Enum))
			return true
		}
		return false
	case len(field.Enum) > 0 && !slices.Contains(field.Enum, v.text):
		v.Unknown(v.text, lastKey(v.path), field.Enum)
	default:
		dst.SetString(v.text)
	}
	return true
}

func decodeWhole(text string, dst reflect.Value) bool {
	if !wholeNumber().MatchString(text) {
		return false
	}
	text = strings.ReplaceAll(text, "_", "")
	if dst.CanUint() {
		value, err := strconv.ParseUint(strings.TrimPrefix(text, "+"), 10, dst.Type().Bits())
		if err == nil {
			dst.SetUint(value)
		}
		return err == nil
	}
	value, err := strconv.ParseInt(text, 10, dst.Type().Bits())
	if err == nil {
		dst.SetInt(value)
	}
	return err == nil
}

// rangeOf says which whole numbers a type holds.
func rangeOf(t reflect.Type) string {
	if t.Kind() >= reflect.Uint {
		return fmt.Sprintf("a whole number from 0 to %d", ^uint64(0)>>(64-t.Bits()))
	}
	most := int64(^uint64(0) >> (65 - t.Bits()))
	return fmt.Sprintf("a whole number from %d to %d", -most-1, most)
}

func decodeFloat(text string, dst reflect.Value) bool {
	if !decimalNumber().MatchString(text) {
		return false
	}
	value, err := strconv.ParseFloat(strings.ReplaceAll(text, "_", ""), dst.Type().Bits())
	if err != nil || math.IsInf(value, 0) || math.IsNaN(value) {
		return false
	}
	dst.SetFloat(value)
	return true
}

// describe says what a value of a type looks like, for errors.
func describe(t reflect.Type) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch custom := reflect.New(t).Interface().(type) {
	case Described:
		return custom.Describe()
	case Decoder:
		return "a value"
	case encoding.TextUnmarshaler:
		return "a single value"
	}
	switch kind := t.Kind(); {
	case kind == reflect.String:
		return "a text"
	case kind == reflect.Bool:
		return "true or false"
	case kind >= reflect.Int && kind <= reflect.Int64:
		return "a whole number"
	case kind >= reflect.Uint && kind <= reflect.Uint64:
		return "a whole number of 0 or more"
	case kind == reflect.Float32 || kind == reflect.Float64:
		return "a number"
	case kind == reflect.Slice:
		return "a list" + ofEach(t.Elem())
	case kind == reflect.Struct && t != reflect.TypeFor[Value]():
		return "a map with " + someKeys(t)
	case kind == reflect.Map:
		return "a map"
	}
	return "a value"
}

// ofEach says what the elements of a list, or the values of a map, look like, if there is something to say.
func ofEach(t reflect.Type) string {
	if text := describe(t); text != "a value" && text != "a text" {
		return ", each " + text
	}
	return ""
}

// someKeys lists the first keys of a struct.
func someKeys(t reflect.Type) string {
	const most = 8
	var keys []string
	for _, f := range fieldsOf(t) {
		if !f.Later {
			keys = append(keys, f.Key)
		}
	}
	if len(keys) > most {
		keys = append(keys[:most], "…")
	}
	return "keys such as " + strings.Join(keys, ", ")
}
