package experiments_test

import (
	"math"
	"slices"
	"testing"

	"headroom/experiments"
	"headroom/scenarios"
)

// brief is enough to tell what is far below saturation from what is far above it.
var brief = []scenarios.Change{{Path: "run.requests", Value: "100k"}, {Path: "run.replications", Value: "2"}}

// TestArticleAfterScaling: balancer, servers, cache and cluster meet the load that saturates one server and one database, with the same work
// for each request; and one of the servers may die.
func TestArticleAfterScaling(t *testing.T) {
	t.Parallel()
	before, after := builtin(t, "before-scaling", "front-page"), builtin(t, "after-scaling", "")
	if !before.Saturated || !meets(after) || before.Load.Asked != after.Load.Asked {
		t.Errorf("%g/s saturate what was before: %v; %g/s are met after: %v", before.Load.Asked, before.Saturated, after.Load.Asked, meets(after))
	}
	if rise := float64(after.Bottleneck.SaturatesAt / before.Bottleneck.SaturatesAt); rise < 5 {
		t.Errorf("it saturates at %g times the rate, want 5 at least", rise)
	}
	if without := builtin(t, "after-scaling", "without-cache"); !without.Saturated || without.Bottleneck.Node != "cluster" {
		t.Errorf("without a cache: saturated %v, bottleneck %s", without.Saturated, without.Bottleneck.Node)
	}
	dies := builtin(t, "after-scaling", "one-dies")
	for i, at := range dies.Series.T {
		if failing := dies.Series.Errors[i] > 0; at >= 20 && at < 22 && !failing || (at < 20 || at >= 24) && failing {
			t.Errorf("at %g s %g/s fail: want some only until two checks, 2 s apart, have failed", at, dies.Series.Errors[i])
		}
	}
}

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

// TestArticleRoadmap: the same application in six stages. Each meets its SLO at the upper end of its stage, and not at that of the next;
// and what a stage adds is what makes the difference: without it the stage does not meet its SLO either.
func TestArticleRoadmap(t *testing.T) {
	t.Parallel()
	stages := []struct {
		name, upper string
		without     []string
	}{
		{"roadmap-100", "100/s", []string{"small-machines", "slow-code"}},
		{"roadmap-1k", "1k/s", []string{"without-cache", "slow-queries"}},
		{"roadmap-10k", "10k/s", []string{"without-cdn", "one-server"}},
		{"roadmap-100k", "100k/s", []string{"without-replicas", "synchronous"}},
		{"roadmap-1m", "1M/s", []string{"one-database", "abuse-unlimited"}},
		{"roadmap-beyond", "2M/s", []string{"plain-edges"}},
	}
	for i, s := range stages {
		effort := []scenarios.Change{{Path: "run.requests", Value: "50k"}, {Path: "run.replications", Value: "2"}}
		if s.name == "roadmap-beyond" {
			effort = []scenarios.Change{{Path: "run.requests", Value: "400k"}} // 200 ms: an answer from the other side of the world takes as long
		}
		r := builtin(t, s.name, "", effort...)
		if asked := float64(r.Load.Asked); !meets(r) || !about(r.Load.Offered, asked, .05) {
			t.Errorf("%s at %g/s: met %v, offered %g/s: %+v", s.name, asked, meets(r), r.Load.Offered, r.SLO)
		}
		if i+1 < len(stages) {
			if r := builtin(t, s.name, "", append(slices.Clone(effort), rate(stages[i+1].upper), scenarios.Change{Path: "run.replications", Value: "1"})...); meets(r) {
				t.Errorf("%s meets its SLO at the %s of %s", s.name, stages[i+1].upper, stages[i+1].name)
			}
		}
		once := append(slices.Clone(effort), scenarios.Change{Path: "run.replications", Value: "1"}) // they miss it by far
		for _, v := range s.without {
			if r := builtin(t, s.name, v, once...); meets(r) {
				t.Errorf("%s meets its SLO as %s", s.name, v)
			}
		}
	}
	if r := builtin(t, "roadmap-beyond", "one-region", scenarios.Change{Path: "run.requests", Value: "80k"}, rate("200k/s")); meets(r) || r.Regions["asia"].Latency.P50 < .17 {
		t.Errorf("from one region, however little there is to do, the SLO is met %v; Asia waits %g s", meets(r), r.Regions["asia"].Latency.P50)
	}
	if r := builtin(t, "roadmap-1m", "abuse", brief...); !meets(r) || r.Sources["scripts"].ErrorRate < .9 || r.Sources["users"].ErrorRate > 0 {
		t.Errorf("met %v although some send too much; %g of theirs is refused, %g of the others'", meets(r), r.Sources["scripts"].ErrorRate, r.Sources["users"].ErrorRate)
	}
}
