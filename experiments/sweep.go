package experiments

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"time"

	"headroom/internal/units"
	"headroom/scenarios"
)

// A Sweep is the same architecture at many rates: plain data, drawn by package reports and saved as JSON.
type Sweep struct {
	Headroom    int          `json:"headroom"` // version of the result format: 1
	Kind        string       `json:"kind"`     // sweep
	Version     string       `json:"version"`
	Command     string       `json:"command"`
	Assumptions []string     `json:"assumptions"`
	Warnings    []string     `json:"warnings"` // of the sweep; those of a point stand in its result
	Partial     bool         `json:"partial"`  // it was interrupted: the points that were done are there
	Scenario    ScenarioInfo `json:"scenario"`
	Points      []Point      `json:"points"` // by rising rate
	// Capacity is null where it was not searched: rates were picked, or it was interrupted before.
	Capacity    *Capacity `json:"capacity"`
	Knee        *Knee     `json:"knee"` // likewise
	WallSeconds Num       `json:"wall_seconds"`
}

// A Point is one rate of a sweep, in requests per second. The result of a saturated point has no latencies: they would only say how long
// the run was.
type Point struct {
	Rate      Num     `json:"rate"`
	Saturated bool    `json:"saturated"`
	Result    *Result `json:"result"`
}

// MeetsSLO tells whether every target is met.
func (p *Point) MeetsSLO() bool { return meetsAll(p.Result.SLO) }

// Unsweepable says why a scenario cannot be asked for the rates of a sweep.
type Unsweepable string

func (u Unsweepable) Error() string { return string(u) }

// SweepOptions are what a sweep may be told. Search looks for the capacity and the knee between the rates.
type SweepOptions struct {
	Options
	Search bool
}

// mostRates bounds how many rates a sweep may have.
const mostRates = 1000

// Rates returns the rates of a sweep between two: perDecade of them in each factor of ten, equally far apart on a logarithmic scale and
// rounded to three digits, the last one exactly to.
func Rates(from, to float64, perDecade int) ([]float64, error) {
	if !(from > 0) || !(to > from) || perDecade < 1 {
		return nil, Unsweepable("a sweep goes from a rate above 0 to a higher one, with 1 or more of them per decade")
	}
	steps := math.Ceil(math.Log10(to/from)*float64(perDecade) - 1e-9)
	if steps >= mostRates {
		return nil, Unsweepable(fmt.Sprintf("these are %.0f rates: a sweep has at most %d", steps+1, mostRates))
	}
	rates := []float64{from}
	for i := 1.0; i < steps; i++ {
		rate, _ := strconv.ParseFloat(strconv.FormatFloat(from*math.Pow(10, i/float64(perDecade)), 'e', 2, 64), 64)
		if rate > rates[len(rates)-1] && rate < to {
			rates = append(rates, rate)
		}
	}
	return append(rates, to), nil
}

