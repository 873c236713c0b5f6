package reports

import (
	"strings"
	"unicode"
)

// A page is what a report says, before it is decided how it is written down.
type page struct {
	title  string
	lead   []line // what the run was, and what to know before reading on
	blocks []block
}

// A block is one part of the page. All but its title may be absent.
type block struct {
	title    string
	verdict  phrase // a word or two that belong to the title
	sentence phrase // begins beside the title
	table    *table
	lines    []line
}

// A line is a paragraph, an item of a list, or a command to type.
type line struct {
	form lineForm
	text phrase
}

type lineForm int

const (
	paragraph lineForm = iota
	item
	command
	key // of what a drawing's signs mean: not for Markdown
)

// A table has one phrase per column in each row.
type table struct {
	columns []column
	rows    [][]phrase
}

// A column that is a name is shortened where the page is too narrow; one that is spare is left out after that.
type column struct {
	title   string
	number  bool // aligned at the right
	name    bool
	spare   bool
	joined  bool // in a terminal, a part of the column before, under the title of that one
	drawing bool // says with a bar what the next column says in digits: not for Markdown
}

// A phrase is text in one or more tones.
type phrase []span

type span struct {
	text string
	tone tone
}

// A tone is what a word means for the reader; the terminal has a colour for each.
type tone int

const (
	plain tone = iota
	strong
	quiet
	good
	bad
	warning
)

func say(text string) phrase          { return phrase{{text, plain}} }
func in(t tone, text string) phrase   { return phrase{{text, t}} }
func (p phrase) and(q phrase) phrase  { return append(append(phrase{}, p...), q...) }
func (p phrase) then(s string) phrase { return p.and(say(s)) }

func (p phrase) String() string {
	var b strings.Builder
	for _, s := range p {
		b.WriteString(s.text)
	}
	return b.String()
}

// clean makes a text of the scenario's author safe to print in one line: a name must not be able to move the cursor.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) || unicode.Is(unicode.Cf, r) {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}
