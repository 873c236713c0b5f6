package strict

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

const (
	largestFile = 1_000_000 // bytes
	deepest     = 100       // levels of nesting
)

// Parse reads the text of a YAML file. It never fails as a whole: what is wrong is in the
// document's Problems, and Root is nil where nothing can be made of the text. The file's name is for messages, and
// for finding files named in it; "-" is standard input.
func Parse(file string, text []byte) *Document {
	d := &Document{file: file, original: text}
	if len(text) > largestFile {
		d.report(place{source: &source{file: file}}, "", fmt.Sprintf("the file has %d bytes; at most %d are read", len(text), largestFile), "", false)
		return d
	}
	src := newSource(file, text)
	node, ok := d.load(src, text)
	if !ok {
		return d
	}
	if node == nil || isNull(node) {
		d.report(place{source: src, line: 1, column: 1}, "", "the file is empty: expected keys and their values, such as `name: A shop`", "", false)
		return d
	}
	d.root = d.build(src, node, "")
	return d
}

// load parses a text with exactly one YAML document and returns its content, nil if it has none.
func (d *Document) load(src *source, text []byte) (content *yaml.Node, ok bool) {
	defer func() {
		// The YAML reader is not ours; whatever it stumbles over is an error of the file.
		if reason := recover(); reason != nil {
			d.report(place{source: &source{file: src.file, origin: src.origin}}, "", fmt.Sprintf("this cannot be read as YAML (%v)", reason), "", false)
			content, ok = nil, false
		}
	}()
	if at, message := badCharacter(src, text); message != "" {
		d.report(at, "", message, "", false)
		return nil, false
	}
	loader, err := yaml.NewLoader(bytes.NewReader(text))
	if err != nil {
		panic(err) // no options are given that could be wrong
	}
	var first, second yaml.Node
	if err := loader.Load(&first); errors.Is(err, io.EOF) {
		return nil, true
	} else if err != nil {
		d.syntax(src, err)
		return nil, false
	}
	if err := loader.Load(&second); err == nil {
		at := place{source: src, line: second.Line, column: second.Column}
		d.report(at, "", "a second YAML document begins here; a file holds one", "", false)
	} else if !errors.Is(err, io.EOF) {
		d.syntax(src, err)
		return nil, false
	}
	if len(first.Content) == 0 {
		return nil, true
	}
	return first.Content[0], true
}

// badCharacter finds the first character that is not allowed in YAML; the reader would refuse it too, but
// not say where it is.
func badCharacter(src *source, text []byte) (place, string) {
	for offset := 0; offset < len(text); {
		r, size := utf8.DecodeRune(text[offset:])
		message := ""
		switch {
		case r == utf8.RuneError && size == 1:
			message = "the file is not UTF-8 text: expected UTF-8, found a byte " + fmt.Sprintf("0x%02x", text[offset])
		case r < ' ' && r != '\t' && r != '\n' && r != '\r', r == 0xfffe, r == 0xffff:
			message = fmt.Sprintf("a control character (U+%04X) is not allowed; remove it", r)
		}
		if message != "" {
			before := newSource("", text[:offset])
			last := before.lines[len(before.lines)-1]
			return place{source: src, line: len(before.lines), column: utf8.RuneCountInString(last) + 1, width: 1}, message
		}
		offset += size
	}
	return place{}, ""
}

// syntax reports an error of the YAML reader.
func (d *Document) syntax(src *source, err error) {
	var failure *yaml.LoadError
	if !errors.As(err, &failure) {
		d.report(place{source: &source{file: src.file, origin: src.origin}}, "", err.Error(), "", false)
		return
	}
	mark := failure.Mark
	// At the end of the text there is nothing to see; where the construct begins there is.
	unfinished := src.rest(mark.Line, mark.Column) == "" && mark.Line >= len(src.lines)
	if mark.Line == 0 || unfinished && failure.ContextMark.Line > 0 {
		mark = failure.ContextMark
	}
	message := syntaxMessage(failure, src.rest(mark.Line, mark.Column))
	if begin := failure.ContextMark; strings.Contains(message, "not closed") && begin.Line > 0 && begin.Line < mark.Line && src.origin == "" {
		message += fmt.Sprintf(" (it begins at %d:%d)", begin.Line, begin.Column)
	}
	if word := strings.TrimSpace(src.line(mark.Line - 1)); strings.Contains(failure.Message, "mapping values") && bareWord().MatchString(word) {
		message = fmt.Sprintf("a `:` is not expected here; is it missing after %s, in the line before?", quote(word))
	}
	d.report(place{source: src, line: mark.Line, column: mark.Column, width: 1}, "", message, "", false)
}

// bareWord matches a line that may be a key without its colon.
var bareWord = lazily(`^[A-Za-z][A-Za-z0-9_-]*$`)

// syntaxMessages say in a user's words what the YAML reader says in its own.
var syntaxMessages = []struct{ theirs, ours string }{
	{"mapping values are not allowed in this context", "a `:` is not expected here: put the key on a line of its own, indented, or quote the text"},
	{"did not find expected ',' or ']'", "expected `,` or `]`: a list in brackets is not closed"},
	{"did not find expected ',' or '}'", "expected `,` or `}`: a map in braces is not closed"},
	{"found unexpected end of stream", "a quoted text is not closed"},
	{"could not find expected ':'", "expected a `:` after the key"},
	{"did not find expected key", "expected a key; is the line indented as the others of its block?"},
	{"did not find expected '-' indicator", "expected `-`, as for the other elements of this list"},
	{"found unknown escape character", "unknown escape in a text in double quotes; write `\\\\` for a backslash, or use single quotes"},
	{"exceeded max depth", "the nesting is too deep"},
	{"found a tab character", "a tab cannot indent; use spaces"},
	{"unknown anchor", "an alias such as `*name` needs its anchor `&name` before it"},
}

// syntaxMessage words an error of the YAML reader, given the text at its place.
func syntaxMessage(failure *yaml.LoadError, rest string) string {
	if strings.Contains(failure.Message, "cannot start any token") {
		if strings.HasPrefix(rest, "\t") {
			return "a tab cannot indent; use spaces"
		}
		if first, _ := utf8.DecodeRuneInString(rest); rest != "" {
			return fmt.Sprintf("a text cannot begin with %q; quote it", string(first))
		}
	}
	for _, message := range syntaxMessages {
		if strings.Contains(failure.Message, message.theirs) {
			return message.ours
		}
	}
	if failure.ContextMsg != "" {
		return "not valid YAML: " + failure.Message + " " + failure.ContextMsg
	}
	return "not valid YAML: " + failure.Message
}

// isNull tells whether a node is an unquoted nothing, ~ or null.
func isNull(node *yaml.Node) bool {
	return node.Kind == yaml.ScalarNode && node.Tag == "!!null" && node.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) == 0
}
