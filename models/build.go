package models

import (
	"math"
	"slices"
	"strconv"

	"headroom/internal/strict"
	"headroom/internal/units"
	"headroom/sim"
)

func itoa(i int) string { return strconv.Itoa(i) }

// Options are what differs between the simulations of one architecture.
type Options struct {
	Seed, Replication uint64
	SampleEvery       uint64      // one request in so many is followed part by part; 0: none
	Tracer            *sim.Tracer // of single requests; nil: none
	// Warmup is how long sources with stages hold the rate of their first stage before the stages begin; events count from its end.
	Warmup sim.Time
	// Eventful lets the scenario's events happen.
	Eventful bool
}

// Build makes a simulation of the architecture, ready to run from time 0.
func (a *Architecture) Build(o Options) *Builder {
	usual := a
	if !o.Eventful {
		a = a.uneventful()
	}
	a = a.atPeak()
	b := &Builder{a: a, Classes: a.Classes, Nodes: a.Nodes.Keys()}
	b.Resources, b.Limits = make([][]*sim.Resource, len(b.Nodes)), make([][]*Limit, len(b.Nodes))
	for _, class := range b.Classes {
		c := a.class(class)
		b.Writes, b.cacheable = append(b.Writes, c.Write), append(b.cacheable, c.Cacheable)
	}
	a.addData(b)
	a.addRegions(b)
	b.Sim = sim.New(sim.Config{
		Seed: o.Seed, Replication: o.Replication, Classes: len(a.Classes), Sources: len(a.Traffic), Levels: a.levels(),
		SampleEvery: o.SampleEvery, Background: a.background(), Cancels: a.cancels(), Sizes: a.sizes(), Layers: a.layers(), Tracer: o.Tracer,
	})
	repeats := a.repeats()
	for _, n := range a.Nodes {
		b.Sim.AddNode(n.Key, repeats[n.Key])
		b.Instances = append(b.Instances, n.Value.Count())
		b.passes = append(b.passes, passesOn(n.Value.Component))
		b.caches, b.queues, b.workers = append(b.caches, nil), append(b.queues, nil), append(b.workers, nil)
		switch k := asCache(n.Value.Component).(type) { // what others refer to when they are built
		case *Queue:
			b.queues[len(b.queues)-1] = new(queue)
		case *Worker:
			b.workers[len(b.workers)-1] = new(worker)
		case *Cache:
			b.caches[len(b.caches)-1] = new(cache)
			b.Layers = append(b.Layers, n.Key)
			if k.real() && b.flows == nil {
				b.flows = newFlows(usual)
			}
		case *Database:
			if (k.QueryCache.real() || k.paged()) && b.flows == nil {
				b.flows = newFlows(usual)
			}
		}
	}
	if a.browsing() {
		b.Layers = append(b.Layers, BrowserLayer)
	}
	b.lives = make([]*mortal, len(b.Nodes))
	usual.rest(b)
	if o.Eventful {
		usual.strike(b)
	}
	usual.scalable(b)
	for i, n := range a.Nodes {
		b.Sim.SetNode(uint32(i), b.guarded(i, n.Value.Build(b, n.Key)))
	}
	a.tire(b)
	if o.Eventful {
		a.schedule(b, o.Warmup)
	}
	b.addClients()
	a.connect(b)
	usual.scale(b)
	for i := range a.Traffic {
		b.addSource(i, a.Traffic[i].Key, &a.Traffic[i].Value, o)
	}
	return b
}

// sizes returns what the calls of each class carry; nil where no class has a size.
func (a *Architecture) sizes() []sim.Size {
	if !a.transfers() {
		return nil
	}
	sizes := make([]sim.Size, len(a.Classes))
	for i, class := range a.Classes {
		c := a.class(class)
		sizes[i] = sim.Size{Request: int64(c.Request), Response: c.Response.bytes()}
	}
	return sizes
}

// transfers tells whether some class says how large its requests or their answers are.
func (a *Architecture) transfers() bool {
	return slicesContain(a.Requests, func(q RequestClass) bool { return q.Request > 0 || q.Response.Size > 0 })
}

// layers is how many values a request's layer has: none, no cache, and each cache.
func (a *Architecture) layers() int {
	caches := 0
	for _, n := range a.Nodes {
		if _, ok := cacheOf(n.Value.Component); ok {
			caches++
		}
	}
	if a.browsing() {
		caches++
	}
	if caches == 0 {
		return 0
	}
	return caches + firstLayer
}

