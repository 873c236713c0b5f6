package models

import (
	"math"
	"slices"

	"headroom/internal/strict"
	"headroom/internal/units"
	"headroom/sim"
)

// byKey takes the target that a call's key belongs to on a ring, the client where its class has no data. Where that target is missing, it
// takes the next one on the ring that is not, so that only the keys of those missing go elsewhere.
type byKey struct {
	b        *Builder
	ring     *ring
	numbered []int32 // which of the targets that are left each is, or nobody; nil: all are
}

func (p *byKey) pick(c *sim.Call) int {
	key := c.Request.Client
	if p.b.data[c.Class] != nil {
		key = uint64(p.b.key(c))
	}
	for i := p.ring.point(key); ; i = (i + 1) % len(p.ring.owner) {
		owner := p.ring.owner[i]
		if p.numbered == nil {
			return int(owner)
		}
		if left := p.numbered[owner]; left != nobody {
			return int(left)
		}
	}
}

func (*byKey) answered(int, sim.Time, bool) {}

// hashes tells whether the balancer goes by keys.
func (b *Balancer) hashes() bool { return b.Algorithm == "consistent-hash" }

// points is how many points of the ring a target of a weight has.
func (b *Balancer) points(weight units.Number) int {
	return max(int(math.Round(float64(b.VirtualNodes)*float64(weight))), 1)
}

// ringed makes pickers that share a ring of all instances, whichever of these are left.
func (b *Balancer) ringed(in *Builder, name string) func([]float64, []int32) picker {
	var points []int
	for _, t := range b.To.Ordered {
		points = append(points, slices.Repeat([]int{b.points(t.Value)}, in.Instances[in.ID(t.Key)])...)
	}
	ring := newUnevenRing(points, id64(name))
	return func(_ []float64, numbered []int32) picker { return &byKey{in, ring, numbered} }
}

// checkRing checks what belongs to the ring.
func (b *Balancer) checkRing(c *Check, path string) {
	if !b.hashes() {
		c.warnKeys(path, "only `consistent-hash` has a ring", "virtual_nodes")
	}
	if b.VirtualNodes < 1 || b.VirtualNodes > mostPoints {
		c.Errorf(path+".virtual_nodes", "`virtual_nodes` must be from 1 to %d", mostPoints)
	}
}

// looksAtKeys implements keyed.
func (b *Balancer) looksAtKeys(string) bool { return b.hashes() }

// checkKeyed implements keyed. Without data calls go by their clients, but there must not be more points than can be simulated.
func (b *Balancer) checkKeyed(r *routes, n strict.Pair[Node]) {
	if !b.hashes() {
		return
	}
	sum := 0
	for _, t := range b.To.Ordered {
		to, _ := r.a.Nodes.Get(t.Key)
		sum += min(to.Count(), mostInstances) * b.points(t.Value)
	}
	if sum > mostOnRing {
		r.c.Errorf(n.At+".to", "the targets have %d points of the ring, for each instance `virtual_nodes` times its weight: at most %d are simulated", sum, mostOnRing)
	}
}

// looksAtClients tells whether some class that comes to the balancer is divided by clients.
func (b *Balancer) looksAtClients(r *routes, name string) bool {
	return b.Algorithm == "ip-hash" || b.hashes() && slices.ContainsFunc(r.a.Classes, func(class string) bool {
		_, comes := r.calls[visit{name, class}]
		return comes && r.a.class(class).Data == ""
	})
}
