package models

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"headroom/internal/strict"
	"headroom/internal/units"
	"headroom/sim"
)

// Event is something that happens on the way. Exactly one of its actions is set.
type Event struct {
	At        units.Duration  `key:"at" required:"true" doc:"when, from the end of the warm-up on"`
	For       *units.Duration `key:"for" doc:"how long it lasts; then it is undone; default: to the end of the run"`
	Kill      string          `key:"kill" doc:"a node whose instances die, or one of them such as db/1, counted from 0: what is under way there ends as unavailable at once, and so does what comes"`
	Resize    string          `key:"resize" doc:"a node that gets more or fewer instances: new ones begin empty and cold, those that go take nothing any more and finish what they have"`
	Instances *units.Count    `key:"instances" doc:"of a kill: how many die, the first of those alive, default all; of a resize: how many there are from then on"`
	Slow      string          `key:"slow" doc:"a node that works more slowly, or one of its instances such as db/1: what it has begun slows down, and speeds up again, with it; delays of steps are not work; of an external, its latency"`
	Factor    *units.Factor   `key:"factor" doc:"of a slow: how many times as long work takes; of a surge: how many times as much comes; below 1x it is faster, or less; several at once multiply"`
	Pause     string          `key:"pause" doc:"a node, or one of its instances, where nothing moves: who comes waits, and it all goes on where it was; a queue takes messages and delivers none"`
	Flush     string          `key:"flush" doc:"a cache, cdn or database, or one of its instances, that loses its contents at once; a database, those of its query cache and memory"`
	Surge     string          `key:"surge" doc:"a source that sends factor times as much"`
	Partition []string        `key:"partition" doc:"two regions that do not hear each other, such as [us, eu]: calls from one to the other end as unavailable at once, and so does what waits for an answer that cannot leave"`
	Rebalance string          `key:"rebalance" doc:"a database that gets another number of shards: the keys that belong to another shard then are copied there while queries come"`
	Shards    *units.Count    `key:"shards" doc:"of a rebalance: how many there are from then on"`
}

// eventActions are the keys that say what happens.
var eventActions = []string{"kill", "slow", "pause", "flush", "surge", "partition", "resize", "rebalance"}

const mostEvents = 1_000

// Describe says what is being read, for errors.
func (*Event) Describe() string { return "an event such as {at: 30s, kill: api, for: 60s}" }

// DecodeStrict reads an event, of which each does one thing.
func (e *Event) DecodeStrict(v *strict.Value) {
	strict.DecodeFields(v, e)
	given := 0
	for _, entry := range v.Entries() {
		if slices.Contains(eventActions, entry.Key) {
			given++
		}
	}
	switch {
	case v.Kind() != strict.Map || v.Document().Wrong(v.Path()):
	case given == 0:
		v.Errorf("nothing happens in this event: expected one of %s, such as {at: 30s, kill: api}", strings.Join(eventActions, ", "))
	case given > 1:
		v.Errorf("an event does one thing: give each its own, such as [{at: 30s, kill: api}, {at: 60s, kill: db}]")
	}
}

// String says what happens, in a few words.
func (e *Event) String() string {
	action, of := e.action()
	text := action + " " + of
	if e.Shards != nil {
		text += ", " + counted(int(*e.Shards), "shard", "shards")
	}
	if e.Instances != nil {
		text += ", " + counted(int(*e.Instances), "instance", "instances")
	}
	if e.Factor != nil {
		text += " " + e.Factor.String()
	}
	return text
}

// action returns the key that says what happens, and what it happens to.
func (e *Event) action() (key, of string) {
	switch {
	case e.Slow != "":
		return "slow", e.Slow
	case e.Pause != "":
		return "pause", e.Pause
	case e.Flush != "":
		return "flush", e.Flush
	case e.Surge != "":
		return "surge", e.Surge
	case e.Partition != nil:
		return "partition", strings.Join(e.Partition, ", ")
	case e.Resize != "":
		return "resize", e.Resize
	case e.Rebalance != "":
		return "rebalance", e.Rebalance
	}
	return "kill", e.Kill
}

// latest is 36 years, beyond any run: the sum of two such times does not overflow.
const latest sim.Time = 1 << 60

// Begin returns when the event happens, from the end of the warm-up on.
func (e *Event) Begin() sim.Time { return min(sim.Time(e.At), latest) }

// End returns when the event is over: when it is undone, or when it has happened if it never is.
func (e *Event) End() sim.Time {
	if e.For == nil {
		return e.Begin()
	}
	return e.Begin() + min(sim.Time(*e.For), latest)
}

// LastEvent returns when the last event is over, and whether there are any.
func (a *Architecture) LastEvent() (over sim.Time, any bool) {
	for i := range a.Events {
		over = max(over, a.Events[i].End())
	}
	return over, len(a.Events) > 0
}

// victim splits what an event strikes into a node and an instance, -1 where none is named.
func (e *Event) victim() (node string, instance int32, ok bool) {
	action, of := e.action()
	node, number, one := strings.Cut(of, "/")
	if !one || action == "resize" || action == "rebalance" {
		return of, -1, true
	}
	i, err := strconv.ParseUint(number, 10, 31)
	return node, int32(i), err == nil
}

