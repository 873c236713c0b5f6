package models

import (
	"slices"

	"headroom/sim"
)

// relays tells whether a node can hand calls on to others as a sim.Relay does: no event strikes any of them, so that nobody has to know which
// calls are at which instance.
func (b *Builder) relays(name string, targets ...string) bool {
	return b.lives[b.ID(name)] == nil && !slices.ContainsFunc(targets, func(to string) bool {
		n, _ := b.a.Nodes.Get(to)
		switch n.Component.(type) {
		case *Queue, *Worker, *Station: // their calls go on after the answer, or elsewhere
			return true
		}
		return b.lives[b.ID(to)] != nil
	})
}

// relay lets the instances of a balancer hand calls on to servers, which stay at the instance that they are given.
func (b *Balancer) relay(in *Builder, n *balancer, name string) {
	if n.limits != nil || !in.relays(name, b.To.Keys()...) {
		return
	}
	for _, to := range b.To.Keys() {
		if target, _ := in.a.Nodes.Get(to); !isServer(target.Component) {
			return
		}
	}
	for _, p := range n.pickers {
		n.relays = append(n.relays, in.Sim.NewRelay(&handedOn{n, p}))
	}
}

func isServer(c Component) bool {
	_, is := c.(*Server)
	return is
}

// handedOn hears of the answers to calls that an instance of a balancer handed on.
type handedOn struct {
	*balancer
	picker picker
}

// Returned implements sim.Returner.
func (h *handedOn) Returned(c *sim.Call, o sim.Outcome) {
	h.picker.answered(h.first(c.Node)+int(c.Instance), h.sim.Now()-c.Arrived(), o == sim.OK)
}

// first returns the number of the first target at a node.
func (n *balancer) first(node uint32) int {
	if len(n.firsts) == 1 {
		return 0
	}
	return n.firsts[slices.IndexFunc(n.firsts, func(f firstTarget) bool { return f.node == node })].number
}
