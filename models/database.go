package models

import (
	"slices"

	"headroom/internal/strict"
	"headroom/internal/units"
	"headroom/sim"
)

// Database answers queries: each takes a connection and time on a core.
type Database struct {
	Machine
	Connections units.Count `key:"connections" default:"unlimited" doc:"queries at once per instance; the rest wait"`
	Read        Query       `key:"read" default:"0s" doc:"time of a read, per query: on a core, or split, or per class"`
	Write       Query       `key:"write" default:"0s" doc:"time of a write"`
	Shards      units.Count `key:"shards" default:"1" doc:"parts that the keys are divided into, each on a primary of its own; by geography as many as have a place"`
	ShardBy     string      `key:"shard_by" default:"hash" enum:"hash|range|consistent-hash|geo" doc:"how the keys are divided: by hash mod shards, in equal ranges of their numbers, on a ring, or by the region of the clients who own them, geo, with a place"`
	Replicas    Replicas    `key:"replicas" default:"0" doc:"read replicas of each shard, or how many are in each region: {us: 2, eu: 1}; applying writes costs them nothing"`
	ReadFrom    string      `key:"read_from" default:"primary" enum:"primary|replicas|any" doc:"who answers reads: of the living that are nearest to the caller one at random"`
	Lag         *Time       `key:"replication_lag" doc:"from a write until a replica has it, wherever that is, drawn for each write and replica"`
	Sync        units.Count `key:"sync_replicas" default:"0" doc:"replicas that must have a write, and say so, before it is answered; with regions each takes the round trip from the primary besides its lag"`
	CrossShard  units.Share `key:"cross_shard" default:"0%" doc:"share of reads that ask every shard and wait for the slowest"`
	DataSize    *units.Size `key:"data_size" doc:"of all data, which the shards divide evenly and the keys by the sizes of their data sets"`
	Memory      *units.Size `key:"memory" doc:"of an instance, for the pages used last; without a disk it has no effect"`
	Disk        *Disk       `key:"disk" doc:"where reads go whose page is not in memory: reads per second at most, and how long one takes, such as {iops: 10k, latency: 0.2ms}"`
	QueryCache  *QueryCache `key:"query_cache" doc:"answers that an instance keeps, {hit_ratio: 30%} or {entries: 10k}: a hit takes no time, core or connection"`
	Points      units.Count `key:"virtual_nodes" default:"100" doc:"points of a shard on the ring of consistent-hash"`

	Failover *units.Duration `key:"failover" doc:"from the death of a primary until a replica of its shard takes its place; default: none does"`

	over shardCounts // how many shards there are over the run, where events change it
}

// Describe says what is being read, for errors.
func (*Database) Describe() string { return "database" }

// Query is the time of a query: on a core and beside it, one for all request classes or one for each.
type Query struct {
	split
	Class strict.Ordered[split]
}

// split is a time on a core and a time that holds none.
type split struct {
	CPU   Time `key:"cpu" default:"0s" doc:"time on a core"`
	Delay Time `key:"delay" default:"0s" doc:"time beside it"`
}

// DecodeStrict reads a time on a core, or {cpu: …, delay: …}.
func (s *split) DecodeStrict(v *strict.Value) {
	if v.Kind() == strict.Map {
		strict.DecodeFields(v, s)
		return
	}
	strict.Decode(v, &s.CPU)
}

// DecodeStrict reads a time, {cpu: …, delay: …}, or a map from request classes to these.
func (q *Query) DecodeStrict(v *strict.Value) {
	if v.Kind() == strict.Map && v.Get("cpu") == nil && v.Get("delay") == nil {
		strict.Decode(v, &q.Class)
		return
	}
	q.split.DecodeStrict(v)
}

// Describe says what a query's time looks like.
func (*Query) Describe() string {
	return "a time such as exp(4ms), split {cpu: exp(1ms), delay: exp(4ms)}, or per class"
}

func (q *Query) of(class string) split {
	if q.Class == nil {
		return q.split
	}
	s, _ := q.Class.Get(class)
	return s
}

// Check implements Component.
func (d *Database) Check(c *Check, path string) {
	d.Machine.check(c, path)
	d.checkAdmission(c, path, d.Connections)
	d.checkParts(c, path)
	d.QueryCache.check(c, path+".query_cache")
	d.checkPages(c, path)
	if d.Connections < 1 {
		c.Errorf(path+".connections", "`connections` must be at least 1")
	}
	if !d.works() && !c.Wrong(path) {
		c.warnKeys(path, "no query takes time on a core", "cores", "speed", "discipline", "contention")
	}
	for _, q := range []*Query{&d.Read, &d.Write} {
		for _, k := range q.Class {
			c.class(k.At, k.Key)
		}
	}
}

// works tells whether some query takes time on a core.
func (d *Database) works() bool {
	for _, q := range []*Query{&d.Read, &d.Write} {
		if q.CPU.Mean() > 0 || slices.ContainsFunc(q.Class, func(p strict.Pair[split]) bool { return p.Value.CPU.Mean() > 0 }) {
			return true
		}
	}
	return false
}

// Calls implements Component.
func (*Database) Calls(string) []Reference { return nil }

