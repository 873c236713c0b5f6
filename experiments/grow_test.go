package experiments_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"headroom/experiments"
	"headroom/scenarios"
)

const growingShop = `# A shop, small.
name: Shop
run: {requests: 20k, replications: 3}
slo: [p99 < 300ms, errors < 1%]
requests: {read: {}, save: {write: true}}
traffic: {users: {enters: api, rate: 50/s, mix: {read: 80%, save: 20%}}} # at noon
nodes:
  api: {kind: server, cores: 2, price: $0.10/h, handles: {read: [cpu: exp(8ms), read: db], save: [cpu: exp(8ms), write: db]}}
  db: {kind: database, cores: 2, price: $0.20/h, read: exp(8ms), write: exp(8ms)} # the only one
`

func grown(t *testing.T, text string, o experiments.GrowOptions, more ...scenarios.Change) *experiments.Growth {
	t.Helper()
	l, err := scenarios.Load("shop.yaml", []byte(text), "", more)
	if err != nil {
		t.Fatal(err)
	}
	g, err := experiments.Grow(context.Background(), l, o)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// TestGrowthReachesItsTarget: the road leads to the target; each step was simulated, and what is written down in the end meets the SLO at the target in
// a run on other random numbers, for the money that the road says.
func TestGrowthReachesItsTarget(t *testing.T) {
	g := grown(t, growingShop, experiments.GrowOptions{To: 500})
	if g.Stopped != "" || g.Reached != 500 || g.From != 50 {
		t.Fatalf("it goes from %v to %v: %s", g.From, g.Reached, g.Stopped)
	}
	changed := 0
	for i, s := range g.Steps {
		if !s.SLOMet || len(s.SLO) != 2 || !s.P99.Known() || !s.CostPerMonth.Known() || s.NextBottleneck.Node == "" {
			t.Errorf("step %d is %+v", i, s)
		}
		if len(s.Remedies) > 0 {
			changed++
			if s.Bottleneck == nil || s.Bottleneck.Evidence == "" {
				t.Errorf("step %d does not say what was in the way", i)
			}
		}
		if len(s.Remedies) > 2 || i > 0 && s.Rate <= g.Steps[i-1].Rate {
			t.Errorf("step %d, to %v, has %d changes", i, s.Rate, len(s.Remedies))
		}
	}
	if changed == 0 {
		t.Fatal("nothing was changed, and ten times the load of half-full cores was carried")
	}
	text, err := scenarios.Rewrite("shop.yaml", []byte(growingShop), g.Final.Change)
	if err != nil {
		t.Fatal(err)
	}
	for _, comment := range []string{"# A shop, small.", "# at noon", "# the only one"} {
		if !bytes.Contains(text, []byte(comment)) {
			t.Errorf("%s is lost", comment)
		}
	}
	l, err := scenarios.Load("final.yaml", text, "", []scenarios.Change{{Path: "run.seed", Value: "99"}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := experiments.Run(context.Background(), l, experiments.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !meets(r) || r.Load.Asked != 500 {
		t.Errorf("at %v the SLO is %+v", r.Load.Asked, r.SLO)
	}
	if said := g.Steps[len(g.Steps)-1].CostPerMonth; r.Cost.PerMonth != said {
		t.Errorf("it costs %v, and was said to cost %v", r.Cost.PerMonth, said)
	}
	if l, err := scenarios.Load("shop.yaml", []byte(g.Final.Source), "", nil); err != nil || l.SHA256 != g.Final.SHA256 {
		t.Errorf("the final text does not read as it should: %v", err)
	}
}

// TestGrowthDependsOnItsSeedAlone: the same road for any number of cores.
func TestGrowthDependsOnItsSeedAlone(t *testing.T) {
	road := func(parallel int) string {
		g := grown(t, growingShop, experiments.GrowOptions{To: 300, Options: experiments.Options{Parallel: parallel, Quick: true}})
		g.WallSeconds, g.Result.Run.WallSeconds = 0, 0
		text, err := json.Marshal(g)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if one, three := road(1), road(3); one != three {
		t.Errorf("on one core the road is\n%s\nand on three\n%s", one, three)
	}
}

// TestGrowthEndsWhereItMay: at the budget, after so many steps, and where nothing helps.
func TestGrowthEndsWhereItMay(t *testing.T) {
	quick := experiments.Options{Quick: true}
	for _, k := range []struct {
		name, text string
		o          experiments.GrowOptions
		says       string
		steps      int // with changes
	}{
		{"budget", growingShop, experiments.GrowOptions{To: 500, Budget: 230, Options: quick}, "more than the budget of $230", 0},
		{"one step", growingShop, experiments.GrowOptions{To: 5000, MaxSteps: 1, Options: quick}, "It has taken the 1 steps that it may", 1},
		{"nothing helps", strings.Replace(growingShop, "p99 < 300ms", "p50 < 1us", 1), experiments.GrowOptions{To: 500, Options: quick}, "designs that were simulated meets the SLO at 50/s", 0},
	} {
		g := grown(t, k.text, k.o)
		n := 0
		for _, s := range g.Steps {
			if len(s.Remedies) > 0 {
				n++
			}
		}
		if !strings.Contains(g.Stopped, k.says) || n != k.steps || g.Reached >= g.To {
			t.Errorf("%s: after %d steps it ends at %v: %s", k.name, n, g.Reached, g.Stopped)
		}
		if k.name == "nothing helps" && (g.Reached.Known() || len(g.Steps) != 1 || g.Steps[0].SLOMet) {
			t.Errorf("%s: it reached %v, %+v", k.name, g.Reached, g.Steps)
		}
	}
}

// TestGrowthPutsWhatHasNoPriceOnMachines: there must be a cost to compare; and stages become the rate that is reached.
func TestGrowthPutsWhatHasNoPriceOnMachines(t *testing.T) {
	text := strings.NewReplacer("price: $0.10/h, ", "", "price: $0.20/h, ", "", "rate: 50/s", "stages: [{for: 10s, rate: 20/s}, {for: 10s, to: 50/s}]", "run: {requests: 20k", "run: {warmup: 10s").Replace(growingShop)
	g := grown(t, text, experiments.GrowOptions{To: 100, Options: experiments.Options{Quick: true}})
	if g.Reached != 100 || !g.Steps[0].CostPerMonth.Known() {
		t.Fatalf("it reached %v for %v: %s", g.Reached, g.Steps[0].CostPerMonth, g.Stopped)
	}
	for _, want := range []scenarios.Change{{Path: "nodes.api.machine", Value: "2-cpu", Replaces: "nodes.api.cores"}, {Path: "nodes.db.machine", Value: "2-cpu", Replaces: "nodes.db.cores"},
		{Path: "traffic.users.rate", Value: "100/s", Replaces: "traffic.users.stages"}, {Path: "run.warmup", Value: "5s"}} {
		if !slices.Contains(g.Final.Change, want) {
			t.Errorf("%v is not among the changes %v", want, g.Final.Change)
		}
	}
	if !strings.Contains(strings.Join(g.Assumptions, "\n"), "smallest machine with its cores: api on 2-cpu") {
		t.Errorf("it assumes %v", g.Assumptions)
	}
}

// TestGrowthNeedsALoadThatGrows: what has no rate is refused, and so is a target that is behind.
func TestGrowthNeedsALoadThatGrows(t *testing.T) {
	closed := strings.Replace(growingShop, "rate: 50/s", "users: 5, think: exp(1s)", 1)
	for _, k := range []struct {
		text string
		to   float64
		says string
	}{{closed, 500, "no rate that could grow"}, {growingShop, 50, "there is nothing to grow to"}} {
		l, err := scenarios.Load("shop.yaml", []byte(k.text), "", nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = experiments.Grow(context.Background(), l, experiments.GrowOptions{To: k.to})
		var refused experiments.Unsweepable
		if !errors.As(err, &refused) || !strings.Contains(refused.Error(), k.says) {
			t.Errorf("to %v: %v", k.to, err)
		}
	}
	l, err := scenarios.Load("shop.yaml", []byte(growingShop), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, err := experiments.Grow(ctx, l, experiments.GrowOptions{To: 500}); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted before it began: %v", err)
	}
}
