package experiments

import (
	"fmt"
	"math"

	"headroom/internal/units"
	"headroom/models"
)

// What makes a run doubtful.
const (
	wideMean  = 0.05 // half the interval of the mean, as a share of it
	wideTail  = 0.10 // the same of the p99
	riseShare = 0.20 // of what is in the system, from the first half of the run to the second
)

// doubt warns of what the figures of the run cannot say.
func (r *Result) doubt(a *models.Architecture, reps []*replication) {
	warn := func(format string, args ...any) { r.Warnings = append(r.Warnings, fmt.Sprintf(format, args...)) }
	r.doubtBatches(a, warn)
	r.doubtMoves(warn)
	r.doubtSizing(warn)
	switch {
	case r.Saturated:
		warn("More is offered than can be done: queues only grow, and a latency would only say how long the run was.")
		return
	case len(reps) == 1:
		warn("One replication has no intervals: nothing tells how far chance moved these figures.")
	case r.Run.Precision != nil:
		r.doubtPrecision(a, warn)
	default:
		r.doubtIntervals(a, warn)
	}
	if a.Staged() == 0 && !a.Replayed() && len(a.Events) == 0 {
		r.doubtInstances(a, warn)
	}
	if a.Staged() == 0 && !a.Replayed() && len(a.Events) == 0 && len(reps) > 1 {
		if from, to, rises := rising(reps); rises {
			warn("The run is not in a steady state: %s were in the queues and at work in its first half, %s in its second. Run it longer, such as --requests %s.",
				units.FormatCount(from), units.FormatCount(to), r.longer(10))
		}
	}
}

// doubtBatches warns of batches that did not come in the measured time.
func (r *Result) doubtBatches(a *models.Architecture, warn func(string, ...any)) {
	for _, t := range a.Traffic {
		if k := t.Value.Batch; k != nil && r.Sources[t.Key].Outcomes == (Outcomes{}) {
			warn("No batch of %s came in the measured time: there is one each %s. Run it longer, such as --duration %s.", t.Key, k.Every, 3*k.Every)
		}
	}
}

// doubtEvents warns of events that come after a whole run, where its length was not known before: else the reader has said so.
func (r *Result) doubtEvents(a *models.Architecture) {
	if a.Run.Duration > 0 || a.Staged() > 0 && !a.Replayed() {
		return
	}
	for _, e := range r.Events {
		if e.At >= r.Run.SimulatedSeconds {
			r.Warnings = append(r.Warnings, fmt.Sprintf("The run was over after %s: `%s` at %s never happened.",
				units.FormatSeconds(float64(r.Run.SimulatedSeconds)), e.What, units.FormatSeconds(float64(e.At))))
		}
	}
}

// doubtIntervals warns of intervals that are wide, and says how much longer a run makes them narrow: they go with the square root.
func (r *Result) doubtIntervals(a *models.Architecture, warn func(string, ...any)) {
	ci := r.Latency.CI95
	if ci == nil {
		return
	}
	half := func(i Interval) float64 { return float64(i[1]-i[0]) / 2 }
	mean, tail := half(ci.Mean)/float64(r.Latency.Mean), half(ci.P99)/float64(r.Latency.P99)
	switch {
	case mean > wideMean:
		warn("The 95%% interval of the mean is ±%s: %s.", units.FormatShare(mean), r.narrower(a, mean/wideMean))
	case tail > wideTail:
		warn("The 95%% interval of the p99 is ±%s: %s.", units.FormatShare(tail), r.narrower(a, tail/wideTail))
	}
}

// narrower says what makes intervals so many times narrower. A run that is as long as its stages, a trace, or its events, can only be repeated.
func (r *Result) narrower(a *models.Architecture, times float64) string {
	if a.Staged() > 0 || a.Replayed() || len(a.Events) > 0 {
		return fmt.Sprintf("repeat the run more often, such as --replications %d", int(math.Ceil(float64(r.Run.Replications)*times*times)))
	}
	return "run longer, such as --requests " + r.longer(times*times)
}

// longer names a number of requests per replication that is so many times that of the run, in round figures.
func (r *Result) longer(times float64) string {
	n := float64(r.Run.Requests) / float64(r.Run.Replications) * max(times, 2)
	digit := math.Pow(10, math.Floor(math.Log10(n)))
	return units.Count(math.Ceil(n/digit-1e-9) * digit).String()
}

// rising tells whether clearly more is in the system in the second half of the run: by a fifth, and beyond chance (Student's t over the
// replications, at 99%).
func rising(reps []*replication) (from, to float64, rises bool) {
	var steps []float64
	for _, rep := range reps {
		first, second := halves(rep.samples)
		from, to = from+first/float64(len(reps)), to+second/float64(len(reps))
		steps = append(steps, second-first)
	}
	mean := (to - from)
	return from, to, mean > riseShare*from && mean > studentHalf(steps, 0.99)
}

// halves returns the mean number in the system in either half of the samples.
func halves(samples []sample) (first, second float64) {
	sum := func(part []sample) float64 {
		present, seconds := 0.0, 0.0
		for _, p := range part {
			seconds += p.seconds
			for _, n := range p.nodes {
				present += n.busy + n.waiting
			}
		}
		return present / seconds
	}
	middle := len(samples) / 2
	return sum(samples[:middle]), sum(samples[middle:])
}