// checkEvents reports events that cannot happen, and those that nobody will see.
func (a *Architecture) checkEvents(c *Check) {
	if len(a.Events) > mostEvents {
		c.Errorf("events", "there are %d events: at most %d are simulated", len(a.Events), mostEvents)
	}
	a.warnUneventful(c)
	last, known := a.length()
	for i := range a.Events {
		e, at := &a.Events[i], "events."+itoa(i)
		if c.Wrong(at) {
			continue
		}
		if e.For != nil && *e.For <= 0 {
			c.Errorf(at+".for", "`for` must be above 0: leave it out for what is never undone")
		}
		if e.Rebalance == "" && e.Shards != nil {
			c.Errorf(at+".shards", "`shards` goes with `rebalance`, such as {at: %s, rebalance: db, shards: %s}", e.At, e.Shards)
		}
		if known && sim.Time(e.At) >= last {
			c.Warnf(at+".at", "the run is over after %s: this never happens", units.Duration(last))
		}
		switch action, of := e.action(); action {
		case "rebalance":
			a.checkRebalance(c, at, i)
		case "resize":
			a.checkResize(c, at, e)
		case "slow":
			a.checkSlow(c, at, e)
		case "flush":
			a.checkFlush(c, at, e)
		case "partition":
			a.checkPartition(c, at+".partition", e)
		case "surge":
			a.checkSurge(c, at, e)
		case "pause":
			a.checkStruck(c, at+".pause", of)
		default:
			a.checkKill(c, at, e)
		}
		if e.Rebalance == "" { // it has its own say
			a.checkFor(c, at, e, "instances", "kill", "resize")
		}
		a.checkFor(c, at, e, "factor", "slow", "surge")
	}
}

// checkFor reports a key of an event that belongs to other actions.
func (a *Architecture) checkFor(c *Check, at string, e *Event, key string, actions ...string) {
	if action, _ := e.action(); c.Given(at+"."+key) && !slices.Contains(actions, action) {
		c.Errorf(at+"."+key, "`%s` is a key of %s: `%s` has none", key, strings.Join(actions, " and "), action)
	}
}

// checkStruck reports what an event cannot strike since it is no node, or no instance of one. It returns the node, nil where something is wrong.
func (a *Architecture) checkStruck(c *Check, at, of string) Component {
	name, number, one := strings.Cut(of, "/")
	c.node(at, name)
	n, _ := a.Nodes.Get(name)
	if n.Component == nil || c.Wrong(at) || c.Wrong("nodes."+name) || !one {
		return n.Component
	}
	i, err := strconv.ParseUint(number, 10, 31)
	switch _, single := n.Component.(*RateLimiter); {
	case err != nil:
		c.Errorf(at, "`%s` names no instance: expected a number after the `/`, such as %s/1", of, name)
	case single || n.Kind == "external" || n.Kind == "queue":
		c.Errorf(at, "%s has no instances: write `%s`", name, name)
	case auto(n.Component) && i > 0:
		c.Errorf(at, "%s", unknownYet(name))
	case int(i) >= a.peak(name):
		c.Errorf(at, "%s has %s, counted from 0: there is no `%s`", name, counted(a.peak(name), "instance", "instances"), of)
	default:
		return n.Component
	}
	return nil
}

// warnUneventful warns of keys that have no effect unless events strike: health checks that never fail, and rings of one instance.
func (a *Architecture) warnUneventful(c *Check) {
	struck := map[string]bool{}
	for i := range a.Events {
		if action, _ := a.Events[i].action(); slices.Contains([]string{"kill", "pause", "resize"}, action) {
			name, _, _ := a.Events[i].victim()
			struck[name] = true
		}
	}
	for _, n := range a.Nodes {
		if n.Value.Component != nil && pausesOf(n) != nil {
			struck[n.Key] = true
		}
	}
	for _, n := range a.Nodes {
		switch k := n.Value.Component.(type) {
		case *Balancer:
			if !slices.ContainsFunc(k.To.Ordered, func(t strict.Pair[units.Number]) bool { return struck[t.Key] }) {
				c.warnKeys(n.At, "no event strikes an instance that it passes calls on to", "health_check")
			}
		case *Database:
			a.checkFailover(c, n.At, n.Key, k)
		case *Cache:
			if a.peak(n.Key) == 1 && !auto(k) {
				c.warnKeys(n.At, "there is one instance", "virtual_nodes")
			}
		}
	}
}

// length returns how long the run is measured, where the scenario says so.
func (a *Architecture) length() (sim.Time, bool) {
	switch {
	case a.Replayed():
		return 0, false
	case a.Staged() > 0:
		return a.Staged(), true
	}
	return sim.Time(a.Run.Duration), a.Run.Duration > 0
}

