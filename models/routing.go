package models

import (
	"headroom/internal/strict"
	"headroom/internal/units"
)

// Next is where requests go from a station: one routing for all request classes, or one for each. A class that is not named leaves.
type Next struct {
	All   Routing
	Class strict.Ordered[Routing]
}

// Routing is the share of the requests that goes to each node; the rest leave.
type Routing struct{ strict.Ordered[units.Share] }

// Describe says what a routing looks like.
func (*Routing) Describe() string { return "a map from nodes to shares, such as {a: 60%, b: 30%}" }

// DecodeStrict reads {a: 60%, b: 30%}.
func (r *Routing) DecodeStrict(v *strict.Value) {
	if v.Kind() != strict.Map {
		v.Expected(r.Describe())
		return
	}
	r.Ordered.DecodeStrict(v)
}

// DecodeStrict reads a routing, or a map from request classes to routings.
func (n *Next) DecodeStrict(v *strict.Value) {
	for _, e := range v.Entries() {
		if e.Value.Kind() == strict.Map {
			strict.Decode(v, &n.Class)
			return
		}
	}
	strict.Decode(v, &n.All)
}

// Describe says what the value looks like.
func (*Next) Describe() string {
	return "shares such as {a: 60%, b: 30%}, or such a map per request class"
}

// of returns the routing of a class.
func (n *Next) of(class string) Routing {
	if n.Class == nil {
		return n.All
	}
	r, _ := n.Class.Get(class)
	return r
}

func (n *Next) check(c *Check, path string) {
	n.All.check(c, path)
	for _, k := range n.Class {
		c.class(k.At, k.Key)
		k.Value.check(c, k.At)
	}
}

func (r Routing) check(c *Check, path string) {
	sum := units.Share(0)
	for _, to := range r.Ordered {
		sum += to.Value
	}
	if sum > 1+1e-9 && !c.Wrong(path) {
		c.Errorf(path, "the shares of `next` add up to %s: at most 100%%", units.FormatShare(sum))
	}
}

// references lists the nodes that requests of a class go to; an empty class means any.
func (r Routing) references(when string) []Reference {
	var refs []Reference
	for _, to := range r.Ordered {
		refs = append(refs, Reference{Path: to.At, Name: to.Key, When: when, Loop: true})
	}
	return refs
}

// way is one entry of a routing: a share of the requests, added up, and the edge that they take.
type way struct {
	upTo float64
	edge uint16
}

// ways registers the edges from a node.
func (r Routing) ways(b *Builder, from uint32) []way {
	var ws []way
	sum := 0.0
	for _, to := range r.Ordered {
		sum += float64(to.Value)
		ws = append(ws, way{sum, b.Sim.Edge(int32(from), b.ID(to.Key))})
	}
	if sum > 1-1e-9 && sum < 1 {
		ws[len(ws)-1].upTo = 1 // 100% but for the rounding of the sum
	}
	return ws
}
