package models

import (
	"slices"
	"strings"

	"headroom/internal/strict"
)

// warnNearest warns of balancers that take the nearest instance where that is always the same, or near to somebody else than who asks.
func (r *routes) warnNearest(n strict.Pair[Node], b *Balancer) {
	if len(r.a.Regions()) == 0 {
		return
	}
	at, own := n.At+".algorithm", unique(r.a.placesOf(n.Value.common()))
	switch {
	case r.a.together(b):
		r.c.Warnf(at, "`nearest` is `round-robin` here: all instances that it chooses from are in one place")
	case len(own) == 1:
		if idle := r.a.passedOver(own[0], b); len(idle) > 0 && !r.a.struck(b) {
			r.c.Warnf(at, "`nearest` never chooses instances in %s: it takes those nearest to `%s`, which is in %s itself; without a `%s` it is wherever its caller is",
				strings.Join(idle, " and "), n.Key, r.a.Regions()[own[0]], r.placeKey(n.At))
		}
	case len(own) > 1 && r.atRandom(n.Key):
		r.c.Warnf(at, "`nearest` is nearest to the instance of `%s` that a call comes to, which is one at random; without a `place` it is wherever its caller is", n.Key)
	}
}

// together tells whether all instances that a balancer chooses from are in one region, or wherever it is.
func (a *Architecture) together(b *Balancer) bool { return len(a.targetRegions(b)) == 1 }

// targetRegions returns where the instances are that a balancer chooses from, anywhere among them.
func (a *Architecture) targetRegions(b *Balancer) []int {
	var all []int
	for _, to := range b.To.Ordered {
		n, _ := a.Nodes.Get(to.Key)
		at := a.placesOf(n.common())
		if at == nil {
			at = []int{anywhere}
		}
		all = append(all, at...)
	}
	return unique(all)
}

// passedOver lists the regions whose instances a balancer in another region never finds nearest.
func (a *Architecture) passedOver(from int, b *Balancer) []string {
	targets := a.targetRegions(b)
	order := append([]int{anywhere}, a.distances()[from]...)
	first := order[slices.IndexFunc(order, func(region int) bool { return slices.Contains(targets, region) })]
	var idle []string
	for _, region := range targets {
		if region != first {
			idle = append(idle, a.Regions()[region])
		}
	}
	return idle
}

// struck tells whether some event strikes an instance that a balancer chooses from.
func (a *Architecture) struck(b *Balancer) bool {
	return slices.ContainsFunc(a.Events, func(e Event) bool {
		name, _, _ := e.victim()
		_, target := b.To.Get(name)
		return target
	})
}

// placeKey returns the key that says where a node is.
func (r *routes) placeKey(path string) string {
	if r.c.Given(path + ".region") {
		return "region"
	}
	return "place"
}

// atRandom tells whether calls to a node come to any of its instances: to those of balancers that take the nearest they do not.
func (r *routes) atRandom(node string) bool {
	for v := range r.calls {
		n, _ := r.a.Nodes.Get(v.node)
		if b, ok := n.Component.(*Balancer); ok && b.Algorithm == "nearest" {
			continue
		}
		if slices.ContainsFunc(n.Calls(""), func(ref Reference) bool { return ref.Name == node }) {
			return true
		}
	}
	return slices.ContainsFunc(r.a.Traffic, func(t strict.Pair[Traffic]) bool { return t.Value.Enters == node })
}

// unique returns numbers in their order, each once.
func unique(all []int) []int {
	all = slices.Sorted(slices.Values(all))
	return slices.Compact(all)
}
