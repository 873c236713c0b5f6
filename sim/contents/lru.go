package contents

import "math"

// lru evicts the entry that was used least recently.
type lru struct {
	*store
	order ring // by last use
}

func newLRU(s *store, _ int64, _ uint64) policy { return &lru{store: s} }

func (p *lru) stored(e uint32) { p.order.add(p.links, e) }

func (p *lru) used(e uint32) {
	if p.order.youngest(p.links) != e {
		p.order.remove(p.links, e)
		p.order.add(p.links, e)
	}
}

func (p *lru) missed(Key)       {}
func (p *lru) admits(Key) bool  { return true }
func (p *lru) victim() uint32   { return p.order.oldest }
func (p *lru) removed(e uint32) { p.order.remove(p.links, e) }
func (p *lru) clear()           { p.order = ring{} }

func (p *lru) tenure(horizon float64) tenure {
	return tenure{gap: horizon, age: math.Inf(1)}
}
