package models

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"headroom/internal/strict"
	"headroom/internal/units"
)

// A Way leads from a source or a node to a node that it sends requests to.
type Way struct {
	From, To string
	// Ops are what is asked for on it, in the order of the alphabet: call, read and write of databases and caches, publish, message and dead
	// letter of queues, and miss, of what is not in a cache.
	Ops     []string
	Classes []string // that requests go as on it, in the order of the file; none: no request ever goes this way
	Else    bool     // it is only gone if another call has failed, or cannot be done
	// Rate is how many requests per second are expected on it if no call is refused, fails or is tried again. NaN where that is not known
	// without a simulation: behind caches with real contents, closed users, rates that change, and where the load of the targets decides.
	Rate float64
	// Least and Most are how many of them follow from one request that comes to From, of those classes that go this way; NaN where it is not known.
	Least, Most float64
}

// Ways returns all ways that requests can take, those of the sources first, in the order of the file.
func (a *Architecture) Ways() []Way {
	f := newFlows(a.steady())
	for range a.Nodes { // a cache may have another one as its origin
		f.bypass()
	}
	var all []Way
	for _, t := range a.Traffic {
		w := Way{From: t.Key, To: t.Value.Enters, Ops: []string{"call"}}
		for _, class := range a.Classes {
			if t.Value.share(class) > 0 {
				w.Classes = append(w.Classes, class)
			}
		}
		all = append(all, w)
	}
	for _, n := range a.Nodes {
		for _, to := range a.leadsTo(n) {
			if k, ok := cacheOf(n.Value.Component); ok && k.aside() && a.visited(n.Key) && !f.passes(n.Key, to) {
				continue // all who ask it ask its origin themselves
			}
			w := Way{From: n.Key, To: to}
			f.describe(n, &w)
			all = append(all, w)
		}
	}
	f.measure(all)
	a.spreadDoubt(all)
	return all
}

// steady is the architecture with a constant rate of each source that has stages: some begin with none.
func (a *Architecture) steady() *Architecture {
	b := *a
	b.Traffic = slices.Clone(a.Traffic)
	for i := range b.Traffic {
		if t := &b.Traffic[i].Value; len(t.Stages) > 0 {
			rate := units.Rate(t.highest())
			t.Stages, t.Rate = nil, &rate
		}
	}
	return &b
}

// leadsTo lists the nodes that a node's requests can go to, each once: those that it names, and behind a cache that leaves its misses to its
// callers the origin of that.
func (a *Architecture) leadsTo(n strict.Pair[Node]) []string {
	var all []string
	_, serves := serverOf(n.Value.Component)
	for _, ref := range n.Value.Calls(n.At) {
		for to := ref.Name; !slices.Contains(all, to); {
			all = append(all, to)
			next, _ := a.Nodes.Get(to)
			k, cache := cacheOf(next.Component)
			if !serves || !cache || !k.aside() {
				break
			}
			to = k.Origin
		}
	}
	return all
}

// visited tells whether any request comes to a node.
func (a *Architecture) visited(node string) bool {
	return slices.ContainsFunc(a.Classes, func(class string) bool { return a.visits[visit{node, class}] > 0 })
}

// bypass lets servers themselves go past the caches that leave this to them: with what these do not have, and with what they do not keep.
func (f *flows) bypass() {
	for _, n := range f.a.Nodes {
		k, ok := cacheOf(n.Value.Component)
		if !ok || !k.aside() {
			continue
		}
		for _, from := range f.a.Nodes {
			if _, serves := serverOf(from.Value.Component); serves {
				f.bypassFrom(from.Key, n.Key, k)
			}
		}
	}
}

func (f *flows) bypassFrom(server, cache string, k *Cache) {
	for _, was := range f.a.Classes {
		for _, class := range f.a.Classes {
			for _, op := range ops {
				p := passage{visit{server, was}, op, visit{cache, class}}
				rate, write := f.taken[p], op == "write" || op != miss && f.a.class(class).Write
				goes, past := miss, rate
				switch {
				case rate == 0:
					continue
				case write:
					goes = "write"
					delete(f.taken, p)
				case !f.a.class(class).Cacheable:
					goes = "read"
					delete(f.taken, p)
				case f.missed[p]:
					continue // they have gone on already
				case k.HitRatio != nil:
					past *= 1 - float64(*k.HitRatio)
				}
				f.taken[passage{visit{server, was}, goes, visit{k.Origin, class}}] += past
				f.missed[p] = true
				f.lessen(visit{cache, class}, k.Origin, past)
			}
		}
	}
}

// lessen takes what goes another way from what goes from a cache to its origin.
func (f *flows) lessen(from visit, origin string, by float64) {
	for _, op := range ops {
		p := passage{from, op, visit{origin, from.class}}
		less := min(by, f.taken[p])
		if f.taken[p], by = f.taken[p]-less, by-less; f.taken[p] < 1e-9*less {
			delete(f.taken, p)
		}
	}
}

// miss is what goes past a cache since it is not there.
const miss = "miss"

// ops are what may be asked for on a way.
var ops = []string{"call", "read", "write", publish, miss}

// describe says who goes a way from a node, for what.
func (f *flows) describe(n strict.Pair[Node], w *Way) {
	goes, asked := map[string]bool{}, map[string]bool{}
	to, _ := f.a.Nodes.Get(w.To)
	for _, was := range f.a.Classes {
		for _, class := range f.a.Classes {
			for _, op := range ops {
				if f.taken[passage{visit{n.Key, was}, op, visit{w.To, class}}] > 0 {
					goes[class] = true
					asked[f.named(n.Value, to, op, class)] = true
				}
			}
		}
	}
	if len(goes) == 0 {
		w.Else = f.fallback(n, w.To, goes, asked)
	}
	for _, class := range f.a.Classes {
		if goes[class] {
			w.Classes = append(w.Classes, class)
		}
	}
	w.Ops = slices.Sorted(maps.Keys(asked))
}