// RunSweep simulates a scenario at each of some rates. Each point is what Run gives of the scenario at its rate, a function of scenario,
// rate and seed alone; the points are simulated at the same time on as many cores as the options allow. Stages and events are left out,
// since a point is a steady load, and what a file's run.duration and run.warmup say holds up to the file's rate: beyond it they shrink so
// that a point measures as many requests as the file's own run. Cancelling the context keeps the points that are done.
//
// The error is an Unsweepable where no source has a rate to change.
func RunSweep(ctx context.Context, l *scenarios.Loaded, rates []float64, o SweepOptions) (*Sweep, error) {
	begun := time.Now()
	s := newSweep(l, o.Options)
	rates, least, err := reachable(l, rates)
	if err != nil {
		return nil, err
	}
	if least > 0 {
		s.Warnings = append(s.Warnings, fmt.Sprintf("The rates up to %s are left out: so much of the traffic does not scale.", units.FormatRate(least)))
	}
	done := progress{tell: o.Progress, shares: make([]float64, len(rates)+trialsExpected)}
	sharing := *l
	sharing.Architecture = l.SharingWarmth()
	l = &sharing
	points, err := runPoints(ctx, l, rates, o.Options, &done)
	if err != nil {
		return nil, err
	}
	elsewhere := 0.0
	search := search{ctx: ctx, l: l, o: o.Options, done: &done, next: len(rates)}
	for i, p := range points {
		if p.r != nil && !p.r.Partial {
			s.Points = append(s.Points, Point{Num(rates[i]), p.r.Saturated, p.r})
			search.trials = append(search.trials, p.t)
			elsewhere += p.elsewhere
		}
	}
	if len(s.Points) == 0 {
		return nil, context.Cause(ctx)
	}
	if o.Search && ctx.Err() == nil {
		search.adapt(s.Points)
		if s.Capacity, err = search.capacity(); err == nil {
			s.Knee, err = search.knee()
		}
		if err != nil && !interrupted(ctx, err) {
			return nil, err
		}
	}
	s.Partial = ctx.Err() != nil
	s.WallSeconds = Num(time.Since(begun).Seconds() + elsewhere)
	return s, nil
}

// SweepPortion simulates a part of what RunSweep does, but for the search: its rates depend on what the points found.
func SweepPortion(ctx context.Context, l *scenarios.Loaded, rates []float64, o Options, s Portion) (*Cells, error) {
	rates, _, err := reachable(l, rates)
	if err == nil {
		err = divisible(l)
	}
	if err != nil {
		return nil, err
	}
	var batches []batch
	for _, rate := range rates {
		at, _ := atRate(l, rate)
		at = size(ctx, at)
		batches = append(batches, batch{pointAt(rate), at.Architecture, func() plan { return o.planFor(ctx, at.Architecture) }})
	}
	return simulatePortion(ctx, batches, o, s)
}

// pointAt is the name of a point among the cells.
func pointAt(rate float64) string { return strconv.FormatFloat(rate, 'g', -1, 64) + "/s" }

// interrupted tells whether an error is that of a context which was cancelled.
func interrupted(ctx context.Context, err error) bool {
	return ctx.Err() != nil && errors.Is(err, context.Cause(ctx))
}

func newSweep(l *scenarios.Loaded, o Options) *Sweep {
	s := &Sweep{Headroom: 1, Kind: "sweep", Version: o.Version, Command: o.Command, Assumptions: append([]string{}, l.Assumptions()...), Warnings: []string{}}
	s.Scenario = ScenarioInfo{Name: l.Name, File: l.File, SHA256: l.SHA256, Source: l.Source}
	for _, w := range l.Warnings {
		s.Warnings = append(s.Warnings, w.Message)
		s.Scenario.Warnings = append(s.Scenario.Warnings, w.Message)
	}
	if l.Staged() > 0 {
		s.Warnings = append(s.Warnings, "The stages are left out: each point holds its rate.")
	}
	if len(l.Events) > 0 {
		s.Warnings = append(s.Warnings, "The events are left out: each point is a steady load.")
	}
	return s
}

// reachable returns the rates, each once and by size, that a scenario can be asked for, and the highest of those below that it cannot; 0 if
// there is none.
func reachable(l *scenarios.Loaded, rates []float64) (can []float64, least float64, err error) {
	rates = slices.Compact(slices.Sorted(slices.Values(rates)))
	if err := sweepable(l, rates); err != nil {
		return nil, 0, err
	}
	first := slices.IndexFunc(rates, func(rate float64) bool { _, ok := atRate(l, rate); return ok })
	if first > 0 {
		least = rates[first-1]
	}
	return rates[first:], least, nil
}

