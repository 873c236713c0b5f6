package models

import (
	"slices"

	"headroom/internal/strict"
	"headroom/internal/units"
	"headroom/sim"
)

// Architecture is a scenario that has been checked: it can be simulated.
type Architecture struct {
	Scenario
	Classes []string          // names of the request classes, in the order of the file
	keys    []*sim.Keys       // by data set
	visits  map[visit]float64 // where requests come, see routes
	grown   map[string]float64
	sized   *Sized  // nil: no number of instances has been chosen
	once    bool    // no call is tried twice
	warmth  *warmth // nil: what caches are filled with is not kept
}

// class returns a request class; the one of a scenario without requests has the defaults.
func (a *Architecture) class(name string) RequestClass {
	if r, ok := a.Requests.Get(name); ok {
		return r
	}
	return RequestClass{Cacheable: true}
}

// Check is what a component's check reports to.
type Check struct {
	*strict.Document
	nodes, classes, regions []string
	renders                 bool // some response costs its server time
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

// warnKeys warns of keys of a node that have no effect, those that are given.
func (c *Check) warnKeys(path, why string, keys ...string) {
	for _, key := range keys {
		if at := path + "." + key; c.Given(at) {
			c.Warnf(at, "`%s` has no effect: %s", key, why)
		}
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
	c := &Check{Document: doc, nodes: s.Nodes.Keys(), classes: a.Classes, regions: s.Regions.names()}
	if s.Version != 1 {
		c.Errorf("headroom", "version %d of the format is unknown: expected 1", s.Version)
	}
	if len(s.Traffic) == 0 && c.Given("traffic") && !c.Wrong("traffic") {
		c.Errorf("traffic", "`traffic` has no source: expected one such as users: {enters: api, rate: 100/s}")
	}
	if len(s.Nodes) == 0 && c.Given("nodes") && !c.Wrong("nodes") {
		c.Errorf("nodes", "`nodes` has no node: expected one such as api: {kind: server, work: exp(8ms)}")
	}
	a.foresee()
	if !a.atPeak().checkSize(c) {
		return a
	}
	a.checkNames(c)
	a.checkRun(c)
	a.checkSLO(c)
	a.checkData(c)
	a.checkResponses(c)
	s.Regions.check(c)
	for _, t := range s.Traffic {
		t.Value.check(c, t.At)
	}
	a.checkMachines(c)
	for _, n := range s.Nodes {
		if n.Value.Component == nil {
			continue
		}
		n.Value.Check(c, n.At)
		for _, r := range n.Value.Calls(n.At) {
			if !c.Wrong(r.Path) {
				c.node(r.Path, r.Name)
			}
		}
	}
	a.checkQueues(c)
	a.checkAims(c)
	a.checkAuto(c)
	a.checkEvents(c)
	a.checkPlaces(c)
	a.addShields(c)
	a.follow(c)
	return a
}

func (a *Architecture) checkRun(c *Check) {
	if r := a.Run.Replications; r < 1 || r > mostReplications {
		c.Errorf("run.replications", "`replications` must be from 1 to %d", mostReplications)
	}
	if c.Given("run.precision") {
		a.checkPrecision(c)
	}
	if c.Given("run.requests") && (a.Run.Requests < 1 || a.Run.Requests > mostRequests) {
		c.Errorf("run.requests", "`requests` must be from 1 to %d", mostRequests)
	}
	if c.Given("run.duration") && a.Run.Duration < 1 {
		c.Errorf("run.duration", "`duration` must be above 0")
	}
	if c.Given("run.duration") && c.Given("run.requests") {
		c.Errorf("run.requests", "`duration` and `requests` both say how long the run is: give one")
	}
	switch {
	case a.Replayed():
		c.warnKeys("run", "the run is as long as the replay", "duration", "requests")
		c.warnKeys("run", "a replay has no warm-up", "warmup")
	case a.Staged() > 0:
		c.warnKeys("run", "the run is as long as the stages", "duration", "requests")
	}
}

func (a *Architecture) checkPrecision(c *Check) {
	if a.Run.Precision <= 0 {
		c.Errorf("run.precision", "`precision` must be above 0%%: no run is exact")
	}
	if a.Run.Replications*MostForPrecision > mostReplications {
		c.Errorf("run.replications", "with `precision`, `replications` must be from 1 to %d: it may take %d times as many", mostReplications/MostForPrecision, MostForPrecision)
	}
}

// checkSLO reports targets of what does not exist.
func (a *Architecture) checkSLO(c *Check) {
	for i, t := range a.SLO {
		a.checkTarget(c, "slo."+itoa(i), t)
	}
	for _, o := range a.Observed {
		a.checkTarget(c, "observed."+o.Figure, o.Target)
	}
}

func (a *Architecture) checkTarget(c *Check, at string, t Target) {
	such := map[string]string{"cpu": "api.cpu < 70%", "servers": "api.servers < 70%", NetworkResource: "api.network < 70%", "disk": "db.disk < 70%", "age_p99": "mails.age_p99 < 30s"}[t.Quantity]
	switch ofNode := such != ""; {
	case c.Wrong(at):
	case ofNode && t.Of == "":
		c.Errorf(at, "`%s` of which node? Write it such as %s", t.Quantity, such)
	case ofNode && !slices.Contains(c.nodes, t.Of):
		c.Unknown(at, t.Of, "node", c.nodes)
	case t.Quantity == "age_p99":
		if n, _ := a.Nodes.Get(t.Of); n.Component != nil && n.Kind != "queue" {
			c.Errorf(at, "a node of kind %s has no `age_p99`: it is how long messages wait in a queue", n.Kind)
		}
	case t.Quantity == NetworkResource || t.Quantity == "disk":
		a.checkInterface(c, at, t)
	case ofNode:
		a.checkUtilization(c, at, t)
	case t.Done && !slices.Contains(c.classes, t.Of):
		c.Errorf(at, "`done` of which request class? Write it such as %s.done.p99 < 1m", c.classes[0])
	case t.Of != "" && !slices.Contains(c.classes, t.Of) && !slices.Contains(a.Traffic.Keys(), t.Of):
		c.Unknown(at, t.Of, "request class or source", append(a.Traffic.Keys(), c.classes...))
	}
}

// checkInterface reports a target for the utilization of a network interface or a disk that takes no time.
func (a *Architecture) checkInterface(c *Check, at string, t Target) {
	n, _ := a.Nodes.Get(t.Of)
	switch d, isDatabase := n.Component.(*Database); {
	case n.Component == nil: // reported where it stands
	case t.Quantity == NetworkResource && n.common().Bandwidth == nil:
		c.Errorf(at, "`%s.network` has no utilization: the node has no `bandwidth`, so that transfers take no time", t.Of)
	case t.Quantity == "disk" && !isDatabase:
		c.Errorf(at, "a node of kind %s has no `disk`: a database has one", n.Kind)
	case t.Quantity == "disk" && !d.paged():
		c.Errorf(at, "`%s.disk` has no utilization: all data of an instance is in memory, unless `data_size`, `memory` and `disk` say otherwise", t.Of)
	}
}

// checkUtilization reports a target for the utilization of what a node does not have.
func (a *Architecture) checkUtilization(c *Check, at string, t Target) {
	n, _ := a.Nodes.Get(t.Of)
	has, limit := "cpu", units.Count(0)
	switch k := asCache(n.Component).(type) {
	case nil:
		return // reported where it stands
	case *Station:
		has, limit = "servers", k.Servers
	case *Server:
		limit = k.Cores
	case *Worker:
		limit = k.Cores
	case *Database:
		limit = k.Cores
	case *Balancer:
		if limit = k.Cores; k.Work.Mean() == 0 {
			limit = units.Unlimited
		}
	case *Cache:
		if limit = k.Cores; !k.works() {
			limit = units.Unlimited
		}
	default:
		c.Errorf(at, "a node of kind %s has neither `cpu` nor `servers`: its load is not known", n.Kind)
		return
	}
	switch {
	case t.Quantity != has:
		c.Errorf(at, "a %s has no `%s`: expected `%s.%s`", n.Kind, t.Quantity, t.Of, has)
	case limit.IsUnlimited():
		c.Errorf(at, "`%s.%s` has no utilization: it is unlimited, or takes no time", t.Of, has)
	}
}

// Builder puts an architecture into a simulation.
type Builder struct {
	Sim       *sim.Sim
	Classes   []string
	Nodes     []string
	Instances []int                  // by node
	Layers    []string               // the caches, in the order of the requests' layers from 2 on
	Resources [][]*sim.Resource      // by node
	Limits    [][]*Limit             // by node
	Writes    []bool                 // by class
	cacheable []bool                 // likewise
	data      []*dataSet             // likewise, nil for none
	caches    []*cache               // by node, nil for what is none
	queues    []*queue               // likewise
	workers   []*worker              // likewise
	passes    []bool                 // likewise: hands calls on, and their answers back
	parted    map[uint32]*partitions // the databases that have shards or replicas
	a         *Architecture
	flows     *flows
	begun     sim.Time               // the measured time
	moves     []Move                 // by event
	gradients map[uint32][]*gradient // by node, those that shed by it
	lives     []*mortal              // by node, nil for those that no event strikes
	apart     []watcher              // of regions that no longer hear each other, and of those that do again
	scalers   []*scaler
	functions map[int]*function
	replays   []*replaySource
	browsers  []*browsers // by source, nil where clients keep nothing
	regions   []string    // none: without the network's distances
	near      [][]int     // by region: all regions, the nearest first
	Parts     []Part      // of a request's time
	clients   []uint32    // by source: the node that stands for its clients; 0: none does
	attempts  Attempts
	machines  map[uint32]*machine // that guard calls
	patient   []*sim.Patience     // of the clients that only give up
	resilient bool                // something is done about some calls that fail or take too long
}

// writes tells whether a call writes: since it says so, or since its class does.
func (b *Builder) writes(c *sim.Call) bool { return b.asWrite(c.Class, c.Op) }

// asWrite tells it of a call of a class.
func (b *Builder) asWrite(class uint16, op sim.Op) bool {
	return op == sim.OpWrite || op == sim.OpCall && b.Writes[class]
}

// component returns what a node is.
func (b *Builder) component(name string) Component { return b.a.Nodes[b.ID(name)].Value.Component }

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
