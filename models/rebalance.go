package models

import (
	"cmp"
	"slices"

	"headroom/internal/units"
	"headroom/sim"
)

// rebalancing says what a rebalance does, to those who use it.
const rebalancing = "the keys that belong to another shard then are copied there, row by row, a row being a key of its data set, or as many as `data_size` has room for. " +
	"Each shard that keys leave sends one batch at a time, and begins one a millisecond at most. A batch is 20 rows and takes the time on a core of one read here and, where it goes, of one " +
	"write (loading rows in bulk is usually 20 times faster than one INSERT for each: MySQL 8.0 Reference Manual, 10.2.5.1), of primaries; without a `write`, that of a read. It also takes a read of the " +
	"`disk`, where the data does not fit into memory, and passes both network interfaces, where there is a `bandwidth`. It takes no connection, and nothing counts it as a query. " +
	"New shards are there, and paid for, from the beginning, and those that go until the end. A key is asked for where it was until it is copied (as in Redis Cluster), and is not in the query cache where it comes to; " +
	"its pages are in memory there as if it had always been there. A batch that a dead shard reads or writes begins anew when it lives. A rebalance that begins during another, its undoing by `for` too, waits until that is over."

// shardCounts says how many shards a database has over the run: at first, at the least and at the most. All are 0 where that never changes.
type shardCounts struct{ first, fewest, most units.Count }

func (d *Database) first() int  { return int(cmp.Or(d.over.first, d.Shards)) }
func (d *Database) fewest() int { return int(cmp.Or(d.over.fewest, d.Shards)) }
func (d *Database) most() int   { return int(cmp.Or(d.over.most, d.Shards)) }

// count lets there be as many shards as make so many instances; of one that is not rebalanced there are as many as ever.
func (d *Database) count(instances int) {
	d.Shards = units.Count(instances / (1 + int(d.Replicas.Count)))
}

// foresee tells the databases that events rebalance how many shards they will have.
func (a *Architecture) foresee() {
	for i := range a.Events {
		e := &a.Events[i]
		n, _ := a.Nodes.Get(e.Rebalance)
		d, ok := n.Component.(*Database)
		if !ok || e.Shards == nil || len(d.Place.Ordered) > 0 {
			continue
		}
		count := max(min(*e.Shards, mostShards+1), 1)
		if d.over.most == 0 {
			d.over = shardCounts{d.Shards, max(d.Shards, 1), d.Shards}
		}
		d.over.fewest, d.over.most = min(d.over.fewest, count), max(d.over.most, count)
	}
}

// rebalanced tells whether an event changes the number of a node's shards.
func (a *Architecture) rebalanced(name string) bool {
	n, _ := a.Nodes.Get(name)
	d, ok := n.Component.(*Database)
	return ok && d.over.most > 0
}

// checkRebalance reports a rebalance that cannot happen, and warns of one that does nothing.
func (a *Architecture) checkRebalance(c *Check, at string, event int) {
	e := &a.Events[event]
	c.node(at+".rebalance", e.Rebalance)
	n, _ := a.Nodes.Get(e.Rebalance)
	if n.Component == nil {
		return // reported here, or where it stands
	}
	d, ok := n.Component.(*Database)
	switch {
	case !ok:
		c.Errorf(at+".rebalance", "a node of kind %s has no shards: those of kind database have", n.Kind)
	case d.ShardBy == "geo":
		c.Errorf(at+".rebalance", "a database with `shard_by: geo` has a shard in each region, and cannot be rebalanced")
	case len(d.Place.Ordered) > 0:
		c.Errorf(at+".rebalance", "a database with a `place` cannot be rebalanced: nothing says in which region")
	case c.Given(at + ".instances"):
		c.Errorf(at+".instances", "a rebalance is of `shards`: write {at: %s, rebalance: %s, shards: %s}", e.At, e.Rebalance, e.Instances)
	case e.Shards == nil:
		c.Errorf(at, "`shards` is missing: how many has %s from then on? Write it such as {at: %s, rebalance: %s, shards: %d}", e.Rebalance, e.At, e.Rebalance, d.Shards+1)
	case *e.Shards < 1 || *e.Shards > mostShards:
		c.Errorf(at+".shards", "`shards` must be from 1 to %d", mostShards)
	case *e.Shards*(1+d.Replicas.Count) > mostInstances:
		c.Errorf(at+".shards", "`shards` with their `replicas` are %d instances: at most %d are simulated", *e.Shards*(1+d.Replicas.Count), mostInstances)
	case d.ShardBy == "consistent-hash" && *e.Shards*d.Points > mostOnRing:
		c.Errorf(at+".shards", "`shards` times `virtual_nodes` are %d points of the ring: at most %d are simulated", *e.Shards*d.Points, mostOnRing)
	default:
		a.warnRebalance(c, at, d, event)
	}
}

// warnRebalance warns of a rebalance that moves nothing, or nothing that takes time.
func (a *Architecture) warnRebalance(c *Check, at string, d *Database, event int) {
	e := &a.Events[event]
	switch {
	case a.shardsBefore(event) == *e.Shards:
		c.Warnf(at+".shards", "nothing happens: %s has %s already", e.Rebalance, counted(int(*e.Shards), "shard", "shards"))
	case d.DataSize == nil && len(a.Data) == 0:
		c.Warnf(at+".rebalance", "the data moves at once: nothing says how much there is, as `data_size` or the `data` of the requests do")
	}
}

// checkKillShard checks which shard a kill strikes of a database that is rebalanced, and tells whether it found something to say.
func (a *Architecture) checkKillShard(c *Check, at string, e *Event, name string, instance int) bool {
	n, _ := a.Nodes.Get(name)
	d := n.Component.(*Database)
	if instance >= d.most() {
		c.Errorf(at, "%s has at most %s, counted from 0: there is no `%s`", name, counted(d.most(), "shard", "shards"), e.Kill)
		return true
	}
	begun := d.first()
	for i := range a.Events {
		if r := &a.Events[i]; r.Rebalance == name && r.Begin() <= e.Begin() && r.Shards != nil {
			begun = max(begun, int(*r.Shards))
		}
	}
	if instance >= begun {
		c.Warnf(at, "nothing happens: there is no `%s` yet", e.Kill)
		return true
	}
	return false
}

// shardsBefore returns how many shards a database is to have when an event rebalances it.
func (a *Architecture) shardsBefore(event int) units.Count {
	e := &a.Events[event]
	n, _ := a.Nodes.Get(e.Rebalance)
	type change struct {
		at    sim.Time
		event int
		undo  bool
	}
	var changes []change
	for i := range a.Events {
		if r := &a.Events[i]; r.Rebalance == e.Rebalance && r.Shards != nil {
			changes = append(changes, change{r.Begin(), i, false})
			if r.For != nil {
				changes = append(changes, change{r.End(), i, true})
			}
		}
	}
	slices.SortStableFunc(changes, func(x, y change) int { return cmp.Compare(x.at, y.at) })
	count, before := n.Component.(*Database).Shards, map[int]units.Count{}
	for _, k := range changes {
		switch {
		case k.undo:
			count = before[k.event]
		case k.event == event:
			return count
		default:
			before[k.event], count = count, *a.Events[k.event].Shards
		}
	}
	return count
}
