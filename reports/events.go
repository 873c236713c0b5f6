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
	t := &table{columns: []column{{name: true}, {title: "at", number: true}, {title: "for", number: true}, {title: "SLO met again after", number: true},
		{title: "keys moved", number: true}}}
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
		t.rows = append(t.rows, []phrase{say(clean(e.What)), say(seconds(e.At)), lasts, again, moved(e)})
	}
	b := block{title: "Events", table: withoutEmpty(t)}
	if more := len(r.Events) - mostEvents; more > 0 {
		b.lines = []line{{paragraph, in(quiet, fmt.Sprintf("and %d more: -o json has them all", more))}}
	}
	return []block{b}
}

// moved says what share of the keys a rebalance moved and how long that took, or how much of it was done.
func moved(e experiments.EventResult) phrase {
	switch {
	case e.MoveResult == nil || !e.Moved.Known():
		return nil
	case e.CopiedAfter.Known():
		return say(share(e.Moved) + " in " + seconds(e.CopiedAfter))
	}
	return in(bad, share(e.Copied)+" of "+share(e.Moved))
}
