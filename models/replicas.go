package models

import (
	"cmp"
	"slices"

	"headroom/internal/strict"
	"headroom/internal/units"
	"headroom/sim"
)

// Replicas is how many read replicas each shard has: so many beside its primary, or so many in each region.
type Replicas struct {
	Count units.Count
	In    strict.Ordered[units.Count] // nil: all are where their primary is
}

// Describe says what the value looks like.
func (*Replicas) Describe() string {
	return "a count such as 2, or how many are in each region, such as {us: 2, eu: 1}"
}

// DecodeStrict reads a count, or {us: 2, eu: 1}.
func (r *Replicas) DecodeStrict(v *strict.Value) {
	if v.Kind() != strict.Map {
		strict.Decode(v, &r.Count)
		return
	}
	strict.Decode(v, &r.In)
	r.Count = 0
	for _, in := range r.In {
		r.Count += min(in.Value, mostReplicas+1)
	}
}

// checkReplicas checks how many replicas there are, and where.
func (d *Database) checkReplicas(c *Check, path string) {
	at := path + ".replicas"
	for _, in := range d.Replicas.In {
		c.region(in.At, in.Key)
	}
	switch {
	case c.Wrong(at):
	case d.Replicas.Count < 0 || d.Replicas.Count > mostReplicas:
		c.Errorf(at, "`replicas` must be from 0 to %d", mostReplicas)
	case c.Given(at) && d.Replicas.In != nil && d.Replicas.Count == 0:
		c.Errorf(at, "`replicas` has none in any region: expected how many there are in each, such as {us: 2, eu: 1}")
	case len(d.Replicas.In) > 0 && d.ReadFrom == "primary" && d.Sync == 0 && d.Failover == nil:
		c.Warnf(at, "where `replicas` are has no effect: nobody reads from them, see `read_from`, and no write waits for them, see `sync_replicas`")
	}
}

// places returns the region of each instance: the primaries, then the replicas of shard 0, of shard 1, …; nil without regions.
func (d *Database) places(a *Architecture) []int {
	all := a.placesOf(&d.Common)
	if all == nil || !d.divided() {
		return all
	}
	if len(d.Place.Ordered) == 0 {
		all = slices.Repeat(all[:1], int(d.Shards))
	}
	for shard := range int(d.Shards) {
		if d.Replicas.In == nil {
			all = append(all, slices.Repeat([]int{all[shard]}, int(d.Replicas.Count))...)
		}
		for _, in := range d.Replicas.In {
			all = append(all, slices.Repeat([]int{slices.Index(a.Regions(), in.Key)}, int(in.Value))...)
		}
	}
	return all
}

// hosting returns the regions of a node's instances: one where all are in the same, none where they are wherever their caller is.
func (a *Architecture) hosting(k Component) []int {
	all := a.placesOf(k.common())
	if d, ok := k.(*Database); ok {
		all = d.places(a)
	}
	if len(all) > 1 && !slices.ContainsFunc(all, func(region int) bool { return region != all[0] }) {
		return all[:1]
	}
	return all
}

// vicinity knows where the instances of a divided database are, and so who is near whom.
type vicinity struct {
	places  []int       // region of each instance; nil: all are in one place
	regions int         // how many there are
	between [][]Time    // round trips from region to region; nil without regions
	part    int32       // of a request's time: on the way between instances
	tiers   [][][]int32 // by region of the caller and of the primary: the members of a shard that answer reads, those equally far together
}

// vicinity makes that of a database.
func (d *Database) vicinity(b *Builder, name string, n *partitions) vicinity {
	v := vicinity{regions: 1}
	hosting := b.a.hosting(d)
	if len(hosting) > 0 {
		v.regions, v.part = len(b.regions), b.networkPart(name)
		for _, from := range b.regions {
			row := make([]Time, 0, v.regions)
			for _, to := range b.regions {
				rtt, _ := b.a.Scenario.Regions.between(from, to)
				row = append(row, rtt)
			}
			v.between = append(v.between, row)
		}
	}
	if len(hosting) < 2 {
		v.tiers = [][][]int32{{n.members()}}
		return v
	}
	v.places = d.places(b.a)
	v.tiers = make([][][]int32, v.regions*v.regions)
	for from := range v.regions {
		for shard := range n.shards {
			if at := from*v.regions + v.places[shard]; v.tiers[at] == nil {
				v.tiers[at] = v.byDistance(n, from, shard, n.members())
			}
		}
	}
	return v
}

// byDistance divides members of a shard by how far they are from a region, the nearest first: what is in the region itself, then by the mean
// round trip.
func (v *vicinity) byDistance(n *partitions, from, shard int, all []int32) (tiers [][]int32) {
	far := func(k int32) float64 {
		if at := v.places[n.member(shard, k)]; at != from {
			return v.between[from][at].Mean()
		}
		return -1
	}
	slices.SortStableFunc(all, func(x, y int32) int { return cmp.Compare(far(x), far(y)) })
	for i, k := range all {
		if i > 0 && far(k) == far(all[i-1]) {
			tiers[len(tiers)-1] = append(tiers[len(tiers)-1], k)
		} else {
			tiers = append(tiers, []int32{k})
		}
	}
	return tiers
}

