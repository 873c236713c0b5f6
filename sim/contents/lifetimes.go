package contents

import "headroom/sim"

// lifetimes keeps the entries in the order in which they expire. As all live equally long, that is the order in which their lives
// began: a queue.
type lifetimes struct {
	ttl   sim.Time // 0: nothing expires, and nothing is kept
	renew bool     // a hit begins the life anew
	next  sim.Time // when the first expires
	of    []life   // of each entry; of[0] is the anchor of a ring
}

// longest is 146 years: no moment of an expiry overflows.
const longest sim.Time = 1 << 62

type life struct {
	end        sim.Time
	prev, next uint32
}

func newLifetimes(ttl sim.Time, renew bool) lifetimes {
	l := lifetimes{ttl: min(ttl, longest), renew: renew && ttl > 0}
	l.clear()
	return l
}

func (l *lifetimes) clear() {
	l.of = append(l.of[:0], life{end: sim.Never})
	l.next = sim.Never
}

// first returns the entry that expires next.
func (l *lifetimes) first() uint32 { return l.of[0].next }

// add begins the life of a new entry.
func (l *lifetimes) add(e uint32, now sim.Time) {
	if l.ttl == 0 {
		return
	}
	for int(e) >= len(l.of) {
		l.of = append(l.of, life{})
	}
	last := l.of[0].prev
	l.of[e] = life{end: now + l.ttl, prev: last}
	l.of[last].next = e
	l.of[0].prev = e
	l.next = l.of[l.of[0].next].end
}

// begin begins the life of an entry anew.
func (l *lifetimes) begin(e uint32, now sim.Time) {
	if l.ttl == 0 {
		return
	}
	l.remove(e)
	l.add(e, now)
}

func (l *lifetimes) remove(e uint32) {
	if l.ttl == 0 {
		return
	}
	at := l.of[e]
	l.of[at.prev].next = at.next
	l.of[at.next].prev = at.prev
	l.next = l.of[l.of[0].next].end
}
