package experiments

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"headroom/models"
	"headroom/scenarios"
)

// Calibrate solves the service times of a scenario from what it says was `observed` on the real system.
//
// The times of a resource whose utilization was observed (cores, servers, the network interface by its bandwidth, the disk) are multiplied by one common factor, by the utilization law U = X·S/c (Denning and
// Buzen, "The operational analysis of queueing network models", Computing Surveys 10(3), 1978): a resource that shows half the utilization
// that was observed has half the demand. That is repeated until the simulation shows what was observed, since retries, caches and closed users
// bend the law; all runs have the same random numbers, so that nothing but the factor changes. Then one more factor, over times that no
// utilization determines, is searched for the observed latencies. What is solved is rounded as it is written, and simulated so.
//
// The error is an Uncalibratable, or problems of the file (strict.Problems) where a value cannot be replaced in its place; the context's
// where it was interrupted, since half a search says nothing.
func Calibrate(ctx context.Context, l *scenarios.Loaded, o Options) (*Calibration, error) {
	begun := time.Now()
	c, err := newCalibrator(ctx, l, o)
	if err != nil {
		return nil, err
	}
	before, err := c.simulate(true)
	if err != nil {
		return nil, err
	}
	if err := c.solve(); err != nil {
		return nil, err
	}
	c.boundSaturated()
	m, err := c.refine()
	if err != nil {
		return nil, err
	}
	k := c.calibration(before, m, begun)
	return k, context.Cause(ctx) // what it saturates at is found by simulation, too
}

// Edits are the solved times as changes of the file, for scenarios.Rewrite.
func (k *Calibration) Edits() []scenarios.Change {
	var all []scenarios.Change
	for _, t := range k.Changes {
		all = append(all, scenarios.Change{Path: t.Path, Value: t.After})
	}
	return all
}

// calibrator is the search for the factors.
type calibrator struct {
	ctx     context.Context
	l       *scenarios.Loaded
	o       Options
	rate    float64 // NaN: there is none to hold
	demands []*demand
	kept    []string           // paths of times that no factor can scale
	free    *demand            // over times that no utilization determines; nil: none
	noFree  string             // why not
	bounds  map[string][]Bound // of saturated figures
	close   float64            // closeDemand, or closeAgain
	runs    int
	done    progress
}

// demand is a factor over some times of the file.
type demand struct {
	observed  models.Observation
	times     []scenarios.TimeAt
	what      string // in words
	factor    float64
	saturated bool
	unsolved  string // why there is nothing to solve; empty: there is
}

const (
	demandRounds     = 20
	closeDemand      = .002 // of the utilization, that the search ends at
	closeAgain       = .005 // likewise, behind a search for the latencies, which changes what falls into the measured time
	widestFactor     = 1e6
	mostAlternations = 6                                // of demands and latencies
	expectedRuns     = demandRounds + latencyRounds + 8 // for the progress
)

func newCalibrator(ctx context.Context, l *scenarios.Loaded, o Options) (*calibrator, error) {
	if len(l.Observed) == 0 {
		return nil, Uncalibratable("the file has no `observed`: write down what was measured on the real system, such as observed: {rate: 1.2k/s, api.cpu: 63%, p99: 180ms}")
	}
	c := &calibrator{ctx: ctx, l: l, o: o, rate: l.Asked(), bounds: map[string][]Bound{}, close: closeDemand}
	c.done = progress{tell: o.Progress, shares: make([]float64, expectedRuns)}
	for _, f := range l.Observed {
		if f.Quantity == "rate" && sweepable(l, []float64{f.Value}) == nil {
			c.rate = f.Value
		}
	}
	times := c.scalable()
	latencies := false
	for _, f := range l.Observed {
		switch {
		case isUtilization(f):
			c.demands = append(c.demands, c.demandOf(f, times))
		case isLatency(f):
			latencies = true
		}
	}
	reason := ""
	for _, d := range c.demands {
		if d.unsolved == "" {
			return c, nil
		}
		reason += "; " + d.observed.Figure + ": " + d.unsolved
	}
	if latencies && len(c.candidates()) > 0 {
		return c, nil
	}
	return nil, Uncalibratable("nothing of the file can be solved from `observed`: expected the utilization of a node that does work, such as api.cpu: 63%, or a latency, such as p99: 180ms" + reason)
}

