package experiments

import (
	"context"
	"fmt"
	"math"

	"headroom/internal/strict"
	"headroom/models"
	"headroom/sim"
)

// replication is what one replication measured. What stands in its builder is how the architecture is built: that does not change as it runs.
type replication struct {
	seconds      float64 // measured
	saturated    bool
	b            *models.Builder
	totals       sim.Totals // within the measured time
	cells        []sim.Cell // of requests, by source and class
	homes        []sim.Cell // likewise, by the clients' region
	layers       []*sim.Histogram
	bins         []sim.Bin
	browsers     []models.CacheStats // by source
	ended        []bool              // likewise: it had nothing more to send, and all that it sent is done
	nodes        []sim.NodeStats
	existed      []float64 // instance-seconds by node
	paid         []float64 // likewise, those that start included
	numbers      []numbers // of instances, by node
	gradients    []models.GradientStats
	edges        []sim.EdgeStats
	resources    [][]resourceStats // by node
	limits       [][]models.Limit  // by node
	caches       []models.CacheStats
	queues       []models.QueueStats
	functions    []models.FunctionStats
	parts        []models.PartitionStats
	moves        []models.Move // by event
	attempts     models.Attempts
	unheard      int64 // answers that nobody waited for
	samples      []sample
	step         sim.Time // of a sample
	elsewhere    float64  // seconds that another machine took for it
	attemptsLost error
	broken       error // a file that could not be read to its end
}

// resourceStats is a resource at the end of the measured time.
type resourceStats struct {
	wait           *sim.Histogram
	stations       []sim.StationStats
	asked, delayed int64
	lost           int64 // refused, or gave up waiting
	classWork      []sim.Time
	wasted         sim.Time // of that: for answers nobody waited for
}

// A run looks whether it was interrupted, and tells how far it is, at least once in so many requests. A saturated run looks more often
// whether its queues only grow, to stop in time.
const (
	lookRequests   = 100_000
	saturatedLooks = 10_000
	shortLooks     = 400 // of a run that is short anyway
)

// watcher is told now and then how much of a replication is done, and whether it measures just now. It may be nil.
type watcher func(share float64, b *models.Builder, measuring bool)

// simulate runs one replication. tell must leave everything as it is.
func simulate(ctx context.Context, a *models.Architecture, p plan, number uint64, tell watcher) *replication {
	b := a.Build(models.Options{Seed: a.Run.Seed, Replication: number, SampleEvery: p.sampleEvery, Warmup: p.warmup, Eventful: p.eventful})
	s := b.Sim
	r := &replication{b: b}
	defer func() { r.broken = b.Close() }()
	p.warmup, p.measured = min(p.warmup, farthest), min(p.measured, farthest)
	end := p.warmup + p.measured
	measuring := false
	told := func() {
		if tell != nil {
			tell(min(float64(s.Now())/float64(end), 1), b, measuring)
		}
	}
	advance := func(to sim.Time) bool {
		for ; s.Now() < to && ctx.Err() == nil; told() {
			s.RunUntil(min(s.Now()+max(p.look, 1), to))
		}
		return ctx.Err() == nil
	}
	if !advance(p.warmup) {
		return nil
	}
	b.StartMeasuring()
	measuring = true
	told()
	before := s.Totals
	r.step = roundStep(p.measured)
	if p.saturated {
		looks := sim.Time(saturatedLooks)
		if p.fewLooks {
			looks = shortLooks
		}
		r.step = max(p.measured/looks, 1)
	}
	var growth growthTest
	var gauges []*gauge
	if p.eventful {
		gauges = gaugesOf(a)
	}
	series := newSampler(b, gauges)
	if p.replays != nil {
		r.measureReplays(ctx, p, series, told)
		end = max(end, s.Now())
	}
	for s.Now() < end && advance(min(s.Now()+r.step, end)) {
		series.take()
		if p.saturated {
			if r.saturated = growth.observe(b); r.saturated && enough(s, before) && !p.eventful {
				break
			}
		}
	}
	r.samples = series.samples
	r.seconds = (s.Now() - p.warmup).Seconds()
	s.StopMeasuring()
	measuring = false
	r.freeze(s, before)
	if !r.saturated && !p.brief {
		for s.MeasuredLeft() > 0 && s.Now() < end+p.measured && advance(s.Now()+r.step) {
		}
	}
	r.attemptsLost = checkAttempts(b)
	r.keep()
	b.Empty()
	if tell != nil {
		tell(1, b, false)
	}
	return r
}

// measureReplays goes on until what was recorded is done, and at least as long as planned. Nobody knows how long that takes, so that the
// samples become longer as they become many.
func (r *replication) measureReplays(ctx context.Context, p plan, series *sampler, tell func()) {
	s := r.b.Sim
	for done := false; !done && ctx.Err() == nil; tell() {
		sampled := series.since + r.step
		next := min(s.Now()+max(p.look, 1), sampled)
		if s.Now() < p.measured {
			s.RunUntil(min(next, p.measured))
		} else {
			done = s.RunOut(p.replays, next) || s.Now() >= farthest
		}
		if !done && s.Now() < sampled {
			continue
		}
		series.take()
		if len(series.samples) == mostSamples {
			series.samples = inPairs(series.samples)
			r.step *= 2
		}
	}
}

