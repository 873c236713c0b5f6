package contents

import (
	"slices"

	"headroom/sim"
)

// naive is a cache as one would write it down: slices searched from end to end, every entry's time and place looked at anew each time.
// Where a policy leaves a choice, it does what the cache under test did, if that was allowed.
type naive struct {
	cfg       Config
	now       sim.Time
	entries   []naiveEntry // the oldest first, in the policy's sense
	counts    map[Key]int
	ghost     []naiveGhost // the oldest first
	evictions int64
	area      float64 // of entries that are gone
	choices   []Key   // what the cache under test evicted in its last step
}

type naiveEntry struct {
	key         Key
	size        uint32
	stored, end sim.Time
	main        bool
	uses        int
}

type naiveGhost struct {
	key  Key
	cost int64
	left bool // came back
}

func (n *naive) find(key Key) int {
	return slices.IndexFunc(n.entries, func(e naiveEntry) bool { return e.key == key })
}

func (n *naive) cost(e naiveEntry) int64 {
	if n.cfg.Bytes > 0 {
		return max(1, int64(e.size))
	}
	return 1
}

func (n *naive) bound() int64 {
	if bound := n.cfg.Bytes + n.cfg.Entries; bound > 0 {
		return bound
	}
	return 1 << 40
}

// sum is the cost of the entries that a condition holds for.
func (n *naive) sum(of func(naiveEntry) bool) (sum int64) {
	for _, e := range n.entries {
		if of(e) {
			sum += n.cost(e)
		}
	}
	return sum
}

func (n *naive) take(i int, at sim.Time) naiveEntry {
	e := n.entries[i]
	n.entries = slices.Delete(n.entries, i, i+1)
	n.area += float64(at - e.stored)
	return e
}

func (n *naive) advance(now sim.Time) {
	n.now = now
	for i := len(n.entries) - 1; i >= 0; i-- {
		if e := n.entries[i]; e.end <= now {
			n.take(i, e.end)
		}
	}
}

func (n *naive) lifeEnd() sim.Time {
	if n.cfg.TTL == 0 {
		return sim.Never
	}
	return n.now + n.cfg.TTL
}

func (n *naive) get(key Key) bool {
	n.counts[key]++
	i := n.find(key)
	if i < 0 {
		return false
	}
	if n.cfg.Renew {
		n.entries[i].end = n.lifeEnd()
	}
	n.use(i)
	return true
}

func (n *naive) use(i int) {
	n.entries[i].uses = min(3, n.entries[i].uses+1)
	if n.cfg.Policy == "lru" {
		e := n.entries[i]
		n.entries = append(slices.Delete(n.entries, i, i+1), e)
	}
}

func (n *naive) put(key Key, size uint32) {
	if i := n.find(key); i >= 0 {
		if n.entries[i].size == size {
			n.entries[i].end = n.lifeEnd()
			n.counts[key]++
			n.use(i)
			return
		}
		n.take(i, n.now)
	}
	e := naiveEntry{key: key, size: size, stored: n.now, end: n.lifeEnd()}
	if n.cost(e) > n.bound() {
		return
	}
	for n.sum(func(naiveEntry) bool { return true })+n.cost(e) > n.bound() {
		i := n.victim()
		if n.cfg.Policy == "lfu" && n.counts[key] <= n.counts[n.entries[i].key] {
			return
		}
		n.evictions++
		n.take(i, n.now)
	}
	for i := range n.ghost {
		if g := &n.ghost[i]; g.key == key && !g.left {
			g.left, e.main = true, true
		}
	}
	n.entries = append(n.entries, e)
}

func (n *naive) victim() int {
	switch n.cfg.Policy {
	case "lfu":
		least := slices.MinFunc(n.entries, func(a, b naiveEntry) int { return n.counts[a.key] - n.counts[b.key] })
		return n.choose(func(e naiveEntry) bool { return n.counts[e.key] == n.counts[least.key] })
	case "random":
		return n.choose(func(naiveEntry) bool { return true })
	case "s3-fifo":
		return n.victimS3()
	}
	return 0
}

// choose picks the cache's own choice among the entries that may go; any of them if it was none.
func (n *naive) choose(may func(naiveEntry) bool) int {
	if len(n.choices) > 0 {
		choice := n.choices[0]
		n.choices = n.choices[1:]
		if i := n.find(choice); i >= 0 && may(n.entries[i]) {
			return i
		}
	}
	return slices.IndexFunc(n.entries, may)
}

func (n *naive) victimS3() int {
	inSmall := func(e naiveEntry) bool { return !e.main }
	inMain := func(e naiveEntry) bool { return e.main }
	smallBound := max(1, n.bound()/10)
	for {
		if n.sum(inSmall) >= smallBound || n.sum(inMain) == 0 {
			i := slices.IndexFunc(n.entries, inSmall)
			if n.entries[i].uses <= 1 {
				n.remember(n.entries[i], n.bound()-smallBound)
				return i
			}
			e := n.entries[i]
			e.main, e.uses = true, 0
			n.entries = append(slices.Delete(n.entries, i, i+1), e)
			continue
		}
		i := slices.IndexFunc(n.entries, inMain)
		if n.entries[i].uses == 0 {
			return i
		}
		e := n.entries[i]
		e.uses--
		n.entries = append(slices.Delete(n.entries, i, i+1), e)
	}
}

func (n *naive) remember(e naiveEntry, bound int64) {
	n.ghost = append(n.ghost, naiveGhost{key: e.key, cost: n.cost(e)})
	total := int64(0)
	for i := len(n.ghost) - 1; i >= 0; i-- {
		if total += n.ghost[i].cost; total > bound {
			n.ghost = n.ghost[i+1:]
			return
		}
	}
}

func (n *naive) remove(key Key) {
	if i := n.find(key); i >= 0 {
		n.take(i, n.now)
	}
}

func (n *naive) flush() {
	for len(n.entries) > 0 {
		n.take(0, n.now)
	}
	n.counts, n.ghost = map[Key]int{}, nil
}

// liveArea is the time that all entries lived together, in entries × nanoseconds.
func (n *naive) liveArea() float64 {
	area := n.area
	for _, e := range n.entries {
		area += float64(n.now - e.stored)
	}
	return area
}