// levels ranks the classes' priorities: the highest is level 0.
func (a *Architecture) levels() []uint8 {
	var distinct []int
	priority := make([]int, len(a.Classes))
	for i, c := range a.Requests {
		priority[i] = c.Value.Priority
	}
	for _, p := range priority {
		if !slices.Contains(distinct, p) {
			distinct = append(distinct, p)
		}
	}
	slices.Sort(distinct)
	slices.Reverse(distinct)
	levels := make([]uint8, len(priority))
	for i, p := range priority {
		levels[i] = uint8(slices.Index(distinct, p))
	}
	return levels
}

// repeats tells which nodes one request may visit more than once: those that several others name, those on a loop, and those that
// come after such.
func (a *Architecture) repeats() map[string]bool {
	named := map[string]int{}
	for _, n := range a.Nodes {
		for _, r := range n.Value.Calls("") {
			named[r.Name]++
			if r.Often {
				named[r.Name]++
			}
		}
	}
	for _, t := range a.Traffic {
		named[t.Value.Enters] = max(named[t.Value.Enters], 0) // the client's first call is one visit, whoever sends it
		if t.Value.often() {
			named[t.Value.Enters]++
		}
	}
	for _, n := range a.Nodes {
		if k, ok := cacheOf(n.Value.Component); ok && k.aside() {
			named[n.Key]++ // to look up, and to store
		}
	}
	again := map[string]bool{}
	var mark func(name string)
	mark = func(name string) {
		if again[name] {
			return
		}
		again[name] = true
		n, _ := a.Nodes.Get(name)
		for _, r := range n.Calls("") {
			mark(r.Name)
		}
	}
	for _, n := range a.Nodes {
		if named[n.Key] > 1 || named[n.Key] == 1 && a.entered(n.Key) || a.onLoop(n.Key) {
			mark(n.Key)
		}
	}
	return again
}

// Depths returns for each node how many calls a request makes at most before it comes there; on a loop of stations, the number of nodes.
func (a *Architecture) Depths() []int {
	number := map[string]int{}
	for i, n := range a.Nodes {
		number[n.Key] = i
	}
	var edges [][2]int
	for i, n := range a.Nodes {
		for _, r := range n.Value.Calls("") {
			edges = append(edges, [2]int{i, number[r.Name]})
		}
	}
	const unreached = -1
	depth := slices.Repeat([]int{unreached}, len(a.Nodes))
	for _, t := range a.Traffic {
		depth[number[t.Value.Enters]] = 0
	}
	for changed := true; changed; { // relax the edges, as Bellman and Ford do, which takes as many rounds as the way is long
		changed = false
		for _, e := range edges {
			if d := min(depth[e[0]]+1, len(a.Nodes)); depth[e[0]] != unreached && depth[e[1]] < d {
				depth[e[1]], changed = d, true
			}
		}
	}
	for i := range depth {
		depth[i] = max(depth[i], 0)
	}
	return depth
}

func (a *Architecture) entered(name string) bool {
	return slices.ContainsFunc(a.Traffic.Keys(), func(k string) bool { t, _ := a.Traffic.Get(k); return t.Enters == name })
}

func (a *Architecture) onLoop(name string) bool {
	seen := map[string]bool{}
	var reaches func(from string) bool
	reaches = func(from string) bool {
		n, _ := a.Nodes.Get(from)
		for _, r := range n.Calls("") {
			if r.Name == name {
				return true
			}
			if !seen[r.Name] {
				seen[r.Name] = true
				if reaches(r.Name) {
					return true
				}
			}
		}
		return false
	}
	return reaches(name)
}

func (b *Builder) addSource(i int, name string, t *Traffic, with Options) {
	o := b.newOrigin(i, name, t)
	o.browser = b.newBrowsers(t, &o)
	b.browsers = append(b.browsers, o.browser)
	if t.Open() {
		s := &openSource{origin: o, gaps: t.Arrivals.Dist, pieces: t.course(with.Warmup), rand: sim.NewRand(o.stream), ahead: o.foresees()}
		var surges []surge
		if with.Eventful {
			surges = b.a.surges(name)
			s.pieces = swollen(s.pieces, surges, with.Warmup)
		}
		if len(t.Stages) == 0 && len(surges) == 0 {
			s.interval = 1e9 / float64(*t.Rate)
		}
		b.Sim.AddSource(s, s.nextTime(), o.ears())
		return
	}
	if t.Batch != nil {
		s := &batchSource{origin: o, every: sim.Time(t.Batch.Every), size: uint64(t.Batch.Size)}
		b.Sim.AddSource(s, s.every, o.ears())
		return
	}
	if t.Replay != nil {
		s := b.newReplay(o, t)
		b.Sim.AddSource(s, s.advance(), o.ears())
		return
	}
	s := &closedSource{origin: o, think: t.Think.Dist, users: make([]*sim.Call, t.Users)}
	s.handler = b.Sim.Handle(s)
	b.Sim.AddSource(s, sim.Never, s)
	for k := range s.users {
		s.users[k] = b.Sim.Timer()
		s.users[k].Aux, s.users[k].Rand = uint32(k), sim.NewRand(0)
		s.thinks(uint64(k), false)
	}
}