// Build implements Component.
func (d *Database) Build(b *Builder, name string) sim.Node {
	hosts := d.Machine
	hosts.Instances.Count = units.Count(d.Count())
	m := b.machine(name, &hosts, d.Connections, "connections")
	m.limits = d.gradients(b, name, len(m.cores))
	m.settle()
	n := d.partitioned(b, name, m)
	delay := b.Part(name, "", "service")
	var front []*cache
	for _, k := range b.a.front(name) {
		front = append(front, b.caches[b.ID(k)])
	}
	for i, class := range b.Classes {
		read, write := query(d.Read.of(class), delay, nil, d.pages(n), d.reads(n)), query(d.Write.of(class), delay, front, nil, d.writes(n, delay))
		call := read
		if b.Writes[i] {
			call = write
		}
		m.programs = append(m.programs, programs{sim.OpCall: call, sim.OpRead: read, sim.OpWrite: write})
	}
	if n == nil {
		return m
	}
	return n
}

// query is the program of a query. A write takes its key out of the caches in front.
func query(s split, delay int32, front []*cache, pages, replication program) program {
	p := program{{do: doCPU, work: s.CPU.Dist}}
	if p = append(p, pages...); len(pages) > 0 {
		p[1].to = int32(len(p))
	}
	if s.Delay.Mean() > 0 {
		p = append(p, &instruction{do: doDelay, work: s.Delay.Dist, part: delay})
	}
	p = append(p, replication...)
	if len(front) > 0 {
		p = append(p, &instruction{do: doRemove, class: -1, caches: front})
	}
	return append(p, &instruction{do: endProgram})
}

// Explain implements Component.
func (*Database) Explain() Explanation {
	return Explanation{
		About: "Answers queries. Each takes a connection, if these are limited, and time on a core; `{cpu: …, delay: …}` adds time that holds the connection and no core. " +
			"Both may be given per request class. A write takes its key out of the caches in front. " +
			"`shards` divide the keys, `replicas` share the reads of a shard: each is an instance with cores and connections of its own, primaries db/0, replicas db/0/replica-1. " +
			"A call whose class has no data goes to a random shard; " +
			"`shard_by: geo` keeps data where its owners are: `place: {us: 2, eu: 1}` says how many shards are in each region, a client reads and writes those of its own region, by hash " +
			"if there are several, and those of the nearest where it has none. What the clients of a region ask for is theirs alone: users/0 of eu is another than users/0 of us (caches " +
			"in front do not know this), each region has as much of `data_size` as it has of the queries, and hot keys are named users/0 (eu). `cross_shard` reads ask all and hold a " +
			"connection of each. A write is on a replica after `replication_lag`, and a read there before that, of the key last written, is stale. With `sync_replicas` a write holds its " +
			"connection until so many replicas have said that they have it: each takes its lag and, with `regions`, the round trip between the primary's region and its own; without them the way is part of the lag. " +
			"`replicas: {us: 2, eu: 1}` are in these regions; a read goes to a living one of those nearest to its caller, by the mean round trip, and where none of these lives " +
			"to the next nearest. With `failover` a living replica takes the place of a primary that an event has killed for longer, the nearest first; " +
			"until then its writes, and reads from primaries, end as unavailable. A primary that comes back before is primary again, one that comes back later stays behind as a replica, " +
			"and instances keep their names. The one promoted has all writes, and answers reads where no replica is left. A cross-shard read comes in at the nearest of the first shard, or of " +
			"the nearest by geography, and asks the others from there. Replicas are never behind by their own load: applying writes costs them nothing. `query_cache` is looked at when a read " +
			"has come to its instance: a hit is answered at once, without a connection or a core; cross-shard reads and those without data pass it by, with `entries`. These are the answers " +
			"used last (LRU), filled at first as the traffic would have; a write takes its key out at the primary and all replicas when it is done, and a stale answer is not kept. " +
			"Where `data_size` does not fit into the `memory` of an instance (data_size / shards each, but by geography), a read goes to its `disk` unless its page is in memory, by a toss with the " +
			"probability that LRU has it, by the popularity of its key; without a key it is memory / data. The disk begins a read every 1/iops at most, and a read that waits for none takes `latency`. " +
			"Writes wait for no disk. Behind a cache with contents, misses are less alike than this supposes. " +
			"An event `{rebalance: db, shards: 6}` gives it another number of shards while it works: " + rebalancing,
		Laws: []string{
			"The times are those of a query alone on its core: what a dashboard shows has the waiting in it.",
			"Little's law: connections in use = queries per second × time that each holds one (Little, 1961).",
			"The slowest of N exponential answers takes 1 + 1/2 + … + 1/N times the mean of one (Rényi, 1953).",
			"A page is in memory with probability 1 − exp(−λ T), λ the rate of its key's queries, T such that the pages expected fill the memory (Che, Tung and Wang, 2002).",
			"Stale reads of a key written at rate λ, replicated after L: 1 − exp(−λ L), as Poisson arrivals see time averages (Wolff, 1982).",
			"Another shard moves N/(N+1) of the keys by hash mod N, half of them by range, and 1/(N+1) on a ring (Karger et al., 1997).",
		},
		Example: `
requests: {read: {}, save: {write: true}}
traffic: {users: {enters: db, rate: 800/s, mix: {read: 80%, save: 20%}}}
nodes:
  db:
    kind: database
    cores: 8
    connections: 100
    read: {cpu: exp(2ms), delay: exp(3ms)}
    write: exp(6ms)
`,
	}
}
