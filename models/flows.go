package models

import (
	"slices"

	"headroom/internal/strict"
	"headroom/sim/contents"
)

// flows are how often per second requests of each class are expected to read and write at each node, if nothing is refused and caches
// with real contents let everything through: what the contents of a cache are warmed with.
type flows struct {
	a      *Architecture
	reads  map[stop]float64
	writes map[stop]float64
	next   map[stream]float64 // what comes to visits in the next step
	order  []stream           // of those, so that sums come out the same every time
	from   visit              // what is being followed from; of a source, its name
	taken  map[passage]float64
	missed map[passage]bool // those past which misses have gone on, see bypass
}

// passage is a visit to a node that follows from another visit, or from a source.
type passage struct {
	from visit
	op   string
	to   visit
}

// faint is the share of all requests below which a way is not followed further: loops between stations go on for ever.
const faint = 1e-9

// stop is a visit in a region; without regions, in the one place that there is.
type stop struct {
	visit
	region int
}

// stream is a stop and the operation that is asked for there.
type stream struct {
	stop
	op string
}

// newFlows follows what the sources send, a step of all ways at a time, so that ways that meet go on as one: all of it, or only what clients in
// some regions send.
func newFlows(a *Architecture, only ...int) *flows {
	f := &flows{a: a, reads: map[stop]float64{}, writes: map[stop]float64{}, next: map[stream]float64{}, taken: map[passage]float64{}, missed: map[passage]bool{}}
	all := 0.0
	for _, t := range a.Traffic {
		for _, class := range a.Classes {
			rate := t.Value.share(class) * t.Value.usual()
			if k := t.Value.Browser; k != nil && k.HitRatio != nil && a.class(class).Cacheable && !a.class(class).Write {
				rate *= 1 - float64(*k.HitRatio)
			}
			all += rate
			f.from = visit{t.Key, class}
			if len(a.Regions()) == 0 {
				f.follow(visit{t.Value.Enters, class}, "call", rate, 0)
			}
			for i, region := range a.Regions() {
				if len(only) > 0 && !slices.Contains(only, i) {
					continue
				}
				f.follow(visit{t.Value.Enters, class}, "call", rate*t.Value.from(region), i)
			}
		}
	}
	for len(f.order) > 0 {
		now, rates := f.order, f.next
		f.order, f.next = nil, map[stream]float64{}
		for _, s := range now {
			if rates[s] > faint*all {
				f.arrive(s, rates[s])
			}
		}
	}
	return f
}

// usual returns the rate at which a source begins, or that of a replay on average, over a second at least. Closed users are taken to wait
// for a tenth of a second besides thinking.
func (t *Traffic) usual() float64 {
	switch {
	case t.Replay != nil:
		return float64(t.Replay.Requests) / max(t.Replay.last.Seconds(), 1)
	case t.Users > 0:
		return float64(t.Users) / (t.Think.Mean()/1e9 + 0.1)
	}
	return t.pieces()[0].from
}

// follow notes what comes from a region to a visit in the next step: in proportion to the node's instances in each region, but to the
// nearest of a cache's clusters.
func (f *flows) follow(v visit, op string, rate float64, from int) {
	n, ok := f.a.Nodes.Get(v.node)
	places := f.a.placesOf(n.common())
	if !ok || places == nil {
		f.note(stop{v, from}, op, rate)
		return
	}
	if _, cache := cacheOf(n.Component); cache {
		f.note(stop{v, f.a.nearest(n.common(), from)}, op, rate)
		return
	}
	for i := 0; i < len(places); {
		here := 1
		for i+here < len(places) && places[i+here] == places[i] {
			here++
		}
		f.note(stop{v, places[i]}, op, rate*float64(here)/float64(len(places)))
		i += here
	}
}

// note adds to what comes to a stop in the next step.
func (f *flows) note(at stop, op string, rate float64) {
	s := stream{at, op}
	if _, noted := f.next[s]; !noted {
		f.order = append(f.order, s)
	}
	f.next[s] += rate
	f.taken[passage{f.from, op, at.visit}] += rate
}

// arrive adds what comes to a visit, and follows what goes on from there.
func (f *flows) arrive(v stream, rate float64) {
	op, at := v.op, v.region
	f.from = v.visit
	write := op == "write" || op == "call" && f.a.class(v.class).Write
	if write {
		f.writes[v.stop] += rate
		f.writes[stop{v.visit, anywhere}] += rate
	} else {
		f.reads[v.stop] += rate
		f.reads[stop{v.visit, anywhere}] += rate
	}
	n, _ := f.a.Nodes.Get(v.node)
	switch k := asCache(n.Component).(type) {
	case *Queue:
		if k.To != "" {
			f.follow(visit{k.To, v.class}, "call", rate, at)
		}
	case *Worker:
		steps, _ := k.stepsFor(v.class, "")
		f.steps(steps, v.class, rate, at)
	case *Server:
		steps, _ := k.stepsFor(v.class, "")
		f.steps(steps, v.class, rate, at)
	case *Function:
		steps, _ := k.server().stepsFor(v.class, "")
		f.steps(steps, v.class, rate, at)
	case *Balancer:
		f.spread(k, v.stop, op, rate)
	case *RateLimiter:
		f.follow(visit{k.To, v.class}, op, rate, at)
	case *Station:
		for _, to := range k.Next.of(v.class).Ordered {
			f.follow(visit{to.Key, v.class}, op, rate*float64(to.Value), at)
		}
	case *Cache:
		if k.HitRatio != nil && !write && f.a.class(v.class).Cacheable {
			rate *= 1 - float64(*k.HitRatio)
		}
		if op == "call" && write {
			op = "write"
		}
		f.follow(visit{k.Origin, v.class}, op, rate, at)
	}
}

