package experiments

import (
	"context"
	"math"
	"slices"

	"headroom/internal/strict"
	"headroom/internal/units"
	"headroom/models"
	"headroom/scenarios"
	"headroom/sim"
)

// Sizing chooses the numbers of instances that `auto(60%)` leaves open, before anything is measured: for each node as many as keep the
// busiest of its resources at that share, by the utilization law (Denning and Buzen, "The operational analysis of queueing network models",
// Computing Surveys 10(3), 1978): a resource is busy rate × demand, and an instance may be busy capacity × share.
//
// The demand of a request is found by a pilot. In the first one nothing waits at these nodes, since they have as much as they need; from
// the number that it gives on, each pilot has the instances of the one before, since what a request needs of a node may depend on how many
// there are: how long a thread is held, or what a cache finds. That goes on until the numbers stay the same. All pilots have the same random
// numbers, so that the choice is a function of scenario, rate and seed.
const (
	sizingRounds   = 12
	sizingRequests = 200_000 // of a pilot, which is longer where requests take long
	sizingMost     = 2 << 20
	sizingBatches  = 20
	sizingStudent  = 3.579   // t of 19 degrees of freedom, one-sided 99.9%
	sizingDoubt    = .01     // share of what is measured that is left to chance at most
	wide           = 1 << 16 // times as much of everything, in the first pilot
	sizingWarm     = 5       // mean times of a request that its warm-up takes
)

// size chooses the numbers of instances that a scenario leaves open; a scenario without such is returned as it is.
func size(ctx context.Context, l *scenarios.Loaded) *scenarios.Loaded {
	if !l.Follows() {
		return l
	}
	sized := *l
	sized.Architecture = sizeFor(ctx, l.Architecture)
	return &sized
}

// sizeFor chooses them for the rate that is asked for, the highest of stages.
func sizeFor(ctx context.Context, a *models.Architecture) *models.Architecture {
	steady, rate := a, a.Asked()
	if !math.IsNaN(rate) {
		steady, _ = a.AtRate(rate)
	}
	counts, tooFew := make([]int, len(a.Nodes)), make([]int, len(a.Nodes))
	for i := range counts {
		counts[i] = 1
	}
	p := sizingPilot{ctx: ctx, a: steady.WithInstances(rate, counts).AtMost(), rate: rate, times: wide}
	for round := 0; round < sizingRounds && ctx.Err() == nil; round++ {
		needed, throughput, stuck := p.needed()
		for i, n := range needed {
			if a.Auto(i) == 0 {
				continue
			}
			if p.times == 1 {
				if n > counts[i] {
					tooFew[i] = max(tooFew[i], counts[i])
				}
				if n = max(n, tooFew[i]+1); stuck { // what waits elsewhere does not come here
					n = max(n, counts[i])
				}
			}
			counts[i] = n
		}
		if math.IsNaN(p.rate) {
			rate = throughput
		}
		next := steady.WithInstances(rate, counts).AtMost()
		if p.times == 1 && sameCounts(p.a, next) { // perhaps since there cannot be more
			break
		}
		p.times, p.a = 1, next
	}
	return a.WithInstances(rate, counts)
}

// sameCounts tells whether all nodes have as many instances in one architecture as in another.
func sameCounts(a, b *models.Architecture) bool {
	return slices.EqualFunc(a.Nodes, b.Nodes, func(x, y strict.Pair[models.Node]) bool { return x.Value.Count() == y.Value.Count() })
}

// sizingPilot measures what the nodes need.
type sizingPilot struct {
	ctx   context.Context
	a     *models.Architecture
	rate  float64 // that is asked for; NaN: closed users ask for what they can
	times int32   // as much of each resource of the nodes whose number is chosen as they have
}

// needed returns how many instances each node needs, how many requests there were per second, and whether something else is full.
func (p *sizingPilot) needed() (counts []int, throughput float64, stuck bool) {
	r, batches := p.run()
	counts = make([]int, len(p.a.Nodes))
	if r == nil {
		return counts, p.rate, true
	}
	stuck = p.stuck(r)
	for i := range counts {
		counts[i] = 1
		for k, res := range r.b.Resources[i] {
			of := station{i, k}
			if p.a.Auto(i) == 0 || !models.PerEach(res) || !r.b.Bounds(i, res) || stuck && of.held(r.b) {
				continue
			}
			each := float64(res.Stations[0].Servers()) / float64(p.times) * p.a.Auto(i)
			asked := 1 + float64(r.resources[i][k].lost)/float64(max(r.resources[i][k].wait.Count(), 1))
			counts[i] = max(counts[i], batches.enough(of, each/asked/arrivedPerVisit([]*replication{r}, i)))
		}
	}
	return counts, float64(r.totals.Requests) / r.seconds, stuck
}

