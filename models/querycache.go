package models

import (
	"headroom/internal/units"
	"headroom/sim"
	"headroom/sim/contents"
)

// QueryCache keeps answers of a database's instance.
type QueryCache struct {
	HitRatio *units.Share `key:"hit_ratio" doc:"share of the reads that find their answer, in place of real contents"`
	Entries  *units.Count `key:"entries" doc:"real contents: the answers used last, at most so many per instance; a write takes its key out of all"`
}

// Describe says what is being read, for errors.
func (*QueryCache) Describe() string {
	return "a query cache such as {hit_ratio: 30%} or {entries: 10k}"
}

// real tells whether it has contents.
func (k *QueryCache) real() bool { return k != nil && k.Entries != nil }

func (k *QueryCache) check(c *Check, path string) {
	if k == nil || c.Wrong(path) {
		return
	}
	switch {
	case (k.HitRatio == nil) == (k.Entries == nil):
		c.Errorf(path, "a query cache has either `hit_ratio`, or `entries` for real contents")
	case k.real() && (*k.Entries < 1 || *k.Entries > mostEntries):
		c.Errorf(path+".entries", "`entries` must be from 1 to %s", mostEntries)
	}
}

// queryCache is what the instances of a database keep, each its own.
type queryCache struct {
	n        *partitions
	ratio    float64
	contents []*contents.Contents // by instance; nil for a fixed hit ratio
	stats    CacheStats
}

// queryCache makes that of a database, nil where it has none.
func (d *Database) queryCache(b *Builder, name string, n *partitions) *queryCache {
	switch {
	case d.QueryCache == nil:
		return nil
	case !d.QueryCache.real():
		return &queryCache{n: n, ratio: float64(*d.QueryCache.HitRatio)}
	}
	q := &queryCache{n: n}
	for range d.Count() {
		c, err := contents.New(contents.Config{Policy: "lru", Entries: int64(*d.QueryCache.Entries)})
		if err != nil {
			panic("models: a checked query cache is refused: " + err.Error())
		}
		q.contents = append(q.contents, c)
	}
	warming.Lock()
	defer warming.Unlock()
	q.warm(b, name)
	return q
}

// warm fills the caches with what their reads would have left. Those who read the same shard have the same reads, each its part of them;
// one of each shard, together, divide the keys.
func (q *queryCache) warm(b *Builder, name string) {
	n := q.n
	r := sim.NewRand(b.Sim.Stream(^id64(name)))
	readers := len(q.contents) / n.shards
	if n.stats.Shards > 0 {
		readers = n.readers()
	}
	streams := n.streams(name, (1-n.cross)/float64(readers))
	where := func(contents.Key) int { return 0 }
	if n.where != nil {
		where = n.where.of
	}
	group := make([]*contents.Contents, n.shards)
	for k := range readers {
		for shard := range group {
			instance := int32(k)
			if n.stats.Shards > 0 {
				instance = n.answers(shard, k)
			}
			group[shard] = q.contents[instance]
		}
		contents.Warm(group, where, streams, 0, &r)
	}
}

// queries returns what some flows bring to a database of each data set, its reads times a share.
func (b *Builder) queries(f *flows, name string, share float64) []contents.Stream {
	at := map[*dataSet]int{}
	var all []contents.Stream
	for i, class := range b.Classes {
		set := b.data[i]
		if set == nil {
			continue
		}
		if _, known := at[set]; !known {
			at[set] = len(all)
			all = append(all, contents.Stream{Set: set.number, Keys: set.keys, Size: set.size})
		}
		s := &all[at[set]]
		s.Reads += share * f.reads[stop{visit{name, class}, anywhere}]
		s.Removals += f.writes[stop{visit{name, class}, anywhere}]
	}
	return all
}

// has looks whether the answer to a read is there.
func (q *queryCache) has(c *sim.Call) bool {
	hit := false
	switch {
	case c.IsBranch(): // a read of all shards
		return false
	case q.contents == nil:
		hit = c.Rand.Float64() < q.ratio
	case !q.n.keyed(c):
		return false
	default:
		hit = q.contents[c.Instance].Get(q.n.key(c), q.n.sim.Now())
	}
	if hit {
		q.stats.Hits++
	} else {
		q.stats.Misses++
	}
	return hit
}

// keep keeps the answer to a read.
func (q *queryCache) keep(c *sim.Call) {
	if q.contents != nil {
		q.contents[c.Instance].Put(q.n.key(c), q.n.b.data[c.Class].size, q.n.sim.Now())
	}
}

// forget takes the key of a write out of the caches of all instances that may have it.
func (q *queryCache) forget(c *sim.Call) {
	n := q.n
	if q.contents == nil || !n.keyed(c) {
		return
	}
	key, now := n.key(c), n.sim.Now()
	if n.stats.Shards == 0 {
		for _, k := range q.contents {
			k.Remove(key, now)
		}
		return
	}
	shard := n.shardOf(key)
	q.contents[shard].Remove(key, now)
	first := n.shards + shard*n.replicas
	for _, k := range q.contents[first : first+n.replicas] {
		k.Remove(key, now)
	}
}

func (q *queryCache) startMeasuring() {
	q.stats = CacheStats{}
	for _, c := range q.contents {
		c.StartMeasuring(q.n.sim.Now())
	}
}

// counted returns what was counted.
func (q *queryCache) counted() CacheStats {
	s := q.stats
	for _, c := range q.contents {
		s.Evictions += c.Evictions()
		s.LiveMean += c.LiveMean(q.n.sim.Now())
		s.Bytes += float64(c.Bytes())
	}
	return s
}

// fall loses what an instance had, its query cache included. Its memory has the pages again at once that it would have.
func (n *partitions) fall(instance int32) {
	n.machine.fall(instance)
	if n.pages != nil {
		n.pages.disks.Stations[instance].Clear()
	}
	if n.cache != nil && n.cache.contents != nil {
		n.cache.contents[instance].Flush(n.sim.Now())
	}
	if n.moves != nil {
		n.moves.fall(instance)
	}
}
