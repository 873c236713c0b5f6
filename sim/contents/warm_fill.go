package contents

import (
	"math"

	"headroom/sim"
)

// classify divides the streams' keys by popularity and by cache.
func (w *warming) classify() {
	for i := range w.streams {
		s := &w.streams[i]
		for r := range s.Keys.Ranges() {
			each := r.Share / float64(r.End-r.First) / float64(sim.Second)
			s.classes = append(s.classes, class{
				KeyRange: r, asks: each * (s.Reads + s.Stores), removals: each * s.Removals, of: w.divide(s.Set, r),
			})
		}
	}
}

// divide returns how many keys of a range each cache has; in a long range it asks some keys for all.
func (w *warming) divide(set uint16, r sim.KeyRange) []float64 {
	of, n := make([]float64, len(w.caches)), r.End-r.First
	if len(w.caches) == 1 {
		of[0] = float64(n)
		return of
	}
	asked := min(n, probes*uint64(len(w.caches)))
	for i := range asked {
		of[w.where(KeyOf(set, r.First+i*n/asked))] += float64(n) / float64(asked)
	}
	return of
}

// balance is the state of a cache in which the entries expected cost what it is bound to.
type balance struct {
	horizon   float64 // the characteristic time, in nanoseconds
	more      tenure  // at that time
	less      tenure  // just before
	between   float64 // 0 for less to 1 for more: LFU admits many keys at one time, if they are equally popular
	entries   float64 // expected
	unlimited bool    // there is room for all that do not expire
	roomy     bool    // and so much that keys have nothing to do with one another: what is expected of each is exact
}

// balance finds a cache's.
func (w *warming) balance(i int) balance {
	policy, bound := w.caches[i].policy, float64(w.caches[i].bound)
	least, fewest := 0.0, 0.0
	most, entries := w.expected(i, math.Inf(1))
	if most <= bound {
		all := policy.tenure(math.Inf(1))
		return balance{horizon: math.Inf(1), more: all, less: all, entries: entries, unlimited: true, roomy: w.roomy(i, most)}
	}
	lo, hi := 0.0, math.Log(eternity)
	for range 50 {
		middle := (lo + hi) / 2
		if cost, n := w.expected(i, math.Exp(middle)); cost > bound {
			hi, most, entries = middle, cost, n
		} else {
			lo, least, fewest = middle, cost, n
		}
	}
	between := (bound - least) / (most - least)
	return balance{
		horizon: math.Exp(hi), more: policy.tenure(math.Exp(hi)), less: policy.tenure(math.Exp(lo)),
		between: between, entries: fewest + between*(entries-fewest),
	}
}

// roomy tells whether a cache never comes near its bound: how many of its keys there are is known to an eighth where divide asked some for
// all, and the variance of the cost is below its mean times the cost of the largest entry. A life that hits prolong and removals end is
// not known exactly.
func (w *warming) roomy(i int, cost float64) bool {
	c, largest := w.caches[i], 0.0
	for j := range w.streams {
		s := &w.streams[j]
		if c.life.renew && s.Removals > 0 {
			return false
		}
		largest = max(largest, float64(c.costOf(s.Size)))
	}
	return 1.5*cost+8*math.Sqrt(cost*largest) <= float64(c.bound)
}

// expected returns the cost and the number of the entries that a cache has on the average if that is its characteristic time.
func (w *warming) expected(i int, horizon float64) (cost, entries float64) {
	c := w.caches[i]
	t := c.policy.tenure(horizon)
	for j := range w.streams {
		s, here := &w.streams[j], 0.0
		for k := range s.classes {
			class := &s.classes[k]
			here += class.of[i] * s.present(class, t.under(&c.life, class.removals))
		}
		entries += here
		cost += here * float64(c.costOf(s.Size))
	}
	return cost, entries
}

// present returns the probability that a key of a class has an entry.
func (s *stream) present(c *class, t tenure) float64 {
	if s.Keys.Scan() {
		// The keys come after equal times: the part of them that is not too long ago is there.
		if c.asks == 0 || c.asks < t.from {
			return 0
		}
		period := 1 / c.asks
		return decay(t.rate, min(period, t.gap, t.age)) / period
	}
	return t.present(c.asks)
}

// fill gives the caches their entries as of a time.
func (w *warming) fill(now sim.Time) {
	for i := range w.caches {
		w.reserve(i)
	}
	if w.s3Fills(now) {
		return
	}
	for i := range w.streams {
		w.prime(&w.streams[i])
	}
	w.past = make([]past, 0, w.events())
	for i := range w.streams {
		if w.streams[i].Keys.Scan() {
			w.recallScan(i, now)
			continue
		}
		for j := range w.streams[i].classes {
			w.recall(i, &w.streams[i].classes[j], now)
		}
	}
	order(w.past)
	for _, p := range w.past {
		c := w.caches[p.cache]
		if p.get {
			c.Get(p.key, p.at)
		} else {
			c.Put(p.key, w.streams[p.stream].Size, p.at)
		}
	}
	w.past = nil
}

