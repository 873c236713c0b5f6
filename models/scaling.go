package models

import (
	"math"
	"slices"

	"headroom/sim"
)

// tolerance is how far the load may be from the target, as a share of it, before the number of instances changes (Kubernetes' own).
const tolerance = 0.1

// scaler lets the instances of a node follow its load, by the rule of the Kubernetes Horizontal Pod Autoscaler: as many as bring each to
// its target, ⌈instances × load / target⌉, the load being the average since the last look, and those that start counting as idle. Fewer only
// when no more were wanted during the cooldown, and nothing changed. In each place they follow the load of that place; the bounds are those
// of all together.
//
//	every ─► load ─► wanted ─┬─ more ─► booting ──boot──► takes calls
//	                         └─ fewer, for a cooldown ─► takes nothing any more
type scaler struct {
	*Autoscale
	sim      *sim.Sim
	node     uint32
	life     *mortal
	handler  uint32
	timer    *sim.Call
	bounds   []*sim.Resource // that calls wait for at an instance: its cores, its places
	cores    float64         // of an instance
	queues   []*queue        // of a worker
	crews    []crew          // by place
	of       []int32         // the crew of each instance; nil: there is one
	booting  boots
	was      []worked // by instance, at the last look
	before   float64  // what is counted for all instances together, at the last look
	looked   sim.Time
	growing  sim.Time // until then what was done about the load has not shown
	bootArea float64  // integral of those that start over the measured time, in instance-nanoseconds
	since    sim.Time
}

// worked holds the integrals of the calls at work on an instance's cores and of those that wait there.
type worked struct{ busy, waiting float64 }

// crew is the instances in one place.
type crew struct {
	place   int
	alive   int     // that take calls, at this look
	current int     // those that start included
	worked          // since the last look
	load    float64 // how many instances it would bring to their target
	next    int     // wanted now
	wanted  []want  // in the last cooldown, each fewer than those before it
	changed sim.Time
}

// want is how many instances were wanted at a time.
type want struct {
	at        sim.Time
	instances int
}

// boots are the instances that start, the next to be ready first.
type boots struct {
	*scaler
	handler uint32
	timer   *sim.Call
	line    []boot
}

type boot struct {
	ready sim.Time
	crew  int
}

// scalable puts the nodes whose instances follow the load behind what knows which of them there are, before any is built.
func (a *Architecture) scalable(b *Builder) {
	for i, n := range a.Nodes {
		if scalingOf(n.Value.Component) == nil {
			continue
		}
		if b.lives[i] == nil {
			b.lives[i] = a.mortal(b, uint32(i))
		}
		b.lives[i].resizable = true
		if places := n.Value.common().Place.Ordered; len(places) > 0 {
			r := newRanks(b.Instances[i])
			for k, p := range places { // those that there are at the start come first
				for j := range int(p.Value) {
					r.swap(r.begun, k*b.Instances[i]/len(places)+j)
					r.begun++
				}
			}
			b.lives[i].ranks = r
		}
	}
}

// scale begins to look at the load of the nodes whose instances follow it.
func (a *Architecture) scale(b *Builder) {
	for i, n := range a.Nodes {
		k := scalingOf(n.Value.Component)
		if k == nil {
			continue
		}
		s := &scaler{
			Autoscale: k, sim: b.Sim, node: uint32(i), life: b.lives[i], timer: b.Sim.Timer(),
			cores: float64(n.Value.Component.(powered).cores()), was: make([]worked, b.Instances[i]),
			crews: make([]crew, max(len(n.Value.common().Place.Ordered), 1)), growing: 2 * sim.Time(k.Every),
		}
		for _, r := range b.Resources[i] {
			if r.Name == "cpu" || r.Name == "concurrency" {
				s.bounds = append(s.bounds, r)
			}
		}
		for _, q := range b.QueuesOf(i) {
			s.queues = append(s.queues, b.queues[q])
		}
		if s.life.ranks != nil {
			for instance := range s.was {
				s.of = append(s.of, int32(instance*len(s.crews)/len(s.was)))
			}
		}
		for place := range s.crews {
			s.crews[place].place = place
		}
		s.handler = b.Sim.Handle(s)
		s.booting = boots{scaler: s, timer: b.Sim.Timer()}
		s.booting.handler = b.Sim.Handle(&s.booting)
		b.Sim.After(s.timer, s.handler, sim.Time(s.Every))
		b.scalers = append(b.scalers, s)
	}
}