// coming returns the request classes that sources send to a node, on whatever way.
func (a *Architecture) coming(node string, sources ...strict.Pair[Traffic]) []string {
	some := *a
	some.Traffic = sources
	f := newFlows(&some)
	return slices.DeleteFunc(slices.Clone(a.Classes), func(class string) bool {
		v := visit{node, class}
		return f.all(f.reads, v)+f.all(f.writes, v) == 0
	})
}

// all adds up what comes to a visit in all regions.
func (*flows) all(rates map[stop]float64, v visit) float64 { return rates[stop{v, anywhere}] }

// spread divides a rate between a balancer's targets: by their instances, and by weight where the algorithm knows weights.
func (f *flows) spread(k *Balancer, v stop, op string, rate float64) {
	weights, sum := make([]float64, len(k.To.Ordered)), 0.0
	for i, t := range k.To.Ordered {
		n, _ := f.a.Nodes.Get(t.Key)
		weights[i] = float64(n.Count())
		if k.Algorithm == "weighted" || k.Algorithm == "weighted-random" || k.hashes() {
			weights[i] *= float64(t.Value)
		}
		sum += weights[i]
	}
	if k.Algorithm == "nearest" && len(f.a.Regions()) > 0 {
		f.toNearest(k, v, op, rate)
		return
	}
	for i, t := range k.To.Ordered {
		f.follow(visit{t.Key, v.class}, op, rate*weights[i]/sum, v.region)
	}
}

// toNearest sends a rate to the instances in the nearest region where a balancer has targets, an equal part to each.
func (f *flows) toNearest(k *Balancer, v stop, op string, rate float64) {
	type target struct {
		node   string
		region int
	}
	var all []target
	for _, t := range k.To.Ordered {
		n, _ := f.a.Nodes.Get(t.Key)
		places := f.a.placesOf(n.common())
		if places == nil { // wherever the call is
			places = slices.Repeat([]int{v.region}, n.Count())
		}
		for _, region := range places {
			all = append(all, target{t.Key, region})
		}
	}
	for _, region := range f.a.distances()[v.region] {
		near := slices.DeleteFunc(slices.Clone(all), func(t target) bool { return t.region != region })
		for _, t := range near {
			f.note(stop{visit{t.node, v.class}, region}, op, rate/float64(len(near)))
		}
		if len(near) > 0 {
			return
		}
	}
}

// steps follows the calls of steps that are done at a rate.
func (f *flows) steps(steps []Step, class string, rate float64, at int) {
	for i := range steps {
		s := &steps[i]
		r := rate * float64(s.Times)
		goes := class
		if s.As != "" {
			goes = s.As
		}
		switch {
		case s.Call != "":
			f.follow(visit{s.Call, goes}, s.Op, r, at)
		case s.Scatter != nil:
			f.follow(visit{s.Scatter.To, class}, "call", r*float64(s.Scatter.Count), at)
		case s.Chance != nil:
			f.steps(s.Do, class, r*float64(*s.Chance), at)
		case s.Lock != nil:
			f.steps(s.Lock.Do, class, r, at)
		}
		for _, b := range s.Parallel {
			f.steps(b, class, r, at)
		}
	}
}

// streams returns what a cache sees of each data set in a region, or in all of them: anywhere.
func (b *Builder) streams(name string, region int) []contents.Stream {
	k, _ := b.a.Nodes.Get(name)
	cache, _ := cacheOf(k.Component)
	at := map[*dataSet]*contents.Stream{}
	var order []*dataSet
	of := func(class int) *contents.Stream {
		set := b.data[class]
		if at[set] == nil {
			at[set] = &contents.Stream{Set: set.number, Keys: set.keys, Size: set.size}
			order = append(order, set)
		}
		return at[set]
	}
	for i, class := range b.Classes {
		if b.data[i] == nil {
			continue
		}
		if b.cacheable[i] {
			of(i).Reads += b.flows.reads[stop{visit{name, class}, region}]
		}
		if writes := b.flows.writes[stop{visit{name, class}, region}]; writes > 0 {
			if b.cacheable[i] && (cache.Mode == "write-through" || cache.Mode == "write-behind") {
				of(i).Stores += writes
			} else {
				of(i).Removals += writes
			}
		}
		if past := b.flows.writes[stop{visit{b.a.end(cache), class}, anywhere}] - b.flows.writes[stop{visit{name, class}, region}]; past > 0 {
			of(i).Removals += past
		}
	}
	var all []contents.Stream
	for _, set := range order {
		if s := *at[set]; s.Reads+s.Stores > 0 {
			all = append(all, s)
		}
	}
	return all
}

// end returns where the misses of a cache end: the first origin that is no cache.
func (a *Architecture) end(k *Cache) string {
	for {
		n, _ := a.Nodes.Get(k.Origin)
		next, ok := cacheOf(n.Component)
		if !ok {
			return k.Origin
		}
		k = next
	}
}
