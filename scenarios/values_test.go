package scenarios

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const staged = `
requests: {read: {}}
traffic:
  web: {enters: api, stages: [{for: 10s, rate: 10/s}, {for: 10s, to: 20/s}]}
  own: {enters: api, rate: 1/s, scales: false}
  app: {enters: api, rate: 30/s}
nodes:
  api: {kind: server, work: exp(2ms), calls: [db]} # a comment
  db: {kind: database, read: exp(1ms)}
`

// TestRatesAreWrittenDown: what Rates returns gives a file the rates to which it was scaled, stages included, and leaves what does not scale.
func TestRatesAreWrittenDown(t *testing.T) {
	l, err := Load("x.yaml", []byte(staged), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	if !l.ScaleTo(101) {
		t.Fatal("it cannot be scaled")
	}
	want := []Change{{Path: "traffic.web.stages.0.rate", Value: "20/s"}, {Path: "traffic.web.stages.1.to", Value: "40/s"}, {Path: "traffic.app.rate", Value: "60/s"}}
	if diff := cmp.Diff(want, Rates(l)); diff != "" {
		t.Error(diff)
	}
	again, err := Load("x.yaml", []byte(staged), "", Rates(l))
	if err != nil || again.Asked() != l.Asked() {
		t.Errorf("it asks for %v, want %v (%v)", again.Asked(), l.Asked(), err)
	}
}

// TestFlatTakesNoKeyAway: the changes read the same without one that replaces a key, whatever comes before and after it.
func TestFlatTakesNoKeyAway(t *testing.T) {
	made := []Change{
		{Path: "nodes.api.cores", Value: "2"}, {Path: "nodes.db.cores", Value: "3"},
		{Path: "nodes.api.handles", Value: "{read: [cpu: exp(2ms), {read: db, timeout: 1s}]}", Replaces: "nodes.api.calls"},
		{Path: "nodes.api.instances", Value: "2", Replaces: "nodes.api.work"}, {Path: "nodes.db.instances", Value: "1"},
	}
	l, err := Load("x.yaml", []byte(staged), "", made)
	if err != nil {
		t.Fatal(err)
	}
	flat := Flat(l.Source, made)
	for _, c := range flat {
		if c.Replaces != "" {
			t.Errorf("%+v takes a key away", c)
		}
	}
	again, err := Load("x.yaml", []byte(staged), "", flat)
	if err != nil {
		t.Fatal(err)
	}
	said := func(l *Loaded) map[string]string {
		all := map[string]string{}
		for _, v := range Values(l.Source) {
			all[v.Path] = v.Text
		}
		return all
	}
	if diff := cmp.Diff(said(l), said(again)); diff != "" {
		t.Error(diff)
	}
}
