package experiments

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"headroom/models"
	"headroom/scenarios"
	"headroom/sim"
)

// Every replication of a run, a sweep or a comparison is a cell of it: a function of the scenario, the point, the replication and the seed
// alone. So one machine may simulate some of the cells and another the rest.
//
//	headroom sweep … --shard 1/3 ─► part 1 ─┐
//	headroom sweep … --shard 2/3 ─► part 2 ─┼─► headroom merge: the same command, which takes its cells from the parts
//	headroom sweep … --shard 3/3 ─► part 3 ─┘
//
// What one machine does when it has the cells, the one that merges does: it sums up, and simulates what depends on the sums, such as the
// rates that the search for a capacity tries.

// A Portion is one of several equal shares of the cells of a run, a sweep or a comparison.
type Portion struct{ Number, Of int } // Number from 1 to Of

const mostParts = 10_000

// ParsePortion reads a portion such as 2/8.
func ParsePortion(text string) (Portion, error) {
	number, of, _ := strings.Cut(text, "/")
	i, wrong := strconv.Atoi(number)
	n, alsoWrong := strconv.Atoi(of)
	if wrong != nil || alsoWrong != nil || i < 1 || n < i || n > mostParts {
		return Portion{}, fmt.Errorf("expected a part and the number of all parts, such as 2/8, up to %d", mostParts)
	}
	return Portion{i, n}, nil
}

func (s Portion) String() string { return fmt.Sprintf("%d/%d", s.Number, s.Of) }

// A Cell is what one replication measured.
type Cell struct {
	Of          string `json:"of"` // the point of a sweep, the rate and the case of a comparison; empty: the run
	Replication int    `json:"replication"`
	Measured    []byte `json:"measured"` // a record, as a compressed gob
}

// Plan is how long the cells of something are simulated, times in nanoseconds: it is found out once, by a pilot run.
type Plan struct {
	Warmup      sim.Time `json:"warmup"`
	Measured    sim.Time `json:"measured"`
	Look        sim.Time `json:"look"`
	Residence   float64  `json:"residence"`
	Saturated   bool     `json:"saturated"`
	Unsettled   bool     `json:"unsettled"`
	Replays     []int    `json:"replays"`
	SampleEvery uint64   `json:"sample_every"`
	Eventful    bool     `json:"eventful"`
}

func (p plan) exported() Plan {
	return Plan{p.warmup, p.measured, p.look, p.residence, p.saturated, p.unsettled, p.replays, p.sampleEvery, p.eventful}
}

func (p Plan) plan() plan {
	return plan{warmup: p.Warmup, measured: p.Measured, look: p.Look, residence: p.Residence, saturated: p.Saturated, unsettled: p.Unsettled,
		replays: p.Replays, sampleEvery: p.SampleEvery, eventful: p.Eventful}
}

// Cells are some cells of a run, a sweep or a comparison, with their plans by what they are of.
type Cells struct {
	Plans map[string]Plan `json:"plans"`
	Cells []Cell          `json:"cells"`
}

// Add adds those of another part.
func (c *Cells) Add(other *Cells) {
	for of, p := range other.Plans {
		if c.Plans == nil {
			c.Plans = map[string]Plan{}
		}
		c.Plans[of] = p
	}
	c.Cells = append(c.Cells, other.Cells...)
}

// plan returns how long the cells of something were simulated, if there are any.
func (c *Cells) plan(of string) (plan, bool) {
	if c == nil {
		return plan{}, false
	}
	p, ok := c.Plans[of]
	return p.plan(), ok
}

// find returns a cell that was simulated, nil where it was not.
func (c *Cells) find(of string, replication int) *Cell {
	if c == nil {
		return nil
	}
	i := slices.IndexFunc(c.Cells, func(k Cell) bool { return k.Of == of && k.Replication == replication })
	if i < 0 {
		return nil
	}
	return &c.Cells[i]
}

// Indivisible says why a run cannot be divided into parts.
type Indivisible string

func (i Indivisible) Error() string { return string(i) }

