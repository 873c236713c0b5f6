package experiments

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"headroom/models"
	"headroom/scenarios"
)

// Options are what a run may be told beside its scenario. None but Quick changes the figures.
type Options struct {
	Parallel int  // replications at a time; 0: one for each core
	Quick    bool // measure a fifth of the planned time; no effect on stages, replays and runs with events, which last as long as these need
	Command  string
	Version  string
	Progress func(share float64) // told now and then, by one goroutine at a time, how much of the replications is done; may be nil
	Live     func(Snapshot)      // likewise, at most ten times a second, what is measured so far; may be nil
	Cells    *Cells              // replications that were simulated elsewhere; the others are simulated; nil: none

	Histograms bool // Run puts the whole distributions beside the percentiles

	adaptive bool // a precision also says how long replications are

	of      string                          // the name that the replications of this run have among the cells
	planned func(*models.Architecture) plan // how long to simulate where that is known without a pilot; nil: it is not
}

// quickShare is the part of the planned time that a quick run measures, in as many replications and after the same warm-up.
const quickShare = 5

// Run simulates a scenario: a pilot that plans the run, then independent replications. Cancelling the context keeps what was
// simulated and marks the result partial. The error tells of a broken invariant, which is a fault of the program.
func Run(ctx context.Context, l *scenarios.Loaded, o Options) (*Result, error) {
	o.adaptive = true
	m, err := measure(ctx, l, o)
	if err != nil {
		return nil, err
	}
	r := m.result(ctx, o)
	if o.Histograms {
		err = r.addHistograms(l.Classes, m.reps)
	}
	return r, err
}

// planFor decides how long to simulate, as the options want it.
func (o Options) planFor(ctx context.Context, a *models.Architecture) plan {
	if p, planned := o.Cells.plan(o.of); planned {
		return p
	}
	if o.planned != nil {
		return o.planned(a)
	}
	p := makePlan(ctx, a)
	if o.Quick && a.Staged() == 0 && !a.Replayed() && !p.eventful {
		p.measured = max(p.measured/quickShare, 1)
	}
	return p
}

// runAs simulates a scenario as it was planned, with as many replications as it says, and returns these beside the result.
func runAs(ctx context.Context, l *scenarios.Loaded, p plan, o Options) (*Result, []*replication, error) {
	m := &measurement{l: l, begun: time.Now(), p: p}
	var err error
	if m.reps, err = replicate(ctx, l.Architecture, p, o); err != nil {
		return nil, nil, err
	}
	if len(m.reps) == 0 {
		return nil, nil, context.Cause(ctx)
	}
	if err := checkOffered(l.Architecture, m.reps, p); err != nil {
		return nil, nil, err
	}
	return m.result(ctx, o), m.reps, nil
}

// replicate runs as many replications as a scenario says.
func replicate(ctx context.Context, a *models.Architecture, p plan, o Options) ([]*replication, error) {
	return newCrew(a, p, o, int(a.Run.Replications)).replicate(ctx, 0, int(a.Run.Replications))
}

// A measurement is what the replications of a scenario measured, before it is summed up.
type measurement struct {
	l         *scenarios.Loaded
	p         plan
	reps      []*replication
	precision *PrecisionInfo
	begun     time.Time
}

// measure plans and simulates a scenario.
func measure(ctx context.Context, l *scenarios.Loaded, o Options) (*measurement, error) {
	begun := time.Now()
	l = size(ctx, l)
	m := &measurement{l: l, begun: begun, p: o.planFor(ctx, l.Architecture)}
	if err := m.replicate(ctx, o); err != nil {
		return nil, err
	}
	if len(m.reps) == 0 {
		return nil, context.Cause(ctx)
	}
	return m, checkOffered(l.Architecture, m.reps, m.p)
}

// result sums a measurement up.
func (m *measurement) result(ctx context.Context, o Options) *Result {
	res := summarize(ctx, m.l, m.reps, m.p, m.precision)
	res.Command, res.Version = o.Command, o.Version
	if res.Partial = ctx.Err() != nil; !res.Partial {
		res.doubtEvents(m.l.Architecture)
	}
	res.Run.WallSeconds = Num(time.Since(m.begun).Seconds())
	for _, rep := range m.reps {
		res.Run.WallSeconds += Num(rep.elsewhere)
	}
	return res
}

// crew runs replications, several at a time.
type crew struct {
	a        *models.Architecture
	p        plan
	parallel int
	done     *progress
	of       string
	cells    *Cells
	live     *live
	numbered uint64 // the number of the first

	structure func() *models.Builder // that replications share which were simulated elsewhere
}

// newCrew is for so many replications at most.
func newCrew(a *models.Architecture, p plan, o Options, most int) *crew {
	parallel := o.Parallel
	if parallel <= 0 {
		parallel = runtime.GOMAXPROCS(0)
	}
	c := &crew{a: a, p: p, parallel: parallel, done: &progress{tell: o.Progress, shares: make([]float64, most)}, of: o.of, cells: o.Cells}
	if o.Live != nil {
		c.live = newLive(o.Live, a, most)
	}
	c.structure = sync.OnceValue(func() *models.Builder { return structureOf(a, p) })
	return c
}

// replicate runs n replications, numbered on from the first, and returns them in order: those that measured something.
func (c *crew) replicate(ctx context.Context, first, n int) ([]*replication, error) {
	reps, broken := make([]*replication, n), make([]error, n)
	places := make(chan struct{}, c.parallel)
	var wg sync.WaitGroup
	for i := range n {
		places <- struct{}{}
		wg.Go(func() {
			defer func() { <-places }()
			if k := c.cells.find(c.of, first+i); k != nil {
				reps[i], broken[i] = c.restore(k)
				return
			}
			if ctx.Err() == nil {
				reps[i] = simulate(ctx, c.a, c.p, c.numbered+uint64(first+i), c.watch(first+i))
			}
			if reps[i] != nil {
				broken[i] = reps[i].check()
				reps[i].b.Discard() // the next replication needs the memory
			}
		})
	}
	wg.Wait()
	for i, err := range broken {
		if err != nil {
			return nil, fmt.Errorf("replication %d: %w", first+i, err)
		}
	}
	return slices.DeleteFunc(reps, func(r *replication) bool { return r == nil || r.seconds <= 0 }), nil
}

// watch is told how far a replication is.
func (c *crew) watch(replication int) watcher {
	return func(share float64, b *models.Builder, measuring bool) {
		c.done.at(replication, share)
		if c.live != nil {
			c.live.at(replication, share, b, measuring)
		}
	}
}

// progress adds up how far the replications are.
type progress struct {
	tell   func(share float64)
	mutex  sync.Mutex
	shares []float64 // of each replication
	sum    float64
}

// at takes how far a replication is. All of them call it, each in its own goroutine.
func (p *progress) at(replication int, share float64) {
	if p.tell == nil {
		return
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.sum += share - p.shares[replication]
	p.shares[replication] = share
	p.tell(min(p.sum/float64(len(p.shares)), 1))
}
