package contents

import "math"

// s3fifo is S3-FIFO (Yang et al., "FIFO queues are all you need for cache eviction", SOSP 2023). New entries go through a small queue,
// a tenth of the cache. Those used more than once there go on to the main queue, the others leave, and only their keys are remembered:
// for as many entries as the main queue holds. A key that comes back in that time goes to the main queue at once. There an entry at the
// end that was used meanwhile gets another round, up to three for as many uses.
//
// An entry's mark is the number of its uses, at most 3, and in the main queue mainBit more.
type s3fifo struct {
	*store
	small, main ring
	smallCost   int64 // of all entries in the small queue
	smallBound  int64
	ghost       ghost
}

const (
	mostUses = 3
	mainBit  = 4
)

func newS3FIFO(s *store, bound int64, _ uint64) policy {
	small := max(1, bound/10)
	return &s3fifo{store: s, smallBound: small, ghost: ghost{bound: bound - small}}
}

func (p *s3fifo) stored(e uint32) {
	if p.ghost.forget(p.entries[e].key) {
		p.toMain(e)
		return
	}
	p.small.add(p.links, e)
	p.smallCost += p.costOf(p.entries[e].size)
}

func (p *s3fifo) toMain(e uint32) {
	p.entries[e].mark = mainBit
	p.main.add(p.links, e)
}

func (p *s3fifo) used(e uint32) {
	if mark := &p.entries[e].mark; *mark%mainBit < mostUses {
		*mark++
	}
}

func (p *s3fifo) victim() uint32 {
	for {
		if p.main.oldest == none || p.smallCost >= p.smallBound {
			e := p.small.oldest
			if p.entries[e].mark <= 1 {
				p.ghost.remember(p.entries[e].key, p.costOf(p.entries[e].size))
				return e
			}
			p.removed(e)
			p.toMain(e)
			continue
		}
		e := p.main.oldest
		if p.entries[e].mark == mainBit {
			return e
		}
		p.entries[e].mark--
		p.main.renew(p.links)
	}
}

func (p *s3fifo) removed(e uint32) {
	if p.entries[e].mark >= mainBit {
		p.main.remove(p.links, e)
		return
	}
	p.small.remove(p.links, e)
	p.smallCost -= p.costOf(p.entries[e].size)
}

func (p *s3fifo) missed(Key)      {}
func (p *s3fifo) admits(Key) bool { return true }

func (p *s3fifo) clear() {
	p.small, p.main, p.smallCost = ring{}, ring{}, 0
	p.ghost.clear()
}

// tenure is LRU's. It serves where nothing has to be evicted; otherwise see s3Life.
func (p *s3fifo) tenure(horizon float64) tenure {
	return tenure{gap: horizon, age: math.Inf(1)}
}
