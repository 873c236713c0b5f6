package contents

// none is no entry: entries are numbered from 1.
const none = 0

// entry is one thing that a cache holds. 24 bytes.
type entry struct {
	key  Key
	size uint32
	// The policy's own: two links, or what it likes, and a number.
	prev, next uint32
	mark       uint32
}

// store has the entries and finds them by their keys. Places are used again, so that a full cache allocates nothing.
type store struct {
	entries []entry
	index   index
	free    uint32 // first of the places not in use, linked by next
	limit   int64  // of entries, 0 for none: no more memory is taken than for so many
	byByte  bool   // the cache is bounded by bytes
}

func (s *store) clear() {
	s.entries = append(s.entries[:0], entry{})
	s.free = none
	s.index.clear()
}

// costOf is what an entry takes of the cache's bound.
func (s *store) costOf(size uint32) int64 {
	if s.byByte {
		return max(1, int64(size))
	}
	return 1
}

// lookup returns the entry of a key, or none.
func (s *store) lookup(key Key) uint32 {
	x := &s.index
	if x.n == 0 {
		return none
	}
	tag := tagOf(key)
	for i := x.home(tag); ; i = x.after(i) {
		at := x.slots[i]
		if at.number == none || at.tag == tag && s.entries[at.number].key == key {
			return at.number
		}
	}
}

// insert adds an entry for a key that has none.
func (s *store) insert(key Key, size uint32) uint32 {
	if s.index.full() {
		s.grow()
	}
	e := s.free
	if e != none {
		s.free = s.entries[e].next
	} else {
		e = uint32(len(s.entries))
		s.entries = append(s.entries, entry{})
	}
	s.entries[e] = entry{key: key, size: size}
	s.index.add(tagOf(key), e)
	return e
}

// grow doubles the room.
func (s *store) grow() { s.reserve(max(64, 2*s.index.n)) }

// reserve makes room for so many entries, but no more than the limit.
func (s *store) reserve(entries int) {
	if s.limit > 0 {
		entries = int(min(int64(entries), s.limit))
	}
	s.index.resize(entries)
	s.entries = append(make([]entry, 0, entries+1), s.entries...)
}

func (s *store) delete(e uint32) {
	s.index.remove(tagOf(s.entries[e].key), e)
	s.entries[e].next, s.free = s.free, e
}
