package experiments

import (
	"context"
	"fmt"
	"math"
	"time"

	"headroom/internal/units"
	"headroom/scenarios"
)

// A Growth is the road of a scenario from one rate to another: by stages, at each the change that carries it on: plain data, drawn by package
// reports and saved as JSON.
type Growth struct {
	Headroom    int          `json:"headroom"` // version of the result format: 1
	Kind        string       `json:"kind"`     // growth
	Version     string       `json:"version"`
	Command     string       `json:"command"`
	Assumptions []string     `json:"assumptions"`
	Warnings    []string     `json:"warnings"`
	Partial     bool         `json:"partial"` // it was interrupted
	Scenario    ScenarioInfo `json:"scenario"`
	From        Num          `json:"from"`
	To          Num          `json:"to"`
	Budget      Num          `json:"budget"`  // dollars a month; null: none
	Steps       []GrowthStep `json:"steps"`   // the first is where the road begins
	Reached     Num          `json:"reached"` // the highest rate at which the SLO was seen to be met; null: at none
	Stopped     string       `json:"stopped"` // why it ends before the target; empty where it does not
	Final       FinalDesign  `json:"final"`
	Runs        int          `json:"runs"`   // simulations that it took
	Result      *Result      `json:"result"` // of the last step's run
	WallSeconds Num          `json:"wall_seconds"`
}

// A GrowthStep is a rate that the architecture was seen to carry, with what was changed for it. All figures are of one run, as long and with as
// many replications as the scenario asks for, on other random numbers than those of the search.
type GrowthStep struct {
	Rate           Num            `json:"rate"`
	Toward         Num            `json:"toward"` // the rate that the stage was to reach: what this step leaves open the next one does
	Remedies       []GrowthRemedy `json:"remedies"`
	SLOMet         bool           `json:"slo_met"`
	SLO            []Target       `json:"slo"`
	P99            Num            `json:"p99"`
	P99CI95        *Interval      `json:"p99_ci95,omitempty"`
	ErrorRate      Num            `json:"error_rate"`
	CostPerMonth   Num            `json:"cost_per_month"`
	Bottleneck     *Bottleneck    `json:"bottleneck"` // that was in the way, at the rate that the stage was to reach; null where nothing was changed
	NextBottleneck Bottleneck     `json:"next_bottleneck"`
	Alternatives   []GrowthOption `json:"alternatives"` // other ways that were simulated
}

// A GrowthRemedy is a change that carries the road on.
type GrowthRemedy struct {
	Kind    string  `json:"kind"` // instances, cache, shards, …
	Title   string  `json:"title"`
	Change  Changes `json:"change"`
	Assumes string  `json:"assumes,omitempty"` // what no run can know
}

// A GrowthOption is what else was simulated at the rate of a stage.
type GrowthOption struct {
	Title        string `json:"title"`
	SLOMet       bool   `json:"slo_met"`
	CostPerMonth Num    `json:"cost_per_month"`
	Limit        string `json:"limit"` // what limited it: node and resource
}

// FinalDesign is the scenario at the end of the road: what was changed in the file, in the order in which it was, and its text.
type FinalDesign struct {
	Change Changes `json:"change"`
	Source string  `json:"source"`
	SHA256 string  `json:"sha256"`
}

// GrowOptions are what a road may be told.
type GrowOptions struct {
	Options
	From     float64 // requests per second; 0: those of the scenario
	To       float64 // requests per second
	Budget   float64 // dollars a month; 0: none
	MaxSteps int     // changes, or pairs of them; 0: as many as it takes
}

// Grow finds a road from one rate to a higher one. Each stage is a factor of ten. Where the architecture, as it is, does not meet its SLO at the
// rate of the stage, the search for the cheapest change begins: see search. It may take several; each step of the road is one or two of them,
// simulated at the rate that they carry. Nothing is in the road that was not simulated there, on random numbers that the search has not seen.
//
// The load is steady: events are left out. Nodes that run on machines and have no price are put on the smallest machine that has their cores, so that
// there is a cost to compare. The error is an Unsweepable where the traffic has no rate that could grow.
func Grow(ctx context.Context, l *scenarios.Loaded, o GrowOptions) (*Growth, error) {
	begun := time.Now()
	g, err := newGrowth(l, o)
	if err != nil {
		return nil, err
	}
	r := &road{ctx: ctx, o: o, g: g, noHelp: map[string]bool{}}
	if err := r.begin(l); err != nil {
		return nil, err
	}
	if err := r.goOn(); err != nil && !interrupted(ctx, err) {
		return nil, err
	}
	g.Partial = ctx.Err() != nil
	if len(g.Steps) == 0 && g.Partial {
		return nil, context.Cause(ctx)
	}
	r.end()
	g.WallSeconds = Num(time.Since(begun).Seconds())
	return g, nil
}

