package experiments

import (
	"fmt"
	"math"
	"slices"

	"headroom/internal/units"
	"headroom/models"
)

const (
	latencyRounds  = 18
	latencySpan    = 32  // the factor of latencies is looked for between this and its inverse
	borderWidth    = .05 // how near a factor's logarithm is to an end of that range if the one looked for lies beyond it
	tellsSomething = .01 // relative change of a latency, from half the times to twice them, below which it does not depend on them
)

// isLatency tells whether an observed figure is a time from the call to the answer.
func isLatency(f models.Observation) bool {
	return f.Unit == "seconds" && (f.Quantity == "mean" || f.Quantity == "p")
}

// candidates are what may be scaled for the latencies, the likeliest first: times that keep no resource busy, of which no utilization tells,
// and then the work of nodes whose utilization was not observed.
func (c *calibrator) candidates() []*demand {
	idle := &demand{what: "the times that keep no resource busy (latencies of externals, delays)", factor: 1}
	unseen := &demand{what: "the work of the nodes whose utilization was not observed", factor: 1}
	for _, t := range c.scalable() {
		observed := slices.ContainsFunc(c.demands, func(d *demand) bool { return d.observed.Of == t.Node && d.observed.Quantity == t.Resource })
		switch {
		case t.Resource == "":
			idle.times = append(idle.times, t)
		case !observed && (t.Resource == "cpu" || t.Resource == "servers"):
			unseen.times = append(unseen.times, t)
		}
	}
	return slices.DeleteFunc([]*demand{idle, unseen}, func(d *demand) bool { return len(d.times) == 0 })
}

// searchLatency looks for the factor at which the simulated latencies are nearest to the observed ones: least squares of the logarithms of
// their ratios, by golden section (Kiefer, "Sequential minimax search for a maximum", Proceedings of the AMS 4(3), 1953). Each latency grows
// with the factor, so that there is one minimum.
func (c *calibrator) searchLatency() error {
	if !slices.ContainsFunc(c.l.Observed, isLatency) {
		return nil
	}
	if slices.ContainsFunc(c.demands, func(d *demand) bool { return d.saturated && d.unsolved == "" }) {
		c.noFree = "the system was saturated when they were measured, and they say only for how long"
		return nil
	}
	c.noFree = "every time of the file is determined by an observed utilization"
	for _, free := range c.candidates() {
		c.free = free
		low, err := c.latenciesAt(-math.Ln2)
		if err != nil {
			return err
		}
		high, err := c.latenciesAt(math.Ln2)
		if err != nil {
			return err
		}
		if tells(low, high) {
			if err := c.goldenSection(0, math.Log(latencySpan), latencyRounds); err != nil || math.Abs(math.Log(free.factor)) < math.Log(latencySpan)-borderWidth {
				return err
			}
			c.free, c.noFree = nil, fmt.Sprintf("even a factor of %s for %s does not meet them, so those stay as they are", units.FormatCount(free.factor), free.what)
			continue
		}
		c.free, c.noFree = nil, "they do not depend on the times that no utilization determines"
		if slices.ContainsFunc(high, math.IsNaN) {
			c.noFree = "the queues only grow in the simulation"
		}
	}
	return nil
}

// tells tells whether one of the latencies is another with a factor of 2 than with one of a half.
func tells(low, high []float64) bool {
	for i := range low {
		if math.Abs(high[i]-low[i]) > tellsSomething || math.IsNaN(high[i]) && !math.IsNaN(low[i]) {
			return true
		}
	}
	return false
}

// goldenSection closes in on the factor of the free times, whose logarithm is not farther from the middle than half.
func (c *calibrator) goldenSection(middle, half float64, rounds int) error {
	const part = 1 / math.Phi
	a, b := middle-half, middle+half
	at := [2]float64{b - part*(b-a), a + part*(b-a)}
	var worth [2]float64
	for i := range at {
		var err error
		if worth[i], err = c.misfit(at[i]); err != nil {
			return err
		}
	}
	for range rounds {
		var err error
		if worth[0] <= worth[1] {
			b, at[1], worth[1] = at[1], at[0], worth[0]
			at[0] = b - part*(b-a)
			worth[0], err = c.misfit(at[0])
		} else {
			a, at[0], worth[0] = at[0], at[1], worth[1]
			at[1] = a + part*(b-a)
			worth[1], err = c.misfit(at[1])
		}
		if err != nil {
			return err
		}
	}
	c.free.factor = math.Exp((a + b) / 2)
	return nil
}

// misfit is the sum of the squared logarithms of the ratios of simulated and observed latencies; infinite where there are none.
func (c *calibrator) misfit(logFactor float64) (float64, error) {
	ratios, err := c.latenciesAt(logFactor)
	sum := 0.0
	for _, x := range ratios {
		sum += x * x
	}
	if math.IsNaN(sum) {
		sum = math.Inf(1)
	}
	return sum, err
}

// latenciesAt returns the logarithms of the ratios of simulated and observed latencies, NaN where the queues only grow.
func (c *calibrator) latenciesAt(logFactor float64) ([]float64, error) {
	c.free.factor = math.Exp(logFactor)
	m, err := c.simulate(true)
	if err != nil {
		return nil, err
	}
	var all []float64
	r := m.figures()
	for _, f := range c.l.Observed {
		if !isLatency(f) {
			continue
		}
		v, _ := r.value(f.Target)
		if r.Saturated {
			v = None
		}
		all = append(all, math.Log(float64(v)/f.Value))
	}
	return all, nil
}
