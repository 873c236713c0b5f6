package experiments_test

import (
	"slices"
	"strings"
)

// allKnobs are the knobs of the table, those that all kinds with a queue have, and the distributions.
func allKnobs() []knob {
	return slices.Concat(knobs, queueKnobs("station", "station", "servers", "service"), queueKnobs("server", "server", "cores", "work"),
		queueKnobs("database", "database", "cores", "read"), queueKnobs("load-balancer", "balancer", "cores", "work"),
		queueKnobs("cache", "cache", "cores", "get"), idleKnobs(), machineKnobs(), cdnKnobs(), networkKnobs(), shedKnobs(), scaleKnobs(), geoKnobs(), eventKnobs(), callKnobs(),
		priceKnobs(), rebalanceKnobs(), precisionKnobs(), distributionKnobs())
}

// queueKnobs turn what every kind with a queue has: the keys of its number of servers and of its time are named.
func queueKnobs(kind, base, servers, time string) []knob {
	discipline, all := kind+".discipline", []knob{
		{kind + ".instances", base, "nodes.m.instances=2", "mean", down, ""},
		{kind + ".instances", base, "nodes.m.instances=auto(20%)", "mean", down, ""},
		{kind + ".instances", base, "nodes.m.instances=auto(80%)", "mean", same, ""},
		{kind + "." + servers, base, "nodes.m.SERVERS=2", "mean", down, ""},
		{kind + "." + time, base, "nodes.m.TIME=exp(5ms)", "mean", down, ""},
		{kind + ".backlog", base, "nodes.m.backlog=1", "goodput", down, ""},
		{kind + ".backlog", base, "nodes.m.backlog=1; nodes.m.SERVERS=unlimited", "", 0, "`backlog` has no effect"},
		{kind + ".drop_after", base, "nodes.m.drop_after=5ms", "goodput", down, ""},
		{kind + ".drop_after", base, "nodes.m.drop_after=5ms; nodes.m.discipline=ps", "", 0, "`drop_after` has no effect"},
	}
	if kind != "station" {
		all = append(all, knob{kind + ".speed", base, "nodes.m.speed=2", "mean", down, ""})
	}
	all = append(all,
		knob{discipline + "=fifo", base, "nodes.m.discipline=fifo", "mean", same, ""},
		knob{discipline + "=lifo", base, "nodes.m.discipline=lifo", "p99", up, ""},
		knob{discipline + "=ps", base, "nodes.m.discipline=ps", "p50", down, ""}, // the short ones overtake the long ones
		knob{discipline + "=priority", base + " of classes", "nodes.m.discipline=priority", "gold", down, ""},
		knob{discipline + "=priority-preemptive", base + " of classes", "nodes.m.discipline=priority-preemptive", "gold", down, ""},
		knob{discipline + "=priority", base, "nodes.m.discipline=priority", "", 0, "all request classes have the same `priority`"},
	)
	for i := range all {
		all[i].changes = strings.NewReplacer("SERVERS", servers, "TIME", time).Replace(all[i].changes)
	}
	return all
}

// idleKnobs turn the keys of a machine on one that takes no time.
func idleKnobs() []knob {
	var all []knob
	for _, set := range []string{
		"cores=2", "speed=2", "backlog=1", "drop_after=5ms", "discipline=fifo", "discipline=lifo", "discipline=ps", "discipline=priority",
		"discipline=priority-preemptive",
	} {
		key, _, _ := strings.Cut(set, "=")
		if key == "discipline" {
			key = set
		}
		all = append(all, knob{"rate-limiter." + key, "limiter", "nodes.m." + set, "", 0, "has no effect"})
	}
	return all
}

// priceKnobs give a price to what has a node m.
func priceKnobs() []knob {
	var all []knob
	for kind, base := range map[string]string{
		"station": "station", "server": "server", "database": "database", "load-balancer": "balancer", "external": "external", "cache": "cache",
		"rate-limiter": "limiter", "queue": "queue", "worker": "worker", "cdn": "cdn",
	} {
		all = append(all, knob{kind + ".price", base + " for a dollar", "nodes.m.price=$2/h", "cost", up, ""})
	}
	return all
}

