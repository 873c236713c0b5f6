package contents

import "math"

// lfu keeps the keys that were asked for most often. It counts every key ever asked for, here or not, and evicts the entry with the least
// count, any one of several, for a key with a larger one only: what is asked for once does not displace what was asked for twice.
//
// The entries wait in a heap by their counts. A hit only adds to the count, in the entry's mark; the heap still has the older, smaller
// one, and learns the truth when the entry gets to the top.
type lfu struct {
	*store
	heap   []ranked // prev of an entry is its place here
	counts counts   // of keys that are not here
}

// ranked is an entry with its count, or an older one.
type ranked struct{ count, entry uint32 }

func newLFU(s *store, _ int64, _ uint64) policy { return &lfu{store: s} }

func (p *lfu) used(e uint32) {
	if mark := &p.entries[e].mark; *mark < math.MaxUint32 {
		*mark++
	}
}

func (p *lfu) missed(key Key) {
	if n := p.counts.of(key); *n < math.MaxUint32 {
		*n++
	}
}

func (p *lfu) admits(key Key) bool { return *p.counts.of(key) > p.entries[p.victim()].mark }

func (p *lfu) stored(e uint32) {
	p.entries[e].mark = *p.counts.of(p.entries[e].key)
	p.heap = append(p.heap, ranked{})
	p.up(len(p.heap)-1, ranked{p.entries[e].mark, e})
}

func (p *lfu) removed(e uint32) {
	*p.counts.of(p.entries[e].key) = p.entries[e].mark
	end := len(p.heap) - 1
	last, place := p.heap[end], int(p.links[e].prev)
	p.heap = p.heap[:end]
	if place < end {
		p.up(place, last)
		p.down(int(p.links[last.entry].prev))
	}
}

// victim brings the heap's top up to date until it stays there.
func (p *lfu) victim() uint32 {
	for {
		top := &p.heap[0]
		count := p.entries[top.entry].mark
		if top.count == count {
			return top.entry
		}
		top.count = count
		p.down(0)
	}
}

func (p *lfu) clear() {
	p.heap = p.heap[:0]
	p.counts = counts{}
}

// up moves r from place i towards the top, as far as its count is less.
func (p *lfu) up(i int, r ranked) {
	for i > 0 {
		parent := (i - 1) / 2
		if p.heap[parent].count <= r.count {
			break
		}
		p.set(i, p.heap[parent])
		i = parent
	}
	p.set(i, r)
}

// down moves what is at place i away from the top, as far as its count is larger.
func (p *lfu) down(i int) {
	r := p.heap[i]
	for {
		child := 2*i + 1
		if child >= len(p.heap) {
			break
		}
		if right := child + 1; right < len(p.heap) && p.heap[right].count < p.heap[child].count {
			child = right
		}
		if r.count <= p.heap[child].count {
			break
		}
		p.set(i, p.heap[child])
		i = child
	}
	p.set(i, r)
}

func (p *lfu) set(i int, r ranked) {
	p.heap[i] = r
	p.links[r.entry].prev = uint32(i)
}

func (p *lfu) tenure(horizon float64) tenure {
	return tenure{gap: math.Inf(1), age: math.Inf(1), from: 1 / horizon}
}
