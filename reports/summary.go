package reports

import (
	"fmt"
	"math"
	"strings"

	"headroom/experiments"
)

// pageOf decides what the summary says and in which order: is the SLO met, what load was carried, how long requests took, what each
// node did, which resource gives way first, where the time goes, what to doubt, what to type next.
func pageOf(r *experiments.Result, s Style) page {
	if s.Verbose {
		return summary(r, true, append(distribution(r, s.width()), overTime(r, s.width())...))
	}
	return summary(r, false, nil)
}

// summary is pageOf with whatever drawings the medium takes.
func summary(r *experiments.Result, verbose bool, drawings []block) page {
	p := page{title: clean(r.Scenario.Name), lead: lead(r, verbose)}
	if p.title == "" {
		p.title = "Unnamed scenario"
	}
	for _, b := range [][]block{slo(r), load(r), latency(r), drawings, nodes(r), queues(r), shards(r), caches(r), events(r), observed(r), bottleneck(r), timeShares(r), cost(r)} {
		p.blocks = append(p.blocks, b...)
	}
	p.blocks = append(p.blocks, texts("Warnings", warning, r.Warnings[min(len(r.Scenario.Warnings), len(r.Warnings)):])...)
	if verbose {
		p.blocks = append(p.blocks, texts("Assumptions", plain, r.Assumptions)...)
	}
	p.blocks = append(p.blocks, next(r)...)
	return p
}

// lead is what the run was. The time it took stands there only on request: it is the one thing that two equal runs differ in.
func lead(r *experiments.Result, verbose bool) []line {
	parts := []string{runLength(r.Run), count(r.Run.Requests) + " requests", fmt.Sprintf("seed %d", r.Run.Seed)}
	lines := []line{{paragraph, in(quiet, strings.Join(parts, " · "))}}
	if verbose {
		did := fmt.Sprintf("headroom %s · %s events in %s", clean(r.Version), count(r.Run.Events), seconds(r.Run.WallSeconds))
		lines = append(lines, line{paragraph, in(quiet, did)})
	}
	if k := r.Run.Precision; k != nil && !r.Saturated {
		lines = append(lines, line{paragraph, precision(r.Run)})
	}
	if r.Partial {
		lines = append(lines, line{paragraph, in(warning, "! Partial: the run was interrupted. The figures are of what was simulated until then.")})
	}
	return lines
}

// precision says whether a run is as precise as it should be, what it was held up by, and how much less than usual was enough.
func precision(run experiments.RunInfo) phrase {
	k := run.Precision
	reached := in(good, "reached")
	if !k.Reached {
		reached = in(warning, "not reached")
	}
	p := in(quiet, fmt.Sprintf("Precision of %s, %s planned: ", share(k.Asked), plural(k.Planned, "replication", "replications"))).and(reached)
	if k.Half.Known() {
		p = p.and(in(quiet, fmt.Sprintf("; the widest interval is ±%s, of %s", share(k.Half), clean(k.Widest))))
	}
	if usual := usually(run); usual > run.Requests/int64(run.Replications) {
		p = p.and(in(quiet, fmt.Sprintf("; replications of %s requests sufficed, where %s are usual", count(run.Requests/int64(run.Replications)), count(usual))))
	}
	return p
}

// usually is how many requests a replication would have without the precision; 0 where that does not say how long it is.
func usually(run experiments.RunInfo) int64 {
	if run.SimulatedSeconds <= 0 {
		return 0
	}
	return int64(math.Round(float64(run.Precision.PlannedSeconds/run.SimulatedSeconds) * float64(run.Requests) / float64(run.Replications)))
}

// runLength is how often and how long a scenario was simulated.
func runLength(run experiments.RunInfo) string {
	said := plural(run.Replications, "replication", "replications") + " of " + seconds(run.SimulatedSeconds)
	if run.WarmupSeconds.Known() && run.WarmupSeconds > 0 {
		said += " after " + seconds(run.WarmupSeconds) + " of warm-up"
	}
	return said
}

