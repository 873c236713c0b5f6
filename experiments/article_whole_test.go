package experiments_test

import (
	"math"
	"testing"

	"headroom/experiments"
	"headroom/scenarios"
)

// brief is enough to tell what is far below saturation from what is far above it.
var brief = []scenarios.Change{{Path: "run.requests", Value: "100k"}, {Path: "run.replications", Value: "2"}}

// TestArticleCompletePicture: from 1 to 1M requests/s by the numbers of instances alone. On its way from the browser to the shards each part
// keeps its share of the load from the next: the edge most pages, Redis a third of what is read past that; and what an order takes long
// for comes to the shard by queue and worker, after the answer.
func TestArticleCompletePicture(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		variant, rate string
		met           bool
	}{{"", "1/s", true}, {"", "10k/s", true}, {"", "1M/s", false}, {"million", "1M/s", true}, {"without-cdn", "10k/s", false}} {
		r := builtin(t, "complete-picture", c.variant, append(brief, rate(c.rate))...)
		if meets(r) != c.met {
			t.Errorf("%q at %s: met %v, want %v: %+v", c.variant, c.rate, meets(r), c.met, r.SLO)
		}
	}
	r := builtin(t, "complete-picture", "")
	load := func(node string) float64 { return float64(r.Nodes[node].Throughput) / float64(r.Load.Offered) }
	const browser, pages, accounts, saves, orders = .2, .7, .2, .08, .02
	edge, redis := float64(r.Nodes["cdn"].Cache.HitRatio), float64(r.Nodes["redis"].Cache.HitRatio)
	behind := pages*(1-browser)*(1-edge) + accounts
	for node, want := range map[string]float64{
		"api":     behind + saves + orders,
		"workers": orders,
		"shards":  behind*(1-redis) + saves + orders,
	} {
		if math.Abs(load(node)-want) > .005 {
			t.Errorf("%s does %.4f of the requests, want %.4f", node, load(node), want)
		}
	}
	if edge < .7 || redis < .3 {
		t.Errorf("hit ratios are %g at the edge and %g in Redis", edge, redis)
	}
	answer := func(r *experiments.Result) float64 { return float64(r.Requests["order"].Latency.Mean) }
	if with, without := answer(r), answer(builtin(t, "complete-picture", "without-queue", brief...)); without < 30*with {
		t.Errorf("an order is answered in %g s with the queue, %g s without", with, without)
	}
	greedy := builtin(t, "complete-picture", "greedy", brief...)
	if script, users := greedy.Sources["script"], greedy.Sources["users"]; script.ErrorRate < .99 || users.ErrorRate > 0 {
		t.Errorf("of the greedy client %g is refused, of the others %g", script.ErrorRate, users.ErrorRate)
	}
}