// Waiting returns how many calls wait in all queues now, and how many messages for a worker.
func (b *Builder) Waiting() int64 {
	n, _ := b.Messages()
	for _, rs := range b.Resources {
		for _, r := range rs {
			for _, st := range r.Stations {
				_, waiting := st.Present()
				n += int64(waiting)
			}
		}
	}
	for _, ls := range b.Limits {
		for _, l := range ls {
			if l.Queue != nil {
				n += l.Queue.waiting
			}
		}
	}
	return n
}

// Asked returns the rate that the open sources ask for in total, at the highest of their stages, batches on average; NaN where there is none.
func (a *Architecture) Asked() float64 {
	sum, any := 0.0, false
	for _, t := range a.Traffic {
		if !t.Value.Open() && t.Value.Batch == nil {
			continue
		}
		any = true
		sum += t.Value.highest()
	}
	if !any {
		return math.NaN()
	}
	return sum
}

// ScaleTo changes the rates of all sources that scale in proportion, so that the architecture is asked for rate requests per second.
// It tells whether there was such a source.
func (a *Architecture) ScaleTo(rate float64) bool {
	fixed, scaling := 0.0, 0.0
	for _, t := range a.Traffic {
		if t.Value.Scales && t.Value.Open() {
			scaling += t.Value.highest()
		} else {
			fixed += t.Value.highest()
		}
	}
	if scaling == 0 || rate <= fixed {
		return false
	}
	for i := range a.Traffic {
		if t := &a.Traffic[i].Value; t.Scales && t.Open() {
			t.scale((rate - fixed) / scaling)
		}
	}
	return true
}

// Staged returns how long the stages of the sources last, the longest of them; 0 if no source has stages.
func (a *Architecture) Staged() sim.Time {
	longest := sim.Time(0)
	for _, t := range a.Traffic {
		sum := sim.Time(0)
		for _, s := range t.Value.Stages {
			sum += sim.Time(s.For)
		}
		longest = max(longest, sum)
	}
	return longest
}

// AtFirst returns the architecture as its traffic is before any stage but the first begins.
func (a *Architecture) AtFirst() *Architecture {
	b := *a
	b.Traffic = slices.Clone(a.Traffic)
	for i := range b.Traffic {
		if t := &b.Traffic[i].Value; len(t.Stages) > 0 {
			t.Rate, t.Stages = t.Stages[0].Rate, nil
		}
	}
	return &b
}

// Expected returns how many requests an open source sends on average between two times, surges included. Over a long time the variance is
// this times the squared coefficient of variation of the gaps (Cox, Renewal Theory, 1962, ch. 4).
func (a *Architecture) Expected(source int, from, to, warmup sim.Time) float64 {
	t := &a.Traffic[source].Value
	if t.Batch != nil {
		return t.Batch.between(from, to)
	}
	course := swollen(t.course(warmup), a.surges(a.Traffic[source].Key), warmup)
	return until(course, to.Seconds()) - until(course, from.Seconds())
}

// AtRate returns the architecture asked for another rate that holds, whatever stages it has; false if no source scales.
func (a *Architecture) AtRate(rate float64) (*Architecture, bool) {
	b := *a
	b.Traffic = slices.Clone(a.Traffic)
	for i := range b.Traffic {
		if t := &b.Traffic[i].Value; t.Open() {
			top := units.Rate(t.highest())
			t.Rate, t.Stages = &top, nil
		}
	}
	ok := b.ScaleTo(rate)
	return &b, ok
}

// Proportional tells whether all traffic grows with the rate: no closed users, no sources that do not scale.
func (a *Architecture) Proportional() bool {
	return !slices.ContainsFunc(a.Traffic, func(t strict.Pair[Traffic]) bool { return !t.Value.Open() || !t.Value.Scales })
}

// background tells whether some node goes on working after its answer.
func (a *Architecture) background() bool {
	found := false
	for _, n := range a.Nodes {
		if s, ok := serverOf(n.Value.Component); ok {
			for _, h := range s.Handles {
				walk(h.Value, func(st *Step) { found = found || st.Respond })
			}
		}
		switch k := n.Value.Component.(type) {
		case *Queue:
			found = true
		case *Cache:
			found = found || k.Mode == "write-behind"
		}
	}
	return found
}
