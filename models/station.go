package models

import (
	"math"

	"headroom/internal/strict"
	"headroom/internal/units"
	"headroom/sim"
)

// Station is a plain queueing station: servers, a queue, and where requests go next.
type Station struct {
	Common
	Servers    units.Count `key:"servers" default:"1" doc:"how many are served at once, per instance"`
	Service    PerClass    `key:"service" default:"0s" doc:"service time, one or per class"`
	Discipline string      `key:"discipline" default:"fifo" enum:"fifo|ps|lifo|priority|priority-preemptive" doc:"who is served next"`
	Backlog    units.Count `key:"backlog" default:"unlimited" doc:"how many may wait, those in service not counted"`
	DropAfter  *Time       `key:"drop_after" doc:"patience: no longer in the queue than that"`
	Next       Next        `key:"next" doc:"where requests go next, one for all or per class; the rest leave"`
}

// Describe says what is being read, for errors.
func (*Station) Describe() string { return "station" }

var disciplines = map[string]sim.Discipline{
	"fifo": sim.FIFO, "lifo": sim.LIFO, "ps": sim.ProcessorSharing, "priority": sim.Priority,
	"priority-preemptive": sim.PriorityPreemptive,
}

// PerClass is a time for all request classes, or one for each.
type PerClass struct {
	All   Time
	Class strict.Ordered[Time]
}

// DecodeStrict reads a time, or a map from request classes to times.
func (p *PerClass) DecodeStrict(v *strict.Value) {
	if v.Kind() == strict.Map {
		strict.Decode(v, &p.Class)
		return
	}
	strict.Decode(v, &p.All)
}

// Describe says what the value looks like.
func (*PerClass) Describe() string {
	return "a time such as exp(4ms), or one per class {a: 1ms, b: 2ms}"
}

// of returns the time of a class; one that is not named takes 0s.
func (p *PerClass) of(class string) Time {
	if p.Class == nil {
		return p.All
	}
	t, _ := p.Class.Get(class)
	return t
}

// Check implements Component.
func (s *Station) Check(c *Check, path string) {
	s.check(c, path)
	if s.Servers < 1 {
		c.Errorf(path+".servers", "`servers` must be at least 1")
	}
	switch {
	case s.Servers.IsUnlimited():
		c.warnKeys(path, "nothing waits here", "backlog", "drop_after", "discipline")
	case s.Discipline == "ps":
		c.warnKeys(path, "nothing waits here", "backlog", "drop_after")
	}
	for _, k := range s.Service.Class {
		c.class(k.At, k.Key)
	}
	s.Next.check(c, path+".next")
}

// Calls implements Component.
func (s *Station) Calls(path string) []Reference {
	refs := s.Next.All.references("")
	for _, k := range s.Next.Class {
		refs = append(refs, k.Value.references(k.Key)...)
	}
	return refs
}

// stationNode is the behaviour: being served at one of the instances, then going on to the next station.
type stationNode struct {
	sim     *sim.Sim
	id      uint32
	servers []*sim.Station
	service []sim.Dist // by class
	next    [][]way    // by class
}

// Build implements Component.
func (s *Station) Build(b *Builder, name string) sim.Node {
	n := &stationNode{sim: b.Sim, id: b.ID(name)}
	constant := true
	for _, class := range b.Classes {
		t := s.Service.of(class)
		n.service = append(n.service, t.Dist)
		constant = constant && t.Constant() && t.Mean() == n.service[0].Mean()
	}
	cfg := sim.StationConfig{Servers: limit(s.Servers), Backlog: limit(s.Backlog), Discipline: disciplines[s.Discipline]}
	if s.DropAfter != nil {
		cfg.Patience = &s.DropAfter.Dist
	}
	r := b.Resource(name, "servers", constant && cfg.Discipline < sim.ProcessorSharing)
	for range int(s.Instances.Count) {
		n.servers = append(n.servers, b.Sim.NewStation(r, cfg))
	}
	for _, class := range b.Classes {
		n.next = append(n.next, s.Next.of(class).ways(b, n.id))
	}
	return n
}

// limit turns a count into the kernel's.
func limit(c units.Count) int32 {
	if c.IsUnlimited() {
		return sim.Unlimited
	}
	return int32(min(int64(c), math.MaxInt32-1))
}

// Enter implements sim.Node.
func (n *stationNode) Enter(c *sim.Call) {
	chooseInstance(c, len(n.servers))
	work := n.service[c.Class].Time(&c.Rand, 1)
	if n.servers[c.Instance].Serve(c, work, true) == sim.Refused {
		n.sim.Finish(c, sim.Overloaded)
	}
}

// Resume implements sim.Node: the service is over, or the call gave up waiting.
func (n *stationNode) Resume(c *sim.Call) {
	ways := n.next[c.Class]
	if c.Outcome != sim.OK || len(ways) == 0 {
		n.sim.Finish(c, c.Outcome)
		return
	}
	u := c.Rand.Float64()
	for _, w := range ways {
		if u < w.upTo {
			n.sim.Forward(c, w.edge)
			return
		}
	}
	n.sim.Finish(c, sim.OK)
}

// Explain implements Component.
func (*Station) Explain() Explanation {
	return Explanation{
		About: "The textbook's queue: some servers, and a line before them. What it serves goes on to the stations of `next`, which may form loops, or leaves. " +
			"`backlog` bounds the line, `drop_after` is how long one waits before giving up, and `discipline` says who is next.",
		Laws: []string{
			"M/M/1: a request stays service / (1 − ρ) on average (Kleinrock, Queueing Systems I, 1975, ch. 3).",
			"M/M/c: a share C(c, ρ) of the requests waits (Erlang's C formula, 1917); M/M/c/c refuses a share B(c, a) (Erlang's B formula).",
			"M/G/1: the mean wait is ρ (1 + cv²) / 2 × service / (1 − ρ) (Pollaczek, 1930; Khinchine, 1932).",
			"Processor sharing: the mean depends on the mean service time alone (Kleinrock, Queueing Systems II, 1976, ch. 4).",
			"Priorities: Cobham, 1954. Patience: Erlang-A (Palm, 1957). Networks: Jackson, 1957; BCMP, 1975.",
		},
		Example: `
traffic: {people: {enters: door, rate: 70/s}}
nodes:
  door: {kind: station, service: exp(5ms), next: {desk: 90%}}
  desk:
    kind: station
    servers: 2
    service: exp(20ms)
    backlog: 100
    drop_after: 2s
    next: {door: 5%}
`,
	}
}
