package contents

import (
	"math"

	"headroom/sim"
)

// random evicts any entry, all with equal probability.
type random struct {
	*store
	dense []uint32 // the entries without gaps; prev of an entry is its place here
	rand  sim.Rand
}

func newRandom(s *store, _ int64, seed uint64) policy {
	return &random{store: s, rand: sim.NewRand(seed)}
}

func (p *random) stored(e uint32) {
	p.links[e].prev = uint32(len(p.dense))
	p.dense = append(p.dense, e)
}

func (p *random) removed(e uint32) {
	end := len(p.dense) - 1
	last := p.dense[end]
	place := p.links[e].prev
	p.dense[place], p.links[last].prev = last, place
	p.dense = p.dense[:end]
}

func (p *random) used(uint32)     {}
func (p *random) missed(Key)      {}
func (p *random) admits(Key) bool { return true }
func (p *random) victim() uint32  { return p.dense[p.rand.Intn(len(p.dense))] }
func (p *random) clear()          { p.dense = p.dense[:0] }

func (p *random) tenure(horizon float64) tenure {
	return tenure{gap: math.Inf(1), age: math.Inf(1), rate: 1 / horizon}
}
