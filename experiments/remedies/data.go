package remedies

import (
	"fmt"
	"math"
	"strings"

	"headroom/internal/units"
	"headroom/models"
	"headroom/scenarios"
)

const (
	// lookUp is the time on a core of a look-up in a cache in memory, and of storing: it does 30,000 of them a second.
	lookUp = "30us"
	looks  = 30_000 * Target // per second and core
)

// keysOf returns how many keys the classes that may be cached ask for: of the largest of their data sets; 0 where some ask for no data.
func (v *view) keysOf() units.Count {
	var most units.Count
	for _, r := range v.l.Requests {
		if r.Value.Write || !r.Value.Cacheable {
			continue
		}
		set, ok := v.l.Data.Get(r.Value.Data)
		if !ok {
			return 0
		}
		most = max(most, set.Keys)
	}
	return most
}

// contents are the keys of a cache that say what it has: real contents where requests ask for data, else how often it hits, which nobody
// knows before it is there.
func (v *view) contents() (keys, titles, assumes []string) {
	if n := v.keysOf(); n > 0 {
		for _, share := range []float64{.01, .02, .05, .1, .2, .5, 1} {
			entries := int(math.Ceil(share * float64(n)))
			if len(keys) > 0 && entries == int(math.Ceil(share/2*float64(n))) {
				continue
			}
			keys = append(keys, fmt.Sprintf("entries: %d", entries))
			titles = append(titles, fmt.Sprintf("%s entries", units.FormatCount(float64(entries))))
			assumes = append(assumes, "")
		}
		return keys, titles, assumes
	}
	for _, hits := range []string{"30%", "50%", "70%", "80%", "90%", "95%"} {
		keys = append(keys, "hit_ratio: "+hits)
		titles = append(titles, hits+" hits")
		assumes = append(assumes, hits+" of the reads are taken to hit: the file has no data whose popularity could tell.")
	}
	return keys, titles, assumes
}

// cacheable tells whether some class may be cached at all.
func (v *view) cacheable() bool {
	for _, r := range v.l.Requests {
		if !r.Value.Write && r.Value.Cacheable {
			return true
		}
	}
	return len(v.l.Requests) == 0
}

// cache proposes one in front of what is read.
func cache(v *view) []Family {
	if v.node.Kind != "database" && v.node.Kind != "external" || !v.cacheable() {
		return nil
	}
	for _, n := range v.l.Nodes {
		if k, ok := n.Value.Component.(*models.Cache); ok && k.Origin == v.of.Node {
			return v.moreEntries(n.Key, k)
		}
	}
	from := reads(v.sites(v.of.Node))
	if len(from) == 0 {
		return nil
	}
	name := v.name(v.of.Node + "-cache")
	var changes []scenarios.Change
	for _, s := range from {
		changes = append(changes, s.toward(name))
	}
	needed := max(1, int(math.Ceil(v.of.Calls/looks)))
	several := ""
	if needed > 1 {
		several = ", instances: " + text(needed)
	}
	var sizes []Proposal
	keys, titles, assumes := v.contents()
	for i, k := range keys {
		node := fmt.Sprintf("{kind: cache, %s, get: %s, set: %s, origin: %s%s%s%s}", k, lookUp, lookUp, v.of.Node, several,
			v.regionOf(append(callers(from), v.of.Node)...), v.onSmallest())
		sizes = append(sizes, Proposal{Kind: "cache", Title: title("%s: a cache before it, %s", v.of.Node, titles[i]), Assumes: assumes[i],
			Change: append([]scenarios.Change{{Path: "nodes." + name, Value: node}}, changes...)})
	}
	return steps(sizes)
}

// largerCache proposes more room in the cache that limits, so that less is fetched and stored.
func largerCache(v *view) []Family {
	if k, ok := v.node.Component.(*models.Cache); ok {
		return v.moreEntries(v.of.Node, k)
	}
	return nil
}

// moreEntries proposes more room in a cache. How often it hits is no decision where it has no contents.
func (v *view) moreEntries(name string, k *models.Cache) []Family {
	var sizes []Proposal
	if k.Entries != nil && *k.Entries == 0 && v.keysOf() > 0 {
		keys, titles, _ := v.contents()
		for i, key := range keys {
			sizes = append(sizes, Proposal{Kind: "cache", Title: title("%s: 0 → %s", name, titles[i]),
				Change: []scenarios.Change{{Path: "nodes." + name + ".entries", Value: strings.TrimPrefix(key, "entries: ")}}})
		}
		return steps(sizes)
	}
	for _, t := range []float64{1.5, 2, 3, 5, 10, 20, 50} {
		switch {
		case k.Entries != nil && *k.Entries > 0:
			then := units.Count(math.Round(float64(*k.Entries) * t))
			sizes = append(sizes, Proposal{Kind: "cache", Title: title("%s: %s → %s entries", name, *k.Entries, then), Change: []scenarios.Change{{Path: "nodes." + name + ".entries", Value: then.String()}}})
		case k.Memory != nil && *k.Memory > 0:
			then := units.Size(math.Round(float64(*k.Memory) * t))
			sizes = append(sizes, Proposal{Kind: "cache", Title: title("%s: memory %s → %s", name, units.FormatSize(*k.Memory), units.FormatSize(then)), Change: []scenarios.Change{{Path: "nodes." + name + ".memory", Value: then.String()}}})
		}
	}
	return steps(sizes)
}

// database returns the one that limits, nil for another kind.
func (v *view) database() *models.Database {
	d, _ := v.node.Component.(*models.Database)
	return d
}

