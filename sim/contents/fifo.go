package contents

import "math"

// fifo evicts the entry that was stored first, used or not.
type fifo struct {
	*store
	order ring // by storing
}

func newFIFO(s *store, _ int64, _ uint64) policy { return &fifo{store: s} }

func (p *fifo) stored(e uint32)  { p.order.add(p.links, e) }
func (p *fifo) used(uint32)      {}
func (p *fifo) missed(Key)       {}
func (p *fifo) admits(Key) bool  { return true }
func (p *fifo) victim() uint32   { return p.order.oldest }
func (p *fifo) removed(e uint32) { p.order.remove(p.links, e) }
func (p *fifo) clear()           { p.order = ring{} }

func (p *fifo) tenure(horizon float64) tenure {
	return tenure{gap: math.Inf(1), age: horizon}
}
