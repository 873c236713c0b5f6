package models

import (
	"math"

	"headroom/sim"
)

// resharding moves the keys of a database to another number of shards, while queries come.
//
//	a source, batch by batch: read on a core ─► its disk ─► its interface ─► that of the target ─► written on a core there
//
// A shard that keys leave is a source. It sends one batch at a time, and begins another after a millisecond at the earliest. As the batches
// arrive, the keys do: a key is asked for where it was until it has moved, as Redis Cluster moves the keys of a slot. What is written
// meanwhile moves with its key, and costs nothing more. A batch is lost with the shard that reads or writes it, and begins anew when both
// are there. A rebalance that is ordered during another begins when that is over.
type resharding struct {
	n       *partitions
	b       *Builder
	d       *Database
	name    string
	host    sim.Host // its interfaces, where transfers take time
	life    *mortal
	number  uint32 // as who does chores
	handler uint32
	times   copyTimes
	data    copied
	orders  []order // the first is under way
	wanted  int     // shards when all orders are done
	keys    *moving // nil: none is under way
	copiers []*copier
	left    int // copiers that have not sent all
}

// copyTimes are the times on a core of the queries that a database answers, one of which a batch takes.
type copyTimes struct{ read, write []*sim.Dist }

// batchRows is how many rows are copied at the price of one query: loading rows in bulk is usually 20 times faster than one INSERT for each
// (MySQL 8.0 Reference Manual, 10.2.5.1 Optimizing INSERT Statements).
const batchRows = 20

// batchEvery is the least time from batch to batch of a source. With rows of 2 KB it makes 40 MB/s, which is what Elasticsearch lets a node
// send when shards move (indices.recovery.max_bytes_per_sec).
const batchEvery = sim.Time(1e6)

// Move is what became of a rebalance.
type Move struct {
	Begun   bool
	Moved   float64  // share of the data that belongs to another shard than before
	Over    bool     // all of it is there
	Took    sim.Time // until it was, since the rebalance was ordered
	Batches int64    // that this takes
	Arrived int64    // of them: that have come to where they belong
	ordered sim.Time
}

// Copied returns the share of what moves that has moved.
func (m *Move) Copied() float64 {
	if m.Over {
		return 1
	}
	return float64(m.Arrived) / float64(max(m.Batches, 1))
}

// Moves returns what became of the scenario's events that are rebalances, by event.
func (b *Builder) Moves() []Move { return append([]Move(nil), b.moves...) }

type order struct {
	shards int
	move   *Move
}

// copier sends what leaves a shard.
type copier struct {
	chore   *sim.Call
	source  int32
	target  int32   // of the batch
	targets []int32 // of keys that leave, as many as are surveyed: a batch goes where one of them does
	step    copyStep
	next    sim.Time // when it may begin the next batch
	batches int64
	copied  int64
}

// copyStep is what a batch does next.
type copyStep uint8

const (
	toRead copyStep = iota
	toFetch
	toLeave
	toLand
	toWrite
	hasArrived
	stalled // until the shard is there again that died
	done    // all batches are sent
)

// resharding makes that of a database, nil where no event rebalances it.
func (d *Database) resharding(b *Builder, name string, n *partitions) *resharding {
	if d.over.most == 0 || b.lives[b.ID(name)] == nil {
		return nil
	}
	r := &resharding{n: n, b: b, d: d, name: name, wanted: d.first()}
	r.number, r.handler = b.Sim.Attend(r), b.Sim.Handle(r)
	for _, class := range b.Classes {
		if _, comes := b.a.visits[visit{name, class}]; comes {
			r.times.add(d, class)
			r.data.add(b.a, class)
		}
	}
	r.data.measure(d)
	if r.times.write == nil { // one of the two says how long a query takes, if any
		r.times.write = r.times.read
	} else if r.times.read == nil {
		r.times.read = r.times.write
	}
	return r
}

// add adds the times of a class.
func (t *copyTimes) add(d *Database, class string) {
	if s := d.Read.of(class); s.CPU.Mean() > 0 {
		t.read = append(t.read, &s.CPU.Dist)
	}
	if s := d.Write.of(class); s.CPU.Mean() > 0 {
		t.write = append(t.write, &s.CPU.Dist)
	}
}

// guard tells the node that stands before the database which instances there are.
func (r *resharding) guard(life *mortal) {
	if r != nil {
		r.life, life.there = life, r.exists
	}
}

// underWay tells whether keys are moving.
func (r *resharding) underWay() bool { return r != nil && r.keys != nil }

// exists tells whether an instance is a shard's, or a replica's of one, that there is now.
func (r *resharding) exists(instance int32) bool {
	if shard := int(instance) - r.n.shards; shard >= 0 {
		return shard/r.n.replicas < r.n.present
	}
	return int(instance) < r.n.present
}

// order lets there be so many shards, when what was ordered before is done, and returns how many there would have been.
func (r *resharding) order(shards int, m *Move) (before int) {
	before, r.wanted = r.wanted, shards
	m.ordered = r.b.Sim.Now()
	r.orders = append(r.orders, order{shards, m})
	if len(r.orders) == 1 {
		r.begin()
	}
	return before
}