// replicas proposes read replicas that share the reads with the primary.
func replicas(v *view) []Family {
	d := v.database()
	if d == nil || d.Replicas.In != nil {
		return nil
	}
	from := int(d.Replicas.Count)
	readers := func(n int) float64 { // who answers reads
		switch {
		case n == 0, d.ReadFrom == "primary":
			return 1
		case d.ReadFrom == "any":
			return float64(n + 1)
		}
		return float64(n)
	}
	var sizes []Proposal
	var times []float64
	for n := max(from, 1); n <= 64; n = max(n+1, int(float64(n)*1.2)) {
		if n == from && d.ReadFrom != "primary" {
			continue
		}
		change := []scenarios.Change{v.set("replicas", text(n))}
		if n == from {
			change = nil
		}
		if d.ReadFrom == "primary" {
			change = append(change, v.set("read_from", "any"))
		}
		then := float64(n + 1)
		if d.ReadFrom == "replicas" {
			then = float64(n)
		}
		sizes = append(sizes, Proposal{Kind: "replicas", Title: title("%s: %d → %s", v.of.Node, from, many(n, "read replica")), Change: change})
		times = append(times, then/readers(from))
	}
	return sized("replicas", sizes, times, v.of.Demand)
}

// shards proposes more parts of the data.
func shards(v *view) []Family {
	d := v.database()
	if d == nil || d.ShardBy == "geo" {
		return nil
	}
	from := int(d.Shards)
	var sizes []Proposal
	var times []float64
	for _, n := range counts(from, min(v.manifold(), 64)) {
		sizes = append(sizes, Proposal{Kind: "shards", Title: title("%s: %d → %d shards", v.of.Node, from, n), Change: []scenarios.Change{v.set("shards", text(n))}})
		times = append(times, float64(n)/float64(from))
	}
	return sized("shards", sizes, times, v.of.Demand)
}

// shardKey proposes other ways to divide the keys.
func shardKey(v *view) []Family {
	d := v.database()
	if d == nil || d.Shards < 2 || d.ShardBy == "geo" {
		return nil
	}
	var all []Family
	for _, by := range []string{"hash", "consistent-hash"} {
		if d.ShardBy != by {
			all = append(all, single(Proposal{Kind: "shard key", Title: title("%s: sharded by %s, not %s", v.of.Node, by, d.ShardBy), Change: []scenarios.Change{v.set("shard_by", by)}})...)
		}
	}
	return all
}

// writesLater proposes that nobody waits for writes: a worker makes them.
func writesLater(v *view) []Family {
	var writes []site
	for _, s := range v.sites(v.of.Node) {
		if s.op == "write" {
			writes = append(writes, s)
		}
	}
	return v.later(writes, "writes")
}

// later proposes that a worker makes some calls, from a queue, and nobody waits for them.
func (v *view) later(from []site, what string) []Family {
	if len(from) == 0 {
		return nil
	}
	queue, workers := v.name(v.of.Node+"-queue"), v.name(v.of.Node+"-workers")
	var changes []scenarios.Change
	for _, s := range from {
		if s.short {
			changes = append(changes, v.published(s, queue)...)
			continue
		}
		for _, e := range s.step.Entries() {
			if e.Key != s.op && e.Key != "as" && e.Key != "times" { // what is done about answers that do not come
				return nil
			}
		}
		step := "publish: " + queue
		for _, key := range []string{"as", "times"} {
			if k := s.step.Get(key); k != nil {
				step += ", " + key + ": " + k.Text()
			}
		}
		changes = append(changes, scenarios.Change{Path: s.path, Value: "{" + step + "}"})
	}
	var sizes []Proposal
	busy := v.of.Calls * v.of.Mean                               // at once, by Little's law
	if d := v.database(); d != nil && !math.IsNaN(v.of.Demand) { // without those that wait: the cores that work at a time
		busy = v.of.Demand * float64(d.Cores) * float64(d.Count())
	}
	if math.IsNaN(busy) || busy <= 0 {
		return nil
	}
	for _, used := range []float64{.9, Target, .4, .2} {
		places := int(math.Ceil(busy / used))
		sizes = append(sizes, Proposal{Kind: "async", Title: title("%s: %s queued, %d at once", v.of.Node, what, places),
			Assumes: "Who asks is taken to need no answer of " + v.of.Node + ".",
			Change: append([]scenarios.Change{
				{Path: "nodes." + queue, Value: fmt.Sprintf("{kind: queue, to: %s, max_attempts: 3%s}", workers, v.regionOf(callers(from)...))},
				{Path: "nodes." + workers, Value: fmt.Sprintf("{kind: worker, concurrency: %d, handles: {default: [%s: %s]}%s%s}", places, from[0].op, v.of.Node,
					v.regionOf(callers(from)...), v.onSmallest())},
			}, changes...)})
	}
	f := steps(sizes)
	f[0].Start = 1
	return f
}

// published writes the short form of a caller's work as steps, with a message in place of the call.
func (v *view) published(s site, queue string) []scenarios.Change {
	at := "nodes." + s.caller
	var list string
	if work := v.doc.At(at + ".work"); work != nil {
		list = "cpu: " + work.Text() + ", "
	}
	for i, item := range v.doc.At(at + ".calls").Items() {
		if i > 0 {
			list += ", "
		}
		if item.Text() == v.of.Node {
			list += "publish: " + queue
		} else {
			list += "call: " + item.Text()
		}
	}
	long := scenarios.Change{Path: at + ".handles", Value: "{default: [" + list + "]}", Replaces: at + ".calls"}
	if !v.doc.Given(at + ".work") {
		return []scenarios.Change{long}
	}
	again := long
	again.Replaces = at + ".work"
	return []scenarios.Change{long, again}
}
