package models

import (
	"fmt"
	"slices"
	"strings"

	"headroom/internal/strict"
	"headroom/internal/units"
)

// Autoscale lets the number of instances follow the load. With a place its bounds are totals.
type Autoscale struct {
	Min      units.Count    `key:"min" default:"1" doc:"as few instances as there may be; how many there are at the start, where instances does not say"`
	Max      units.Count    `key:"max" required:"true" doc:"as many as there may be, those that start and those that are dead included"`
	Target   Aim            `key:"target" default:"cpu 60%" doc:"what an instance is to have on average: cpu 60% of its cores busy, queue 100 waiting, or in-flight 50 visits under way"`
	Every    units.Duration `key:"every" default:"15s" doc:"how often it looks, each time at the average since the last"`
	Boot     units.Duration `key:"boot" default:"60s" doc:"from the start of an instance, from when on it costs, until it takes calls"`
	Cooldown units.Duration `key:"cooldown" default:"5m" doc:"none is taken away so long after any change, nor while more were wanted so recently"`
}

// Describe says what is being read, for errors.
func (*Autoscale) Describe() string {
	return "an autoscale such as {min: 2, max: 50, target: cpu 60%}"
}

// Aim is what an instance is to have: a share of its cores that is busy, or a number that waits or is under way.
type Aim struct {
	Quantity string // cpu, queue or in-flight
	Value    float64
}

// The quantities of an Aim.
const (
	aimCPU      = "cpu"
	aimQueue    = "queue"
	aimInFlight = "in-flight"
)

// Describe says what an aim looks like.
func (Aim) Describe() string { return "a target such as cpu 60%, queue 100 or in-flight 50" }

// Examples implements strict.Exemplified.
func (Aim) Examples() []string { return []string{"cpu 60%", "queue 100", "in-flight 50"} }

// Pattern implements strict.Patterned.
func (Aim) Pattern() string {
	return whole(aimCPU+`\s+`+share, "("+aimQueue+"|"+aimInFlight+`)\s+`+inside(units.Count(0).Pattern()))
}

// String writes the aim as the file does.
func (t Aim) String() string {
	if t.Quantity == aimCPU {
		return "cpu " + units.FormatShare(t.Value)
	}
	return t.Quantity + " " + units.Count(t.Value).String()
}

// UnmarshalText reads a quantity and its value for each instance.
func (t *Aim) UnmarshalText(text []byte) error {
	words := strings.Fields(string(text))
	if len(words) != 2 || !slices.Contains([]string{aimCPU, aimQueue, aimInFlight}, words[0]) {
		return fmt.Errorf("`%s` is no target: expected %s", shortened(string(text)), t.Describe())
	}
	t.Quantity = words[0]
	if t.Quantity == aimCPU {
		var s units.Share
		if s.UnmarshalText([]byte(words[1])) != nil || s <= 0 {
			return fmt.Errorf("`%s` is no target: expected a share of the cores above 0, such as cpu 60%%", shortened(string(text)))
		}
		t.Value = float64(s)
		return nil
	}
	var n units.Count
	if n.UnmarshalText([]byte(words[1])) != nil || n < 1 || n.IsUnlimited() {
		return fmt.Errorf("`%s` is no target: expected a number from 1 for each instance, such as %s 50", shortened(string(text)), t.Quantity)
	}
	t.Value = float64(n)
	return nil
}

const (
	leastEvery   = 100 * units.Millisecond // between two looks
	mostCooldown = 8760 * units.Hour
)

// scaled is a component whose number of instances may follow the load.
type scaled interface {
	scaling() *Autoscale
	fix()
}

func (m *Machine) scaling() *Autoscale { return m.Autoscale }

// scalingOf returns how a component's instances follow the load, nil where they do not.
func scalingOf(k Component) *Autoscale {
	if s, ok := k.(scaled); ok {
		return s.scaling()
	}
	return nil
}

// Scaling returns how the instances of a node follow the load, by its place in the file; nil where they do not.
func (a *Architecture) Scaling(node int) *Autoscale { return scalingOf(a.Nodes[node].Value.Component) }

// autoscaled tells whether the instances of some node follow the load.
func (a *Architecture) autoscaled() bool {
	return slices.ContainsFunc(a.Nodes, func(n strict.Pair[Node]) bool { return scalingOf(n.Value.Component) != nil })
}

