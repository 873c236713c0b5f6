package session

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"headroom/experiments"
	"headroom/scenarios"
)

const desk = `
run: {requests: 2k, replications: 2}
slo: [p99 < 1s]
traffic: {people: {enters: desk, rate: 50/s}}
nodes:
  desk: {kind: server, cores: 1, work: exp(10ms), calls: [db]}
  db: {kind: database, cores: 1, read: exp(2ms)}
`

// onDesk is a scenario without a command line.
type onDesk struct{ text string }

func (d onDesk) Load(rate string, further []scenarios.Change) (*scenarios.Loaded, error) {
	l, err := scenarios.Load("desk.yaml", []byte(d.text), "", further)
	if err == nil && rate == "80" {
		l.ScaleTo(80)
	}
	return l, err
}
func (d onDesk) Open(string, string) (*scenarios.Loaded, error) { return d.Load("", nil) }
func (onDesk) Save(string, bool, string, []scenarios.Change) error {
	return Mistake{Message: "there is no disk"}
}
func (onDesk) Command(rate string, further []scenarios.Change) string {
	words := []string{"headroom", rate}
	for _, c := range further {
		words = append(words, c.Path+"="+c.Value)
	}
	return strings.Join(words, " ")
}
func (onDesk) Files(begin string) []string { return matching(begin, []string{"caching", "cashier"}) }

// begun is a session after its first answer.
func begun(t *testing.T, text string, o Options) *Session {
	t.Helper()
	l, err := onDesk{text}.Load("", nil)
	if err != nil {
		t.Fatal(err)
	}
	d, err := experiments.Diagnose(context.Background(), l, o.Options)
	if err != nil {
		t.Fatal(err)
	}
	d.Remedies = []experiments.Remedy{}
	return New(onDesk{text}, d, o)
}

// TestStepsComeAndGo: what is kept is in the state, what is only asked is not, and undo gives back the state before with what was found there.
func TestStepsComeAndGo(t *testing.T) {
	s := begun(t, desk, Options{})
	first := s.State()
	do := func(line string) Answer {
		t.Helper()
		a, err := s.Do(context.Background(), line)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		return a
	}
	if a := do("what if nodes.desk.cores=2").(Tried); a.Kept || a.Cases[1].Capacity == nil {
		t.Errorf("what if: kept %v, capacity %v", a.Kept, a.Cases[1].Capacity)
	}
	if diff := cmp.Diff(first.Command, s.State().Command); diff != "" {
		t.Error("what if changes the state:", diff)
	}
	do("set nodes.desk.cores=2 nodes.db.cores=2")
	second := s.State()
	if a := do("rate 80").(Tried); !a.Kept || a.Cases[1].Result != s.State().Result || a.Cases[0].Result.Load.Asked != 50 || a.Cases[1].Result.Load.Asked != 80 {
		t.Errorf("rate 80 gives %+v, and the state is %+v", a.Comparison, s.State())
	}
	want := State{Changes: []string{"nodes.desk.cores=2 nodes.db.cores=2", "rate 80"}, Command: "headroom 80 nodes.desk.cores=2 nodes.db.cores=2"}
	if got := s.State(); !slices.Equal(got.Changes, want.Changes) || got.Command != want.Command {
		t.Errorf("the state is %v, %s", got.Changes, got.Command)
	}
	if a := do("undo").(Undone); a.Change != "rate 80" || a.Result != second.Result || a.Command != second.Command {
		t.Errorf("undo gives %+v", a)
	}
	do("undo")
	if got := s.State(); got.Result != first.Result || len(got.Changes) > 0 {
		t.Errorf("after all is undone the state is %+v", got)
	}
	if a := do("show").(Diagnosed); a.Result != first.Result {
		t.Error("show simulates again what is known")
	}
}

// TestInterruptChangesNothing: neither does a mistake.
func TestInterruptChangesNothing(t *testing.T) {
	s := begun(t, desk, Options{})
	before := s.State()
	interrupted, cancel := context.WithCancel(context.Background())
	cancel()
	for _, line := range []string{"set nodes.desk.cores=2", "rate 80", "what if nodes.db.cores=2"} {
		if _, err := s.Do(interrupted, line); !errors.Is(err, ErrInterrupted) {
			t.Errorf("%s: %v", line, err)
		}
	}
	for _, line := range []string{"set nodes.desk.coers=2", "set nodes.desk.cores", "rate -1", "rate", "undo 2", "undo", "compare", "apply 1", "help me", "nonsense", "what", "save", "save a b", "save --frce"} {
		if a, err := s.Do(context.Background(), line); err == nil {
			t.Errorf("%s: no error, and %+v", line, a)
		}
	}
	if diff := cmp.Diff(before.Command, s.State().Command); diff != "" || s.State().Result != before.Result {
		t.Error("the state has changed:", diff)
	}
}

