package models

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"headroom/internal/strict"
	"headroom/internal/units"
)

// Instances is how many instances a node has: a number, or auto(60%), which is chosen for the rate before anything is simulated.
type Instances struct {
	units.Count             // with Auto 1 until it is chosen
	Auto        units.Share // the utilization that the busiest resource is kept at; 0: the number is given
}

const usualAuto = "auto(60%)"

// Describe says what a number of instances looks like.
func (Instances) Describe() string { return "a number of instances such as 4, or " + usualAuto }

// Examples implements strict.Exemplified.
func (Instances) Examples() []string { return []string{"4", usualAuto} }

// Pattern implements strict.Patterned.
func (Instances) Pattern() string {
	return whole(inside(units.Count(0).Pattern()), called("auto", share))
}

// String writes the number as the file does.
func (n Instances) String() string {
	if n.Auto > 0 {
		return "auto(" + units.FormatShare(float64(n.Auto)) + ")"
	}
	return n.Count.String()
}

// UnmarshalText reads a number, or a share above 0% and below 100% in auto(…).
func (n *Instances) UnmarshalText(text []byte) error {
	written := strings.TrimSpace(string(text))
	word, argument, isCall := strings.Cut(written, "(")
	word = strings.TrimSpace(word)
	if !isCall && word != "auto" {
		n.Auto = 0
		if err := n.Count.UnmarshalText(text); err != nil {
			return notInstances(written, word)
		}
		return nil
	}
	argument, closed := strings.CutSuffix(argument, ")")
	var share units.Share
	switch err := share.UnmarshalText([]byte(argument)); {
	case word != "auto":
		return notInstances(written, word)
	case !isCall || !closed || strings.TrimSpace(argument) == "":
		return fmt.Errorf("`%s` does not say how busy the instances are to be: write it such as %s", shortened(written), usualAuto)
	case err != nil || share <= 0 || share >= 1:
		return fmt.Errorf("`%s` keeps nothing at that: expected a share above 0%% and below 100%%, such as %s", shortened(written), usualAuto)
	}
	*n = Instances{1, share}
	return nil
}

// notInstances refuses what is neither a number nor auto, with the nearest word where a word was meant.
func notInstances(written, word string) error {
	if strict.Nearest(word, []string{"auto"}) != "" {
		return fmt.Errorf("`%s` is no number of instances: did you mean `%s`?", shortened(written), usualAuto)
	}
	return fmt.Errorf("`%s` is not %s", shortened(written), Instances{}.Describe())
}

// auto tells whether the number of a node's instances is chosen for the rate.
func auto(k Component) bool { return k != nil && k.common().Instances.Auto > 0 }

// Auto returns the utilization that the instances of a node are chosen for, by its place in the file; 0 where their number is given.
func (a *Architecture) Auto(node int) float64 {
	if k := a.Nodes[node].Value.Component; auto(k) {
		return float64(k.common().Instances.Auto)
	}
	return 0
}

// Follows tells whether the number of some node's instances is chosen for the rate.
func (a *Architecture) Follows() bool {
	return slices.ContainsFunc(a.Nodes, func(n strict.Pair[Node]) bool { return auto(n.Value.Component) })
}

// checkAuto reports numbers of instances that cannot be chosen, and warns where there is nothing to choose.
func (a *Architecture) checkAuto(c *Check) {
	for _, n := range a.Nodes {
		at := n.At + ".instances"
		switch {
		case !auto(n.Value.Component) || c.Wrong(n.At):
		case a.Replayed():
			c.Errorf(at, "`auto` chooses a number for a rate, and a replay has none that holds: say how many instances there are")
		case !a.fills(n.Value.Component) && sizable(n.Value.Component):
			c.Warnf(at, "`auto` has no effect: nothing of `%s` can be full, so that one instance is enough at any rate", n.Key)
		}
	}
}

// sizable tells whether the number of instances means something to a kind; the others say themselves that it does not.
func sizable(k Component) bool {
	switch k.(type) {
	case *External, *Queue, *RateLimiter, *Function, *CDN:
		return false
	}
	return true
}