func (a *Architecture) checkKill(c *Check, at string, e *Event) {
	name, instance, ok := e.victim()
	if !ok {
		c.Errorf(at+".kill", "`%s` names no instance: expected a number after the `/`, such as %s/1", e.Kill, name)
		return
	}
	c.node(at+".kill", name)
	n, _ := a.Nodes.Get(name)
	if n.Component == nil {
		return // reported here, or where it stands
	}
	switch _, single := n.Component.(*RateLimiter); {
	case n.Kind == "function":
		c.Errorf(at+".kill", "the instances of a function come and go by themselves, and cannot be killed")
	case n.Kind == "queue":
		c.Errorf(at+".kill", "a queue keeps its messages whatever happens, and cannot be killed: kill the worker that takes them")
	case single || n.Kind == "external":
		if instance >= 0 {
			c.Errorf(at+".kill", "%s dies as a whole: write `kill: %s`", name, name)
		}
		c.warnKeys(at, name+" dies as a whole", "instances")
	case instance >= 0 && e.Instances != nil:
		c.Errorf(at+".instances", "`%s` is one instance: leave `instances` out", e.Kill)
	case c.Wrong("nodes." + name): // perhaps that says how many there are
	case a.rebalanced(name) && a.checkKillShard(c, at+".kill", e, name, int(instance)):
	case auto(n.Component) && (instance > 0 || e.Instances != nil && *e.Instances > 1):
		c.Errorf(at+".kill", "%s", unknownYet(name))
	case int(instance) >= a.peak(name):
		c.Errorf(at+".kill", "%s has %s, counted from 0: there is no `%s`", name, counted(a.peak(name), "instance", "instances"), e.Kill)
	case e.Instances != nil && (*e.Instances < 1 || int(*e.Instances) > a.peak(name)):
		c.Errorf(at+".instances", "`instances` must be from 1 to %d, which is how many %s has", a.peak(name), name)
	}
}

func (a *Architecture) checkResize(c *Check, at string, e *Event) {
	c.node(at+".resize", e.Resize)
	n, _ := a.Nodes.Get(e.Resize)
	if n.Component != nil && scalingOf(n.Component) != nil {
		c.Errorf(at+".resize", "the instances of %s follow its load, as `autoscale` says: no event sets their number", e.Resize)
		return
	}
	if n.Component != nil && len(n.common().Place.Ordered) > 0 {
		c.Errorf(at+".resize", "a node with a `place` cannot be resized: nothing says in which region")
		return
	}
	switch n.Component.(type) {
	case nil: // reported here, or where it stands
	case *Server, *Worker, *Balancer, *Cache, *Station:
		if e.Instances == nil {
			c.Errorf(at, "`instances` is missing: how many has %s from then on? Write it such as {at: %s, resize: %s, instances: 8}", e.Resize, e.At, e.Resize)
		} else if *e.Instances < 1 || *e.Instances > mostInstances {
			c.Errorf(at+".instances", "`instances` must be from 1 to %s", units.Count(mostInstances))
		} else if k, ok := n.Component.(*Cache); ok && *e.Instances*k.VirtualNodes > mostOnRing {
			c.Errorf(at+".instances", "`instances` times `virtual_nodes` are %d points of the ring: at most %d are simulated", *e.Instances*k.VirtualNodes, mostOnRing)
		}
	default:
		c.Errorf(at+".resize", "a node of kind %s cannot be resized: those of kind server, worker, load-balancer, cache and station can", n.Kind)
	}
}

// peak returns how many instances a node has at most.
func (a *Architecture) peak(name string) int {
	n, _ := a.Nodes.Get(name)
	most := slots(n.Component)
	if d, ok := n.Component.(*Database); ok && d.over.most > 0 {
		most = int(d.over.most) * (1 + int(d.Replicas.Count))
	}
	for i := range a.Events {
		if e := &a.Events[i]; e.Resize == name && e.Instances != nil {
			most = max(most, int(min(*e.Instances, mostInstances+1)))
		}
	}
	return most
}

// atPeak returns the architecture with as many instances of every node as there ever are, which is what a simulation holds.
func (a *Architecture) atPeak() *Architecture {
	if len(a.Events) == 0 && !a.autoscaled() {
		return a
	}
	b := *a
	b.Nodes = slices.Clone(a.Nodes)
	for i, n := range b.Nodes {
		if n.Value.Component != nil && a.peak(n.Key) != n.Value.Count() {
			b.Nodes[i].Value.Component = resized(n.Value.Component, a.peak(n.Key))
		}
	}
	return &b
}

// uneventful returns the architecture as it is if no event happens.
func (a *Architecture) uneventful() *Architecture {
	b := *a
	b.Events = nil
	return &b
}

// resized returns a copy of a component with another number of instances.
func resized(k Component, instances int) Component {
	fresh := reflect.New(reflect.TypeOf(k).Elem())
	fresh.Elem().Set(reflect.ValueOf(k).Elem())
	fresh.Interface().(interface{ count(instances int) }).count(instances)
	return fresh.Interface().(Component)
}

func (k *Common) count(instances int) {
	k.Instances.Count, k.Place = units.Count(instances), k.Place.evenly(instances)
}
