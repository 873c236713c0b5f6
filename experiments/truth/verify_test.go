package truth

import (
	"context"
	"errors"
	"slices"
	"testing"

	"headroom/experiments"
)

// TestChoices: without names the first model of each case, with names all of theirs, long ones only where these are wanted.
func TestChoices(t *testing.T) {
	cases := []Case{
		{ID: "T01", Group: "limits", Models: []Model{{Name: "a"}, {Name: "b"}}},
		{ID: "T02", Group: "queues", Models: []Model{{Name: "c", Long: true}, {Name: "d"}, {Name: "e"}}},
	}
	for _, c := range []struct {
		names     []string
		all, long bool
		want      string
	}{
		{nil, false, false, "da"},
		{nil, false, true, "cda"},
		{nil, true, false, "deab"},
		{nil, true, true, "cdeab"},
		{[]string{"T01"}, false, false, "ab"},
		{[]string{"queues", "T02"}, false, true, "cde"},
	} {
		got := ""
		for _, chosen := range Choose(cases, c.names, c.all, c.long) {
			got += chosen.Model.Name
		}
		if got != c.want {
			t.Errorf("%v, all %v, long %v: %s is chosen, want %s", c.names, c.all, c.long, got, c.want)
		}
	}
}

// TestEveryCaseIsVerified: each case is in a group that has its place, and has a model that is verified where nobody names it.
func TestEveryCaseIsVerified(t *testing.T) {
	cases := Cases()
	chosen := Choose(cases, nil, false, false)
	if len(chosen) != len(cases) || len(chosen) < 40 {
		t.Errorf("%d models of %d cases are verified, want one of each and 40 at least", len(chosen), len(cases))
	}
	for _, c := range cases {
		if !slices.Contains(Groups(cases), c.Group) {
			t.Errorf("%s: the group %s has no place among the others", c.ID, c.Group)
		}
	}
}

// TestVerifyCountsWhatIsOff: a wrong answer is off, a right one is not, on any number of cores, and an interrupted verification has the
// models that are done.
func TestVerifyCountsWhatIsOff(t *testing.T) {
	wrong, right := Choose(Cases(), []string{"M05"}, false, false)[0], Choose(Cases(), []string{"M05"}, false, false)[0]
	model := *wrong.Model
	model.Figures = slices.Clone(model.Figures)
	model.Figures[0].Exact++
	wrong.Model = &model
	ctx, stop := context.WithCancelCause(t.Context())
	v, err := Verify(ctx, []Choice{wrong, right}, experiments.Options{Parallel: 2})
	if err != nil || v.Off != 1 || v.Models[0].Figures[0].OK || !v.Models[1].Figures[0].OK || v.Figures != 2*len(model.Figures) || v.Partial {
		t.Errorf("%+v (%v): want one figure off, the first", v, err)
	}
	stop(errors.New("enough"))
	if v, err := Verify(ctx, []Choice{wrong, right}, experiments.Options{}); err != nil || !v.Partial || len(v.Models) > 0 || v.Asked != 2 {
		t.Errorf("interrupted before it began: %+v (%v)", v, err)
	}
}

// TestHolds: an interval holds the exact figure at its ends as well; no interval holds nothing.
func TestHolds(t *testing.T) {
	for _, c := range []struct {
		ci   *experiments.Interval
		want bool
	}{{nil, false}, {&experiments.Interval{1, 2}, true}, {&experiments.Interval{2, 3}, true}, {&experiments.Interval{2.1, 3}, false}, {&experiments.Interval{experiments.None, 3}, false}} {
		if got := (Checked{Exact: 2, CI95: c.ci}).Holds(); got != c.want {
			t.Errorf("2 in %v: %v", c.ci, got)
		}
	}
}
