package contents

import (
	"math"

	"headroom/sim"
)

// tenure says how long an entry stays where every key is asked for independently of the others. Then the rest of the cache is to one
// key no more than a constant: the characteristic time after which what came earlier has been pushed out (Che, Tung, Wang,
// "Hierarchical web caching systems", IEEE JSAC 2002; for other policies Martina, Garetto, Leonardi, INFOCOM 2014; for TTLs Fofack et
// al. 2012). Times are in nanoseconds.
type tenure struct {
	gap  float64 // it leaves when it was not used for so long,
	age  float64 // or so long after its storing,
	rate float64 // or at any moment, so often,
	from float64 // and does not enter at all unless asked for so often
}

// under returns the tenure that is left where entries expire and are removed too.
func (t tenure) under(l *lifetimes, removals float64) tenure {
	switch ttl := float64(l.ttl); {
	case ttl == 0:
	case l.renew:
		t.gap = min(t.gap, ttl)
	default:
		t.age = min(t.age, ttl)
	}
	t.rate += removals
	return t
}

// decay returns the integral of e^(-rate x) for x from 0 to span; both may be infinite, but not 0 times infinity.
func decay(rate, span float64) float64 {
	if rate == 0 {
		return span
	}
	return -math.Expm1(-rate*span) / rate
}

// fade is the rate at which an entry that has stayed for longer than the gap meets one, asked for at the rate asks: such that without
// other limits it stays for (e^(asks gap) - 1)/asks on the average, which is exact.
func (t tenure) fade(asks float64) float64 {
	x := asks * t.gap
	if x < 1e-5 {
		return 2 * asks / (x * x)
	}
	return asks / (math.Expm1(x) - x)
}

// stay returns the parts of the mean stay in the cache: up to the gap's length after storing, and later.
func (t tenure) stay(asks float64) (early, late float64) {
	early = decay(t.rate, min(t.gap, t.age))
	if t.age > t.gap {
		late = math.Exp(-t.rate*t.gap) * decay(t.rate+t.fade(asks), t.age-t.gap)
	}
	return early, late
}

// present returns the probability that a key is there which is asked for at the rate asks: the part that its stays have of the time,
// between which are the waits for the next request.
func (t tenure) present(asks float64) float64 {
	if asks == 0 || asks < t.from {
		return 0
	}
	early, late := t.stay(asks)
	return 1 - 1/(1+asks*(early+late))
}

// spell is a tenure as keys have it that are asked for equally often.
type spell struct {
	tenure
	wait, early, late float64 // the mean time until the next request, and the parts of the mean stay
	idle              exponential
	first, rest       exponential // when it was stored: up to the gap ago, and before that
}

// of returns what keys have that are asked for at the rate asks.
func (t tenure) of(asks float64) spell {
	early, late := t.stay(asks)
	short := min(t.gap, t.age)
	s := spell{tenure: t, wait: 1 / asks, early: early, late: late, idle: truncate(asks+t.rate, short), first: truncate(t.rate, short)}
	if late > 0 {
		s.rest = truncate(t.rate+t.fade(asks), t.age-t.gap)
	}
	return s
}

// draw returns for how long a key that is there has not been asked for, and how long before that it was stored: independent of one
// another but for their sum, which is less than the age.
func (s *spell) draw(r *sim.Rand) (idle, before float64) {
	for {
		idle = s.idle.draw(r)
		if math.IsInf(s.early+s.late, 1) {
			return min(idle, eternity), eternity
		}
		switch u := r.Float64() * (s.wait + s.early + s.late); {
		case u < s.wait:
			before = 0
		case u < s.wait+s.early:
			before = s.first.draw(r)
		default:
			before = s.gap + s.rest.draw(r)
		}
		if idle+before <= s.age {
			return min(idle, eternity), min(before, eternity)
		}
	}
}

// eternity is 36 years, longer than any history matters.
const eternity = float64(1 << 60)

// exponential is the exponential distribution of the rate, below the span, or the uniform one where the rate is 0.
type exponential struct {
	rate, span float64
	beyond     float64 // the probability of what lies beyond the span without it, minus 1
}

func truncate(rate, span float64) exponential {
	span = min(span, eternity)
	return exponential{rate, span, math.Expm1(-rate * span)}
}

func (t *exponential) draw(r *sim.Rand) float64 {
	if t.rate == 0 {
		return t.span * r.Float64()
	}
	return min(-math.Log1p(r.Float64()*t.beyond)/t.rate, t.span)
}

// truncated draws from that distribution once.
func truncated(rate, span float64, r *sim.Rand) float64 {
	t := truncate(rate, span)
	return t.draw(r)
}
