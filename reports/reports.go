package reports

import (
	"io"

	"headroom/experiments"
)

// DefaultWidth is how many columns a summary has where nothing else is asked for.
const DefaultWidth = 100

// narrowest is the width below which the numbers themselves would have to be cut.
const narrowest = 60

// Style says how a page for a person is drawn.
type Style struct {
	Color   bool // ANSI colours, which repeat what the words and signs already say
	Width   int  // columns; 0 means DefaultWidth
	Verbose bool // the assumptions as well, and how the run went
}

func (s Style) width() int {
	if s.Width == 0 {
		return DefaultWidth
	}
	return max(s.Width, narrowest)
}

// A Reporter draws one result.
type Reporter func(w io.Writer, r *experiments.Result) error

// Named finds the reporter for a value of the --output flag: table, json, csv or markdown.
func Named(output string, s Style) (Reporter, bool) {
	switch output {
	case "table":
		return Summary(s), true
	case "json":
		return JSON(), true
	case "csv":
		return CSV(), true
	case "markdown":
		return Markdown(), true
	}
	return nil, false
}
