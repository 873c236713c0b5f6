package remedies

import (
	"fmt"
	"math"
	"strings"

	"headroom/internal/units"
	"headroom/models"
	"headroom/scenarios"
)

// grown are the changes that give a node so many instances; false where their number is not for us to say.
func (v *view) grown(n int) ([]scenarios.Change, bool) {
	if v.doc.Given(v.path + ".place") {
		now := v.node.Count()
		var parts []string
		for _, e := range v.doc.At(v.path + ".place").Entries() {
			var c units.Count
			if c.UnmarshalText([]byte(e.Value.Text())) != nil {
				return nil, false
			}
			parts = append(parts, fmt.Sprintf("%s: %d", e.Key, int(math.Ceil(float64(c)*float64(n)/float64(now)))))
		}
		return []scenarios.Change{v.set("place", "{"+strings.Join(parts, ", ")+"}")}, true
	}
	return []scenarios.Change{v.set("instances", text(n))}, true
}

// countable tells whether the number of the node's instances is a number that can be raised.
func (v *view) countable() bool {
	switch v.node.Kind {
	case "server", "worker", "cache", "load-balancer", "rate-limiter", "station":
	default:
		return false
	}
	if m := v.machine(); m != nil && m.Autoscale != nil || v.of.Resource == "limit" { // the instances of a limiter count together
		return false
	}
	at := v.doc.At(v.path + ".instances")
	return at == nil || !strings.Contains(at.Text(), "auto")
}

// instances proposes more of them.
func instances(v *view) []Family {
	if !v.countable() {
		return nil
	}
	return v.more("instances", func(from, n int, change []scenarios.Change) Proposal {
		return Proposal{Kind: "instances", Title: title("%s: %d → %d instances", v.of.Node, from, n), Change: change}
	})
}

// more makes a family of rising numbers of instances.
func (v *view) more(kind string, propose func(from, n int, change []scenarios.Change) Proposal) []Family {
	from := v.node.Count()
	var sizes []Proposal
	var times []float64
	for _, n := range counts(from, v.manifold()) {
		change, ok := v.grown(n)
		if !ok {
			return nil
		}
		sizes, times = append(sizes, propose(from, n, change)), append(times, float64(n)/float64(from))
	}
	return sized(kind, sizes, times, v.of.Demand)
}

// balanced proposes more instances behind a balancer that knows which is busy, where calls go to any of them at random by now.
func balanced(v *view) []Family {
	if v.node.Kind != "server" || !v.countable() {
		return nil
	}
	for _, n := range v.l.Nodes {
		if _, ok := n.Value.Component.(*models.Balancer); ok && v.targets(n.Key, v.of.Node) {
			return nil
		}
	}
	name := v.name(v.of.Node + "-balancer")
	redirected := v.redirect(v.of.Node, name)
	if len(redirected) == 0 {
		return nil
	}
	node := fmt.Sprintf("{kind: load-balancer, algorithm: least-connections, to: %s%s%s}", v.of.Node, v.regionOf(v.of.Node), v.onSmallest())
	redirected = append(redirected, scenarios.Change{Path: "nodes." + name, Value: node})
	return v.more("balanced", func(from, n int, change []scenarios.Change) Proposal {
		return Proposal{Kind: "balanced", Title: title("%s: %d → %d instances, balanced", v.of.Node, from, n), Change: append(change, redirected...)}
	})
}

// autoscaled proposes a higher number of instances up to which they may follow the load, all of which are there from the start.
func autoscaled(v *view) []Family {
	m := v.machine()
	if m == nil || m.Autoscale == nil {
		return nil
	}
	from := int(m.Autoscale.Max)
	var sizes []Proposal
	var times []float64
	for _, n := range counts(from, v.manifold()) {
		sizes = append(sizes, Proposal{Kind: "autoscale", Title: title("%s: autoscale up to %d → %d", v.of.Node, from, n), Change: []scenarios.Change{v.set("autoscale.max", text(n))}})
		times = append(times, float64(n)/float64(from))
	}
	return sized("autoscale", sizes, times, v.of.Demand)
}

