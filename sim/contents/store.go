package contents

// none is no entry: entries are numbered from 1.
const none = 0

// entry is one thing that a cache holds. 16 bytes.
type entry struct {
	key  Key
	size uint32
	mark uint32 // the policy's own
}

// link is where an entry stands with its policy: between two others, or what it likes. Links are apart from the entries, eight in a line of
// memory: moving an entry to another place touches nothing else.
type link struct{ prev, next uint32 }

// store has the entries and finds them by their keys. Places are used again, so that a full cache allocates nothing.
type store struct {
	entries []entry
	links   []link // of each entry
	n       int    // of them in use
	ranks   ranks  // finds the entries of one data set, where it is worth its memory
	index   index  // finds the others
	free    uint32 // first of the places not in use, linked by next
	limit   int64  // of entries, 0 for none: no more memory is taken than for so many
	byByte  bool   // the cache is bounded by bytes
}

func (s *store) clear() {
	s.entries, s.links = append(s.entries[:0], entry{}), append(s.links[:0], link{})
	s.n, s.free = 0, none
	s.ranks = ranks{}
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
	if s.ranks.has(key) {
		return *s.ranks.of(key)
	}
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
	e := s.free
	if e != none {
		s.free = s.links[e].next
	} else {
		if len(s.entries) == cap(s.entries) {
			s.reserve(max(64, 2*s.n))
			s.arrange()
		}
		e = uint32(len(s.entries))
		s.entries, s.links = append(s.entries, entry{}), append(s.links, link{})
	}
	s.entries[e] = entry{key: key, size: size}
	s.n++
	s.find(key, e)
	return e
}

// find makes an entry to be found by its key.
func (s *store) find(key Key, e uint32) {
	if s.ranks.has(key) {
		*s.ranks.of(key) = e
		return
	}
	if s.index.full() {
		s.index.resize(max(64, 2*s.index.n))
	}
	s.index.add(tagOf(key), e)
}

// reserve makes room for so many entries, but no more than the limit.
func (s *store) reserve(entries int) {
	room := s.room(entries) + 1
	s.entries = append(make([]entry, 0, room), s.entries...)
	s.links = append(make([]link, 0, room), s.links...)
}

func (s *store) room(entries int) int {
	if s.limit > 0 {
		return int(min(int64(entries), s.limit))
	}
	return entries
}

// foresee readies an empty store, whose room is reserved, for entries of a data set whose keys are numbered below a bound, which are found
// by their ranks if it is close enough, and for so many others.
func (s *store) foresee(set uint16, keys uint64, of, others int) {
	if entries := cap(s.entries); entries <= leastRanked || keys/ranksPerEntry >= uint64(entries) {
		s.index.resize(of + others)
		return
	}
	s.ranks = newRanks(set, keys)
	s.index.resize(others)
}

// arrange lets the entries of the first one's data set be found by their ranks if their numbers are close enough together.
func (s *store) arrange() {
	if len(s.entries) <= leastRanked {
		return
	}
	set, _ := SetAndNumber(s.entries[1].key)
	highest := uint64(0)
	for _, e := range s.entries[1:] {
		if of, number := SetAndNumber(e.key); of == set {
			highest = max(highest, number)
		}
	}
	if highest/ranksPerEntry >= uint64(cap(s.entries)) {
		return
	}
	old := *s
	s.ranks, s.index = newRanks(set, highest+1), index{}
	for e := uint32(1); int(e) < len(s.entries); e++ {
		if key := s.entries[e].key; old.lookup(key) == e {
			s.find(key, e)
		}
	}
}

func (s *store) delete(e uint32) {
	if key := s.entries[e].key; s.ranks.has(key) {
		*s.ranks.of(key) = none
	} else {
		s.index.remove(tagOf(key), e)
	}
	s.links[e].next, s.free = s.free, e
	s.n--
}
