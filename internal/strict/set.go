package strict

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Set replaces or creates the value at a path such as nodes.api.cores or traffic.web.stages.0.for with
// a YAML text. What is wrong with the path or, later, with the value is reported at the origin, such as
// "--set nodes.api.cores=4".
//
// The last key may be new. A key before it may be new only where that cannot be a slip: not near another key of
// its map, and not in a map of named maps (`nodes`, `traffic`), where it would name something that does not exist.
func (d *Document) Set(path, value, origin string) {
	src := &source{origin: origin}
	if d.root == nil {
		return
	}
	node, ok := d.load(src, []byte(value))
	if !ok {
		return
	}
	v := &Value{doc: d, path: path, own: place{source: src}, at: place{source: src}}
	if node != nil {
		if v = d.build(src, node, path); v == nil {
			return
		}
	}
	d.put(path, v, place{source: src})
}

// SetValue is Set with a value that is parsed already, such as that of a variant. The value is copied. Problems
// are reported where the value stands, with the origin ("variant wider") added; at the origin alone if it has no place.
func (d *Document) SetValue(path string, v *Value, origin string) {
	if v != nil {
		d.set(path, v, v.at, origin)
	}
}

// set sets a path, which stands at a place, to a value.
func (d *Document) set(path string, v *Value, named place, origin string) {
	if d.root == nil || v == nil {
		return
	}
	moved := func(at place) place {
		if at.source == nil || at.source.origin != "" {
			return place{source: &source{origin: origin}}
		}
		at.note = origin
		return at
	}
	d.put(path, v.copied(d, path, moved), moved(named))
}

// SetEntry is SetValue for an entry of a variant: the key is the path. What is wrong with the path is shown at the key.
func (d *Document) SetEntry(e Entry, origin string) { d.set(e.Key, e.Value, e.KeyAt.at, origin) }

// Remove takes a key of a map away with its value. Nothing happens where the path does not exist, or ends in a list.
func (d *Document) Remove(path string) {
	around, rest := d.root, path
	for around != nil {
		_, next, length := around.step(rest)
		if length == 0 {
			return
		}
		if length == len(rest) {
			d.changed = around.remove(rest) || d.changed
			return
		}
		around, rest = next, rest[length+1:]
	}
}

// remove takes an entry out of a map and tells whether it was there.
func (v *Value) remove(key string) bool {
	if _, there := v.byKey[key]; !there {
		return false
	}
	rest := v.entries
	v.entries, v.byKey = nil, nil
	for _, entry := range rest {
		if entry.Key != key {
			v.add(entry)
		}
	}
	return true
}

// copied copies a value into a document, at a path and with other places.
func (v *Value) copied(d *Document, path string, moved func(place) place) *Value {
	out := *v
	out.doc, out.path, out.own, out.at = d, path, moved(v.own), moved(v.at)
	out.entries, out.byKey, out.items = nil, nil, nil
	for _, entry := range v.entries {
		path := child(path, entry.Key)
		out.add(Entry{entry.Key, entry.KeyAt.copied(d, path, moved), entry.Value.copied(d, path, moved)})
	}
	for i, item := range v.items {
		out.items = append(out.items, item.copied(d, child(path, strconv.Itoa(i)), moved))
	}
	return &out
}

// put puts a value at a path; problems with the path are reported at a place.
func (d *Document) put(path string, v *Value, at place) {
	if path == "" || slices.Contains(strings.Split(path, "."), "") {
		d.report(at, path, fmt.Sprintf("%s is not a path: expected one such as nodes.api.cores", quote(path)), "", false)
		return
	}
	around, rest := d.root, path
	for {
		_, next, length := around.step(rest)
		if length == len(rest) {
			around.replace(rest, v)
			break
		}
		if length == 0 {
			if !d.create(around, rest, v, at) {
				return
			}
			break
		}
		around, rest = next, rest[length+1:]
	}
	d.changed = true
}

// replace puts a value in the place of one that a map or a list has.
func (v *Value) replace(key string, value *Value) {
	if at, ok := v.byKey[key]; ok {
		v.entries[at].Value = value
		return
	}
	if index, ok := number(key); ok && index < len(v.items) {
		v.items[index] = value
	}
}

// create adds a value under a path that the value around does not have, and tells whether it may.
func (d *Document) create(around *Value, path string, v *Value, at place) bool {
	first, rest, deeper := strings.Cut(path, ".")
	switch {
	case around.kind == List:
		d.report(at, v.path, fmt.Sprintf("%s has %s, counted from 0; there is no %s", name(around), elements(len(around.items)), quote(first)), "", false)
		return false
	case around.kind == Scalar:
		d.report(at, v.path, fmt.Sprintf("%s is the single value %s and has no keys", name(around), quote(around.text)), "", false)
		return false
	case deeper && around.dotted():
		first, deeper = path, false // `observed: {api.cpu: 63%}`
	case deeper && !around.extensible(first):
		d.report(at, v.path, fmt.Sprintf("unknown key %s in %s; it has: %s", quote(first), name(around), list(around.keys())), d.nearest(first, around.keys()), false)
		return false
	}
	if around.kind == Null { // `run:` with nothing behind it becomes a map
		around.kind, around.broken, around.own, around.at, around.node = Map, false, at, at, nil
	}
	keyPath := child(around.path, first)
	key := &Value{doc: d, kind: Scalar, text: first, path: keyPath, own: at, at: at}
	if !deeper {
		around.add(Entry{Key: first, KeyAt: key, Value: v})
		return true
	}
	between := &Value{doc: d, kind: Map, path: keyPath, own: at, at: at}
	around.add(Entry{Key: first, KeyAt: key, Value: between})
	return d.create(between, rest, v, at)
}

// name is how messages name a map or a list.
func name(v *Value) string {
	if v.path == "" {
		return "the file"
	}
	return v.path
}

func elements(n int) string {
	if n == 1 {
		return "1 element"
	}
	return fmt.Sprintf("%d elements", n)
}

// dotted tells whether a map has keys with dots in them.
func (v *Value) dotted() bool {
	return slices.ContainsFunc(v.keys(), func(key string) bool { return strings.Contains(key, ".") })
}

// extensible tells whether a map may get a new key with something below it.
func (v *Value) extensible(key string) bool {
	if Nearest(key, v.keys()) != "" {
		return false
	}
	named := len(v.entries) > 0 && v.path != ""
	for _, entry := range v.entries {
		named = named && entry.Value.kind == Map
	}
	return !named
}
