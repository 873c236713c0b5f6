package sim

// pace is service at a speed that changes with those present and is the same for all of them. It keeps virtual time, the service that a
// call present all along would have had: a call that comes at virtual time v and needs work w ends when virtual time is v+w, so that a
// heap of ends suffices and coming and going cost O(log n). The speed is handed in by whoever knows it: before every change of it, advance
// takes the old one, and after it, schedule takes the new one.
type pace struct {
	sim     *Sim
	handler uint32  // of the station
	timer   *Call   // waits for the next end
	tempo   float64 // that events leave of the speed: 1 usually, 0 where nothing moves
	virtual float64
	since   Time
	heap    []ending
}

type ending struct {
	at    float64 // virtual
	id    uint32
	begun Time // whatever clock its station has for what a service took
}

func newPace(st *Station) pace {
	return pace{sim: st.sim, handler: st.id, timer: st.sim.Timer(), tempo: 1}
}

// advance brings virtual time up to now.
func (p *pace) advance(speed float64) {
	now := p.sim.now
	if len(p.heap) == 0 {
		p.virtual = 0 // nobody remembers it: start anew, at full precision
	} else {
		p.virtual += float64(now-p.since) * speed
	}
	p.since = now
}

// begin lets the service of a call begin, which needs c.work. begun comes back when it ends.
func (p *pace) begin(c *Call, begun Time) {
	c.state = inService
	c.due = Never // it no longer gives up
	p.push(ending{p.virtual + float64(c.work), c.ID, begun})
}

// schedule waits for the next end, which every coming and going moves. The clock is rounded up, so that the end is reached.
func (p *pace) schedule(speed float64) {
	s := p.sim
	if len(p.heap) == 0 || speed == 0 {
		s.Revoke(p.timer)
		return
	}
	left := (p.heap[0].at - p.virtual) / speed
	d := Time(0)
	if left > 0 {
		d = Nanoseconds(left + 0.5)
	}
	if p.timer.due != s.now+d {
		s.After(p.timer, p.handler, d)
	}
}

// end takes out the call that has had what it needs.
func (p *pace) end() (c *Call, begun Time) {
	e := p.pop()
	return p.sim.calls.at(e.id), e.begun
}

// interrupt takes out a call and returns what it still needs. It looks through those in service, who are as many as there are cores.
func (p *pace) interrupt(c *Call) (left, begun Time) {
	for i, e := range p.heap {
		if e.id != c.ID {
			continue
		}
		k := len(p.heap) - 1
		last := p.heap[k]
		if p.heap = p.heap[:k]; i < k {
			p.heap[p.sink(p.rise(i, last.at), last.at)] = last
		}
		return max(Nanoseconds(e.at-p.virtual), 0), e.begun
	}
	panic("sim: a call in service has no end")
}

func (p *pace) push(e ending) {
	p.heap = append(p.heap, e)
	p.heap[p.rise(len(p.heap)-1, e.at)] = e
}

func (p *pace) pop() ending {
	first := p.heap[0]
	k := len(p.heap) - 1
	last := p.heap[k]
	p.heap = p.heap[:k]
	if k > 0 {
		p.heap[p.sink(0, last.at)] = last
	}
	return first
}

// rise makes room for an end at i, or above it, and returns where.
func (p *pace) rise(i int, at float64) int {
	for i > 0 {
		up := (i - 1) / 2
		if p.heap[up].at <= at {
			break
		}
		p.heap[i] = p.heap[up]
		i = up
	}
	return i
}

// sink makes room for an end at i, or below it, and returns where.
func (p *pace) sink(i int, at float64) int {
	for {
		down := 2*i + 1
		if down >= len(p.heap) {
			return i
		}
		if down+1 < len(p.heap) && p.heap[down+1].at < p.heap[down].at {
			down++
		}
		if at <= p.heap[down].at {
			return i
		}
		p.heap[i] = p.heap[down]
		i = down
	}
}
