package models

import (
	"headroom/internal/units"
	"headroom/sim"
)

// HealthCheck is how a balancer learns that an instance is down, and that it is back.
type HealthCheck struct {
	Every units.Duration `key:"every" default:"5s" doc:"from one check of an instance to the next; each instance of the balancer begins at a moment of its own"`
	Fails units.Count    `key:"fails" default:"2" doc:"checks in a row that an instance must fail to be taken out; the first that it passes brings it back"`
}

// Describe says what is being read, for errors.
func (*HealthCheck) Describe() string { return "a health check such as {every: 5s, fails: 2}" }

const (
	mostFails   = 1_000
	leastChecks = units.Millisecond // from one to the next
)

func (h *HealthCheck) check(c *Check, path string) {
	if h.Every < leastChecks {
		c.Errorf(path+".every", "`every` must be at least %s", leastChecks)
	}
	if h.Fails < 1 || h.Fails > mostFails {
		c.Errorf(path+".fails", "`fails` must be from 1 to %s", units.Count(mostFails))
	}
}

// watch lets the instances of a balancer check the targets that events strike, if there are such.
func (b *Balancer) watch(in *Builder, n *balancer, name string, weights []float64, regions []int) {
	var lives []*mortal // by target
	strikes := in.a.parts()
	for _, t := range b.To.Ordered {
		life := in.lives[in.ID(t.Key)]
		strikes = strikes || life != nil
		for range in.Instances[in.ID(t.Key)] {
			lives = append(lives, life)
		}
		if life != nil {
			life.watching = append(life.watching, n)
		}
	}
	if !strikes {
		return
	}
	in.apart = append(in.apart, n)
	n.newPicker = func() picker {
		number := uint64(len(n.rosters))
		r := &roster{
			sim: in.Sim, check: b.Health, targets: n.targets, lives: lives, weights: weights, timer: in.Sim.Timer(),
			make: n.make, region: in.place(name, int(number)), regions: regions,
		}
		start := sim.NewRand(in.Sim.Stream(sim.Mix(id64(name), number)))
		r.phase = sim.Time(start.Intn(int(b.Health.Every)))
		r.handler = in.Sim.Handle(r)
		n.rosters = append(n.rosters, r)
		r.begin()
		return r
	}
}

// changed implements watcher.
func (n *balancer) changed() {
	for _, r := range n.rosters {
		r.changed()
	}
}

// roster is which targets an instance of a balancer takes for alive, and the picker that chooses from these. It looks at them only while
// there is something that it has not learned: checks that change nothing are not simulated.
type roster struct {
	picker
	sim      *sim.Sim
	check    HealthCheck
	phase    sim.Time // of the checks
	handler  uint32
	timer    *sim.Call
	checking bool
	make     func(weights []float64, numbered []int32) picker
	targets  []target
	lives    []*mortal // by target, as all that follows; nil: it never dies
	weights  []float64
	out      []bool
	failed   []int32 // checks in a row
	under    []int32 // calls under way
	number   []int32 // in the picker, or nobody
	chosen   []int32 // target, by number in the picker
	region   int     // where the instance of the balancer is, or anywhere
	regions  []int   // of the targets, or anywhere
}

// begin knows nothing of any target.
func (r *roster) begin() {
	n := len(r.targets)
	r.out, r.failed, r.under = make([]bool, n), make([]int32, n), make([]int32, n)
	r.picker, r.number = nil, nil
	r.choose()
	r.changed()
}

// pick implements picker.
func (r *roster) pick(c *sim.Call) int {
	if len(r.chosen) == 0 {
		return nobody
	}
	i := r.picker.pick(c)
	if i == nobody {
		return nobody
	}
	t := r.chosen[i]
	r.under[t]++
	return int(t)
}

func (r *roster) answered(target int, took sim.Time, ok bool) {
	r.under[target]--
	if i := r.number[target]; i != nobody {
		r.picker.answered(int(i), took, ok)
	}
}

// exists tells whether there is such a target now.
func (r *roster) exists(target int) bool {
	return r.lives[target] == nil || r.lives[target].exists(r.targets[target].instance)
}

// alive tells whether a target would pass a check now: in a pause it does not answer.
func (r *roster) alive(target int) bool {
	if r.regions != nil && r.region != anywhere && r.regions[target] != anywhere && r.sim.Severed(r.region, r.regions[target]) {
		return false
	}
	return r.lives[target] == nil || r.lives[target].answers(r.targets[target].instance)
}

// changed looks anew which targets there are, which one learns at once, and sees to it that those are checked that died or are back.
func (r *roster) changed() {
	same := true
	for t := range r.targets {
		same = same && (r.number[t] != nobody) == (r.exists(t) && !r.out[t])
	}
	if !same {
		r.choose()
	}
	if r.checking || r.settled() {
		return
	}
	every := sim.Time(r.check.Every)
	r.checking = true
	r.sim.After(r.timer, r.handler, every-(r.sim.Now()-r.phase+every)%every)
}

// settled tells that checks would change nothing.
func (r *roster) settled() bool {
	for t := range r.targets {
		if r.alive(t) == r.out[t] && r.exists(t) || r.failed[t] > 0 && !r.out[t] {
			return false // it died, or is back, or has failed a check and is back
		}
	}
	return true
}

// Fire implements sim.Handler: the targets are checked.
func (r *roster) Fire(*sim.Call) {
	for t := range r.targets {
		switch {
		case r.alive(t) || !r.exists(t):
			r.out[t], r.failed[t] = false, 0
		default:
			r.failed[t]++
			r.out[t] = r.out[t] || r.failed[t] >= int32(r.check.Fails)
		}
	}
	r.checking = false
	r.changed()
}

// choose makes the picker anew, for the targets that are not out. What the one before knew of them is not forgotten.
func (r *roster) choose() {
	was, before := r.number, r.picker
	r.number, r.chosen = make([]int32, len(r.targets)), nil
	var weights []float64
	var under, old []int32
	for t := range r.targets {
		if r.number[t] = nobody; r.out[t] || !r.exists(t) {
			continue
		}
		r.number[t] = int32(len(r.chosen))
		r.chosen = append(r.chosen, int32(t))
		weights, under = append(weights, r.weights[t]), append(under, r.under[t])
		if was != nil {
			old = append(old, was[t])
		}
	}
	if len(r.chosen) == 0 {
		r.picker = nil
		return
	}
	r.picker = r.make(weights, r.number)
	if heir, ok := r.picker.(heir); ok {
		heir.inherit(before, old, under)
	}
}

// heir is a picker that goes by what happened before.
type heir interface {
	// inherit takes over how many calls are under way to each target. It may ask the picker before it, nil if there was none, in which
	// the targets had the numbers was, or nobody.
	inherit(before picker, was, under []int32)
}

func (p *leastConnections) inherit(_ picker, _, under []int32) {
	for t, n := range under {
		for range n {
			p.of(t).add(p.member[t])
		}
	}
}

func (p *powerOfChoices) inherit(_ picker, _, under []int32) { copy(p.under, under) }

func (p *leastTime) inherit(before picker, was, under []int32) {
	copy(p.under, under)
	if old, ok := before.(*leastTime); ok {
		for t, i := range was {
			if i != nobody {
				p.mean[t] = old.mean[i]
			}
		}
	}
	for t := range p.under {
		p.replay(t)
	}
}