// everyone lists the members of a shard: 0 its primary, from 1 on its replicas.
func (n *partitions) everyone() []int32 {
	all := make([]int32, n.replicas+1)
	for k := range all {
		all[k] = int32(k)
	}
	return all
}

// members lists those who answer the reads of a shard: with failover, who is a replica changes.
func (n *partitions) members() []int32 {
	switch all := n.everyone(); {
	case n.replicas == 0 || n.readFrom == "primary":
		return all[:1]
	case n.readFrom == "replicas" && n.failover == nil:
		return all[1:]
	default:
		return all
	}
}

// member returns an instance of a shard: 0 its primary, from 1 on its replicas.
func (n *partitions) member(shard int, k int32) int32 {
	if k == 0 {
		return int32(shard)
	}
	return int32(n.shards+shard*n.replicas-1) + k
}

// reader picks one of those who answer the reads of a shard: at random among the living that are nearest to the caller. Where none of them
// lives, that is one that was promoted, or a dead one.
func (n *partitions) reader(c *sim.Call, shard int) int32 {
	v := &n.vicinity
	tiers := v.tiers[0]
	if v.places != nil {
		tiers = v.tiers[n.sim.Region(c)*v.regions+v.places[shard]]
	}
	first := n.member(shard, tiers[0][c.Rand.Intn(len(tiers[0]))])
	if n.serves(c, shard, first) {
		return first
	}
	for _, tier := range tiers {
		if i, ok := n.living(c, shard, tier); ok {
			return i
		}
	}
	switch p := n.primary(shard); {
	case p != int32(shard): // it was promoted, and goes on to answer
		return p
	case first != p:
		return first
	}
	return n.member(shard, 1)
}

// serves tells whether an instance answers the reads of a shard, and can be reached by a call.
func (n *partitions) serves(c *sim.Call, shard int, instance int32) bool {
	v := &n.vicinity
	return n.answering(shard, instance) && (v.places == nil || !n.sim.Severed(n.sim.Region(c), v.places[instance]))
}

// living picks one of the living members among some at random; false where there is none.
func (n *partitions) living(c *sim.Call, shard int, members []int32) (instance int32, ok bool) {
	count := 0
	for _, k := range members {
		if n.serves(c, shard, n.member(shard, k)) {
			count++
		}
	}
	if count == 0 {
		return 0, false
	}
	pick := c.Rand.Intn(count)
	for _, k := range members {
		if instance = n.member(shard, k); n.serves(c, shard, instance) {
			if pick--; pick < 0 {
				break
			}
		}
	}
	return instance, true
}

// confirmed returns how long it takes from a write at an instance until so many replicas have said that they have it: each its lag, and the
// round trip to its region. The parts of the one that is waited for last are those of the time.
func (n *partitions) confirmed(c *sim.Call, count int) (lag, way sim.Time) {
	v := &n.vicinity
	base := c.Rand.State()
	n.replies = n.replies[:0]
	shard, _ := n.stats.Part(int(c.Instance))
	for k := range int32(n.replicas + 1) {
		i := n.member(shard, k)
		if i == c.Instance {
			continue
		}
		var r reply
		if n.lag != nil {
			r.lag = n.lag.lagOf(base, n.lagging(i))
		}
		if v.between != nil {
			from, to := n.sim.Region(c), n.sim.Region(c)
			if v.places != nil {
				to = v.places[i]
			}
			r.way = v.roundTrip(from, to, sim.Mix(base, uint64(k)^confirmSalt))
		}
		n.replies = append(n.replies, r)
	}
	slices.SortFunc(n.replies, func(x, y reply) int { return cmp.Compare(x.lag+x.way, y.lag+y.way) })
	last := n.replies[count-1]
	return last.lag, last.way
}

const confirmSalt = 0x2545f4914f6cdd1d

// reply is how long a replica takes to have a write, and to say so.
type reply struct{ lag, way sim.Time }

// roundTrip draws one between two regions.
func (v *vicinity) roundTrip(from, to int, base uint64) sim.Time {
	r := sim.NewRand(base)
	return sim.Nanoseconds(v.between[from][to].Draw(&r))
}

// networkPart returns the part of a request's time that is on the way to a node, and between its instances.
func (b *Builder) networkPart(node string) int32 {
	for _, p := range b.Parts {
		if p.Node == node && p.Name == "network" {
			return p.Number
		}
	}
	return b.Part(node, "", "network")
}

// away lets the branches of a read of all shards, which come from one of them, be on their way to the others. The whole round trip is taken
// before the visit: the answers come when they would if half of it were taken after.
type away struct{ *partitions }

// Fire implements sim.Handler.
func (w away) Fire(c *sim.Call) { w.visit(c) }

// reach lets the branch of a read of all shards visit its instance, after the way there.
func (n *partitions) reach(c *sim.Call) {
	v := &n.vicinity
	if v.places == nil || v.places[c.Instance] == n.sim.Region(c) {
		n.visit(c)
		return
	}
	d := v.roundTrip(n.sim.Region(c), v.places[c.Instance], sim.Mix(c.Rand.State(), confirmSalt))
	n.sim.SpendNext(c, v.part, d)
	n.sim.After(c, n.ways, d)
}
