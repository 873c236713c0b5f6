package contents

import "slices"

// Clone returns contents that hold the same, and will do the same when they are asked for the same.
func (c *Contents) Clone() *Contents {
	d := *c
	d.store = c.store.clone()
	d.life.of = slices.Clone(c.life.of)
	d.policy = c.policy.clone(&d.store)
	return &d
}

func (s *store) clone() store {
	d := *s
	d.entries = append(make([]entry, 0, cap(s.entries)), s.entries...) // with the room that it has, so that it grows when the other does
	d.links = append(make([]link, 0, cap(s.links)), s.links...)
	d.ranks.entries = slices.Clone(s.ranks.entries)
	d.index = s.index.clone()
	return d
}

func (x *index) clone() index { return index{slices.Clone(x.slots), x.n} }

func (p *lru) clone(s *store) policy { return &lru{s, p.order} }

func (p *fifo) clone(s *store) policy { return &fifo{s, p.order} }

func (p *random) clone(s *store) policy { return &random{s, slices.Clone(p.dense), p.rand} }

func (p *lfu) clone(s *store) policy {
	d := &lfu{s, slices.Clone(p.heap), p.counts}
	d.counts.pages, d.counts.chunks = slices.Clone(p.counts.pages), slices.Clone(p.counts.chunks)
	for i, chunk := range d.counts.chunks {
		d.counts.chunks[i] = slices.Clone(chunk)
	}
	return d
}

func (p *s3fifo) clone(s *store) policy {
	d := *p
	d.store, d.ghost.ring, d.ghost.index = s, slices.Clone(p.ghost.ring), p.ghost.index.clone()
	return &d
}
