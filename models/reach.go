package models

import (
	"slices"
	"strings"

	"headroom/internal/strict"
	"headroom/internal/units"
)

// visit is a request class at a node.
type visit struct{ node, class string }

// after returns the visit that a reference leads to from another.
func (r *Reference) after(v visit) visit {
	if r.As != "" {
		return visit{r.Name, r.As}
	}
	return visit{r.Name, v.class}
}

// routes are the ways that requests take through an architecture.
type routes struct {
	a     *Architecture
	c     *Check
	way   []visit           // from a source to what is being followed
	calls map[visit]float64 // that follow from one visit at most, itself included; 0: being followed
	loops bool              // some stations pass requests round
}

// follow follows the requests of every source, reports what goes wrong on their ways, and warns of what lies on none.
func (a *Architecture) follow(c *Check) {
	r := &routes{a: a, c: c, calls: map[visit]float64{}}
	a.visits = r.calls
	for _, t := range a.Traffic {
		for _, class := range a.Classes {
			if t.Value.share(class) == 0 {
				continue
			}
			if n := r.follow(visit{t.Value.Enters, class}); n > mostCalls && !c.Failed() {
				c.Errorf(t.At, "one request of class `%s` makes up to %.0f calls: at most %d are simulated", class, n, int(mostCalls))
			}
		}
	}
	a.checkEdges(c)
	if r.loops && !c.Failed() {
		r.checkReturns()
	}
	r.checkHedges()
	if !c.Failed() {
		r.checkLeaving()
		r.checkTime()
	}
	if !c.Failed() {
		r.warn()
	}
}

// follow follows a request class from a node on and returns how many calls follow from it at most, this one included.
func (r *routes) follow(v visit) float64 {
	entry, ok := r.node(v.node)
	if !ok {
		return 1 // reported where it is named
	}
	if n, seen := r.calls[v]; seen {
		return n
	}
	r.calls[v] = 0
	r.way = append(r.way, v)
	sum := 1.0
	for _, ref := range r.references(entry, v.class) {
		next := ref.after(v)
		if !slices.Contains(r.c.classes, next.class) {
			continue // reported where it is named
		}
		if i := slices.Index(r.way, next); i >= 0 {
			if r.loops = r.loops || r.stationsOnly(i); !r.stationsOnly(i) {
				r.c.Errorf(ref.Path, "a cycle of calls: %s waits for itself", r.cycle(i, next))
			}
			continue
		}
		n := r.follow(next)
		if !ref.Loop {
			n *= max(ref.Times, 1)
		}
		sum += n
	}
	r.way = r.way[:len(r.way)-1]
	r.calls[v] = sum
	return sum
}

// stationsOnly tells whether the way passes only stations from its i-th visit on: these pass requests on and do not wait for an answer, so
// that they may come again.
func (r *routes) stationsOnly(i int) bool {
	return !slices.ContainsFunc(r.way[i:], func(v visit) bool {
		entry, _ := r.node(v.node)
		_, station := entry.Value.Component.(*Station)
		return !station
	})
}

// checkReturns reports what waits for itself by a way that follow did not take, because it had followed part of it before: that is
// possible only where there are loops of stations.
func (r *routes) checkReturns() {
	for _, n := range r.a.Nodes {
		if _, station := n.Value.Component.(*Station); station {
			continue
		}
		for _, class := range r.a.Classes {
			from := visit{n.Key, class}
			if _, reached := r.calls[from]; reached && r.reaches(from, from, map[visit]bool{}) {
				r.c.Errorf(n.At, "a cycle of calls: by way of stations, `%s` waits for itself", n.Key)
			}
		}
	}
}

// reaches tells whether requests at a visit come to another later on.
func (r *routes) reaches(from, to visit, passed map[visit]bool) bool {
	entry, _ := r.node(from.node)
	return slices.ContainsFunc(r.references(entry, from.class), func(ref Reference) bool {
		next := ref.after(from)
		again := passed[next]
		passed[next] = true
		return next == to || !again && r.reaches(next, to, passed)
	})
}

// node returns the entry of a node that could be read.
func (r *routes) node(name string) (entry strict.Pair[Node], ok bool) {
	i := slices.Index(r.c.nodes, name)
	if i < 0 || r.a.Nodes[i].Value.Component == nil {
		return entry, false
	}
	return r.a.Nodes[i], true
}

// references returns where requests of a class go from a node.
func (r *routes) references(entry strict.Pair[Node], class string) []Reference {
	if s, ok := serverOf(entry.Value.Component); ok {
		steps, handled := s.stepsFor(class, entry.At)
		if handles := entry.At + ".handles"; !handled && !r.c.Wrong(handles) {
			r.c.Errorf(handles+"."+class, "requests of class `%s` come to `%s`, which says nothing of them: add the class, or `default`", class, entry.Key)
		}
		return references(steps, class)
	}
	all := entry.Value.Calls(entry.At)
	return slices.DeleteFunc(all, func(ref Reference) bool { return ref.When != "" && ref.When != class })
}

