package models

import (
	"math"

	"headroom/internal/units"
	"headroom/sim"
)

// Disk is where reads go whose page is not in memory.
type Disk struct {
	IOPS    units.Count    `key:"iops" required:"true" doc:"reads per second at most, of an instance"`
	Latency units.Duration `key:"latency" required:"true" doc:"of a read that waits for no other"`
}

// Describe says what is being read, for errors.
func (*Disk) Describe() string { return "a disk such as {iops: 10k, latency: 0.2ms}" }

// gap is how long a disk takes until it can begin the next read: 1/iops, in nanoseconds.
func (k *Disk) gap() float64 { return 1e9 / float64(k.IOPS) }

// paged tells whether some of the data may be on disk only. Every shard is taken to have its equal part of the data, but by geography.
func (d *Database) paged() bool {
	if d.Disk == nil || d.Memory == nil || d.DataSize == nil {
		return false
	}
	most := float64(*d.DataSize)
	if !d.geographic() { // where one shard may have nearly all
		most /= float64(d.fewest())
	}
	return float64(*d.Memory) < most
}

// PagesOf returns the memory of an instance of a database by its place in the file, in bytes; false where it holds all data.
func (a *Architecture) PagesOf(node int) (bytes float64, ok bool) {
	d, ok := a.Nodes[node].Value.Component.(*Database)
	if !ok || !d.paged() {
		return 0, false
	}
	return float64(*d.Memory), true
}

// checkPages checks what is said of the working set.
func (d *Database) checkPages(c *Check, path string) {
	if d.DataSize != nil && *d.DataSize < 1 {
		c.Errorf(path+".data_size", "`data_size` must be at least 1B")
	}
	if d.Memory != nil && *d.Memory < 1 {
		c.Errorf(path+".memory", "`memory` must be at least 1B")
	}
	if k := d.Disk; k != nil && !c.Wrong(path+".disk") {
		switch {
		case k.IOPS < 1 || k.IOPS > mostIOPS:
			c.Errorf(path+".disk.iops", "`iops` must be from 1 to %s", mostIOPS)
		case k.Latency <= 0:
			c.Errorf(path+".disk.latency", "`latency` must be above 0")
		case float64(k.Latency)+1 < k.gap():
			c.Errorf(path+".disk.latency", "reads of %s one after the other are more than `iops: %s`: `latency` must be at least %s", k.Latency, k.IOPS, units.Duration(k.gap()))
		}
	}
	if c.Wrong(path + ".disk") {
		return
	}
	switch {
	case d.Disk == nil && d.over.most > 0: // a rebalance copies the data
		c.warnKeys(path, "there is no `disk` to read what memory does not hold", "memory")
	case d.Disk == nil:
		c.warnKeys(path, "there is no `disk` to read what memory does not hold", "data_size", "memory")
	case d.over.most > 0 && (d.Memory == nil || !d.paged()):
		c.warnKeys(path, "all data of an instance is in memory", "memory", "disk")
	case d.DataSize == nil || d.Memory == nil:
		c.warnKeys(path, "all data is in memory, unless `data_size` and `memory` say otherwise", "data_size", "memory", "disk")
	case !d.paged():
		c.warnKeys(path, "all data of an instance is in memory", "data_size", "memory", "disk")
	}
}

const mostIOPS = units.Count(1e9)

// workingSet knows how likely the page of a key is in the memory of an instance, and has the disks for those that are not.
type workingSet struct {
	n        *partitions
	disks    *sim.Resource
	gap      sim.Time    // between two reads of a disk
	shares   []float64   // of the data that is in memory, for queries without a key: by shard; one where all shards are alike
	touches  [][]float64 // queries per second, by the clients' region where that divides the data, and by data set
	empty    []sim.Time  // by instance: when it lost all; 0: never
	horizons []float64   // characteristic time by shard, in seconds; one where all shards are alike
}

// pagePart is a run of keys of a data set whose pages are on a shard.
type pagePart struct {
	keys, bytes float64 // how many; of one
	rate        float64 // queries per second for one of them
	scan        bool
}

// inMemory returns the probability that the page of a key that is asked for at a rate is among those used within the characteristic time.
// Where the keys come one after the other, it is how much of the time.
func inMemory(rate, horizon float64, scan bool) float64 {
	if scan {
		return min(rate*horizon, 1)
	}
	return -math.Expm1(-rate * horizon)
}

