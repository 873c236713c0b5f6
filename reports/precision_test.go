package reports

import (
	"fmt"
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
		if page := draw(t, Summary(Style{}), r); strings.Contains(page, "usual") {
			t.Errorf("the precision did not say how long the run is:\n%s", page)
		}
		if sheet := draw(t, CSV(), r); !strings.Contains(sheet, "run,,precision.widest,"+c.k.Widest) {
			t.Errorf("the precision is not in\n%s", sheet)
		}
	}
}

// TestLessThanUsualIsSaid: of a run, and of a sweep; and at how many of its rates the precision is reached.
func TestLessThanUsualIsSaid(t *testing.T) {
	r := station()
	r.Run.Replications, r.Run.Requests, r.Run.SimulatedSeconds = 4, 40_000, 100
	r.Run.Precision = &experiments.PrecisionInfo{Asked: .05, Reached: true, Planned: 4, Widest: "mean", Half: .03, PlannedSeconds: 2000, Tried: 25_000}
	if page := draw(t, Summary(Style{}), r); !strings.Contains(strings.ReplaceAll(page, "\n", " "), "replications of 10k requests sufficed, where 200k are usual ") {
		t.Errorf("it is not said how much less sufficed:\n%s", page)
	}
	if sheet := draw(t, CSV(), r); !strings.Contains(sheet, "run,,precision.planned_seconds,2000,") || !strings.Contains(sheet, "run,,precision.tried,25000,") {
		t.Errorf("it is not in the sheet:\n%s", sheet)
	}
	s := swept()
	asked := 0
	for i := range s.Points {
		if p := &s.Points[i]; !p.Saturated {
			k := *r.Run.Precision
			k.Reached = asked > 0
			of := *p.Result
			of.Run.Replications, of.Run.Requests, of.Run.SimulatedSeconds, of.Run.Precision = 4, 40_000, 100, &k
			p.Result = &of
			asked++
		}
	}
	want := fmt.Sprintf("Precision of 5%%: reached at %d of %s below saturation; these took %s requests, where %s are usual",
		asked-1, plural(asked, "rate", "rates"), count(int64(65_000*asked)), count(int64(800_000*asked)))
	if page := strings.ReplaceAll(drawSweep(t, "table", Style{}, s), "\n", " "); !strings.Contains(page, want) {
		t.Errorf("want %s in\n%s", want, page)
	}
}
