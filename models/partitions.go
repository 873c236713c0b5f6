package models

import (
	"slices"

	"headroom/internal/strict"
	"headroom/internal/units"
	"headroom/sim"
	"headroom/sim/contents"
)

// partitions is a database that looks at keys. It may be divided into shards, each a primary and its replicas: all of them instances of one
// machine, the primaries first.
//
//	query ─key─► placement ─► shard ─┬─ write ────────► primary ─(replication lag)─► replicas
//	                                 └─ read_from ────► primary or a replica
//	cross-shard read ─► all shards ─► the slowest
type partitions struct {
	*machine
	where    placement // nil: one shard
	shards   int       // that there ever are
	present  int       // of these that there are now: the first so many
	replicas int
	readFrom string
	cross    float64
	lag      *replicationLag // nil: replicas have a write at once
	stats    PartitionStats
	hot      *keyWatch   // nil: no class that comes here has data
	cache    *queryCache // nil: none
	pages    *workingSet // nil: all data is in memory
	located  bool        // the instance is chosen before the way there

	geo        byGeo // nil: the clients' region says nothing about where their data is
	vicinity   vicinity
	failover   *units.Duration // nil: nobody takes the place of a dead primary
	succession *succession     // nil: nobody does, or no event strikes
	ways       uint32          // handler of branches on their way to another region
	replies    []reply         // of replicas to a write; room that is used again
	moves      *resharding     // nil: the number of shards never changes
}

// PartitionStats counts what came to the instances of a database in the measured time.
type PartitionStats struct {
	Shards, Replicas int        // replicas of each shard; 0 shards: it is not divided
	Queries          []int64    // by instance: the primaries, then the replicas of shard 0, of shard 1, …
	Reads, Stale     int64      // by key, wherever they were answered; of these, of a value that was overwritten before they came
	Hot              []KeyCount // of the hottest keys, at least
	Keyed            int64      // queries by key
}

// Part returns which shard an instance belongs to, and which replica of it it is: 0 the primary.
func (s *PartitionStats) Part(instance int) (shard, replica int) {
	if instance < s.Shards {
		return instance, 0
	}
	k := instance - s.Shards
	return k / s.Replicas, k%s.Replicas + 1
}

// PartitionStats returns what was counted at a node, and whether it is a database that looks at keys.
func (b *Builder) PartitionStats(node uint32) (PartitionStats, bool) {
	n := b.parted[node]
	if n == nil {
		return PartitionStats{}, false
	}
	s := n.stats
	s.Queries = slices.Clone(s.Queries)
	if n.hot != nil {
		s.Hot, s.Keyed = n.hot.counts(), n.hot.total
		for i := range s.Hot {
			s.Hot[i].Shard = n.shardOf(s.Hot[i].Key)
		}
	}
	return s, true
}

func (n *partitions) shardOf(key contents.Key) int {
	if n.where == nil {
		return 0
	}
	return n.where.of(key)
}

func (n *partitions) startMeasuring() {
	clear(n.stats.Queries)
	n.stats.Reads, n.stats.Stale = 0, 0
	if n.hot != nil {
		n.hot.startMeasuring()
	}
	if n.cache != nil {
		n.cache.startMeasuring()
	}
}

// divided tells whether the database has shards or replicas.
func (d *Database) divided() bool { return d.Shards > 1 || d.Replicas.Count > 0 }

