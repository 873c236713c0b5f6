package contents

import (
	"unsafe"

	"headroom/internal/memory"
	"headroom/sim"
)

// Steps is how many steps lead to what an answer touches: as many as nodes take that foresee.
const Steps = sim.Steps

// Foresee brings near what Get will touch when a key is asked for, one step on the way to it at a time, from 0: where its entry is looked up,
// the entry, and its neighbours in the policy's order. A step should come a good while after the one before, and Get after the last; that
// the contents change meanwhile does no harm.
func (c *Contents) Foresee(key Key, step int) {
	var at *uint32
	if c.ranks.has(key) {
		at = c.ranks.of(key)
	} else if len(c.index.slots) > leastRanked {
		at = &c.index.slots[c.index.home(tagOf(key))].number
	} else {
		return // few enough to be near
	}
	if step == 0 {
		memory.Fetch(unsafe.Pointer(at))
		return
	}
	if *at == none {
		return
	}
	place := &c.links[*at]
	if step == 1 {
		memory.Fetch(unsafe.Pointer(&c.entries[*at]))
		memory.Fetch(unsafe.Pointer(place))
		return
	}
	memory.Fetch(unsafe.Pointer(&c.links[min(int(place.prev), c.last())]))
	memory.Fetch(unsafe.Pointer(&c.links[min(int(place.next), c.last())]))
}

// last bounds the links of policies that keep something else in their place.
func (c *Contents) last() int { return len(c.links) - 1 }
