package experiments_test

import (
	"testing"

	"headroom/scenarios"
)

// TestStarterTellsItsStory: what init writes works as it is; at four times the load first the servers give way, at 6 cores / 4.2 ms =
// 1429/s, then the database; with more of both it works again.
func TestStarterTellsItsStory(t *testing.T) {
	t.Parallel()
	more := scenarios.Change{Path: "traffic.shoppers.rate", Value: "2k/s"}
	short := scenarios.Change{Path: "run.requests", Value: "50k"}
	if r := builtin(t, "starter", "", short); !meets(r) || r.Bottleneck.Node != "api" || !about(r.Bottleneck.SaturatesAt, 6/.0042, .02) {
		t.Errorf("met: %v; %s saturates at %g/s, want api at 1429/s", meets(r), r.Bottleneck.Node, r.Bottleneck.SaturatesAt)
	}
	for _, c := range []struct {
		variant, gives string
		met            bool
	}{{"", "api", false}, {"more-servers", "db", false}, {"bigger", "db", true}} {
		if r := builtin(t, "starter", c.variant, more, short); r.Bottleneck.Node != c.gives || meets(r) != c.met || r.Saturated == c.met {
			t.Errorf("2k/s %q: met %v, saturated %v, bottleneck %s", c.variant, meets(r), r.Saturated, r.Bottleneck.Node)
		}
	}
}