// partitioned makes what looks at keys, nil where nothing does.
func (d *Database) partitioned(b *Builder, name string, m *machine) *partitions {
	if !d.divided() && !d.looksAtKeys("") && d.QueryCache == nil && d.over.most == 0 { // what has pages looks at keys
		return nil
	}
	n := &partitions{
		machine: m, where: d.division(b.a, name, d.first()), shards: int(d.Shards), present: d.first(), replicas: int(d.Replicas.Count),
		readFrom: d.ReadFrom, failover: d.Failover, cross: float64(d.CrossShard),
		stats: PartitionStats{Queries: make([]int64, d.Count())},
	}
	n.geo, _ = n.where.(byGeo)
	if d.divided() {
		n.stats.Shards, n.stats.Replicas = n.shards, n.replicas
	}
	if d.looksAtKeys("") && slices.ContainsFunc(b.data, func(s *dataSet) bool { return s != nil }) {
		n.hot = newKeyWatch()
	}
	n.cache, n.pages, n.moves = d.queryCache(b, name, n), d.workingSet(b, name, n), d.resharding(b, name, n)
	if d.Lag != nil && d.Replicas.Count > 0 {
		n.lag = &replicationLag{dist: d.Lag.Dist, replicas: n.lags(), written: map[contents.Key]lastWrite{}}
	}
	n.vicinity, n.ways = d.vicinity(b, name, n), b.Sim.Handle(away{n})
	if b.parted == nil {
		b.parted = map[uint32]*partitions{}
	}
	b.parted[b.ID(name)] = n
	return n
}

// Enter implements sim.Node.
func (n *partitions) Enter(c *sim.Call) {
	if !n.located {
		n.Locate(c)
	}
	if c.Flags&asksAll != 0 {
		n.askAll(c)
		return
	}
	n.visit(c)
}

// Locate implements sim.Locator: it finds the instance that a call is for. One that is for all shards comes in at the first.
func (n *partitions) Locate(c *sim.Call) {
	write := n.b.writes(c)
	if !write && n.cross > 0 && c.Rand.Float64() < n.cross {
		c.Instance, c.Flags = 0, c.Flags|asksAll
		if n.vicinity.places != nil { // it comes in nearby
			n.locate(c, n.gate(c), false)
		}
		return
	}
	n.locate(c, n.shard(c), write)
}

// askAll makes a branch for every shard, whose program counter says which until it comes there.
func (n *partitions) askAll(c *sim.Call) {
	n.sim.Expect(c, int32(n.present), int32(n.present))
	for k := range n.present {
		n.sim.Branch(c, int32(k), uint64(k))
	}
}

// shard finds the one that a call is for: that of its key, that which a scatter names, or any.
func (n *partitions) shard(c *sim.Call) int {
	switch {
	case n.where == nil:
		return 0
	case c.Instance >= 0:
		return int(c.Instance) % n.present
	case n.b.data[c.Class] != nil:
		return n.where.of(n.key(c))
	case n.moves.underWay(): // as those who have a key
		return n.where.of(c.Rand.Uint64())
	}
	return n.any(c)
}

// locate chooses the primary of a shard, or, to read, whom read_from names.
func (n *partitions) locate(c *sim.Call, shard int, write bool) {
	switch {
	case n.stats.Shards == 0:
		chooseInstance(c, len(n.cores))
	case !write && n.replicas > 0 && n.readFrom != "primary":
		c.Instance = n.reader(c, shard)
	default:
		c.Instance = n.primary(shard)
	}
}

func (n *partitions) visit(c *sim.Call) {
	if !n.alive(c.Instance) {
		n.sim.Finish(c, sim.Unavailable)
		return
	}
	if n.life != nil && n.life.holds(c, n.visit) {
		return
	}
	n.stats.Queries[c.Instance]++
	if n.hot != nil && n.keyed(c) {
		n.hot.see(n.key(c))
	}
	if n.cache != nil && !n.b.writes(c) && n.cache.has(c) {
		n.see(c)
		n.sim.Finish(c, sim.OK)
		return
	}
	n.admit(c)
}

// keyed tells whether a visit asks for one key: a read of all shards does not.
func (n *partitions) keyed(c *sim.Call) bool { return n.b.data[c.Class] != nil && !c.IsBranch() }

// readers returns how many answer the reads of a shard, and answers which instance the k-th of them is.
func (n *partitions) readers() int {
	switch {
	case n.replicas == 0 || n.readFrom == "primary":
		return 1
	case n.readFrom == "any":
		return n.replicas + 1
	}
	return n.replicas
}

