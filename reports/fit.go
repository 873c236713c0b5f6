package reports

import (
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

const (
	gap      = 2  // blanks between two columns
	shortest = 10 // what is left at least of a name that does not fit
	longest  = 30 // what is left at most of a name that has to share its column
)

// measure is how many columns of a terminal a text takes. Signs of ambiguous width count as one, as terminals draw them.
func measure(s string) int { return twwidth.WidthWithOptions(s, twwidth.Options{}) }

func (p phrase) width() int { return measure(p.String()) }

// cut shortens a phrase to a width, marking the place with an ellipsis.
func (p phrase) cut(width int) phrase {
	if p.width() <= width {
		return p
	}
	var kept phrase
	left := width - 1
	for _, s := range p {
		head := beginning(s.text, left)
		if head != s.text {
			return append(kept, span{strings.TrimRight(head, " ") + "…", s.tone})
		}
		kept = append(kept, s)
		left -= measure(head)
	}
	return kept
}

// beginning is as much of a text as fits into a width.
func beginning(text string, width int) string {
	for i, r := range text {
		if width -= measure(string(r)); width < 0 {
			return text[:i]
		}
	}
	return text
}

// wrapped breaks a phrase into lines. A word that is longer than a line is cut into pieces: no part of a warning may be lost.
func (p phrase) wrapped(room int) []phrase {
	var lines []phrase
	var current phrase
	used := 0
	flush := func() {
		lines, current, used = append(lines, current), nil, 0
	}
	for _, w := range p.words() {
		if blank := w.text == " "; blank && used == 0 {
			continue
		}
		if used+measure(w.text) > room && used > 0 {
			current = current.withoutLastBlank()
			flush()
			if w.text == " " {
				continue
			}
		}
		for measure(w.text) > room {
			head := beginning(w.text, room)
			current = append(current, span{head, w.tone})
			w.text = strings.TrimPrefix(w.text, head)
			flush()
		}
		current = append(current, w)
		used += measure(w.text)
	}
	return append(lines, current.withoutLastBlank())
}

// words takes a phrase apart into words and single blanks, each with its tone.
func (p phrase) words() []span {
	var words []span
	for _, s := range p {
		for i, w := range strings.Split(s.text, " ") {
			if i > 0 {
				words = append(words, span{" ", s.tone})
			}
			if w != "" {
				words = append(words, span{w, s.tone})
			}
		}
	}
	return words
}

func (p phrase) withoutLastBlank() phrase {
	for len(p) > 0 && p[len(p)-1].text == " " {
		p = p[:len(p)-1]
	}
	return p
}

// fitted gives the table that fits into the width: bars go first, then the longest names are shortened, then spare columns go. Numbers
// are never cut.
func (t *table) fitted(width int) *table {
	if t.width() <= width {
		return t
	}
	t = t.without(func(c column) bool { return c.drawing })
	for t.width()-t.shrinkable() > width {
		spare := -1
		for i, c := range t.columns {
			if c.spare {
				spare = i
			}
		}
		if spare < 0 {
			break
		}
		name := t.columns[spare].title
		t = t.without(func(c column) bool { return c.title == name })
	}
	return t.shortened(t.width() - width)
}

// shortened takes the excess off the names, always off the column that is widest just then.
func (t *table) shortened(excess int) *table {
	widths := t.widths()
	for ; excess > 0; excess-- {
		widest := -1
		for i, c := range t.columns {
			if c.name && widths[i] > c.floor() && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			break
		}
		widths[widest]--
	}
	fitted := &table{columns: t.columns}
	for _, row := range t.rows {
		short := make([]phrase, len(row))
		for i, cell := range row {
			short[i] = cell
			if t.columns[i].name {
				short[i] = cell.cut(widths[i])
			}
		}
		fitted.rows = append(fitted.rows, short)
	}
	return fitted
}

func (t *table) widths() []int {
	widths := make([]int, len(t.columns))
	for i, c := range t.columns {
		widths[i] = measure(c.title)
		for _, row := range t.rows {
			widths[i] = max(widths[i], row[i].width())
		}
	}
	return widths
}

func (t *table) width() int {
	total := -gap
	for _, w := range t.widths() {
		total += w + gap
	}
	return total
}

// shrinkable is how much narrower the table gets when every name is as short as may be.
func (t *table) shrinkable() int {
	total := 0
	for i, w := range t.widths() {
		if t.columns[i].name {
			total += max(w-t.columns[i].floor(), 0)
		}
	}
	return total
}

// floor is how narrow a column of names may get.
func (c column) floor() int { return max(shortest, measure(c.title)) }

// stacked moves the rows a little to the right, under a title in the corner, and draws joined columns together under it.
func (t *table) stacked(corner string) *table {
	widths := t.widths()
	s := &table{columns: []column{{title: corner, name: t.columns[0].name}}}
	for _, row := range t.rows {
		s.rows = append(s.rows, []phrase{say(indent).and(row[0])})
	}
	for i, c := range t.columns[1:] {
		if !c.joined {
			s.columns = append(s.columns, c)
		}
		for r, row := range t.rows {
			if !c.joined {
				s.rows[r] = append(s.rows[r], row[i+1])
				continue
			}
			before := row[i].cut(longest)
			blanks := strings.Repeat(" ", min(widths[i], longest)-before.width()+gap)
			s.rows[r][len(s.rows[r])-1] = say(indent).and(before).then(blanks).and(row[i+1])
		}
	}
	return s
}

func (t *table) without(drop func(column) bool) *table {
	kept := &table{rows: make([][]phrase, len(t.rows))}
	for i, c := range t.columns {
		if drop(c) {
			continue
		}
		kept.columns = append(kept.columns, c)
		for r, row := range t.rows {
			kept.rows[r] = append(kept.rows[r], row[i])
		}
	}
	return kept
}
