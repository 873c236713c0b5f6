package experiments

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"headroom/internal/units"
	"headroom/scenarios"
	"headroom/sim"
)

// A Comparison holds architectures side by side on the same random requests: what each of them did, and how it differs from the first,
// the baseline.
type Comparison struct {
	Headroom int    `json:"headroom"`
	Kind     string `json:"kind"` // comparison
	Version  string `json:"version"`
	Command  string `json:"command"`
	Partial  bool   `json:"partial"` // interrupted: cases that were not finished are missing
	Baseline string `json:"baseline"`
	// Warnings are of the comparison itself; each case's result has its own.
	Warnings []string `json:"warnings"`
	*Compared
	Points []*Compared `json:"points,omitempty"` // instead, where several rates are asked for
}

// Loads are the loads that were compared: one where no rates were asked for.
func (c *Comparison) Loads() []*Compared {
	if c.Compared != nil {
		return []*Compared{c.Compared}
	}
	return c.Points
}

// Compared is what was found at one load.
type Compared struct {
	Rate        Num            `json:"rate,omitempty"` // that all cases were asked for; 0: each for its own
	Cases       []ComparedCase `json:"cases"`
	Differences []Difference   `json:"differences"`
	Best        *Best          `json:"best,omitempty"`
}

// ComparedCase is one architecture and what its simulation found.
type ComparedCase struct {
	Name   string  `json:"name"`
	Result *Result `json:"result"`
	// Capacity is null where it was not searched: it was not asked for, was interrupted, or there is none, as a warning says.
	Capacity *Capacity `json:"capacity"`
}

// Verdicts on a difference.
const (
	Lower         = "lower"
	Higher        = "higher"
	NoDifference  = "no difference found"
	NotSteady     = "no steady latency"  // one of the two is saturated: its latency says how long the run was
	NotComparable = "cannot be compared" // some replication has no such figure: nothing ended ok in it
)

// Difference is how a case differs from the baseline in one figure: the mean over the replications of the case's figure minus the
// baseline's, which had the same random numbers. Intervals are Student's, of the paired differences (Law, Simulation Modeling and
// Analysis, 5th ed., sec. 10.2.1). The verdict is NoDifference where 0 lies inside.
type Difference struct {
	Case         string    `json:"case"`
	Metric       string    `json:"metric"` // p99, p999, mean, p50, error_rate, goodput, cost_per_month, capacity, or the quantity of a target
	Unit         string    `json:"unit"`   // of Absolute: seconds, share, per_second or dollars
	Absolute     Num       `json:"absolute"`
	AbsoluteCI95 *Interval `json:"absolute_ci95,omitempty"`
	Relative     Num       `json:"relative"` // to the baseline's mean; null where that is 0
	CI95         *Interval `json:"ci95,omitempty"`
	Verdict      string    `json:"verdict"`
}

// Best is the case with the lowest p99 of those that meet their SLO; where none does, that with the highest goodput.
type Best struct {
	Case   string  `json:"case"`
	Metric string  `json:"metric"` // p99 or goodput
	Met    bool    `json:"met"`    // its SLO
	Others []Times `json:"others"` // all other cases that have the metric
}

// Times is how many times lower the p99, or how many times higher the goodput, of the best case is than that of another: the ratio of the
// means. The interval is that of a ratio of paired means (Cochran, Sampling Techniques, 3rd ed., sec. 2.11), Student's.
type Times struct {
	Than  string   `json:"than"`
	Times Num      `json:"times"`
	CI95  Interval `json:"ci95"`
}

// A Case is an architecture under the name that it has in a comparison.
type Case struct {
	Name string
	*scenarios.Loaded
}

// CasesAt are the cases to compare at one load.
type CasesAt struct {
	Rate  float64 // that all of them were scaled to; 0: each has its own
	Cases []Case
}

// LeastPairs is how many replications a comparison has at least, unless told otherwise: with fewer a paired interval says little.
const LeastPairs = 8

// CompareOptions are what a comparison may be told beside its cases.
type CompareOptions struct {
	Options
	Replications int  // of each case; 0: as many as the case with most asks for, at least LeastPairs
	Search       bool // for the capacity of each case
}

// Compare simulates each case with the seed of the first, in as many replications, with the same warm-up and measured time: the longest
// that one of them needs at that load. A draw depends on the request and the node alone, so that cases share the arrivals, the keys and, at
// nodes that they have in common, the services. Cancelling the context leaves out the cases that are not finished.
func Compare(ctx context.Context, loads []CasesAt, o CompareOptions) (*Comparison, error) {
	c := &Comparison{Headroom: 1, Kind: "comparison", Version: o.Version, Command: o.Command, Baseline: loads[0].Cases[0].Name, Warnings: []string{}}
	for i, at := range loads {
		part := o
		if o.Progress != nil {
			part.Progress = func(share float64) { o.Progress((float64(i) + share) / float64(len(loads))) }
		}
		compared, err := c.compare(ctx, at, part)
		if err != nil {
			return nil, err
		}
		if len(compared.Cases) > 0 {
			c.Points = append(c.Points, compared)
		}
		if c.Partial {
			break
		}
	}
	switch {
	case len(c.Points) == 0:
		return nil, context.Cause(ctx)
	case loads[0].Rate == 0:
		c.Compared, c.Points = c.Points[0], nil
	}
	return c, nil
}

