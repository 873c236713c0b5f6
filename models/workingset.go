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

// paged tells whether some of the data is on disk only. Every shard is taken to have its equal part of the data.
func (d *Database) paged() bool {
	return d.Disk != nil && d.Memory != nil && d.DataSize != nil && float64(*d.Memory) < float64(*d.DataSize)/float64(d.Shards)
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
	case d.Disk == nil:
		c.warnKeys(path, "there is no `disk` to read what memory does not hold", "data_size", "memory")
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
	gap      sim.Time   // between two reads of a disk
	share    float64    // of the data that is in memory: of queries without a key
	touches  []float64  // queries per second, by data set
	empty    []sim.Time // by instance: when it lost all; 0: never
	horizons []float64  // characteristic time by shard, in seconds; one where all shards are alike
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
		share: float64(*d.Memory) * float64(d.Shards) / float64(*d.DataSize), touches: make([]float64, len(b.a.Data)),
	}
	w.empty = make([]sim.Time, d.Count())
	for range d.Count() {
		b.Sim.NewStation(w.disks, sim.StationConfig{Servers: 1, Backlog: sim.Unlimited})
	}
	for _, s := range b.queries(name, 1) {
		w.touches[s.Set] = s.Reads + s.Removals
	}
	shards := 1
	if _, differ := n.where.(byRange); differ {
		shards = n.shards
	}
	for k := range shards {
		w.horizons = append(w.horizons, horizon(w.parts(b, d, k, shards), float64(*d.Memory)))
	}
	return w
}

// parts lists the pages of a shard of those that differ: the whole data's where all are alike, each with 1/shards of its keys.
func (w *workingSet) parts(b *Builder, d *Database, shard, of int) []pagePart {
	weight := 0.0
	for i, set := range b.a.Data {
		if w.touches[i] > 0 {
			weight += float64(set.Value.Keys) * float64(set.Value.Size)
		}
	}
	var all []pagePart
	for i, set := range b.a.Data {
		if w.touches[i] == 0 {
			continue
		}
		keys := b.a.keys[i]
		first, end := (uint64(shard)*keys.Len()+uint64(of)-1)/uint64(of), (uint64(shard+1)*keys.Len()+uint64(of)-1)/uint64(of)
		for r := range keys.Ranges() {
			p := pagePart{keys: float64(min(r.End, end)) - float64(max(r.First, first)), scan: keys.Scan()}
			if p.keys <= 0 {
				continue
			}
			p.rate = w.touches[i] * r.Share / float64(r.End-r.First)
			p.keys *= float64(of) / float64(d.Shards)
			p.bytes = float64(*d.DataSize) * float64(set.Value.Size) / weight
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
	p := w.share
	if n := w.n; n.keyed(c) {
		set, key := n.b.data[c.Class], n.b.key(c)
		if number := key & (1<<48 - 1); number < set.keys.Len() { // not one that only a replay names
			horizon := w.horizons[0]
			if len(w.horizons) > 1 {
				horizon = w.horizons[n.shardOf(key)]
			}
			horizon = w.since(c.Instance, horizon)
			p = inMemory(w.touches[set.number]*set.keys.Probability(number), horizon, set.keys.Scan())
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
		p = append(p, instruction{do: doDelay, work: d, part: w.disks.WorkPart})
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
