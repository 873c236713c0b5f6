package experiments

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"headroom/internal/units"
	"headroom/models"
	"headroom/scenarios"
)

// calibration writes down what was found: before is a run with the times of the file, m one with those that were solved.
func (c *calibrator) calibration(before, m *measurement, begun time.Time) *Calibration {
	k := &Calibration{Headroom: 1, Kind: "calibration", Version: c.o.Version, Command: c.o.Command, Rate: Num(c.rate), Warnings: []string{},
		Changes: []CalibratedTime{}, Result: m.result(c.ctx, c.o)}
	k.Scenario = ScenarioInfo{Name: c.l.Name, File: c.l.File, SHA256: c.l.SHA256, Source: c.l.Source}
	k.Warnings = append(k.Warnings, k.Result.Warnings...)
	was := before.figures()
	for _, o := range c.l.Observed {
		f := c.figure(o, was, m)
		k.Figures = append(k.Figures, f)
		k.Saturated = k.Saturated || f.Status == FigureSaturated
	}
	k.Changes = c.solved(m)
	if c.free != nil {
		k.Free = c.free.what
	}
	k.Assumptions = c.assumptions()
	k.WallSeconds = Num(time.Since(begun).Seconds())
	return k
}

// figure compares an observed figure with the runs.
func (c *calibrator) figure(o models.Observation, was *Result, m *measurement) CalibratedFigure {
	now := m.figures()
	f := CalibratedFigure{Figure: o.Figure, Unit: o.Unit, Observed: Num(o.Value), Before: valueOf(was, o), Simulated: valueOf(now, o), AtLeast: c.bounds[o.Figure]}
	f.Residual = f.Simulated - f.Observed
	if len(m.reps) > 1 && f.Simulated.Known() {
		each := eachReplication(m, func(r *Result) float64 { return float64(valueOf(r, o)) })
		if half := Num(studentHalf(each, 0.95)); half.Known() {
			f.CI95 = &Interval{f.Simulated - half, f.Simulated + half}
		}
	}
	f.Status = FigureMet
	if !f.near() {
		f.Status, f.Reason = FigureMissed, c.whyMissed(o, now)
	}
	for _, d := range c.demands {
		switch {
		case d.observed.Figure != o.Figure:
		case d.saturated && d.unsolved == "":
			f.Status, f.Reason = FigureSaturated, "busy nearly all the time when it was measured: a resource that is full is as busy with any larger demand, so its times are left as they are"
		case d.unsolved != "" && f.Status == FigureMissed:
			f.Status, f.Reason = FigureNoDemand, d.unsolved
		}
	}
	return f
}

// valueOf is what a run says of an observed figure; latencies of a run whose queues only grow are none.
func valueOf(r *Result, o models.Observation) Num {
	switch {
	case o.Quantity == "rate":
		return r.Load.Offered
	case o.Unit == "seconds" && r.Saturated:
		return None
	}
	v, _ := r.value(o.Target)
	return v
}

// near tells whether the simulated figure is as observed, within its interval or what is allowed.
func (f *CalibratedFigure) near() bool {
	allowed := Num(allowedPoints)
	if f.Unit != "share" {
		allowed = allowedShare * f.Observed
	}
	inside := f.CI95 != nil && f.CI95[0] <= f.Observed && f.Observed <= f.CI95[1]
	return inside || math.Abs(float64(f.Residual)) <= float64(allowed)
}

// whyMissed says what kept a figure from being met.
func (c *calibrator) whyMissed(o models.Observation, now *Result) string {
	latencies := 0
	for _, f := range c.l.Observed {
		if isLatency(f) {
			latencies++
		}
	}
	switch {
	case isLatency(o) && now.Saturated:
		return "the queues only grow in the simulation, so there is no latency"
	case isLatency(o) && c.free == nil:
		return "nothing is left to scale for the latencies: " + c.noFree
	case isLatency(o) && latencies > 1:
		return "no one factor meets all latencies: this is the least residual (sum of squared logarithms)"
	case isLatency(o):
		return "the latency does not come nearer with the one factor that is free"
	case isUtilization(o):
		return "no factor of its times shows this utilization together with the other figures: more work comes to it, or less, than the figures say"
	}
	return "compared only: no service time is solved from it"
}

