package models

import (
	"headroom/internal/strict"
	"headroom/sim"
	"headroom/sim/contents"
)

// lock is a lock of a server: one, or one for each key. All instances of the server share it.
type lock struct {
	b        *Builder
	resource *sim.Resource
	one      *sim.Station // nil where there is one for each key
	of       map[contents.Key]*sim.Station
	free     []*sim.Station // of keys that nobody holds or waits for
	hottest  contents.Key   // the most popular one, whose station is the resource's first
	watched  bool           // there is such a key
}

func newLock(b *Builder, node, name string, byKey bool) *lock {
	l := &lock{b: b, resource: b.Resource(node, "locks."+name, false)}
	if !byKey {
		l.one = l.station()
		return l
	}
	l.resource.FirstSpeaks = true
	l.free, l.of = []*sim.Station{l.station()}, map[contents.Key]*sim.Station{}
	return l
}

// watch lets the hottest row speak for all of them: that of the first data set whose classes take the lock keeps its station.
func (l *lock) watch(set *dataSet) {
	if l.one != nil || l.watched || set == nil {
		return
	}
	l.watched, l.hottest = true, contents.KeyOf(set.number, 0)
	l.forKey(l.hottest)
}

func (l *lock) station() *sim.Station {
	return l.b.Sim.NewStation(l.resource, sim.StationConfig{Servers: 1, Backlog: sim.Unlimited})
}

// take asks for the lock; after sim.Queued the node's Resume follows.
func (l *lock) take(c *sim.Call) sim.Admission {
	st := l.one
	if st == nil {
		st = l.forKey(l.b.key(c))
	}
	return st.Hold(c, false)
}

func (l *lock) forKey(key contents.Key) *sim.Station {
	st := l.of[key]
	if st != nil {
		return st
	}
	if k := len(l.free); k > 0 {
		st, l.free = l.free[k-1], l.free[:k-1]
	} else {
		st = l.station()
	}
	l.of[key] = st
	return st
}

// release lets go of the lock; the next in line has it.
func (l *lock) release(c *sim.Call) {
	if l.one != nil {
		l.one.Release()
		return
	}
	key := l.b.key(c)
	st := l.of[key]
	st.Release()
	if busy, waiting := st.Present(); busy+waiting == 0 && !(l.watched && key == l.hottest) {
		delete(l.of, key)
		l.free = append(l.free, st)
	}
}

// looksAtKeys tells whether requests of a class take a lock by key.
func (s *Server) looksAtKeys(class string) bool {
	steps, _ := s.stepsFor(class, "")
	found := false
	walk(steps, func(st *Step) { found = found || st.Lock != nil && st.Lock.By == "key" })
	return found
}

// checkKeyed reports classes without data that take a lock by key.
func (s *Server) checkKeyed(r *routes, n strict.Pair[Node]) {
	for _, class := range r.a.Classes {
		if _, comes := r.calls[visit{n.Key, class}]; !comes || r.a.class(class).Data != "" {
			continue
		}
		steps, _ := s.stepsFor(class, "")
		walk(steps, func(st *Step) {
			if st.Lock != nil && st.Lock.By == "key" {
				r.c.Errorf(st.At+".lock.by", "requests of class `%s` take the lock `%s` by key, but ask for no `data`: give the class some, such as {data: users}", class, st.Lock.Name)
			}
		})
	}
}
