package page

import (
	"fmt"
	"html/template"
	"strings"

	"headroom/experiments"
	"headroom/internal/units"
	"headroom/reports"
	"headroom/reports/diagram"
	"headroom/scenarios"
)

// A drawing is the architecture of one run, coloured for the step that is shown first.
type drawing struct {
	Name    string // of the case, where there are several
	Caption string
	SVG     template.HTML
	Missing string // why there is no SVG
}

// A shade is a line of the legend.
type shade struct{ Colour, Text string }

// shades are the utilizations that the legend shows.
var shades = []float64{0, .25, .5, .75, .9, 1}

// looks are how a diagram looks at each step.
type looks struct {
	Steps []look `json:"steps"`
}

type look struct {
	Caption string           `json:"caption"`
	Nodes   map[string]state `json:"nodes"`
	Edges   []flow           `json:"edges"`
}

// A state is how a node looks, and what is said of it. The colour is empty where nothing there has a limit.
type state struct {
	Colour     string           `json:"colour"`
	Load       string           `json:"load"`
	Count      string           `json:"count"`
	Bottleneck bool             `json:"bottleneck"`
	Figures    []reports.Figure `json:"figures"`
}

// A flow is what is written at an edge.
type flow struct {
	From  string   `json:"from"`
	To    string   `json:"to"`
	Lines []string `json:"lines"`
}

// addDiagrams draws the architecture of each run. It is read from the scenario that the result holds.
func (r *report) addDiagrams(runs []run) error {
	for i, one := range runs {
		drawn := drawing{Name: one.name}
		g, err := graphOf(one)
		if err != nil {
			drawn.Missing = err.Error()
			r.Diagrams, r.Data.Diagrams = append(r.Diagrams, drawn), append(r.Data.Diagrams, looks{})
			continue
		}
		shown := g.Loaded(one.at[r.Shown])
		drawn.Caption = shown.Caption
		var svg strings.Builder
		if err := shown.SVG(&svg, diagram.Style{Bare: true}); err != nil {
			return err
		}
		drawn.SVG = template.HTML(inlined(svg.String(), fmt.Sprintf("%s-diagram%d-", r.ID, i+1)))
		all := looks{}
		for _, at := range one.at {
			all.Steps = append(all.Steps, lookOf(g.Loaded(at), at))
		}
		r.Diagrams, r.Data.Diagrams = append(r.Diagrams, drawn), append(r.Data.Diagrams, all)
	}
	for _, u := range shades {
		r.Legend = append(r.Legend, shade{diagram.Colour(u), units.FormatShare(u)})
	}
	return nil
}

// graphOf returns the graph of a run's architecture.
func graphOf(one run) (diagram.Graph, error) {
	l, err := scenarios.Load(one.scenario.File, []byte(one.scenario.Source), "", nil)
	if err != nil {
		return diagram.Graph{}, fmt.Errorf("the scenario in the result is not one that this version reads: %w", err)
	}
	for _, r := range one.at {
		for _, n := range l.Nodes {
			if _, has := r.Nodes[n.Key]; !has {
				return diagram.Graph{}, fmt.Errorf("the result has no node %s, which its scenario has", n.Key)
			}
		}
	}
	return diagram.Of(l.Architecture), nil
}

func lookOf(g diagram.Graph, r *experiments.Result) look {
	l := look{Caption: g.Caption, Nodes: map[string]state{}, Edges: []flow{}}
	for _, n := range g.Nodes {
		if n.Source {
			continue
		}
		s := state{Bottleneck: n.Bottleneck, Figures: reports.NodeFigures(r, n.Name)}
		if n.Load != nil {
			s.Colour, s.Load = diagram.Colour(n.Load.Utilization), n.Load.String()
		}
		if n.Count > 1 {
			s.Count = fmt.Sprintf("×%d", n.Count)
		}
		l.Nodes[n.Name] = s
	}
	for _, e := range g.Edges {
		l.Edges = append(l.Edges, flow{e.From, e.To, append([]string{}, e.Label()...)})
	}
	return l
}
