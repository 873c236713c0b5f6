package sim

// Contention is what cores at work cost each other: n of them do the work of n / (1 + σ(n-1) + κn(n-1)), σ being what they queue for and
// κ what they tell each other (the universal scalability law: Gunther, Guerrilla Capacity Planning, 2007, ch. 4-6). A core knows no n
// that is not there: whenever one more begins or ends its work, the speed of all changes, also for what they have begun.
type Contention struct{ Sigma, Kappa float64 }

// Speed is that of each of n busy cores, 1 where one is alone. Without contention, nil, it always is.
func (k *Contention) Speed(n int32) float64 {
	if k == nil || n <= 1 {
		return 1
	}
	others := float64(n - 1)
	return 1 / (1 + k.Sigma*others + k.Kappa*float64(n)*others)
}

// contended serves as many as there are cores, all at the speed that contention, and what events do, leave them.
type contended struct {
	pace
	station *Station
}

// speed is that of so many busy cores.
func (p *contended) speed(busy int32) float64 { return p.station.contention.Speed(busy) * p.tempo }

// start begins, or resumes, the service of a call that is counted among the busy already.
func (p *contended) start(c *Call) {
	st := p.station
	p.advance(p.speed(st.busy - 1))
	p.begin(c, p.sim.now)
	p.schedule(p.speed(st.busy))
}

// fire ends the service of the call that has had what it needs.
func (p *contended) fire() {
	st := p.station
	p.advance(p.speed(st.busy))
	c, begun := p.end()
	c.work = p.sim.now - begun // the time that it held a core
	st.end(c)
	p.schedule(p.speed(st.busy))
	c.state = idle
	p.sim.resume(c)
}

// interrupt takes a call off its core. It returns how long it was there, and what it still needs at full speed.
func (p *contended) interrupt(c *Call) (done, left Time) {
	p.advance(p.speed(p.station.busy))
	left, begun := p.pace.interrupt(c)
	return p.sim.now - begun, left
}
