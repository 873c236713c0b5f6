package diagram

import (
	"slices"

	"headroom/models"
)

// groups are the regions in which some nodes are, and for the others the tiers that they belong to: those of two nodes or more that are not
// all nodes.
func groups(a *models.Architecture, g Graph) []Group {
	var all []Group
	placed := map[string]bool{}
	for _, region := range a.Regions() {
		at := Group{Name: "region " + region}
		for _, n := range a.Nodes {
			if n.Value.Site().Region == region {
				at.Nodes = append(at.Nodes, n.Key)
				placed[n.Key] = true
			}
		}
		if len(at.Nodes) > 0 {
			all = append(all, at)
		}
	}
	tiers := tiersOf(g)
	for _, tier := range []string{"Edge", "Services", "Background", "Data"} {
		of := Group{Name: tier}
		for _, n := range a.Nodes {
			if !placed[n.Key] && tiers[n.Key] == tier {
				of.Nodes = append(of.Nodes, n.Key)
			}
		}
		if len(of.Nodes) > 1 && len(of.Nodes) < len(a.Nodes) {
			all = append(all, of)
		}
	}
	return all
}

// tiersOf says to which tier each node belongs. Balancers and limiters before the first service are at the edge; behind one they belong to it.
func tiersOf(g Graph) map[string]string {
	tiers := map[string]string{}
	for _, n := range g.Nodes {
		switch n.Kind {
		case "server", "function", "station":
			tiers[n.Name] = "Services"
		case "cache", "database":
			tiers[n.Name] = "Data"
		case "queue", "worker":
			tiers[n.Name] = "Background"
		}
	}
	behind := map[string]bool{}
	var follow func(name string)
	follow = func(name string) {
		for _, e := range g.Edges {
			if e.From == name && !behind[e.To] {
				behind[e.To] = true
				follow(e.To)
			}
		}
	}
	for _, n := range g.Nodes {
		if tiers[n.Name] != "" {
			follow(n.Name)
		}
	}
	for _, n := range g.Nodes {
		if slices.Contains([]string{"cdn", "load-balancer", "rate-limiter"}, n.Kind) {
			if tiers[n.Name] = "Edge"; behind[n.Name] {
				tiers[n.Name] = g.servedBy(n.Name, tiers)
			}
		}
	}
	return tiers
}

// servedBy is the tier of the first node behind a balancer or limiter that has one.
func (g Graph) servedBy(name string, tiers map[string]string) string {
	for range g.Nodes { // no further than there are nodes
		next := slices.IndexFunc(g.Edges, func(e Edge) bool { return e.From == name })
		if next < 0 {
			return ""
		}
		if name = g.Edges[next].To; tiers[name] != "" && tiers[name] != "Edge" {
			return tiers[name]
		}
	}
	return ""
}
