package reports

import (
	"headroom/experiments"
	"headroom/internal/units"
)

// queues says how many messages wait in each queue, how long, and what became of them.
func queues(r *experiments.Result) []block {
	t := &table{columns: []column{{name: true}, {title: "published", number: true}, {title: "done", number: true}, {title: "again", number: true, spare: true},
		{title: "dead", number: true}, {title: "mean depth", number: true}, {title: "deepest", number: true, spare: true}, {title: "most held", number: true, spare: true}, {title: "mean age", number: true},
		{title: "p99 age", number: true}}}
	for _, name := range r.NodeOrder {
		q := r.Nodes[name].Queue
		if q == nil {
			continue
		}
		row := []phrase{say(clean(name)), say(count(q.Published)), say(count(q.Delivered)), nil, nil, say(number(q.DepthMean)), say(count(q.DepthMax)), nil, nil, nil}
		if q.Redelivered > 0 {
			row[3] = say(count(q.Redelivered))
		}
		if q.Dead > 0 {
			row[4] = in(warning, count(q.Dead))
		}
		if q.BytesMax > 0 && !r.Saturated {
			row[7] = say(units.FormatSize(q.BytesMax))
		}
		switch {
		case r.Saturated: // they would only say how long the run was
			row[5], row[6] = say(absent), nil
		case q.AgeMean.Known():
			row[8], row[9] = say(seconds(q.AgeMean)), say(seconds(q.AgeP99))
		}
		t.rows = append(t.rows, row)
	}
	if t.rows == nil {
		return nil
	}
	return []block{{title: "Queues", table: withoutEmpty(t)}}
}
