package reports

import (
	"io"

	"headroom/experiments"
)

// Reproduction draws what a scenario that was made of answers rests on: what was assumed, the times that were solved, and what was reported
// beside what a run of it shows.
func Reproduction(s Style) func(w io.Writer, p *experiments.Reproduction, shown *experiments.Result) error {
	return func(w io.Writer, p *experiments.Reproduction, shown *experiments.Result) error {
		blocks := texts("Assumed", plain, p.Assumptions)
		t := &table{columns: []column{{name: true}, {title: "of one request", number: true}}}
		for _, at := range p.Times {
			t.rows = append(t.rows, []phrase{say(clean(at.Path)), say(clean(at.Text))})
		}
		blocks = append(blocks, block{title: "Solved", table: t})
		return s.blocks(w, append(blocks, observed(shown)...))
	}
}
