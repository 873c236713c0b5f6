package models

import (
	"math"
	"math/bits"

	"headroom/sim"
	"headroom/sim/contents"
)

// shelves are where clients keep keys, each in the order in which it used them last, the last one first. There may be a million clients with
// twenty keys each, so that all of them lie in a few large pages, an entry in as few words of 32 bits as will do:
//
//	[key] [its other half, if keys are many] [until when, in two words, if that is limited]
type shelves struct {
	room   int              // entries of a client at most
	width  int              // words of an entry
	firsts []uint64         // by data set: the number of its first key, all keys counted through; nil: a key takes two words
	dated  bool             // entries have an end
	of     map[uint64]shelf // by client
	racks  []rack           // by size
}

// shelf is where a client's entries lie: at a place of a rack, counted from 1; 0: it has none.
type shelf struct {
	place uint32
	n     uint16
	size  uint8
}

// rack holds shelves that have room for the same number of entries: 1, 2, 4 and so on, the last for all that a client keeps.
type rack struct {
	room  int
	shift int        // a page holds 2^shift shelves
	pages [][]uint32 // pages do not move, so that there is never more than what is kept
	free  []uint32   // places
	used  uint32     // places, the free ones included
}

// entry is an answer that a client has, until a time.
type entry struct {
	key   contents.Key
	until sim.Time
}

// pageWords is about how much memory is taken at a time, of 32 bits.
const pageWords = 1 << 14

// newShelves makes those of clients who have none yet. keys is how many there are in each data set; nil: keys may be any.
func newShelves(room int, keys []uint64, dated bool) *shelves {
	h := &shelves{room: room, width: 1, dated: dated, of: map[uint64]shelf{}}
	sum := uint64(0)
	for _, n := range keys {
		h.firsts = append(h.firsts, sum)
		sum += n
	}
	if sum > math.MaxUint32+1 {
		h.firsts = nil
	}
	if h.firsts == nil {
		h.width++
	}
	if dated {
		h.width += 2
	}
	for size := 0; ; size++ {
		r := rack{room: min(1<<size, room)}
		r.shift = max(bits.Len(uint(pageWords/(r.room*h.width)))-1, 0)
		h.racks = append(h.racks, r)
		if r.room == room {
			return h
		}
	}
}

// use returns until when a client has a key, which becomes its first; false if it does not have it.
func (h *shelves) use(s shelf, key contents.Key) (until sim.Time, found bool) {
	all := h.on(s)
	i := h.find(all, key)
	if i < 0 {
		return 0, false
	}
	var used [4]uint32
	w := h.width
	copy(used[:w], all[i:])
	copy(all[w:i+w], all[:i])
	copy(all, used[:w])
	return h.until(all), true
}

// put keeps an entry as the client's first. What has expired at the end needs no room; the last one makes room for it.
func (h *shelves) put(client uint64, e entry, now sim.Time) (evicted bool) {
	s, w := h.of[client], h.width
	all := h.on(s)
	if i := h.find(all, e.key); i >= 0 {
		all = append(all[:i], all[i+w:]...)
	}
	for len(all) > 0 && h.until(all[len(all)-w:]) <= now {
		all = all[:len(all)-w]
	}
	if evicted = len(all) == h.room*w; evicted {
		all = all[:len(all)-w]
	}
	s.n = uint16(len(all) / w)
	s = h.widen(s)
	s.n++
	all = h.on(s)
	copy(all[w:], all)
	h.write(all, e)
	h.of[client] = s
	return evicted
}

// remove takes out a key that a client may have.
func (h *shelves) remove(client uint64, key contents.Key) {
	s := h.of[client]
	all := h.on(s)
	if i := h.find(all, key); i >= 0 {
		copy(all[i:], all[i+h.width:])
		s.n--
		h.of[client] = s
	}
}

// find returns where the entry of a key begins, -1 if there is none.
func (h *shelves) find(all []uint32, key contents.Key) int {
	low, high := h.words(key)
	for i := 0; i < len(all); i += h.width {
		if all[i] == low && (h.firsts != nil || all[i+1] == high) {
			return i
		}
	}
	return -1
}

// words writes a key as one word, where all keys can be counted through, or as two.
func (h *shelves) words(key contents.Key) (low, high uint32) {
	if h.firsts != nil {
		set, number := contents.SetAndNumber(key)
		return uint32(h.firsts[set] + number), 0
	}
	return uint32(key), uint32(key >> 32)
}

func (h *shelves) write(to []uint32, e entry) {
	low, high := h.words(e.key)
	if to[0] = low; h.firsts == nil {
		to[1] = high
	}
	if h.dated {
		to[h.width-2], to[h.width-1] = uint32(e.until), uint32(uint64(e.until)>>32)
	}
}

// until returns when the first of some entries ends.
func (h *shelves) until(all []uint32) sim.Time {
	if !h.dated {
		return sim.Never
	}
	return sim.Time(uint64(all[h.width-2]) | uint64(all[h.width-1])<<32)
}

// on returns the entries on a shelf.
func (h *shelves) on(s shelf) []uint32 {
	if s.place == 0 {
		return nil
	}
	r := &h.racks[s.size]
	i := int(s.place - 1)
	at, words := i&(1<<r.shift-1)*r.room*h.width, int(s.n)*h.width
	return r.pages[i>>r.shift][at : at+words]
}

// widen returns the shelf with room for one more.
func (h *shelves) widen(s shelf) shelf {
	if s.place != 0 && int(s.n) < h.racks[s.size].room {
		return s
	}
	wider := shelf{n: s.n}
	if s.place != 0 {
		wider.size = s.size + 1
	}
	wider.place = h.racks[wider.size].take(h.width)
	copy(h.on(wider), h.on(s))
	if s.place != 0 {
		left := &h.racks[s.size]
		left.free = append(left.free, s.place)
	}
	return wider
}

// take returns a place that nobody uses.
func (r *rack) take(width int) uint32 {
	if k := len(r.free); k > 0 {
		place := r.free[k-1]
		r.free = r.free[:k-1]
		return place
	}
	if int(r.used)>>r.shift == len(r.pages) {
		r.pages = append(r.pages, make([]uint32, r.room*width<<r.shift))
	}
	r.used++
	return r.used
}