// enough tells that a saturated run has shown its throughput, or fills the memory.
func enough(s *sim.Sim, before sim.Totals) bool {
	ended := s.Totals.Requests - s.InFlight() - (before.Requests)
	return ended >= 2000 || s.InFlight() > 400_000
}

// freeze keeps what was measured, before the requests that are still on their way are followed to their end.
func (r *replication) freeze(s *sim.Sim, before sim.Totals) {
	for _, rs := range r.b.Resources {
		frozen := make([]resourceStats, len(rs))
		for i, res := range rs {
			stations := make([]sim.StationStats, len(res.Stations))
			for k, st := range res.Stations {
				stations[k] = st.Stats()
			}
			asked, delayed := res.Arrivals()
			frozen[i] = resourceStats{res.Waits(), stations, asked, delayed, res.Refused + res.Abandoned, append([]sim.Time(nil), res.ClassWork...), res.Wasted}
		}
		r.resources = append(r.resources, frozen)
	}
	for _, ls := range r.b.Limits {
		var frozen []models.Limit
		for _, l := range ls {
			frozen = append(frozen, l.Clone(s.Now()))
		}
		r.limits = append(r.limits, frozen)
	}
	r.totals = s.Totals.Minus(before)
	r.attempts, _ = r.b.Attempts()
	r.unheard = s.Unheard
	for i := range r.b.Nodes {
		existed, _ := r.b.Existed(i)
		r.existed = append(r.existed, existed)
		r.gradients = append(r.gradients, r.b.GradientStats(uint32(i)))
		r.paid, r.numbers = append(r.paid, r.b.Paid(i)), append(r.numbers, numbersOf(r.b, i))
		r.nodes = append(r.nodes, s.NodeStats(uint32(i)))
		stats, _ := r.b.CacheStats(uint32(i))
		r.caches = append(r.caches, stats)
		parts, _ := r.b.PartitionStats(uint32(i))
		r.parts = append(r.parts, parts)
		handled, _ := r.b.FunctionStats(i)
		r.functions = append(r.functions, handled)
		messages, _ := r.b.QueueStats(uint32(i))
		r.queues = append(r.queues, messages)
	}
	r.edges = append(r.edges, s.Edges()...)
	r.moves = r.b.Moves()
}

// keep takes what is known of the requests when they have been followed to their end.
func (r *replication) keep() {
	s := r.b.Sim
	r.cells, r.homes, r.layers, r.bins = s.Cells(), s.Homes(), s.Layers(), s.Bins()
	for source := range r.b.Sources() {
		kept, _ := r.b.BrowserStats(source)
		r.browsers, r.ended = append(r.browsers, kept), append(r.ended, s.Done(source))
	}
}

// checkOffered compares what each open source sent with what it was asked to.
func checkOffered(a *models.Architecture, reps []*replication, p plan) error {
	for i, t := range a.Traffic {
		if t.Value.Users > 0 {
			continue
		}
		if t.Value.Replay != nil {
			if err := checkReplayed(t, i, len(a.Classes), reps); err != nil {
				return err
			}
			continue
		}
		sent, asked, variance, ends := 0.0, 0.0, 0.0, 0.0
		for _, rep := range reps {
			sent += float64(rep.offered(i, len(a.Classes)))
			n := a.Expected(i, p.warmup, p.warmup+sim.Nanoseconds(rep.seconds*1e9), p.warmup)
			asked, ends = asked+n, ends+1
			if t.Value.Open() {
				variance += n * t.Value.Arrivals.SCV()
			}
		}
		if math.Abs(sent-asked) > 6*math.Sqrt(variance)+ends {
			return fmt.Errorf("%s sent %.0f requests and was asked for %.0f: beyond 6 standard errors", t.Key, sent, asked)
		}
	}
	return nil
}

// checkReplayed compares what a replay sent with its file: where it was not interrupted, every request of it.
func checkReplayed(t strict.Pair[models.Traffic], source, classes int, reps []*replication) error {
	for _, rep := range reps {
		if sent, asked := rep.offered(source, classes), t.Value.Replay.Requests; rep.ended[source] && sent != asked {
			return fmt.Errorf("%s sent %d requests, and %s has %d", t.Key, sent, t.Value.Replay.Name, asked)
		}
	}
	return nil
}

// offered returns how many requests a source sent.
func (r *replication) offered(source, classes int) int64 {
	var n int64
	for _, c := range r.cells[source*classes : (source+1)*classes] {
		n += c.Offered
	}
	return n
}

// check holds the identities that every run must satisfy.
func (r *replication) check() error {
	if r.broken != nil {
		return r.broken
	}
	var inFlight int64
	for _, c := range r.cells {
		inFlight += c.InFlight()
	}
	if counted := r.b.Sim.MeasuredInFlight(); counted != inFlight {
		return fmt.Errorf("requests are lost: %d have no outcome, %d are in flight", inFlight, counted)
	}
	if r.attemptsLost != nil {
		return r.attemptsLost
	}
	for i, q := range r.queues {
		if q.Lost != 0 {
			return fmt.Errorf("%s: %d messages are lost: published is not delivered + dead + waiting + being worked on", r.b.Nodes[i], q.Lost)
		}
	}
	for i, rs := range r.b.Resources {
		for k, res := range rs {
			for j, stats := range r.resources[i][k].stations { // later there may be more, of locks
				st := res.Stations[j]
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