// TestMistakesSuggest: a wrong word names the right one.
func TestMistakesSuggest(t *testing.T) {
	s := New(onDesk{desk}, nil, Options{})
	for line, want := range map[string]string{
		"sett a.b=1":                "set",
		"whta if a.b=1":             "what if a.b=1",
		"what fi a.b=1":             "what if a.b=1",
		"nodes.desk.cores=2":        "what if nodes.desk.cores=2",
		"what if rte 50k":           "what if rate 50k",
		"set nodes.desk.cores 2":    "set nodes.desk.cores=2",
		"help compar":               "compare",
		"save x.yaml --froce":       "--force",
		"completely something else": "",
	} {
		_, err := s.Do(context.Background(), line)
		var m Mistake
		if !errors.As(err, &m) || m.Suggest != want {
			t.Errorf("%s: suggests %q, want %q (%v)", line, m.Suggest, want, err)
		}
	}
}

// TestSettingsAreTakenApart: values have spaces and equal signs of their own.
func TestSettingsAreTakenApart(t *testing.T) {
	for text, want := range map[string][]string{
		"nodes.a.cores=2":   {"nodes.a.cores=2"},
		"nodes.a.cores = 2": {"nodes.a.cores=2"},
		"nodes.a.work=lognormal(mean=3ms cv=0.4) nodes.b.cores=2": {"nodes.a.work=lognormal(mean=3ms cv=0.4)", "nodes.b.cores=2"},
		"nodes.c={kind: cache, entries: 3} slo=[p99 < 3ms]":       {"nodes.c={kind: cache, entries: 3} slo=[p99 < 3ms]"},
	} {
		c, err := setting("set", text)
		var got []string
		for _, each := range c.changes {
			got = append(got, each.Path+"="+each.Value)
		}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v %s", text, err, diff)
		}
	}
}

// TestLaterChangesReplaceEarlierOnes: what is left out of the changes, since later ones say it anew, makes no difference.
func TestLaterChangesReplaceEarlierOnes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := New(onDesk{desk}, nil, Options{})
		var all []scenarios.Change
		for range rapid.IntRange(1, 6).Draw(t, "changes") {
			n := rapid.IntRange(1, 9).Draw(t, "value")
			c := scenarios.Change{Path: rapid.SampledFrom([]string{"nodes.desk.cores", "nodes.db.cores", "nodes.db", "run.seed"}).Draw(t, "path"), Value: fmt.Sprint(n)}
			if c.Path == "nodes.db" {
				c.Value = fmt.Sprintf("{kind: database, cores: %d, read: exp(%dms)}", n, n)
			}
			all = append(all, c)
			s.steps = append(s.steps, s.after(change{said: c.Path, changes: []scenarios.Change{c}}))
		}
		want, err := onDesk{desk}.Load("", all)
		if err != nil {
			t.Fatal(err)
		}
		got, err := onDesk{desk}.Load("", s.now().changes)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(values(want), values(got)); diff != "" {
			t.Error(diff)
		}
	})
}

// values are what a scenario says, in any order.
func values(l *scenarios.Loaded) map[string]string {
	all := map[string]string{}
	for _, v := range scenarios.Values(l.Source) {
		all[v.Path] = v.Text
	}
	return all
}

// TestCompletion: commands, paths by one key at a time with their values, keys that a kind may have, and names.
func TestCompletion(t *testing.T) {
	s := New(onDesk{desk}, nil, Options{})
	s.steps[0].result = &experiments.Result{Scenario: experiments.ScenarioInfo{Source: desk}}
	s.remedies = make([]experiments.Remedy, 2)
	for line, want := range map[string]string{
		"s":                           ": set |save ",
		"wh":                          ": what if ",
		"what i":                      "what : if ",
		"set nodes.":                  "set : nodes.desk.|nodes.db.",
		"set nodes.desk.w":            "set : nodes.desk.work=exp(10ms)",
		"set nodes.desk.concu":        "set : nodes.desk.concurrency=unlimited",
		"set nodes.desk.cores=":       "set : nodes.desk.cores=1",
		"what if a":                   "what if : apply ",
		"what if apply ":              "what if apply : 1|2",
		"what if tr":                  "what if : traffic.",
		"set run.seed=1 nodes.db.rep": "set run.seed=1 : nodes.db.replicas=0|nodes.db.replication_lag=",
		"compare ca":                  "compare : caching|cashier",
		"save x.yaml --":              "save x.yaml : --force",
		"help qu":                     "help : quit",
		"quit ":                       "quit : ",
	} {
		head, words := s.Complete(line)
		if got := head + ": " + strings.Join(words, "|"); got != want {
			t.Errorf("%q completes to %q, want %q", line, got, want)
		}
	}
}

// TestLongRunsAreAnsweredQuickly: a run of more requests than one waits for at a prompt is cut to a fifth, and searches no capacity.
func TestLongRunsAreAnsweredQuickly(t *testing.T) {
	short := begun(t, desk, Options{})
	if short.Quick() || !short.search {
		t.Errorf("a short run: quick %v, searches %v", short.Quick(), short.search)
	}
	long := &experiments.Diagnosis{Result: &experiments.Result{Run: experiments.RunInfo{Requests: 4_000_000, Replications: 4}}}
	if s := New(onDesk{desk}, long, Options{}); !s.Quick() || s.search {
		t.Errorf("a long run: quick %v, searches %v", s.Quick(), s.search)
	}
}
