package experiments_test

import (
	"testing"
)

// TestAnOutageDoesNotMoveTheRest: what events strike is found as near as what they never strike. A cache that dies for a moment in eu costs
// the clients in us nothing: none of their calls crosses the ocean.
func TestAnOutageDoesNotMoveTheRest(t *testing.T) {
	t.Parallel()
	r := run(t, places+`
events: [{at: 70s, kill: redis/1, for: 100ms}]`)
	if r.Regions["us"].Latency.Max > .08 {
		t.Errorf("a client in us waited %v: it crossed the ocean", r.Regions["us"].Latency.Max)
	}
	if r.Outcomes.Unavailable == 0 {
		t.Error("nobody noticed that the cache in eu was dead")
	}
}

// TestAnOutageDoesNotMoveTheKeys: behind network interfaces as without, each shard answers for its own keys, and as many calls find a dead one.
// The interfaces take 80 ns for a message: next to no call comes to another side of the outage for it.
func TestAnOutageDoesNotMoveTheKeys(t *testing.T) {
	t.Parallel()
	const shards = `
run: {duration: 60s, warmup: 1s, replications: 2}
data: {items: {keys: 10k, popularity: zipf(1), size: 1KB}}
requests: {get: {data: items, request: 1KB, response: 1KB}}
traffic: {people: {enters: db, rate: 500/s}}
events: [{at: 50s, kill: db/0, for: 1s}]
nodes: {db: {kind: database, shards: 4, cores: 4, read: exp(1ms)`
	without, with := run(t, shards+"}}"), run(t, shards+", bandwidth: 100Gbps}}")
	for i, s := range without.Nodes["db"].Shards {
		near(t, "share of "+s.Name, with.Nodes["db"].Shards[i].Share, float64(s.Share), .001)
	}
	if a, b := without.Outcomes.Unavailable, with.Outcomes.Unavailable; a == 0 || a-b > 2 || b-a > 2 {
		t.Errorf("%d calls found the shard dead, and %d behind a network", a, b)
	}
}

// TestWhatTheDeadWroteIsTakenOutOfCaches: what a dead server has asked for ends after others have taken its place, some of whose calls are on
// their way then.
func TestWhatTheDeadWroteIsTakenOutOfCaches(t *testing.T) {
	t.Parallel()
	r := run(t, `
run: {duration: 10s, warmup: 1s, replications: 2}
regions: {rtt: {us: {eu: 80ms}}, last_mile: 8ms}
data: {items: {keys: 100}}
requests: {put: {data: items, write: true, response: {size: 1KB, compress: gzip}}}
traffic: {people: {enters: api, rate: 500/s, regions: {us: 50%, eu: 50%}}}
events: [{at: 5s, kill: api, for: 100ms}]
nodes:
  api: {kind: server, region: us, cores: unlimited, handles: {default: [write: redis]}}
  redis: {kind: cache, region: us, entries: 100, origin: db}
  db: {kind: database, region: us, cores: unlimited, write: 50ms}`)
	if r.Outcomes.Unavailable == 0 {
		t.Error("nobody noticed that the server was dead")
	}
}
