package plots

import (
	"cmp"
	"slices"
)

// A ranked is one of many curves, of which the highest are told apart.
type ranked struct {
	name   string
	values []float64
}

// addRanked adds a curve for each: the highest in front, with a colour and a label, the others in grey. It returns how many there are.
func (f *figure) addRanked(x []float64, all []ranked) int {
	slices.SortStableFunc(all, func(a, b ranked) int { return cmp.Compare(highest(b.values), highest(a.values)) })
	for i := len(all) - 1; i >= mostHues; i-- {
		f.add(&curve{x: x, y: all[i].values, hue: grey}, "")
	}
	for i := min(len(all), mostHues) - 1; i >= 0; i-- {
		f.add(&curve{x: x, y: all[i].values, hue: hue(i)}, all[i].name)
	}
	slices.Reverse(f.labels) // where there is no room for all, the highest stay
	return len(all)
}

// leastPart is the share below which a part of a stack can hardly be seen.
const leastPart = .02

// stackOf keeps the parts with the greatest shares, in the order that they are in, and sums up the others.
func stackOf(x []float64, parts []stacked) *stack {
	s := &stack{x: x}
	bySize := slices.Clone(parts)
	slices.SortStableFunc(bySize, func(a, b stacked) int { return cmp.Compare(highest(b.share), highest(a.share)) })
	least := leastPart
	if len(bySize) > mostHues {
		least = max(least, highest(bySize[mostHues-1].share))
	}
	rest := stacked{name: "all else", share: make([]float64, len(x)), hue: grey}
	summed := 0
	for _, p := range parts {
		if len(s.parts) < mostHues && highest(p.share) >= least {
			if p.hue != grey {
				p.hue = hue(len(s.parts))
			}
			s.parts = append(s.parts, p)
			continue
		}
		summed++
		for i, v := range p.share {
			rest.share[i] += v
		}
	}
	if summed > 0 {
		s.parts = append(s.parts, rest)
	}
	return s
}

// addStack adds a stack, with a label for each part at the last column that has any.
func (f *figure) addStack(s *stack) {
	last := len(s.x) - 1
	for last >= 0 && known([]float64{s.parts[0].share[last]}) == 0 {
		last--
	}
	if last < 0 {
		return
	}
	f.shapes = append(f.shapes, s)
	var labels []label
	for i, p := range s.parts {
		if highest(p.share) < leastPart/4 {
			continue
		}
		low, high := s.bounds(i, last)
		labels = append(labels, label{clean(p.name), s.x[last], (low + high) / 2, p.hue})
	}
	slices.SortStableFunc(labels, func(a, b label) int { return cmp.Compare(sizeOf(s, b), sizeOf(s, a)) })
	f.labels = append(f.labels, labels...)
}

// sizeOf is how great the part of a label gets.
func sizeOf(s *stack, l label) float64 {
	for _, p := range s.parts {
		if clean(p.name) == l.text {
			return highest(p.share)
		}
	}
	return 0
}
