package contents

const (
	leastRanked   = 1024 // entries; the index of fewer stays in the processor's caches
	ranksPerEntry = 16
	mostRanked    = 8 // caches that divide the keys: with more, hardly two of the keys that share a line are in the same one
)

// ranks finds the entries of one data set by their keys' numbers: 4 bytes for each key that may be asked for, here or not. The keys that are
// asked for most are the neighbours of one another, so that nearly all questions go to a few lines of memory, where hashing gives each key
// a line of its own.
type ranks struct {
	base    Key // of number 0
	entries []uint32
}

func newRanks(set uint16, keys uint64) ranks {
	return ranks{KeyOf(set, 0), make([]uint32, keys)}
}

// has tells whether a key, here or not, is looked for in this table.
func (r *ranks) has(key Key) bool { return key-r.base < uint64(len(r.entries)) }

func (r *ranks) of(key Key) *uint32 { return &r.entries[key-r.base] }
