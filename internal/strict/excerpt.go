package strict

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/mattn/go-runewidth"
)

const (
	longestExcerpt = 100 // columns of a source line shown
	leadExcerpt    = 30  // columns shown before the mark in a line that is cut
	tabColumns     = 4   // a tab is shown as this many spaces
)

// columns measures characters the same on every machine, whatever its locale.
var columns = &runewidth.Condition{}

func (p Problem) position() string {
	if p.Line == 0 {
		return p.File
	}
	file := p.File
	if file == "" {
		file = "line"
	}
	return fmt.Sprintf("%s:%d:%d", file, p.Line, max(p.Column, 1))
}

// marked renders the source line and, under it, the mark.
func (p Problem) marked() string {
	cells := shown(p.Excerpt)
	from := min(max(p.Column-1, 0), len(cells))
	to := min(from+max(p.Width, 1), len(cells))
	first, last := window(cells, from)
	to = min(to, last)

	number := fmt.Sprintf("%4d", p.Line)
	line, blank, mark := number+" | ", strings.Repeat(" ", len(number))+" | ", ""
	if first > 0 {
		line, blank = line+"…", blank+" "
	}
	for at := first; at < last; at++ {
		line += cells[at].text
		width := cells[at].width
		switch {
		case at < from:
			blank += strings.Repeat(" ", width)
		case at < to:
			mark += strings.Repeat("^", width)
		}
	}
	if last < len(cells) {
		line += "…"
	}
	if mark == "" { // the place is behind the end of the line, or of no width
		mark = "^"
	}
	return "\n" + strings.TrimRight(line, " ") + "\n" + blank + mark
}

// cell is one character of a source line as it is shown.
type cell struct {
	text  string
	width int // columns on a terminal
}

// shown turns a source line into cells, one per character, so that marks can be counted in
// characters and drawn in columns.
func shown(line string) []cell {
	cells := make([]cell, 0, len(line))
	for _, r := range line {
		switch {
		case r == '\t':
			cells = append(cells, cell{strings.Repeat(" ", tabColumns), tabColumns})
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar || r == '\u2028' || r == '\u2029':
			cells = append(cells, cell{"·", 1})
		default:
			cells = append(cells, cell{string(r), columns.RuneWidth(r)})
		}
	}
	return cells
}

// window chooses the part of a line to show: all of it if it is short, or else what is around
// the mark.
func window(cells []cell, mark int) (first, last int) {
	total := 0
	for _, c := range cells {
		total += c.width
	}
	if total <= longestExcerpt {
		return 0, len(cells)
	}
	first = mark
	for lead := 0; first > 0 && lead < leadExcerpt; first-- {
		lead += cells[first-1].width
	}
	last = first
	for width := 0; last < len(cells) && width < longestExcerpt; last++ {
		width += cells[last].width
	}
	return first, last
}
