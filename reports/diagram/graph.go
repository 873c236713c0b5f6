package diagram

import (
	"math"
	"slices"

	"headroom/experiments"
	"headroom/models"
)

// A Graph is an architecture as a picture shows it: plain data, in the order of the file.
type Graph struct {
	Title string
	// Caption says what load the picture shows; empty without a result.
	Caption string
	Nodes   []Node // the sources of traffic first
	Edges   []Edge
	Groups  []Group // a node is in one of them at most
}

// Node is a source of traffic, or a node of the architecture.
type Node struct {
	Name   string
	Kind   string // source, or that of the file
	Source bool
	// Count is how many instances there are, 1 for a source.
	Count   int
	Details []string // a few lines that say what it is
	// Resources are the names that its busiest resource may have: room is kept for them.
	Resources  []string
	Load       *Load // nil: not known, or nothing here has a limit
	Bottleneck bool

	asked bool // the first of Details is the rate that the file asks for
}

// Load is how busy the busiest resource of a node is.
type Load struct {
	Resource    string  // cpu, connections, …
	Utilization float64 // share of the time, 0 to 1
}

// String says the load as a label does: cpu 62.5%.
func (l *Load) String() string { return l.Resource + " " + percent(l.Utilization) }

// Edge is a way that requests take.
type Edge struct {
	From, To string
	Ops      []string // call, read, write, publish, miss, message, dead letter
	Classes  []string // that go this way
	// All tells that Classes are all that there are, or all that come to From: then no label names them.
	All   bool
	Often string // how many follow from one request that comes to From, such as ×3 or 10%; empty: one, or not known
	// Rate is in requests per second, NaN where it is not known.
	Rate   float64
	Errors int64    // calls that failed; 0 without a result
	Else   bool     // only gone if another call has failed
	Mix    []string // from a source of several classes: the share of each, such as page 70%
}

// Group is a tier or a region: nodes that are drawn together.
type Group struct {
	Name  string
	Nodes []string
}

// Of returns the graph of an architecture.
func Of(a *models.Architecture) Graph {
	g := Graph{Title: a.Name}
	for _, t := range a.Traffic {
		g.Nodes = append(g.Nodes, source(t.Key, &t.Value))
	}
	for i, n := range a.Nodes {
		g.Nodes = append(g.Nodes, node(n.Key, n.Value, a.Scaling(i)))
	}
	coming := map[string][]string{}
	for _, w := range a.Ways() {
		e := Edge{From: w.From, To: w.To, Ops: w.Ops, Classes: w.Classes, Rate: w.Rate, Else: w.Else, Often: often(w.Least, w.Most)}
		if len(w.Ops) > 1 && w.Least != w.Most { // misses and writes, of each another share
			e.Often = ""
		}
		if t, ok := a.Traffic.Get(w.From); ok {
			e.Mix = mix(&t, w.Classes)
		}
		for _, class := range w.Classes {
			if !slices.Contains(coming[w.To], class) {
				coming[w.To] = append(coming[w.To], class)
			}
		}
		g.Edges = append(g.Edges, e)
	}
	for i := range g.Edges {
		e := &g.Edges[i]
		e.All = len(e.Classes) >= max(len(a.Classes), 1) || len(e.Classes) > 0 && slices.Equal(sorted(e.Classes), sorted(coming[e.From]))
	}
	g.Groups = groups(a, g)
	return g
}

func sorted(words []string) []string { return slices.Sorted(slices.Values(words)) }

// Loaded returns the graph with what a simulation of the architecture found: the load of the nodes, and what went along the edges.
func (g Graph) Loaded(r *experiments.Result) Graph {
	g.Nodes, g.Edges = slices.Clone(g.Nodes), slices.Clone(g.Edges)
	g.Caption = loadOf(r)
	for i := range g.Nodes {
		n := &g.Nodes[i]
		if n.asked && len(n.Details) > 0 { // the run may have been asked for another, and what came stands at the edge
			n.Details, n.asked = n.Details[1:], false
		}
		found, has := r.Nodes[n.Name]
		if !has || n.Source {
			continue
		}
		n.Count = max(found.Instances, 1)
		n.Load, n.Resources = nil, nil
		for name, resource := range found.Resources {
			if resource.Utilization.Known() {
				n.Resources = append(n.Resources, name)
			}
		}
		slices.Sort(n.Resources)
		if resource, known := r.Busiest(n.Name); known {
			n.Load = &Load{resource, float64(found.Resources[resource].Utilization)}
		}
		n.Bottleneck = n.Name == r.Bottleneck.Node
	}
	for i := range g.Edges {
		e := &g.Edges[i]
		e.Rate = math.NaN()
		for _, went := range r.Edges {
			if went.From == e.From && went.To == e.To {
				e.Rate, e.Errors = float64(went.Rate), went.Errors
			}
		}
	}
	return g
}
