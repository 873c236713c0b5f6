package remedies_test

import (
	"math"
	"slices"
	"testing"

	"headroom/experiments/remedies"
	"headroom/scenarios"
)

// TestCatalogueProposesWhatFitsTheFile: for what limits a file the ways to widen it are there, and every size of each can be loaded, without a key
// that has no effect, and written into the file.
func TestCatalogueProposesWhatFitsTheFile(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		of   remedies.Suspect
		want []string // the titles of the sizes that the search begins with
	}{
		"servers": {`
traffic: {u: {enters: api, rate: 400/s}}
nodes: {api: {kind: server, cores: 2, work: exp(4ms), calls: [db]}, db: {kind: database, cores: 8, read: exp(1ms)}}`,
			remedies.Suspect{Node: "api", Resource: "cpu", Class: "cpu", Demand: .8},
			[]string{"api: 1 → 2 instances", "api: 1 → 2 instances, balanced", "api: 2 → 3 cores", "api: a CDN before it, 80% hits"}},
		"machines": {`
traffic: {u: {enters: api, rate: 400/s}}
nodes: {api: {kind: server, machine: 64-cpu, work: exp(200ms)}}`,
			remedies.Suspect{Node: "api", Resource: "cpu", Class: "cpu", Demand: 1.25},
			[]string{"api: 1 → 2 instances", "api: 1 → 2 instances, balanced", "api: machine 64-cpu → 128-cpu", "api: a CDN before it, 80% hits"}},
		"database": {`
data: {users: {keys: 1k, popularity: zipf(1.0)}}
requests: {get: {data: users}, put: {data: users, write: true}}
traffic: {u: {enters: api, rate: 400/s, mix: {get: 90%, put: 10%}}}
nodes:
  api: {kind: server, cores: 8, handles: {get: [cpu: exp(1ms), read: db], put: [cpu: exp(1ms), write: db]}}
  db: {kind: database, cores: 1, read: exp(2ms), write: exp(4ms)}`,
			remedies.Suspect{Node: "db", Resource: "cpu", Class: "database", Demand: .9, Calls: 400, Mean: .02},
			[]string{"db: a cache before it, 100 entries", "db: 0 → 1 read replica", "db: 1 → 2 shards", "db: 1 → 2 cores", "db: writes queued, 2 at once"}},
		"pool": {`
traffic: {u: {enters: api, rate: 600/s}}
nodes: {api: {kind: server, cores: 8, concurrency: 50, work: exp(1ms), calls: [partner]}, partner: {kind: external, latency: exp(100ms)}}`,
			remedies.Suspect{Node: "api", Resource: "concurrency", Class: "pool", Demand: 1.2, Calls: 600},
			[]string{"api: 50 → 96 concurrency", "api: 1 → 2 instances", "api: 1 → 2 instances, balanced", "partner: calls queued, 93 at once", "partner: answers without it after 300ms"}},
		"limiter": {`
traffic: {u: {enters: limiter, rate: 750/s}}
nodes: {limiter: {kind: rate-limiter, limit: 500/s, to: api}, api: {kind: server, cores: 4, work: exp(2ms)}}`,
			remedies.Suspect{Node: "limiter", Resource: "limit", Class: "limit", Demand: 1.5},
			[]string{"limiter: limit 500/s → 1.25k/s", "limiter: a leaky-bucket, not a token-bucket"}},
		"distance": {`
regions: {rtt: {us: {eu: 80ms}}}
traffic: {u: {enters: api, rate: 1k/s, regions: {eu: 100%}}}
nodes:
  api: {kind: server, region: eu, cores: 4, handles: {default: [cpu: exp(3ms), {read: db, times: 3}]}}
  db: {kind: database, region: us, cores: 8, read: exp(1ms)}`,
			remedies.Suspect{Node: "db", Resource: "distance", Class: "distance", Demand: math.NaN(), Calls: 3000},
			[]string{"db: in eu", "api: in us, beside db", "db: 1 read replica in eu", "db: a cache before it, 80% hits", "api: a CDN before it, 80% hits", "db: 3 calls at once, not in turn"}},
		"retries": {`
traffic: {u: {enters: api, rate: 800/s}}
nodes:
  api: {kind: server, cores: 4, handles: {default: [cpu: exp(1ms), {read: db, timeout: 15ms, retry: {attempts: 4}}]}}
  db: {kind: database, cores: 4, read: exp(4ms)}`,
			remedies.Suspect{Node: "db", Resource: "cpu", Class: "retries", Demand: 1.3, Calls: 3000, Mean: .02},
			[]string{"db: a retry budget of 10%", "db: nothing is tried twice", "db: calls that are given up leave the queue", "db: drops what has waited for 13.5ms",
				"db: a breaker (50% failures in 5s)", "db: timeout 15ms → 150ms", "db: 4 → 8 cores", "db: a cache before it, 80% hits", "db: 0 → 1 read replica", "db: 1 → 2 shards"}},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := scenarios.Load("test.yaml", []byte(c.text), "", nil)
			if err != nil {
				t.Fatal(err)
			}
			var begun []string
			for _, f := range remedies.For(l, c.of) {
				begun = append(begun, f.Sizes[f.Start].Title)
				for _, p := range f.Sizes {
					changed, err := scenarios.Load("test.yaml", []byte(c.text), "", p.Change)
					if err != nil {
						t.Errorf("%s: %v", p.Title, err)
						continue
					}
					if len(changed.Warnings) > len(l.Warnings) {
						t.Errorf("%s: %v", p.Title, changed.Warnings)
					}
					if _, err := scenarios.Rewrite("test.yaml", []byte(c.text), p.Change); err != nil {
						t.Errorf("%s cannot be written: %v", p.Title, err)
					}
				}
			}
			if !slices.Equal(begun, c.want) {
				t.Errorf("the catalogue begins with\n%q, want\n%q", begun, c.want)
			}
		})
	}
}

// TestNothingIsProposedForWhatIsNotThere: a node that the file does not have, and a class without a bottleneck.
func TestNothingIsProposedForWhatIsNotThere(t *testing.T) {
	l, err := scenarios.Load("test.yaml", []byte("traffic: {u: {enters: m, rate: 10/s}}\nnodes: {m: {kind: server, work: exp(1ms)}}"), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, of := range []remedies.Suspect{{Node: "db", Resource: "cpu", Class: "database"}, {Node: "m", Resource: "cpu", Class: "none"}, {}} {
		if all := remedies.For(l, of); len(all) > 0 {
			t.Errorf("%+v: %v", of, all)
		}
	}
}
