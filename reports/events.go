package reports

import (
	"fmt"

	"headroom/experiments"
)

// mostEvents is how many events the page lists: the result holds all of them.
const mostEvents = 8

// events says what happened on the way, and how long it took until all was well again.
func events(r *experiments.Result) []block {
	if len(r.Events) == 0 {
		return nil
	}
	t := &table{columns: []column{{name: true}, {title: "at", number: true}, {title: "for", number: true}, {title: "SLO met again after", number: true}}}
	for _, e := range r.Events[:min(len(r.Events), mostEvents)] {
		lasts := say("ever")
		if e.For.Known() {
			lasts = say(seconds(e.For))
		}
		again := in(bad, "not in this run")
		switch {
		case e.RecoveredAfter == 0:
			again = in(good, "met throughout")
		case e.RecoveredAfter.Known():
			again = say(seconds(e.RecoveredAfter))
		}
		t.rows = append(t.rows, []phrase{say(clean(e.What)), say(seconds(e.At)), lasts, again})
	}
	b := block{title: "Events", table: t}
	if more := len(r.Events) - mostEvents; more > 0 {
		b.lines = []line{{paragraph, in(quiet, fmt.Sprintf("and %d more: -o json has them all", more))}}
	}
	return []block{b}
}
