package models

import (
	"math"

	"headroom/sim"
)

// gradient is a limit on the visits to an instance at once that follows their latency: the gradient controller of Envoy's adaptive
// concurrency filter, after Netflix's concurrency-limits (Gradient). From time to time it lets only a few in, to learn how long a visit takes
// that hardly waits. With that, after each window of answers,
//
//	limit = limit × least · (1 + buffer) / mean latency in the window + √limit
//
// the factor being at least ½ and at most 2, and √limit the queue that is allowed to stand and lets the limit grow. Where c cores serve, and a
// visit takes S, a limit of L is a latency of L·S/c, so that the limit comes to rest at L = (1 + buffer)·c + √L.
//
// It differs from Netflix's Gradient2, which compares with a long average in place of the least latency: under a load that stays too high that
// average follows the overload, and the limit creeps up to its maximum.
type gradient struct {
	sim      *sim.Sim
	limit    float64
	inFlight int32
	least    float64 // nanoseconds, when last measured

	measuring bool
	kept      float64  // the limit meanwhile
	since     sim.Time // the visits that count came since
	next      sim.Time // when it is measured again
	rand      sim.Rand // of the moments when it is

	sum float64 // of the latencies in the window, in nanoseconds
	n   int
	end sim.Time // of the window, at the earliest

	area float64 // integral of the limit over the measured time, in nanoseconds
	at   sim.Time
	in   int64 // let in, in the measured time
	out  int64 // turned away
}

// The constants are Envoy's defaults; a window has some answers at least, as at Netflix.
const (
	fewest        = 3 // visits that are let in while the least latency is measured, and the lowest limit
	highestLimit  = 1000
	leastAnswers  = 50 // that measure the least latency
	measuredEvery = 30e9
	measureJitter = .15 // so that not all instances measure at the same time
	windowLength  = sim.Time(100e6)
	windowAnswers = 10
	buffer        = .25
)

// gradients makes one for each instance of a node; nil where nobody sheds by it.
func (m *Machine) gradients(b *Builder, name string, instances int) []*gradient {
	if m.Shed.Name != "gradient" {
		return nil
	}
	if b.gradients == nil {
		b.gradients = map[uint32][]*gradient{}
	}
	var all []*gradient
	for i := range instances {
		g := &gradient{sim: b.Sim, rand: sim.NewRand(b.Sim.Stream(sim.Mix(id64(name)^gradientStream, uint64(i))))}
		g.begin()
		all = append(all, g)
	}
	b.gradients[b.ID(name)] = all
	return all
}

const gradientStream = 0x94d049bb133111eb

// begin knows nothing, and measures first.
func (g *gradient) begin() {
	g.account()
	g.inFlight, g.limit, g.least = 0, fewest, 0
	g.measure()
}

// measure lets only a few in, to see how long a visit takes without a queue.
func (g *gradient) measure() {
	g.account()
	g.measuring, g.kept, g.limit = true, g.limit, fewest
	g.since, g.sum, g.n = g.sim.Now(), 0, 0
}

// admit tells whether a visit is let in; each that is leaves, or is answered.
func (g *gradient) admit() bool {
	if now := g.sim.Now(); !g.measuring && now >= g.next {
		g.measure()
	}
	if float64(g.inFlight) >= math.Floor(g.limit) {
		g.out++
		return false
	}
	g.in++
	g.inFlight++
	return true
}

// leave ends a visit whose latency says nothing: it was turned away.
func (g *gradient) leave() { g.inFlight-- }

// answered ends a visit. What failed may have done so at once, and what timed out took long: only the former does not count.
func (g *gradient) answered(arrived sim.Time, o sim.Outcome) {
	g.leave()
	now := g.sim.Now()
	if o != sim.OK && o != sim.TimedOut || arrived < g.since {
		return
	}
	g.sum += float64(now - arrived)
	g.n++
	switch {
	case g.measuring && g.n == leastAnswers:
		g.account()
		g.least, g.limit, g.measuring = g.sum/leastAnswers, g.kept, false
		g.next = now + sim.Nanoseconds(measuredEvery*(1+measureJitter*g.rand.Float64()))
	case !g.measuring && g.n >= windowAnswers && now >= g.end:
		g.account()
		g.limit = nextLimit(g.limit, g.least, g.sum/float64(g.n))
	default:
		return
	}
	g.sum, g.n, g.end = 0, 0, now+windowLength
}

// nextLimit is the law.
func nextLimit(limit, least, latency float64) float64 {
	factor := 2.
	if latency > 0 {
		factor = min(max(least*(1+buffer)/latency, .5), 2)
	}
	return min(max(limit*factor+math.Sqrt(limit), fewest), highestLimit)
}

func (g *gradient) account() {
	now := g.sim.Now()
	g.area += g.limit * float64(now-g.at)
	g.at = now
}

// GradientStats is what the gradients of a node's instances did in the measured time.
type GradientStats struct {
	Limit             float64 // the mean, over time and the instances that somebody came to, of how many are let in at once
	LetIn, TurnedAway int64
}

// GradientStats returns what a node's gradients have done up to now; nothing where there are none, or nobody came.
func (b *Builder) GradientStats(node uint32) GradientStats {
	var s GradientStats
	asked := 0
	for _, g := range b.gradients[node] {
		if g.in+g.out > 0 {
			g.account()
			s.Limit += g.area / float64(b.Sim.Now()-b.begun)
			asked++
		}
		s.LetIn, s.TurnedAway = s.LetIn+g.in, s.TurnedAway+g.out
	}
	s.Limit /= float64(max(asked, 1))
	return s
}

// refuseGradient reports a gradient of a kind that has no visits to limit by it.
func (m *Machine) refuseGradient(c *Check, path, kind string) {
	if m.Shed.Name == "gradient" && !c.Wrong(path+".shed") {
		c.Errorf(path+".shed", "`gradient` follows the latency of what a server, a database or a load-balancer does: a %s knows `codel` and `adaptive-lifo`", kind)
	}
}
