package models

import "slices"

// How many instances of a node there are, where events or the load change it.

// ranks is which instances there are where these are in several places: the first of them by rank.
type ranks struct {
	at, of []int32 // the instance by rank, and the rank by instance
	begun  int     // how many there are at the start
}

func newRanks(instances int) *ranks {
	r := &ranks{at: make([]int32, instances), of: make([]int32, instances)}
	for i := range instances {
		r.at[i], r.of[i] = int32(i), int32(i)
	}
	return r
}

// swap lets an instance have a rank, and the one that had it that one's.
func (r *ranks) swap(rank, instance int) {
	was, other := r.of[instance], r.at[rank]
	r.at[rank], r.at[was] = int32(instance), other
	r.of[instance], r.of[other] = int32(rank), was
}

// come lets there be one more instance, of a crew where there are several.
func (m *mortal) come(of []int32, crew int) {
	for rank := m.count; m.ranks != nil; rank++ {
		if i := m.nth(rank); int(of[i]) == crew {
			m.ranks.swap(m.count, int(i))
			break
		}
	}
	m.resize(m.count + 1)
}

// leave lets there be one instance less, likewise: the last.
func (m *mortal) leave(of []int32, crew int) {
	for rank := m.count - 1; m.ranks != nil; rank-- {
		if i := m.nth(rank); int(of[i]) == crew {
			m.ranks.swap(m.count-1, int(i))
			break
		}
	}
	m.resize(m.count - 1)
}

// Existed returns how many instances a node had over the measured time up to now, in instance-seconds, and how many there are at most.
func (b *Builder) Existed(node int) (area float64, most int) {
	if m := b.lives[node]; m != nil {
		m.account()
		return m.area / 1e9, b.Instances[node]
	}
	if f := b.functions[node]; f != nil {
		f.pool.account()
		return f.pool.area / 1e9, b.Instances[node]
	}
	return float64(b.Instances[node]) * (b.Sim.Now() - b.begun).Seconds(), b.Instances[node]
}

// ExistedSoFar returns the same instance-seconds and leaves everything as it is, see sim.Station.Sums.
func (b *Builder) ExistedSoFar(node int) float64 {
	now := b.Sim.Now()
	if m := b.lives[node]; m != nil {
		return (m.area + float64(m.count)*float64(now-m.since)) / 1e9
	}
	if f := b.functions[node]; f != nil {
		return f.pool.soFar(now) / 1e9
	}
	return float64(b.Instances[node]) * (now - b.begun).Seconds()
}

// WaitingNow returns how many calls wait at a node, in any of its queues; of a queue, how many messages.
func (b *Builder) WaitingNow(node int) int64 {
	n := int64(0)
	for _, r := range b.Resources[node] {
		for _, st := range r.Stations {
			_, waiting := st.Present()
			n += int64(waiting)
		}
	}
	if q := b.queues[node]; q != nil {
		n += q.depth.Now()
	}
	return n
}

// Paid returns for how many instances of a node one pays over the measured time up to now, in instance-seconds: those that start as well, of
// a function only those that do not idle.
func (b *Builder) Paid(node int) float64 {
	if f := b.functions[node]; f != nil {
		return f.places[0].Stats().Busy / 1e9
	}
	area, _ := b.Existed(node)
	for _, s := range b.scalers {
		if int(s.node) == node {
			s.account()
			area += s.bootArea / 1e9
		}
	}
	return area
}

// Numbers returns how few and how many instances a node had over the measured time, and whether their number may change.
func (b *Builder) Numbers(node int) (least, most int, may bool) {
	if f := b.functions[node]; f != nil {
		f.pool.account()
		return f.pool.least, f.pool.most, true
	}
	m := b.lives[node]
	if m == nil {
		return b.Instances[node], b.Instances[node], false
	}
	return m.least, m.most, m.resizable
}

// Limit returns how many instances of a node there may be, and whether they follow the load.
func (b *Builder) Limit(node int) (most int, scales bool) {
	if f := b.functions[node]; f != nil {
		return len(f.cores), true
	}
	for _, s := range b.scalers {
		if int(s.node) == node {
			return int(s.Max), true
		}
	}
	return b.Instances[node], false
}

// Following returns how many instances there are of the nodes where they follow the load, functions included.
func (b *Builder) Following() int {
	n := 0
	for _, s := range b.scalers {
		n += s.life.count
	}
	for _, f := range b.functions {
		f.pool.account()
		n += f.pool.alive
	}
	return n
}

// Growing tells whether instances start, or have just done so, that the load calls for.
func (b *Builder) Growing() bool {
	return slices.ContainsFunc(b.scalers, func(s *scaler) bool { return b.Sim.Now() < s.growing })
}
