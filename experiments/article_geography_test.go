package experiments_test

import (
	"slices"
	"testing"

	"headroom/scenarios"
)

// TestArticleShardingByGeography: each continent's shard has the queries of its clients, and no client's cross an ocean, as all do but those of us
// where the shards are there.
func TestArticleShardingByGeography(t *testing.T) {
	t.Parallel()
	geo := builtin(t, "sharding", "by-geography", brief...)
	for i, want := range []float64{.5, .3, .2} {
		if s := geo.Nodes["db"].Shards[i]; !about(s.Share, want, .02) {
			t.Errorf("%s has %v of the queries, want %v", s.Name, s.Share, want)
		}
	}
	if !meets(geo) {
		t.Error("by geography the targets are missed")
	}
	us := builtin(t, "sharding", "by-geography", append(slices.Clone(brief), scenarios.Change{Path: "nodes.db.place", Value: "{us: 3}"})...)
	for region, ocean := range map[string]float64{"us": 0, "eu": .080, "asia": .170} {
		// The last mile, and about 2 ms on cores.
		near(t, "p50 in "+region+" by geography", geo.Regions[region].Latency.P50, .010, .002)
		near(t, "p50 in "+region+" with all shards in us", us.Regions[region].Latency.P50, .010+ocean, .002)
	}
}
