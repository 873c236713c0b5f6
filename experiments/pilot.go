package experiments

import (
	"context"
	"math"

	"headroom/models"
	"headroom/sim"
)

// plan is how long to simulate.
type plan struct {
	warmup, measured sim.Time
	look             sim.Time // how long a run may go on without looking whether it was interrupted
	residence        float64  // mean time of a request, seconds
	saturated        bool
	fewLooks         bool   // a saturated run need not end early
	unsettled        bool   // instances that follow the load did not come to rest in the pilot
	replays          []int  // sources that replay a trace: the measuring goes on until they are done
	sampleEvery      uint64 // one request in so many is followed part by part
	eventful         bool   // the scenario's events happen
	brief            bool   // requests that are on their way at the end are not followed to theirs
}

// farthest is the longest that a warm-up or a measured time may be, 36 years: the clock cannot overflow, whatever a scenario says.
const farthest sim.Time = 1 << 60

// sampleUsually is how many requests there are to one that is followed part by part, a power of two.
const sampleUsually = 16

const (
	pilotSteps     = 1000    // samples of the number in flight that MSER-5 works on
	pilotRequests  = 20_000  // in the first pilot; it doubles until the warm-up is well inside it
	pilotMost      = 2 << 20 // requests of the longest pilot
	pilotEnough    = 200_000 // requests that a pilot may take however short the run is
	usualRequests  = 200_000 // measured, where the scenario does not say
	leastSeconds   = 10
	residences     = 50
	usualBatches   = 2   // measured, where there are batches and the scenario does not say how long
	mostForBatches = 5e6 // requests that this may take
)

// makePlan decides how long to simulate. Stages last as long as they say, after a warm-up at the rate of the first. With events there is
// as much time after the last as there is until it is over.
func makePlan(ctx context.Context, a *models.Architecture) plan {
	p := planLoad(ctx, a)
	_, p.eventful = a.LastEvent()
	return p
}

// planLoad decides it for the load alone: a pilot knows no events.
func planLoad(ctx context.Context, a *models.Architecture) plan {
	if a.Replayed() {
		return planReplay(a)
	}
	rate := a.AtFirst().Asked()
	if math.IsNaN(rate) {
		rate = closedRate(a)
	}
	if staged := a.Staged(); staged > 0 {
		p := plan{measured: staged, look: look(a.Asked()), sampleEvery: sampleUsually}
		if rate > 0 {
			p.warmup = settle(ctx, a.AtFirst(), rate).warmup
		}
		return p
	}
	p := settle(ctx, a, rate)
	p.look, p.sampleEvery = look(rate), sampleUsually
	switch {
	case a.Run.Duration > 0:
		p.measured = sim.Time(a.Run.Duration)
	case a.Run.Requests > 0:
		p.measured = sim.Nanoseconds(float64(a.Run.Requests) / rate * 1e9)
	case len(a.Events) > 0:
		over, _ := a.LastEvent()
		p.measured = max(2*over, sim.Nanoseconds(max(leastSeconds, residences*p.residence)*1e9))
	default:
		p.measured = sim.Nanoseconds(max(usualRequests/rate, leastSeconds, residences*p.residence) * 1e9)
		if batches := usualBatches * a.Batched(); rate*batches.Seconds() <= mostForBatches {
			p.measured = max(p.measured, batches)
		}
		if looks := looked(a); rate*looks.Seconds() <= mostForBatches {
			p.measured = max(p.measured, looks)
		}
	}
	return p
}

// shortestReplay is how long a replay is measured that is over at once.
const shortestReplay = sim.Second / 1000

// planReplay plans a run that is as long as what was recorded, and as the work that it brings. It begins with the first request: there is
// nothing before it to warm up with.
func planReplay(a *models.Architecture) plan {
	replays, last, rate := a.Replays()
	p := plan{measured: max(last, a.Staged(), shortestReplay), look: look(rate), sampleEvery: sampleUsually, replays: replays}
	if rate*max(p.measured.Seconds(), 1) < usualRequests {
		p.sampleEvery = 1
	}
	return p
}