// cycle shows the way that comes back to its i-th visit; where classes change on it, with them.
func (r *routes) cycle(i int, back visit) string {
	way := append(slices.Clone(r.way[i:]), back)
	changes := slices.ContainsFunc(way, func(v visit) bool { return v.class != back.class })
	var names []string
	for _, v := range way {
		if name := v.node; changes {
			names = append(names, name+" ("+v.class+")")
		} else {
			names = append(names, name)
		}
	}
	return strings.Join(names, " → ")
}

// checkEdges reports more calls between nodes than the kernel tells apart.
func (a *Architecture) checkEdges(c *Check) {
	edges := map[visit]bool{}
	for _, n := range a.Nodes {
		if n.Value.Component == nil {
			continue
		}
		for _, ref := range n.Value.Calls(n.At) {
			edges[visit{n.Key, ref.Name}] = true
		}
	}
	if n := len(edges) + len(a.Traffic); n > mostEdges {
		c.Errorf("nodes", "nodes and sources have %d ways to each other: at most %d are simulated", n, mostEdges)
	}
}

// checkLeaving reports stations that requests never leave again.
func (r *routes) checkLeaving() {
	leaves := map[visit]bool{}
	may := func(v visit, s *Station) bool {
		sum := units.Share(0)
		for _, to := range s.Next.of(v.class).Ordered {
			sum += to.Value
			n, _ := r.a.Nodes.Get(to.Key)
			if _, station := n.Component.(*Station); to.Value > 0 && (!station || leaves[visit{to.Key, v.class}]) {
				return true
			}
		}
		return sum < 1-1e-9
	}
	stations := r.stations()
	for again := true; again; {
		again = false
		for _, v := range stations {
			n, _ := r.a.Nodes.Get(v.node)
			if !leaves[v] && may(v, n.Component.(*Station)) {
				leaves[v], again = true, true
			}
		}
	}
	for _, v := range stations {
		if entry, _ := r.node(v.node); !leaves[v] {
			r.c.Errorf(entry.At+".next", "requests of class `%s` never leave: from `%s` on, `next` sends all of them round and round", v.class, v.node)
		}
	}
}

// stations are the visits to stations, in the order of the file.
func (r *routes) stations() []visit {
	var all []visit
	for _, n := range r.a.Nodes {
		if _, ok := n.Value.Component.(*Station); !ok {
			continue
		}
		for _, class := range r.a.Classes {
			if v := (visit{n.Key, class}); r.calls[v] > 0 {
				all = append(all, v)
			}
		}
	}
	return all
}

// spell is a time that a call spends at a node.
type spell struct {
	*Time
	queued bool // others may have to wait meanwhile
}

// lasting is a component at which calls spend time.
type lasting interface {
	spells(class string) []spell
}

// checkTime reports closed users whom nothing holds up: they would come again and again without the clock moving.
func (r *routes) checkTime() {
	moves := func(v visit) bool {
		n, _ := r.a.Nodes.Get(v.node)
		if rtt := n.common().RTT; len(r.a.Regions()) > 0 || rtt != nil && rtt.Mean() > 0 { // the way there takes time
			return true
		}
		l, ok := n.Component.(lasting)
		return ok && slices.ContainsFunc(l.spells(v.class), func(s spell) bool { return s.Mean() > 0 })
	}
	for _, t := range r.a.Traffic {
		if t.Value.Users == 0 || t.Value.Think.Mean() > 0 {
			continue
		}
		passed := map[visit]bool{}
		var held func(v visit) bool
		held = func(v visit) bool {
			if passed[v] {
				return false
			}
			passed[v] = true
			entry, _ := r.node(v.node)
			if _, queue := entry.Value.Component.(*Queue); queue { // it answers at once
				return false
			}
			return moves(v) || slices.ContainsFunc(r.references(entry, v.class), func(ref Reference) bool {
				return held(ref.after(v))
			})
		}
		if !slices.ContainsFunc(r.a.Classes, func(class string) bool {
			return t.Value.share(class) > 0 && held(visit{t.Value.Enters, class})
		}) {
			r.c.Errorf(t.At, "nothing takes time for these users, who would come again at once, for ever: give them `think`, or their node its times")
		}
	}
}

// spells implements lasting.
func (s *Station) spells(class string) []spell {
	t := s.Service.of(class)
	return []spell{{&t, !s.Servers.IsUnlimited()}}
}

// spells implements lasting.
func (b *Balancer) spells(string) []spell { return []spell{{&b.Work, !b.Cores.IsUnlimited()}} }

// spells implements lasting.
func (e *External) spells(string) []spell { return []spell{{&e.Latency, false}} }

// spells implements lasting.
func (d *Database) spells(class string) []spell {
	var all []spell
	for _, q := range []*Query{&d.Read, &d.Write} {
		s := q.of(class)
		all = append(all, spell{&s.CPU, !d.Cores.IsUnlimited()}, spell{&s.Delay, !d.Connections.IsUnlimited()})
	}
	return all
}

// spells implements lasting.
func (s *Server) spells(class string) []spell {
	var all []spell
	steps, _ := s.stepsFor(class, "")
	walk(steps, func(st *Step) {
		switch {
		case st.CPU != nil:
			all = append(all, spell{st.CPU, !s.Cores.IsUnlimited()})
		case st.Delay != nil:
			all = append(all, spell{st.Delay, !s.Concurrency.IsUnlimited()})
		}
	})
	return all
}
