package plots

import (
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot"

	"headroom/internal/units"
)

// A unit says how numbers of an axis are written.
type unit int

const (
	counts unit = iota
	seconds
	perSecond
	shares
	dollars
	times // so many times as much
)

// A scale is one axis: what is on it, from where to where.
type scale struct {
	title    string
	unit     unit
	log      bool
	min, max float64
	marks    []plot.Tick // instead of those of the unit
}

// norm returns where a value is: 0 at min, 1 at max. NaN where it has no place.
func (s *scale) norm(v float64) float64 {
	if !s.log {
		return (v - s.min) / (s.max - s.min)
	}
	if v <= 0 {
		return math.NaN()
	}
	return math.Log(v/s.min) / math.Log(s.max/s.min)
}

// holds tells whether a value has a place on the axis.
func (s *scale) holds(v float64) bool { return v >= s.min && v <= s.max }

// Normalize makes a scale the plot.Normalizer of its axis.
func (s *scale) Normalize(_, _, v float64) float64 { return s.norm(v) }

// around makes the scale as long as values need, up to round numbers; linear scales of what cannot be negative begin at 0.
func (s *scale) around(values []float64) {
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if !math.IsNaN(v) && !math.IsInf(v, 0) && (!s.log || v > 0) {
			low, high = min(low, v), max(high, v)
		}
	}
	switch {
	case low > high:
		s.min, s.max = 0, 1
		if s.log {
			s.min = .1
		}
	case s.log:
		s.min, s.max = roundDown(low), roundUp(high)
		if s.max/s.min < 3 {
			s.min, s.max = roundDown(s.min/1.01), roundUp(s.max*1.01)
		}
	default:
		low, high = min(low, 0), max(high, 0)
		if low == high {
			high = 1
		}
		step := roundStep((high - low) / 5)
		s.min, s.max = step*math.Floor(low/step+1e-9), step*math.Ceil(high/step-1e-9)
	}
}

// Ticks are about as many as there is room for.
func (s *scale) ticks(room int) []plot.Tick {
	switch {
	case s.marks != nil:
		return s.marks
	case s.log && s.max/s.min >= 3:
		return s.logTicks(room)
	}
	// A length may hold one multiple of a step only, such as 0: then the step is smaller.
	length := (s.max - s.min) / float64(max(room, 2))
	ticks := s.linearTicks(roundStep(length))
	for range 4 {
		if len(ticks) > 2 {
			break
		}
		length /= 2
		finer := s.linearTicks(roundStep(length))
		if s.log && s.crowded(finer, room) {
			if len(ticks) == 2 {
				break
			}
			return s.onlyEnds(finer)
		}
		ticks = finer
	}
	return ticks
}

// crowded tells whether two neighbours stand closer than there is room for, as the upper ones do on a logarithmic axis.
func (s *scale) crowded(ticks []plot.Tick, room int) bool {
	for i := 1; i < len(ticks); i++ {
		if s.norm(ticks[i].Value)-s.norm(ticks[i-1].Value) < 1/float64(max(room, 1)) {
			return true
		}
	}
	return false
}

// linearTicks are the multiples of a step.
func (s *scale) linearTicks(step float64) []plot.Tick {
	form := s.unit.linear(s.max, step)
	var ticks []plot.Tick
	for i := math.Ceil(s.min/step - 1e-9); i*step <= s.max+step*1e-9; i++ {
		ticks = append(ticks, plot.Tick{Value: i * step, Label: form(i * step)})
	}
	return ticks
}

// logTicks are 1, 2 and 5 times each power of ten if these have room, or the powers of ten, or some of them.
func (s *scale) logTicks(room int) []plot.Tick {
	first, last := math.Floor(math.Log10(s.min)+1e-9), math.Ceil(math.Log10(s.max)-1e-9)
	decades := math.Log10(s.max / s.min)
	digits, every := []float64{1, 2, 5}, 1.0
	if 3*decades > float64(room) {
		digits, every = []float64{1}, max(1, math.Ceil(decades/float64(max(room, 1))))
	}
	var ticks []plot.Tick
	for e := first; e <= last; e++ {
		for _, d := range []float64{1, 2, 5} {
			v := d * math.Pow(10, e)
			if v < s.min*(1-1e-9) || v > s.max*(1+1e-9) {
				continue
			}
			t := plot.Tick{Value: v}
			if slices.Contains(digits, d) && math.Mod(e, every) == 0 {
				t.Label = s.unit.format(v)
			}
			ticks = append(ticks, t)
		}
	}
	return s.labelled(ticks)
}

// labelled tells the first and the last tick where fewer than two have a label: one alone says nothing of the scale.
func (s *scale) labelled(ticks []plot.Tick) []plot.Tick {
	told := 0
	for _, t := range ticks {
		if !t.IsMinor() {
			told++
		}
	}
	if told < 2 && len(ticks) > 1 {
		return s.onlyEnds(ticks)
	}
	return ticks
}

// onlyEnds labels the first and the last tick alone.
func (s *scale) onlyEnds(ticks []plot.Tick) []plot.Tick {
	for i := range ticks {
		ticks[i].Label = ""
	}
	for _, i := range []int{0, len(ticks) - 1} {
		ticks[i].Label = s.unit.format(ticks[i].Value)
	}
	return ticks
}

// format writes a number with its unit.
func (u unit) format(v float64) string {
	switch u {
	case seconds:
		if v >= 60 {
			return units.FormatCount(v) + "s"
		}
		return units.FormatSeconds(v)
	case perSecond:
		return units.FormatRate(v)
	case shares:
		return units.FormatShare(v)
	case dollars:
		return "$" + units.FormatCount(v)
	case times:
		return "×" + strconv.FormatFloat(v, 'g', 3, 64)
	}
	return units.FormatCount(v)
}

// linear returns how the numbers of a linear axis are written, which all have the same unit.
func (u unit) linear(most, step float64) func(float64) string {
	if u != seconds {
		return u.format
	}
	name, length := "s", 1.0
	switch {
	case most >= 3*3600:
		name, length = "h", 3600
	case most >= 600:
		name, length = "min", 60
	case most < 1e-3:
		name, length = "us", 1e-6
	case most < 1:
		name, length = "ms", 1e-3
	}
	return func(v float64) string {
		if v == 0 {
			return "0"
		}
		return strconv.FormatFloat(v/length, 'f', max(0, int(math.Ceil(-math.Log10(step/length)-1e-9))), 64) + name
	}
}

// roundStep is the least of 1, 2 and 5 times a power of ten that is not below a length.
func roundStep(length float64) float64 {
	ten := math.Pow(10, math.Floor(math.Log10(length)))
	for _, d := range []float64{1, 2, 5, 10} {
		if d*ten >= length*(1-1e-9) {
			return d * ten
		}
	}
	return 10 * ten
}

func roundUp(v float64) float64 { return roundStep(v) }

// roundDown is the greatest of 1, 2 and 5 times a power of ten that is not above a value.
func roundDown(v float64) float64 {
	ten := math.Pow(10, math.Floor(math.Log10(v)+1e-12))
	for _, d := range []float64{5, 2, 1} {
		if d*ten <= v*(1+1e-9) {
			return d * ten
		}
	}
	return ten
}