// reserve makes room in a cache for the entries expected, and for finding those of the data set that has most of them.
func (w *warming) reserve(i int) {
	set, keys, of, others := uint16(0), uint64(0), 0.0, 0.0
	for j := range w.streams {
		s, here, end := &w.streams[j], 0.0, uint64(0)
		for k := range s.classes {
			class := &s.classes[k]
			if _, present := w.presence(i, s, class); present > 0 {
				here += class.of[i] * present
				end = max(end, class.End)
			}
		}
		if here > of {
			set, keys, of, here = s.Set, end, here, of
		}
		others += here
	}
	room := func(entries float64) int { return int(1.01*entries) + 64 }
	w.caches[i].reserve(room(of + others))
	if len(w.caches) > mostRanked {
		keys = math.MaxUint64 // few neighbours are here
	}
	w.caches[i].foresee(set, keys, room(of), room(others))
}

// presence returns how long an entry for a key of a class stays in a cache, and the probability that there is one.
func (w *warming) presence(i int, s *stream, c *class) (tenure, float64) {
	b, life := &w.balances[i], &w.caches[i].life
	more, less := b.more.under(life, c.removals), b.less.under(life, c.removals)
	return more, (1-b.between)*s.present(c, less) + b.between*s.present(c, more)
}

// events is about how many will be noted.
func (w *warming) events() int {
	total := 0.0
	for i, c := range w.caches {
		entries := 1.01 * w.balances[i].entries
		if total += entries; c.life.ttl > 0 {
			total += entries
		}
	}
	return int(total)
}

// prime tells LFU how often the keys of a stream were asked for, in a past of 2^31 requests: so long that which are asked for most is
// beyond doubt.
func (w *warming) prime(s *stream) {
	if _, ok := w.caches[0].policy.(*lfu); !ok {
		return
	}
	for _, class := range s.classes {
		count := uint32(math.Round(class.asks / w.rate * (1 << 31)))
		for n := class.First; n < class.End && count > 0; n++ {
			key := KeyOf(s.Set, n)
			*w.caches[w.where(key)].policy.(*lfu).counts.of(key) = count
		}
	}
}

// recall draws for the keys of a class whether they have an entry and what happened to it.
func (w *warming) recall(i int, c *class, now sim.Time) {
	s, most := &w.streams[i], 0.0
	tenures, present := make([]tenure, len(w.caches)), make([]float64, len(w.caches))
	for j := range w.caches {
		tenures[j], present[j] = w.presence(j, s, c)
		most = max(most, present[j])
	}
	if most == 0 {
		return
	}
	for n := c.First; n < c.End; n++ {
		u := w.rand.Float64()
		if u >= most {
			continue
		}
		key := KeyOf(s.Set, n)
		j := w.where(key)
		if u >= present[j] {
			continue
		}
		idle, before := tenures[j].draw(c.asks, w.rand)
		w.happened(past{key: key, cache: uint32(j), stream: uint16(i)}, now-sim.Time(idle+before), now-sim.Time(idle))
	}
}

// happened notes when a key was stored and last asked for.
func (w *warming) happened(p past, stored, asked sim.Time) {
	c, t := w.caches[p.cache], &w.balances[p.cache].more
	if ages := !math.IsInf(t.age, 1) || c.life.ttl > 0 && !c.life.renew; ages {
		p.at = stored
		w.past = append(w.past, p)
		if uses := c.life.renew || !math.IsInf(t.gap, 1); uses && asked > stored {
			p.at, p.get = asked, true
			w.past = append(w.past, p)
		}
		return
	}
	p.at = asked
	w.past = append(w.past, p)
}

// recallScan goes back through a scan.
func (w *warming) recallScan(i int, now sim.Time) {
	s := &w.streams[i]
	class := &s.classes[0]
	if class.asks == 0 {
		return
	}
	n := s.Keys.Len()
	key := s.next
	for back := range n {
		if key == 0 {
			key = n
		}
		key--
		j := w.where(KeyOf(s.Set, key))
		t := w.balances[j].more.under(&w.caches[j].life, class.removals)
		age := float64(back+1) / float64(n) / class.asks
		if age >= min(t.gap, t.age) || class.asks < t.from || w.rand.Float64() >= math.Exp(-t.rate*age) {
			continue
		}
		at := now - sim.Time(min(age, eternity))
		w.happened(past{key: KeyOf(s.Set, key), cache: uint32(j), stream: uint16(i)}, at, at)
	}
}