// fallback finds the classes that go a way only if another call fails, or cannot be done.
func (f *flows) fallback(n strict.Pair[Node], to string, goes, asked map[string]bool) bool {
	target, _ := f.a.Nodes.Get(to)
	for _, class := range f.a.Classes {
		if f.a.visits[visit{n.Key, class}] == 0 {
			continue
		}
		for _, ref := range f.a.leaving(n, class) {
			if next := ref.after(visit{n.Key, class}); next.node == to {
				goes[next.class] = true
				asked[f.named(n.Value, target, cmp.Or(ref.Op, "call"), next.class)] = true
			}
		}
	}
	if k, ok := n.Value.Component.(*Queue); ok && k.DeadLetter == to && len(goes) > 0 {
		clear(asked)
		asked["dead letter"] = true
	}
	return len(goes) > 0
}

// named is what is asked for on a way, as people call it.
func (f *flows) named(from, to Node, op, class string) string {
	write := op == "write" || op == "call" && f.a.class(class).Write
	if _, cache := cacheOf(from.Component); cache && !write {
		return miss
	}
	if _, queue := from.Component.(*Queue); queue {
		return "message"
	}
	_, cache := to.Component.(*Cache)
	_, database := to.Component.(*Database)
	_, cached := cacheOf(from.Component)
	switch {
	case op == publish || op == miss:
		return op
	case !cache && !database && !cached: // what is asked for behind it
		return "call"
	case write:
		return "write"
	}
	return "read"
}

// leaving lists where requests of a class go from a node.
func (a *Architecture) leaving(n strict.Pair[Node], class string) []Reference {
	if s, ok := serverOf(n.Value.Component); ok {
		steps, _ := s.stepsFor(class, n.At)
		return references(steps, class)
	}
	return slices.DeleteFunc(n.Value.Calls(n.At), func(ref Reference) bool { return ref.When != "" && ref.When != class })
}

// measure fills in the rates, as far as they are known.
func (f *flows) measure(all []Way) {
	for i := range all {
		w := &all[i]
		w.Rate, w.Least, w.Most = 0, math.Inf(1), 0
		node, known := f.a.Nodes.Get(w.From)
		for _, class := range f.a.Classes {
			from := visit{w.From, class}
			rate := f.along(from, w.To)
			if w.Rate += rate; rate > 0 && known {
				each := rate / (f.all(f.reads, from) + f.all(f.writes, from))
				w.Least, w.Most = min(w.Least, each), max(w.Most, each)
			}
		}
		vague := known && !settled(node.Component) || f.behindContents(w)
		if w.Most == 0 || vague {
			w.Least, w.Most = math.NaN(), math.NaN()
		}
		if vague || w.Else || len(w.Classes) == 0 {
			w.Rate = math.NaN()
		}
	}
}

// spreadDoubt takes away the rates that follow from others that are not known.
func (a *Architecture) spreadDoubt(all []Way) {
	vague := map[string]bool{} // what comes here is not known
	for i := range all {
		if t, source := a.Traffic.Get(all[i].From); source && t.vague() {
			all[i].Rate = math.NaN()
		}
	}
	for again := true; again; {
		again = false
		for i := range all {
			w := &all[i]
			if vague[w.From] {
				w.Rate = math.NaN()
			}
			if math.IsNaN(w.Rate) && !w.Else && len(w.Classes) > 0 && !vague[w.To] {
				vague[w.To], again = true, true
			}
		}
	}
}

// behindContents tells whether misses of a cache with real contents go a way, to its origin.
func (f *flows) behindContents(w *Way) bool {
	return slices.Contains(w.Ops, miss) && slices.ContainsFunc(f.a.Nodes, func(n strict.Pair[Node]) bool {
		k, ok := cacheOf(n.Value.Component)
		return ok && k.Origin == w.To && k.HitRatio == nil
	})
}

// passes tells whether anything goes from a node to another.
func (f *flows) passes(from, to string) bool {
	return slices.ContainsFunc(f.a.Classes, func(class string) bool { return f.along(visit{from, class}, to) > 0 })
}

// along is how much of what comes to a visit goes on to a node.
func (f *flows) along(from visit, to string) float64 {
	sum := 0.0
	for _, class := range f.a.Classes {
		for _, op := range ops {
			sum += f.taken[passage{from, op, visit{to, class}}]
		}
	}
	return sum
}

// vague tells whether the rate of the source is not one number.
func (t *Traffic) vague() bool {
	return t.Rate == nil && t.Batch == nil || t.Browser != nil && t.Browser.HitRatio == nil
}

// settled tells whether the file alone says how many of the requests that come to a node go on to which other.
func settled(c Component) bool {
	switch k := asCache(c).(type) {
	case *Cache:
		return k.HitRatio != nil
	case *Balancer:
		return len(k.To.Ordered) == 1 || slices.Contains([]string{"round-robin", "random", "weighted", "weighted-random"}, k.Algorithm)
	}
	return true
}

// A Site says where a node is: in one region, or so many instances in each of several; neither where there are no regions, or where it is
// wherever its caller is.
type Site struct {
	Region string
	Place  strict.Ordered[units.Count]
	// Auto is the utilization that the number of instances is chosen for when a run begins; 0: the file says how many there are.
	Auto units.Share
}

// Site returns where the node is.
func (n Node) Site() Site {
	k := n.common()
	if len(k.Place.Ordered) == 1 {
		return Site{Region: k.Place.Ordered[0].Key}
	}
	return Site{k.Region, k.Place.Ordered, k.Instances.Auto}
}
