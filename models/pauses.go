package models

import (
	"headroom/internal/strict"
	"headroom/sim"
)

// Pauses are when nothing moves at an instance, again and again: garbage collection, a noisy neighbour.
type Pauses struct {
	Every Time `key:"every" required:"true" doc:"from the end of a pause to the beginning of the next, for each instance on its own, such as exp(30s)"`
	For   Time `key:"for" required:"true" doc:"how long a pause lasts"`
}

// Describe says what is being read, for errors.
func (*Pauses) Describe() string { return "pauses such as {every: exp(30s), for: 200ms}" }

func (p *Pauses) check(c *Check, path string) {
	if p == nil || c.Wrong(path) {
		return
	}
	if p.Every.Mean() < float64(leastChecks) {
		c.Errorf(path+".every", "`every` must be at least %s on average", leastChecks)
	}
	if p.For.Mean() == 0 {
		c.Errorf(path+".for", "`for` must be above 0")
	}
}

// pausing is a component whose instances pause by themselves.
type pausing interface{ pauses() *Pauses }

// pauses implements pausing.
func (m *Machine) pauses() *Pauses { return m.Pauses }

// pausesOf returns when the instances of a node pause, nil for never.
func pausesOf(n strict.Pair[Node]) *Pauses {
	if k, ok := n.Value.Component.(pausing); ok {
		return k.pauses()
	}
	return nil
}

// rest prepares the nodes that pause by themselves, before any node is built.
func (a *Architecture) rest(b *Builder) {
	for _, n := range a.Nodes {
		if pausesOf(n) != nil {
			a.life(b, n.Key).canPause(b, n.Key)
		}
	}
}

// tire lets their pauses come, from the beginning on.
func (a *Architecture) tire(b *Builder) {
	for i, n := range a.Nodes {
		if p := pausesOf(n); p != nil {
			k := &pauser{sim: b.Sim, life: b.lives[i], every: &p.Every.Dist, lasts: &p.For.Dist}
			k.handler = b.Sim.Handle(k)
			for instance := range b.lives[i].deaths {
				k.add(b.Sim.Stream(sim.Mix(id64(n.Key)^pauseSalt, uint64(instance))))
			}
		}
	}
}

const pauseSalt = 0x94d049bb133111eb

// pauser lets the instances of a node pause, each at times of its own.
type pauser struct {
	sim          *sim.Sim
	life         *mortal
	handler      uint32
	every, lasts *sim.Dist
	rands        []sim.Rand // by instance
	pausing      []bool
}

// add lets one more instance pause, at times that come from a random stream of its own.
func (k *pauser) add(stream uint64) {
	timer := k.sim.Timer()
	timer.Aux = uint32(len(k.rands))
	k.rands, k.pausing = append(k.rands, sim.NewRand(stream)), append(k.pausing, false)
	k.wait(timer, k.every)
}

func (k *pauser) wait(timer *sim.Call, d *sim.Dist) {
	k.sim.After(timer, k.handler, max(sim.Nanoseconds(d.Draw(&k.rands[timer.Aux])), 1))
}

// Fire implements sim.Handler: a pause of an instance begins, or ends.
func (k *pauser) Fire(timer *sim.Call) {
	i := timer.Aux
	instance := []int32{int32(i)}
	if k.pausing[i] = !k.pausing[i]; k.pausing[i] {
		k.life.pause(instance)
		k.wait(timer, k.lasts)
		return
	}
	k.life.goOn(instance)
	k.wait(timer, k.every)
}
