package experiments_test

import "headroom/experiments"

func init() {
	bases["rebalanced"] = `
run: {duration: 20s, warmup: 1s}
slo: [p99 < 1s]
data: {items: {keys: 100k}}
requests: {get: {data: items}}
traffic: {u: {enters: m, rate: 150/s}}
nodes: {m: {kind: database, cores: 1, shards: 2, shard_by: consistent-hash, price: $1/h, read: exp(10ms)}}
events: [{at: 5s, rebalance: m, shards: 3}]`
	figures["moved"] = func(r *experiments.Result) measured { return exactly(r.Events[0].Moved) }
	figures["copied"] = func(r *experiments.Result) measured { return exactly(r.Events[0].Copied) }
}

// rebalanceKnobs turn what a rebalance moves, and what it costs.
func rebalanceKnobs() []knob {
	return []knob{
		{"event.rebalance", "rebalanced", "events=[]", "cost", down, ""},
		{"event.rebalance", "rebalanced", "events=[{at: 5s, rebalance: u, shards: 3}]", "", 0, "unknown node `u`"},
		{"event.shards", "rebalanced", "events.0.shards=8", "moved", up, ""},
		{"event.shards", "rebalanced", "events.0.shards=2", "", 0, "nothing happens"},
		{"event.for", "rebalanced", "events.0.for=5s", "cost", same, ""}, // what is under way is done first
		{"database.shard_by", "rebalanced", "nodes.m.shard_by=hash", "moved", up, ""},
		{"database.virtual_nodes", "rebalanced", "nodes.m.virtual_nodes=1", "moved", down, ""},
		{"database.data_size", "rebalanced", "nodes.m.data_size=1GB", "copied", down, ""},
		{"database.write", "rebalanced", "nodes.m.write=exp(1ms)", "copied", up, ""},
		{"database.bandwidth", "rebalanced", "nodes.m.bandwidth=1Mbps", "copied", down, ""},
	}
}
