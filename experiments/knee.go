package experiments

import "math"

// Knee is the rate beyond which more load costs more than it brings, in requests per second.
type Knee struct {
	Rate       Num       `json:"rate"` // null: it is not between the lowest and the highest rate of the sweep
	CI95       *Interval `json:"ci95,omitempty"`
	Definition string    `json:"definition"`
}

// KneeDefinition says which of the many knees it is. The power of a queueing system is its throughput divided by its mean response time
// (Kleinrock, "Power and deterministic rules of thumb for probabilistic problems in computer communications", ICC 1979); it is greatest
// where one per cent more load costs one per cent more latency: at half the capacity of an M/M/1 queue, and nearer to the capacity the more
// servers share a line. Unlike the farthest point from a chord (Kneedle: Satopaa et al., ICDCSW 2011) it does not move with
// the rates that a sweep happens to begin and to end with, nor with the scale of an axis.
//
// It is the first such rate: where most requests are refused and the rest is fast, power grows again.
const KneeDefinition = "where goodput divided by mean latency (Kleinrock's power) first stops growing: beyond it, 1% more load costs more than 1% more latency"

// power is the goodput divided by the mean latency; 0 where there is no latency.
func power(r *Result) float64 {
	if p := float64(r.Load.Goodput / r.Latency.Mean); p > 0 && !r.Saturated {
		return p
	}
	return 0
}

// How far apart rates are, as factors, between which the knee is looked for.
const (
	kneeApart  = 1.08 // at least: power is flat at its greatest, and chance would decide
	kneeTried  = 1.1
	kneeNear   = 1.13 // at most, for a parabola
	kneeCoarse = 1.5  // beyond that a side is halved
	kneeCorner = 1.03 // the queue only grows beyond it
	mostTrials = 16
)

// knee looks for the first top of the power: it tries rates beside the best one until three of them are near each other, and takes the top of the
// parabola through these, power and rate being taken as logarithms. The random numbers are the same at every rate; the tops of the
// replications' own parabolas give the interval (Student's t).
func (s *search) knee() (*Knee, error) {
	var k *Knee
	err := s.precisely(func() (rate Num, ci *Interval, err error) {
		if k, err = s.top(); err != nil {
			return None, nil, err
		}
		return k.Rate, k.CI95, nil
	})
	return k, err
}

// top is the knee by the sample that the search is at.
func (s *search) top() (*Knee, error) {
	k := &Knee{Rate: None, Definition: KneeDefinition}
	for range mostTrials {
		below, best, above := s.aroundBest()
		if below < 0 || above < 0 {
			return k, nil
		}
		if again, err := s.renew(below, best, best+1, above); err != nil {
			return nil, err
		} else if again {
			continue
		}
		next, corner := s.besideBest(below, best, above)
		switch {
		case corner:
			k.Rate = Num(s.trials[best].rate)
			return k, nil
		case next > 0:
			if err := s.try(next); err != nil {
				return nil, err
			}
			continue
		}
		three := []trial{s.trials[below], s.trials[best], s.trials[above]}
		k.Rate = Num(vertex(three, func(t trial) float64 { return t.power }))
		if n := s.fewest(); n > 1 {
			var tops []float64
			for i := range n {
				tops = append(tops, vertex(three, func(t trial) float64 { return t.powers[i] }))
			}
			ci := interval(float64(k.Rate), tops)
			k.CI95 = &ci
		}
		return k, nil
	}
	return k, nil
}

// kneeAhead is how far, as a factor, the power must be less beyond the knee.
const kneeAhead = 2

// aroundBest returns the numbers of the trial at the first top of the power and of those next to it that are not too near; -1 where there is none.
func (s *search) aroundBest() (below, best, above int) {
	for best < len(s.trials)-1 && !s.isTop(best) {
		best++
	}
	below, above = -1, -1
	rate := s.trials[best].rate
	for i, t := range s.trials {
		if t.rate <= rate/kneeApart {
			below = i
		}
		if above < 0 && t.rate >= rate*kneeApart {
			above = i
		}
	}
	return below, best, above
}

// isTop tells whether a trial has more power than the next one has, and those not far beyond.
func (s *search) isTop(i int) bool {
	for j, t := range s.trials[i+1:] {
		if (j == 0 || t.rate <= kneeAhead*s.trials[i].rate) && t.power >= s.trials[i].power {
			return false
		}
	}
	return true
}

// besideBest returns a rate to try next, 0 where none is needed, and whether the best one is at a corner: all is well until the queue only grows.
func (s *search) besideBest(below, best, above int) (next float64, corner bool) {
	rate := s.trials[best].rate
	if after := s.trials[best+1]; after.power == 0 {
		if after.rate/rate > kneeCorner {
			return math.Sqrt(rate * after.rate), false
		}
		return 0, true
	}
	for _, beside := range []float64{s.trials[below].rate / rate, s.trials[above].rate / rate} {
		switch far := math.Abs(math.Log(beside)); {
		case far > math.Log(kneeCoarse):
			return rate * math.Sqrt(beside), false
		case far > math.Log(kneeNear):
			return rate * math.Exp(math.Copysign(math.Log(kneeTried), math.Log(beside))), false
		}
	}
	return 0, false
}

// vertex returns the rate at which the parabola through three trials is highest, between the outer two.
func vertex(three []trial, power func(trial) float64) float64 {
	var x, y [3]float64
	for i, t := range three {
		x[i], y[i] = math.Log(t.rate), math.Log(power(t))
	}
	rise, fall := (y[1]-y[0])/(x[1]-x[0]), (y[2]-y[1])/(x[2]-x[1])
	at := (x[0]+x[1])/2 - rise*(x[2]-x[0])/2/(fall-rise)
	if !(fall < rise) || math.IsInf(fall, 0) { // it has no top
		at = x[1]
	}
	return math.Exp(min(max(at, x[0]), x[2]))
}