// divisible refuses a run of which nobody knows beforehand how many replications it has.
func divisible(l *scenarios.Loaded) error {
	if l.Run.Precision > 0 {
		return Indivisible("with `run.precision` the replications tell how many more there are to be: they cannot be divided beforehand. Leave it out, and say how many with --replications N")
	}
	return nil
}

// RunPortion simulates a part of what Run does.
func RunPortion(ctx context.Context, l *scenarios.Loaded, o Options, s Portion) (*Cells, error) {
	if err := divisible(l); err != nil {
		return nil, err
	}
	l = size(ctx, l)
	return simulatePortion(ctx, []batch{{a: l.Architecture, plan: func() plan { return o.planFor(ctx, l.Architecture) }}}, o, s)
}

// batch is the replications of one architecture.
type batch struct {
	of   string
	a    *models.Architecture
	plan func() plan // called once at most
}

// simulatePortion simulates the cells of a portion of some batches: every Of-th, so that those which take long come to all parts. Each is written
// down as soon as it is done. Cancelling the context is an error: half a part is none.
func simulatePortion(ctx context.Context, batches []batch, o Options, s Portion) (*Cells, error) {
	type job struct {
		*batch
		replication int
		plan        func() plan
	}
	var mine []job
	number := 0
	for i := range batches {
		b := &batches[i]
		plan := sync.OnceValue(b.plan)
		for replication := range int(b.a.Run.Replications) {
			if number%s.Of == s.Number-1 {
				mine = append(mine, job{b, replication, plan})
			}
			number++
		}
	}
	parallel := o.Parallel
	if parallel <= 0 {
		parallel = runtime.GOMAXPROCS(0)
	}
	part := &Cells{Plans: map[string]Plan{}, Cells: make([]Cell, len(mine))}
	broken := make([]error, len(mine))
	done := &progress{tell: o.Progress, shares: make([]float64, len(mine))}
	places := make(chan struct{}, parallel)
	var wg sync.WaitGroup
	for i, j := range mine {
		places <- struct{}{}
		wg.Go(func() {
			defer func() { <-places }()
			if ctx.Err() != nil {
				return
			}
			part.Cells[i], broken[i] = simulateCell(ctx, j.of, j.a, j.plan(), j.replication, func(share float64, _ *models.Builder, _ bool) { done.at(i, share) })
		})
	}
	wg.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	for i, err := range broken {
		if err != nil {
			return nil, fmt.Errorf("%s: %w", strings.TrimPrefix(fmt.Sprintf("%s, replication %d", mine[i].of, mine[i].replication), ", "), err)
		}
		part.Plans[mine[i].of] = mine[i].plan().exported()
	}
	return part, nil
}

// simulateCell simulates one replication and writes it down.
func simulateCell(ctx context.Context, of string, a *models.Architecture, p plan, number int, tell watcher) (Cell, error) {
	begun := time.Now()
	r := simulate(ctx, a, p, uint64(number), tell)
	if r == nil {
		return Cell{}, context.Cause(ctx)
	}
	if err := r.check(); err != nil {
		return Cell{}, err
	}
	r.b.Discard()
	measured, err := recordOf(r, time.Since(begun)).pack()
	return Cell{of, number, measured}, err
}

// restore makes a replication of a cell.
func (c *crew) restore(k *Cell) (*replication, error) {
	d, err := unpack(k.Measured)
	if err != nil {
		return nil, err
	}
	b := c.structure()
	if len(d.Nodes) != len(b.Nodes) || len(d.Resources) != len(b.Resources) || len(d.Browsers) != b.Sources() {
		return nil, errUnfit
	}
	return d.replication(b), nil
}

// structureOf builds what a replication looks its architecture up in, when nothing is simulated.
func structureOf(a *models.Architecture, p plan) *models.Builder {
	b := a.Build(models.Options{Seed: a.Run.Seed, SampleEvery: p.sampleEvery, Warmup: p.warmup, Eventful: p.eventful})
	b.Close()
	b.Empty()
	b.Discard()
	return b
}
