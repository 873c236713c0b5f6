package remedies

import (
	"fmt"
	"math"
	"strings"

	"headroom/internal/strict"
	"headroom/internal/units"
	"headroom/models"
	"headroom/scenarios"
)

// connections proposes more of what is held while its holder waits: places for requests, connections, pooled connections, servers.
func connections(v *view) []Family {
	key, now := v.of.Resource, units.Count(0)
	switch k := v.node.Component.(type) {
	case *models.Server:
		now = v.held(k)
	case *models.Worker:
		now = v.held(&k.Server)
	case *models.Database:
		if key == "connections" {
			now = k.Connections
		}
	case *models.Station:
		if key == "servers" {
			now = k.Servers
		}
	}
	if key == "backlog" { // the queue before the places
		key = "concurrency"
	}
	if now < 1 || now.IsUnlimited() {
		return nil
	}
	called := key
	if to, pool := strings.CutPrefix(key, "pools."); pool {
		called = "connections to " + to
	}
	var sizes []Proposal
	var times []float64
	for _, n := range counts(int(now), v.manifold()) {
		sizes = append(sizes, Proposal{Kind: "places", Title: title("%s: %d → %d %s", v.of.Node, int(now), n, called), Change: []scenarios.Change{v.set(key, text(n))}})
		times = append(times, float64(n)/float64(now))
	}
	return sized("places", sizes, times, v.of.Demand)
}

// held returns how many places of the resource that limits a server has.
func (v *view) held(k *models.Server) units.Count {
	if to, pool := strings.CutPrefix(v.of.Resource, "pools."); pool {
		n, _ := k.Pools.Get(to)
		return n
	}
	if v.of.Resource == "concurrency" || v.of.Resource == "backlog" {
		return k.Concurrency
	}
	return 0
}

// allowance proposes a higher rate.
func allowance(v *view) []Family {
	k, ok := v.node.Component.(*models.RateLimiter)
	if !ok {
		return nil
	}
	unit := map[units.Duration]string{units.Second: "s", 60 * units.Second: "m", 3600 * units.Second: "h"}[k.Limit.Unit]
	if unit == "" {
		return nil
	}
	var sizes []Proposal
	var times []float64
	for _, t := range []float64{1.1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4, 5, 7, 10, 15, 20, 50, 100} {
		then := math.Ceil(k.Limit.Number * t)
		sizes = append(sizes, Proposal{Kind: "limit", Title: title("%s: limit %s/%s → %s/%s", v.of.Node, units.FormatCount(k.Limit.Number), unit, units.FormatCount(then), unit),
			Change: []scenarios.Change{v.set("limit", fmt.Sprintf("%.0f/%s", then, unit))}})
		times = append(times, t)
	}
	return sized("limit", sizes, times, v.of.Demand)
}

// burst proposes that a bucket holds more.
func burst(v *view) []Family {
	k, ok := v.node.Component.(*models.RateLimiter)
	if !ok || k.Algorithm != "token-bucket" && k.Algorithm != "leaky-bucket" || v.of.Demand > 1 { // what is too much on average would overflow any
		return nil
	}
	now := math.Max(k.Limit.Number, 1)
	if k.Burst != nil {
		now = float64(*k.Burst)
	}
	var sizes []Proposal
	for _, t := range []float64{1.5, 2, 3, 5, 7, 10, 15, 20, 30, 50, 100} {
		then := math.Ceil(now * t)
		sizes = append(sizes, Proposal{Kind: "burst", Title: title("%s: burst %s → %s", v.of.Node, units.FormatCount(now), units.FormatCount(then)), Change: []scenarios.Change{v.set("burst", fmt.Sprintf("%.0f", then))}})
	}
	return steps(sizes)
}

// leaky proposes to hold back what comes at once instead of refusing it.
func leaky(v *view) []Family {
	k, ok := v.node.Component.(*models.RateLimiter)
	if !ok || k.Algorithm == "leaky-bucket" {
		return nil
	}
	change := []scenarios.Change{v.set("algorithm", "leaky-bucket")}
	if v.doc.Given(v.path + ".window") {
		change[0].Replaces = v.path + ".window"
	}
	return single(Proposal{Kind: "algorithm", Title: title("%s: a leaky-bucket, not a %s", v.of.Node, k.Algorithm), Change: change})
}

// backlog proposes a longer queue.
func backlog(v *view) []Family {
	at := v.doc.At(v.path + ".backlog")
	var now units.Count
	if at == nil || now.UnmarshalText([]byte(at.Text())) != nil || now.IsUnlimited() {
		return nil
	}
	var sizes []Proposal
	for _, t := range []float64{1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 50, 100} {
		then := units.Count(math.Ceil(max(float64(now), 1) * t))
		sizes = append(sizes, Proposal{Kind: "backlog", Title: title("%s: backlog %s → %s", v.of.Node, now, then), Change: []scenarios.Change{v.set("backlog", then.String())}})
	}
	return steps(sizes)
}

// lockByKey proposes a lock for each key in place of one for all.
func lockByKey(v *view) []Family {
	name, locked := strings.CutPrefix(v.of.Resource, "locks.")
	if !locked {
		return nil
	}
	var changes []scenarios.Change
	var find func(in *strict.Value)
	find = func(in *strict.Value) {
		for _, item := range in.Items() {
			find(item)
		}
		for _, e := range in.Entries() {
			if e.Key == "lock" && e.Value.Get("name").Text() == name && e.Value.Get("by").Text() != "key" {
				changes = append(changes, scenarios.Change{Path: e.Value.Path() + ".by", Value: "key"})
			}
			find(e.Value)
		}
	}
	find(v.doc.At(v.path + ".handles"))
	if len(changes) == 0 {
		return nil
	}
	return single(Proposal{Kind: "lock", Title: title("%s: a lock %s for each key", v.of.Node, name), Change: changes})
}

// largerFunction proposes more instances of a function at once.
func largerFunction(v *view) []Family {
	k, ok := v.node.Component.(*models.Function)
	if !ok {
		return nil
	}
	var sizes []Proposal
	var times []float64
	for _, n := range counts(int(k.Limit), v.manifold()) {
		sizes = append(sizes, Proposal{Kind: "limit", Title: title("%s: limit %d → %d instances", v.of.Node, int(k.Limit), n), Change: []scenarios.Change{v.set("limit", text(n))}})
		times = append(times, float64(n)/float64(k.Limit))
	}
	return sized("limit", sizes, times, v.of.Demand)
}

// externalLimit proposes a higher allowance of the service of someone else, which only they can give.
func externalLimit(v *view) []Family {
	k, ok := v.node.Component.(*models.External)
	if !ok || k.Limit == nil {
		return nil
	}
	var sizes []Proposal
	var times []float64
	for _, t := range []float64{1.1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4, 5, 7, 10, 20, 50} {
		then := units.Rate(math.Ceil(float64(*k.Limit) * t))
		sizes = append(sizes, Proposal{Kind: "limit", Title: title("%s: limit %s → %s", v.of.Node, units.FormatRate(float64(*k.Limit)), units.FormatRate(float64(then))), Change: []scenarios.Change{v.set("limit", fmt.Sprintf("%.0f/s", float64(then)))},
			Assumes: v.of.Node + " is a service of someone else, who is taken to grant that."})
		times = append(times, t)
	}
	return sized("limit", sizes, times, v.of.Demand)
}
