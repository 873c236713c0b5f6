package remedies

import (
	"math"
	"strings"

	"headroom/scenarios"
)

// Target is the utilization at which a size begins to be looked for: high enough to pay for little that is idle, low enough that queues are
// short. An M/M/1 queue waits twice its service time at two thirds.
const Target = .65

// A Suspect is what limits a scenario, as a run of it saw it.
type Suspect struct {
	Node, Resource, Class string  // as a bottleneck names them
	Demand                float64 // what its utilization would be if nothing were refused, above 1 where more is asked; NaN where nobody knows
	Calls                 float64 // that come to the node, per second
	Mean, P50, P90, P95   float64 // seconds until the node answers; NaN where that is not known
}

// A Proposal is one change of a scenario that was not tried yet.
type Proposal struct {
	Kind    string             // what is done, such as instances, cache or shards: the same for all sizes of a family
	Title   string             // such as "api: 2 → 5 instances"
	Change  []scenarios.Change // paths and YAML text, as --set takes them; a new node is a flow map
	Assumes string             // what no run can know, such as how often a cache hits; empty: nothing
}

// A Family is one way to widen what limits, in sizes that rise in what they give and in what they cost.
type Family struct {
	Kind    string
	Sizes   []Proposal
	Start   int    // the size at which the utilization law puts the resource at Target
	Ceiling string // what ends the list of sizes, such as the largest machine; empty where a larger one could be had
}

// Joined is two changes of a scenario as one, the first made before the second.
func Joined(first, second Proposal) Proposal {
	p := Proposal{Kind: first.Kind + "+" + second.Kind, Title: first.Title + " + " + second.Title}
	p.Change = append(append(p.Change, first.Change...), second.Change...)
	p.Assumes = strings.TrimSpace(first.Assumes + " " + second.Assumes)
	return p
}

// sized makes a family of sizes that give so many times as much as there is, in rising order.
func sized(kind string, sizes []Proposal, times []float64, demand float64) []Family {
	if len(sizes) == 0 {
		return nil
	}
	f := Family{Kind: kind, Sizes: sizes, Start: len(sizes) - 1}
	for i, t := range times {
		if !(demand/t > Target) || math.IsNaN(demand) && t >= 2 {
			f.Start = i
			break
		}
	}
	return []Family{f}
}

// single is a family of one size.
func single(p Proposal) []Family { return []Family{{Kind: p.Kind, Sizes: []Proposal{p}}} }

// steps is a family of sizes of which none is more likely than another: it begins in the middle.
func steps(sizes []Proposal) []Family {
	if len(sizes) == 0 {
		return nil
	}
	return []Family{{Kind: sizes[0].Kind, Sizes: sizes, Start: len(sizes) / 2}}
}
