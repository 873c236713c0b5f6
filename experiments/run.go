package experiments

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"sync"
	"time"

	"headroom/models"
	"headroom/scenarios"
	"headroom/sim"
)

// Options are what a run may be told beside its scenario. None of them changes the result.
type Options struct {
	Parallel int // replications at a time; 0: one for each core
	Command  string
	Version  string
}

// Run simulates a scenario: a pilot that plans the run, then independent replications. Cancelling the context keeps what was
// simulated and marks the result partial. The error tells of a broken invariant, which is a fault of the program.
func Run(ctx context.Context, l *scenarios.Loaded, o Options) (*Result, error) {
	begun := time.Now()
	rate := l.Asked()
	if math.IsNaN(rate) {
		rate = closedRate(l.Architecture)
	}
	p := makePlan(ctx, l.Architecture, rate)
	reps := replicate(ctx, l.Architecture, p, o.Parallel)
	if len(reps) == 0 {
		return nil, context.Cause(ctx)
	}
	for i, r := range reps {
		if err := r.check(); err != nil {
			return nil, fmt.Errorf("replication %d: %w", i, err)
		}
	}
	res := summarize(l, reps, p)
	res.Command, res.Version = o.Command, o.Version
	res.Partial = ctx.Err() != nil
	res.Run.WallSeconds = Num(time.Since(begun).Seconds())
	return res, nil
}

// closedRate guesses the throughput of closed users, for planning only: a short run counts it.
func closedRate(a *models.Architecture) float64 {
	b := a.Build(models.Options{Seed: a.Run.Seed, Replication: math.MaxUint64})
	end := sim.Second / 100
	for b.Sim.Totals.Requests-b.Sim.InFlight() < 2000 && end < 1<<60 {
		b.Sim.RunUntil(end)
		end *= 2
	}
	ended := float64(b.Sim.Totals.Requests - b.Sim.InFlight())
	return max(ended, 1) / b.Sim.Now().Seconds()
}

// replicate runs the replications, several at a time, and returns them in order: those that measured something.
func replicate(ctx context.Context, a *models.Architecture, p plan, parallel int) []*replication {
	if parallel <= 0 {
		parallel = runtime.GOMAXPROCS(0)
	}
	n := int(a.Run.Replications)
	reps := make([]*replication, n)
	places := make(chan struct{}, parallel)
	var wg sync.WaitGroup
	for i := range n {
		places <- struct{}{}
		wg.Go(func() {
			defer func() { <-places }()
			if ctx.Err() == nil {
				reps[i] = simulate(ctx, a, p, uint64(i))
			}
		})
	}
	wg.Wait()
	done := reps[:0]
	for _, r := range reps {
		if r != nil && r.seconds > 0 {
			done = append(done, r)
		}
	}
	return done
}

// replication is what one replication measured.
type replication struct {
	seconds   float64 // measured
	saturated bool
	b         *models.Builder
	stations  map[*sim.Station]sim.StationStats // at the end of the measured time
	totals    sim.Totals                        // within it
	nodes     []sim.NodeStats
	edges     []sim.EdgeStats
	resources [][]resourceStats // by node
}

// resourceStats is a resource at the end of the measured time.
type resourceStats struct {
	wait           *sim.Histogram
	asked, delayed int64
	classWork      []sim.Time
}

// buckets is how often a run looks whether it was interrupted, or whether its queues only grow.
const buckets = 100

func simulate(ctx context.Context, a *models.Architecture, p plan, number uint64) *replication {
	b := a.Build(models.Options{Seed: a.Run.Seed, Replication: number, SampleEvery: 16})
	s := b.Sim
	r := &replication{b: b}
	s.RunUntil(p.warmup)
	s.StartMeasuring()
	before := s.Totals
	step := max(p.measured/buckets, 1)
	if p.saturated { // it will stop early: look often enough to stop in time
		step = max(p.measured/(buckets*buckets), 1)
	}
	end := p.warmup + p.measured
	var growth growthTest
	for s.Now() < end && ctx.Err() == nil {
		s.RunUntil(min(s.Now()+step, end))
		if p.saturated && growth.observe(b) && enough(s, before) {
			r.saturated = true
			break
		}
	}
	r.seconds = (s.Now() - p.warmup).Seconds()
	s.StopMeasuring()
	r.freeze(s, before)
	if !r.saturated && ctx.Err() == nil {
		for s.MeasuredLeft() > 0 && s.Now() < end+p.measured {
			s.RunUntil(s.Now() + step)
		}
	}
	return r
}

// enough tells that a saturated run has shown its throughput, or fills the memory.
func enough(s *sim.Sim, before sim.Totals) bool {
	ended := s.Totals.Requests - s.InFlight() - (before.Requests)
	return ended >= 2000 || s.InFlight() > 400_000
}

// freeze keeps what was measured, before the requests that are still on their way are followed to their end.
func (r *replication) freeze(s *sim.Sim, before sim.Totals) {
	r.stations = map[*sim.Station]sim.StationStats{}
	for _, rs := range r.b.Resources {
		frozen := make([]resourceStats, len(rs))
		for i, res := range rs {
			for _, st := range res.Stations {
				r.stations[st] = st.Stats()
			}
			asked, delayed := res.Arrivals()
			frozen[i] = resourceStats{res.Wait.Clone(), asked, delayed, append([]sim.Time(nil), res.ClassWork...)}
		}
		r.resources = append(r.resources, frozen)
	}
	r.totals = s.Totals.Minus(before)
	for i := range r.b.Nodes {
		r.nodes = append(r.nodes, s.NodeStats(uint32(i)).Clone())
	}
	r.edges = append(r.edges, s.Edges()...)
}

// check holds the identities that every run must satisfy.
func (r *replication) check() error {
	var inFlight int64
	for _, c := range r.b.Sim.Cells() {
		inFlight += c.InFlight()
	}
	if counted := r.b.Sim.MeasuredInFlight(); counted != inFlight {
		return fmt.Errorf("requests are lost: %d have no outcome, %d are in flight", inFlight, counted)
	}
	for _, rs := range r.b.Resources {
		for _, res := range rs {
			for _, st := range res.Stations {
				stats := r.stations[st]
				present := stats.Busy + stats.Waiting
				if math.Abs(present-stats.Spent) > 1e-6*present+1 {
					return fmt.Errorf("%s of %s: the integral of the number present is %g, the time spent there %g",
						res.Name, r.b.Nodes[res.Node], present, stats.Spent)
				}
				if c := st.Servers(); c != sim.Unlimited && stats.Busy > float64(c)*r.seconds*1e9*(1+1e-9)+1 {
					return fmt.Errorf("%s of %s: utilization above 1", res.Name, r.b.Nodes[res.Node])
				}
			}
		}
	}
	return nil
}
