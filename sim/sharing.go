package sim

// sharing serves everybody at once: n calls share c cores, each at the rate min(1, c/n) (Kleinrock, Queueing Systems II, 1976,
// ch. 4), times what contention leaves of the speed.
type sharing struct {
	pace
	station *Station
	present int32
	timed   bool    // the speed changes not with the number present alone
	cores   float64 // then: the time on a core that a call present all along would have had
}

func newSharing(st *Station) *sharing {
	return &sharing{pace: newPace(st), station: st, timed: st.contention != nil}
}

// share is the part of a core that each call has.
func (p *sharing) share() float64 {
	if p.present <= p.station.servers {
		return 1
	}
	return float64(p.station.servers) / float64(p.present)
}

// rate is the speed of each call's service.
func (p *sharing) rate() float64 {
	if k := p.station.contention; k != nil {
		return p.share() * k.Speed(p.station.busy) * p.tempo
	}
	return p.share() * p.tempo
}

func (p *sharing) advance() {
	switch {
	case !p.timed:
	case p.present == 0:
		p.cores = 0
	default:
		p.cores += float64(p.sim.now-p.since) * p.share()
	}
	p.pace.advance(p.rate())
}

// count sets the numbers at work and waiting; those beyond the cores count as waiting.
func (p *sharing) count(d int32) {
	p.present += d
	st := p.station
	busy := min(p.present, st.servers)
	st.count(busy, p.present-busy)
}

func (p *sharing) enter(c *Call) {
	p.advance()
	p.begin(c, Time(p.cores))
	p.count(1)
	p.schedule(p.rate())
}

// fire ends the service of the call that has had what it needs.
func (p *sharing) fire() {
	st := p.station
	s := st.sim
	p.advance()
	c, begun := p.end()
	p.count(-1)
	p.schedule(p.rate())
	st.leave()
	c.state = idle
	if p.timed {
		c.work = Time(p.cores) - begun
	}
	st.resource.served(s, c, max(s.now-c.since-c.work, 0))
	st.resource.finished(s, c, c.work)
	s.resume(c)
}