// distributionKnobs turn an exponential time of 10 ms into each of the other distributions.
func distributionKnobs() []knob {
	knobs := []knob{
		{"time=exp", "constant", "nodes.m.latency=exp(10ms)", "p99", up, ""},
		{"time=exp", "constant", "nodes.m.latency=exp(mean=20ms)", "mean", up, ""},
	}
	for _, d := range []struct {
		text, figure string
		moves        move
	}{
		{"10ms", "p99", down},
		{"uniform(5ms 15ms)", "p99", down}, {"uniform(min=5ms max=45ms)", "mean", up},
		{"normal(mean=10ms sd=2ms)", "p99", down}, {"normal(mean=5ms sd=1ms)", "mean", down},
		{"lognormal(mean=10ms cv=3)", "p99", up}, {"lognormal(p50=4ms p99=400ms)", "p99", up}, {"lognormal(p50=4ms p99=400ms)", "p50", down},
		{"erlang(k=4 mean=10ms)", "p99", down}, {"erlang(k=4 mean=20ms)", "mean", up},
		{"gamma(mean=10ms cv=0.5)", "p99", down}, {"gamma(mean=10ms cv=2)", "p99", up},
		{"hyperexp(mean=10ms cv=3)", "p99", up}, {"hyperexp(mean=20ms cv=1)", "mean", up},
		{"pareto(min=1ms shape=2.2)", "p99", down}, {"pareto(min=20ms shape=2.2)", "p50", up},
		{"weibull(mean=10ms shape=0.7)", "p99", up}, {"weibull(mean=10ms shape=2)", "p99", down},
		{"quantiles(p0=1ms p50=4ms p99=40ms p100=200ms)", "p50", down},
		{"samples(times.csv)", "p99", down}, // the longest of them is 12 ms
		{"mix(90% 1ms | 10% exp(200ms))", "p99", up}, {"mix(90% 1ms | 10% exp(200ms))", "p50", down},
	} {
		name, _, _ := strings.Cut(d.text, "(")
		knobs = append(knobs, knob{"time=" + name, "external", "nodes.m.latency=" + d.text, d.figure, d.moves, ""})
	}
	return knobs
}

