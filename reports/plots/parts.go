package plots

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"

	"headroom/experiments"
	"headroom/internal/units"
	"headroom/reports"
)

// A part of the requests' time has a name for each node, resource and kind of work.
func partName(r *experiments.Result, p experiments.TimeShare) string {
	return p.Node + " " + reports.Doing(r.Nodes[p.Node].Kind, p)
}

// partsAt collects the parts of the time of several results, by their names. Share picks which share.
func partsAt(results []*experiments.Result, share func(experiments.TimeShare) num) []stacked {
	var parts []stacked
	index := map[string]int{}
	for i, r := range results {
		if r == nil || r.Saturated {
			continue
		}
		for _, p := range r.WhereTime {
			name := partName(r, p)
			k, there := index[name]
			if !there {
				k = len(parts)
				index[name] = k
				parts = append(parts, stacked{name: name, share: make([]float64, len(results))})
			}
			if v := value(share(p)); !math.IsNaN(v) {
				parts[k].share[i] += v
			}
		}
	}
	blank(parts, func(i int) bool { return results[i] != nil && !results[i].Saturated && len(results[i].WhereTime) > 0 })
	return parts
}

// blank takes the numbers away of what has none.
func blank(parts []stacked, has func(i int) bool) {
	for _, p := range parts {
		for i := range p.share {
			if !has(i) {
				p.share[i] = none
			}
		}
	}
}

// columns is a figure of stacked columns with names below them.
func columns(names []string, title string, parts []stacked) *figure {
	if len(parts) == 0 {
		return nil
	}
	f := &figure{x: scale{min: -.5, max: float64(len(names)) - .5}, y: scale{title: title, unit: shares, max: 1}}
	var x []float64
	for i, n := range names {
		x = append(x, float64(i))
		f.x.marks = append(f.x.marks, plot.Tick{Value: float64(i), Label: n})
	}
	s := stackOf(x, parts)
	s.wide = .3 / float64(len(names))
	f.addStack(s)
	for i := range f.labels { // beside the column, not in the middle of it
		f.labels[i].x += .3
	}
	return f
}

// whereTime has two columns: the time of the mean, and that of the slowest.
func whereTime(r *experiments.Result) Chart {
	mean := partsAt([]*experiments.Result{r}, func(t experiments.TimeShare) num { return t.Share })
	tail := partsAt([]*experiments.Result{r}, func(t experiments.TimeShare) num { return t.TailShare })
	for i := range mean {
		mean[i].share = append(mean[i].share, tail[i].share...)
	}
	return Chart{Name: "where-time", Title: "Where the time goes", X: Other, figure: columns([]string{"of the mean", "of the slowest 1%"}, "Share of the requests' time", mean),
		Caption: "Waiting and working at each node, of all requests and of the slowest hundredth."}
}

// overRatesStacked is a figure of shares over the rates, or nil.
func overRatesStacked(s *experiments.Sweep, title string, parts []stacked) *figure {
	if len(parts) == 0 {
		return nil
	}
	if len(s.Points) == 1 {
		return columns([]string{units.FormatRate(float64(s.Points[0].Rate))}, title, parts)
	}
	f := newSweepFigure(s, scale{title: title, unit: shares, max: 1})
	k := stackOf(rates(s), parts)
	f.addStack(k)
	return f
}

func results(s *experiments.Sweep) []*experiments.Result {
	var all []*experiments.Result
	for _, p := range s.Points {
		all = append(all, p.Result)
	}
	return all
}

func sweepWhereTime(s *experiments.Sweep) []Chart {
	return []Chart{
		{Name: "where-time", Title: "Where the time goes, over rate", X: xOf(s), Caption: "Waiting and working at each node, as shares of the requests' time. Saturated rates are left out.",
			figure: overRatesStacked(s, "Share of the mean", partsAt(results(s), func(t experiments.TimeShare) num { return t.Share }))},
		{Name: "where-time-tail", Title: "Where the time of the slowest goes, over rate", X: xOf(s), Caption: "Of the slowest hundredth of the requests at each rate. Saturated rates are left out.",
			figure: overRatesStacked(s, "Share of the time of the slowest 1%", partsAt(results(s), func(t experiments.TimeShare) num { return t.TailShare }))},
	}
}

