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
	for _, e := range r.Events[:min(len(r.Events), mostEvents)] {
		if m := e.MoveResult; m != nil && m.Moved.Known() {
			b.lines = append(b.lines, line{paragraph, say(moves(e))})
		}
	}
	if more := len(r.Events) - mostEvents; more > 0 {
		b.lines = append(b.lines, line{paragraph, in(quiet, fmt.Sprintf("and %d more: -o json has them all", more))})
	}
	return []block{b}
}

// moves says what share of the data a rebalance moves, and how far that came.
func moves(e experiments.EventResult) string {
	text := fmt.Sprintf("%s: %s of the keys move", clean(e.What), share(e.Moved))
	switch {
	case e.Moved == 0:
		return text + "."
	case e.CopiedAfter.Known():
		return fmt.Sprintf("%s; all are copied after %s.", text, seconds(e.CopiedAfter))
	}
	return fmt.Sprintf("%s; %s of them are copied at the end of the run.", text, share(e.Copied))
}
