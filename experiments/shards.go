package experiments

import (
	"fmt"
	"slices"

	"headroom/internal/units"
	"headroom/models"
	"headroom/sim"
	"headroom/sim/contents"
)

// addShards says what came to each instance of a database that is divided, and how many reads were stale.
func (n *NodeResult) addShards(node string, reps []*replication, i int) {
	parts := reps[0].parts[i]
	if parts.Shards == 0 {
		return
	}
	queries, sum := make([]float64, len(parts.Queries)), 0.0
	var reads, stale int64
	for _, rep := range reps {
		for k, q := range rep.parts[i].Queries {
			queries[k] += float64(q)
			sum += float64(q)
		}
		reads, stale = reads+rep.parts[i].Reads, stale+rep.parts[i].Stale
	}
	for k := range queries {
		n.Shards = append(n.Shards, Shard{instanceName(node, &reps[0].parts[i], k), Num(queries[k] / sum), partUtilization(reps, i, k)})
	}
	if reads > 0 {
		share := Num(float64(stale) / float64(reads))
		n.StaleReads = &share
	}
}

// mostHot is how many of the hottest keys a result lists.
const mostHot = 10

// addHotKeys lists the keys that were asked for most at a database that looks at them.
func (n *NodeResult) addHotKeys(a *models.Architecture, reps []*replication, i int) {
	counts, shards, keyed := map[contents.Key]int64{}, map[contents.Key]int{}, int64(0)
	for _, rep := range reps {
		keyed += rep.parts[i].Keyed
		for _, k := range rep.parts[i].Hot {
			if _, seen := counts[k.Key]; !seen {
				shards[k.Key] = k.Shard
			}
			counts[k.Key] += k.Count
		}
	}
	var all []models.KeyCount
	for key, count := range counts {
		all = append(all, models.KeyCount{Key: key, Count: count})
	}
	for _, k := range models.Hottest(all, mostHot) {
		n.HotKeys = append(n.HotKeys, HotKey{Key: a.KeyName(k.Key), Share: Num(float64(k.Count) / float64(keyed)), shard: shards[k.Key]})
	}
}

// partUtilization is how busy the busiest resource of an instance is, None where none is limited.
func partUtilization(reps []*replication, node, instance int) Num {
	most := None
	for k, res := range reps[0].b.Resources[node] {
		if res.Name != "cpu" && res.Name != "connections" && res.Name != "disk" {
			continue
		}
		if u, ok := (station{node, k}).ofInstance(reps, instance); ok && !(Num(u) <= most) {
			most = Num(u)
		}
	}
	return most
}

// ofInstance is the utilization of one instance of a resource; false where that is unlimited.
func (s station) ofInstance(reps []*replication, instance int) (float64, bool) {
	busy, of := 0.0, 0.0
	for _, rep := range reps {
		st := s.of(rep.b).Stations[instance]
		if st.Servers() == sim.Unlimited {
			return 0, false
		}
		busy += rep.resources[s.node][s.resource].stations[instance].Busy / 1e9
		of += float64(st.Servers()) * rep.seconds
	}
	return min(busy/of, 1), true
}

// busiestShard is the utilization of the busiest instance of a database that is divided: the keys choose, and none can help another, so
// that it is full when its busiest is. False for other nodes.
func (s station) busiestShard(reps []*replication) (float64, bool) {
	parts := reps[0].parts[s.node]
	if parts.Shards == 0 {
		return 0, false
	}
	most := 0.0
	for k := range parts.Queries {
		u, _ := s.ofInstance(reps, k)
		most = max(most, u)
	}
	return most, true
}

// instanceName names an instance: api-2, or, where a database is divided, db/0 and db/0/replica-1.
func instanceName(node string, parts *models.PartitionStats, instance int) string {
	if parts.Shards == 0 {
		return fmt.Sprintf("%s-%d", node, instance+1)
	}
	shard, replica := parts.Part(instance)
	if replica == 0 {
		return fmt.Sprintf("%s/%d", node, shard)
	}
	return fmt.Sprintf("%s/%d/replica-%d", node, shard, replica)
}

// muchBusier is how many times as busy as the mean shard one is that is the bottleneck for itself.
const muchBusier = 1.25

// nameShard says of a divided database how busy its busiest instance is, and makes the bottleneck a shard where one primary is much busier
// than they are on average.
func (b *Bottleneck) nameShard(r *Result, best bound, reps []*replication) {
	s, ok := best.(station)
	if !ok {
		return
	}
	u, divided := s.busiestShard(reps)
	if !divided {
		return
	}
	b.Utilization = Num(u)
	if reps[0].parts[s.node].Shards < 2 {
		b.namePrimary(r)
		return
	}
	shards := r.Nodes[b.Node].Shards
	var hottest Shard
	number, sum := 0, 0.0
	for k := range reps[0].parts[s.node].Shards {
		u, _ := s.ofInstance(reps, k)
		if sum += u; u > float64(hottest.Utilization) || k == 0 {
			number, hottest = k, shards[k]
			hottest.Utilization = Num(u)
		}
	}
	mean := sum / float64(reps[0].parts[s.node].Shards)
	if float64(hottest.Utilization) < muchBusier*mean || float64(hottest.Utilization) < float64(b.Utilization)-alike {
		return
	}
	_, many, state := servers(b.Resource)
	b.Class, b.Utilization = "shard", hottest.Utilization
	b.Evidence = fmt.Sprintf("%s's %s are %s %s of the time, those of a shard on average %s: it gets %s of the queries", hottest.Name, many, state,
		units.FormatShare(float64(hottest.Utilization)), units.FormatShare(mean), units.FormatShare(float64(hottest.Share)))
	keys := r.Nodes[b.Node].HotKeys
	if i := slices.IndexFunc(keys, func(k HotKey) bool { return k.shard == number }); i >= 0 {
		b.Evidence += fmt.Sprintf(", and its hottest key, %s, alone is %s of those by key", keys[i].Key, units.FormatShare(float64(keys[i].Share)))
	}
	b.Evidence += "."
}

// namePrimary says of a database with replicas how busy its busiest instance is, where that is much busier than they are on average.
func (b *Bottleneck) namePrimary(r *Result) {
	mean := r.Nodes[b.Node].Resources[b.Resource].Utilization
	if float64(b.Utilization) < muchBusier*float64(mean) {
		return
	}
	_, many, state := servers(b.Resource)
	b.Evidence = fmt.Sprintf("%s's %s are %s %s of the time, those of all its instances on average %s.", r.Nodes[b.Node].Resources[b.Resource].Busiest.Instance,
		many, state, units.FormatShare(float64(b.Utilization)), units.FormatShare(float64(mean)))
}