// compare simulates the cases at one load.
func (c *Comparison) compare(ctx context.Context, at CasesAt, o CompareOptions) (*Compared, error) {
	c.align(at.Cases, o.Replications)
	open := at.Cases
	at = at.sized(ctx)
	tell := o.Progress
	simulating := 1. // the part of the progress
	if o.Search {
		simulating = .5
	}
	if tell != nil {
		o.Progress = func(share float64) { tell(share * simulating) }
	}
	plans := c.plan(ctx, at, o.Options)
	compared := &Compared{Rate: Num(at.Rate), Differences: []Difference{}}
	var figures [][]paired
	for i, k := range at.Cases {
		part := o.Options
		part.of = at.named(k)
		if o.Progress != nil {
			part.Progress = func(share float64) { o.Progress((float64(i) + share) / float64(len(at.Cases))) }
		}
		r, reps, err := runAs(ctx, k.Loaded, plans[i], part)
		if ctx.Err() != nil {
			c.Partial = true
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", k.Name, err)
		}
		compared.Cases = append(compared.Cases, ComparedCase{Name: k.Name, Result: r})
		figures = append(figures, pairedFigures(k, reps, plans[i], r.Saturated))
	}
	for i := 1; i < len(compared.Cases); i++ {
		base, k := compared.Cases[0].Result, compared.Cases[i]
		compared.Differences = append(compared.Differences, differences(k.Name, figures[0], figures[i], base.Saturated || k.Result.Saturated)...)
	}
	compared.findBest(figures)
	if !o.Search || c.Partial {
		return compared, nil
	}
	if tell != nil {
		o.Progress = func(share float64) { tell(simulating + share*(1-simulating)) }
	}
	return compared, c.findCapacities(ctx, compared, open, o.Options)
}

// ComparePortion simulates a part of what Compare does.
func ComparePortion(ctx context.Context, loads []CasesAt, o CompareOptions, s Portion) (*Cells, error) {
	var batches []batch
	for _, at := range loads {
		new(Comparison).align(at.Cases, o.Replications)
		at := at.sized(ctx)
		plans := sync.OnceValue(func() []plan { return new(Comparison).plan(ctx, at, o.Options) })
		for i, k := range at.Cases {
			batches = append(batches, batch{at.named(k), k.Architecture, func() plan { return plans()[i] }})
		}
	}
	return simulatePortion(ctx, batches, o.Options, s)
}

// sized chooses the instances that the cases leave open.
func (at CasesAt) sized(ctx context.Context) CasesAt {
	at.Cases = slices.Clone(at.Cases)
	for i, k := range at.Cases {
		at.Cases[i].Loaded = size(ctx, k.Loaded)
	}
	return at
}

// named is the name of a case among the cells.
func (at CasesAt) named(k Case) string {
	if at.Rate == 0 {
		return k.Name
	}
	return k.Name + " at " + pointAt(at.Rate)
}

// align gives all cases the seed of the first and the same number of replications, which leaves none to a precision.
func (c *Comparison) align(cases []Case, replications int) {
	n := replications
	if n == 0 {
		n = LeastPairs
		for _, k := range cases {
			n = max(n, int(k.Run.Replications))
		}
	}
	for _, k := range cases {
		if k.Run.Precision > 0 {
			c.warn(fmt.Sprintf("The run.precision of %s has no effect: all cases have the same %d replications. --replications asks for more.", k.Name, n))
		}
		k.Run.Seed, k.Run.Replications, k.Run.Precision = cases[0].Run.Seed, units.Count(n), 0
	}
}

// warn adds a warning, unless it was given at another load.
func (c *Comparison) warn(text string) {
	if !slices.Contains(c.Warnings, text) {
		c.Warnings = append(c.Warnings, text)
	}
}

// plan decides how long all cases are simulated: as long as the one that needs longest. A replay is as long as what was recorded.
func (c *Comparison) plan(ctx context.Context, at CasesAt, o Options) []plan {
	cases := at.Cases
	parallel := o.Parallel
	if parallel <= 0 {
		parallel = runtime.GOMAXPROCS(0)
	}
	plans := make([]plan, len(cases))
	places := make(chan struct{}, parallel)
	var wg sync.WaitGroup
	for i, k := range cases {
		places <- struct{}{}
		wg.Go(func() {
			defer func() { <-places }()
			own := o
			own.of = at.named(k)
			plans[i] = own.planFor(ctx, k.Architecture)
		})
	}
	wg.Wait()
	var longest plan
	replayed := 0
	for _, p := range plans {
		if p.replays != nil {
			replayed++
			continue
		}
		longest.warmup, longest.measured = max(longest.warmup, p.warmup), max(longest.measured, p.measured)
	}
	for i := range plans {
		if plans[i].replays == nil {
			plans[i].warmup, plans[i].measured = longest.warmup, longest.measured
		}
	}
	for i, k := range cases {
		if own := k.Run.Warmup; !own.Auto && plans[i].replays == nil && sim.Time(own.For) != longest.warmup {
			c.warn(fmt.Sprintf("%s asks for a warm-up of %s, and has the longest of all cases, %s.", k.Name, own.For, units.FormatSeconds(longest.warmup.Seconds())))
		}
	}
	if replayed > 0 && replayed < len(cases) {
		c.warn("Some cases replay a trace and others do not: they are measured over different times, and see different requests.")
	}
	return plans
}
