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
	heap     []uint32 // counters, the lowest first
	at       map[contents.Key]uint32
	total    int64
}

// watched is a counter, where it stands in the heap, and what it stood at when its key took it over.
type watched struct {
	KeyCount
	before int64
	place  uint32
}

func newKeyWatch() *keyWatch { return &keyWatch{at: make(map[contents.Key]uint32, mostWatched)} }

func (w *keyWatch) startMeasuring() {
	w.counters, w.heap, w.total = w.counters[:0], w.heap[:0], 0
	clear(w.at)
}

// see counts a query for a key.
func (w *keyWatch) see(key contents.Key) {
	w.total++
	i, ok := w.at[key]
	switch {
	case ok:
	case len(w.counters) < mostWatched:
		i = uint32(len(w.counters))
		w.counters = append(w.counters, watched{KeyCount: KeyCount{Key: key, Count: 1}, place: i})
		w.heap = append(w.heap, i)
		w.at[key] = i
		w.rise(i)
		return
	default:
		i = w.heap[0]
		c := &w.counters[i]
		delete(w.at, c.Key)
		w.at[key] = i
		c.Key, c.before = key, c.Count
	}
	w.counters[i].Count++
	w.sink(w.counters[i].place)
}

// rise and sink put the counter at a place of the heap where it belongs.
func (w *keyWatch) rise(p uint32) {
	for p > 0 && w.count(p) < w.count((p-1)/2) {
		w.swap(p, (p-1)/2)
		p = (p - 1) / 2
	}
}

func (w *keyWatch) sink(p uint32) {
	for {
		low := 2*p + 1
		if low >= uint32(len(w.heap)) {
			return
		}
		if low+1 < uint32(len(w.heap)) && w.count(low+1) < w.count(low) {
			low++
		}
		if w.count(p) <= w.count(low) {
			return
		}
		w.swap(p, low)
		p = low
	}
}

func (w *keyWatch) count(place uint32) int64 { return w.counters[w.heap[place]].Count }

func (w *keyWatch) swap(p, q uint32) {
	w.heap[p], w.heap[q] = w.heap[q], w.heap[p]
	w.counters[w.heap[p]].place, w.counters[w.heap[q]].place = p, q
}

// counts returns how often the keys were asked for that have counters, at least.
func (w *keyWatch) counts() []KeyCount {
	all := make([]KeyCount, 0, len(w.counters))
	for _, c := range w.counters {
		all = append(all, KeyCount{Key: c.Key, Count: c.Count - c.before})
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