// checkAutoscale checks the bounds, and begins with the least number of instances where the file does not say with how many.
func (m *Machine) checkAutoscale(c *Check, path string) {
	s, at := m.Autoscale, path+".autoscale"
	switch {
	case s == nil:
		return
	case m.Kind == "database" || m.Kind == "cdn" || m.Kind == "rate-limiter":
		c.Errorf(at, "a node of kind %s has no `autoscale`: those of kind server, worker, load-balancer and cache have", m.Kind)
	case m.Kind == "cache" && len(m.Place.Ordered) > 0:
		c.Errorf(at, "a cache with a `place` has no `autoscale`: each place has keys of its own")
	case c.Wrong(at):
		return
	}
	if s.Min < 1 || s.Max > mostInstances || s.Min > s.Max {
		c.Errorf(at, "`min` and `max` must be from 1 to %s, and `min` not above `max`", units.Count(mostInstances))
		return
	}
	if s.Every < leastEvery {
		c.Errorf(at+".every", "`every` must be at least %s", leastEvery)
	}
	if s.Cooldown > mostCooldown || s.Boot > mostCooldown {
		c.Errorf(at, "`boot` and `cooldown` must be at most %s", mostCooldown)
	}
	if s.Min == s.Max {
		c.Warnf(at, "`autoscale` has no effect: `min` and `max` are the same")
	}
	m.begin(c, path)
}

// begin says how many instances there are at the start.
func (m *Machine) begin(c *Check, path string) {
	s, at := m.Autoscale, path+".instances"
	if places := m.Place.Ordered; len(places) > 0 {
		at = path + ".place"
		for _, p := range places {
			if p.Value < 1 {
				c.Errorf(p.At, "with `autoscale` each region of a `place` begins with at least one instance")
				return
			}
		}
		if int(s.Min) < len(places) {
			c.Errorf(path+".autoscale.min", "`min` must be at least %d: one instance remains in each region of the `place`", len(places))
		}
	} else if m.Instances.Auto > 0 {
		c.Errorf(at, "`autoscale` lets the number follow the load, and `auto` chooses it beforehand: give one of the two")
		return
	} else if !c.Given(at) {
		m.Instances.Count = s.Min
	}
	if n := m.Count(); !c.Wrong(at) && (n < int(s.Min) || n > int(s.Max)) {
		c.Errorf(at, "%s at the start must be from %s to %s, as `autoscale` says", counted(n, "instance", "instances"), s.Min, s.Max)
	}
}

// checkAims reports targets for what a node does not have.
func (a *Architecture) checkAims(c *Check) {
	for _, n := range a.Nodes {
		s, at := scalingOf(n.Value.Component), n.At+".autoscale"
		if s == nil || c.Wrong(at) || c.Wrong(n.At+".cores") {
			continue
		}
		if k, ok := n.Value.Component.(*Cache); ok && s.Max*k.VirtualNodes > mostOnRing {
			c.Errorf(at+".max", "`max` times `virtual_nodes` are %d points of the ring: at most %d are simulated", s.Max*k.VirtualNodes, mostOnRing)
		}
		switch at += ".target"; s.Target.Quantity {
		case aimCPU:
			a.checkUtilization(c, at, Target{Of: n.Key, Quantity: aimCPU})
		case aimQueue:
			if !waits(n.Value.Component) {
				c.Errorf(at, "nothing waits at `%s`, whose cores and places are unlimited or take no time: expected a target such as cpu 60%% or in-flight 50", n.Key)
			}
		}
	}
}

// waits tells whether a call may have to wait at a component before it is worked on.
func waits(k Component) bool {
	switch k := asCache(k).(type) {
	case *Server:
		return !k.Cores.IsUnlimited() || !k.Concurrency.IsUnlimited()
	case *Balancer:
		return !k.Cores.IsUnlimited() && k.Work.Mean() > 0
	case *Cache:
		return !k.Cores.IsUnlimited() && k.works()
	}
	return true
}

// slots returns how many instances of a component there are at most, over all its places: which of these get how many is not known.
func slots(k Component) int {
	s, places := scalingOf(k), max(len(k.common().Place.Ordered), 1)
	if s == nil {
		return k.Count()
	}
	return max(k.Count(), places*(int(min(s.Max, mostInstances+1))-places+1))
}

// AtMost returns the architecture with as many instances as each node may have, for good: what it does tells how far it can grow.
func (a *Architecture) AtMost() *Architecture {
	if !a.autoscaled() {
		return a
	}
	b := *a
	b.Nodes = slices.Clone(a.Nodes)
	for i, n := range b.Nodes {
		if s := scalingOf(n.Value.Component); s != nil {
			k := resized(n.Value.Component, int(s.Max))
			k.common().Place = n.Value.common().Place.spread(s.Max)
			k.(scaled).fix()
			b.Nodes[i].Value.Component = k
		}
	}
	return &b
}

// fix lets the number of instances be what it is.
func (m *Machine) fix() { m.Autoscale = nil }

// spread divides instances between the places as they are divided now.
func (p Place) spread(instances units.Count) Place {
	all, before := units.Count(0), units.Count(0)
	for _, r := range p.Ordered {
		all += r.Value
	}
	regions := slices.Clone(p.Ordered)
	for i := range regions {
		upTo := before + regions[i].Value
		regions[i].Value = instances*upTo/all - instances*before/all
		before = upTo
	}
	return Place{regions}
}

// evenly divides instances between the places, as many to each.
func (p Place) evenly(instances int) Place {
	regions := slices.Clone(p.Ordered)
	for i := range regions {
		regions[i].Value = units.Count(instances / len(regions))
	}
	return Place{regions}
}
