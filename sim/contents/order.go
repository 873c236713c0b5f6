package contents

import (
	"cmp"
	"slices"

	"headroom/sim"
)

// dated is what has a time.
type dated interface{ when() sim.Time }

func (p past) when() sim.Time    { return p.at }
func (p s3Place) when() sim.Time { return p.at }

const (
	fewToOrder  = 24
	perBucket   = 4    // to 8 of them, where times are spread evenly
	mostBuckets = 2048 // their ends stay in the processor's first cache
)

// order sorts by time, in place: it divides the span of the times into equal parts, moves everything into its part, and goes on within each
// (American flag sort: McIlroy, Bostic, McIlroy, "Engineering radix sort", Computing Systems 1993). Where times are spread evenly, two
// rounds do for a million; a crowd within a short time takes some more.
func order[T dated](all []T) {
	if len(all) <= fewToOrder {
		slices.SortFunc(all, func(a, b T) int { return cmp.Compare(a.when(), b.when()) })
		return
	}
	first, last := all[0].when(), all[0].when()
	for i := range all {
		first, last = min(first, all[i].when()), max(last, all[i].when())
	}
	if first == last {
		return
	}
	shift := 0
	for most := uint64(min(len(all)/perBucket, mostBuckets)); uint64(last-first)>>shift >= most; {
		shift++
	}
	buckets := uint64(last-first)>>shift + 1
	ends, next := make([]uint32, buckets), make([]uint32, buckets)
	for i := range all {
		ends[uint64(all[i].when()-first)>>shift]++
	}
	total := uint32(0)
	for b, n := range ends {
		next[b] = total
		total += n
		ends[b] = total
	}
	begin := uint32(0)
	for b, end := range ends {
		for next[b] < end {
			moved := all[next[b]]
			to := uint64(moved.when()-first) >> shift
			for to != uint64(b) { // along the cycle, until something belongs here
				all[next[to]], moved = moved, all[next[to]]
				next[to]++
				to = uint64(moved.when()-first) >> shift
			}
			all[next[b]] = moved
			next[b]++
		}
		order(all[begin:end])
		begin = end
	}
}
