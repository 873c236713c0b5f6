package experiments_test

func init() {
	bases["oceans"] = ofRun + `
regions: {rtt: {us: {eu: 80ms}}, last_mile: 8ms}
data: {users: {keys: 1k}}
requests: {get: {data: users}, put: {data: users, write: true}}
traffic: {u: {enters: m, rate: 75/s, mix: {get: 80%, put: 20%}, regions: {us: 50%, eu: 50%}}}
nodes: {m: {kind: database, region: us, shards: 2, replicas: {us: 1}, read_from: any, read: exp(1ms), write: exp(1ms)}}`
	bases["dead primary"] = `
run: {duration: 20s, warmup: 1s}
traffic: {u: {enters: m, rate: 200/s}}
nodes: {m: {kind: database, replicas: 1, read: exp(1ms)}}
events: [{at: 5s, kill: m/0}]`
}

// geoKnobs turn where the shards and replicas of databases are.
func geoKnobs() []knob {
	return []knob{
		{"database.replicas", "oceans", "nodes.m.replicas={us: 1, eu: 1}", "mean", down, ""},
		{"database.replicas", "oceans", "nodes.m.replicas={mars: 1}", "", 0, "unknown region"},
		{"database.replicas", "oceans", "nodes.m.replicas={us: 1, eu: 1}; nodes.m.read_from=primary", "", 0, "where `replicas` are has no effect"},
		{"database.shard_by=geo", "oceans", "nodes.m={kind: database, shard_by: geo, place: {us: 1, eu: 1}, read: exp(1ms), write: exp(1ms)}", "mean", down, ""},
		{"database.shard_by=geo", "oceans", "nodes.m={kind: database, shard_by: geo, place: {us: 2}, read: exp(1ms), write: exp(1ms)}", "", 0, "brings nobody's data nearer"},
		{"database.shard_by=geo", "sharded", "nodes.m.shard_by=geo", "", 0, "the scenario has no `regions`"},
		{"database.place", "oceans", "nodes.m={kind: database, shard_by: geo, place: {us: 1, mars: 1}}", "", 0, "unknown region"},
		{"database.shards", "oceans", "nodes.m={kind: database, shard_by: geo, shards: 3, place: {us: 1, eu: 1}}", "", 0, "`place` has 2 shards"},
		{"database.failover", "dead primary", "nodes.m.failover=3s", "goodput", up, ""},
		{"database.failover", "dead primary", "nodes.m.failover=3s; nodes.m.replicas=0", "", 0, "`failover` has no effect: there are no `replicas`"},
		{"database.failover", "dead primary", "nodes.m.failover=3s; events.0.for=2s", "", 0, "`failover` has no effect: no event kills a primary"},
		{"database.failover", "sharded", "nodes.m.failover=3s", "", 0, "`failover` has no effect: no event kills a primary"},
		{"database.sync_replicas", "oceans", "nodes.m.replicas={eu: 1}; nodes.m.read_from=primary; nodes.m.sync_replicas=1", "mean", up, ""},
	}
}
