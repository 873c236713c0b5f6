package reports

import (
	"strings"
	"testing"
	"unicode/utf8"

	"headroom/experiments"
	"headroom/scenarios"
)

// remediedFixture is a diagnosis with a remedy that meets the SLO, one of two changes that helps, and one that is of no help.
func remediedFixture() *experiments.Diagnosis {
	d := diagnosed()
	d.Result.SLO[0].Value, d.Result.SLO[0].Met = .31, false
	remedy := func(rank int, title, verdict string, p99, capacity, cost experiments.Num) experiments.Remedy {
		k := experiments.Remedy{Rank: rank, Title: title, Verdict: verdict, SLOMet: verdict == experiments.Meets, Kind: "cores",
			Change:       experiments.Changes{scenarios.Change{Path: "nodes.db.cores", Value: "16"}},
			P99:          experiments.Moved{Before: .31, After: p99},
			Goodput:      experiments.Moved{Before: 9_000, After: 9_990},
			Capacity:     experiments.Moved{Before: 8_200, After: capacity},
			CostPerMonth: experiments.Moved{Before: 1_234.5, After: cost},
		}
		for _, t := range d.Result.SLO {
			after := experiments.Moved{Target: t.Target, Before: t.Value, After: t.Value, Met: true, Unit: t.Unit}
			if t.Unit == "seconds" {
				after.After = p99
			}
			k.Targets = append(k.Targets, after)
		}
		k.NextBottleneck = &d.Next[0]
		return k
	}
	d.Remedies = []experiments.Remedy{
		remedy(1, "db: 8 → 16 cores", experiments.Meets, .04, 12_000, 1_500),
		remedy(2, "db: 0 → 2 read replicas + api: 2 → 4 instances, balanced", experiments.Helps, .26, 8_900, 1_100),
		remedy(3, "db: sharded by consistent-hash, not hash", experiments.NoHelp, .31, experiments.None, 1_234.5),
	}
	d.Remedies[1].Assumes = "Who asks is taken to need no answer."
	return d
}

func TestRemediesLookAsTheyDid(t *testing.T) {
	golden(t, "remedies.txt", drawDiagnosis(t, "table", Style{}, remediedFixture()))
	golden(t, "remedies.md", drawDiagnosis(t, "markdown", Style{}, remediedFixture()))
	golden(t, "remedies.csv", drawDiagnosis(t, "csv", Style{}, remediedFixture()))
	for l := range strings.Lines(drawDiagnosis(t, "table", Style{}, remediedFixture())) {
		if n := utf8.RuneCountInString(l) - 1; n > DefaultWidth {
			t.Errorf("a line of %d: %s", n, l)
		}
	}
}

// TestRemediesSayWhatTheyAreNot: that none is needed, none is known, none meets the SLO, or none is of help.
func TestRemediesSayWhatTheyAreNot(t *testing.T) {
	for _, c := range []struct {
		change func(*experiments.Diagnosis)
		want   string
	}{
		{func(d *experiments.Diagnosis) { d.Remedies = []experiments.Remedy{} }, "Remedies  None is known for this bottleneck in this file."},
		{func(d *experiments.Diagnosis) { d.Remedies = d.Remedies[1:] }, "Best  Nothing that was tried meets the SLO; best is db: 0 → 2 read replicas"},
		{func(d *experiments.Diagnosis) { d.Remedies = d.Remedies[2:] }, "Best  Nothing that was tried is of help."},
		{func(d *experiments.Diagnosis) {
			for i := range d.Result.SLO {
				d.Result.SLO[i].Met = true
			}
			d.Remedies = []experiments.Remedy{}
		}, "Remedies  None is needed: the SLO is met at "},
	} {
		d := remediedFixture()
		c.change(d)
		if text := drawDiagnosis(t, "table", Style{}, d); !strings.Contains(text, c.want) {
			t.Errorf("the page does not say %q:\n%s", c.want, text)
		}
	}
	if text := drawDiagnosis(t, "table", Style{}, diagnosed()); strings.Contains(text, "Remedies") {
		t.Errorf("nobody asked for remedies:\n%s", text)
	}
}
