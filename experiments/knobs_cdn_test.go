package experiments_test

import (
	"slices"
	"strings"
)

func init() {
	bases["cdn"] = ofRun + "traffic: {u: {enters: m, rate: 75/s}}\nnodes: {m: {kind: cdn, cores: 1, work: exp(10ms), hit_ratio: 100%, origin: x}, x: {kind: external}}"
	bases["cdn for a dollar"] = strings.Replace(bases["cdn"], "cores: 1", "cores: 1, price: $1/h", 1)
	bases["cdn of classes"] = strings.NewReplacer("traffic: {u: {", "requests: {gold: {priority: 1}, rest: {}}\ntraffic: {u: {mix: {gold: 20%, rest: 80%}, ").Replace(bases["cdn"])
	for from, to := range map[string]string{"contents": "edge contents", "stampede": "edge stampede", "cold": "cold edge", "memory": "edge memory"} {
		bases[to] = strings.NewReplacer("{kind: cache,", "{kind: cdn,", "read: c", "call: c").Replace(bases[from])
	}
	bases["edge ratio"] = strings.Replace(bases["edge contents"], "entries: 200", "hit_ratio: 50%", 1)
}

// cdnKnobs turn what edges have: a machine's queue, and a cache's contents.
func cdnKnobs() []knob {
	queue := slices.DeleteFunc(queueKnobs("cdn", "cdn", "cores", "work"), func(k knob) bool { return k.key == "cdn.instances" })
	return append(queue, []knob{
		{"cdn.kind", "cdn", "nodes.m={kind: external, latency: exp(10ms)}", "mean", down, ""},
		{"cdn.instances", "cdn", "nodes.m.instances=2", "", 0, "it has no `instances`"},
		{"cdn.edges", "cdn", "nodes.m.edges=[us]", "", 0, "the scenario has no `regions`"},
		{"cdn.shield", "cdn", "nodes.m.shield=us", "", 0, "the scenario has no `regions`"},
		{"cdn.hit_ratio", "edge ratio", "nodes.c.hit_ratio=90%", "mean", down, ""},
		{"cdn.entries", "edge contents", "nodes.c.entries=2k", "hits", up, ""},
		{"cdn.memory", "edge memory", "nodes.c.memory=2MB", "hits", up, ""},
		{"cdn.policy=lru", "edge contents", "nodes.c.policy=lru", "hits", same, ""},
		{"cdn.policy=lfu", "edge contents", "nodes.c.policy=lfu", "hits", up, ""},
		{"cdn.policy=fifo", "edge contents", "nodes.c.policy=fifo", "hits", down, ""},
		{"cdn.policy=random", "edge contents", "nodes.c.policy=random", "hits", down, ""},
		{"cdn.policy=s3-fifo", "edge contents", "nodes.c.policy=s3-fifo", "hits", up, ""},
		{"cdn.policy", "edge ratio", "nodes.c.policy=lfu", "", 0, "`policy` has no effect"},
		{"cdn.ttl", "edge contents", "nodes.c.ttl=1s", "hits", down, ""},
		{"cdn.coalesce", "edge stampede", "nodes.c.coalesce=true", "to db", down, ""},
		{"cdn.warm", "cold edge", "nodes.c.warm=false", "hits", down, ""},
		{"cdn.origin", "edge ratio", "nodes.c.origin=slow", "mean", up, ""},
		{"cdn.contention", "cdn", "nodes.m.cores=2; nodes.m.contention={sigma: 100%, kappa: 20%}", "mean", up, ""},
		{"cdn.machine", "cdn", "nodes.m={kind: cdn, machine: 8-cpu, work: exp(10ms), hit_ratio: 100%, origin: x}", "mean", down, ""},
	}...)
}
