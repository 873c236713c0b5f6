package models_test

import (
	"strings"
	"testing"

	"headroom/models"
	"headroom/scenarios"
	"headroom/sim"
)

const twoRoutes = `
requests: {a: {}, b: {}, c: {}}
traffic:
  u: {enters: s, rate: 100/s, mix: {a: 50%, b: 30%, c: 20%}}
nodes:
  s: {kind: station, servers: unlimited, next: {a: {x: 100%}, b: {y: 100%}}}
  x: {kind: station, servers: unlimited}
  y: {kind: station, servers: unlimited}`

// TestEachClassGoesItsOwnWay: by a per-class next, class a goes to x only and b to y only; c, which is not named, leaves.
func TestEachClassGoesItsOwnWay(t *testing.T) {
	l, err := scenarios.Load("routes.yaml", []byte(twoRoutes), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	b := l.Build(models.Options{Seed: 1})
	b.Sim.StartMeasuring()
	b.Sim.RunUntil(10 * sim.Second)
	visits := func(node string, class int) int64 { return b.Sim.NodeStats(b.ID(node)).Class[class].Ended }
	for class, to := range []string{"x", "y", ""} {
		came := visits("s", class)
		if came == 0 {
			t.Fatalf("no request of class %d came", class)
		}
		for _, node := range []string{"x", "y"} {
			want := int64(0)
			if node == to {
				want = came
			}
			if got := visits(node, class); got != want {
				t.Errorf("%d requests of class %d went to %s, want %d of %d", got, class, node, want, came)
			}
		}
	}
}

// TestBadRoutes: what is wrong with a per-class next is told at its place.
func TestBadRoutes(t *testing.T) {
	for _, c := range []struct{ next, want string }{
		{"{a: {x: 60%, y: 60%}}", "6:49: the shares of `next` add up to 120%: at most 100%"},
		{"{a: {z: 60%}}", "6:53: unknown node `z`; expected one of: s, x, y"},
		{"{d: {x: 60%}}", "6:49: unknown request class `d`; expected one of: a, b, c"},
		{"{a: {x: 60%}, y: 10%}", "6:65: expected a map from nodes to shares, such as {a: 60%, b: 30%}, found `10%`"},
	} {
		text := strings.Replace(twoRoutes, "{a: {x: 100%}, b: {y: 100%}}", c.next, 1)
		_, err := scenarios.Load("routes.yaml", []byte(text), "", nil)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("next: %s is refused with\n%v\nwant %s", c.next, err, c.want)
		}
	}
}
