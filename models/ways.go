package models

import (
	"math"
	"slices"

	"headroom/internal/strict"
	"headroom/internal/units"
)

// A Way leads from a source or a node to a node that it sends requests to.
type Way struct {
	From, To string
	// Ops are what is asked for on it: call, read, write, publish or nothing where a balancer, a limiter or a station passes on what came;
	// of caches miss, and write where writes pass; of queues message and dead letter. In the order of the file.
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
	f := newFlows(a)
	var all []Way
	for _, t := range a.Traffic {
		w := Way{From: t.Key, To: t.Value.Enters, Least: math.NaN(), Most: math.NaN()}
		for _, class := range a.Classes {
			if t.Value.share(class) > 0 {
				w.Classes = append(w.Classes, class)
			}
		}
		all = append(all, w)
	}
	for _, n := range a.Nodes {
		for _, ref := range n.Value.Calls(n.At) {
			w := Way{From: n.Key, To: ref.Name, Else: true}
			if !slices.ContainsFunc(all, func(o Way) bool { return o.From == w.From && o.To == w.To }) {
				all = append(all, a.gone(f, n, w))
			}
		}
	}
	f.measure(all)
	return all
}

// gone says who goes a way from a node, for what.
func (a *Architecture) gone(f *flows, n strict.Pair[Node], w Way) Way {
	goes := map[string]bool{}
	for _, class := range a.Classes {
		if a.visits[visit{n.Key, class}] == 0 {
			continue
		}
		for _, ref := range a.leaving(n, class) {
			if ref.Name != w.To {
				continue
			}
			goes[ref.after(visit{n.Key, class}).class] = true
			w.Else = w.Else && ref.Else
			w.add(ref.Op)
		}
	}
	for _, class := range a.Classes {
		if goes[class] {
			w.Classes = append(w.Classes, class)
		}
	}
	switch k := asCache(n.Value.Component).(type) {
	case *Cache:
		w.Ops = f.past(n.Key, w)
	case *Queue:
		w.Ops = []string{"message"}
		if w.Else = w.To != k.To; w.Else {
			w.Ops = []string{"dead letter"}
		}
	}
	return w
}

func (w *Way) add(op string) {
	if op != "" && !slices.Contains(w.Ops, op) {
		w.Ops = append(w.Ops, op)
	}
}

// leaving lists where requests of a class go from a node.
func (a *Architecture) leaving(n strict.Pair[Node], class string) []Reference {
	if s, ok := serverOf(n.Value.Component); ok {
		steps, _ := s.stepsFor(class, n.At)
		return references(steps, class)
	}
	return slices.DeleteFunc(n.Value.Calls(n.At), func(ref Reference) bool { return ref.When != "" && ref.When != class })
}

// past is what goes past a cache: what it does not have, and what is written.
func (f *flows) past(cache string, w Way) []string {
	var ops []string
	for _, class := range f.a.Classes {
		for _, op := range []string{"call", "read", "write"} {
			if f.taken[passage{visit{cache, class}, op, visit{w.To, class}}] == 0 {
				continue
			}
			what := "miss"
			if op == "write" || f.a.class(class).Write {
				what = "write"
			}
			if !slices.Contains(ops, what) {
				ops = append(ops, what)
			}
		}
	}
	slices.Sort(ops) // miss, write
	return ops
}

// measure fills in the rates, as far as they are known.
func (f *flows) measure(all []Way) {
	vague := map[string]bool{} // what comes here is not known
	for i := range all {
		w := &all[i]
		w.Rate = 0
		w.Least, w.Most = math.Inf(1), 0
		node, known := f.a.Nodes.Get(w.From)
		for _, class := range f.a.Classes {
			from := visit{w.From, class}
			rate := f.along(from, w.To)
			if w.Rate += rate; rate > 0 && known {
				each := rate / (f.all(f.reads, from) + f.all(f.writes, from))
				w.Least, w.Most = min(w.Least, each), max(w.Most, each)
			}
		}
		if w.Most == 0 || known && !settled(node.Component) {
			w.Least, w.Most = math.NaN(), math.NaN()
		}
		if t, source := f.a.Traffic.Get(w.From); source && t.vague() || w.Else || known && !settled(node.Component) {
			w.Rate = math.NaN()
		}
	}
	for again := true; again; {
		again = false
		for i := range all {
			w := &all[i]
			if vague[w.From] {
				w.Rate = math.NaN()
			}
			if math.IsNaN(w.Rate) && !w.Else && !vague[w.To] {
				vague[w.To], again = true, true
			}
		}
	}
}

// along is how much of what comes to a visit goes on to a node.
func (f *flows) along(from visit, to string) float64 {
	sum := 0.0
	for _, class := range f.a.Classes {
		for _, op := range []string{"call", "read", "write", publish} {
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
}

// Site returns where the node is.
func (n Node) Site() Site {
	k := n.common()
	if len(k.Place.Ordered) == 1 {
		return Site{Region: k.Place.Ordered[0].Key}
	}
	return Site{k.Region, k.Place.Ordered}
}
