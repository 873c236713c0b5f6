package models

import (
	"cmp"
	"slices"

	"headroom/sim/contents"
)

// KeyCount is how often a key was asked for.
type KeyCount struct {
	Key   contents.Key
	Count int64
	Shard int // that the key belongs to
}

// mostWatched is how many keys are counted at a time: a key of more than a thousandth of all is never missing.
const mostWatched = 1_000

// keyWatch counts the keys that are asked for most, in bounded memory: the Space-Saving algorithm (Metwally, Agrawal and El Abbadi, 2005).
// A key that has no counter takes the lowest one over. What that stood at is the most by which the new key may be counted too high, and is
// left out, so that no key is counted too high; one that came before all counters were taken is counted exactly.
//
// The counters are in the order of what they stand at, so that one that rises by 1 only changes places with the last of its equals.
type keyWatch struct {
	counters []watched
	order    []uint16 // numbers of counters, the lowest first
	levels   []equals
	unused   []uint16  // numbers of levels
	slots    []keySlot // open addressing
	total    int64
}

// watched is a counter: its key, what it stood at when the key took it over, and where it stands.
type watched struct {
	key    contents.Key
	before int64
	place  uint16 // in the order
	level  uint16
}

// equals are the counters that stand at the same. They are next to each other.
type equals struct {
	count int64
	n     int // how many they are; 0: the level is unused
	last  int // place in the order
}

// keySlot is free, 0, or has the number of a counter plus 1, below the first bits of the key's hash. These tell nearly all other keys, and where
// the search for the key begins.
type keySlot uint32

const (
	watchBits  = 11 // of the number of slots: twice that of the counters
	watchSlots = 1 << watchBits
	slotNumber = 1<<16 - 1
)

// hashOf returns the slot of a key without a number.
func hashOf(key contents.Key) keySlot { return keySlot(key*0x9e3779b97f4a7c15>>32) &^ slotNumber }

// home is where the search for the key of a slot begins.
func (s keySlot) home() int { return int(s >> (32 - watchBits)) }

func newKeyWatch() *keyWatch { return &keyWatch{slots: make([]keySlot, watchSlots)} }

func (w *keyWatch) startMeasuring() {
	w.counters, w.order, w.levels, w.unused, w.total = w.counters[:0], w.order[:0], w.levels[:0], w.unused[:0], 0
	clear(w.slots)
}

// see counts a query for a key.
func (w *keyWatch) see(key contents.Key) {
	w.total++
	hash := hashOf(key)
	i := hash.home()
	for ; w.slots[i] != 0; i = (i + 1) % watchSlots {
		if s := w.slots[i]; s&^slotNumber == hash && w.counters[s&slotNumber-1].key == key {
			w.raise(uint16(s&slotNumber - 1))
			return
		}
	}
	if n := len(w.counters); n < mostWatched {
		w.slots[i] = hash | keySlot(n+1)
		w.add(key)
		return
	}
	lowest := w.order[0]
	c := &w.counters[lowest]
	w.slots[i] = hash | keySlot(lowest+1)
	w.forget(hashOf(c.key) | keySlot(lowest+1))
	c.key, c.before = key, w.levels[c.level].count
	w.raise(lowest)
}

// forget frees a slot. What is behind it moves up where its search would stop at the gap.
func (w *keyWatch) forget(s keySlot) {
	gap := s.home()
	for w.slots[gap] != s {
		gap = (gap + 1) % watchSlots
	}
	for i := (gap + 1) % watchSlots; w.slots[i] != 0; i = (i + 1) % watchSlots {
		if from := w.slots[i].home(); (i-from)&(watchSlots-1) >= (i-gap)&(watchSlots-1) {
			w.slots[gap], gap = w.slots[i], i
		}
	}
	w.slots[gap] = 0
}

// add adds a counter at 1, the lowest count that there is.
func (w *keyWatch) add(key contents.Key) {
	n := uint16(len(w.counters))
	w.counters = append(w.counters, watched{key: key})
	w.order = append(w.order, n)
	place := int(n) // from the end on, each level in turn lets go of its first place
	for place > 0 {
		at := w.counters[w.order[place-1]].level
		if w.levels[at].count == 1 {
			break
		}
		first := w.levels[at].last - w.levels[at].n + 1
		w.put(w.order[first], place)
		w.levels[at].last, place = place, first
	}
	w.put(n, place)
	w.join(n, 1)
}

// raise counts one more.
func (w *keyWatch) raise(counter uint16) {
	c := &w.counters[counter]
	k := &w.levels[c.level]
	count, last := k.count+1, k.last
	if place := int(c.place); place != last {
		w.put(w.order[last], place)
		w.put(counter, last)
	}
	if k.n == 1 && (last+1 == len(w.order) || w.levels[w.counters[w.order[last+1]].level].count > count) {
		k.count = count // it was alone, and still is
		return
	}
	w.leave(c.level)
	w.join(counter, count)
}

// leave takes the last of a level out.
func (w *keyWatch) leave(level uint16) {
	k := &w.levels[level]
	k.last--
	if k.n--; k.n == 0 {
		w.unused = append(w.unused, level)
	}
}

// join brings a counter in front of those that stand at a count, which are next to it if there are any.
func (w *keyWatch) join(counter uint16, count int64) {
	c := &w.counters[counter]
	for _, next := range [...]int{int(c.place) + 1, int(c.place) - 1} {
		if next < 0 || next >= len(w.order) {
			continue
		}
		level := w.counters[w.order[next]].level
		if k := &w.levels[level]; k.count == count {
			k.n++
			k.last = max(k.last, int(c.place))
			c.level = level
			return
		}
	}
	if n := len(w.unused); n > 0 {
		c.level, w.unused = w.unused[n-1], w.unused[:n-1]
	} else {
		c.level = uint16(len(w.levels))
		w.levels = append(w.levels, equals{})
	}
	w.levels[c.level] = equals{count, 1, int(c.place)}
}

func (w *keyWatch) put(counter uint16, place int) {
	w.order[place], w.counters[counter].place = counter, uint16(place)
}

// counts returns how often the keys were asked for that have counters, at least.
func (w *keyWatch) counts() []KeyCount {
	all := make([]KeyCount, 0, len(w.counters))
	for _, c := range w.counters {
		all = append(all, KeyCount{Key: c.key, Count: w.levels[c.level].count - c.before})
	}
	return all
}

// Hottest returns the keys of a list that are asked for most, at most so many; of two alike the one with the lower number.
func Hottest(all []KeyCount, most int) []KeyCount {
	slices.SortFunc(all, func(a, b KeyCount) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Key, b.Key)) })
	return all[:min(most, len(all))]
}

// KeyName names a key by its data set and its number there, such as users/0, the most popular. What a replayed trace names has the number
// of its name's hash; a key that the clients of a region have to themselves names that: users/0 (eu).
func (a *Architecture) KeyName(key contents.Key) string {
	set := key >> 48 & (mostDataSets - 1)
	name := a.Data[set].Key + "/" + itoa(int(key&(1<<48-1)))
	if region := owner(key); region >= 0 {
		name += " (" + a.Regions()[region] + ")"
	}
	return name
}