// sweepable refuses what has no rate to change, and rates below what does not scale.
func sweepable(l *scenarios.Loaded, rates []float64) error {
	if l.Replayed() {
		return Unsweepable("a replay comes at no other rate than it was recorded at: it cannot be swept")
	}
	if _, ok := atRate(l, math.MaxFloat64); !ok {
		return Unsweepable("no source can be swept: closed users, batches and sources with `scales: false` have no rate to change")
	}
	if len(rates) == 0 {
		return Unsweepable("a sweep needs a rate")
	}
	if _, ok := atRate(l, rates[len(rates)-1]); !ok {
		return Unsweepable(fmt.Sprintf("the sweep ends at %s, and more than that of the traffic does not scale", units.FormatRate(rates[len(rates)-1])))
	}
	return nil
}

// atRate returns the scenario as a steady load of another rate, and false where it cannot be that.
func atRate(l *scenarios.Loaded, rate float64) (*scenarios.Loaded, bool) {
	a, ok := l.AtRate(rate)
	a.Events = nil
	if times := rate / l.Asked(); times > 1 {
		a.Run.Duration = units.Duration(math.Ceil(float64(a.Run.Duration) / times))
		a.Run.Warmup.For = units.Duration(float64(a.Run.Warmup.For) / times)
	}
	at := *l
	at.Architecture = a
	return &at, ok
}

// tried is a point, and what the search for the capacity wants to know of it.
type tried struct {
	r         *Result
	t         trial
	elsewhere float64 // seconds that other machines took for it
}

// runPoints simulates the points, several at a time, and returns them by number; without a result where an interrupt came before.
func runPoints(ctx context.Context, l *scenarios.Loaded, rates []float64, o Options, done *progress) ([]tried, error) {
	parallel := o.Parallel
	if parallel <= 0 {
		parallel = runtime.GOMAXPROCS(0)
	}
	points, broken := make([]tried, len(rates)), make([]error, len(rates))
	places := make(chan struct{}, min(parallel, len(rates)))
	var wg sync.WaitGroup
	for i, rate := range rates {
		places <- struct{}{}
		wg.Go(func() {
			defer func() { <-places }()
			if ctx.Err() != nil {
				return
			}
			each := o
			each.of = pointAt(rate)
			each.Parallel = max(parallel/len(rates), 1)
			each.Progress = func(share float64) { done.at(i, share) }
			points[i], broken[i] = runPoint(ctx, l, rate, each)
		})
	}
	wg.Wait()
	for i, err := range broken {
		if err != nil && !interrupted(ctx, err) {
			return nil, fmt.Errorf("at %s: %w", units.FormatRate(rates[i]), err)
		}
	}
	return points, nil
}

func runPoint(ctx context.Context, l *scenarios.Loaded, rate float64, o Options) (tried, error) {
	at, _ := atRate(l, rate)
	o.adaptive = true
	m, err := measure(ctx, at, o)
	if err != nil {
		return tried{}, err
	}
	p := tried{m.result(ctx, o), m.trial(rate), 0}
	for _, rep := range m.reps {
		p.elsewhere += rep.elsewhere
	}
	if p.r.Saturated {
		p.r.forgetLatencies()
	}
	return p, nil
}

// forgetLatencies takes the times away that only say how long a saturated run was.
func (r *Result) forgetLatencies() {
	forget := func(l *Latency) {
		*l = Latency{Mean: None, P50: None, P90: None, P95: None, P99: None, P999: None, Min: None, Max: None, Count: l.Count}
	}
	forget(&r.Latency)
	for name, c := range r.Requests {
		forget(&c.Latency)
		forget(&c.Done)
		r.Requests[name] = c
	}
	for name, s := range r.Sources {
		forget(&s.Latency)
		r.Sources[name] = s
	}
	for name, g := range r.Regions {
		forget(&g.Latency)
		r.Regions[name] = g
	}
	for i := range r.Answered {
		forget(&r.Answered[i].Latency)
	}
	for name, n := range r.Nodes {
		forget(&n.Latency)
		n.Own = Own{None, None}
		for resource, of := range n.Resources {
			of.Wait = Wait{None, None}
			n.Resources[resource] = of
		}
		r.Nodes[name] = n
	}
}