// Fire implements sim.Handler: it is time to look at the load.
func (s *scaler) Fire(*sim.Call) {
	now := s.sim.Now()
	s.sim.After(s.timer, s.handler, sim.Time(s.Every))
	s.look()
	least := int(s.Min)
	for i := range s.crews {
		k := &s.crews[i]
		k.next = k.current
		if math.Abs(k.load-float64(k.current)) > tolerance*float64(k.current) {
			k.next = int(math.Ceil(min(k.load, float64(s.Max))))
		}
		if s.of != nil {
			k.next = max(k.next, 1)
		}
		least -= k.next
	}
	for ; least > 0; least-- {
		s.neediest(func(k *crew) (int, bool) { return k.next, true }).next++
	}
	for i := range s.crews {
		k := &s.crews[i]
		if highest := k.highest(now, sim.Time(s.Cooldown)); highest < k.current && now-k.changed >= sim.Time(s.Cooldown) {
			for ; k.current > highest && s.stop(i); k.current-- {
				k.changed = now
			}
		}
	}
	s.startAll(now)
}

// startAll lets those instances start that are wanted, as many as there may be, where there is most to do first.
func (s *scaler) startAll(now sim.Time) {
	for room := int(s.Max) - s.life.count - len(s.booting.line); room > 0; room-- {
		k := s.neediest(func(k *crew) (int, bool) { return k.current, k.next > k.current })
		if k == nil {
			return
		}
		s.start(k.place)
		k.current++
		k.changed, s.growing = now, now+sim.Time(s.Boot)+2*sim.Time(s.Every)
	}
}

// neediest returns the crew with most to do for each of its instances, of which of tells how many there are and whether it counts; nil if none does.
func (s *scaler) neediest(of func(k *crew) (instances int, counts bool)) *crew {
	var best *crew
	most := math.Inf(-1)
	for i := range s.crews {
		k := &s.crews[i]
		if n, counts := of(k); counts && (best == nil || k.load/float64(n) > most) {
			best, most = k, k.load/float64(n)
		}
	}
	return best
}

// highest returns how many instances were wanted at most within the last cooldown.
func (k *crew) highest(now, cooldown sim.Time) int {
	for len(k.wanted) > 0 && k.wanted[len(k.wanted)-1].instances <= k.next {
		k.wanted = k.wanted[:len(k.wanted)-1]
	}
	k.wanted = append(k.wanted, want{now, k.next})
	for k.wanted[0].at < now-cooldown {
		k.wanted = k.wanted[1:]
	}
	return k.wanted[0].instances
}

// crew returns that of an instance.
func (s *scaler) crew(instance int) *crew {
	if s.of == nil {
		return &s.crews[0]
	}
	return &s.crews[s.of[instance]]
}

