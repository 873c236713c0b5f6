package reports

import (
	"cmp"
	"fmt"
	"slices"

	"headroom/experiments"
)

// mostShards is how many shards and replicas of a database are shown: the busiest.
const mostShards = 5

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
		for i, s := range busiest[:min(len(busiest), mostShards)] {
			row := []phrase{say(clean(s.Name)), say(bar(s.Share, 5)), say(share(s.Share)), say(share(s.Utilization)), nil}
			if i == 0 && n.StaleReads != nil {
				row[4] = say(share(*n.StaleReads))
			}
			t.rows = append(t.rows, row)
		}
		if more := len(busiest) - mostShards; more > 0 {
			t.rows = append(t.rows, []phrase{say(fmt.Sprintf("%d more of %s", more, clean(name))), nil, nil, nil, nil})
		}
	}
	if t.rows == nil {
		return nil
	}
	return []block{{title: "Shards", table: withoutEmpty(t)}}
}
