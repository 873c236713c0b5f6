package models_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"headroom/scenarios"
)

// ways writes the ways of a scenario as lines: from, to, what, classes, rate, and how many follow from one request.
func ways(t *testing.T, text string) string {
	t.Helper()
	l, err := scenarios.Load("test.yaml", []byte(text), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, w := range l.Ways() {
		fmt.Fprintf(&b, "%s %s [%s] [%s] %s %s..%s", w.From, w.To, strings.Join(w.Ops, " "), strings.Join(w.Classes, " "), known(w.Rate), known(w.Least), known(w.Most))
		if w.Else {
			b.WriteString(" else")
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func known(x float64) string {
	if math.IsNaN(x) {
		return "?"
	}
	return fmt.Sprintf("%.6g", x)
}

func compareWays(t *testing.T, scenario, want string) {
	t.Helper()
	if got := ways(t, scenario); got != strings.TrimPrefix(want, "\n") {
		t.Errorf("the ways are\n%swant%s", got, want)
	}
}

// TestWaysPastCaches: of 100 requests a second 10 write. Behind a browser cache with 20% hits come 72 + 10, behind a CDN with 50% hits 36 + 10.
// Servers look into a cache that leaves its misses to them, and ask its origin for the 25% that are not there and what they write; a
// cache that asks itself does both.
func TestWaysPastCaches(t *testing.T) {
	scenario := `
requests: {page: {}, save: {write: true}}
traffic: {users: {enters: cdn, rate: 100/s, mix: {page: 90%, save: 10%}, browser_cache: {hit_ratio: 20%}}}
nodes:
  cdn: {kind: cdn, hit_ratio: 50%, origin: api}
  api: {kind: server, work: 1ms, calls: [redis]}
  redis: {kind: cache, hit_ratio: 75%, mode: MODE, origin: db}
  db: {kind: database}
`
	compareWays(t, strings.Replace(scenario, "MODE", "aside", 1), `
users cdn [call] [page save] 82 ?..?
cdn api [miss write] [page save] 46 0.5..1
api redis [read] [page] 36 1..1
api db [miss write] [page save] 19 0.25..1
`)
	compareWays(t, strings.Replace(scenario, "MODE", "through", 1), `
users cdn [call] [page save] 82 ?..?
cdn api [miss write] [page save] 46 0.5..1
api redis [read write] [page save] 46 1..1
redis db [miss write] [page save] 19 0.25..1
`)
}

// TestWaysOfSteps: repeated, by chance, to many, as another class, published, and what is only done if a call fails.
func TestWaysOfSteps(t *testing.T) {
	compareWays(t, `
requests: {page: {}, order: {}, row: {}}
traffic: {users: {enters: api, rate: 100/s, mix: {page: 80%, order: 20%}}}
nodes:
  api:
    kind: server
    handles:
      page: [{read: db, as: row, times: 3}, {scatter: {to: leaves, count: 10}}, {chance: 5%, do: [call: ads]}]
      order: [{call: bank, or_else: [call: other-bank]}, {publish: mails}]
      row: []
  leaves: {kind: server, work: 1ms}
  ads: {kind: external}
  bank: {kind: external}
  other-bank: {kind: external}
  db: {kind: database}
  mails: {kind: queue, to: mailer, visibility_timeout: 1m, dead_letter: lost}
  lost: {kind: queue}
  mailer: {kind: worker, work: 1ms}
`, `
users api [call] [page order] 100 ?..?
api db [read] [row] 240 3..3
api leaves [call] [page] 800 10..10
api ads [call] [page] 4 0.05..0.05
api bank [call] [order] 20 1..1
api other-bank [call] [order] ? ?..? else
api mails [publish] [order] 20 1..1
mails mailer [message] [order] 20 1..1
mails lost [dead letter] [order] ? ?..? else
`)
}

// TestWaysWhoseRateIsNotKnown: behind real contents, closed users, stages, and balancers that look at the load of several targets.
func TestWaysWhoseRateIsNotKnown(t *testing.T) {
	scenario := `
data: {items: {keys: 1k}}
requests: {get: {data: items}}
traffic:
  open: {enters: lb, rate: 60/s}
  ramp: {enters: other, stages: [{for: 10s, rate: 0/s}, {for: 10s, to: 100/s}]}
nodes:
  lb: {kind: load-balancer, algorithm: ALGORITHM, to: {big: 2, small: 1}}
  big: {kind: server, work: 1ms}
  small: {kind: server, work: 1ms, calls: [redis]}
  redis: {kind: cache, entries: 10, origin: db}
  db: {kind: database}
  other: {kind: server, work: 1ms, calls: [outside]}
  outside: {kind: external}
  idle: {kind: server, work: 1ms, calls: [db]}
`
	compareWays(t, strings.Replace(scenario, "ALGORITHM", "weighted", 1), `
open lb [call] [get] 60 ?..?
ramp other [call] [get] ? ?..?
lb big [call] [get] 40 0.666667..0.666667
lb small [call] [get] 20 0.333333..0.333333
small redis [read] [get] 20 1..1
small db [miss] [get] ? ?..?
other outside [call] [get] ? 1..1
idle db [] [] ? ?..?
`)
	compareWays(t, strings.Replace(scenario, "ALGORITHM", "least-connections", 1), `
open lb [call] [get] 60 ?..?
ramp other [call] [get] ? ?..?
lb big [call] [get] ? ?..?
lb small [call] [get] ? ?..?
small redis [read] [get] ? 1..1
small db [miss] [get] ? ?..?
other outside [call] [get] ? 1..1
idle db [] [] ? ?..?
`)
}
