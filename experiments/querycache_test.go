package experiments_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// TestQueryCacheRatio: a hit takes no time and no core.
func TestQueryCacheRatio(t *testing.T) {
	r := run(t, fmt.Sprintf(shop, "uniform", "connections: 100, query_cache: {hit_ratio: 30%}"))
	c := r.Nodes["db"].Cache
	if reads := float64(r.Run.Requests) * .9; math.Abs(float64(c.HitRatio)-.3) > 4*math.Sqrt(.3*.7/reads) {
		t.Errorf("%v of the reads hit, want 30%%", c.HitRatio)
	}
	if got, want := r.Requests["get"].Latency.Mean, (1-c.HitRatio)*.001; math.Abs(float64(got-want)) > 1e-5 {
		t.Errorf("a read takes %v s, want %v", got, want)
	}
	if busy, want := r.Nodes["db"].Resources["connections"].Utilization, .01*(1-.9*c.HitRatio); math.Abs(float64(busy-want)) > 3e-4 { // 1000 queries/s of 1 ms
		t.Errorf("%v of the connections are taken, want %v: a hit takes none", busy, want)
	}
}

// TestQueryCacheForgetsWhatIsWritten: with room for all, a read hits if the key was read here since it was written. Here are the reads of one
// instance of those that share them, but the writes of all: 90% / (90% + 10%) for one reader, 45% / (45% + 10%) for two.
func TestQueryCacheForgetsWhatIsWritten(t *testing.T) {
	for keys, want := range map[string]float64{
		"shards: 3":                              .9,
		"replicas: 2, read_from: replicas":       .45 / .55,
		"shards: 2, replicas: 1, read_from: any": .45 / .55,
		"instances: 2":                           .45 / .55,
	} {
		r := run(t, fmt.Sprintf(shop, "uniform", keys+", query_cache: {entries: 1k}"))
		// Between two writes of a key the reads share their fate; each such interval has one miss or none.
		if got, sd := float64(r.Nodes["db"].Cache.HitRatio), .5/math.Sqrt(float64(r.Run.Requests)*.1); math.Abs(got-want) > 4*sd {
			t.Errorf("%s: %.4f of the reads hit, want %.4f ± %.4f", keys, got, want, 4*sd)
		}
	}
}

// TestQueryCacheIsLRU: of 100 keys that are asked for alike, 30 are there whatever was asked before; of those of 2 shards, 30 of each.
func TestQueryCacheIsLRU(t *testing.T) {
	for keys, want := range map[string]float64{"instances: 1": .3, "shards: 2, shard_by: range": .6} {
		r := run(t, strings.Replace(fmt.Sprintf(shop, "uniform", keys+", query_cache: {entries: 30}"), "{get: 90%, put: 10%}", "{get: 100%}", 1))
		if got, sd := float64(r.Nodes["db"].Cache.HitRatio), math.Sqrt(want*(1-want)/float64(r.Run.Requests)); math.Abs(got-want) > 4*sd {
			t.Errorf("%s: %.4f of the reads hit, want %.4f ± %.4f", keys, got, want, 4*sd)
		}
		if live := float64(r.Nodes["db"].Cache.LiveMean); math.Abs(live-want*100) > .01 { // it begins as its traffic would have left it
			t.Errorf("%s: %v entries, want %v", keys, live, want*100)
		}
	}
}
