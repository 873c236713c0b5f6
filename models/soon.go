package models

import (
	"headroom/sim"
	"headroom/sim/contents"
)

// soon knows which keys the next requests of a source will ask for, as long as some contents are so large that it takes time to find what
// they have. Each arrival draws the key of one that is contents.Steps arrivals away, and lets the contents do a step for it and for those
// before it. What is drawn is a function of the request alone, so that nothing else changes.
type soon struct {
	coming [contents.Steps + 1]coming // by number, modulo their number
	drawn  uint64                     // up to which number
}

type coming struct {
	set   *dataSet // nil: what it asks for is drawn when it comes
	key   contents.Key
	class uint16
}

// next returns what request number asks for, if that is known, and looks ahead. The numbers come one after the other.
func (s *soon) next(o *openSource, number uint64) *coming {
	for ; s.drawn <= number+contents.Steps; s.drawn++ {
		o.draw(s.drawn, &s.coming[s.drawn%uint64(len(s.coming))])
	}
	for step := range contents.Steps {
		a := &s.coming[(number+contents.Steps-uint64(step))%uint64(len(s.coming))]
		if a.set != nil {
			for _, c := range a.set.kept {
				c.Foresee(a.key, step)
			}
		}
	}
	return &s.coming[number%uint64(len(s.coming))]
}

// draw draws what a request will ask for.
func (o *openSource) draw(number uint64, a *coming) {
	base := sim.Mix(o.stream, number)
	a.class = o.mix.draw(base)
	if a.set = o.data[a.class]; !a.set.foresees() {
		a.set = nil
		return
	}
	a.key = a.set.draw(base, 0)
}

// foresees tells whether it is worth knowing what its requests will ask for.
func (o *origin) foresees() bool {
	for _, class := range o.mix.class {
		if o.data[class].foresees() {
			return true
		}
	}
	return false
}