// look returns the time in which a run looks once at a rate.
func look(rate float64) sim.Time { return sim.Nanoseconds(lookRequests / rate * 1e9) }

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

// settle finds the warm-up: it runs the architecture from empty until MSER-5 finds the end of the warm-up in the first half of the
// pilot, as the rule demands to be trusted. The pilot does not take much more work than the run that it is for.
func settle(ctx context.Context, a *models.Architecture, rate float64) plan {
	p := plan{}
	least := settling(a, rate)
	t := newPilot(a, max(min(max(sim.Nanoseconds(pilotRequests/rate*1e9), least)/pilotSteps, farthest/pilotSteps), 1))
	most := max(min(max(planned(a, rate), pilotEnough), pilotMost), least.Seconds()*rate)
	var cut int
	for n := max(pilotRequests, least.Seconds()*rate); ; n *= 2 {
		p.saturated = t.goOn(ctx)
		cut = max(mser5(t.present), mser5(t.instances))
		if t.filling && 2*n > most && most < pilotMost { // only a longer pilot tells whether that ends
			most = pilotMost
		}
		if cut <= len(t.present)/2 && !t.filling || 2*n > most || p.saturated || 2*t.step > farthest/pilotSteps || ctx.Err() != nil {
			break
		}
		t.thinOut()
	}
	if p.saturated = p.saturated || t.filling; !p.saturated {
		p.residence = t.residence()
		if t.instances != nil { // what waited for instances to start says little of how long requests take
			p.residence = min(p.residence, mostForBatches/rate/residences)
			p.unsettled = cut > len(t.present)/2
		}
	}
	if p.warmup = max(t.step*sim.Time(cut), sim.Nanoseconds(5*p.residence*1e9)); p.unsettled {
		p.warmup = least / 2 // as long as instances take to come and to go: they may go up and down for ever
	}
	if !a.Run.Warmup.Auto {
		p.warmup = sim.Time(a.Run.Warmup.For)
	}
	t.b.Sim.Discard()
	t.b.Empty() // the run that it is for needs the memory
	return p
}

// planned returns how many requests all replications are to measure, at the least.
func planned(a *models.Architecture, rate float64) float64 {
	n := float64(usualRequests)
	switch {
	case a.Run.Duration > 0:
		n = a.Run.Duration.Seconds() * rate
	case a.Run.Requests > 0:
		n = float64(a.Run.Requests)
	case len(a.Events) > 0:
		over, _ := a.LastEvent()
		n = 2 * over.Seconds() * rate
	}
	return n * float64(a.Run.Replications)
}

// pilot is a run from empty, on random numbers of its own, that samples the number in flight, messages included.
type pilot struct {
	b         *models.Builder
	step      sim.Time // from sample to sample
	present   []float64
	instances []float64 // of nodes where they follow the load
	growth    growthTest
	filling   bool // the queues grow, but perhaps only since it began empty
}

func newPilot(a *models.Architecture, step sim.Time) *pilot {
	return &pilot{b: a.Build(models.Options{Seed: uint64(a.Run.Seed), Replication: math.MaxUint64}), step: step}
}

// goOn takes samples until there are pilotSteps, and tells whether it found that the queues only grow.
func (t *pilot) goOn(ctx context.Context) bool {
	for len(t.present) < pilotSteps && ctx.Err() == nil {
		t.b.Sim.RunUntil(t.b.Sim.Now() + t.step)
		waiting, working := t.b.Messages() // a request that is answered may have left work behind
		t.present = append(t.present, float64(t.b.Sim.InFlight()+waiting+working))
		if n := t.b.Following(); n > 0 {
			t.instances = append(t.instances, float64(n))
		}
		if t.b.Growing() { // what waits is what the new instances are for
			t.growth = growthTest{}
		} else if growing := t.growth.observe(t.b); growing && !t.young() {
			return true
		} else {
			t.filling = growing
		}
	}
	return false
}

// What tells queues that only grow from those of a fleet that began empty. Queues of many small machines that nobody balances fill up
// over many times the length of the work: at 70% use of a core within about 1/(1 − √0.7)² = 37 times (Abate and Whitt, "Transient behavior of the M/M/1
// queue: starting at the origin", Queueing Systems 2, 1987).
const (
	youth     = 50  // times the work of a request
	fullFleet = .95 // use of all servers of a resource: it is not the emptiness at the beginning that lets its queues grow
)