// look finds out how many instances there are in each place, and how many the load since the last look would bring to their target.
func (s *scaler) look() {
	for i := range s.crews {
		k := &s.crews[i]
		k.alive, k.current, k.worked = 0, 0, worked{}
	}
	all := worked{}
	for i := range s.was {
		now, was := s.worked(i), s.was[i]
		s.was[i] = now
		if !s.life.alive(int32(i)) {
			continue
		}
		k, d := s.crew(i), worked{now.busy - was.busy, now.waiting - was.waiting}
		k.alive++
		k.busy, k.waiting = k.busy+d.busy, k.waiting+d.waiting
		all.busy, all.waiting = all.busy+d.busy, all.waiting+d.waiting
	}
	together := s.counted()
	rest := together - s.before
	s.before = together
	over := float64(s.sim.Now() - s.looked)
	s.looked = s.sim.Now()
	alive := 0
	for i := range s.crews {
		alive += s.crews[i].alive
	}
	for i := range s.crews {
		k := &s.crews[i]
		switch {
		case s.Target.Quantity == aimCPU:
			k.load = k.busy / s.cores
		case s.Target.Quantity == aimQueue && s.queues == nil:
			k.load = k.waiting
		default: // counted for all together: each place has its part by what it does
			k.load = rest * k.part(all, alive)
		}
		k.load /= over * s.Target.Value
		k.current = k.alive
	}
	for _, b := range s.booting.line {
		s.crews[b.crew].current++
	}
}

// part is a crew's part of what all do, or of the instances where none does anything.
func (k *crew) part(all worked, alive int) float64 {
	if sum := all.busy + all.waiting; sum > 0 {
		return (k.busy + k.waiting) / sum
	}
	return float64(k.alive) / float64(max(alive, 1))
}

// worked returns the integrals of an instance up to now.
func (s *scaler) worked(instance int) (w worked) {
	for _, r := range s.bounds {
		stats := r.Stations[instance].Stats()
		w.waiting += stats.Waiting
		if r.Name == "cpu" {
			w.busy = stats.Busy
		}
	}
	return w
}

// counted returns the integral of what is not counted by instance: the messages that wait for a worker, or the visits under way.
func (s *scaler) counted() float64 {
	if s.Target.Quantity == aimInFlight {
		present := s.sim.Present(s.node)
		present.Add(s.sim.Now(), 0)
		return present.Area()
	}
	sum := 0.0
	for _, q := range s.queues {
		q.depth.Add(s.sim.Now(), 0)
		sum += q.depth.Area()
	}
	return sum
}

// keep remembers what the integrals lose that begin anew now.
func (s *scaler) keep() {
	for i := range s.was {
		now := s.worked(i)
		s.was[i].busy -= now.busy
		s.was[i].waiting -= now.waiting
	}
	s.before -= s.counted()
	s.bootArea, s.since = 0, s.sim.Now()
}

// start lets one more instance of a crew start.
func (s *scaler) start(crew int) {
	if s.Boot == 0 {
		s.life.come(s.of, crew)
		return
	}
	s.account()
	k := &s.booting
	k.line = append(k.line, boot{s.sim.Now() + sim.Time(s.Boot), crew})
	if len(k.line) == 1 {
		s.sim.After(k.timer, k.handler, sim.Time(s.Boot))
	}
}

// Fire implements sim.Handler: instances are ready.
func (k *boots) Fire(*sim.Call) {
	now := k.sim.Now()
	k.account()
	for len(k.line) > 0 && k.line[0].ready <= now {
		k.life.come(k.of, k.line[0].crew)
		k.line = k.line[1:]
	}
	if len(k.line) > 0 {
		k.sim.After(k.timer, k.handler, k.line[0].ready-now)
	}
}

// stop takes one instance of a crew away, the one that started last, unless it is one of the least number that there must be.
func (s *scaler) stop(crew int) (gone bool) {
	k := &s.booting
	for i, b := range slices.Backward(k.line) {
		if b.crew != crew {
			continue
		}
		s.account()
		if k.line = slices.Delete(k.line, i, i+1); len(k.line) == 0 {
			s.sim.Revoke(k.timer)
		}
		return true
	}
	if s.life.count == int(s.Min) {
		return false
	}
	s.life.leave(s.of, crew)
	return true
}

func (s *scaler) account() {
	now := s.sim.Now()
	s.bootArea += float64(len(s.booting.line)) * float64(now-s.since)
	s.since = now
}
