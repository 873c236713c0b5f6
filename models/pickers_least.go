package models

import (
	"slices"

	"headroom/sim"
)

// connections counts the calls under way at some targets, and keeps the targets sorted by it: in buckets, one for each number.
type connections struct {
	members []member
	with    []bucket
	least   int32 // the first bucket that is not empty
}

type member struct {
	under int32 // calls under way
	place int32 // in its bucket
}

// bucket lists the members with so many calls under way.
type bucket []int32

func newConnections(members int) connections {
	k := connections{members: make([]member, members), with: make([]bucket, 1, 64)}
	for i := range members {
		k.members[i].place = int32(i)
		k.with[0] = append(k.with[0], int32(i))
	}
	return k
}

// add counts another call of a member.
func (k *connections) add(number int32) {
	m := &k.members[number]
	k.leave(m)
	if m.under++; int(m.under) == len(k.with) {
		k.with = append(k.with, nil)
	}
	k.join(m, number)
	if len(k.with[k.least]) == 0 {
		k.least = m.under // it was the last there
	}
}

// take is add for one of the members with the fewest calls, by its place among them. It returns which one that is.
func (k *connections) take(place int) int32 {
	idle := k.with[k.least]
	number := idle[place]
	last := len(idle) - 1
	idle[place] = idle[last]
	k.members[idle[last]].place = int32(place)
	k.with[k.least] = idle[:last]
	m := &k.members[number]
	if m.under = k.least + 1; int(m.under) == len(k.with) {
		k.with = append(k.with, nil)
	}
	k.join(m, number)
	if last == 0 { // it was the last there
		k.least = m.under
	}
	return number
}

// drop counts one call less.
func (k *connections) drop(number int32) {
	m := &k.members[number]
	k.leave(m)
	m.under--
	k.join(m, number)
	k.least = min(k.least, m.under)
}

// leave takes a member out of its bucket; the last there takes its place.
func (k *connections) leave(m *member) {
	from := &k.with[m.under]
	last := (*from)[len(*from)-1]
	(*from)[m.place], k.members[last].place = last, m.place
	*from = (*from)[:len(*from)-1]
}

// join puts a member at the end of the bucket where it belongs.
func (k *connections) join(m *member, number int32) {
	to := &k.with[m.under]
	m.place = int32(len(*to))
	*to = append(*to, number)
}

// leastConnections takes the target with the fewest calls under way for its weight, ties at random. Targets of one weight are counted
// together, so that a pick looks at as many numbers as there are different weights.
type leastConnections struct {
	groups []weightGroup
	group  []int32 // of a target
	member []int32 // which of its group's a target is
}

type weightGroup struct {
	connections
	weight  float64
	targets []int32 // by member
}

func newLeastConnections(weights []float64) picker {
	p := &leastConnections{group: make([]int32, len(weights)), member: make([]int32, len(weights))}
	for i, w := range weights {
		g := slices.IndexFunc(p.groups, func(g weightGroup) bool { return g.weight == w })
		if g < 0 {
			g = len(p.groups)
			p.groups = append(p.groups, weightGroup{weight: w})
		}
		p.group[i], p.member[i] = int32(g), int32(len(p.groups[g].targets))
		p.groups[g].targets = append(p.groups[g].targets, int32(i))
	}
	for g := range p.groups {
		p.groups[g].connections = newConnections(len(p.groups[g].targets))
	}
	return p
}

func (p *leastConnections) pick(c *sim.Call) int {
	g := &p.groups[0]
	if len(p.groups) > 1 {
		g = p.leastGroup(c)
	}
	idle := g.with[g.least]
	place := 0
	if len(idle) > 1 {
		place = c.Rand.Intn(len(idle))
	}
	return int(g.targets[g.take(place)])
}

// of returns the group that a target belongs to.
func (p *leastConnections) of(target int) *weightGroup {
	if len(p.groups) == 1 {
		return &p.groups[0]
	}
	return &p.groups[p.group[target]]
}