// young tells whether the pilot is too short for growing queues to mean anything: no resource as a whole is full, and it has lasted only a few
// times as long as the work of a request takes.
func (t *pilot) young() bool {
	work, now := 0.0, float64(t.b.Sim.Now())
	for i, rs := range t.b.Resources {
		for _, r := range rs {
			busy, servers := 0.0, 0.0
			for _, st := range r.Spoken() {
				busy += st.Stats().Busy
				servers += float64(st.Servers())
			}
			if t.b.Bounds(i, r) && busy >= fullFleet*servers*now {
				return false
			}
			work += busy
		}
	}
	ended := float64(t.b.Sim.Totals.Requests) - float64(t.b.Sim.InFlight())
	return now < youth*work/max(ended, 1)
}

// thinOut keeps every other sample: with as many again, twice as far apart, the run will be twice as long.
func (t *pilot) thinOut() {
	t.step *= 2
	for _, samples := range []*[]float64{&t.present, &t.instances, &t.growth.waiting, &t.growth.requests} {
		half := (*samples)[:0]
		for i := 1; i < len(*samples); i += 2 {
			half = append(half, (*samples)[i])
		}
		*samples = half
	}
}

// residence returns the mean time of a request in seconds, by Little's law; 0 if none has ended.
func (t *pilot) residence() float64 {
	s := t.b.Sim
	ended := float64(s.Totals.Requests) - float64(s.InFlight())
	if ended == 0 {
		return 0
	}
	sum := 0.0
	for _, n := range t.present {
		sum += n
	}
	return sum / float64(len(t.present)) * s.Now().Seconds() / ended
}

// mser5 returns how many of the first samples to leave out: the truncation, in batches of five, that minimizes the standard error of
// the mean of the rest (White, Cobb and Spratt, "A comparison of five steady-state truncation heuristics for simulation", WSC 2000).
func mser5(samples []float64) int {
	n := len(samples) / 5
	if n < 4 {
		return 0
	}
	batch := make([]float64, n)
	for i := range batch {
		for _, x := range samples[5*i : 5*i+5] {
			batch[i] += x / 5
		}
	}
	best, at := math.Inf(1), 0
	sum, squares := 0.0, 0.0
	for d := n - 1; d >= 0; d-- {
		sum += batch[d]
		squares += batch[d] * batch[d]
		k := float64(n - d)
		if k < 5 { // the last few always agree with each other
			continue
		}
		if e := max(squares-sum*sum/k, 0) / (k * k); e <= best {
			best, at = e, d
		}
	}
	return 5 * at
}

// growthTest establishes that queues only grow: over the second half of what was observed, in 20 batches, the number waiting must have
// grown by 6 standard errors of its mean step from batch to batch and by at least a hundredth of the arrivals, and a thousand must wait.
// A queue that is only long does not pass: without drift the mean step of a random walk is within 6 of its standard errors.
type growthTest struct {
	waiting  []float64
	requests []float64
}

const growthBatches = 20

// observe adds an observation and tells whether the queues only grow; observations must be equally far apart in time.
func (g *growthTest) observe(b *models.Builder) bool {
	g.waiting = append(g.waiting, float64(b.Waiting()))
	g.requests = append(g.requests, float64(b.Sim.Totals.Requests))
	last := len(g.waiting) - 1
	size := last / 2 / growthBatches // of a batch
	if size == 0 || g.waiting[last] < 1000 {
		return false
	}
	first := last - size*growthBatches
	mean := (g.waiting[last] - g.waiting[first]) / growthBatches
	variance := 0.0
	for i := first; i < last; i += size {
		d := g.waiting[i+size] - g.waiting[i] - mean
		variance += d * d / (growthBatches - 1)
	}
	arrived := g.requests[last] - g.requests[first]
	return mean > 6*math.Sqrt(variance/growthBatches) && mean*growthBatches > arrived/100
}
