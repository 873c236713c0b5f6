package experiments

import (
	"strings"
	"testing"

	"headroom/models"
)

// TestRisingNeedsMoreThanChance: a fifth more in the second half counts where the replications agree on it, and only there.
func TestRisingNeedsMoreThanChance(t *testing.T) {
	half := func(n float64) sample { return sample{seconds: 1, nodes: []stationArea{{busy: 1, waiting: n - 1}}} }
	rep := func(first, second float64) *replication {
		return &replication{samples: []sample{half(first), half(second)}}
	}
	for _, c := range []struct {
		name  string
		reps  []*replication
		rises bool
	}{
		{"all alike", []*replication{rep(10, 15), rep(11, 16), rep(9, 14.5), rep(10, 15)}, true},
		{"too little", []*replication{rep(10, 11), rep(11, 12), rep(9, 10), rep(10, 11)}, false},
		{"by chance", []*replication{rep(10, 30), rep(30, 10), rep(9, 25), rep(20, 12)}, false},
		{"falling", []*replication{rep(15, 10), rep(16, 11), rep(14, 9), rep(15, 10)}, false},
	} {
		if _, _, rises := rising(c.reps); rises != c.rises {
			t.Errorf("%s: rises is %v", c.name, rises)
		}
	}
}

// TestLongerIsWhatNarrowsTheInterval: half an interval twice as wide as it should be needs four times the requests.
func TestLongerIsWhatNarrowsTheInterval(t *testing.T) {
	r := &Result{Run: RunInfo{Requests: 800_000, Replications: 4}}
	r.Latency.Mean, r.Latency.P99 = 1, 4
	r.Latency.CI95 = &LatencyCI95{Mean: Interval{0.9, 1.1}, P99: Interval{3.9, 4.1}}
	r.doubt(new(models.Architecture), []*replication{{}, {}})
	if len(r.Warnings) != 1 || !strings.Contains(r.Warnings[0], "--requests 800k") {
		t.Errorf("warned of %q", r.Warnings)
	}
	r.Warnings, r.Latency.CI95.Mean = nil, Interval{0.97, 1.03}
	if r.doubt(new(models.Architecture), []*replication{{}, {}}); len(r.Warnings) != 0 {
		t.Errorf("warned of %q though both intervals are narrow", r.Warnings)
	}
}