// newGrowth checks what is asked for.
func newGrowth(l *scenarios.Loaded, o GrowOptions) (*Growth, error) {
	if l.Replayed() {
		return nil, Unsweepable("a replay comes at no other rate than it was recorded at")
	}
	if _, ok := atRate(l, o.To); !ok {
		return nil, Unsweepable("closed users, batches and sources with `scales: false` have no rate that could grow")
	}
	g := &Growth{Headroom: 1, Kind: "growth", Version: o.Version, Command: o.Command, Assumptions: []string{}, Warnings: []string{}, Steps: []GrowthStep{},
		From: Num(o.From), To: Num(o.To), Budget: None, Reached: None}
	g.Scenario = ScenarioInfo{Name: l.Name, File: l.File, SHA256: l.SHA256, Source: l.Source}
	for _, w := range l.Warnings {
		g.Warnings = append(g.Warnings, w.Message)
		g.Scenario.Warnings = append(g.Scenario.Warnings, w.Message)
	}
	if o.Budget > 0 {
		g.Budget = Num(o.Budget)
	}
	if o.From == 0 {
		g.From = Num(l.Asked())
	}
	if _, ok := atRate(l, float64(g.From)); !ok {
		return nil, Unsweepable(fmt.Sprintf("no source can be scaled to %s", units.FormatRate(float64(g.From))))
	}
	if g.From >= g.To {
		return nil, Unsweepable(fmt.Sprintf("it begins at %s: there is nothing to grow to at %s", units.FormatRate(float64(g.From)), units.FormatRate(o.To)))
	}
	if len(l.Events) > 0 {
		g.Warnings = append(g.Warnings, "The load is steady: the scenario's events are left out.")
	}
	return g, nil
}

// road is a growth on its way.
type road struct {
	ctx  context.Context
	o    GrowOptions
	g    *Growth
	from *scenarios.Loaded // where it begins
	at   *scenarios.Loaded // as it is by now
	made []scenarios.Change
	rate float64 // that it was seen to carry

	noHelp map[string]bool // nodes, each with a kind of change that widened nothing there
}

const stageFactor = 10

// stages are the rates that are to be reached one after the other: the powers of ten, and the target.
func stages(from, to float64) []float64 {
	all := []float64{from}
	for at := math.Pow(stageFactor, math.Floor(math.Log10(from)+1e-9)+1); at < to*(1-1e-9); at *= stageFactor {
		all = append(all, at)
	}
	return append(all, to)
}

// begin puts what has no price on machines.
func (r *road) begin(l *scenarios.Loaded) error {
	placed, said := placements(l)
	r.from, r.at = l, l
	if r.made = append(placed, l.Prices()...); len(r.made) == 0 {
		return nil
	}
	at, err := scenarios.Load(l.File, []byte(l.Source), "", r.made)
	if err != nil {
		return fmt.Errorf("machines for what has no price: %w", err)
	}
	r.at = at
	if said != "" {
		r.g.Assumptions = append(r.g.Assumptions, said)
	}
	return nil
}

// goOn goes from stage to stage.
func (r *road) goOn() error {
	rates := stages(float64(r.g.From), float64(r.g.To))
	for i, rate := range rates {
		r.told(float64(i) / float64(len(rates)))
		s := &stage{road: r, rate: rate, first: i == 0}
		if err := s.pass(); err != nil {
			return err
		}
		if r.g.Stopped != "" {
			break
		}
	}
	return nil
}

func (r *road) told(share float64) {
	if r.o.Progress != nil {
		r.o.Progress(share)
	}
}

// end sums up what the scenario is in the end: at the rate that was reached.
func (r *road) end() {
	g := r.g
	if n := len(g.Steps); n > 0 && g.Steps[n-1].SLOMet {
		g.Reached = g.Steps[n-1].Rate
	}
	rate := g.From
	if g.Reached.Known() {
		rate = g.Reached
	}
	r.made = append(r.made, ratesAt(r.at, float64(rate))...)
	g.Final.Change = r.made
	if l, err := scenarios.Load(r.at.File, []byte(r.at.Source), "", ratesAt(r.at, float64(rate))); err == nil {
		g.Final.Source, g.Final.SHA256 = l.Source, l.SHA256
	}
	if g.Result != nil {
		seen := map[string]bool{}
		for _, s := range g.Steps {
			for _, k := range s.Remedies {
				if k.Assumes != "" && !seen[k.Assumes] {
					seen[k.Assumes] = true
					g.Assumptions = append(g.Assumptions, k.Assumes)
				}
			}
		}
		for _, a := range g.Result.Assumptions {
			if !seen[a] {
				seen[a] = true
				g.Assumptions = append(g.Assumptions, a)
			}
		}
	}
}
