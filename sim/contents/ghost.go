package contents

// ghost remembers the keys of the last entries that left, as many as cost no more than its bound together. Those that came back still
// count among the last.
type ghost struct {
	bound, cost int64
	ring        []ghostKey
	first, n    int
	index       index // of places in the ring, plus 1
}

type ghostKey struct {
	low, high uint32 // the key's halves: 12 bytes and not 16
	cost      uint32
}

func (k ghostKey) key() Key { return Key(k.high)<<32 | Key(k.low) }

// remember adds a key that is not remembered.
func (g *ghost) remember(key Key, cost int64) {
	for g.n > 0 && g.cost > g.bound-cost {
		g.forgetFirst()
	}
	if cost > g.bound {
		return
	}
	if g.n == len(g.ring) {
		g.grow()
	}
	place := g.wrap(g.first + g.n)
	g.ring[place] = ghostKey{uint32(key), uint32(key >> 32), uint32(cost)}
	g.index.add(tagOf(key), uint32(place+1))
	g.n++
	g.cost += cost
}

// forget reports whether a key was remembered, and forgets it.
func (g *ghost) forget(key Key) bool {
	x := &g.index
	if x.n == 0 {
		return false
	}
	tag := tagOf(key)
	for i := x.home(tag); x.slots[i].number != none; i = x.after(i) {
		if at := x.slots[i]; at.tag == tag && g.ring[at.number-1].key() == key {
			x.remove(tag, at.number)
			return true
		}
	}
	return false
}

func (g *ghost) forgetFirst() {
	k := g.ring[g.first]
	g.index.remove(tagOf(k.key()), uint32(g.first+1))
	g.cost -= int64(k.cost)
	g.first = g.wrap(g.first + 1)
	g.n--
}

func (g *ghost) wrap(place int) int {
	if place >= len(g.ring) {
		return place - len(g.ring)
	}
	return place
}

// grow doubles the room, or makes as much as the bound may need.
func (g *ghost) grow() {
	old := *g
	room := int(min(int64(max(64, 2*g.n)), g.bound))
	g.ring, g.index, g.first = make([]ghostKey, room), index{}, 0
	g.index.resize(room)
	for i := range g.n {
		place := old.wrap(old.first + i)
		g.ring[i] = old.ring[place]
		tag := tagOf(g.ring[i].key())
		if old.index.find(tag, uint32(place+1)) >= 0 {
			g.index.add(tag, uint32(i+1))
		}
	}
}

func (g *ghost) clear() {
	g.cost, g.first, g.n = 0, 0, 0
	g.index.clear()
}