// isUtilization tells whether an observed figure says how busy a resource was.
func isUtilization(f models.Observation) bool {
	return slices.Contains([]string{"cpu", "servers", models.NetworkResource, "disk"}, f.Quantity)
}

// scalable lists the times of the file that a factor can scale, and keeps the paths of the others.
func (c *calibrator) scalable() []scenarios.TimeAt {
	var all []scenarios.TimeAt
	for _, t := range scenarios.Times(c.l) {
		if _, err := t.Scaled(2); err != nil {
			c.kept = append(c.kept, t.Path)
			continue
		}
		if read, _ := models.ParseTime(t.Text, ""); t.Inverse || read.Mean() > 0 {
			all = append(all, t)
		}
	}
	return all
}

// demandOf finds the times that make a node's utilization.
func (c *calibrator) demandOf(f models.Observation, times []scenarios.TimeAt) *demand {
	d := &demand{observed: f, factor: 1, saturated: f.Value >= saturatedFrom}
	for _, t := range times {
		if t.Node == f.Of && t.Resource == f.Quantity {
			d.times = append(d.times, t)
		}
	}
	for i, n := range c.l.Nodes {
		if n.Key == f.Of && (c.l.Auto(i) > 0 || c.l.Scaling(i) != nil) {
			d.unsolved = "its instances follow the load, so its utilization does not tell the demand"
		}
	}
	switch {
	case len(d.times) == 0:
		d.unsolved = "no time of the file makes it (a time of 0s, or one from a file of samples, cannot be scaled)"
	case f.Value <= 0:
		d.unsolved = "a utilization of 0% leaves no demand to solve"
	}
	return d
}

// target is the utilization that the search is for. A saturated resource would choke what comes after it: its demand is solved for half of
// what was observed, and is twice that.
func (d *demand) target() float64 {
	if d.saturated {
		return min(d.observed.Value, 1) / 2
	}
	return d.observed.Value
}

// changes are the times of the file as the factors have them, as far as they differ.
func (c *calibrator) changes() []scenarios.Change {
	var all []scenarios.Change
	for _, d := range c.factors() {
		for _, t := range d.times {
			if text := d.scaled(t); text != t.Text {
				all = append(all, scenarios.Change{Path: t.Path, Value: text})
			}
		}
	}
	return all
}

// factors are the demands that have something to scale, the free one at the end.
func (c *calibrator) factors() []*demand {
	all := []*demand{}
	for _, d := range c.demands {
		if d.unsolved == "" {
			all = append(all, d)
		}
	}
	if c.free != nil {
		all = append(all, c.free)
	}
	return all
}

// scaled returns a time as the factor has it.
func (d *demand) scaled(t scenarios.TimeAt) string {
	if d.factor == 1 {
		return t.Text
	}
	text, err := t.Scaled(d.factor)
	if err != nil {
		panic(err) // it was scaled before
	}
	return text
}

// scenario is the file with the factors, at the rate that was observed.
func (c *calibrator) scenario() (*scenarios.Loaded, error) {
	text, err := scenarios.Rewrite(c.l.File, []byte(c.l.Source), c.changes())
	if err != nil {
		return nil, err
	}
	l, err := scenarios.Load(c.l.File, text, "", nil)
	if err != nil || math.IsNaN(c.rate) {
		return l, err
	}
	if at, ok := atRate(l, c.rate); ok {
		return at, nil
	}
	return l, nil
}

// simulate runs the file with the factors; brief: a fifth of the effort, and of no precision that the file asks for.
func (c *calibrator) simulate(brief bool) (*measurement, error) {
	l, err := c.scenario()
	if err != nil {
		return nil, err
	}
	o, run := c.o, c.runs
	if c.runs++; brief {
		o.Quick = true
		l.Run.Precision = 0
	}
	o.Progress = func(share float64) { c.done.at(min(run, expectedRuns-1), share) }
	m, err := measure(c.ctx, l, o)
	if err == nil && c.ctx.Err() != nil {
		err = context.Cause(c.ctx)
	}
	return m, err
}

// figures sums up a run of the search, in which nobody asks what saturates when.
func (m *measurement) figures() *Result {
	r := &Result{}
	r.measure(m.l.Architecture, m.reps, m.p)
	return r
}

