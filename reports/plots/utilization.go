package plots

import (
	"maps"
	"slices"

	"headroom/experiments"
)

// A use is one resource of one node.
type use struct {
	node, resource string
}

// uses are the resources of a result, in the order of the file.
func uses(r *experiments.Result) []use {
	var all []use
	for _, node := range r.NodeOrder {
		for _, resource := range slices.Sorted(maps.Keys(r.Nodes[node].Resources)) {
			all = append(all, use{node, resource})
		}
	}
	return all
}

func (u use) of(r *experiments.Result) experiments.Resource {
	n, there := r.Nodes[u.node].Resources[u.resource]
	if !there {
		n.Utilization = experiments.None
	}
	return n
}

func sweepUtilization(s *experiments.Sweep) Chart {
	f := newSweepFigure(s, scale{title: "Utilization", unit: shares, max: 1})
	var all []ranked
	for _, u := range uses(s.Points[0].Result) {
		k := ranked{name: u.node + " " + u.resource}
		for _, p := range s.Points {
			k.values = append(k.values, value(u.of(p.Result).Utilization))
		}
		if known(k.values) > 0 {
			all = append(all, k)
		}
	}
	n := f.addRanked(rates(s), all)
	if n == 0 {
		f = nil
	}
	return Chart{Name: "utilization", Title: "Utilization over rate", X: Rate, figure: f,
		Caption: "Of each resource of each node, over all its instances." + others(n, "resources")}
}

// utilization has a row for each resource of a run.
func utilization(r *experiments.Result) Chart {
	type row struct {
		use
		experiments.Resource
	}
	var all []row
	for _, u := range uses(r) {
		if res := u.of(r); res.Utilization.Known() {
			all = append(all, row{u, res})
		}
	}
	if len(all) == 0 {
		return Chart{}
	}
	slices.SortStableFunc(all, func(a, b row) int { return compareKnown(float64(b.Utilization), float64(a.Utilization)) })
	kept := all[:min(len(all), mostRows)]
	var names []string
	for _, k := range kept {
		names = append(names, k.node+" "+k.resource)
	}
	f := newRows(names, scale{title: "Utilization", unit: shares, max: 1})
	single := true
	for i, k := range kept {
		h := hue(0)
		if k.node == r.Bottleneck.Node && k.resource == r.Bottleneck.Resource {
			h = 1
			f.key = append([]keyEntry{{"the bottleneck", 1, square{}}}, f.key...)
		}
		f.shapes = append(f.shapes, bar{row: i, to: value(k.Utilization), low: none, high: none, hue: h})
		if k.Busiest != nil {
			single = false
			f.shapes = append(f.shapes, dot{row: i, x: value(k.Busiest.Utilization), low: none, high: none, hue: 4, glyph: diamond{}})
		}
	}
	if !single {
		f.key = append(f.key, keyEntry{"its busiest instance", 4, diamond{}})
	}
	return Chart{Name: "utilization", Title: "Utilization of each resource", X: Other, figure: f,
		Caption: "Over all instances and the whole run." + left(len(all), "busiest")}
}

// sweepInstances is how many of each node there are, where that follows the rate.
func sweepInstances(s *experiments.Sweep) Chart {
	f := newSweepFigure(s, scale{title: "Instances", unit: counts, log: true})
	var all []ranked
	for _, node := range s.Points[0].Result.NodeOrder {
		k := ranked{name: node}
		for _, p := range s.Points {
			if n := p.Result.Nodes[node]; n.Sized != nil {
				k.values = append(k.values, float64(n.Instances))
			} else {
				k.values = append(k.values, none)
			}
		}
		if known(k.values) > 0 {
			all = append(all, k)
		}
	}
	n := f.addRanked(rates(s), all)
	return Chart{Name: "instances", Title: "Instances over rate", X: Rate, figure: f.fitY(),
		Caption: "Of the nodes that have as many as each rate asks for." + others(n, "nodes")}
}

// costs are what a month and a million requests cost at each rate.
func costs(s *experiments.Sweep) []Chart {
	month := newSweepFigure(s, scale{title: "Dollars a month", unit: dollars, log: true})
	million := newSweepFigure(s, scale{title: "Dollars per million requests", unit: dollars, log: true})
	positive := func(n num) (v, low, high float64) {
		if v = value(n); !(v > 0) {
			v = none
		}
		return v, none, none
	}
	month.overRates(s, "", 0, func(p *experiments.Point) (v, low, high float64) { return positive(p.Result.Cost.PerMonth) })
	million.overRates(s, "", 0, func(p *experiments.Point) (v, low, high float64) {
		return positive(p.Result.Cost.PerMillionRequests)
	})
	return []Chart{
		{Name: "cost", Title: "Cost over rate", X: Rate, figure: month.fitY(), Caption: "What all nodes with a price cost in a month."},
		{Name: "cost-per-million", Title: "Cost of a million requests over rate", X: Rate, figure: million.fitY(), Caption: "The cost of a month divided by the requests that end in it."},
	}
}
