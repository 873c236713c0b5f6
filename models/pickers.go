package models

import (
	"math"

	"headroom/sim"
)

// picker chooses the target that takes a call. Each instance of a balancer has its own, which knows only what it sent itself, as real
// ones do. A pick takes a time that does not grow with the number of targets, but for the logarithm of leastTime and the first period
// of smoothRoundRobin.
type picker interface {
	// pick returns the number of a target, or nobody.
	pick(c *sim.Call) int
	// answered tells that a target answered a call after the time took.
	answered(target int, took sim.Time, ok bool)
}

// nobody is no target: none is alive.
const nobody = -1

// roundRobin takes one after the other.
type roundRobin struct{ n, next int }

func (p *roundRobin) pick(*sim.Call) int {
	i := p.next
	if p.next++; p.next == p.n {
		p.next = 0
	}
	return i
}

func (*roundRobin) answered(int, sim.Time, bool) {}

// atRandom draws from so many.
type atRandom int

func (p atRandom) pick(c *sim.Call) int { return c.Rand.Intn(int(p)) }

func (atRandom) answered(int, sim.Time, bool) {}

// weightedRandom draws in proportion to the weights.
type weightedRandom struct{ *sim.Alias }

func newWeightedRandom(weights []float64) weightedRandom {
	a, err := sim.NewAlias(weights)
	if err != nil {
		panic("models: checked weights are refused: " + err.Error())
	}
	return weightedRandom{a}
}

func (p weightedRandom) pick(c *sim.Call) int { return p.Draw(&c.Rand) }

func (weightedRandom) answered(int, sim.Time, bool) {}

// byClient hashes the client, so that each keeps its target.
type byClient struct {
	sim      *sim.Sim
	n        int
	numbered []int32 // of all targets; nil: there are no others
}

// pick hashes again where the target is none of these, so that only the clients of targets that are missing go elsewhere, as in nginx.
func (p *byClient) pick(c *sim.Call) int {
	r := sim.NewRand(sim.Mix(c.Request.Client, clientSalt))
	if p.numbered == nil {
		return r.Intn(p.n)
	}
	for {
		if i := p.numbered[r.Intn(len(p.numbered))]; i != nobody {
			return int(i)
		}
	}
}

const clientSalt = 0x1b873593cc9e2d51

func (*byClient) answered(int, sim.Time, bool) {}

// smoothRoundRobin is nginx's weighted round robin: every pick adds each target's weight to its credit, takes the one with the most,
// and takes the sum of the weights off its credit. With whole weights the order repeats after as many picks as they add up to, and is
// replayed from then on.
type smoothRoundRobin struct {
	weights, credit []float64
	sum             float64
	period          int // 0: does not repeat, or too late to be kept
	order           []int32
	next            int
}

const longestPeriod = 1 << 20

func newSmoothRoundRobin(weights []float64) *smoothRoundRobin {
	p := &smoothRoundRobin{weights: weights, credit: make([]float64, len(weights))}
	whole := true
	for _, w := range weights {
		p.sum += w
		whole = whole && w == math.Trunc(w)
	}
	if whole && p.sum <= longestPeriod {
		p.period = int(p.sum)
	}
	return p
}

func (p *smoothRoundRobin) pick(*sim.Call) int {
	if p.period == 0 {
		return p.step()
	}
	if len(p.order) < p.period {
		p.order = append(p.order, int32(p.step()))
		return int(p.order[len(p.order)-1])
	}
	i := p.order[p.next]
	if p.next++; p.next == p.period {
		p.next = 0
	}
	return int(i)
}

func (p *smoothRoundRobin) step() int {
	best := 0
	for i, w := range p.weights {
		if p.credit[i] += w; p.credit[i] > p.credit[best] {
			best = i
		}
	}
	p.credit[best] -= p.sum
	return best
}

func (*smoothRoundRobin) answered(int, sim.Time, bool) {}
