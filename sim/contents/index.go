package contents

import "math/bits"

// index is a hash table with open addressing of the numbers of things, from 1, that have keys. Who asks it compares the keys themselves.
type index struct {
	slots []slot
	n     int
}

// slot is a place of the table. The tag is half of the key's hash: it says where the search for the key begins, and spares a look at the
// thing where it differs.
type slot struct{ tag, number uint32 }

func tagOf(key Key) uint32 {
	hi, lo := bits.Mul64(key^0x9e3779b97f4a7c15, 0xd1342543de82ef95)
	return uint32((hi ^ lo) >> 32)
}

// home is where the search for a tag begins. It does not fall as tags rise, and any number of slots will do.
func (x *index) home(tag uint32) int { return int(uint64(tag) * uint64(len(x.slots)) >> 32) }

func (x *index) after(i int) int {
	if i++; i < len(x.slots) {
		return i
	}
	return 0
}

// distance is the number of steps from one slot to another.
func (x *index) distance(from, to int) int {
	if to >= from {
		return to - from
	}
	return to - from + len(x.slots)
}

// full reports whether one more would make searches long.
func (x *index) full() bool { return 8*(x.n+1) > 5*len(x.slots) }

// resize makes room for so many things.
func (x *index) resize(things int) {
	old := x.slots
	x.slots, x.n = make([]slot, things*8/5+2), 0
	for _, s := range old {
		if s.number != none {
			x.add(s.tag, s.number)
		}
	}
}

func (x *index) add(tag, number uint32) {
	i := x.home(tag)
	for x.slots[i].number != none {
		i = x.after(i)
	}
	x.slots[i] = slot{tag, number}
	x.n++
}

// find returns the slot of a number, -1 if it is not there.
func (x *index) find(tag, number uint32) int {
	for i := x.home(tag); x.slots[i].number != none; i = x.after(i) {
		if x.slots[i].number == number {
			return i
		}
	}
	return -1
}

// remove takes a number out, if it is there. What is behind it moves up where its search would stop at the gap.
func (x *index) remove(tag, number uint32) {
	gap := x.find(tag, number)
	if gap < 0 {
		return
	}
	for i := x.after(gap); x.slots[i].number != none; i = x.after(i) {
		if x.distance(x.home(x.slots[i].tag), i) >= x.distance(gap, i) {
			x.slots[gap] = x.slots[i]
			gap = i
		}
	}
	x.slots[gap] = slot{}
	x.n--
}

func (x *index) clear() {
	clear(x.slots)
	x.n = 0
}