func (n *partitions) answers(shard, k int) int32 {
	switch {
	case n.replicas == 0 || n.readFrom == "primary" || n.readFrom == "any" && k == 0:
		return int32(shard)
	case n.readFrom == "any":
		k--
	}
	return int32(n.shards + shard*n.replicas + k)
}

func (n *partitions) alive(instance int32) bool { return n.life == nil || n.life.deaths[instance] == 0 }

// Resume implements sim.Node.
func (n *partitions) Resume(c *sim.Call) {
	switch {
	case c.Flags&asksAll == 0:
		n.machine.Resume(c)
	case c.IsBranch(): // comes to its shard
		shard := int(c.PC)
		c.Flags, c.PC = c.Flags&^asksAll|ownVisit, 0
		n.locate(c, shard, false)
		n.reach(c)
	default:
		n.sim.Finish(c, c.Outcome)
	}
}

// reads and writes return what follows on the time of a query.
func (d *Database) reads(n *partitions) program {
	if n == nil || n.lag == nil && !d.QueryCache.real() {
		return nil
	}
	return program{{do: doSee, partitions: n}}
}

func (d *Database) writes(n *partitions, delay int32) program {
	var p program
	if n != nil && d.QueryCache.real() {
		p = append(p, &instruction{do: doForget, partitions: n})
	}
	if n != nil && (n.lag != nil || d.Sync > 0 && n.vicinity.between != nil) {
		p = append(p, &instruction{do: doReplicate, partitions: n, count: int32(d.Sync), part: delay})
	}
	return p
}

// replicate notes a write that the primary has, and tells whether it waits for replicas.
func (m *machine) replicate(c *sim.Call, i *instruction) bool {
	n := i.partitions
	if n.lag != nil && m.b.data[c.Class] != nil {
		n.lag.write(n.key(c), m.sim.Now(), c.Rand.State())
	}
	if i.count == 0 {
		return false
	}
	lag, way := n.confirmed(c, int(i.count))
	if lag+way == 0 {
		return false
	}
	m.sim.SpendNext(c, i.part, lag)
	if way > 0 {
		m.sim.SpendNext(c, n.vicinity.part, way)
	}
	m.sim.After(c, m.handler, lag+way)
	return true
}

// see counts a read by key, and whether a replica has answered it that did not have the last write yet; other answers are kept, where
// there is a cache. A read of all shards has no key.
func (n *partitions) see(c *sim.Call) {
	if !n.keyed(c) {
		return
	}
	if n.lag != nil {
		n.stats.Reads++
	}
	if n.lag != nil && n.behind(c) {
		n.stats.Stale++
	} else if n.cache != nil {
		n.cache.keep(c)
	}
}

// replicationLag knows which replicas have the last write of a key. It forgets a write when all have it, so that it holds no more than
// what is written within the longest lag.
type replicationLag struct {
	dist     sim.Dist
	replicas int // that have one
	written  map[contents.Key]lastWrite
	order    []noted // a queue: from head on, in the order of writing
	head     int
}

// lastWrite is a moment, and where the lags of the replicas are drawn from.
type lastWrite struct {
	at   sim.Time
	base uint64
}

type noted struct {
	key   contents.Key
	at    sim.Time
	until sim.Time // all replicas have it
}

// lagOf draws how long a replica takes to get a write.
func (l *replicationLag) lagOf(base uint64, replica int) sim.Time {
	r := sim.NewRand(sim.Mix(base, uint64(replica)^lagSalt))
	return sim.Nanoseconds(l.dist.Draw(&r))
}

const lagSalt = 0x7f4a7c159e3779b9

// write notes a write.
func (l *replicationLag) write(key contents.Key, now sim.Time, base uint64) {
	l.forget(now)
	last := sim.Time(0)
	for k := range l.replicas {
		last = max(last, l.lagOf(base, k))
	}
	l.written[key] = lastWrite{now, base}
	l.order = append(l.order, noted{key, now, now + last})
}

// misses tells whether a replica does not have the last write of a key yet.
func (l *replicationLag) misses(key contents.Key, replica int, now sim.Time) bool {
	w, ok := l.written[key]
	return ok && w.at+l.lagOf(w.base, replica) > now
}