// solve finds the demands, and then the factor for the latencies. Where that changes the utilizations, since users who wait longer ask for
// less, both are found again.
func (c *calibrator) solve() error {
	if _, err := c.solveDemands(); err != nil {
		return err
	}
	if err := c.searchLatency(); err != nil || c.free == nil {
		return err
	}
	c.close = closeAgain
	for range mostAlternations {
		if moved, err := c.solveDemands(); err != nil || !moved {
			return err
		}
		if err := c.goldenSection(math.Log(c.free.factor), math.Ln2, latencyRounds-5); err != nil {
			return err
		}
	}
	return nil
}

// solveDemands multiplies each factor by how much more utilization was observed than is simulated, until that is nothing. It tells whether
// one of them had to be moved. Where that does not come to an end, since retries make a small step a large one, the factors that came nearest
// stay.
func (c *calibrator) solveDemands() (moved bool, err error) {
	nearest, best := math.Inf(1), []float64(nil)
	for round := range demandRounds {
		if !slices.ContainsFunc(c.demands, func(d *demand) bool { return d.unsolved == "" }) {
			return moved, nil
		}
		m, err := c.simulate(true)
		if err != nil {
			return moved, err
		}
		r := m.figures()
		if off := c.demandMisfit(r); off < nearest {
			nearest, best = off, c.demandFactors(best[:0])
		}
		power := 1.
		if round >= demandRounds/2 {
			power = .5 // it goes to and fro
		}
		if !c.step(r, power) {
			return moved, nil
		}
		moved = true
	}
	for i, d := range c.demands {
		d.factor = best[i]
	}
	return moved, nil
}

// demandFactors appends the factors of the demands.
func (c *calibrator) demandFactors(to []float64) []float64 {
	for _, d := range c.demands {
		to = append(to, d.factor)
	}
	return to
}

// demandMisfit is the sum of the squared logarithms of the ratios of wanted and simulated utilizations.
func (c *calibrator) demandMisfit(r *Result) float64 {
	sum := 0.0
	for _, d := range c.demands {
		if u := c.perAsked(r, d); d.unsolved == "" && u > 0 {
			off := math.Log(d.target() / u)
			sum += off * off
		}
	}
	return sum
}

// step moves the factors by what a run shows, raised to a power, and tells whether one of them had to.
func (c *calibrator) step(r *Result, power float64) (moved bool) {
	for _, d := range c.demands {
		if d.unsolved != "" {
			continue
		}
		u := c.perAsked(r, d)
		if !(u > 0) {
			d.unsolved, d.factor = "no work comes to it in the simulation", 1
			continue
		}
		ratio, was := d.target()/u, d.written()
		d.factor = min(max(d.factor*math.Pow(ratio, power), 1/widestFactor), widestFactor)
		if math.Abs(ratio-1) > c.close && d.written() != was { // a count can be between two numbers
			moved = true
		}
	}
	return moved
}

// perAsked is the utilization that a run shows, at the rate that was asked for: how many requests happened to come does not matter.
func (c *calibrator) perAsked(r *Result, d *demand) float64 {
	u, _ := r.value(d.observed.Target)
	if math.IsNaN(c.rate) || !c.l.Proportional() {
		return float64(u)
	}
	return float64(u) * c.rate / float64(r.Load.Offered)
}

// boundSaturated writes down what the times of saturated resources are at least, and leaves those of the file.
func (c *calibrator) boundSaturated() {
	for _, d := range c.demands {
		if !d.saturated || d.unsolved != "" {
			continue
		}
		d.factor *= 2
		for _, t := range d.times {
			c.bounds[d.observed.Figure] = append(c.bounds[d.observed.Figure], Bound{t.Path, t.Text, d.scaled(t)})
		}
		d.factor = 1
	}
}

// refine runs with the full effort, moves the factors by what that shows, and runs again; it keeps what is nearer.
func (c *calibrator) refine() (*measurement, error) {
	m, err := c.simulate(false)
	if err != nil {
		return nil, err
	}
	for _, d := range c.demands {
		if d.saturated && d.unsolved == "" { // with the file's own times: the others see what it lets through
			return m, nil
		}
	}
	was, factors, r := fmt.Sprint(c.changes()), c.demandFactors(nil), m.figures()
	if c.step(r, 1); fmt.Sprint(c.changes()) == was {
		return m, nil
	}
	again, err := c.simulate(false)
	if err != nil || c.demandMisfit(again.figures()) <= c.demandMisfit(r) {
		return again, err
	}
	for i, d := range c.demands {
		d.factor = factors[i]
	}
	return m, nil
}