// workingSet makes that of a database, nil where all data is in memory.
func (d *Database) workingSet(b *Builder, name string, n *partitions) *workingSet {
	if !d.paged() {
		return nil
	}
	w := &workingSet{
		n: n, gap: sim.Nanoseconds(d.Disk.gap()), disks: b.Resource(name, "disk", true),
		touches: [][]float64{make([]float64, len(b.a.Data))},
	}
	w.empty = make([]sim.Time, d.Count())
	for range d.Count() {
		b.Sim.NewStation(w.disks, sim.StationConfig{Servers: 1, Backlog: sim.Unlimited})
	}
	if n.geo != nil {
		w.divideByOwners(b, d, name)
		return w
	}
	for _, s := range b.queries(b.flows, name, 1) {
		w.touches[0][s.Set] = s.Reads + s.Removals
	}
	w.fit(b, d, d.first())
	return w
}

// fit lets the memory of each of so many shards hold the pages of its part of the data.
func (w *workingSet) fit(b *Builder, d *Database, shards int) {
	w.shares, w.horizons = nil, nil
	different := 1
	if _, differ := w.n.where.(byRange); differ {
		different = shards
	}
	data, memory := float64(*d.DataSize), float64(*d.Memory)
	for k := range different {
		w.shares = append(w.shares, memory*float64(shards)/data)
		w.horizons = append(w.horizons, horizon(w.parts(b, w.touches[0], k, different, shards, data), memory))
	}
}

// parts lists the pages of a shard of those that differ, of which there are so many: the whole data's where all are alike, each with 1/shards
// of its keys. All shards together have so many bytes of data.
func (w *workingSet) parts(b *Builder, touches []float64, shard, of, shards int, data float64) []pagePart {
	weight := 0.0
	for i, set := range b.a.Data {
		if touches[i] > 0 {
			weight += float64(set.Value.Keys) * float64(set.Value.Size)
		}
	}
	var all []pagePart
	for i, set := range b.a.Data {
		if touches[i] == 0 {
			continue
		}
		keys := b.a.keys[i]
		first, end := (uint64(shard)*keys.Len()+uint64(of)-1)/uint64(of), (uint64(shard+1)*keys.Len()+uint64(of)-1)/uint64(of)
		for r := range keys.Ranges() {
			p := pagePart{keys: float64(min(r.End, end)) - float64(max(r.First, first)), scan: keys.Scan()}
			if p.keys <= 0 {
				continue
			}
			p.rate = touches[i] * r.Share / float64(r.End-r.First)
			p.keys *= float64(of) / float64(shards)
			p.bytes = data * float64(set.Value.Size) / weight
			all = append(all, p)
		}
	}
	return all
}

// horizon finds the characteristic time, in seconds: that within which as many pages are used as fill the memory.
func horizon(parts []pagePart, memory float64) float64 {
	lo, hi := -60.0, 60.0 // exponents of e
	for range 60 {
		middle, used := (lo+hi)/2, 0.0
		for _, p := range parts {
			used += p.keys * p.bytes * inMemory(p.rate, math.Exp(middle), p.scan)
		}
		if used > memory {
			hi = middle
		} else {
			lo = middle
		}
	}
	return math.Exp(lo)
}

// fetch reads the page of a query from the disk of its instance, if it is not in memory; it tells whether the query waits for that.
func (w *workingSet) fetch(c *sim.Call) bool {
	if w.holds(c) {
		return false
	}
	w.disks.Stations[c.Instance].Serve(c, w.gap, false)
	return true
}

// holds tosses whether the page of a read is in memory.
func (w *workingSet) holds(c *sim.Call) bool {
	n, shard, touches := w.n, 0, w.touches[0]
	if len(w.horizons) > 1 {
		shard, _ = n.stats.Part(int(c.Instance))
		shard = min(shard, len(w.horizons)-1) // what moves to a new shard is read as it was
	}
	if n.geo != nil {
		touches = w.touches[n.home(c)]
	}
	p := w.shares[shard]
	if n.keyed(c) {
		set, key := n.b.data[c.Class], n.b.key(c)
		if number := key & (1<<48 - 1); number < set.keys.Len() { // not one that only a replay names
			p = inMemory(touches[set.number]*set.keys.Probability(number), w.since(c.Instance, w.horizons[shard]), set.keys.Scan())
			if set.keys.Scan() {
				p = math.Floor(p) // it was used one round ago, or not within the horizon
			}
		}
	}
	return c.Rand.Float64() < p
}

// program is what a read does whose page is not in memory: the disk begins a read every 1/iops at most, and has done it after its latency.
func (w *workingSet) program(latency units.Duration) program {
	p := program{{do: doPage, partitions: w.n}}
	if rest := sim.Time(latency) - w.gap; rest > 0 {
		d, _ := sim.Constant(float64(rest)) // of a number above 0 there is one
		p = append(p, &instruction{do: doDelay, work: d, part: w.disks.WorkPart})
	}
	return p
}

// pages is what a read does that memory may not hold.
func (d *Database) pages(n *partitions) program {
	if n == nil || n.pages == nil {
		return nil
	}
	return n.pages.program(d.Disk.Latency)
}