func slo(r *experiments.Result) []block {
	if len(r.SLO) == 0 {
		return nil
	}
	missed := 0
	t := &table{columns: []column{{title: "", name: true}, {title: "value", number: true}, {title: "95% interval", number: true, spare: true}}}
	for _, target := range r.SLO {
		mark := in(good, "✓")
		if !target.Met {
			mark = in(bad, "✗")
			missed++
		}
		value := quantity(target.Value, target.Unit)
		if r.Saturated && !target.Value.Known() && target.Unit == "seconds" {
			value = "grows without bound"
		}
		t.rows = append(t.rows, []phrase{mark.then(" " + clean(target.Target)), say(value), say(interval(target))})
	}
	verdict := in(good, "met")
	switch {
	case missed == len(r.SLO):
		verdict = in(bad, "not met")
	case missed > 0:
		verdict = in(bad, fmt.Sprintf("not met (%d of %d missed)", missed, len(r.SLO)))
	}
	return []block{{title: "SLO", verdict: verdict, table: withoutEmpty(t)}}
}

// withoutEmpty leaves out the columns, other than the first, in which no row says anything.
func withoutEmpty(t *table) *table {
	kept := &table{rows: make([][]phrase, len(t.rows))}
	for c, column := range t.columns {
		said := c == 0
		for _, row := range t.rows {
			said = said || row[c].String() != ""
		}
		if !said {
			continue
		}
		kept.columns = append(kept.columns, column)
		for i, row := range t.rows {
			kept.rows[i] = append(kept.rows[i], row[c])
		}
	}
	return kept
}

func load(r *experiments.Result) []block {
	offered, goodput := "", ""
	if ci := r.Load.CI95; ci != nil {
		offered = plusMinus(r.Load.Offered, ci.Offered, rate)
		goodput = plusMinus(r.Load.Goodput, ci.Goodput, rate)
	}
	t := &table{columns: []column{{name: true}, {title: "asked", number: true}, {title: "offered", number: true},
		{title: "completed", number: true}, {title: "goodput", number: true}}}
	asked := say(rate(r.Load.Asked))
	if !r.Load.Asked.Known() {
		asked = nil // closed users ask for no rate: a column without a number says nothing
	}
	t.rows = append(t.rows, []phrase{say("requests"), asked, say(rate(r.Load.Offered)), say(rate(r.Load.Completed)), say(rate(r.Load.Goodput))})
	if offered != "" || goodput != "" {
		t.rows = append(t.rows, []phrase{in(quiet, "95% interval"), nil, in(quiet, offered), nil, in(quiet, goodput)})
	}
	return []block{{title: "Load", table: withoutEmpty(t), lines: append([]line{{paragraph, outcomes(r.Outcomes)}}, attempts(r)...)}}
}

// outcomes counts how the requests ended, leaving out the ways that none of them took.
func outcomes(o experiments.Outcomes) phrase {
	ways := []struct {
		n    int64
		name string
		tone tone
	}{
		{o.OK, "ok", good}, {o.RateLimited, "rate limited", warning}, {o.Overloaded, "overloaded", bad}, {o.Timeout, "timed out", bad},
		{o.Unavailable, "unavailable", bad}, {o.Failed, "failed", bad}, {o.InFlight, "in flight", plain},
	}
	var total int64
	for _, w := range ways {
		total += w.n
	}
	if total == 0 {
		return say("No request arrived in the measured time.")
	}
	p := say("Outcomes: ")
	first := true
	for _, w := range ways {
		if w.n == 0 {
			continue
		}
		if !first {
			p = p.then(" · ")
		}
		first = false
		p = p.and(in(w.tone, w.name)).then(fmt.Sprintf(" %s (%s)", count(w.n), share(experiments.Num(float64(w.n)/float64(total)))))
	}
	return p
}

// texts is a list of sentences that the run wrote itself.
func texts(title string, t tone, sentences []string) []block {
	if len(sentences) == 0 {
		return nil
	}
	b := block{title: title}
	for _, s := range sentences {
		b.lines = append(b.lines, line{item, in(t, clean(s))})
	}
	return []block{b}
}