// begin lets the first order begin. New shards are there at once, and have the keys that have come.
func (r *resharding) begin() {
	n, o := r.n, r.orders[0]
	r.keys = &moving{n.where, r.d.division(r.b.a, r.name, o.shards), make([]float64, n.shards)}
	n.where = r.keys
	r.letThereBe(max(o.shards, n.present))
	leaving, targets := r.survey()
	o.move.Begun, r.left = true, 0
	for source, share := range leaving {
		o.move.Moved += share
		if batches := int64(math.Ceil(share * r.data.rows / batchRows)); batches > 0 {
			o.move.Batches += batches
			r.left++
			r.send(int32(source), targets[source], batches)
		}
	}
	if r.left == 0 {
		r.settle()
	}
}

// letThereBe makes so many shards be there.
func (r *resharding) letThereBe(shards int) {
	r.life.account()
	r.n.present, r.life.count = shards, shards*(1+r.n.replicas)
	r.life.tell()
}

// send lets a source begin to send so many batches.
func (r *resharding) send(source int32, targets []int32, batches int64) {
	for len(r.copiers) <= int(source) {
		k := &copier{chore: r.b.Sim.Chore(r.number, r.b.leastUrgent(), sim.Mix(r.b.Sim.Stream(id64(r.name)), uint64(len(r.copiers)))), source: int32(len(r.copiers)), step: done}
		k.chore.Aux = uint32(k.source)
		r.copiers = append(r.copiers, k)
	}
	k := r.copiers[source]
	k.targets, k.batches, k.copied = targets, batches, 0
	r.sendNext(k)
}

// sendNext begins the next batch, as soon as it may.
func (r *resharding) sendNext(k *copier) {
	k.target, k.step = k.targets[k.chore.Rand.Intn(len(k.targets))], toRead
	now := r.b.Sim.Now()
	begin := max(now, k.next)
	k.next = begin + batchEvery
	r.b.Sim.After(k.chore, r.handler, begin-now)
}

// Fire implements sim.Handler: a batch may begin.
func (r *resharding) Fire(c *sim.Call) { r.goOn(r.copiers[c.Aux]) }

// Resume implements sim.Attendant: a step of a batch is done.
func (r *resharding) Resume(c *sim.Call) { r.goOn(r.copiers[c.Aux]) }

// goOn does the steps of a batch until one takes time.
func (r *resharding) goOn(k *copier) {
	n := r.n
	for {
		if !n.alive(k.source) || !n.alive(k.target) {
			k.step = stalled
			return
		}
		step := k.step
		k.step++
		switch step {
		case toRead:
			if r.work(k, k.source, r.times.read) {
				return
			}
		case toFetch:
			if n.pages != nil {
				n.pages.disks.Stations[k.source].Serve(k.chore, n.pages.gap, false)
				return
			}
		case toLeave:
			if r.pass(k, r.host.Out, k.source) {
				return
			}
		case toLand:
			if r.pass(k, r.host.In, k.target) {
				return
			}
		case toWrite:
			if r.work(k, k.target, r.times.write) {
				return
			}
		case hasArrived:
			r.arrived(k)
			return
		}
	}
}

// work takes the time of a query on a core of a shard; false if that is none.
func (r *resharding) work(k *copier, shard int32, times []*sim.Dist) bool {
	if len(times) == 0 {
		return false
	}
	c := k.chore
	r.n.cores[shard].Serve(c, sim.Nanoseconds(times[c.Rand.Intn(len(times))].Draw(&c.Rand)/r.n.speed), false)
	return true
}

// pass takes the time of a transfer through the interface of a shard; false if that is none.
func (r *resharding) pass(k *copier, interfaces []*sim.Station, shard int32) bool {
	if interfaces == nil {
		return false
	}
	interfaces[shard].Serve(k.chore, sim.Nanoseconds(batchRows*r.data.row*r.host.PerByte), false)
	return true
}

// arrived moves the keys of a batch that is written.
func (r *resharding) arrived(k *copier) {
	k.copied++
	r.orders[0].move.Arrived++
	r.keys.moved[k.source] = float64(k.copied) / float64(k.batches)
	if k.copied < k.batches {
		r.sendNext(k)
		return
	}
	k.step = done
	if r.left--; r.left == 0 {
		r.settle()
	}
}

// settle ends an order when all keys are where they belong. Shards that have none any more finish what they have.
func (r *resharding) settle() {
	n, o := r.n, r.orders[0]
	n.where, r.keys = r.keys.to, nil
	r.letThereBe(o.shards)
	if n.pages != nil {
		n.pages.fit(r.b, r.d, o.shards)
	}
	n.cache.retain()
	o.move.Over, o.move.Took = true, r.b.Sim.Now()-o.move.ordered
	if r.orders = r.orders[1:]; len(r.orders) > 0 {
		r.begin()
	}
}

// fall loses the batches that an instance reads or writes.
func (r *resharding) fall(instance int32) {
	for _, k := range r.copiers {
		reads, writes := k.step == toRead+1 || k.step == toFetch+1, k.step == toWrite+1
		if reads && k.source == instance || writes && k.target == instance {
			r.b.Sim.Revoke(k.chore)
			k.step = stalled
		}
	}
}

// rise begins the batches anew that an instance was missing for.
func (r *resharding) rise() {
	for _, k := range r.copiers {
		if k.step == stalled {
			k.step = toRead
			r.goOn(k)
		}
	}
}
