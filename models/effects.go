package models

import (
	"slices"

	"headroom/internal/strict"
)

// warn warns of nodes and classes that no request reaches, of what nodes say of classes that never come, and of times that do not vary.
func (r *routes) warn() {
	reached := map[string]bool{}
	sent := map[string]bool{}
	for v := range r.calls {
		reached[v.node], sent[v.class] = true, true
	}
	for _, q := range r.a.Requests {
		if !sent[q.Key] {
			r.c.Warnf(q.At, "no node handles `%s`: no source sends such requests, and no call goes as one", q.Key)
		}
	}
	for _, n := range r.a.Nodes {
		if !reached[n.Key] {
			r.c.Warnf(n.At, "no traffic reaches `%s`", n.Key)
			continue
		}
		r.warnClasses(n, sent)
		r.warnPools(n)
		if k, ok := n.Value.Component.(keyed); ok {
			k.checkKeyed(r, n)
		}
	}
	r.warnChoices(reached)
	r.warnBandwidth()
	r.warnPriorities(reached)
	r.warnClients(reached)
	r.warnData()
	r.warnConstant()
	r.warnResponses()
}

// keyed is a component that may have to know which keys are asked for.
type keyed interface {
	checkKeyed(r *routes, n strict.Pair[Node])
	looksAtKeys(class string) bool
}

// warnClasses warns of what a node says of classes that never come to it.
func (r *routes) warnClasses(n strict.Pair[Node], sent map[string]bool) {
	comes := func(class string) bool { _, ok := r.calls[visit{n.Key, class}]; return ok }
	never := func(at, class string) {
		if sent[class] && !comes(class) {
			r.c.Warnf(at, "no request of class `%s` comes to `%s`", class, n.Key)
		}
	}
	if k, ok := serverOf(n.Value.Component); ok {
		for _, h := range k.Handles {
			if h.Key != "default" {
				never(h.At, h.Key)
			} else if !slices.ContainsFunc(r.a.Classes, func(class string) bool { _, own := k.Handles.Get(class); return !own && comes(class) }) {
				r.c.Warnf(h.At, "`default` has no effect: every class that comes to `%s` has its own steps", n.Key)
			}
		}
	}
	switch k := n.Value.Component.(type) {
	case *Station:
		for _, s := range k.Service.Class {
			never(s.At, s.Key)
		}
		for _, s := range k.Next.Class {
			never(s.At, s.Key)
		}
	case *Database:
		for _, q := range append(slices.Clone(k.Read.Class), k.Write.Class...) {
			never(q.At, q.Key)
		}
	}
}

// warnChoices warns of balancers with nothing to choose from.
func (r *routes) warnChoices(reached map[string]bool) {
	for _, n := range r.a.Nodes {
		b, ok := n.Value.Component.(*Balancer)
		if !ok || !reached[n.Key] {
			continue
		}
		instances := 0
		for _, to := range b.To.Ordered {
			node, _ := r.a.Nodes.Get(to.Key)
			if instances += r.a.peak(to.Key); auto(node.Component) {
				instances++ // or more: that is not known yet
			}
			if d, ok := node.Component.(*Database); ok && (d.most() > 1 || d.divided()) {
				r.c.Errorf(to.At, "a balancer cannot choose among the shards and replicas of `%s`: the key and `read_from` do; call it directly", to.Key)
			}
		}
		if b.Algorithm == "nearest" {
			r.warnNearest(n, b)
		}
		if instances == 1 {
			r.c.warnKeys(n.At, "there is only one instance to choose", "algorithm", "choices")
		}
	}
}

// warnBandwidth warns of network interfaces that nothing passes.
func (r *routes) warnBandwidth() {
	if r.a.transfers() {
		return
	}
	const why = "no request class says how large its `request` or `response` is"
	for _, m := range r.a.Machines {
		r.c.warnKeys(m.At, why, "bandwidth")
	}
	for _, n := range r.a.Nodes {
		r.c.warnKeys(n.At, why, "bandwidth")
	}
}

// warnPriorities warns of priorities that no discipline looks at, and of such disciplines where all priorities are the same.
func (r *routes) warnPriorities(reached map[string]bool) {
	looks, differ := false, slices.Max(r.a.levels()) > 0
	for _, n := range r.a.Nodes {
		k, ok := n.Value.Component.(sized)
		if !ok || !k.size(nil).byPriority || !reached[n.Key] {
			continue
		}
		if looks = true; !differ {
			r.c.Warnf(n.At+".discipline", "this `discipline` has no effect: all request classes have the same `priority`")
		}
	}
	for _, q := range r.a.Requests {
		if at := q.At + ".priority"; r.c.Given(at) && !looks {
			r.c.Warnf(at, "`priority` has no effect: the `discipline` of no node looks at it")
		}
	}
}

