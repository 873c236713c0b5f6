package reports

import (
	"fmt"

	"headroom/experiments"
)

// caches says which cache answered how many requests, how fast, and what that leaves for those behind it.
func caches(r *experiments.Result) []block {
	t := &table{columns: []column{{name: true}, {drawing: true}, {title: "answered", number: true}, {title: "mean", number: true},
		{title: "p50", number: true}, {title: "p99", number: true}, {title: "hit ratio", number: true}, {title: "entries", number: true, spare: true},
		{title: "size", number: true, spare: true}, {title: "evicted", number: true, spare: true}, {title: "coalesced", number: true, spare: true}}}
	for _, a := range r.Answered {
		row := []phrase{say(clean(a.By)), say(bar(a.Share, 5)), say(share(a.Share)), nil, nil, nil}
		if !r.Saturated {
			row[3], row[4], row[5] = say(seconds(a.Latency.Mean)), say(seconds(a.Latency.P50)), say(seconds(a.Latency.P99))
		}
		if a.By == "" {
			t.rows = append(t.rows, append([]phrase{say("past them")}, append(row[1:], nil, nil, nil, nil, nil)...))
			continue
		}
		c := cacheOf(r, a.By)
		if c == nil {
			continue
		}
		t.rows = append(t.rows, append(row, kept(c)...))
	}
	for _, name := range r.NodeOrder {
		if n := r.Nodes[name]; n.Kind == "database" && n.Cache != nil {
			t.rows = append(t.rows, append([]phrase{say(clean(name) + "'s queries"), nil, nil, nil, nil, nil}, kept(n.Cache)...))
		}
	}
	if t.rows == nil {
		return nil
	}
	return []block{{title: "Caches", table: withoutEmpty(t)}}
}

// kept says how often a cache had what it was asked for, and what it keeps.
func kept(c *experiments.CacheResult) []phrase {
	row := []phrase{say(share(c.HitRatio)), nil, nil, nil, nil}
	if c.LiveMean > 0 {
		row[1], row[2], row[3] = say(number(c.LiveMean)), say(size(c.Bytes)), say(count(c.Evictions))
	}
	if c.Coalesced > 0 {
		row[4] = say(count(c.Coalesced))
	}
	return row
}

// cacheOf returns the cache of a node, or what all browsers counted.
func cacheOf(r *experiments.Result, by string) *experiments.CacheResult {
	if n, ok := r.Nodes[by]; ok {
		return n.Cache
	}
	if by != experiments.ByBrowsers {
		return nil
	}
	var all experiments.CacheResult
	for _, s := range r.Sources {
		if s.Cache != nil {
			all.Hits, all.Misses = all.Hits+s.Cache.Hits, all.Misses+s.Cache.Misses
		}
	}
	all.HitRatio = experiments.Num(all.Hits) / experiments.Num(all.Hits+all.Misses)
	return &all
}

// observed puts what was measured on the real system beside what was simulated.
func observed(r *experiments.Result) []block {
	if len(r.Observed) == 0 {
		return nil
	}
	t := &table{columns: []column{{name: true}, {title: "observed", number: true}, {title: "simulated", number: true}, {title: "difference", number: true}}}
	for _, o := range r.Observed {
		difference := absent
		if o.Difference.Known() {
			difference = fmt.Sprintf("%+.1f%%", 100*float64(o.Difference))
		}
		t.rows = append(t.rows, []phrase{say(clean(o.Figure)), say(quantity(o.Observed, o.Unit)), say(quantity(o.Simulated, o.Unit)), say(difference)})
	}
	return []block{{title: "Observed", table: t}}
}

// cost says what it costs where something has a price.
func cost(r *experiments.Result) []block {
	if !r.Cost.PerMonth.Known() || r.Cost.PerMonth == 0 {
		return nil
	}
	text := fmt.Sprintf("%s a month", dollars(r.Cost.PerMonth))
	if r.Cost.PerMillionRequests.Known() {
		text += fmt.Sprintf(", %s per million requests at this load", dollars(r.Cost.PerMillionRequests))
	}
	missing := 0
	for _, n := range r.Nodes {
		if !n.CostPerMonth.Known() {
			missing++
		}
	}
	if missing > 0 {
		text += fmt.Sprintf(" (%s without a price)", plural(missing, "node", "nodes"))
	}
	return []block{{title: "Cost", sentence: say(text + ".")}}
}

func dollars(n experiments.Num) string {
	if n >= 100 {
		return "$" + withThousands(int64(n+0.5))
	}
	return fmt.Sprintf("$%.2f", float64(n))
}

// withThousands writes a whole number with commas between its thousands.
func withThousands(n int64) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", withThousands(n/1000), n%1000)
}
