package reports

import (
	"strings"
	"testing"

	"headroom/experiments"
)

// TestPrecisionIsSaid: a page says whether the precision that was asked for is reached, and what it was held up by; nothing without one.
func TestPrecisionIsSaid(t *testing.T) {
	if page := draw(t, Summary(Style{}), station()); strings.Contains(page, "Precision") {
		t.Errorf("no precision was asked for:\n%s", page)
	}
	for _, c := range []struct {
		k    experiments.PrecisionInfo
		want string
	}{
		{experiments.PrecisionInfo{Asked: .02, Reached: true, Planned: 4, Widest: "p99 < 1s", Half: .0191},
			"Precision of 2%, 4 replications planned: reached; the widest interval is ±1.9%, of p99 < 1s\n"},
		{experiments.PrecisionInfo{Asked: .02, Planned: 1, Widest: "mean", Half: experiments.None}, "Precision of 2%, 1 replication planned: not reached\n"},
	} {
		r := station()
		r.Run.Precision = &c.k
		if page := draw(t, Summary(Style{}), r); !strings.Contains(page, c.want) {
			t.Errorf("want %s in\n%s", c.want, page)
		}
		if sheet := draw(t, CSV(), r); !strings.Contains(sheet, "run,,precision.widest,"+c.k.Widest) {
			t.Errorf("the precision is not in\n%s", sheet)
		}
	}
}