var knobs = []knob{
	{"scenario.headroom", "station", "headroom=1", "mean", same, ""},
	{"scenario.headroom", "station", "headroom=2", "", 0, "expected 1"},
	{"scenario.name", "station", "name=A desk", "name", other, ""},
	{"scenario.about", "station", "about=How long people wait", "source", other, ""},
	{"scenario.run", "station", "run={requests: 2k}", "simulated", down, ""},
	{"scenario.slo", "station", "slo=[p99 < 1s, mean < 1s, errors < 1%]", "targets", up, ""},
	{"scenario.requests", "writes", "requests={order: {}}", "mean", down, ""},
	{"scenario.traffic", "station", "traffic={u: {enters: m, rate: 50/s}}", "offered", down, ""},
	{"scenario.nodes", "station", "nodes={m: {kind: external, latency: 1ms}}", "mean", down, ""},
	{"scenario.variants", "variants", "--variant=wide", "mean", down, ""},

	{"scenario.data", "contents", "data.items={keys: 300}", "hits", up, ""},
	{"scenario.observed", "station", "observed={p99: 180ms, m.servers: 70%}", "observed", up, ""},

	{"run.duration", "long", "run.duration=40s", "simulated", up, ""},
	{"run.duration", "stages", "run.duration=40s", "", 0, "`duration` has no effect"},
	{"run.requests", "station", "run.requests=2k", "simulated", down, ""},
	{"run.warmup", "long", "run.warmup=2s", "warm-up", up, ""},
	{"run.replications", "long", "run.replications=3", "runs", up, ""},
	{"run.seed", "station", "run.seed=2", "mean", other, ""},

	{"request class.write", "writes", "requests.order.write=false", "mean", down, ""},
	{"request class.data", "contents", "requests.request.data=few", "hits", up, ""},
	{"request class.cacheable", "ratio", "requests.request.cacheable=false", "mean", up, ""},
	{"request class.request", "calls", "requests.request.request=1KB", "bytes", up, ""},
	{"request class.response", "calls", "requests.request.response=1KB", "bytes", up, ""},
	{"response.size", "calls", "requests.request.response={size: 1KB}", "bytes", up, ""},
	{"request class.priority", "two classes", "requests.gold.priority=-1", "gold", up, ""},
	{"request class.priority", "two classes", "nodes.m.discipline=fifo", "", 0, "`priority` has no effect"},

	{"source.enters", "two stations", "nodes.till.service=exp(1ms); traffic.u.enters=till", "mean", down, ""},
	{"source.rate", "station", "traffic.u.rate=90/s", "mean", up, ""},
	{"source.stages", "stages", "traffic.u.stages=[{for: 10s, rate: 200/s}]", "offered", down, ""},
	{"source.users", "users", "traffic.u.users=50", "mean", up, ""},
	{"source.replay", "station", "traffic={u: {enters: m, replay: trace.csv}}", "simulated", down, ""},
	{"source.replay", "replay", "run.duration=10s", "", 0, "the run is as long as the replay"},
	{"source.speed", "replay", "traffic.u.speed=2x", "simulated", down, ""},
	{"source.speed", "station", "traffic.u.speed=2x", "", 0, "`speed` has no effect"},
	{"source.think", "users", "traffic.u.think=exp(10ms)", "offered", up, ""},
	{"source.think", "station", "traffic.u.think=exp(10ms)", "", 0, "`think` has no effect"},
	{"source.mix", "calls", "traffic.u.mix={order: 100%}", "mean", up, ""},
	{"source.arrivals=poisson", "station", "traffic.u.arrivals=poisson", "mean", same, ""},
	{"source.arrivals=constant", "station", "traffic.u.arrivals=constant", "mean", down, ""},
	{"source.arrivals=erlang", "station", "traffic.u.arrivals=erlang(k=8)", "mean", down, ""},
	{"source.arrivals=hyperexp", "station", "traffic.u.arrivals=hyperexp(cv=3)", "mean", up, ""},
	{"source.arrivals", "users", "traffic.u.arrivals=constant", "", 0, "`arrivals` has no effect"},
	{"source.clients", "clients", "traffic.u.clients=3", "mean", up, ""},
	{"source.clients", "station", "traffic.u.clients=3", "", 0, "`clients` has no effect"},
	{"source.clients", "users", "traffic.u.clients=3", "", 0, "`clients` has no effect"},
	{"source.client_popularity", "clients", "traffic.u.client_popularity=zipf(2)", "mean", up, ""},
	{"source.client_popularity", "clients", "traffic.u.client_popularity=uniform", "mean", same, ""},
	{"source.client_popularity", "station", "traffic.u.client_popularity=zipf(1)", "", 0, "`client_popularity` has no effect without `clients`"},
	{"source.client_popularity", "users", "traffic.u.client_popularity=zipf(1)", "", 0, "`client_popularity` has no effect with `users`"},
	{"source.batch", "station", "traffic={u: {enters: m, batch: {every: 1s, size: 50}}}", "mean", up, ""},
	{"source.batch", "station", "traffic.u.batch={every: 1s, size: 50}", "", 0, "not several"},
	{"batch.every", "batches", "traffic.u.batch.every=600ms", "offered", up, ""},
	{"batch.size", "batches", "traffic.u.batch.size=20", "mean", down, ""},
	{"source.arrivals", "batches", "traffic.u.arrivals=constant", "", 0, "`arrivals` has no effect"},
	{"source.scales", "batches", "traffic.u.scales=true", "", 0, "`scales` has no effect"},
	{"source.browser_cache", "browsing", "traffic.u.browser_cache={hit_ratio: 90%}", "mean", down, ""},
	{"browser cache.hit_ratio", "browsing", "traffic.u.browser_cache={hit_ratio: 90%}", "from u", down, ""},
	{"browser cache.entries", "browsing", "traffic.u.browser_cache.entries=100", "from u", down, ""},
	{"browser cache.entries", "browsing", "traffic={u: {enters: m, rate: 75/s, browser_cache: {entries: 5}}}", "", 0, "`browser_cache` never hits"},
	{"browser cache.ttl", "browsing", "traffic.u.browser_cache.ttl=1s", "from u", up, ""},
	{"browser cache.ttl", "browsing", "traffic.u.browser_cache={hit_ratio: 90%, ttl: 1s}", "", 0, "`ttl` has no effect"},
	{"source.scales", "at 500/s", "traffic.u.scales=false", "from u", down, ""},
	{"source.scales", "users", "traffic.u.scales=false", "", 0, "`scales` has no effect"},

	{"stage.for", "stages", "traffic.u.stages.0.for=30s", "offered", down, ""},
	{"stage.rate", "stages", "traffic.u.stages.0.rate=100/s", "offered", down, ""},
	{"stage.to", "stages", "traffic.u.stages.1.to=1600/s", "offered", up, ""},
	{"stage.curve=linear", "stages", "traffic.u.stages.1.curve=linear", "offered", same, ""},
	{"stage.curve=exponential", "stages", "traffic.u.stages.1.curve=exponential", "offered", down, ""},
	{"stage.curve", "stages", "traffic.u.stages.0.curve=exponential", "", 0, "`curve` has no effect"},

	{"station.kind", "station", "nodes.m={kind: external, latency: exp(10ms)}", "mean", down, ""},
	{"station.next", "two stations", "nodes.m.next={till: 100%}", "mean", up, ""},

	{"server.kind", "server", "nodes.m={kind: station, service: exp(5ms)}", "mean", down, ""},
	{"server.concurrency", "calls", "nodes.m.concurrency=2", "mean", up, ""},
	{"server.pools", "calls", "nodes.m.pools={db: 1}", "mean", up, ""},
	{"server.pools", "calls", "nodes.m.pools={m: 1}", "", 0, "the pool `m` has no effect"},
	{"server.calls", "calls", "nodes.m.calls=[db, db]", "mean", up, ""},
	{"server.handles", "steps", "nodes.m.handles={default: [cpu: exp(5ms)]}", "mean", down, ""},

	{"step.cpu", "steps", "nodes.m.handles.default.0.cpu=exp(10ms)", "mean", up, ""},
	{"step.delay", "serial", "nodes.m.handles.default.0.delay=exp(10ms)", "mean", down, ""},
	{"step.call", "steps", "nodes.m.handles.default=[cpu: exp(5ms), call: db, call: db]", "mean", up, ""},
	{"step.read", "steps", "nodes.m.handles.default=[cpu: exp(5ms), read: db, read: db]", "mean", up, ""},
	{"step.write", "steps", "nodes.m.handles.default=[cpu: exp(5ms), write: db]", "mean", up, ""},
	{"step.as", "steps", "nodes.m.handles.default=[cpu: exp(5ms), {call: db, as: order}]", "mean", up, ""},
	{"step.publish", "failing jobs", "nodes.m2={kind: server, cores: 1, handles: {default: [publish: m, publish: m]}}; traffic.u.enters=m2", "done", up, ""},
	{"step.parallel", "serial", "nodes.m.handles.default=[parallel: [[delay: exp(20ms)], [delay: exp(20ms)]]]", "mean", down, ""},
	{"step.scatter", "steps", "nodes.m.handles.default=[cpu: exp(5ms), scatter: {to: db, count: 4}]", "mean", up, ""},
	{"step.chance", "chance", "nodes.m.handles.default.1.chance=80%", "mean", up, ""},
	{"step.do", "chance", "nodes.m.handles.default.1.do=[delay: exp(200ms)]", "mean", up, ""},
	{"step.lock", "serial", "nodes.m.handles.default=[lock: {name: row, do: [delay: exp(15ms)]}, delay: exp(20ms)]", "mean", up, ""},
	{"step.times", "chance", "nodes.m.handles.default.1.times=4", "mean", up, ""},
	{"step.respond", "serial", "nodes.m.handles.default=[delay: exp(20ms), respond, delay: exp(20ms)]", "mean", down, ""},
	{"scatter.to", "scatter", "nodes.m.handles.default.0.scatter.to=y", "mean", up, ""},
	{"scatter.count", "scatter", "nodes.m.handles.default.0.scatter.count=8", "mean", up, ""},
	{"scatter.quorum", "scatter", "nodes.m.handles.default.0.scatter.quorum=1", "mean", down, ""},
	{"lock.name", "locks", "nodes.m.handles.gold.0.lock.name=other", "mean", down, ""},
	{"lock.by=all", "locks", "nodes.m.handles.gold.0.lock.by=all", "mean", same, ""},
	{"lock.by=key", "row locks", "nodes.m.handles.default.0.lock.by=key", "mean", down, ""},
	{"lock.do", "locks", "nodes.m.handles.gold.0.lock.do=[delay: exp(1ms)]", "rest", down, ""},

	{"data set.keys", "contents", "data.items.keys=1k", "hits", up, ""},
	{"data set.popularity=uniform", "contents", "data.items.popularity=uniform", "hits", down, ""},
	{"data set.popularity=zipf", "contents", "data.items.popularity=zipf(1.3)", "hits", up, ""},
	{"data set.popularity=hot", "contents", "data.items.popularity=hot(1% 90%)", "hits", up, ""},
	{"data set.popularity=scan", "contents", "data.items.popularity=scan", "hits", down, ""},
	{"data set.size", "memory", "data.items.size=100B", "hits", up, ""},

	{"cache.kind", "cache", "nodes.m={kind: external, latency: exp(10ms)}", "mean", down, ""},
	{"cache.hit_ratio", "ratio", "nodes.c.hit_ratio=90%", "mean", down, ""},
	{"cache.entries", "contents", "nodes.c.entries=2k", "hits", up, ""},
	{"cache.memory", "memory", "nodes.c.memory=2MB", "hits", up, ""},
	{"cache.policy=lru", "contents", "nodes.c.policy=lru", "hits", same, ""},
	{"cache.policy=lfu", "contents", "nodes.c.policy=lfu", "hits", up, ""},
	{"cache.policy=fifo", "contents", "nodes.c.policy=fifo", "hits", down, ""},
	{"cache.policy=random", "contents", "nodes.c.policy=random", "hits", down, ""},
	{"cache.policy=s3-fifo", "contents", "nodes.c.policy=s3-fifo", "hits", up, ""},
	{"cache.policy", "ratio", "nodes.c.policy=lfu", "", 0, "`policy` has no effect"},
	{"cache.ttl", "contents", "nodes.c.ttl=1s", "hits", down, ""},
	{"cache.ttl_reset", "expiring", "nodes.c.ttl_reset=true", "hits", up, ""},
	{"cache.ttl_reset", "contents", "nodes.c.ttl_reset=true", "", 0, "`ttl_reset` has no effect"},
	{"cache.set", "contents", "nodes.c.set=exp(2ms)", "mean", up, ""},
	{"cache.mode=aside", "contents", "nodes.c.mode=aside", "mean", same, ""},
	{"cache.mode=through", "contents", "nodes.c.mode=through", "c to db", up, ""},
	{"cache.mode=write-through", "saving", "nodes.c.mode=write-through", "mean", same, ""},
	{"cache.mode=write-behind", "saving", "nodes.c.mode=write-behind", "mean", down, ""},
	{"cache.coalesce", "stampede", "nodes.c.coalesce=true", "to db", down, ""},
	{"cache.warm", "cold", "nodes.c.warm=false", "hits", down, ""},
	{"cache.warm", "ratio", "nodes.c.warm=false", "", 0, "`warm` has no effect"},
	{"cache.virtual_nodes", "ring", "nodes.c.virtual_nodes=1", "hits", down, ""},
	{"cache.virtual_nodes", "contents", "nodes.c.virtual_nodes=1", "", 0, "`virtual_nodes` has no effect"},
	{"cache.origin", "ratio", "nodes.c.origin=slow", "mean", up, ""},

	{"database.kind", "database", "nodes.m={kind: external, latency: exp(10ms)}", "mean", down, ""},
	{"database.shards", "sharded", "nodes.m.shards=4", "mean", down, ""},
	{"database.shard_by=hash", "sharded", "nodes.m.shard_by=hash", "mean", same, ""},
	{"database.shard_by=range", "sharded", "nodes.m.shard_by=range", "mean", up, ""},
	{"database.shard_by=consistent-hash", "sharded", "nodes.m.shard_by=consistent-hash", "mean", other, ""},
	{"database.virtual_nodes", "sharded", "nodes.m.shard_by=consistent-hash; nodes.m.virtual_nodes=1", "mean", other, ""},
	{"database.replicas", "sharded", "nodes.m.read_from=any; nodes.m.replicas=4", "mean", down, ""},
	{"database.read_from=primary", "sharded", "nodes.m.read_from=primary", "mean", same, ""},
	{"database.read_from=replicas", "sharded", "nodes.m.read_from=replicas", "mean", down, ""},
	{"database.read_from=any", "sharded", "nodes.m.read_from=any", "mean", down, ""},
	{"database.replication_lag", "sharded", "nodes.m.sync_replicas=1; nodes.m.replication_lag=200ms", "mean", up, ""},
	{"database.sync_replicas", "sharded", "nodes.m.sync_replicas=1; nodes.m.replication_lag=100ms", "mean", up, ""},
	{"database.cross_shard", "sharded", "nodes.m.cross_shard=50%", "mean", up, ""},
	{"database.query_cache", "query", "nodes.m.query_cache={hit_ratio: 50%}", "mean", down, ""},
	{"query cache.hit_ratio", "sharded", "nodes.m.query_cache.hit_ratio=50%", "mean", down, ""},
	{"query cache.entries", "query", "nodes.m.query_cache={entries: 20}", "", 0, "`query_cache` has no effect"},
	{"query cache.entries", "sharded", "nodes.m.query_cache.entries=20", "mean", down, ""},
	{"database.data_size", "paged", "nodes.m.data_size=100GB", "mean", up, ""},
	{"database.data_size", "paged", "nodes.m.data_size=1GB", "", 0, "all data of an instance is in memory"},
	{"database.memory", "paged", "nodes.m.memory=9GB", "mean", down, ""},
	{"database.memory", "query", "nodes.m.memory=9GB", "", 0, "`memory` has no effect"},
	{"database.disk", "paged", "nodes.m.disk={iops: 10k, latency: 50ms}", "mean", up, ""},
	{"disk.iops", "paged", "nodes.m.disk.iops=1k", "mean", down, ""},
	{"disk.latency", "paged", "nodes.m.disk.latency=20ms", "mean", up, ""},
	{"database.connections", "query", "nodes.m.connections=1", "mean", up, ""},
	{"database.write", "writes", "nodes.m.write=exp(5ms)", "mean", down, ""},
	{"query.cpu", "query", "nodes.m.read.cpu=exp(5ms)", "mean", down, ""},
	{"query.delay", "query", "nodes.m.read.delay=exp(100ms)", "mean", up, ""},

	{"queue.kind", "queue", "nodes.m={kind: external, latency: exp(1ms)}", "mean", up, ""},
	{"queue.instances", "queue", "nodes.m.instances=2", "", 0, "`instances` has no effect"},
	{"queue.to", "queue", "nodes.m.to=fast", "done", down, ""},
	{"queue.partitions", "failing jobs", "nodes.m.partitions=8; traffic.u.clients=1k", "done", up, ""},
	{"queue.capacity", "queue", "nodes.m.capacity=1", "goodput", down, ""},
	{"queue.max_attempts", "failing jobs", "nodes.m.max_attempts=2", "dead", down, ""},
	{"queue.visibility_timeout", "failing jobs", "nodes.m.visibility_timeout=30ms", "again", up, ""},
	{"queue.dead_letter", "failing jobs", "nodes.m.dead_letter=lost", "buried", up, ""},

	{"worker.kind", "worker", "nodes.m.kind=server", "", 0, "messages are taken by a node of kind worker"},
	{"worker.instances", "worker", "nodes.m.instances=2", "done", down, ""},
	{"worker.instances", "worker", "nodes.m.instances=auto(20%)", "done", down, ""},
	{"worker.cores", "worker", "nodes.m.cores=2", "done", down, ""},
	{"worker.speed", "worker", "nodes.m.speed=2", "done", down, ""},
	{"worker.work", "worker", "nodes.m.work=exp(5ms)", "done", down, ""},
	{"worker.discipline=fifo", "worker", "nodes.m.discipline=fifo", "done", same, ""},
	{"worker.discipline=lifo", "worker", "nodes.m.discipline=lifo", "done p99", up, ""},
	{"worker.discipline=ps", "worker", "nodes.m.discipline=ps", "done p50", down, ""},
	{"worker.discipline=priority", "worker of classes", "nodes.m.discipline=priority", "gold done", down, ""},
	{"worker.discipline=priority-preemptive", "worker of classes", "nodes.m.discipline=priority-preemptive", "gold done", down, ""},
	{"worker.discipline", "worker", "nodes.m.discipline=lifo; nodes.m.concurrency=unlimited", "", 0, "`discipline` has no effect"},
	{"worker.backlog", "worker", "nodes.m.backlog=1", "", 0, "`backlog` has no effect"},
	{"worker.drop_after", "worker", "nodes.m.drop_after=1ms", "", 0, "`drop_after` has no effect"},
	{"worker.concurrency", "failing jobs", "nodes.w.concurrency=6", "done", up, ""},
	{"worker.pools", "failing jobs", "nodes.w.pools={x: 5}", "done", up, ""},
	{"worker.calls", "worker", "nodes.x={kind: external, latency: 50ms}; nodes.m.calls=[x]", "done", up, ""},
	{"worker.handles", "failing jobs", "nodes.w.handles={default: [call: x]}", "done", down, ""},

	{"external.kind", "external", "nodes.m={kind: station, service: exp(10ms)}", "mean", up, ""},
	{"external.instances", "external", "nodes.m.instances=2", "", 0, "`instances` has no effect"},
	{"external.latency", "external", "nodes.m.latency=exp(5ms)", "mean", down, ""},
	{"external.failures", "external", "nodes.m.failures=20%", "goodput", down, ""},
	{"external.limit", "external", "nodes.m.limit=50/s", "goodput", down, ""},

	{"rate-limiter.kind", "limiter", "nodes.m={kind: load-balancer, to: x}", "goodput", up, ""},
	{"rate-limiter.instances", "limiter", "nodes.m.instances=2", "", 0, "`instances` has no effect"},
	{"rate-limiter.algorithm=token-bucket", "limiter", "nodes.m.algorithm=token-bucket", "goodput", same, ""},
	{"rate-limiter.algorithm=sliding-window", "limiter", "nodes.m.algorithm=sliding-window", "goodput", up, ""},
	{"rate-limiter.algorithm=sliding-log", "limiter", "nodes.m.algorithm=sliding-log", "goodput", up, ""},
	{"rate-limiter.algorithm=fixed-window", "limiter", "nodes.m.algorithm=fixed-window", "goodput", up, ""},
	{"rate-limiter.algorithm=leaky-bucket", "limiter", "nodes.m.algorithm=leaky-bucket", "mean", up, ""},
	{"rate-limiter.limit", "limiter", "nodes.m.limit=40/s", "goodput", down, ""},
	{"rate-limiter.per=all", "limiter", "nodes.m.per=all", "goodput", same, ""},
	{"rate-limiter.per=client", "limiter", "nodes.m.per=client; traffic.u.clients=40", "goodput", up, ""},
	{"rate-limiter.per=client", "limiter", "nodes.m.per=client", "", 0, "`per: client` has no effect on `u`"},
	{"rate-limiter.per=request", "limiter of classes", "nodes.m.per=request", "goodput", up, ""},
	{"rate-limiter.burst", "limiter", "nodes.m.burst=20", "goodput", up, ""},
	{"rate-limiter.burst", "window limiter", "nodes.m.burst=20", "", 0, "`burst` has no effect"},
	{"rate-limiter.window", "window limiter", "nodes.m.window=1s", "goodput", up, ""},
	{"rate-limiter.window", "limiter", "nodes.m.window=1s", "", 0, "`window` has no effect"},
	{"rate-limiter.to", "limiter", "nodes.m.to=y", "mean", up, ""},

	{"load-balancer.kind", "balancer", "nodes.m={kind: external, latency: exp(10ms)}; nodes.x.latency=1ms", "mean", down, ""},
	{"load-balancer.to", "unequal targets", "nodes.m.to=fast", "mean", down, ""},
	{"load-balancer.to", "targets", "nodes.m.to={api: 3}; nodes.m.algorithm=weighted", "", 0, "without different weights"},
	{"load-balancer.algorithm=round-robin", "targets", "nodes.m.algorithm=round-robin", "mean", same, ""},
	{"load-balancer.algorithm=random", "targets", "nodes.m.algorithm=random", "mean", up, ""},
	{"load-balancer.algorithm=least-connections", "targets", "nodes.m.algorithm=least-connections", "mean", down, ""},
	{"load-balancer.algorithm=power-of-two", "targets", "nodes.m.algorithm=power-of-two; nodes.m.choices=4", "mean", down, ""},
	{"load-balancer.algorithm=ip-hash", "targets", "nodes.m.algorithm=ip-hash", "mean", up, ""},
	{"load-balancer.algorithm=weighted", "unequal targets", "nodes.m.algorithm=weighted", "mean", down, ""},
	{"load-balancer.algorithm=weighted-random", "unequal targets", "nodes.m.algorithm=weighted-random", "mean", down, ""},
	{"load-balancer.algorithm=least-response-time", "unequal targets", "nodes.m.algorithm=least-response-time", "mean", down, ""},
	{"load-balancer.algorithm=consistent-hash", "targets", "nodes.m.algorithm=consistent-hash; run.requests=20k", "mean", up, ""},
	{"load-balancer.virtual_nodes", "hashed targets", "nodes.m.virtual_nodes=1", "mean", up, ""},
	{"load-balancer.virtual_nodes", "targets", "nodes.m.virtual_nodes=1", "", 0, "`virtual_nodes` has no effect"},
	{"load-balancer.health_check", "deaths", "nodes.m.health_check={every: 5s}", "goodput", down, ""},
	{"load-balancer.health_check", "targets", "nodes.m.health_check={every: 1s}", "", 0, "no event strikes"},
	{"health check.every", "deaths", "nodes.m.health_check.every=3s", "goodput", down, ""},
	{"health check.fails", "deaths", "nodes.m.health_check.fails=5", "goodput", down, ""},

	{"scenario.events", "deadly", "events=[]", "goodput", up, ""},
	{"event.at", "deadly", "events.0.at=10s", "simulated", up, ""},
	{"event.for", "deadly", "events.0.for=8s", "simulated", up, ""},
	{"event.kill", "deadly", "events.0.kill=m/1", "goodput", up, ""},
	{"event.instances", "deadly", "events.0.instances=2", "goodput", up, ""},
	{"event.resize", "targets", "run={duration: 20s}; events=[{at: 0s, resize: api, instances: 8}]", "mean", down, ""},
	{"event.resize", "server for a dollar", "run={duration: 20s}; events=[{at: 10s, resize: m, instances: 3}]", "cost", up, ""},

	{"load-balancer.choices", "two choices", "nodes.m.choices=1", "mean", up, ""},
	{"load-balancer.choices", "targets", "nodes.m.choices=4", "", 0, "`choices` has no effect"},
}
