package truth

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"

	"headroom/experiments"
)

// Verification is what became of models that were simulated: plain data, drawn by package reports and saved as JSON.
type Verification struct {
	Headroom int        `json:"headroom"` // version of the result format: 1
	Kind     string     `json:"kind"`     // verification
	Version  string     `json:"version"`  // of the program
	Command  string     `json:"command"`
	Partial  bool       `json:"partial"` // it was interrupted: models are missing
	Asked    int        `json:"asked"`   // models that were to be simulated
	Figures  int        `json:"figures"` // of all models
	Off      int        `json:"off"`     // of them beyond their tolerance
	Models   []Verified `json:"models"`  // by group, in the order of the cases
}

// Verified is a model with its figures as they were simulated.
type Verified struct {
	Group       string          `json:"group"`
	Case        string          `json:"case"`
	Title       string          `json:"title"` // of the case
	Source      string          `json:"source"`
	Model       string          `json:"model"`
	Utilization experiments.Num `json:"utilization"` // of the busiest resource; null where nothing can be busy
	Figures     []Checked       `json:"figures"`
}

// Checked is a figure as it should be and as it was simulated, in the units of results.
type Checked struct {
	Figure    string                `json:"figure"` // its path in a result's JSON, or a formula of such
	Exact     experiments.Num       `json:"exact"`
	Simulated experiments.Num       `json:"simulated"`
	CI95      *experiments.Interval `json:"ci95,omitempty"` // where results give one for the figure
	Error     experiments.Num       `json:"error"`          // simulated less exact
	Tolerance experiments.Num       `json:"tolerance"`
	OK        bool                  `json:"ok"` // the error is within the tolerance
}

// Choice is a model with the case that it belongs to.
type Choice struct {
	Case  *Case
	Model *Model
}

// Choose picks models, by group: of the cases and groups that are named all, of the cases without names the first. Each only if it does not
// take a minute, unless long ones are wanted as well.
func Choose(cases []Case, names []string, all, long bool) []Choice {
	var chosen []Choice
	for i := range cases {
		c := &cases[i]
		named := slices.Contains(names, c.ID) || slices.Contains(names, c.Group)
		if len(names) > 0 && !named {
			continue
		}
		first := true
		for k := range c.Models {
			m := &c.Models[k]
			if m.Long && long || !m.Long && (first || all || named) {
				chosen = append(chosen, Choice{c, m})
			}
			first = first && m.Long
		}
	}
	groups := Groups(cases)
	slices.SortStableFunc(chosen, func(a, b Choice) int {
		return cmp.Compare(slices.Index(groups, a.Case.Group), slices.Index(groups, b.Case.Group))
	})
	return chosen
}

// groupOrder is how the groups follow each other: from one queue to whole systems.
var groupOrder = []string{"queues", "networks", "threads", "dispatch", "fan-out", "patience", "failures", "caches", "shards", "limits"}

// Groups names what cases are about, each group once.
func Groups(cases []Case) []string {
	var groups []string
	for _, g := range groupOrder {
		if slices.ContainsFunc(cases, func(c Case) bool { return c.Group == g }) {
			groups = append(groups, g)
		}
	}
	return groups
}

// Verify simulates models, several at a time, each on one core: Options.Parallel is how many. If ctx ends, the models that are not done are
// left out and the verification is partial. The error is the first of Model.Run.
func Verify(ctx context.Context, chosen []Choice, o experiments.Options) (*Verification, error) {
	parallel := o.Parallel
	if parallel <= 0 {
		parallel = runtime.GOMAXPROCS(0)
	}
	done, failed := make([]*Verified, len(chosen)), make([]error, len(chosen))
	shares := progress{tell: o.Progress, shares: make([]float64, len(chosen))}
	places := make(chan struct{}, parallel)
	var wg sync.WaitGroup
	for i, c := range chosen {
		places <- struct{}{}
		wg.Go(func() {
			defer func() { <-places }()
			if ctx.Err() != nil {
				return
			}
			done[i], failed[i] = c.verify(ctx, experiments.Options{Parallel: 1, Progress: func(share float64) { shares.at(i, share) }})
		})
	}
	wg.Wait()
	v := &Verification{Headroom: 1, Kind: "verification", Version: o.Version, Command: o.Command, Partial: ctx.Err() != nil, Asked: len(chosen), Models: []Verified{}}
	for i, m := range done {
		switch {
		case failed[i] != nil && !v.Partial:
			return nil, fmt.Errorf("%s, %s: %w", chosen[i].Case.ID, chosen[i].Model.Name, failed[i])
		case m == nil:
			continue
		}
		v.Models = append(v.Models, *m)
		v.Figures += len(m.Figures)
		for _, f := range m.Figures {
			if !f.OK {
				v.Off++
			}
		}
	}
	return v, nil
}

func (c Choice) verify(ctx context.Context, o experiments.Options) (*Verified, error) {
	result, outcomes, err := c.Model.simulate(ctx, o)
	if err != nil {
		return nil, err
	}
	v := &Verified{Group: c.Case.Group, Case: c.Case.ID, Title: c.Case.Title, Source: c.Case.Source, Model: c.Model.Name, Utilization: result.Bottleneck.Utilization}
	for _, f := range outcomes {
		v.Figures = append(v.Figures, Checked{
			Figure: f.Name, Exact: experiments.Num(f.Exact), Simulated: experiments.Num(f.Simulated), CI95: f.CI95,
			Error: experiments.Num(f.Simulated - f.Exact), Tolerance: experiments.Num(f.Tolerance), OK: f.OK(),
		})
	}
	return v, nil
}

// Holds tells whether the interval of a figure holds what theory gives; a figure without an interval has none that could.
func (c Checked) Holds() bool {
	return c.CI95 != nil && c.CI95[0] <= c.Exact && c.Exact <= c.CI95[1]
}

// Relative is the error as a share of the exact figure, infinite where that is 0 and the error is not.
func (c Checked) Relative() float64 {
	if c.Error == 0 {
		return 0
	}
	return float64(c.Error) / math.Abs(float64(c.Exact))
}

// progress adds up how far the models are.
type progress struct {
	tell   func(share float64)
	mutex  sync.Mutex
	shares []float64 // of each model
	sum    float64
}

// at takes how far a model is. All of them call it, each in its own goroutine.
func (p *progress) at(model int, share float64) {
	if p.tell == nil {
		return
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.sum += share - p.shares[model]
	p.shares[model] = share
	p.tell(min(p.sum/float64(len(p.shares)), 1))
}
