package sim

// sharing serves everybody at once: n calls share c cores, each at the rate min(1, c/n) (Kleinrock, Queueing Systems II, 1976,
// ch. 4). It keeps virtual time, the service that a call present all along would have had: a call that comes at virtual time v and
// needs work w ends when virtual time is v+w, so that a heap of ends suffices and coming and going cost O(log n).
type sharing struct {
	station *Station
	timer   *Call // waits for the next end
	virtual float64
	since   Time
	heap    []sharer
	present int32
}

type sharer struct {
	end float64 // virtual
	id  uint32
}

func newSharing(st *Station) *sharing {
	return &sharing{station: st, timer: st.sim.Timer()}
}

// rate is the speed of each call's service.
func (p *sharing) rate() float64 {
	if p.present <= p.station.servers {
		return 1
	}
	return float64(p.station.servers) / float64(p.present)
}

// advance brings virtual time up to now.
func (p *sharing) advance() {
	now := p.station.sim.now
	if p.present == 0 {
		p.virtual = 0 // nobody remembers it: start anew, at full precision
	} else {
		p.virtual += float64(now-p.since) * p.rate()
	}
	p.since = now
}

// count sets the numbers at work and waiting; those beyond the cores count as waiting.
func (p *sharing) count(d int32) {
	p.present += d
	st := p.station
	st.busy = min(p.present, st.servers)
	st.waiting = p.present - st.busy
	st.stats.MaxWaiting = max(st.stats.MaxWaiting, int64(st.waiting))
}

func (p *sharing) enter(c *Call) {
	p.advance()
	c.state = inService
	p.push(sharer{p.virtual + float64(c.work), c.ID})
	p.count(1)
	p.schedule()
}

// schedule waits for the next end, which every coming and going moves. The clock is rounded up, so that the end is reached.
func (p *sharing) schedule() {
	s := p.station.sim
	if p.present == 0 {
		s.Revoke(p.timer)
		return
	}
	left := (p.heap[0].end - p.virtual) / p.rate()
	d := Time(0)
	if left > 0 {
		d = Nanoseconds(left + 0.5)
	}
	if p.timer.due != s.now+d {
		s.After(p.timer, p.station.id, d)
	}
}

// fire ends the service of the call that has had what it needs.
func (p *sharing) fire() {
	st := p.station
	s := st.sim
	p.advance()
	c := s.calls.at(p.pop())
	p.count(-1)
	p.schedule()
	st.leave()
	c.state = idle
	st.resource.served(s, c, max(s.now-c.since-c.work, 0))
	st.resource.finished(s, c, c.work)
	s.nodes[c.Node].impl.Resume(c)
}

func (p *sharing) push(e sharer) {
	p.heap = append(p.heap, e)
	i := len(p.heap) - 1
	for i > 0 {
		up := (i - 1) / 2
		if p.heap[up].end <= e.end {
			break
		}
		p.heap[i] = p.heap[up]
		i = up
	}
	p.heap[i] = e
}

func (p *sharing) pop() uint32 {
	id := p.heap[0].id
	k := len(p.heap) - 1
	last := p.heap[k]
	p.heap = p.heap[:k]
	i := 0
	for {
		down := 2*i + 1
		if down >= k {
			break
		}
		if down+1 < k && p.heap[down+1].end < p.heap[down].end {
			down++
		}
		if last.end <= p.heap[down].end {
			break
		}
		p.heap[i] = p.heap[down]
		i = down
	}
	if k > 0 {
		p.heap[i] = last
	}
	return id
}
