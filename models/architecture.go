package models

import (
	"slices"

	"headroom/internal/strict"
	"headroom/sim"
)

// Architecture is a scenario that has been checked: it can be simulated.
type Architecture struct {
	Scenario
	Classes []string // names of the request classes, in the order of the file
}

// Check is what a component's check reports to.
type Check struct {
	*strict.Document
	nodes, classes []string
}

// class reports a request class that does not exist.
func (c *Check) class(path, name string) {
	if !slices.Contains(c.classes, name) {
		c.Unknown(path, name, "request class", c.classes)
	}
}

// node reports a node that does not exist.
func (c *Check) node(path, name string) {
	if !slices.Contains(c.nodes, name) {
		c.Unknown(path, name, "node", c.nodes)
	}
}

// Classes that a scenario without requests has.
var oneClass = []string{"request"}

// NewArchitecture checks a scenario; problems go to the document.
func NewArchitecture(s Scenario, doc *strict.Document) *Architecture {
	a := &Architecture{Scenario: s, Classes: s.Requests.Keys()}
	if len(a.Classes) == 0 {
		a.Classes = oneClass
	}
	c := &Check{Document: doc, nodes: s.Nodes.Keys(), classes: a.Classes}
	if s.Version != 1 {
		c.Errorf("headroom", "version %d of the format is unknown: expected 1", s.Version)
	}
	a.checkRun(c)
	a.checkSLO(c)
	for _, t := range s.Traffic {
		t.Value.check(c, t.At)
	}
	for _, n := range s.Nodes {
		if n.Value.Component == nil {
			continue
		}
		n.Value.Check(c, n.At)
		for _, r := range n.Value.Calls(n.At) {
			c.node(r.Path, r.Name)
		}
	}
	if !doc.Failed() {
		a.checkCycles(c)
		a.warnUnreached(c)
	}
	return a
}

// checkCycles reports calls that come back to the node and class that they came from.
func (a *Architecture) checkCycles(c *Check) {
	type visit struct{ node, class string }
	state := map[visit]int{} // 1: under way, 2: done
	var follow func(v visit)
	follow = func(v visit) {
		state[v] = 1
		n, _ := a.Nodes.Get(v.node)
		entry := a.Nodes[slices.Index(c.nodes, v.node)]
		if s, ok := n.Component.(*Server); ok {
			if _, handled := s.stepsFor(v.class, ""); !handled {
				c.Errorf(entry.At+".handles", "requests of class `%s` come to `%s`, which says nothing of them: add the class, or `default`", v.class, v.node)
			}
		}
		for _, r := range n.Calls(entry.At) {
			if r.When != "" && r.When != v.class || r.Loop {
				continue
			}
			next := visit{r.Name, v.class}
			if r.As != "" {
				next.class = r.As
			}
			switch state[next] {
			case 0:
				follow(next)
			case 1:
				c.Errorf(r.Path, "a cycle of calls: `%s` is called again while it waits for the answer", r.Name)
			}
		}
		state[v] = 2
	}
	for _, t := range a.Traffic {
		for _, class := range a.Classes {
			if _, in := t.Value.Mix.Get(class); (in || len(t.Value.Mix) == 0) && state[visit{t.Value.Enters, class}] == 0 {
				follow(visit{t.Value.Enters, class})
			}
		}
	}
}

func (a *Architecture) checkRun(c *Check) {
	if r := a.Run.Replications; r < 1 || r > 10_000 {
		c.Errorf("run.replications", "`replications` must be from 1 to 10000")
	}
	if c.Given("run.duration") && a.Run.Duration <= 0 {
		c.Errorf("run.duration", "`duration` must be above 0")
	}
	if c.Given("run.requests") && (a.Run.Requests < 1 || a.Run.Requests > 1e12) {
		c.Errorf("run.requests", "`requests` must be from 1 to 1T")
	}
	if c.Given("run.duration") && c.Given("run.requests") {
		c.Errorf("run.requests", "`duration` and `requests` both say how long the run is: give one")
	}
	for _, key := range []string{"duration", "requests"} {
		if a.Staged() > 0 && c.Given("run."+key) {
			c.Warnf("run."+key, "`%s` has no effect: the run is as long as the stages", key)
		}
	}
}

// checkSLO reports targets of what does not exist.
func (a *Architecture) checkSLO(c *Check) {
	for i, t := range a.SLO {
		at := "slo." + itoa(i)
		switch ofNode := t.Quantity == "cpu" || t.Quantity == "servers"; {
		case ofNode && !slices.Contains(c.nodes, t.Of):
			c.Unknown(at, t.Of, "node", c.nodes)
		case ofNode && t.Quantity == "cpu":
			c.Errorf(at, "a station has no `cpu`: expected `servers`")
		case !ofNode && t.Of != "" && !slices.Contains(c.classes, t.Of) && !slices.Contains(a.Traffic.Keys(), t.Of):
			c.Unknown(at, t.Of, "request class or source", append(a.Traffic.Keys(), c.classes...))
		case t.Of != "" && t.Quantity == "goodput":
			c.Errorf(at, "`goodput` of one class or source is not built yet")
		}
	}
}

// warnUnreached warns of nodes that no traffic reaches.
func (a *Architecture) warnUnreached(c *Check) {
	reached := map[string]bool{}
	var visit func(name string)
	visit = func(name string) {
		if reached[name] {
			return
		}
		reached[name] = true
		n, _ := a.Nodes.Get(name)
		for _, r := range n.Calls("") {
			visit(r.Name)
		}
	}
	for _, t := range a.Traffic {
		visit(t.Value.Enters)
	}
	for _, n := range a.Nodes {
		if !reached[n.Key] {
			c.Warnf(n.At, "no traffic reaches `%s`", n.Key)
		}
	}
}

// Builder puts an architecture into a simulation.
type Builder struct {
	Sim       *sim.Sim
	Classes   []string
	Nodes     []string
	Instances []int             // by node
	Resources [][]*sim.Resource // by node
	Limits    [][]*Limit        // by node
	Writes    []bool            // by class
	Parts     []Part            // of a request's time
}

// Part is a part of a request's time: waiting for a resource of a node, or being served by it.
type Part struct {
	Node, Resource, Name string
	Number               int32 // in the kernel
}

// Part adds a part of the time.
func (b *Builder) Part(node, resource, name string) int32 {
	n := b.Sim.Part()
	b.Parts = append(b.Parts, Part{node, resource, name, n})
	return n
}

// class returns the number of a request class, -1 for the empty name.
func (b *Builder) class(name string) int32 { return int32(slices.Index(b.Classes, name)) }

// ID returns a node's number: its place in the file.
func (b *Builder) ID(name string) uint32 { return uint32(slices.Index(b.Nodes, name)) }

// Resource adds a resource to a node.
func (b *Builder) Resource(node, name string, constant bool) *sim.Resource {
	id := b.ID(node)
	r := b.Sim.NewResource(id, name, constant)
	b.Resources[id] = append(b.Resources[id], r)
	b.Parts = append(b.Parts, Part{node, name, "wait", r.WaitPart}, Part{node, name, "service", r.WorkPart})
	return r
}
