package experiments_test

func init() {
	for kind, of := range shedding {
		bases[kind+" overloaded"] = ofRun + "traffic: {u: {enters: m, rate: 150/s}}\nnodes: {" + of.nodes + "}" // capacity is 100/s
	}
	bases["places overloaded"] = ofRun + "traffic: {u: {enters: m, rate: 150/s}}\nnodes: {m: {kind: server, cores: 1, drop_after: 1s, concurrency: 4, work: exp(10ms)}}"
}

// shedding are nodes m with a queue at admission, whose callers wait for a second at most, and the key without which nothing waits.
var shedding = map[string]struct{ nodes, time string }{
	"server":        {"m: {kind: server, cores: 1, drop_after: 1s, work: exp(10ms)}", ""},
	"database":      {"m: {kind: database, cores: 1, drop_after: 1s, read: exp(10ms)}", ""},
	"load-balancer": {"m: {kind: load-balancer, cores: 1, drop_after: 1s, work: exp(10ms), to: x}, x: {kind: external}", "work"},
	"cache":         {"m: {kind: cache, cores: 1, drop_after: 1s, get: exp(10ms), hit_ratio: 100%, origin: x}, x: {kind: external}", "get"},
	"cdn":           {"m: {kind: cdn, cores: 1, drop_after: 1s, work: exp(10ms), hit_ratio: 100%, origin: x}, x: {kind: external}", "work"},
}

// shedKnobs turn whom each kind sheds.
func shedKnobs() []knob {
	all := []knob{
		{"worker.shed", "worker", "nodes.m.shed=codel", "", 0, "`shed` has no effect"},
		{"rate-limiter.shed", "limiter", "nodes.m.shed=codel", "", 0, "`shed` has no effect"},
		{"server.shed", "places overloaded", "nodes.m.shed=codel", "mean", down, ""},
		{"server.shed", "places overloaded", "nodes.m.shed=adaptive-lifo", "p50", down, ""},
		{"server.shed", "places overloaded", "nodes.m.shed=gradient", "p50", down, ""},
	}
	for kind, of := range shedding {
		key, base := kind+".shed", kind+" overloaded"
		all = append(all,
			knob{key, base, "nodes.m.shed=none", "mean", same, ""},
			knob{key, base, "nodes.m.shed=codel", "mean", down, ""},
			knob{key, base, "nodes.m.shed=codel(target=5ms interval=100ms)", "mean", down, ""},
			knob{key, base, "nodes.m.shed=codel(interval=1h)", "mean", same, ""},
			knob{key, base, "nodes.m.shed=codel(target=2s)", "mean", same, ""},
			knob{key, base, "nodes.m.shed=adaptive-lifo", "p50", down, ""},
			knob{key, base, "nodes.m.shed=adaptive-lifo(after=990ms)", "mean", other, ""},
			knob{key, base, "nodes.m.shed=adaptive-lifo(after=1s)", "", 0, "nobody waits longer than 1s"},
			knob{key, base, "nodes.m.shed=codel; nodes.m.discipline=ps", "", 0, "`shed` has no effect"},
			knob{key, base, "nodes.m.shed=codel; nodes.m.cores=unlimited", "", 0, "`shed` has no effect"},
			knob{key, base, "nodes.m.shed=adaptive-lifo; nodes.m.discipline=lifo", "", 0, "serves the newest first always"},
		)
		if kind == "cache" || kind == "cdn" {
			all = append(all, knob{key, base, "nodes.m.shed=gradient", "", 0, "a " + kind + " knows `codel` and `adaptive-lifo`"})
		} else {
			all = append(all,
				knob{key, base, "nodes.m.shed=gradient", "mean", down, ""},
				knob{key, base, "nodes.m.shed=gradient; nodes.m.discipline=ps", "mean", down, ""})
		}
		if of.time != "" {
			all = append(all, knob{key, base, "nodes.m.shed=codel; nodes.m." + of.time + "=0s", "", 0, "`shed` has no effect"})
		}
	}
	return all
}
