package experiments

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"headroom/sim"
)

// anyWorld draws a database on several continents: how it is divided, who answers reads, whom writes wait for, and who takes the place of the dead.
func anyWorld(t *rapid.T) string {
	pick := func(what string, of ...string) string { return rapid.SampledFrom(of).Draw(t, what) }
	return fmt.Sprintf(`
run: {seed: %d}
regions: {rtt: {us: {eu: exp(80ms), asia: 170ms}, eu: {asia: 210ms}}, last_mile: 8ms}
data: {rows: {keys: 20}}
requests: {get: {data: rows, response: 10KB}, put: {data: rows, write: true}, any: {}}
traffic: {u: {enters: app, stages: [{for: 5s, rate: 200/s}], mix: {get: 50%%, put: 40%%, any: 10%%}, regions: {us: 50%%, eu: 30%%, asia: 20%%}}}
nodes:
  app: {kind: server, place: {us: 1, eu: 1}, cores: unlimited, handles: {get: [read: db], put: [write: db], any: [call: db]}}
  db: {kind: database, %s, replicas: %s, read_from: %s, %s %s %s %s read: exp(5ms), write: {cpu: exp(5ms), delay: exp(20ms)}}
`, rapid.IntRange(1, 1000).Draw(t, "seed"), pick("shards", "region: us, shards: 2", "shard_by: geo, place: {us: 1, eu: 1}", "shard_by: geo, place: {us: 2}"),
		pick("replicas", "1", "2", "{us: 1, eu: 1}", "{asia: 2}"), pick("read_from", "primary", "replicas", "any"),
		pick("lag", "", "replication_lag: exp(100ms),", "replication_lag: 1s, sync_replicas: 1,", "sync_replicas: 1,"),
		pick("failover", "", "failover: 0s,", "failover: 100ms,", "failover: 1s,"),
		pick("cross", "", "cross_shard: 30%,", "cross_shard: 100%,"), pick("connections", "", "connections: 2,", "connections: 1, backlog: 2,", "query_cache: {entries: 5}, bandwidth: 10Mbps,"))
}

// TestNothingIsLostWherePrimariesDie: wherever the shards and replicas of a database are, and whoever of them dies, is promoted and comes back,
// each request ends once, and nothing that a dead visit held stays held.
func TestNothingIsLostWherePrimariesDie(t *testing.T) {
	killed, ok := int64(0), int64(0)
	rapid.Check(t, func(t *rapid.T) {
		text := anyWorld(t) + anyKills(t, 5, "db", "db/0", "db/1", "db/2", "db/3", "db, instances: 1", "db, instances: 3", "app/0")
		rep := eventfully(t, text, 5e9)
		endsEmpty(t, rep, text)
		killed += rep.totals.Ended[sim.Unavailable]
		ok += rep.totals.Ended[sim.OK]
	})
	if killed == 0 || ok == 0 {
		t.Errorf("%d requests were killed, %d were not", killed, ok)
	}
}
