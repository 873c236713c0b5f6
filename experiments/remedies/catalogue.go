package remedies

import (
	"headroom/scenarios"
)

// entry makes the families of one way to widen what limits, none where it does not fit the scenario.
type entry func(*view) []Family

// catalogue says for each class of bottleneck what can be done about it.
var catalogue = map[string][]entry{
	"cpu":      {connections, instances, balanced, autoscaled, bigger, algorithm, cdn, largerCache},
	"database": {cache, replicas, shards, bigger, writesLater},
	"shard":    {shardKey, cache, replicas, shards, bigger, connections},
	"memory":   {memory, bigger, disk, cache, instances, balanced, shards, replicas, callsLater},
	"network":  {bandwidth, bigger, compression, format, cdn, instances, balanced, replicas, cache},
	"distance": {nearer, replicasNear, cache, cdn, atOnce, callsLater},
	"pool":     {connections, instances, balanced, cache, replicas, callsLater, fallback},
	"limit":    {allowance, burst, leaky, backlog, connections, instances, balanced, lockByKey, largerFunction},
	"external": {externalLimit, cache, retried, hedged, fallback, callsLater},
	"retries":  {budget, noRetries, cancelled, dropped, breaker, patience, instances, balanced, bigger, cache, replicas, shards, connections},
}

// For returns the ways to widen what limits a scenario, each with its sensible sizes. A change that a scenario does not allow shows when the
// scenario is loaded with it.
func For(l *scenarios.Loaded, of Suspect) []Family {
	v := newView(l, of)
	if v == nil {
		return nil
	}
	var all []Family
	for _, propose := range catalogue[of.Class] {
		all = append(all, propose(v)...)
	}
	return all
}
