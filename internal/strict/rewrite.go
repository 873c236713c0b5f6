package strict

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Rewrite returns the text of the file with what was Set and Removed since it was parsed written into it: every other byte, comments, order
// and layout included, stays. Single values are replaced where they stand, in their quotes; a key that is added comes last in its map, which stays
// in lines or in braces; maps and lists that are new stand in braces and brackets. A comment within what is replaced or removed goes with it.
//
// The text reads as the document does, which is verified. The problems are those of the document, and tell where that is not possible:
// where others share what is changed, by an anchor (&) and an alias (*), or by `<<`.
func (d *Document) Rewrite() ([]byte, Problems) {
	if d.Failed() || d.root == nil {
		return nil, d.Problems()
	}
	was := Parse(d.file, d.original)
	r := &rewriter{layout: layoutOf(d.original)}
	r.value(was.root, d.root, slot{node: was.root.node})
	out, ok := r.cut()
	if ok {
		back := Parse(d.file, out)
		ok = back.root != nil && same(d.root, back.root)
	}
	switch {
	case ok:
		return out, nil
	case r.shared != nil:
		was.Errorf(r.shared.path, "this value cannot be changed in place: others share it, by an anchor (&) and an alias (*) or by `<<`; write it out")
	default:
		was.Errorf("", "the file cannot be changed in place; write it with one key in a line, without anchors (&) and tags (!)")
	}
	return nil, was.Problems()
}

// rewriter collects what is to change in a text so that it reads as another document.
type rewriter struct {
	*layout
	cuts   []cut
	shared *Value // the first that is changed and that others share
}

// cut is a part of the text, from byte to byte, with what is to stand there.
type cut struct {
	from, to int
	text     string
}

// slot is where a value stands.
type slot struct {
	key    *yaml.Node // nil: it is an element of a list, or the whole file
	node   *yaml.Node // as it stands: perhaps an alias
	indent int        // of the lines of the map or list around it
	inFlow bool       // braces or brackets are around it
}

func (r *rewriter) replace(from, to int, text string) { r.cuts = append(r.cuts, cut{from, to, text}) }

// cut makes the changes; not ok: two of them are about the same text.
func (r *rewriter) cut() (out []byte, ok bool) {
	slices.SortStableFunc(r.cuts, func(a, b cut) int { return cmp.Compare(a.from, b.from) })
	var text bytes.Buffer
	done := 0
	for i, c := range r.cuts {
		if i > 0 && c == r.cuts[i-1] {
			continue // two aliases of one anchor that are changed alike
		}
		if c.from < done {
			return nil, false
		}
		text.WriteString(r.text[done:c.from])
		text.WriteString(c.text)
		done = c.to
	}
	text.WriteString(r.text[done:])
	return text.Bytes(), true
}

// note keeps the first value that is changed though others share it.
func (r *rewriter) note(v *Value, shared bool) {
	if shared && r.shared == nil {
		r.shared = v
	}
}

// anchored tells whether an anchor stands in a node, which is lost with it.
func anchored(n *yaml.Node) bool { return n.Anchor != "" || slices.ContainsFunc(n.Content, anchored) }

// value changes a value into another: only those of its parts that differ, if it stays a map or a list.
func (r *rewriter) value(was, v *Value, at slot) {
	if same(was, v) {
		return
	}
	r.note(was, at.node.Kind == yaml.AliasNode || at.node.Anchor != "")
	switch {
	case was.kind == Map && v.kind == Map && r.entries(was, v):
	case was.kind == List && v.kind == List && len(was.items) == len(v.items):
		node := was.node
		for i, item := range was.items {
			r.value(item, v.items[i], slot{nil, node.Content[i], node.Column - 1, node.Style&yaml.FlowStyle != 0})
		}
	default:
		r.note(was, anchored(at.node))
		r.whole(v, at)
	}
}

// entries changes a map entry by entry. It tells whether it can: where entries are kept, in their order, before those that are new.
func (r *rewriter) entries(was, v *Value) bool {
	kept := map[string]bool{}
	added := v.entries
	for last := -1; len(added) > 0; added = added[1:] {
		at, there := was.byKey[added[0].Key]
		if !there || at < last {
			break
		}
		last, kept[added[0].Key] = at, true
	}
	if len(kept) == 0 {
		return false
	}
	node := was.node
	m := slot{indent: r.column(r.start(node.Content[0])), inFlow: node.Style&yaml.FlowStyle != 0}
	own := map[string]bool{}
	gone := make([]bool, len(node.Content)/2)
	for i := range gone {
		key := resolved(node.Content[2*i]).Value
		if isMerge(node.Content[2*i]) {
			continue
		}
		if own[key], gone[i] = true, !kept[key]; kept[key] {
			r.value(was.Get(key), v.Get(key), slot{node.Content[2*i], node.Content[2*i+1], m.indent, m.inFlow})
		} else {
			r.note(was.Get(key), anchored(node.Content[2*i+1]))
		}
	}
	for _, entry := range was.entries {
		r.note(entry.Value, !own[entry.Key] && (!kept[entry.Key] || !same(entry.Value, v.Get(entry.Key)))) // it comes by `<<`
	}
	if m.inFlow {
		r.removeInFlow(node, gone)
		r.addInFlow(node, added, m.indent)
	} else {
		r.removeLines(node, gone)
		r.addLines(node, added, m.indent)
	}
	return true
}

