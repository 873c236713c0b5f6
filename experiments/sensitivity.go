package experiments

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
	"time"

	"headroom/internal/units"
	"headroom/scenarios"
	"headroom/sim"
)

// A Sensitivity says which of the numbers that a scenario's author guessed matter, and which do not.
type Sensitivity struct {
	Headroom    int      `json:"headroom"`
	Kind        string   `json:"kind"` // sensitivity
	Version     string   `json:"version"`
	Command     string   `json:"command"`
	Partial     bool     `json:"partial"` // interrupted: the numbers that were not changed yet are missing
	Assumptions []string `json:"assumptions"`
	Warnings    []string `json:"warnings"`
	Result      *Result  `json:"result"`  // of the scenario as it is
	Guessed     int      `json:"guessed"` // numbers that it has; each has a row, unless it was interrupted
	// Rows begin with what moves the p99 most. Those without an effect that could be found come last, in the order of the file.
	Rows        []Sensitive `json:"rows"`
	WallSeconds Num         `json:"wall_seconds"`
}

// Sensitive is one guessed number.
type Sensitive struct {
	Path   string  `json:"path"`
	Value  string  `json:"value"`  // as it is written
	Lower  *Effect `json:"lower"`  // of 10% less, or 10% more misses; null where that cannot be
	Higher *Effect `json:"higher"` // of 10% more
	// Verdict is of both sides and both figures: Found, or NoEffect.
	Verdict string `json:"verdict"`
}

// Verdicts on a guessed number.
const (
	Found    = "effect found"
	NoEffect = "no effect found"
)

// Effect is what becomes of the scenario when a number is changed: paired differences to the scenario as it is. The p99 is that of the
// requests that ended ok, in seconds. Saturation is the offered rate at which the first resource that is held only for its work is full,
// by the utilization law (Denning and Buzen, Computing Surveys 10(3), 1978); null where nothing has such a limit.
type Effect struct {
	Value      string      `json:"value"`
	Set        string      `json:"set"` // what --set takes, to do the same
	P99        Difference  `json:"p99"`
	Saturation *Difference `json:"saturation"`
}

// SensitivityOptions are what a study may be told.
type SensitivityOptions struct {
	Options
	Replications int // 0: as many as the scenario asks for, at least LeastPairs
}

// sensitivityRequests bounds how many requests a study measures in all. Where the scenario asks for more, each run is shorter.
const sensitivityRequests = 10_000_000

// mayFill is the utilization from which on a changed number may make queues grow without end, so that it is worth looking for that.
const mayFill = .6

// leastMoved is the part of the rate that saturates below which nobody would call it moved: the intervals are as narrow as rounding.
const leastMoved = .001

// leastMeasured is how many requests each replication measures all the same, unless the scenario asks for fewer.
const leastMeasured = 10_000

// RunSensitivity changes each number that the scenario's author guessed by 10% down and up, one at a time, simulates that on the random
// numbers of the scenario as it is, and compares. Change loads the scenario with one more change. Cancelling the context keeps the numbers
// that are done.
func RunSensitivity(ctx context.Context, l *scenarios.Loaded, change func(scenarios.Change) (*scenarios.Loaded, error), o SensitivityOptions) (*Sensitivity, error) {
	begun := time.Now()
	s := &Sensitivity{Headroom: 1, Kind: "sensitivity", Version: o.Version, Command: o.Command, Assumptions: append([]string{}, l.Assumptions()...), Warnings: []string{}, Rows: []Sensitive{}}
	guesses := scenarios.Guesses(l.Source)
	s.Guessed = len(guesses)
	study := s.study(ctx, l, 2*len(guesses)+1, o)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err := study.runBase(ctx, s); err != nil {
		return nil, err
	}
	rows, err := study.runRows(ctx, guesses, change)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		if row != nil {
			s.Rows = append(s.Rows, *row)
		}
	}
	s.Partial = len(s.Rows) < len(guesses)
	slices.SortStableFunc(s.Rows, func(x, y Sensitive) int { return cmp.Compare(y.size(!s.Result.Saturated), x.size(!s.Result.Saturated)) })
	s.WallSeconds = Num(time.Since(begun).Seconds())
	return s, nil
}

