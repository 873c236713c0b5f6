package experiments

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"headroom/internal/strict"
	"headroom/internal/units"
	"headroom/models"
	"headroom/scenarios"
)

// placements are the changes that put each node which runs on a machine and has no price on the smallest one with its cores, and the sentence
// that says so; nothing where all have one.
func placements(l *scenarios.Loaded) (changes []scenarios.Change, said string) {
	doc := strict.Parse(l.File, []byte(l.Source))
	machines := models.Ladder()
	if len(l.Machines) > 0 {
		machines = l.Machines
	}
	var on []string
	for _, n := range l.Nodes {
		at := "nodes." + n.Key
		cores, runs := coresOf(n.Value.Component)
		if !runs || cores < 1 || cores.IsUnlimited() || doc.Given(at+".machine") || doc.Given(at+".price") {
			continue
		}
		best := ""
		var least models.MachineType
		for _, m := range machines {
			if m.Value.Cores >= cores && (best == "" || m.Value.Cores < least.Cores) {
				best, least = m.Key, m.Value
			}
		}
		if best == "" {
			continue
		}
		c := scenarios.Change{Path: at + ".machine", Value: best}
		if doc.Given(at + ".cores") {
			c.Replaces = at + ".cores"
		}
		changes = append(changes, c)
		on = append(on, fmt.Sprintf("%s on %s (%s, %s)", n.Key, best, least, least.Price))
	}
	if len(on) == 0 {
		return nil, ""
	}
	return changes, "What has no price is put on the smallest machine with its cores: " + strings.Join(on, "; ") + "."
}

// coresOf returns how many cores an instance has, and whether the kind runs on machines.
func coresOf(c models.Component) (units.Count, bool) {
	switch k := c.(type) {
	case *models.Server:
		return k.Cores, true
	case *models.Worker:
		return k.Cores, true
	case *models.Database:
		return k.Cores, true
	case *models.Cache:
		return k.Cores, true
	case *models.Balancer:
		return k.Cores, true
	case *models.RateLimiter:
		return k.Cores, true
	case *models.CDN:
		return k.Cores, true
	}
	return 0, false
}

// ratesAt are the changes that let the sources of a scenario send at a rate in total, steadily. What the file says of the length of the run shrinks
// with it, as in a sweep, so that as many requests are measured.
func ratesAt(l *scenarios.Loaded, rate float64) []scenarios.Change {
	a, ok := l.AtRate(rate)
	if !ok {
		return nil
	}
	var changes []scenarios.Change
	for i, t := range a.Traffic {
		before := l.Traffic[i].Value
		if !t.Value.Scales || !t.Value.Open() || t.Value.Rate == nil {
			continue
		}
		c := scenarios.Change{Path: "traffic." + t.Key + ".rate", Value: t.Value.Rate.String()}
		if len(before.Stages) > 0 {
			c.Replaces = "traffic." + t.Key + ".stages"
		}
		changes = append(changes, c)
	}
	times := rate / l.Asked()
	if d := l.Run.Duration; d > 0 && times > 1 {
		changes = append(changes, scenarios.Change{Path: "run.duration", Value: shorter(max(float64(d)/times, viewSeconds*1e9))})
	}
	if w := l.Run.Warmup; !w.Auto && w.For > 0 && times > 1 {
		changes = append(changes, scenarios.Change{Path: "run.warmup", Value: shorter(float64(w.For) / times)})
	}
	return changes
}

// shorter writes a time in nanoseconds, rounded up to milliseconds.
func shorter(ns float64) string { return (units.Duration(math.Ceil(ns/1e6)) * 1e6).String() }

// leastCost is what an architecture costs a month by its machines alone: what is paid by request comes on top.
func leastCost(l *scenarios.Loaded) float64 {
	sum := 0.0
	for _, n := range l.Nodes {
		if cost, ok := n.Value.Cost(0, 0, l.Grown(n.Key)); ok {
			sum += cost
		}
	}
	return sum
}

// guessedHits is the highest hit ratio that a cache is given which has no contents: nobody knows it before it is there. It is about that of the
// built-in scenario caching, where it was simulated.
const guessedHits = .8

// unknowable tells whether a road's architecture stands on more than one guess of how often reads hit, on a bold one, or on edges whose traffic has no
// price since no answer has a size. What one cache misses another is less likely to have, so that two guesses do not multiply.
func unknowable(began, now *scenarios.Loaded) bool {
	guesses := 0
	for _, n := range now.Nodes {
		if _, had := began.Nodes.Get(n.Key); had {
			continue
		}
		if hits := hitRatio(n.Value.Component); hits != nil {
			guesses++
			if float64(*hits) > guessedHits+1e-9 {
				return true
			}
		}
		if n.Value.Kind == "cdn" && !slices.ContainsFunc(now.Requests, func(r strict.Pair[models.RequestClass]) bool { return r.Value.Response.Size > 0 }) {
			return true
		}
	}
	return guesses > 1
}

// hitRatio is that of a cache or of the edges of a CDN, nil where there is none.
func hitRatio(c models.Component) *units.Share {
	switch k := c.(type) {
	case *models.Cache:
		return k.HitRatio
	case *models.CDN:
		return k.HitRatio
	}
	return nil
}
