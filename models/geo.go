package models

import (
	"slices"

	"headroom/sim"
	"headroom/sim/contents"
)

// byGeo gives keys to the shards in the region of those who own them: the clients there. What the clients of one region call a key is
// another's than what those of another region call so. By the clients' region: the shards in the nearest region that has any.
type byGeo [][]int

func (g byGeo) of(key contents.Key) int {
	near := g[owner(key)]
	return near[byHash(len(near)).of(key)]
}

// ownerBits is where the owner of a key stands in it, above the number of the data set: 0 is nobody, for keys that are not divided so.
const ownerBits = 58

// owned makes a key that of the clients in a region.
func owned(key contents.Key, region int) contents.Key { return key | contents.Key(region+1)<<ownerBits }

// owner returns the region of the clients who own a key; -1 where it is anybody's.
func owner(key contents.Key) int { return int(key>>ownerBits) - 1 }

// geographic tells whether the shards are spread over regions.
func (d *Database) geographic() bool { return d.ShardBy == "geo" }

// primaries returns how many there are, the shards of a `place` being known before it is checked.
func (d *Database) primaries() int {
	if d.geographic() && len(d.Place.Ordered) > 0 {
		return int(d.placed())
	}
	return int(d.Instances.Count) * int(d.Shards)
}

// checkGeo checks where the primaries are, and lets there be as many shards as have a place.
func (d *Database) checkGeo(c *Check, path string) {
	at := path + ".place"
	placed := len(d.Place.Ordered) > 0 && !c.Wrong(at)
	switch {
	case !d.geographic():
		if placed && d.divided() {
			c.Errorf(at, "only shards by the region of their clients have a `place`: write `shard_by: geo`, or `region: %s` for all primaries", d.Place.Ordered[0].Key)
		}
	case c.Wrong(at):
	case len(c.regions) == 0:
		if !c.Given("regions") {
			c.Errorf(path+".shard_by", "`geo` divides the data by the clients' regions, and the scenario has no `regions`: give it some, or divide by `hash`")
		}
	case !placed:
		such := c.regions[0] + ": 1"
		if len(c.regions) > 1 {
			such += ", " + c.regions[1] + ": 1"
		}
		c.Errorf(path+".shard_by", "`geo` needs a `place`, which says how many shards are in each region, such as place: {%s}", such)
	case c.Given(path+".shards") && !c.Wrong(path+".shards") && d.Shards != d.placed():
		c.Errorf(path+".shards", "`place` has %s: leave `shards` out, or say so many", counted(int(d.placed()), "shard", "shards"))
	default:
		d.Shards, d.Instances.Count = d.placed(), 1
		if d.Shards > 1 && d.inOneRegion() {
			c.Warnf(path+".shard_by", "`shard_by: geo` brings nobody's data nearer: all shards are in one region")
		}
	}
}

// inOneRegion tells whether all of a `place` is.
func (d *Database) inOneRegion() bool {
	some := 0
	for _, p := range d.Place.Ordered {
		some += int(min(p.Value, 1))
	}
	return some == 1
}

// byGeo returns the shards for the clients in each region.
func (d *Database) byGeo(a *Architecture) byGeo {
	places := a.placesOf(&d.Common)
	g := make(byGeo, len(a.Regions()))
	for from := range g {
		for shard, at := range places {
			if at == a.nearest(&d.Common, from) {
				g[from] = append(g[from], shard)
			}
		}
	}
	return g
}

// key returns what a call asks for: where the data is divided by geography, its client's own.
func (n *partitions) key(c *sim.Call) contents.Key {
	key := n.b.key(c)
	if n.geo != nil {
		return owned(key, n.home(c))
	}
	return key
}

// home returns the region of the client that a call is for.
func (n *partitions) home(c *sim.Call) int { return n.sim.Home(c.Request) }

// any picks a shard for a call without a key: one of its client's region, where these are apart.
func (n *partitions) any(c *sim.Call) int {
	if n.geo == nil {
		return c.Rand.Intn(n.present)
	}
	near := n.geo[n.home(c)]
	return near[c.Rand.Intn(len(near))]
}

// gate returns the shard that a read of all shards comes in at: one near its caller.
func (n *partitions) gate(c *sim.Call) int {
	if n.geo == nil {
		return 0
	}
	return n.geo[n.sim.Region(c)][0]
}

// streams returns what comes to the database of each data set, its reads times a share; where it is divided by geography, of those of each
// region's clients.
func (n *partitions) streams(name string, share float64) []contents.Stream {
	if n.geo == nil {
		return n.b.queries(n.b.flows, name, share)
	}
	var all []contents.Stream
	for region := range n.geo {
		for _, s := range n.b.queries(newFlows(n.b.flows.a, region), name, share) {
			s.Set |= uint16(owned(0, region) >> 48)
			all = append(all, s)
		}
	}
	return all
}

// divideByOwners reckons with data that is where its clients are: as much of it as there are queries from each region.
func (w *workingSet) divideByOwners(b *Builder, d *Database, name string) {
	geo := w.n.geo
	w.touches = make([][]float64, len(geo))
	sums, all := make([]float64, len(geo)), 0.0
	for region := range geo {
		w.touches[region] = make([]float64, len(b.a.Data))
		for _, s := range b.queries(newFlows(b.flows.a, region), name, 1) {
			w.touches[region][s.Set] = s.Reads + s.Removals
			sums[region] += s.Reads + s.Removals
		}
		all += sums[region]
	}
	for shard := range w.n.shards {
		var parts []pagePart
		bytes := 0.0
		for region, near := range geo {
			if sums[region] > 0 && slices.Contains(near, shard) {
				data := float64(*d.DataSize) * sums[region] / all
				parts = append(parts, w.parts(b, w.touches[region], 0, 1, len(near), data)...)
				bytes += data / float64(len(near))
			}
		}
		w.horizons = append(w.horizons, horizon(parts, float64(*d.Memory)))
		w.shares = append(w.shares, min(float64(*d.Memory)/max(bytes, 1), 1))
	}
}

// mostDataSets leaves room for the owner of a key.
const mostDataSets = 1 << (ownerBits - 48)
