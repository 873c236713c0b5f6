package strict

import (
	"fmt"
	"strings"
)

// mostProblems bounds how many problems are kept: nobody reads more, and a file made to be
// wrong in a million places must not fill the memory.
const mostProblems = 1000

// Document is a parsed file with all problems found in it so far. It is not safe for use by
// several goroutines at once.
type Document struct {
	file     string
	original []byte
	root     *Value
	changed  bool
	errors   int // reported so far, also those that are not kept
	problems Problems
	told     map[spot]bool // where there is a problem

	// A default text is a document of its own; what is reported about it later, by checks, goes
	// to the document of the struct that has the default.
	parent   *Document
	parentAt place
}

// File is the name the document was parsed under.
func (d *Document) File() string { return d.file }

// Root is the value of the whole file; nil when its syntax is broken, or it is empty or refused.
func (d *Document) Root() *Value { return d.root }

// Problems are all problems reported so far, by place, each one once.
func (d *Document) Problems() Problems { return d.problems.sorted() }

// Failed tells whether there are errors, not only warnings.
func (d *Document) Failed() bool { return d.errors > 0 }

// Wrong tells whether there is an error at the value of a path or below it: what depends on the value need not be judged.
func (d *Document) Wrong(path string) bool {
	for _, p := range d.problems {
		if rest, in := strings.CutPrefix(p.Path, path); in && !p.Warning && (rest == "" || rest[0] == '.') {
			return true
		}
	}
	return false
}

// Refuse reports an error of something outside the file, such as a flag: the origin stands in the place of file and line.
func (d *Document) Refuse(origin, format string, args ...any) {
	d.report(place{source: &source{origin: origin}}, "", fmt.Sprintf(format, args...), "", false)
}

// Errorf reports an error at the value of a path, or at the deepest part of the path that exists; at
// the key where that is a map or a list.
func (d *Document) Errorf(path, format string, args ...any) {
	found := d.locate(path)
	d.report(found.at(), path, fmt.Sprintf(format, args...), "", false)
}

// Warnf reports a warning, as Errorf reports an error.
func (d *Document) Warnf(path, format string, args ...any) {
	found := d.locate(path)
	d.report(found.at(), path, fmt.Sprintf(format, args...), "", true)
}

// Unknown reports that word is not one of the valid words for a what, such as "node", and
// suggests the nearest. It is shown at the value of the path, or at the key itself if the path ends in word
// or the value is a map with that key.
func (d *Document) Unknown(path, word, what string, valid []string) {
	found := d.locate(path)
	if found.whole && found.key != nil && found.key.text == word {
		d.report(found.key.at, path, unknownMessage(word, what, valid), d.nearest(word, valid), false)
		return
	}
	if found.value == nil {
		d.report(found.at(), path, unknownMessage(word, what, valid), d.nearest(word, valid), false)
		return
	}
	found.value.Unknown(word, what, valid)
}

// Given tells whether the document has a value at a path.
func (d *Document) Given(path string) bool { return d.locate(path).whole }

// At returns the value at a path such as traffic.web.stages.0.for, nil if there is none. The empty path
// is the root.
func (d *Document) At(path string) *Value {
	if found := d.locate(path); found.whole {
		return found.value
	}
	return nil
}

// located is how far a path could be followed.
type located struct {
	value *Value // the deepest part that exists
	key   *Value // its key in the map around it, if it is in one
	file  *Document
	whole bool // the whole path exists
}

// at is where problems of the located value are shown.
func (l located) at() place {
	if l.value == nil {
		return place{source: &source{file: l.file.file}}
	}
	return l.value.at
}

// locate follows a path.
func (d *Document) locate(path string) located {
	found := located{value: d.root, file: d, whole: d.root != nil}
	rest := path
	for rest != "" && found.value != nil {
		key, next, length := found.value.step(rest)
		if length == 0 {
			found.whole = false
			return found
		}
		found.value, found.key = next, key
		var dot bool
		if rest, dot = strings.CutPrefix(rest[length:], "."); dot && rest == "" {
			found.whole = false // "nodes." names nothing
		}
	}
	return found
}

// step follows the first part of a path: an index of a list, or a key of a map. Keys may have
// dots (`api.cpu`), so the longest key that the path begins with is taken. It returns the length of
// the part, 0 if there is none.
func (v *Value) step(path string) (key, next *Value, length int) {
	for end := len(path); end > 0; end = strings.LastIndexByte(path[:end], '.') {
		if entry, ok := v.entry(path[:end]); ok {
			return entry.KeyAt, entry.Value, end
		}
	}
	part, _, _ := strings.Cut(path, ".")
	if index, ok := number(part); ok && index < len(v.items) {
		return nil, v.items[index], len(part)
	}
	return nil, nil, 0
}

// spot is a place with the path of what stands there.
type spot struct {
	source       *source
	line, column int
	path         string
	warning      bool
}

// nearest is Nearest while problems are kept: a million wrong words must not be compared with a thousand right ones.
func (d *Document) nearest(word string, valid []string) string {
	if len(d.problems) > mostProblems {
		return ""
	}
	return Nearest(word, valid)
}

// report keeps a problem. Of several errors of one value the first says it all, and of several warnings: what checks
// say of a value that could not be read comes only from that.
func (d *Document) report(at place, path, message, suggest string, warning bool) {
	if d.parent != nil {
		d.parent.report(d.parentAt, path, message, suggest, warning)
		return
	}
	here := spot{at.source, at.line, at.column, path, warning}
	if !warning {
		d.errors++
	}
	switch {
	case path != "" && d.told[here]:
		return
	case len(d.problems) > mostProblems:
		return
	case len(d.problems) == mostProblems:
		d.problems = append(d.problems, Problem{File: d.file, Message: "there are more problems, which are not shown", Warning: d.errors == 0})
		return
	}
	if d.told == nil {
		d.told = map[spot]bool{}
	}
	d.told[here] = true
	p := at.problem(message)
	p.Path, p.Suggest, p.Warning = path, suggest, warning
	d.problems = append(d.problems, p)
}