// removeInFlow removes entries of a map in braces, each with the comma before it, or after it where it comes first.
func (r *rewriter) removeInFlow(node *yaml.Node, gone []bool) {
	first := slices.Index(gone, false)
	if first > 0 {
		r.replace(r.start(node.Content[0]), r.start(node.Content[2*first]), "")
	}
	for i := first + 1; i < len(gone); i++ {
		if gone[i] {
			r.replace(r.pairEnd(node.Content[2*i-2], node.Content[2*i-1]), r.pairEnd(node.Content[2*i], node.Content[2*i+1]), "")
		}
	}
}

// removeLines removes entries of a map with one entry in a line, each with the end of the line before it.
func (r *rewriter) removeLines(node *yaml.Node, gone []bool) {
	for i, g := range gone {
		if !g {
			continue
		}
		start, end := r.start(node.Content[2*i]), r.lineEnd(r.pairEnd(node.Content[2*i], node.Content[2*i+1]))
		switch line := r.lineStart(start); {
		case !r.begins(start): // `- key: value`
			next := i + slices.Index(gone[i:], false)
			for j := i; j < next; j++ {
				gone[j] = false
			}
			r.replace(start, r.start(node.Content[2*next]), "")
		case line == r.starts[0]:
			r.replace(line, min(end+len(r.newline), len(r.text)), "")
		default:
			r.replace(r.lineEnd(r.lineStart(line-1)), end, "")
		}
	}
}

// addInFlow adds entries at the end of a map in braces: each in a line of its own where the others are.
func (r *rewriter) addInFlow(node *yaml.Node, added []Entry, indent int) {
	at := r.lastEnd(node)
	ownLines, column := len(node.Content) > 2, r.column(at)
	for i := 2; i < len(node.Content); i += 2 {
		ownLines = ownLines && r.begins(r.start(node.Content[i]))
	}
	if last := r.start(node.Content[len(node.Content)-2]); !r.begins(r.start(node.Content[0])) && r.begins(last) {
		indent = r.column(last)
	}
	for _, entry := range added {
		key := keyText(entry.Key, true) + ": "
		before := ", "
		if line := key + oneLine(entry.Value, true); ownLines || column+len(", ")+utf8.RuneCountInString(line) >= widestLine {
			before = "," + r.newline + strings.Repeat(" ", indent)
			column = indent - len(",")
		}
		column += len(", ") + utf8.RuneCountInString(key)
		text := r.flowed(entry.Value, column, indent+2, true)
		r.replace(at, at, before+key+text)
		column = endColumn(column, text)
	}
}

// addLines adds entries below those of a map with one entry in a line; after a blank line where such a line parts the last two.
func (r *rewriter) addLines(node *yaml.Node, added []Entry, indent int) {
	if len(added) == 0 {
		return
	}
	at, parting := r.lineEnd(r.lastEnd(node)), ""
	if last := len(node.Content) - 2; last > 0 {
		between := r.text[r.pairEnd(node.Content[last-2], node.Content[last-1]):r.start(node.Content[last])]
		if lines := strings.Split(strings.ReplaceAll(between, "\r", ""), "\n"); len(lines) > 2 && slices.Contains(lines[1:len(lines)-1], "") {
			parting = r.newline
		}
	}
	for at < len(r.text) { // comments of the last entry, or after it
		_, width := lineEnd(r.text[at:])
		next := r.text[at+width : r.lineEnd(at+width)]
		comment := strings.TrimLeft(next, " ")
		if !strings.HasPrefix(comment, "#") || len(next)-len(comment) < indent {
			break
		}
		at += width + len(next)
	}
	for _, entry := range added {
		begin := strings.Repeat(" ", indent) + keyText(entry.Key, false) + ": "
		text := r.flowed(entry.Value, utf8.RuneCountInString(begin), indent+2, false)
		r.replace(at, at, r.newline+parting+begin+text)
	}
}

// whole replaces a value as a whole.
func (r *rewriter) whole(v *Value, at slot) {
	if at.key == nil {
		r.inPlace(v, at)
		return
	}
	colon, there := r.colon(at.key)
	text := func() string { return " " + r.flowed(v, r.column(colon)+1, at.indent+2, at.inFlow) }
	inLines := (at.node.Kind == yaml.MappingNode || at.node.Kind == yaml.SequenceNode) && at.node.Style&yaml.FlowStyle == 0
	switch {
	case isNothing(at.node) && !there:
		r.replace(colon, colon, ":"+text())
	case isNothing(at.node):
		r.replace(colon, colon, text())
	case isBlock(at.node) || inLines && at.node.Line == at.key.Line: // behind an anchor
		r.replace(colon, r.lineEnd(r.end(at.node)), text())
	case inLines: // a comment behind the key stays
		r.replace(colon, colon, text())
		r.replace(r.lineEnd(colon), r.lineEnd(r.end(at.node)), "")
	default:
		r.inPlace(v, at)
	}
}

// inPlace replaces the text of a value, within its quotes if it stays a single value that can stand in them.
func (r *rewriter) inPlace(v *Value, at slot) {
	from, to := r.content(at.node), r.end(at.node)
	quoted := at.node.Kind == yaml.ScalarNode && at.node.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0
	if quoted && v.kind == Scalar && !strings.ContainsAny(v.text, "\"'\\\r\n\t") {
		r.replace(from+1, to-1, v.text)
		return
	}
	r.replace(from, to, r.flowed(v, r.column(from), at.indent+2, at.inFlow))
}

// endColumn is how many characters stand in the last line of a text that begins at a column.
func endColumn(column int, text string) int {
	if at := strings.LastIndexAny(text, "\r\n"); at >= 0 {
		return utf8.RuneCountInString(text[at+1:])
	}
	return column + utf8.RuneCountInString(text)
}