// fills tells whether an instance of a component has something that can be full.
func (a *Architecture) fills(k Component) bool {
	if k.Network() != nil && a.transfers() {
		return true
	}
	switch k := k.(type) {
	case *Station:
		return !k.Servers.IsUnlimited()
	case *Balancer:
		return !k.Cores.IsUnlimited() && k.Work.Mean() > 0
	case *Cache:
		return !k.Cores.IsUnlimited() && k.works()
	case *Database:
		return !k.Cores.IsUnlimited() && k.works() || !k.Connections.IsUnlimited() || k.paged()
	}
	s, ok := serverOf(k)
	return ok && (!s.Cores.IsUnlimited() || !s.Concurrency.IsUnlimited() || len(s.Pools) > 0 || s.fits() > 0)
}

// Sized is what was chosen for a rate.
type Sized struct {
	Rate float64 // requests per second
	Over []bool  // by node: more would have been needed than are simulated
}

// WithInstances returns the architecture with as many instances of each node as are needed at a rate, of those whose number is chosen: a
// number for each node, in the order of the file. What a simulation cannot hold is cut off, and Sized tells of it.
func (a *Architecture) WithInstances(rate float64, needed []int) *Architecture {
	b := *a
	b.Nodes = slices.Clone(a.Nodes)
	b.sized = &Sized{rate, make([]bool, len(a.Nodes))}
	most := a.mostChosen()
	set := func(i, n int) {
		b.Nodes[i].Value.Component = resized(a.Nodes[i].Value.Component, max(min(n, most[i]), 1))
		b.sized.Over[i] = n < needed[i] || n > most[i]
	}
	for i := range a.Nodes {
		if a.Auto(i) > 0 {
			set(i, needed[i])
		}
	}
	for share := .9; b.picked() > mostPicked && share > 1e-3; share *= .9 {
		for i, n := range b.Nodes {
			if k := n.Value.Component; auto(k) {
				set(i, int(share*float64(min(needed[i], most[i]))))
			}
		}
	}
	return &b
}

// mostChosen returns as how many instances of each node a simulation can hold where their number is chosen: each of these may take the same
// part of the queues that the others leave.
func (a *Architecture) mostChosen() []int {
	queues, free, chosen := make([]int, len(a.Nodes)), mostStations, 0
	for i, n := range a.Nodes {
		k, ok := n.Value.Component.(sized)
		if !ok {
			continue
		}
		s := k.size(a.Classes)
		queues[i] = s.queuesEach(n.Value, a.priorities())
		if free -= s.locks; auto(n.Value.Component) {
			chosen++
		} else {
			free -= s.instances * queues[i]
		}
	}
	most := make([]int, len(a.Nodes))
	for i, n := range a.Nodes {
		most[i] = min(mostInstances, max(free/max(chosen, 1)/max(queues[i], 1), 1))
		if k, ok := n.Value.Component.(*Cache); ok {
			most[i] = min(most[i], max(mostOnRing/int(k.VirtualNodes), 1))
		}
	}
	return most
}

// sizing says as sentences how many instances were chosen, or that they will be.
func (a *Architecture) sizing() []string {
	var all []string
	for i, n := range a.Nodes {
		target := units.FormatShare(a.Auto(i))
		switch {
		case a.Auto(i) == 0:
		case a.sized == nil:
			all = append(all, fmt.Sprintf("%s: instances follow the rate, as many as keep its busiest resource at %s.", n.Key, target))
		default:
			all = append(all, fmt.Sprintf("%s: %s, sized for %s at %s.", n.Key, counted(n.Value.Count(), "instance", "instances"), target, units.FormatRate(a.sized.Rate)))
		}
	}
	return all
}

// SizedFor returns the rate that the instances were chosen for, in requests per second; false where all numbers are given, or none is chosen yet.
func (a *Architecture) SizedFor() (rate float64, ok bool) {
	if a.sized == nil {
		return math.NaN(), false
	}
	return a.sized.Rate, true
}

// Undersized returns how the nodes are called that would have needed more instances than are simulated.
func (a *Architecture) Undersized() []string {
	var all []string
	for i, n := range a.Nodes {
		if a.sized != nil && a.sized.Over[i] {
			all = append(all, n.Key)
		}
	}
	return all
}

// unknownYet is what is wrong with an event that counts instances before their number is chosen.
func unknownYet(name string) string {
	return fmt.Sprintf("how many instances %s has is chosen for the rate, and may be one: name `%s/0`, or all of them with `%s`", name, name, name)
}
