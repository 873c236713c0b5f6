package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"headroom/experiments"
)

// mostShards is how many shards and replicas of a database are shown: the busiest.
const mostShards = 3

// shards says what part of the queries came to the busiest shards and replicas of each database, and how many reads were stale.
func shards(r *experiments.Result) []block {
	t := &table{columns: []column{{name: true}, {drawing: true}, {title: "queries", number: true}, {title: "used", number: true}, {title: "stale reads", number: true}}}
	for _, name := range r.NodeOrder {
		n := r.Nodes[name]
		busiest := slices.Clone(n.Shards)
		slices.SortStableFunc(busiest, func(a, b experiments.Shard) int {
			if a.Utilization.Known() && a.Utilization != b.Utilization {
				return cmp.Compare(b.Utilization, a.Utilization)
			}
			return cmp.Compare(b.Share, a.Share)
		})
		if even(busiest) {
			s := busiest[0]
			t.rows = append(t.rows, []phrase{say(fmt.Sprintf("all %d of %s alike", len(busiest), clean(name))), say(bar(s.Share, 5)), say(share(s.Share)), say(share(s.Utilization)), stale(n)})
			continue
		}
		for i, s := range busiest[:min(len(busiest), mostShards)] {
			row := []phrase{say(clean(s.Name)), say(bar(s.Share, 5)), say(share(s.Share)), say(share(s.Utilization)), nil}
			if i == 0 {
				row[4] = stale(n)
			}
			t.rows = append(t.rows, row)
		}
		if more := len(busiest) - mostShards; more > 0 {
			t.rows = append(t.rows, []phrase{say(fmt.Sprintf("%d more of %s", more, clean(name))), nil, nil, nil, nil})
		}
	}
	var all []block
	if t.rows != nil {
		all = append(all, block{title: "Shards", table: withoutEmpty(t)})
	}
	return append(all, hotKeys(r)...)
}

// even tells whether shards, the busiest first, differ by less than a tenth, so that one line says what all of them do.
func even(busiest []experiments.Shard) bool {
	if len(busiest) < 2 {
		return false
	}
	least, most := busiest[0].Share, busiest[0].Share
	for _, s := range busiest {
		least, most = min(least, s.Share), max(most, s.Share)
	}
	last := busiest[len(busiest)-1].Utilization
	return most < 1.1*least && (!last.Known() || busiest[0].Utilization < 1.1*last)
}

// stale is the share of a database's reads that were stale, where it is known.
func stale(n experiments.NodeResult) phrase {
	if n.StaleReads == nil {
		return nil
	}
	return say(share(*n.StaleReads))
}

const (
	mostHotKeys = 3    // how many of the hottest keys of a database are shown
	hotEnough   = 0.01 // the share of the queries from which on a key is worth a word
)

// hotKeys names, for each database, the keys that a part of the queries worth mentioning asks for.
func hotKeys(r *experiments.Result) []block {
	var sentences []string
	for _, name := range r.NodeOrder {
		var keys []string
		for _, k := range r.Nodes[name].HotKeys {
			if k.Share >= hotEnough && len(keys) < mostHotKeys {
				keys = append(keys, clean(k.Key)+" "+share(k.Share))
			}
		}
		if keys != nil {
			sentences = append(sentences, fmt.Sprintf("of %s: %s.", clean(name), strings.Join(keys, ", ")))
		}
	}
	if sentences == nil {
		return nil
	}
	return []block{{title: "Hot keys", sentence: say(strings.Join(sentences, " "))}}
}