func (l *replicationLag) forget(now sim.Time) {
	for l.head < len(l.order) && l.order[l.head].until <= now {
		if n := l.order[l.head]; l.written[n.key].at == n.at {
			delete(l.written, n.key)
		}
		l.head++
	}
	if l.head > 64 && 2*l.head > len(l.order) { // half of it is empty: move the rest to the front
		l.order = l.order[:copy(l.order, l.order[l.head:])]
		l.head = 0
	}
}

// Count implements Component: primaries and replicas.
func (d *Database) Count() int { return d.primaries() * (1 + int(d.Replicas.Count)) }

// Cost implements Component.
func (d *Database) Cost(perSecond, bytes, times float64) (perMonth float64, ok bool) {
	hosts := d.Common
	hosts.Instances.Count = units.Count(d.Count())
	return hosts.Cost(perSecond, bytes, times)
}

// looksAtKeys implements keyed.
func (d *Database) looksAtKeys(string) bool {
	return d.most() > 1 || d.Lag != nil && d.Replicas.Count > 0 && d.ReadFrom != "primary" || d.QueryCache.real() || d.paged()
}

// checkKeyed implements keyed: without data, a call goes to any shard, and past the contents of a query cache.
func (d *Database) checkKeyed(r *routes, n strict.Pair[Node]) {
	if !d.QueryCache.real() {
		return
	}
	for v := range r.calls {
		if v.node == n.Key && r.a.class(v.class).Data != "" {
			return
		}
	}
	r.c.Warnf(n.At+".query_cache", "`query_cache` has no effect: its `entries` are keys, and no request that comes to `%s` asks for `data`", n.Key)
}

const (
	mostShards   = 10_000
	mostReplicas = 100
)

// checkParts checks what is said of shards and replicas, and warns of what has no effect.
func (d *Database) checkParts(c *Check, path string) {
	if d.Shards < 1 || d.Shards > mostShards {
		c.Errorf(path+".shards", "`shards` must be from 1 to %d", mostShards)
	}
	d.checkGeo(c, path)
	d.checkReplicas(c, path)
	if c.Wrong(path+".shards") || c.Wrong(path+".replicas") || c.Wrong(path+".place") {
		return
	}
	if divided := d.most() > 1 || d.Replicas.Count > 0; divided && (d.Instances.Count > 1 || auto(d)) {
		c.Errorf(path+".instances", "a database with `shards` or `replicas` has as many instances as these make: leave `instances` out")
	} else if divided && d.Count() > mostInstances {
		c.Errorf(path, "`shards` with their `replicas` are %d instances: at most %d are simulated", d.Count(), mostInstances)
	}
	if d.Points < 1 || d.Points > mostPoints || d.Points*d.Shards > mostOnRing {
		c.Errorf(path+".virtual_nodes", "`virtual_nodes` must be from 1 to %d, and at most %d for all shards", mostPoints, mostOnRing)
	}
	if d.Sync > d.Replicas.Count {
		c.Errorf(path+".sync_replicas", "`sync_replicas` must be at most `replicas`, which are %s", d.Replicas.Count)
	} else if d.Sync > 0 && d.Lag == nil && len(c.regions) == 0 {
		c.Warnf(path+".sync_replicas", "`sync_replicas` has no effect: without `replication_lag` the replicas have a write at once")
	}
	if d.most() == 1 {
		c.warnKeys(path, "there is one shard", "shard_by", "virtual_nodes", "cross_shard")
	} else if d.ShardBy != "consistent-hash" {
		c.warnKeys(path, "only `shard_by: consistent-hash` has a ring", "virtual_nodes")
	}
	if d.Replicas.Count == 0 {
		c.warnKeys(path, "there are no `replicas`", "read_from", "replication_lag", "failover")
	} else if d.ReadFrom == "primary" && d.Sync == 0 {
		c.warnKeys(path, "nobody reads from replicas: see `read_from`", "replication_lag")
	}
}
