package models

import (
	"headroom/internal/units"
	"headroom/sim"
)

// succession lets replicas take the place of primaries that are dead. A primary that comes back stays behind as a replica.
type succession struct {
	n       *partitions
	after   sim.Time // from a primary's death until a replica is in its place
	handler uint32
	timers  []*sim.Call // by shard
	primary []int32     // likewise: the instance that is it now
	since   []sim.Time  // likewise: when it died; never: it lives
}

// succeed lets replicas be promoted, where the database says when.
func (n *partitions) succeed(b *Builder) {
	if n.failover == nil || n.replicas == 0 {
		return
	}
	s := &succession{n: n, after: min(sim.Time(*n.failover), latest)}
	s.handler = b.Sim.Handle(s)
	for shard := range n.shards {
		timer := b.Sim.Timer()
		timer.Aux = uint32(shard)
		s.timers, s.primary, s.since = append(s.timers, timer), append(s.primary, int32(shard)), append(s.since, sim.Never)
	}
	n.succession = s
	n.life.watching = append(n.life.watching, s)
}

// changed implements watcher.
func (s *succession) changed() {
	now := s.n.sim.Now()
	for shard, primary := range s.primary {
		switch since := s.since[shard]; {
		case s.n.alive(primary):
			s.since[shard] = sim.Never
			s.n.sim.Revoke(s.timers[shard])
		case since == sim.Never:
			s.since[shard] = now
			s.n.sim.After(s.timers[shard], s.handler, s.after)
		case now >= since+s.after: // nobody was there to be promoted
			s.promote(shard)
		}
	}
}

// Fire implements sim.Handler: it is time to promote a replica.
func (s *succession) Fire(c *sim.Call) { s.promote(int(c.Aux)) }

// promote puts the living replica that is nearest into the place of a dead primary, the first of several; nobody where none lives.
func (s *succession) promote(shard int) {
	n := s.n
	if s.since[shard] == sim.Never {
		return
	}
	tiers := [][]int32{n.everyone()}
	if v := &n.vicinity; v.places != nil {
		tiers = v.byDistance(n, v.places[s.primary[shard]], shard, n.everyone())
	}
	for _, tier := range tiers {
		for _, k := range tier {
			if i := n.member(shard, k); n.alive(i) {
				s.primary[shard], s.since[shard] = i, sim.Never
				return
			}
		}
	}
}

// primary returns the instance that writes of a shard go to.
func (n *partitions) primary(shard int) int32 {
	if n.succession == nil {
		return int32(shard)
	}
	return n.succession.primary[shard]
}

// answering tells whether an instance is one that may answer reads.
func (n *partitions) answering(shard int, instance int32) bool {
	return n.alive(instance) && (n.readFrom != "replicas" || instance != n.primary(shard))
}

// lagging returns which of the replicas' lags is an instance's: a primary that is back as a replica has the last.
func (n *partitions) lagging(instance int32) int {
	if _, replica := n.stats.Part(int(instance)); replica > 0 {
		return replica - 1
	}
	return n.replicas
}

// lags returns how many lags a write has: with failover, also a primary may become a replica.
func (n *partitions) lags() int {
	if n.failover != nil {
		return n.replicas + 1
	}
	return n.replicas
}

// behind tells whether a replica answers a read that does not have the last write yet.
func (n *partitions) behind(c *sim.Call) bool {
	if n.stats.Replicas == 0 {
		return false
	}
	shard, _ := n.stats.Part(int(c.Instance))
	return c.Instance != n.primary(shard) && n.lag.misses(n.key(c), n.lagging(c.Instance), n.sim.Now())
}

// checkFailover warns of a time to promote a replica where none is promoted.
func (a *Architecture) checkFailover(c *Check, path, name string, d *Database) {
	if d.Failover == nil || d.Replicas.Count == 0 {
		return
	}
	for i := range a.Events {
		if a.Events[i].dethrones(name, d) {
			return
		}
	}
	c.warnKeys(path, "no event kills a primary for longer than that and leaves a replica of its shard alive", "failover")
}

// dethrones tells whether an event kills a primary of a database long enough for another one, and not everything else with it.
func (e *Event) dethrones(name string, d *Database) bool {
	node, instance, ok := e.victim()
	if !ok || e.Kill == "" || node != name || e.For != nil && units.Duration(*e.For) <= *d.Failover {
		return false
	}
	if instance < 0 {
		return e.Instances != nil && int(*e.Instances) < d.Count()
	}
	return int(instance) < int(d.Shards)
}
