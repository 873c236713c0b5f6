package contents

// policy decides which entries make room for others. The cache tells it what happens; it keeps what it needs in the entries' own prev,
// next and mark, which nobody else touches, or beside them by entry number.
type policy interface {
	// stored tells of a new entry.
	stored(e uint32)
	// used tells that an entry was asked for and found, or stored anew.
	used(e uint32)
	// missed tells that a key was asked for that is not there.
	missed(key Key)
	// admits says whether the next victim may be evicted for the key.
	admits(key Key) bool
	// victim chooses the entry to evict. There is one.
	victim() uint32
	// removed tells that an entry leaves: evicted, expired or removed.
	removed(e uint32)
	// clear tells that the cache is empty, as if new.
	clear()
	// tenure says how long entries stay if the cache's characteristic time is so many nanoseconds; the longer it is, the longer they do.
	tenure(horizon float64) tenure
	// clone makes one that goes on as this one would, over a copy of its entries.
	clone(s *store) policy
}

// maker makes a policy over the entries of a store, the sum of whose costs the cache keeps within a bound.
type maker func(s *store, bound int64, seed uint64) policy

// policies is the list of all, the default first.
var policies = []struct {
	name string
	make maker
}{
	{"lru", newLRU},
	{"lfu", newLFU},
	{"fifo", newFIFO},
	{"random", newRandom},
	{"s3-fifo", newS3FIFO},
}

// Policies returns the names of the eviction policies, the default first.
func Policies() []string {
	names := make([]string, len(policies))
	for i, p := range policies {
		names[i] = p.name
	}
	return names
}

// find returns the maker of a policy, nil if there is none of that name.
func find(name string) maker {
	for _, p := range policies {
		if p.name == name {
			return p.make
		}
	}
	return nil
}
