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
	key   contents.Key
	class uint16
	known bool // its key: else it is drawn when it comes
}

// next returns what request number asks for, if that is known, and looks ahead.
func (s *soon) next(o *openSource, number uint64) coming {
	s.drawn = max(s.drawn, number)
	for ; s.drawn <= number+contents.Steps; s.drawn++ {
		s.coming[s.drawn%uint64(len(s.coming))] = o.coming(s.drawn)
	}
	for step := range contents.Steps {
		a := &s.coming[(number+contents.Steps-uint64(step))%uint64(len(s.coming))]
		if a.known {
			for _, c := range o.data[a.class].kept {
				c.Foresee(a.key, step)
			}
		}
	}
	return s.coming[number%uint64(len(s.coming))]
}

// coming draws what a request will ask for.
func (o *openSource) coming(number uint64) coming {
	base := sim.Mix(o.stream, number)
	class := o.mix.draw(base)
	set := o.data[class]
	if !set.foresees() {
		return coming{}
	}
	return coming{set.draw(base, 0), class, true}
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
