package models

import (
	"headroom/internal/units"
	"headroom/sim"
)

// Batch is a number of requests at once, again and again.
type Batch struct {
	Every units.Duration `key:"every" required:"true" doc:"from one batch to the next; the first comes when the run, its warm-up included, has lasted so long"`
	Size  units.Count    `key:"size" required:"true" doc:"requests in a batch"`
}

// Describe says what is being read, for errors.
func (*Batch) Describe() string { return "a batch such as {every: 1h, size: 10k}" }

// mostInBatch is how many requests may come at one moment: 300 bytes each.
const mostInBatch = 1_000_000

// checkBatch checks what belongs to batches, and warns of what does not.
func (t *Traffic) checkBatch(c *Check, path string) {
	at := path + ".batch"
	if t.Batch == nil || c.Wrong(at) {
		return
	}
	switch {
	case t.Batch.Every <= 0:
		c.Errorf(at+".every", "`every` must be above 0")
	case t.Batch.Size < 1 || t.Batch.Size > mostInBatch:
		c.Errorf(at+".size", "`size` must be from 1 to %s", units.Count(mostInBatch))
	case !simulable(units.Rate(t.Batch.perSecond())):
		c.Errorf(at, "these are %g requests per second on average: expected from 1/h to %s", t.Batch.perSecond(), highestRate)
	}
	c.warnKeys(path, "the requests of a `batch` come all at once", "arrivals")
	c.warnKeys(path, "a `batch` is never scaled", "scales")
}

// perSecond returns how many requests come in a second on average.
func (k *Batch) perSecond() float64 { return float64(k.Size) / k.Every.Seconds() }

// between returns how many requests come after a time, up to another.
func (k *Batch) between(from, to sim.Time) float64 {
	return float64(k.Size) * float64(to/sim.Time(k.Every)-from/sim.Time(k.Every))
}

// Batched returns the longest time from a batch to the next; 0 if no source has batches.
func (a *Architecture) Batched() sim.Time {
	longest := sim.Time(0)
	for _, t := range a.Traffic {
		if t.Value.Batch != nil {
			longest = max(longest, sim.Time(t.Value.Batch.Every))
		}
	}
	return longest
}

// batchSource sends batches.
type batchSource struct {
	origin
	every sim.Time
	size  uint64
	sent  uint64
}

// Arrive implements sim.Source: the requests of a batch come one after the other, at the same moment.
func (s *batchSource) Arrive() sim.Time {
	base := sim.Mix(s.stream, s.sent)
	s.send(base, s.client(base, s.sent), s.sent)
	s.sent++
	if s.sent%s.size != 0 {
		return s.sim.Now()
	}
	return s.sim.Now() + s.every
}