// study runs the changed scenarios as the scenario itself was run.
type study struct {
	l            *scenarios.Loaded
	o            Options
	replications units.Count
	p            plan
	done         *progress
	base         sensitiveRun
}

// sensitiveRun is what each replication found.
type sensitiveRun struct {
	p99, saturation []float64
	saturated       bool
	utilization     float64 // of the busiest resource
}

// study plans the runs: all have the warm-up of the scenario as it is, and measure for the same time.
func (s *Sensitivity) study(ctx context.Context, l *scenarios.Loaded, runs int, o SensitivityOptions) *study {
	n := o.Replications
	if n == 0 {
		n = max(LeastPairs, int(l.Run.Replications))
	}
	if l.Run.Precision > 0 {
		s.Warnings = append(s.Warnings, fmt.Sprintf("The run.precision has no effect: all runs have the same %d replications. --replications asks for more.", n))
	}
	t := &study{l: l, o: o.Options, replications: units.Count(n), done: &progress{tell: o.Progress, shares: make([]float64, runs)}}
	t.align(l)
	t.p = o.planFor(ctx, size(ctx, l).Architecture)
	rate := l.Asked()
	most := sim.Nanoseconds(max(sensitivityRequests/float64(runs)/float64(n), leastMeasured) / rate * 1e9)
	if rate > 0 && most < t.p.measured && l.Staged() == 0 && !l.Replayed() && !t.p.eventful {
		s.Warnings = append(s.Warnings, fmt.Sprintf("Each of the %d runs measures %s instead of %s, so that all together take no longer than about %s requests.", runs,
			units.FormatSeconds(most.Seconds()), units.FormatSeconds(t.p.measured.Seconds()), units.FormatCount(float64(sensitivityRequests))))
		t.p.measured = most
	}
	return t
}

func (t *study) align(l *scenarios.Loaded) {
	l.Run.Seed, l.Run.Replications, l.Run.Precision = t.l.Run.Seed, t.replications, 0
}

// run simulates a scenario.
func (t *study) run(ctx context.Context, l *scenarios.Loaded, number, parallel int) (*Result, sensitiveRun, error) {
	o, p := t.o, t.p
	o.Parallel = parallel
	o.Progress = func(share float64) { t.done.at(number, share) }
	l = size(ctx, l)
	p.saturated = p.saturated || t.base.utilization > mayFill
	reps, err := replicate(ctx, l.Architecture, p, o)
	if err == nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err == nil {
		err = checkOffered(l.Architecture, reps, p)
	}
	if err != nil {
		return nil, sensitiveRun{}, err
	}
	var run sensitiveRun
	for i := range reps {
		one := tally(l, reps[i:i+1], p)
		run.saturated = run.saturated || reps[i].saturated
		run.p99 = append(run.p99, float64(one.Latency.P99))
		run.saturation = append(run.saturation, lawful(reps[i:i+1], float64(one.Load.Offered)))
	}
	if number > 0 {
		return nil, run, nil
	}
	if b := busiest(l.Architecture, reps); b != nil {
		run.utilization = b.utilization(reps)
	}
	r := summarize(ctx, l, reps, p, nil)
	r.Command, r.Version = t.o.Command, t.o.Version
	return r, run, nil
}

// lawful returns the offered rate at which the first resource that is held only for its work is full, NaN where there is none.
func lawful(reps []*replication, offered float64) float64 {
	b := reps[0].b
	rate := math.NaN()
	for _, of := range bounds(b) {
		if of.held(b) || bends(of, b) {
			continue
		}
		if at := offered / of.demand(reps); at > 0 && !math.IsInf(at, 0) && !(at >= rate) {
			rate = at
		}
	}
	return rate
}

// runBase simulates the scenario as it is.
func (t *study) runBase(ctx context.Context, s *Sensitivity) error {
	begun := time.Now()
	r, run, err := t.run(ctx, t.l, 0, t.o.Parallel)
	if err != nil {
		return err
	}
	r.Run.WallSeconds = Num(time.Since(begun).Seconds())
	if r.Saturated = run.saturated; r.Saturated {
		s.Warnings = append(s.Warnings, "More is offered than can be done: there is no steady p99 that could move. Ask for less, such as with --rate.")
	}
	s.Result, t.base = r, run
	return nil
}

