package reports

import (
	"bytes"
	"strings"
	"testing"

	"headroom/experiments"
	"headroom/experiments/session"
)

func drawAnswer(t *testing.T, s Style, a session.Answer) string {
	t.Helper()
	var out bytes.Buffer
	if err := Answer(s)(&out, a); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestAnswersLookAsTheyDid: all kinds of answers of an exploration, one below the other.
func TestAnswersLookAsTheyDid(t *testing.T) {
	d := diagnosed()
	d.Next[0].Evidence = "api's 40 cores are busy 70% of the time."
	state := session.State{Changes: []string{"rate 50k", "nodes.api.instances=8"}, Command: "headroom bottleneck bookshop.yaml --rate 50k --set nodes.api.instances=8", Result: bookshop()}
	var all []string
	for _, a := range []session.Answer{session.InLine{Diagnosis: d}, session.Tried{Comparison: shops()}, session.Tried{Comparison: shops(), Kept: true},
		session.Compared{Comparison: shops()}, session.Undone{Change: "rate 60k", State: state}, session.Saved{File: "my shop.yaml"},
		session.Help{Commands: []session.Command{{Name: "undo", About: "take it away"}, {Name: "apply", Arguments: "N", About: "make it"}}}} {
		all = append(all, drawAnswer(t, Style{}, a))
	}
	golden(t, "exploration.txt", strings.Join(all, "\n"))
}

// TestStateSaysWhatItHasNot: a latency that grows, an SLO that is missed or that there is none, and a run that was interrupted.
func TestStateSaysWhatItHasNot(t *testing.T) {
	for name, want := range map[string][]string{
		"saturated": {"State  as loaded · p99 grows without bound", "SLO not met"},
		"station":   {"SLO met"},
		"nothing":   {"p99 –"},
	} {
		r := map[string]*experiments.Result{"saturated": saturated(), "station": station(), "nothing": nothing()}[name]
		var out bytes.Buffer
		if err := State(Style{})(&out, session.State{Command: "headroom bottleneck x.yaml", Result: r}); err != nil {
			t.Fatal(err)
		}
		for _, text := range append(want, "\n  headroom bottleneck x.yaml\n") {
			if !strings.Contains(out.String(), text) {
				t.Errorf("%s: no %q in\n%s", name, text, &out)
			}
		}
	}
	var out bytes.Buffer
	if err := State(Style{})(&out, session.State{Command: "headroom bottleneck x.yaml"}); err != nil || !strings.Contains(out.String(), "not simulated: it was interrupted") {
		t.Errorf("%v, %s", err, &out)
	}
}
