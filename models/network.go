package models

import (
	"cmp"
	"slices"

	"headroom/sim"
)

// addRegions lists for each region which others are near.
func (a *Architecture) addRegions(b *Builder) {
	b.regions, b.near = a.Regions(), a.distances()
}

// distances returns for each region all of them in the order of their round trips on average: itself, then the nearest. Without regions
// there is one place.
func (a *Architecture) distances() [][]int {
	names := a.Regions()
	if len(names) == 0 {
		return [][]int{{0}}
	}
	near := make([][]int, len(names))
	for i, from := range names {
		far := make([]float64, len(names))
		for k, to := range names {
			rtt, _ := a.Scenario.Regions.between(from, to)
			far[k] = rtt.Mean()
			near[i] = append(near[i], k)
		}
		far[i] = -1
		slices.SortStableFunc(near[i], func(x, y int) int { return cmp.Compare(far[x], far[y]) })
	}
	return near
}

// placesOf returns the region of each instance of a node; nil: they are wherever their caller is.
func (a *Architecture) placesOf(k *Common) []int {
	names := a.Regions()
	if len(names) == 0 {
		return nil
	}
	var all []int
	for _, p := range k.Place.Ordered {
		all = append(all, slices.Repeat([]int{slices.Index(names, p.Key)}, int(p.Value))...)
	}
	if k.Region != "" {
		all = slices.Repeat([]int{slices.Index(names, k.Region)}, k.Count())
	}
	return all
}

// anywhere is the place of what is wherever its caller is.
const anywhere = -1

// place returns the region of an instance of a node, or anywhere.
func (b *Builder) place(node string, instance int) int {
	if all := b.a.placesOf(b.component(node).common()); all != nil {
		return all[instance]
	}
	return anywhere
}

// nearest returns the region in which a call from a region finds the nearest instance of a node: the caller's own where the node is
// wherever its caller is.
func (a *Architecture) nearest(k *Common, from int) int {
	all := a.placesOf(k)
	if all == nil {
		return from
	}
	near := a.distances()[from]
	return near[slices.IndexFunc(near, func(region int) bool { return slices.Contains(all, region) })]
}

// networked tells whether calls take time on their way.
func (a *Architecture) networked() bool {
	found := a.Scenario.Regions != nil
	for _, n := range a.Nodes {
		k := n.Value.common()
		found = found || k.RTT != nil || k.Bandwidth != nil
	}
	return found
}

// connect puts the network between the nodes.
func (a *Architecture) connect(b *Builder) {
	if !a.networked() {
		return
	}
	n := sim.Network{Regions: max(len(b.regions), 1), ByHome: len(b.regions) > 0}
	n.Between, n.Clients = a.roundTrips(b.regions)
	for _, node := range a.Nodes {
		k := node.Value.common()
		h := sim.Host{Instances: node.Value.Count(), Part: b.networkPart(node.Key)}
		for _, region := range a.hosting(node.Value.Component) {
			h.Regions = append(h.Regions, uint8(region))
		}
		if k.RTT != nil && len(b.regions) == 0 {
			t := roundTrip(*k.RTT)
			h.RTT = &t
		}
		if k.Bandwidth != nil {
			b.interfaces(node.Key, &h)
			h.PerByte = 8e9 / float64(*k.Bandwidth)
		}
		id, located := b.ID(node.Key), h.In != nil || len(h.Regions) > 1
		if c := b.caches[id]; c != nil {
			c.located = located
		}
		if d := b.parted[id]; d != nil {
			d.located = located
			if d.moves != nil {
				d.moves.host = h
			}
		}
		if m := b.lives[id]; m != nil {
			m.located = located
		}
		n.Hosts = append(n.Hosts, h)
	}
	b.Sim.Connect(n)
}

// roundTrips returns those between nodes and those from clients, by the regions from and to.
func (a *Architecture) roundTrips(names []string) (between, clients []sim.RoundTrip) {
	if len(names) == 0 {
		return make([]sim.RoundTrip, 1), make([]sim.RoundTrip, 1)
	}
	for _, from := range names {
		for _, to := range names {
			rtt, _ := a.Scenario.Regions.between(from, to)
			between = append(between, roundTrip(rtt))
			mile := a.Scenario.Regions.LastMile
			if from == to {
				clients = append(clients, roundTrip(mile))
			} else {
				clients = append(clients, roundTrip(mile, rtt))
			}
		}
	}
	return between, clients
}

