package experiments

import (
	"maps"
	"slices"
)

// Busiest finds the resource of a node that is used most; false where none has a limit. Where a held resource is as full as the one it waits
// for, the one that the bottleneck names comes first.
func (r *Result) Busiest(node string) (resource string, found bool) {
	resources := r.Nodes[node].Resources
	for _, name := range slices.Sorted(maps.Keys(resources)) {
		u := resources[name].Utilization
		if !u.Known() || name == "memory" && r.Nodes[node].keeps() {
			continue
		}
		if !found || u > resources[resource].Utilization {
			resource, found = name, true
		}
	}
	if named, has := resources[r.Bottleneck.Resource]; r.Bottleneck.Node == node && has && named.Utilization >= resources[resource].Utilization-alike {
		return r.Bottleneck.Resource, true
	}
	return resource, found
}

// keeps tells whether a node's memory is full of what it keeps for others, as it should be.
func (n NodeResult) keeps() bool { return n.Cache != nil || n.Kind == "database" }