// warnClients warns of clients that no node tells apart, and of a limit for each where every request has its own.
func (r *routes) warnClients(reached map[string]bool) {
	told := false
	for _, n := range r.a.Nodes {
		switch k := n.Value.Component.(type) {
		case *Balancer:
			told = told || reached[n.Key] && k.looksAtClients(r, n.Key)
		case *RateLimiter:
			if k.Per == "client" && reached[n.Key] {
				told = true
				r.warnOnce(n)
			}
		}
		if q, ok := n.Value.Component.(*Queue); ok && q.looksAtKeys("") && reached[n.Key] {
			return
		}
	}
	if told {
		return
	}
	for _, t := range r.a.Traffic {
		if at := t.At + ".clients"; t.Value.Users == 0 && r.c.Given(at) && !t.Value.Browser.real() && !t.Value.spread() {
			r.c.Warnf(at, "`clients` has no effect: nothing tells one client from another, as a `browser_cache`, a balancer with `ip-hash` and a rate limiter `per: client` do")
		}
	}
}

// warnOnce warns of sources whose clients come to a limiter only once.
func (r *routes) warnOnce(limiter strict.Pair[Node]) {
	for _, t := range r.a.Traffic {
		if t.Value.once() && len(r.a.coming(limiter.Key, t)) > 0 {
			r.c.Warnf(limiter.At+".per", "`per: client` has no effect on `%s`: each of its requests has a client of its own, unless it is given `clients`", t.Key)
		}
	}
}

// warnData warns of data sets whose keys no node looks at.
func (r *routes) warnData() {
	looked := map[string]bool{}
	for v := range r.calls {
		n, _ := r.a.Nodes.Get(v.node)
		if k, ok := n.Component.(keyed); ok && k.looksAtKeys(v.class) {
			looked[r.a.class(v.class).Data] = true
		}
	}
	for _, t := range r.a.Traffic {
		for _, class := range r.a.Classes {
			if t.Value.Browser.real() && t.Value.share(class) > 0 && r.a.class(class).Cacheable {
				looked[r.a.class(class).Data] = true
			}
		}
	}
	for _, d := range r.a.Data {
		if asked := slicesContain(r.a.Requests, func(q RequestClass) bool { return q.Data == d.Key }); asked && !looked[d.Key] {
			r.c.Warnf(d.At, "`%s` has no effect: no cache with `entries`, `memory`, `coalesce` or several instances, no lock by key, no database with shards, a query cache of `entries` or a disk and no balancer with `consistent-hash` looks at its keys", d.Key)
		}
	}
}

// warnPools warns of pools of connections that no call takes: a cache that leaves its misses to its callers sends them on to its origin.
func (r *routes) warnPools(n strict.Pair[Node]) {
	s, ok := serverOf(n.Value.Component)
	if !ok {
		return
	}
	called := s.called()
	for i := 0; i < len(called); i++ {
		to, _ := r.a.Nodes.Get(called[i])
		if k, ok := cacheOf(to.Component); ok && k.aside() {
			called = append(called, k.Origin)
		}
	}
	for _, p := range s.Pools {
		if !slices.Contains(called, p.Key) {
			r.c.Warnf(p.At, "the pool `%s` has no effect: nothing here calls it (a `scatter` takes no connection)", p.Key)
		}
	}
}

// warnConstant warns of an architecture whose service times are all constant: waiting times grow with their variance (Pollaczek and
// Khinchine), so that half of the queueing, or more, is missing.
func (r *routes) warnConstant() {
	any := false
	for v := range r.calls {
		n, _ := r.a.Nodes.Get(v.node)
		l, ok := n.Component.(lasting)
		if !ok {
			continue
		}
		for _, s := range l.spells(v.class) {
			if s.queued && !s.Constant() {
				return
			}
			any = any || s.queued && s.Mean() > 0
		}
	}
	if any {
		r.c.Warnf("nodes", "all service times are constant, so the queueing is understated: real ones vary, such as exp(8ms) or lognormal(p50=4ms p99=40ms)")
	}
}