// roundTrip adds up times.
func roundTrip(times ...Time) sim.RoundTrip {
	var t sim.RoundTrip
	for i := range times {
		if d := &times[i].Dist; d.Constant() {
			t.Constant += sim.Nanoseconds(d.Mean())
		} else {
			t.Varying = append(t.Varying, d)
		}
	}
	return t
}

// NetworkResource is what the interfaces of a node's instances are called, those in and those out.
const NetworkResource = "network"

// interfaces adds the network interfaces of a node's instances, one resource for each direction.
func (b *Builder) interfaces(name string, h *sim.Host) {
	in := b.Resource(name, NetworkResource, false)
	out := b.Sim.NewResource(b.ID(name), NetworkResource, false)
	out.WaitPart, out.WorkPart = in.WaitPart, in.WorkPart
	b.Resources[b.ID(name)] = append(b.Resources[b.ID(name)], out)
	cfg := sim.StationConfig{Servers: 1, Backlog: sim.Unlimited}
	for range h.Instances {
		h.In = append(h.In, b.Sim.NewStation(in, cfg))
		h.Out = append(h.Out, b.Sim.NewStation(out, cfg))
	}
}

// shares are the regions of a source's clients: each upper end of its part of 0 to 1.
type shares []float64

// newShares adds up the shares of some names.
func newShares(names []string, of func(string) float64) shares {
	var s shares
	sum := 0.0
	for _, name := range names {
		sum += of(name)
		s = append(s, sum)
	}
	return s
}

// at returns the name, by number, that a number from 0 to 1 lies in.
func (s shares) at(u float64) uint8 {
	for i, upTo := range s {
		if u < upTo {
			return uint8(i)
		}
	}
	for i := len(s) - 1; i > 0; i-- { // the rounding of the sum must not lead to who has no share
		if s[i] > s[i-1] {
			return uint8(i)
		}
	}
	return 0
}

// region returns where a client is. Numbered clients are spread over the regions as evenly as they can be, and stay where they are: their
// multiples of the golden ratio are (Weyl's sequence; Knuth, The Art of Computer Programming 3, 6.4). Of others each is drawn.
func (o *origin) region(client uint64) uint8 {
	if o.clients > 0 {
		const golden = 0x9e3779b97f4a7c15
		return o.regions.at(float64((client*golden+golden/2)>>11) * 0x1p-53)
	}
	r := sim.NewRand(sim.Mix(sim.Mix(o.stream, client), drawRegion))
	return o.regions.at(r.Float64())
}

// nearest takes turns among the targets in the region that is nearest to the call, for each region on its own. Targets that are wherever
// their caller is are nearer than all others. A region that cannot be reached is passed over.
type nearest struct {
	sim   *sim.Sim
	turns [][]*turn // by region of the call: those of each region with targets, the nearest first
}

// turn is the targets of a region.
type turn struct {
	region  int // or anywhere
	targets []int
	next    int
}

// nearby makes pickers of the targets that are left, whose regions are these.
func nearby(b *Builder, regions []int) func(weights []float64, numbered []int32) picker {
	return func(_ []float64, numbered []int32) picker { return newNearest(b, regions, numbered) }
}

// newNearest takes the region of each target, and which of those that are left each is, or nobody; nil: all are.
func newNearest(b *Builder, regions []int, numbered []int32) *nearest {
	in := map[int]*turn{}
	for target, region := range regions {
		if numbered != nil {
			target = int(numbered[target])
		}
		if target == nobody {
			continue
		}
		if in[region] == nil {
			in[region] = &turn{region: region}
		}
		in[region].targets = append(in[region].targets, target)
	}
	p := &nearest{sim: b.Sim}
	for _, near := range b.near {
		var turns []*turn
		for _, region := range append([]int{anywhere}, near...) {
			if in[region] != nil {
				turns = append(turns, in[region])
			}
		}
		p.turns = append(p.turns, turns)
	}
	return p
}

func (p *nearest) pick(c *sim.Call) int {
	from := p.sim.Region(c)
	for _, t := range p.turns[from] {
		if t.region != anywhere && p.sim.Severed(from, t.region) {
			continue
		}
		target := t.targets[t.next]
		if t.next++; t.next == len(t.targets) {
			t.next = 0
		}
		return target
	}
	return nobody
}

func (*nearest) answered(int, sim.Time, bool) {}
