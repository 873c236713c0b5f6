package models

import (
	"headroom/sim"
	"headroom/sim/contents"
)

// cluster is the instances of a cache in one region, which divide the keys between them. Each caller uses the nearest.
type cluster struct {
	region   int // anywhere, where there is one cluster only
	first    int // of its instances
	n        int
	ring     *ring // of the instances; nil for one
	fetching map[contents.Key]*sim.Gate
}

// cluster returns the one that is nearest to a visit: to one of the cache, its own.
func (n *cache) cluster(c *sim.Call) *cluster {
	if len(n.clusters) == 1 {
		return &n.clusters[0]
	}
	return &n.clusters[n.near[n.sim.Region(c)]]
}

// Locate implements sim.Locator.
func (n *cache) Locate(c *sim.Call) { n.place(c) }

// place finds the instance that the key belongs to.
func (n *cache) place(c *sim.Call) {
	if n.lone {
		c.Instance = 0
		return
	}
	n.placeIn(n.cluster(c), c)
}

func (n *cache) placeIn(k *cluster, c *sim.Call) {
	if k.ring != nil && n.b.data[c.Class] != nil {
		c.Instance = int32(k.first + k.ring.of(n.b.key(c)))
		return
	}
	chooseInstance(c, k.n)
	c.Instance += int32(k.first)
}

// where returns how keys are divided between the instances, nil for one.
func (k *cluster) where() func(contents.Key) int {
	if k.ring == nil {
		return nil
	}
	return k.ring.of
}

// owner returns the instance that a key belongs to.
func (k *cluster) owner(key contents.Key) int {
	if k.ring == nil {
		return k.first
	}
	return k.first + k.ring.of(key)
}