// leastGroup finds the group whose least loaded target has the fewest calls for its weight; of several, one at random in proportion to
// how many such targets they have.
func (p *leastConnections) leastGroup(c *sim.Call) *weightGroup {
	var best *weightGroup
	ties := 0
	for i := range p.groups {
		g := &p.groups[i]
		here := len(g.with[g.least])
		switch {
		case best == nil || float64(g.least)*best.weight < float64(best.least)*g.weight:
			best, ties = g, here
		case float64(g.least)*best.weight == float64(best.least)*g.weight:
			if ties += here; c.Rand.Intn(ties) < here {
				best = g
			}
		}
	}
	return best
}

func (p *leastConnections) answered(target int, _ sim.Time, _ bool) {
	p.of(target).drop(p.member[target])
}

// powerOfChoices draws some different targets and takes the one with the fewest calls under way, the first drawn of equals
// (Mitzenmacher, "The power of two choices in randomized load balancing", IEEE TPDS 12(10), 2001; here without replacement).
type powerOfChoices struct {
	under []int32 // calls under way
	order []int32 // of the targets, shuffled a little further by every pick
	draws int
}

func newPowerOfChoices(targets, choices int) *powerOfChoices {
	p := &powerOfChoices{under: make([]int32, targets), order: make([]int32, targets), draws: min(choices, targets)}
	for i := range p.order {
		p.order[i] = int32(i)
	}
	return p
}

func (p *powerOfChoices) pick(c *sim.Call) int {
	best := int32(-1)
	for i := range p.draws { // the first steps of a Fisher-Yates shuffle: a sample without replacement, whatever order it starts from
		j := i + c.Rand.Intn(len(p.order)-i)
		p.order[i], p.order[j] = p.order[j], p.order[i]
		if t := p.order[i]; best < 0 || p.under[t] < p.under[best] {
			best = t
		}
	}
	p.under[best]++
	return int(best)
}

func (p *powerOfChoices) answered(target int, _ sim.Time, _ bool) { p.under[target]-- }

// leastTime takes the target where a call may expect the least time: its mean response time, times the calls that would be under way.
// The mean is exponentially weighted, a tenth for the newest answer; a target that never answered counts as instant, so that each is
// tried. A tournament over the targets finds the least.
type leastTime struct {
	mean   []float64 // nanoseconds, by target; 0: no answer yet
	under  []int32   // calls under way
	winner []int32   // of the tournament: a binary tree with the targets as leaves, its root at 1
}

const newestAnswer = 0.1 // weight in the mean

func newLeastTime(targets int) *leastTime {
	p := &leastTime{mean: make([]float64, targets), under: make([]int32, targets), winner: make([]int32, 2*targets)}
	for i := range targets {
		p.winner[targets+i] = int32(i)
	}
	for i := targets - 1; i > 0; i-- {
		p.play(i)
	}
	return p
}

func (p *leastTime) expected(target int32) float64 {
	return max(p.mean[target], 1) * float64(p.under[target]+1)
}

// play decides the match of an inner node.
func (p *leastTime) play(node int) {
	a, b := p.winner[2*node], p.winner[2*node+1]
	if p.expected(b) < p.expected(a) {
		a = b
	}
	p.winner[node] = a
}

func (p *leastTime) replay(target int) {
	for node := (len(p.under) + target) / 2; node > 0; node /= 2 {
		p.play(node)
	}
}

func (p *leastTime) pick(*sim.Call) int {
	best := 0
	if len(p.under) > 1 {
		best = int(p.winner[1])
	}
	p.under[best]++
	p.replay(best)
	return best
}

func (p *leastTime) answered(target int, took sim.Time, ok bool) {
	p.under[target]--
	if ok { // a refusal is quick, and no reason to send more
		if p.mean[target] == 0 {
			p.mean[target] = float64(took)
		}
		p.mean[target] += newestAnswer * (float64(took) - p.mean[target])
	}
	p.replay(target)
}