// solved lists the times that were changed, in the order of the file.
func (c *calibrator) solved(m *measurement) []CalibratedTime {
	all := []CalibratedTime{}
	for _, t := range scenarios.Times(c.l) {
		for _, d := range c.factors() {
			i := slices.IndexFunc(d.times, func(x scenarios.TimeAt) bool { return x.Path == t.Path })
			if i < 0 || d.scaled(t) == t.Text {
				continue
			}
			s := CalibratedTime{Path: t.Path, Before: t.Text, After: d.scaled(t), Factor: Num(d.factor), From: latencyFigures}
			if d != c.free {
				s.From = d.observed.Figure
				s.CI95 = c.factorInterval(d, m)
			}
			if t.Inverse {
				s.Factor = 1 / s.Factor
				if s.CI95 != nil {
					s.CI95 = &Interval{1 / s.CI95[1], 1 / s.CI95[0]}
				}
			}
			all = append(all, s)
		}
	}
	return all
}

// factorInterval takes the interval of the utilization per request over to the factor, which is inversely proportional to it.
func (c *calibrator) factorInterval(d *demand, m *measurement) *Interval {
	if len(m.reps) < 2 {
		return nil
	}
	half := studentHalf(eachReplication(m, func(r *Result) float64 { return c.perAsked(r, d) }), 0.95) / c.perAsked(m.figures(), d)
	return &Interval{Num(d.factor * (1 - half)), Num(d.factor * (1 + half))}
}

// eachReplication returns a figure of each replication.
func eachReplication(m *measurement, figure func(*Result) float64) []float64 {
	var all []float64
	for i := range m.reps {
		one := &Result{}
		one.measure(m.l.Architecture, m.reps[i:i+1], m.p)
		all = append(all, figure(one))
	}
	return all
}

// assumptions says what the solution rests on.
func (c *calibrator) assumptions() []string {
	all := []string{"The load is steady, " + c.rateText() + c.whoseRate() + ": stages and events are left out."}
	if len(c.demands) > 0 {
		all = append(all, "All times of a node whose utilization was observed are scaled by one factor: their proportions and the shapes of their distributions are those of the file, and so is the mix of requests.")
	}
	if c.free != nil {
		all = append(all, fmt.Sprintf("For the latencies one more factor scales %s.", c.free.what))
	}
	if c.free == nil && c.noFree != "" {
		all = append(all, "The latencies are compared only: "+c.noFree+".")
	}
	if len(c.kept) > 0 {
		all = append(all, "Times that stand in a file of samples stay as they are: "+strings.Join(c.kept, ", ")+".")
	}
	return append(all, fmt.Sprintf("A figure is met within its 95%% interval, or %.0f point for shares, %s of other figures. Times are rounded to 4 significant digits.",
		100*allowedPoints, units.FormatShare(float64(allowedShare))))
}

// whoseRate says where the rate comes from.
func (c *calibrator) whoseRate() string {
	switch {
	case math.IsNaN(c.rate):
		return ""
	case slices.ContainsFunc(c.l.Observed, func(f models.Observation) bool { return f.Quantity == "rate" && f.Value == c.rate }):
		if c.rate != c.l.Asked() {
			return ", the observed rate (the file asks for " + units.FormatRate(c.l.Asked()) + ", which stays as it is)"
		}
		return ", the observed rate"
	}
	return ", the highest rate of the file"
}

// rateText says at which rate was solved.
func (c *calibrator) rateText() string {
	if math.IsNaN(c.rate) {
		return "with the users of the file"
	}
	return "at " + units.FormatRate(c.rate)
}

// written is what the times of a demand are written as.
func (d *demand) written() string {
	var all []string
	for _, t := range d.times {
		all = append(all, d.scaled(t))
	}
	return strings.Join(all, " ")
}