// xOf is Rate, unless one rate alone has no axis.
func xOf(s *experiments.Sweep) Axis {
	if len(s.Points) == 1 {
		return Other
	}
	return Rate
}

// layers are the caches that answer requests, those nearest to the client first, and what goes past them.
func layers(all []*experiments.Result) []stacked {
	var parts []stacked
	for i, r := range all {
		if r == nil {
			continue
		}
		for _, a := range r.Answered {
			name, h := a.By, hue(0)
			if a.By == "" {
				name, h = "past them", grey
			}
			k := slices.IndexFunc(parts, func(p stacked) bool { return p.name == name })
			if k < 0 {
				k = len(parts)
				parts = append(parts, stacked{name: name, share: make([]float64, len(all)), hue: h})
			}
			if v := value(a.Share); !math.IsNaN(v) {
				parts[k].share[i] = v
			}
		}
	}
	blank(parts, func(i int) bool { return all[i] != nil && len(all[i].Answered) > 0 })
	slices.SortStableFunc(parts, func(a, b stacked) int { return int(b.hue) - int(a.hue) }) // what no cache had comes last
	return parts
}

const layersCaption = "Of the requests that asked a cache and ended ok: which cache had what they asked for last."

func cacheHits(r *experiments.Result) Chart {
	return Chart{Name: "cache-hits", Title: "Who answers", X: Other, Caption: layersCaption,
		figure: columns([]string{"all requests"}, "Share of the requests", layers([]*experiments.Result{r}))}
}

func sweepCacheHits(s *experiments.Sweep) Chart {
	return Chart{Name: "cache-hits", Title: "Who answers, over rate", X: xOf(s), Caption: layersCaption,
		figure: overRatesStacked(s, "Share of the requests", layers(results(s)))}
}

// shardLoad has a row for each shard and replica.
func shardLoad(r *experiments.Result, at string) Chart {
	var all []experiments.Shard
	for _, name := range r.NodeOrder {
		all = append(all, r.Nodes[name].Shards...)
	}
	if len(all) == 0 {
		return Chart{}
	}
	slices.SortStableFunc(all, func(a, b experiments.Shard) int { return compareKnown(value(b.Utilization), value(a.Utilization)) })
	kept := all[:min(len(all), mostRows)]
	var names []string
	for _, s := range kept {
		names = append(names, s.Name)
	}
	f := newRows(names, scale{title: "Share", unit: shares, max: 1})
	for i, s := range kept {
		f.shapes = append(f.shapes, bar{row: i, to: value(s.Utilization), low: none, high: none, hue: 0})
		f.shapes = append(f.shapes, dot{row: i, x: value(s.Share), low: none, high: none, hue: 4, glyph: diamond{}})
	}
	f.key = []keyEntry{{"utilization", 0, square{}}, {"share of its database's queries", 4, diamond{}}}
	return Chart{Name: "shards", Title: "Load of the shards" + at, X: Other, figure: f,
		Caption: "The utilization is that of a shard's cores, or of its connections or disk where these are busier." + left(len(all), "busiest")}
}

// compareKnown orders numbers; those that do not exist come first.
func compareKnown(a, b float64) int {
	switch {
	case math.IsNaN(a) && math.IsNaN(b), a == b:
		return 0
	case math.IsNaN(a), a < b:
		return -1
	}
	return 1
}

// sweepShards is of the highest rate that is not saturated.
func sweepShards(s *experiments.Sweep) Chart {
	for i := len(s.Points) - 1; i >= 0; i-- {
		if p := s.Points[i]; !p.Saturated {
			return shardLoad(p.Result, fmt.Sprintf(" at %s", units.FormatRate(float64(p.Rate))))
		}
	}
	return Chart{}
}
