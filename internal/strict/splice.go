package strict

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// cut is a part of the original text, from byte to byte, with what is to stand there.
type cut struct {
	from, to int
	text     string
}

// Splice returns the text of the file with the single values at some paths replaced where they stand: every other byte, comments and layout
// included, stays. The text that comes out reads as the document would with each of them Set, which is verified. The problems tell of values
// that cannot be replaced so: those that do not exist, that stand over several lines, or that an alias shares with others.
func (d *Document) Splice(texts map[string]string) ([]byte, Problems) {
	wanted := Parse(d.file, d.original)
	var cuts []cut
	for path, text := range texts {
		v := wanted.At(path)
		c, ok := wanted.place(v)
		if !ok {
			wanted.Errorf(path, "this value cannot be replaced in place: it must stand in one line, and be no alias of another")
			continue
		}
		c.text = text
		cuts = append(cuts, c)
	}
	if wanted.Failed() {
		return nil, wanted.Problems()
	}
	slices.SortFunc(cuts, func(a, b cut) int { return cmp.Compare(a.from, b.from) })
	var out bytes.Buffer
	done := 0
	for i, c := range cuts {
		if i > 0 && c.from == cuts[i-1].from {
			continue // two aliases of one anchor: the comparison below tells whether both want the same
		}
		out.Write(d.original[done:c.from])
		out.WriteString(c.text)
		done = c.to
	}
	out.Write(d.original[done:])
	for path, text := range texts {
		wanted.Set(path, text, path)
	}
	if back := Parse(d.file, out.Bytes()); wanted.Failed() || back.root == nil || !same(wanted.root, back.root) {
		wanted.Errorf("", "the values cannot be replaced in place: some stand behind an anchor (&) that others share; write them out")
		return nil, wanted.Problems()
	}
	return out.Bytes(), nil
}

// place finds the bytes of a single value, without its quotes.
func (d *Document) place(v *Value) (c cut, ok bool) {
	if v.Kind() != Scalar || v.own.source == nil || v.own.source.origin != "" {
		return cut{}, false
	}
	at := d.offset(v.own.line, v.own.column)
	if at < len(d.original) && (d.original[at] == '"' || d.original[at] == '\'') {
		at++
	}
	if !strings.HasPrefix(string(d.original[at:]), v.text) {
		return cut{}, false
	}
	return cut{from: at, to: at + len(v.text)}, true
}

// offset is where a place begins in the original text, in bytes.
func (d *Document) offset(line, column int) int {
	text := string(d.original)
	rest := strings.TrimPrefix(text, "\ufeff")
	for ; line > 1; line-- {
		at, width := lineEnd(rest)
		if at < 0 {
			return len(text)
		}
		rest = rest[at+width:]
	}
	for ; column > 1 && rest != ""; column-- {
		_, size := utf8.DecodeRuneInString(rest)
		rest = rest[size:]
	}
	return len(text) - len(rest)
}
