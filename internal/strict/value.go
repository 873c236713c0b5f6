package strict

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Kind is the kind of a Value.
type Kind int

// The kinds of values.
const (
	Null   Kind = iota // no value: nothing, ~ or null, unquoted
	Scalar             // a text
	List
	Map
)

// String says what a value of this kind is, for errors.
func (k Kind) String() string {
	return [...]string{"nothing", "a single value", "a list", "a map"}[k]
}

// Value is a node of a document with its place. All methods may be called on nil, which is Null.
type Value struct {
	doc  *Document
	kind Kind
	text string
	path string

	own place // where the value itself stands
	at  place // where problems are shown: for maps and lists their key

	entries []Entry
	byKey   map[string]int
	items   []*Value

	node   *yaml.Node // style and comments, for writing
	broken bool       // already reported: decoding is silent
}

// Entry is one key of a map with its value.
type Entry struct {
	Key   string
	KeyAt *Value // the key itself, to report problems at
	Value *Value
}

// Kind tells whether the value is a scalar, a map, a list or nothing.
func (v *Value) Kind() Kind {
	if v == nil {
		return Null
	}
	return v.kind
}

// Text is the text of a scalar as written, without quotes; "" for other kinds.
func (v *Value) Text() string {
	if v == nil {
		return ""
	}
	return v.text
}

// Path is where the value is in its document, such as nodes.api.cores or traffic.web.stages.0.
func (v *Value) Path() string {
	if v == nil {
		return ""
	}
	return v.path
}

// Dir is the folder of the document's file, to find files named in it; "" for standard input.
func (v *Value) Dir() string {
	if v == nil || v.doc.file == "-" || v.doc.file == "" {
		return ""
	}
	return filepath.Dir(v.doc.file)
}

// Document is the document the value belongs to; nil for nil.
func (v *Value) Document() *Document {
	if v == nil {
		return nil
	}
	return v.doc
}

// Entries are the entries of a map in file order; none for other kinds. Do not change them.
func (v *Value) Entries() []Entry {
	if v == nil {
		return nil
	}
	return v.entries
}

// Items are the elements of a list; none for other kinds. Do not change them.
func (v *Value) Items() []*Value {
	if v == nil {
		return nil
	}
	return v.items
}

// Get returns the value of a map's key, nil if there is none.
func (v *Value) Get(key string) *Value {
	if entry, ok := v.entry(key); ok {
		return entry.Value
	}
	return nil
}

func (v *Value) entry(key string) (Entry, bool) {
	if v == nil {
		return Entry{}, false
	}
	at, ok := v.byKey[key]
	if !ok {
		return Entry{}, false
	}
	return v.entries[at], true
}

// add appends an entry to a map.
func (v *Value) add(entry Entry) {
	if v.byKey == nil {
		v.byKey = map[string]int{}
	}
	v.byKey[entry.Key] = len(v.entries)
	v.entries = append(v.entries, entry)
}

// keys are the keys of a map in file order.
func (v *Value) keys() []string {
	keys := make([]string, 0, len(v.Entries()))
	for _, entry := range v.Entries() {
		keys = append(keys, entry.Key)
	}
	return keys
}

// Errorf reports an error at the value; at its key if it is a map or a list.
func (v *Value) Errorf(format string, args ...any) {
	v.report(fmt.Sprintf(format, args...), "", false)
}

// Warnf reports a warning at the value; at its key if it is a map or a list.
func (v *Value) Warnf(format string, args ...any) {
	v.report(fmt.Sprintf(format, args...), "", true)
}

// Unknown reports that word is not one of the valid words for a what, such as "node", and suggests
// the nearest. In a map that has word as a key, the key is marked; in a scalar that contains it, the word.
func (v *Value) Unknown(word, what string, valid []string) {
	if v == nil {
		return
	}
	target := v
	if entry, ok := v.entry(word); ok {
		target = entry.KeyAt
	}
	at := target.at
	if target.kind == Scalar && at.source != nil {
		at = at.narrowed(word)
	}
	v.doc.report(at, target.path, unknownMessage(word, what, valid), v.doc.nearest(word, valid), false)
}

// unknownMessage says what is unknown and what there is.
func unknownMessage(word, what string, valid []string) string {
	if len(valid) == 0 {
		return fmt.Sprintf("unknown %s %s; there is none", what, quote(word))
	}
	return fmt.Sprintf("unknown %s %s; expected %s", what, quote(word), oneOf(valid))
}

// oneOf lists valid words.
func oneOf(valid []string) string {
	if len(valid) == 1 {
		return valid[0]
	}
	return "one of: " + list(valid)
}

// list joins words, not too many of them.
func list(words []string) string {
	const most = 16
	if len(words) > most {
		words = append(slices.Clone(words[:most]), "…")
	}
	return clean(strings.Join(words, ", "))
}

// narrowed is the place of a word within a place, if it is there between characters that are
// not part of a word.
func (at place) narrowed(word string) place {
	rest := at.source.rest(at.line, at.column)
	width, end := at.measured(), len(rest)
	for i, n := 0, 0; i < len(rest); n++ {
		if n == width {
			end = i
			break
		}
		_, size := utf8.DecodeRuneInString(rest[i:])
		i += size
	}
	inside := rest[:end]
	if word == "" {
		return at
	}
	for from := 0; ; {
		found := strings.Index(inside[from:], word)
		if found < 0 {
			return at
		}
		start, stop := from+found, from+found+len(word)
		if !wordByte(inside, start-1) && !wordByte(inside, stop) {
			at.column += utf8.RuneCountInString(inside[:start])
			at.width = utf8.RuneCountInString(word)
			return at
		}
		from = stop
	}
}

// wordByte tells whether the byte at an index belongs to a name.
func wordByte(text string, at int) bool {
	if at < 0 || at >= len(text) {
		return false
	}
	c := text[at]
	return c == '_' || c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf
}

func (v *Value) report(message, suggest string, warning bool) {
	if v != nil {
		v.doc.report(v.at, v.path, message, suggest, warning)
	}
}

// Expected reports that something else was expected, such as "a list": "expected a list, found `db`". Other than
// Errorf, it marks a map or a list itself where it stands in one line with its key.
func (v *Value) Expected(expected string) {
	if v == nil {
		return
	}
	at := v.own
	if v.kind != Scalar && v.at.line != v.own.line {
		at = v.at // a block of several lines: its key says more
	}
	v.doc.report(at, v.path, "expected "+expected+", found "+v.found(), "", false)
}

// found says what the value is.
func (v *Value) found() string {
	if v.kind == Scalar {
		return quote(v.text)
	}
	return v.kind.String()
}

// child is the path of a key or an element below a path.
func child(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// number reads a list index as in paths: digits only.
func number(text string) (int, bool) {
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 0 && strconv.Itoa(n) == text
}
