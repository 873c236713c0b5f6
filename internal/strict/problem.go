package strict

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// Problem is one thing that is wrong, or (a Warning) without effect.
type Problem struct {
	File    string // the file's name, or the origin of a value set from outside, such as "--set nodes.api.cores=4"
	Line    int    // from 1; 0: no place in a file
	Column  int    // from 1, in characters; 0 when Line is
	Width   int    // how many columns to underline; 0 or 1: one
	Excerpt string // the source line as it is written, "" if it is longer than 64 KB; or the origin
	Message string // what is wrong and what was expected, on one line
	Suggest string // the nearest valid word, "" if none is near
	Warning bool   // legal, but cannot matter
	Path    string // the path of the value, such as nodes.api.cores
}

// String renders the problem on up to four lines: place and message, the source line, the mark
// under it, and the suggestion. It has no newline at its end.
func (p Problem) String() string {
	var out strings.Builder
	if p.File != "" || p.Line > 0 {
		out.WriteString(clean(p.position()) + ": ")
	}
	if p.Warning {
		out.WriteString("warning: ")
	}
	out.WriteString(clean(p.Message))
	if p.Line == 0 && p.Path != "" && p.File != "" && p.Excerpt == p.File && !strings.HasPrefix(p.File, "--") {
		// "variant wider" alone does not say which of its values; a flag does.
		out.WriteString(" (at " + clean(p.Path) + ")")
	}
	if p.Line > 0 && (p.Excerpt != "" || p.Column <= 1) {
		out.WriteString(p.marked())
	} else if p.Line == 0 && p.Excerpt != "" && p.Excerpt != p.File {
		out.WriteString("\n  " + clean(p.Excerpt))
	}
	if p.Suggest != "" {
		out.WriteString("\n  did you mean `" + clean(p.Suggest) + "`?")
	}
	return out.String()
}

// Problems are the problems of a file. As an error, they are all of them.
type Problems []Problem

// Error renders all problems, with a blank line between them.
func (ps Problems) Error() string {
	texts := make([]string, len(ps))
	for i, p := range ps {
		texts[i] = p.String()
	}
	return strings.Join(texts, "\n\n")
}

// Errors are the problems that are not warnings.
func (ps Problems) Errors() Problems { return ps.only(false) }

// Warnings are the problems that are warnings.
func (ps Problems) Warnings() Problems { return ps.only(true) }

func (ps Problems) only(warning bool) Problems {
	var kept Problems
	for _, p := range ps {
		if p.Warning == warning {
			kept = append(kept, p)
		}
	}
	return kept
}

// sorted returns the problems by place, those without a place last, each one once. Two
// are the same if they say the same of the same place: an alias repeats what is wrong at its anchor.
func (ps Problems) sorted() Problems {
	out := slices.Clone(ps)
	slices.SortStableFunc(out, func(a, b Problem) int {
		if a.Line == 0 || b.Line == 0 {
			return cmp.Compare(boolean(a.Line == 0), boolean(b.Line == 0)) // and otherwise as they came
		}
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	type place struct {
		file, message, path string
		line, column        int
		warning             bool
	}
	seen := map[place]bool{}
	return slices.DeleteFunc(out, func(p Problem) bool {
		at := place{p.File, p.Message, "", p.Line, p.Column, p.Warning}
		if p.Line == 0 {
			at.path = p.Path
		}
		again := seen[at]
		seen[at] = true
		return again
	})
}

// clean puts a text on one line, without characters that would move a terminal's cursor or turn the
// direction of writing.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r' || r == '\u2028' || r == '\u2029' || r == '\u0085':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar:
			return '·'
		}
		return r
	}, text)
}

// quote shows a text of the file in a message: on one line, not too long.
func quote(text string) string {
	const longest = 60
	if runes := []rune(text); len(runes) > longest {
		text = string(runes[:longest]) + "…"
	}
	return "`" + clean(text) + "`"
}
