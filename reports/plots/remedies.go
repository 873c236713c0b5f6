package plots

import (
	"fmt"

	"headroom/experiments"
)

// ofRemedies are what becomes of the tail, of the capacity and of the cost with each remedy that was tried, the best at the top.
func ofRemedies(d *experiments.Diagnosis) []Chart {
	if len(d.Remedies) == 0 {
		return nil
	}
	return []Chart{
		remedies(d, "remedies-p99", "The p99 with each remedy", scale{title: "p99 of the requests that ended ok", unit: seconds, log: true},
			func(r *experiments.Remedy) *experiments.Moved { return &r.P99 }),
		remedies(d, "remedies-capacity", "The capacity with each remedy", scale{title: "Highest rate that meets the SLO, requests per second", unit: counts, log: true},
			func(r *experiments.Remedy) *experiments.Moved { return &r.Capacity }),
		remedies(d, "remedies-cost", "The cost with each remedy", scale{title: "Dollars a month", unit: dollars},
			func(r *experiments.Remedy) *experiments.Moved { return &r.CostPerMonth }),
	}
}

// verdicts are the colours of what is said of a remedy.
var verdicts = []struct {
	name string
	hue  hue
}{{experiments.Meets, 2}, {experiments.Helps, 0}, {experiments.NoHelp, grey}, {experiments.Harms, 1}}

// remedies has a row for each, with its figure after it, and a mark at that before.
func remedies(d *experiments.Diagnosis, name, title string, x scale, of func(*experiments.Remedy) *experiments.Moved) Chart {
	kept := d.Remedies[:min(len(d.Remedies), mostRows)]
	var names []string
	for _, r := range kept {
		names = append(names, fmt.Sprintf("%d  %s", r.Rank, r.Title))
	}
	f := newRows(names, x)
	before := none
	for i := range kept {
		r := &kept[i]
		moved := of(r)
		if v := value(moved.Before); v > 0 {
			before = v
		}
		if v := value(moved.After); v > 0 {
			low, high := ends(moved.CI95)
			f.shapes = append(f.shapes, dot{row: i, x: v, low: low, high: high, hue: remedyHue(r)})
		} else if r.Saturated && x.unit == seconds {
			f.shapes = append(f.shapes, note{i, "saturated: queues only grow"})
		}
	}
	for _, v := range verdicts {
		for i := range kept {
			if kept[i].Verdict == v.name {
				f.key = append(f.key, keyEntry{v.name, v.hue, nil})
				break
			}
		}
	}
	if before > 0 {
		f.marks = append(f.marks, mark{text: "before " + x.unit.format(before), x: before, low: none, high: none})
	}
	return Chart{Name: name, Title: title, X: Other, figure: f.fitX(), Caption: "Each was simulated on the same random requests; lines are 95% intervals." + left(len(d.Remedies), "best")}
}

func remedyHue(r *experiments.Remedy) hue {
	for _, v := range verdicts {
		if v.name == r.Verdict {
			return v.hue
		}
	}
	return grey
}