// run simulates as long as it takes until the warm-up is longer than requests take.
func (p *sizingPilot) run() (*replication, *busyBatches) {
	rate := p.rate
	if math.IsNaN(rate) {
		rate = closedRate(p.a)
	}
	for n := float64(sizingRequests); p.ctx.Err() == nil; n *= 2 {
		length := min(sim.Nanoseconds(n/rate*1e9), farthest)
		if batch := 2 * p.a.Batched(); rate*batch.Seconds() <= mostForBatches {
			length = max(length, batch)
		}
		b := p.a.Build(models.Options{Seed: p.a.Run.Seed, Replication: math.MaxUint64 - 2})
		if p.times > 1 {
			b.Widen(p.times)
		}
		b.Sim.RunUntil(length / 4)
		before := b.Sim.Totals
		b.StartMeasuring()
		batches := newBusyBatches(b, p.perRequest())
		for i := sim.Time(0); i < sizingBatches && p.ctx.Err() == nil; i++ {
			b.Sim.RunUntil(length/4 + (length-length/4)*(i+1)/sizingBatches)
			batches.take()
		}
		b.Sim.StopMeasuring()
		r := &replication{b: b, seconds: (length - length/4).Seconds()}
		r.freeze(b.Sim, before)
		waiting, working := b.Messages()
		present := float64(b.Sim.InFlight() + waiting + working)
		b.Close()
		b.Empty()
		if sizingWarm*present <= float64(before.Requests) || 2*n > sizingMost || 2*length > farthest || p.stuck(r) {
			return r, batches
		}
	}
	return nil, nil
}

// perRequest returns the rate that what is measured per request is multiplied by; NaN where closed users send some of them.
func (p *sizingPilot) perRequest() float64 {
	for _, t := range p.a.Traffic {
		if t.Value.Users > 0 {
			return math.NaN()
		}
	}
	return p.rate
}

// stuck tells whether something is full that no number of these instances makes wider: what waits for it only grows, and how long places
// are held says only how long the pilot was.
func (p *sizingPilot) stuck(r *replication) bool {
	for _, of := range bounds(r.b) {
		s, is := of.(station)
		chosen := p.a.Auto(of.where()) > 0 && is && models.PerEach(s.of(r.b))
		if !chosen && of.demand([]*replication{r}) >= isFull {
			return true
		}
	}
	return false
}

// busyBatches is how long the servers of each resource were busy, batch by batch of the measured time.
type busyBatches struct {
	b        *models.Builder
	rate     float64
	from     sim.Time
	requests uint64
	were     map[station]float64   // busy at the end of the last batch, in server-nanoseconds
	busy     map[station][]float64 // servers on average
}

func newBusyBatches(b *models.Builder, rate float64) *busyBatches {
	return &busyBatches{b: b, rate: rate, from: b.Sim.Now(), requests: uint64(b.Sim.Totals.Requests), were: map[station]float64{}, busy: map[station][]float64{}}
}

// take ends a batch. Where the rate is known, what a request needs is taken at that rate: how many happened to come does not matter.
func (t *busyBatches) take() {
	now, requests := t.b.Sim.Now(), uint64(t.b.Sim.Totals.Requests)
	per := 1 / float64(now-t.from)
	if !math.IsNaN(t.rate) && requests > t.requests {
		per = t.rate / 1e9 / float64(requests-t.requests)
	}
	for i, rs := range t.b.Resources {
		for k, r := range rs {
			s, all := station{i, k}, 0.0
			for _, st := range r.Spoken() {
				all += st.Stats().Busy
			}
			t.busy[s] = append(t.busy[s], (all-t.were[s])*per)
			t.were[s] = all
		}
	}
	t.from, t.requests = now, requests
}

// enough returns the least number of instances, each of which may keep so many servers busy, that the pilot does not say with 99.9%
// confidence to be too few, nor to be so by more than a hundredth: where exactly four are needed it is four, whatever the random numbers.
func (t *busyBatches) enough(of station, each float64) int {
	mean, n := 0.0, float64(len(t.busy[of]))
	for _, x := range t.busy[of] {
		mean += x / n
	}
	doubt := min(max(halfOf(t.busy[of], mean), 1e-6*mean), sizingDoubt*mean) // constant times leave no doubt but that of rounding
	least := mean - doubt
	return int(math.Ceil(min(least/each, math.MaxInt32)))
}

// halfOf is how far the mean of the batches may be above what is looked for, by chance.
func halfOf(batches []float64, mean float64) float64 {
	squares, n := 0.0, float64(len(batches))
	for _, x := range batches {
		squares += (x - mean) * (x - mean)
	}
	return sizingStudent * math.Sqrt(squares/(n-1)/n)
}

// sizedResult tells what the instances of a node were chosen for, nil where their number was given.
func sizedResult(a *models.Architecture, node int) *SizedResult {
	rate, sized := a.SizedFor()
	if !sized || a.Auto(node) == 0 {
		return nil
	}
	return &SizedResult{Instances: a.Nodes[node].Value.Count(), Target: Num(a.Auto(node)), Rate: Num(rate), Short: slices.Contains(a.Undersized(), a.Nodes[node].Key)}
}

// doubtSizing warns of instances that a simulation cannot hold.
func (r *Result) doubtSizing(warn func(string, ...any)) {
	for _, name := range r.NodeOrder {
		if n := r.Nodes[name]; n.Sized != nil && n.Sized.Short {
			warn("%s would need more instances to stay at %s: it has the %s that a simulation can hold.", name, units.FormatShare(float64(n.Sized.Target)), units.FormatCount(float64(n.Sized.Instances)))
		}
	}
}
