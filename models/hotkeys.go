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
type keyWatch struct {
	counters []watched
	heap     []standing // the lowest first
	slots    []uint16   // open addressing: numbers of counters, plus 1
	total    int64
}

// watched is a counter's key, what it stood at when the key took it over, and where it stands in the heap.
type watched struct {
	key    contents.Key
	before int64
	place  uint32
}

// standing is what a counter stands at.
type standing struct {
	count   int64
	counter uint32
}

const (
	watchBits  = 11 // of the number of slots: twice that of the counters
	watchSlots = 1 << watchBits
)

func newKeyWatch() *keyWatch { return &keyWatch{slots: make([]uint16, watchSlots)} }

func (w *keyWatch) startMeasuring() {
	w.counters, w.heap, w.total = w.counters[:0], w.heap[:0], 0
	clear(w.slots)
}

// see counts a query for a key.
func (w *keyWatch) see(key contents.Key) {
	w.total++
	slot := w.find(key)
	if at := w.slots[slot]; at != 0 {
		w.sink(w.counters[at-1].place)
		return
	}
	if i := len(w.counters); i < mostWatched { // 1 is the lowest count that there is: it may have to rise, and never sinks
		w.counters = append(w.counters, watched{key: key})
		w.heap = append(w.heap, standing{})
		w.slots[slot] = uint16(i + 1)
		w.rise(standing{1, uint32(i)})
		return
	}
	lowest := w.heap[0]
	c := &w.counters[lowest.counter]
	w.forget(w.find(c.key))
	w.slots[w.find(key)] = uint16(lowest.counter + 1)
	c.key, c.before = key, lowest.count
	w.sink(0)
}

// home is where the search for a key begins.
func home(key contents.Key) int { return int(key * 0x9e3779b97f4a7c15 >> (64 - watchBits)) }

// find returns the slot of a key, or the free one where it belongs.
func (w *keyWatch) find(key contents.Key) int {
	i := home(key)
	for w.slots[i] != 0 && w.counters[w.slots[i]-1].key != key {
		i = (i + 1) % watchSlots
	}
	return i
}

// forget frees a slot. What is behind it moves up where its search would stop at the gap.
func (w *keyWatch) forget(gap int) {
	for i := (gap + 1) % watchSlots; w.slots[i] != 0; i = (i + 1) % watchSlots {
		if from := home(w.counters[w.slots[i]-1].key); (i-from)&(watchSlots-1) >= (i-gap)&(watchSlots-1) {
			w.slots[gap], gap = w.slots[i], i
		}
	}
	w.slots[gap] = 0
}

// rise puts a new counter where it belongs, from the end of the heap on.
func (w *keyWatch) rise(c standing) {
	p := len(w.heap) - 1
	for ; p > 0 && c.count < w.heap[(p-1)/2].count; p = (p - 1) / 2 {
		w.put(p, w.heap[(p-1)/2])
	}
	w.put(p, c)
}

// sink counts one more at a place of the heap, and puts that counter where it belongs then.
func (w *keyWatch) sink(place uint32) {
	h, p := w.heap, int(place)
	c := h[p]
	c.count++
	for low := 2*p + 1; low < len(h); low = 2*p + 1 {
		if low+1 < len(h) && h[low+1].count < h[low].count {
			low++
		}
		if c.count <= h[low].count {
			break
		}
		w.put(p, h[low])
		p = low
	}
	w.put(p, c)
}

func (w *keyWatch) put(place int, c standing) {
	w.heap[place] = c
	w.counters[c.counter].place = uint32(place)
}

// counts returns how often the keys were asked for that have counters, at least.
func (w *keyWatch) counts() []KeyCount {
	all := make([]KeyCount, 0, len(w.counters))
	for _, c := range w.counters {
		all = append(all, KeyCount{Key: c.key, Count: w.heap[c.place].count - c.before})
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
