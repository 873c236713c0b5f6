package reports

import (
	"cmp"
	"maps"
	"slices"

	"headroom/experiments"
)

// latency is how long requests took that ended ok: all of them, and each class and source where there are several. The latencies of
// a saturated run only say how long the run was, so they are not printed at all.
func latency(r *experiments.Result) []block {
	b := block{title: "Latency"}
	steady := false
	switch {
	case r.Saturated:
		b.sentence = in(bad, "grows without bound").then(": " + growing(r))
	case r.Latency.Count == 0:
		b.sentence = say("no request ended ok in the measured time")
	default:
		steady = true
	}
	t := &table{columns: latencyColumns(steady)}
	if steady {
		t.rows = append(t.rows, latencyRow("all requests", experiments.None, r.Latency, r.ErrorRate, true))
		if ci := r.Latency.CI95; ci != nil {
			t.rows = append(t.rows, reachRow(r.Latency, ci))
		}
	}
	t.rows = append(t.rows, classRows(r, steady)...)
	if len(r.Sources) > 1 {
		for _, name := range slices.Sorted(maps.Keys(r.Sources)) {
			s := r.Sources[name]
			t.rows = append(t.rows, latencyRow("from "+clean(name), experiments.None, s.Latency, s.ErrorRate, steady))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.Regions)) {
		if g := r.Regions[name]; g.Latency.Count > 0 {
			t.rows = append(t.rows, latencyRow("in "+clean(name), experiments.None, g.Latency, g.ErrorRate, steady))
		}
	}
	if len(t.rows) > 0 {
		b.table = withoutEmpty(t)
	}
	return []block{b}
}

func growing(r *experiments.Result) string {
	if r.Bottleneck.Node == "" {
		return "a queue only grows"
	}
	return "the queue of " + clean(r.Bottleneck.Node) + " only grows"
}

func latencyColumns(steady bool) []column {
	columns := []column{{name: true}, {title: "share", number: true}}
	if steady {
		for _, title := range []string{"mean", "p50", "p90", "p95", "p99", "p99.9", "max"} {
			spare := title == "p95" || title == "p99.9" || title == "max"
			columns = append(columns, column{title: title, number: true, spare: spare})
		}
	}
	return append(columns, column{title: "errors", number: true})
}

func latencyRow(name string, part experiments.Num, l experiments.Latency, errors experiments.Num, steady bool) []phrase {
	row := []phrase{say(name), nil}
	if part.Known() {
		row[1] = say(share(part))
	}
	if steady {
		for _, n := range []experiments.Num{l.Mean, l.P50, l.P90, l.P95, l.P99, l.P999, l.Max} {
			row = append(row, say(seconds(n)))
		}
	}
	t := plain
	if errors.Known() && errors > 0 {
		t = warning
	}
	return append(row, in(t, share(errors)))
}

// reachRow stands under a row of latencies and says how far the 95% intervals reach.
func reachRow(l experiments.Latency, ci *experiments.LatencyCI95) []phrase {
	around := func(value experiments.Num, i experiments.Interval) phrase {
		return in(quiet, plusMinus(value, i, seconds))
	}
	return []phrase{in(quiet, "95% interval"), nil, around(l.Mean, ci.Mean), around(l.P50, ci.P50), nil, nil, around(l.P99, ci.P99), nil, nil, nil}
}

// classRows puts the most frequent class first. Classes that no client sends are calls of other requests, and have no row of their own.
func classRows(r *experiments.Result, steady bool) [][]phrase {
	names := slices.SortedFunc(maps.Keys(r.Requests), func(a, b string) int {
		return cmp.Or(cmp.Compare(r.Requests[b].Share, r.Requests[a].Share), cmp.Compare(a, b))
	})
	names = slices.DeleteFunc(names, func(name string) bool { return r.Requests[name].Outcomes == experiments.Outcomes{} })
	if len(names) == 1 {
		return doneRow(r, "all", r.Requests[names[0]], steady)
	}
	var rows [][]phrase
	for _, name := range names {
		c := r.Requests[name]
		rows = append(rows, latencyRow(clean(name), c.Share, c.Latency, c.ErrorRate, steady))
		rows = append(rows, doneRow(r, clean(name), c, steady)...)
	}
	return rows
}

// doneRow says how long a class's requests took until their background work was done, where they leave some in queues.
func doneRow(r *experiments.Result, name string, c experiments.ClassResult, steady bool) [][]phrase {
	if !steady || queues(r) == nil || c.Done.Count == 0 || c.Done.Mean == c.Latency.Mean {
		return nil
	}
	row := latencyRow(name+" until done", experiments.None, c.Done, experiments.None, true)
	row[len(row)-1] = nil
	return [][]phrase{row}
}