// runRows simulates the changes, several at a time, and returns the rows by the number of the guess; nil where an interrupt came before.
func (t *study) runRows(ctx context.Context, guesses []scenarios.Guess, change func(scenarios.Change) (*scenarios.Loaded, error)) ([]*Sensitive, error) {
	parallel := t.o.Parallel
	if parallel <= 0 {
		parallel = runtime.GOMAXPROCS(0)
	}
	rows, broken := make([]*Sensitive, len(guesses)), make([]error, len(guesses))
	places := make(chan struct{}, parallel)
	var wg sync.WaitGroup
	for i, g := range guesses {
		places <- struct{}{}
		wg.Go(func() {
			defer func() { <-places }()
			if ctx.Err() == nil {
				rows[i], broken[i] = t.row(ctx, g, 2*i+1, change)
			}
		})
	}
	wg.Wait()
	for i, err := range broken {
		if err != nil && !interrupted(ctx, err) {
			return nil, fmt.Errorf("%s: %w", guesses[i].Path, err)
		}
	}
	return rows, nil
}

// row simulates both changes of a number.
func (t *study) row(ctx context.Context, g scenarios.Guess, number int, change func(scenarios.Change) (*scenarios.Loaded, error)) (*Sensitive, error) {
	row := &Sensitive{Path: g.Path, Value: g.Value, Verdict: NoEffect}
	for i, side := range []struct {
		change *scenarios.Change
		to     **Effect
	}{{g.Lower, &row.Lower}, {g.Higher, &row.Higher}} {
		if side.change == nil {
			t.done.at(number+i, 1)
			continue
		}
		l, err := change(*side.change)
		if err != nil {
			return nil, err
		}
		t.align(l)
		_, run, err := t.run(ctx, l, number+i, 1)
		if err != nil {
			return nil, err
		}
		e := t.effect(*side.change, run)
		*side.to = e
		if e.found() || run.saturated && !t.base.saturated {
			row.Verdict = Found
		}
	}
	return row, nil
}

func (t *study) effect(c scenarios.Change, run sensitiveRun) *Effect {
	e := &Effect{Value: c.Value, Set: c.Path + "=" + c.Value}
	e.P99 = difference(t.base.p99, run.p99)
	if run.saturated || t.base.saturated {
		e.P99 = Difference{Absolute: None, Relative: None, Verdict: NotSteady}
	}
	e.P99.Case, e.P99.Metric, e.P99.Unit = c.Path, "p99", "seconds"
	if !slices.ContainsFunc(slices.Concat(t.base.saturation, run.saturation), func(x float64) bool { return !known(x) }) {
		d := difference(t.base.saturation, run.saturation)
		d.Case, d.Metric, d.Unit = c.Path, "saturation", "per_second"
		if math.Abs(float64(d.Relative)) < leastMoved {
			d.Verdict = NoDifference
		}
		e.Saturation = &d
	}
	return e
}

// found tells whether anything moves.
func (e *Effect) found() bool {
	moved := func(d Difference) bool { return d.Verdict == Lower || d.Verdict == Higher }
	return moved(e.P99) || e.Saturation != nil && moved(*e.Saturation)
}

// size is how far a row moves the p99, and then the saturation: what saturates a scenario that was not counts most, what has no effect least.
func (r *Sensitive) size(steady bool) float64 {
	const p99First = 1e6 // saturation decides only among those that do not move the p99
	most := 0.0
	for _, e := range []*Effect{r.Lower, r.Higher} {
		if e == nil {
			continue
		}
		if e.P99.Verdict == NotSteady && steady {
			most = math.Inf(1)
		}
		if e.P99.Verdict == Lower || e.P99.Verdict == Higher {
			most = max(most, p99First*math.Abs(float64(e.P99.Relative)))
		}
		if d := e.Saturation; d != nil && (d.Verdict == Lower || d.Verdict == Higher) {
			most = max(most, math.Abs(float64(d.Relative)))
		}
	}
	return most
}
