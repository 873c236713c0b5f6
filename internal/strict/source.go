package strict

import (
	"strings"
	"unicode/utf8"
)

// longestLine bounds the lines that are looked into, in bytes. Nobody reads a longer one, and a thousand problems
// in one line of megabytes would take minutes to mark.
const longestLine = 1 << 16

// source is a text with its lines, from which excerpts are taken.
type source struct {
	file   string
	lines  []string
	origin string // set from outside: this stands for file and place
}

// newSource splits a text into lines exactly where the YAML reader counts them.
func newSource(file string, text []byte) *source {
	s := &source{file: file}
	rest := strings.TrimPrefix(string(text), "\ufeff")
	for {
		at, width := lineEnd(rest)
		if at < 0 {
			s.lines = append(s.lines, rest)
			return s
		}
		s.lines = append(s.lines, rest[:at])
		rest = rest[at+width:]
	}
}

// lineEnd finds the next line break and its length; at is -1 without one.
func lineEnd(text string) (at, width int) {
	at = strings.IndexAny(text, "\r\n\u0085\u2028\u2029")
	if at < 0 {
		return -1, 0
	}
	if strings.HasPrefix(text[at:], "\r\n") {
		return at, 2
	}
	_, width = utf8.DecodeRuneInString(text[at:])
	return at, width
}

// line returns a line by its number from 1; "" if there is none, or it is too long to look into.
func (s *source) line(number int) string {
	if s == nil || number < 1 || number > len(s.lines) || len(s.lines[number-1]) > longestLine {
		return ""
	}
	return s.lines[number-1]
}

// within moves a place to the end of its line, or of the text, where it lies behind it: the
// YAML reader has what is missing at the end of a text in the line after it.
func (at place) within() place {
	if at.line > len(at.source.lines) {
		at.line, at.column = len(at.source.lines), 1<<30
	}
	if len(at.source.lines[at.line-1]) <= longestLine {
		end := utf8.RuneCountInString(at.source.line(at.line)) + 1
		at.column = min(max(at.column, 1), end)
	}
	return at
}

// place is where something stands.
type place struct {
	source *source // nil: nowhere
	line   int
	column int
	width  int    // in characters; 0: measured when it is needed, see extent
	plain  string // the value's text, to measure it
	note   string // added to messages: the variant that brought the value
}

// problem begins a Problem at this place.
func (at place) problem(message string) Problem {
	if at.note != "" {
		message += " (in " + at.note + ")"
	}
	switch {
	case at.source == nil:
		return Problem{Message: message}
	case at.source.origin != "":
		return Problem{File: at.source.origin, Excerpt: at.source.origin, Message: message}
	case at.line == 0:
		return Problem{File: at.source.file, Message: message}
	}
	at = at.within()
	return Problem{
		File: at.source.file, Line: at.line, Column: at.column, Width: at.measured(),
		Excerpt: at.source.line(at.line), Message: message,
	}
}

// measured is the width of the place. It is not kept from the start because measuring every
// value of a long line would take a time quadratic in its length.
func (at place) measured() int {
	if at.width > 0 || at.source == nil {
		return at.width
	}
	return at.source.extent(at.line, at.column, at.plain)
}

// rest returns the line from a column (from 1, in characters) on.
func (s *source) rest(line, column int) string {
	text := s.line(line)
	for ; column > 1 && text != ""; column-- {
		_, size := utf8.DecodeRuneInString(text)
		text = text[size:]
	}
	return text
}

// extent measures how many characters of a line a value takes that begins at a column. The value
// is known by its text where it is plain, by its closing mark where it is quoted or in brackets.
func (s *source) extent(line, column int, plain string) int {
	rest := s.rest(line, column)
	skipped := 0
	for strings.HasPrefix(rest, "&") || strings.HasPrefix(rest, "!") { // an anchor or a tag goes before the value
		at := strings.IndexAny(rest, " \t")
		if at < 0 {
			break
		}
		for at < len(rest) && (rest[at] == ' ' || rest[at] == '\t') {
			at++
		}
		skipped += utf8.RuneCountInString(rest[:at])
		rest = rest[at:]
	}
	return skipped + utf8.RuneCountInString(rest[:valueEnd(rest, plain)])
}

// valueEnd finds where the value ends that a text begins with, as a byte index.
func valueEnd(rest, plain string) int {
	if rest == "" {
		return 0
	}
	switch rest[0] {
	case '"', '\'':
		if end := quotedEnd(rest); end > 0 {
			return end
		}
	case '{', '[':
		if end := bracketsEnd(rest); end > 0 {
			return end
		}
	case '|', '>', '*':
		if at := strings.IndexAny(rest, " \t,]}"); at > 0 {
			return at
		}
	default:
		if plain != "" && strings.HasPrefix(rest, plain) {
			return len(plain)
		}
	}
	// A value that goes on in the next line: this line without its comment.
	if at := strings.Index(rest, " #"); at > 0 {
		rest = rest[:at]
	}
	return len(strings.TrimRight(rest, " \t"))
}

// quotedEnd finds the end of a quoted text, 0 if it is not in this line.
func quotedEnd(rest string) int {
	for at := 1; at < len(rest); at++ {
		switch {
		case rest[0] == '"' && rest[at] == '\\':
			at++
		case rest[at] == rest[0] && rest[0] == '\'' && strings.HasPrefix(rest[at+1:], "'"):
			at++
		case rest[at] == rest[0]:
			return at + 1
		}
	}
	return 0
}

// bracketsEnd finds the end of a bracketed list or map, 0 if it is not in this line.
func bracketsEnd(rest string) int {
	depth := 0
	for at := 0; at < len(rest); at++ {
		switch c := rest[at]; c {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return at + 1
			}
		case '"', '\'':
			if end := quotedEnd(rest[at:]); end > 0 && strings.ContainsRune(" ,[{:", rune(rest[max(at-1, 0)])) {
				at += end - 1
			}
		}
	}
	return 0
}
