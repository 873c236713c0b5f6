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

// draw returns for how long a key that is there has not been asked for, and how long before that it was stored: independent of one
// another but for their sum, which is less than the age.
func (t tenure) draw(asks float64, r *sim.Rand) (idle, before float64) {
	early, late := t.stay(asks)
	for {
		idle = truncated(asks+t.rate, min(t.gap, t.age), r)
		if math.IsInf(early+late, 1) {
			return min(idle, eternity), eternity
		}
		switch u := r.Float64() * (1/asks + early + late); {
		case u < 1/asks:
			before = 0
		case u < 1/asks+early:
			before = truncated(t.rate, min(t.gap, t.age), r)
		default:
			before = t.gap + truncated(t.rate+t.fade(asks), t.age-t.gap, r)
		}
		if idle+before <= t.age {
			return min(idle, eternity), min(before, eternity)
		}
	}
}

// eternity is 36 years, longer than any history matters.
const eternity = float64(1 << 60)

// truncated draws from the exponential distribution of the rate below the span, or uniformly where the rate is 0.
func truncated(rate, span float64, r *sim.Rand) float64 {
	span = min(span, eternity)
	if rate == 0 {
		return span * r.Float64()
	}
	return min(-math.Log1p(r.Float64()*math.Expm1(-rate*span))/rate, span)
}
