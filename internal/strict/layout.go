package strict

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// layout knows where in a text the nodes of the YAML reader begin and end, in bytes. The reader says only where they begin.
type layout struct {
	text    string
	starts  []int  // of the lines
	newline string // how lines end
}

func layoutOf(original []byte) *layout {
	t := &layout{text: string(original), newline: "\n"}
	at := len(t.text) - len(strings.TrimPrefix(t.text, "\ufeff"))
	for t.starts = []int{at}; ; t.starts = append(t.starts, at) {
		end, width := lineEnd(t.text[at:])
		if end < 0 {
			return t
		}
		if len(t.starts) == 1 && width == 2 {
			t.newline = "\r\n"
		}
		at += end + width
	}
}

// start is where a node begins, with its anchor and its tag.
func (t *layout) start(n *yaml.Node) int {
	if n.Line < 1 || n.Line > len(t.starts) {
		return len(t.text)
	}
	at := t.starts[n.Line-1]
	for column := n.Column; column > 1 && at < len(t.text); column-- {
		_, size := utf8.DecodeRuneInString(t.text[at:])
		at += size
	}
	return at
}

// content is where a node begins behind its anchor and its tag.
func (t *layout) content(n *yaml.Node) int {
	at := t.start(n)
	for at < len(t.text) && n.Kind != yaml.AliasNode && (t.text[at] == '&' || t.text[at] == '!') {
		end := strings.IndexAny(t.text[at:], " \t\r\n")
		if end < 0 {
			return len(t.text)
		}
		at = t.skip(at + end)
	}
	return at
}

// skip passes over blanks, line ends and comments.
func (t *layout) skip(at int) int {
	for at < len(t.text) {
		switch c := t.text[at]; {
		case c == ' ' || c == '\t' || c == '\r' || c == '\n':
			at++
		case c == '#':
			at = t.lineEnd(at)
		default:
			return at
		}
	}
	return at
}

// lineStart and lineEnd are where the line of a place begins and ends, without its line break.
func (t *layout) lineStart(at int) int {
	for i := len(t.starts) - 1; i > 0; i-- {
		if t.starts[i] <= at {
			return t.starts[i]
		}
	}
	return t.starts[0]
}

func (t *layout) lineEnd(at int) int {
	if end, _ := lineEnd(t.text[at:]); end >= 0 {
		return at + end
	}
	return len(t.text)
}

// column is how many characters stand before a place in its line.
func (t *layout) column(at int) int { return utf8.RuneCountInString(t.text[t.lineStart(at):at]) }

// begins tells whether only blanks stand before a place in its line.
func (t *layout) begins(at int) bool {
	return strings.TrimLeft(t.text[t.lineStart(at):at], " \t") == ""
}

// colon is the place behind the `:` of a key; where there is none, as in {key}, the key's end.
func (t *layout) colon(key *yaml.Node) (at int, there bool) {
	end := t.end(key)
	if at := t.skip(end); strings.HasPrefix(t.text[at:], ":") {
		return at + 1, true
	}
	return end, false
}

// end is where a node ends.
func (t *layout) end(n *yaml.Node) int {
	at := t.content(n)
	switch {
	case n.Kind == yaml.AliasNode:
		return at + len("*") + len(n.Value)
	case n.Kind == yaml.ScalarNode:
		return t.scalarEnd(n, at)
	case !inBrackets(t.text, n, at):
		return t.lastEnd(n)
	}
	if at++; len(n.Content) > 0 {
		at = t.lastEnd(n)
	}
	if at = t.skip(at); strings.HasPrefix(t.text[at:], ",") {
		at = t.skip(at + 1)
	}
	return min(at+1, len(t.text)) // the bracket
}

// inBrackets tells whether a map or a list stands in brackets; the map in [key: value] does not.
func inBrackets(text string, n *yaml.Node, at int) bool {
	return n.Style&yaml.FlowStyle != 0 && at < len(text) && (text[at] == '{' || text[at] == '[')
}

// lastEnd is where the last part of a map or a list ends.
func (t *layout) lastEnd(n *yaml.Node) int {
	switch last := len(n.Content) - 1; {
	case last < 0:
		return t.start(n)
	case n.Kind == yaml.MappingNode:
		return t.pairEnd(n.Content[last-1], n.Content[last])
	default:
		return t.end(n.Content[last])
	}
}

// pairEnd is where an entry of a map ends.
func (t *layout) pairEnd(key, value *yaml.Node) int {
	if isNothing(value) {
		at, _ := t.colon(key)
		return at
	}
	return t.end(value)
}

// isNothing tells whether a node takes no text.
func isNothing(n *yaml.Node) bool {
	return isNull(n) && n.Value == "" && n.Anchor == "" && n.Style&yaml.TaggedStyle == 0
}

// isBlock tells whether a text is a | or > with lines below it.
func isBlock(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0
}

// scalarEnd is where a text ends that begins at a place.
func (t *layout) scalarEnd(n *yaml.Node, at int) int {
	switch {
	case isBlock(n):
		return t.blockEnd(at)
	case n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
		return at + quotedEnd(t.text[at:])
	}
	// A plain text has no escapes: its characters stand there in their order, with other blanks between them where it goes over lines.
	for _, r := range n.Value {
		if unicode.IsSpace(r) {
			continue
		}
		for at < len(t.text) {
			found, size := utf8.DecodeRuneInString(t.text[at:])
			if at += size; found == r {
				break
			}
			if !unicode.IsSpace(found) {
				return at - size
			}
		}
	}
	return at
}

// blockEnd is where the lines of a | or > end: those that are indented as the first is.
func (t *layout) blockEnd(at int) int {
	end := t.lineEnd(at)
	indent := -1
	for _, start := range t.starts {
		if start <= at {
			continue
		}
		line := t.text[start:t.lineEnd(start)]
		blank := len(line) - len(strings.TrimLeft(line, " "))
		switch {
		case blank == len(line):
			continue
		case indent < 0:
			indent = blank
		case blank < indent:
			return end
		}
		end = start + len(line)
	}
	return end
}