// bigger proposes bigger machines, up to the end of the list: where the node has one, those after it, else as many cores as these have.
func bigger(v *view) []Family {
	m := v.machine()
	if m == nil {
		return nil
	}
	cores := v.cores()
	if cores < 1 || cores.IsUnlimited() {
		return nil
	}
	if m.On != "" {
		return v.biggerMachines(m)
	}
	if v.of.Class == "memory" || v.of.Class == "network" { // more cores are no help
		return nil
	}
	top := 0
	for _, k := range v.machines() {
		top = max(top, int(k.Value.Cores))
	}
	var sizes []Proposal
	var times []float64
	for _, n := range counts(int(cores), float64(top)/float64(cores)) {
		if n > top {
			break
		}
		sizes = append(sizes, Proposal{Kind: "cores", Title: title("%s: %d → %d cores", v.of.Node, int(cores), n), Change: []scenarios.Change{v.set("cores", text(n))}})
		times = append(times, float64(n)/float64(cores))
	}
	families := sized("cores", sizes, times, v.of.Demand)
	for i := range families {
		families[i].Ceiling = fmt.Sprintf("the largest machine has %d cores", top)
	}
	return families
}

func (v *view) biggerMachines(m *models.Machine) []Family {
	now, ok := v.machines().Get(m.On)
	if !ok {
		return nil
	}
	var sizes []Proposal
	var times []float64
	top := m.On
	for _, k := range v.machines() {
		if k.Value.Cores > now.Cores || k.Value.Cores == now.Cores && k.Value.Memory > now.Memory {
			top = k.Key
			sizes = append(sizes, Proposal{Kind: "machine", Title: title("%s: machine %s → %s", v.of.Node, m.On, k.Key), Change: []scenarios.Change{v.set("machine", k.Key)}})
			times = append(times, v.gain(now, k.Value))
		}
	}
	families := sized("machine", sizes, times, v.of.Demand)
	for i := range families {
		families[i].Ceiling = fmt.Sprintf("%s is the largest machine", top)
	}
	return families
}

// gain is how many times as much of what limits a machine has.
func (v *view) gain(now, then models.MachineType) float64 {
	switch {
	case v.of.Class == "memory" && now.Memory > 0:
		return float64(then.Memory) / float64(now.Memory)
	case v.of.Class == "network" && now.Bandwidth != nil && then.Bandwidth != nil:
		return float64(*then.Bandwidth) / float64(*now.Bandwidth)
	}
	return float64(then.Cores) / float64(now.Cores)
}

// algorithm proposes that a balancer in front knows which instance is busy.
func algorithm(v *view) []Family {
	var all []Family
	for _, n := range v.l.Nodes {
		b, ok := n.Value.Component.(*models.Balancer)
		if !ok || !v.targets(n.Key, v.of.Node) {
			continue
		}
		for _, name := range []string{"least-connections", "power-of-two"} {
			if b.Algorithm != name && b.Algorithm != "least-connections" {
				all = append(all, single(Proposal{Kind: "algorithm", Title: title("%s: %s instead of %s", n.Key, name, b.Algorithm),
					Change: []scenarios.Change{{Path: "nodes." + n.Key + ".algorithm", Value: name}}})...)
			}
		}
	}
	return all
}

// memory proposes more of it, for a node that says itself how much it has.
func memory(v *view) []Family {
	at := v.doc.At(v.path + ".memory")
	var now units.Size
	if at == nil || now.UnmarshalText([]byte(at.Text())) != nil || now <= 0 {
		return nil
	}
	var sizes []Proposal
	var times []float64
	for _, t := range []float64{1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 12, 16, 32} {
		then := units.Size(math.Round(float64(now) * t))
		sizes = append(sizes, Proposal{Kind: "memory", Title: title("%s: memory %s → %s", v.of.Node, units.FormatSize(now), units.FormatSize(then)), Change: []scenarios.Change{v.set("memory", then.String())}})
		times = append(times, t)
	}
	return sized("memory", sizes, times, v.of.Demand)
}

// disk proposes one that reads more at a time.
func disk(v *view) []Family {
	d, ok := v.node.Component.(*models.Database)
	if !ok || d.Disk == nil {
		return nil
	}
	var sizes []Proposal
	var times []float64
	for _, t := range []float64{1.25, 1.5, 2, 3, 4, 6, 8, 16} {
		then := units.Count(math.Round(float64(d.Disk.IOPS) * t))
		sizes = append(sizes, Proposal{Kind: "disk", Title: title("%s: disk %s → %s reads/s", v.of.Node, units.FormatCount(d.Disk.IOPS), units.FormatCount(then)), Change: []scenarios.Change{v.set("disk.iops", then.String())}})
		times = append(times, t)
	}
	return sized("disk", sizes, times, v.of.Demand)
}
