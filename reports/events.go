package reports

import (
	"fmt"

	"headroom/experiments"
)

// mostEvents is how many events the page lists: the result holds all of them.
const mostEvents = 8

// events says what happened on the way, what it did, and how long it took until all was well again.
func events(r *experiments.Result) []block {
	if len(r.Events) == 0 {
		return nil
	}
	t := &table{columns: []column{{name: true}, {title: "at", number: true}, {title: "for", number: true}, {title: "p99 before", number: true, spare: true},
		{title: "during", number: true, spare: true}, {title: "after", number: true, spare: true}, {title: "errors", number: true, spare: true},
		{title: "SLO met again after", number: true}}}
	b := block{title: "Events"}
	for _, e := range r.Events[:min(len(r.Events), mostEvents)] {
		lasts := say("ever")
		switch {
		case e.For == 0:
			lasts = say("once")
		case e.For.Known():
			lasts = say(seconds(e.For))
		}
		again := in(bad, "not in this run")
		switch {
		case e.RecoveredAfter == 0:
			again = in(good, "met throughout")
		case e.RecoveredAfter.Known():
			again = say(seconds(e.RecoveredAfter))
		}
		errors := say(absent)
		if e.During != nil {
			errors = say(share(e.During.ErrorRate))
		}
		t.rows = append(t.rows, []phrase{
			say(clean(e.What)), say(seconds(e.At)), lasts, p99Of(e.Before), p99Of(e.During), p99Of(e.After), errors, again,
		})
		if e.MoveResult != nil && e.Moved.Known() {
			b.lines = append(b.lines, line{paragraph, moved(e)})
		}
	}
	b.table = t
	if more := len(r.Events) - mostEvents; more > 0 {
		b.lines = append(b.lines, line{paragraph, in(quiet, fmt.Sprintf("and %d more: -o json has them all", more))})
	}
	if r.Metastable != "" {
		b.lines = append(b.lines, line{paragraph, append(in(bad, "Metastable"), say(": it stays bad although all events are over. What feeds it: "+clean(r.Metastable)+".")...)})
	}
	return []block{b}
}

// moved says what share of the keys a rebalance moved and how long that took, or how much of it was done.
func moved(e experiments.EventResult) phrase {
	did := say(clean(e.What) + ": " + share(e.Moved) + " of the data moves")
	if e.CopiedAfter.Known() {
		return did.then(", which takes " + seconds(e.CopiedAfter) + ".")
	}
	return did.then("; ").and(in(bad, share(e.Copied)+" of that is done at the end")).then(".")
}

// p99Of is that of a phase, if there is one.
func p99Of(p *experiments.Phase) phrase {
	if p == nil {
		return say(absent)
	}
	return say(seconds(p.P99))
}
