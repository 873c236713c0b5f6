package contents

import (
	"math"
	"slices"

	"headroom/sim"
)

// s3Life is the life of a key under S3-FIFO as others see it, in the manner of tenure: it waits for a request, goes through the small
// queue, from there to the main one or into the ghost, and from the ghost to the main one if it is asked for in time. All that the rest
// of the cache is to it are three times, in nanoseconds: how long each queue takes from end to end.
type s3Life struct {
	small, ghost, lap float64
}

// s3Key is what a key with certain rates makes of such a life.
type s3Key struct {
	asks, leaves float64    // how often it is asked for; how often it expires or is removed where it is there
	cycle        float64    // the mean time from one entry to the next
	inSmall      float64    // the mean time in the small queue
	refused      float64    // the probability of going on to the ghost
	inGhost      float64    // the mean time there, if so
	laps         [3]float64 // the mean number of rounds in the main queue begun with no use, one, and two, in a cycle
	round        float64    // the mean time of one
}

// of returns a key's life in numbers. The uses in a time are Poisson.
func (l *s3Life) of(asks, leaves float64) s3Key {
	k := s3Key{asks: asks, leaves: leaves, inSmall: decay(leaves, l.small), round: decay(leaves, l.lap)}
	x, stays := asks*l.small, math.Exp(-leaves*l.small)
	k.refused = stays * math.Exp(-x) * (1 + x)
	k.inGhost = -math.Expm1(-asks*l.ghost) / asks
	enters := stays - k.refused + k.refused*asks*k.inGhost

	// A round begun with f uses ends with min(3, f+uses). Without any the entry leaves, otherwise the next one begins with one less.
	// That makes three linear equations; p[n] is the probability of n uses and of still being there. At 25 uses in a round it stays for
	// ever.
	z := min(asks*l.lap, 25)
	stays = math.Exp(-leaves * l.lap)
	p0 := stays * math.Exp(-z)
	p1, p2 := p0*z, p0*z*z/2
	to2from0, to2from1, away := stays-p0-p1-p2, stays-p0-p1, 1-stays+p0
	per := (p2 + p0*to2from0/away) / (1 - p1 - p0*to2from1/away) // rounds begun with one use, per round with none
	u0 := enters / (1 - p1 - p0*per)
	k.laps = [3]float64{u0, u0 * per, u0 * (to2from0 + to2from1*per) / away}

	k.cycle = 1/asks + k.inSmall + k.refused*k.inGhost + k.inMain()
	return k
}

// inMain is the mean time in the main queue, in a cycle.
func (k *s3Key) inMain() float64 { return (k.laps[0] + k.laps[1] + k.laps[2]) * k.round }

// leaving is how often an entry for a key expires or is removed.
func (l *lifetimes) leaving(c *class) float64 {
	switch ttl := float64(l.ttl); {
	case ttl == 0:
		return c.removals
	case l.renew:
		return c.removals + c.asks/math.Expm1(c.asks*ttl) // gaps as long as that
	default:
		return c.removals + 1/ttl
	}
}

// s3Solve finds the three times at which the queues of a cache are as long as they are bound to be, by small steps.
func (w *warming) s3Solve(i int, p *s3fifo) s3Life {
	horizon := w.balances[i].horizon
	l := s3Life{small: horizon / 10, ghost: horizon, lap: horizon}
	mainBound := float64(w.caches[i].bound - p.smallBound)
	for range 150 {
		small, main, ghost := 0.0, 0.0, 0.0
		for j := range w.streams {
			s := &w.streams[j]
			cost := float64(p.costOf(s.Size))
			for m := range s.classes {
				class := &s.classes[m]
				if class.asks == 0 {
					continue
				}
				k := l.of(class.asks, w.caches[i].life.leaving(class))
				here := cost * class.of[i] / k.cycle
				small += here * k.inSmall
				main += here * k.inMain()
				ghost += here * k.refused * l.ghost
			}
		}
		l.small = min(eternity, l.small*math.Sqrt(float64(p.smallBound)/small))
		l.lap = min(eternity, l.lap*math.Sqrt(mainBound/main))
		l.ghost = min(eternity, l.ghost*math.Sqrt(float64(p.ghost.bound)/ghost))
	}
	return l
}

// s3Fills fills the caches as of a time and reports true, if they evict by S3-FIFO and all have to. A scan is taken for random
// requests, which does for one beside others.
func (w *warming) s3Fills(now sim.Time) bool {
	onlyScans := !slices.ContainsFunc(w.streams, func(s stream) bool { return !s.Keys.Scan() })
	for i, c := range w.caches {
		if p, ok := c.policy.(*s3fifo); !ok || w.balances[i].unlimited || onlyScans || p.smallBound == c.bound {
			return false
		}
	}
	fill := s3Filling{warming: w, now: now, caches: make([]s3Cache, len(w.caches))}
	for i, c := range w.caches {
		p := c.policy.(*s3fifo)
		fill.caches[i] = s3Cache{life: w.s3Solve(i, p), room: c.bound, places: make([]s3Place, 0, 2*int(w.balances[i].entries))}
	}
	for i := range w.streams {
		for j := range w.streams[i].classes {
			fill.place(i, &w.streams[i].classes[j])
		}
	}
	for i, c := range w.caches {
		c.s3Settle(fill.caches[i].places, w.streams, now)
	}
	return true
}

type s3Filling struct {
	*warming
	now    sim.Time
	caches []s3Cache
}

type s3Cache struct {
	life   s3Life
	key    s3Key // of the class at hand
	room   int64
	places []s3Place
}

// s3Place is where a key is at the start.
type s3Place struct {
	at     sim.Time // when it came there
	key    Key
	lived  float32 // for how long, in nanoseconds, if its life is limited
	stream uint16
	mark   uint8 // of its entry, or inGhost
}

const inGhost = 2 * mainBit

// nobody stands in the ghost for keys that came back.
const nobody = ^Key(0)

// place finds places for the keys of a class.
func (f *s3Filling) place(i int, class *class) {
	if class.asks == 0 {
		return
	}
	for j := range f.caches {
		f.caches[j].key = f.caches[j].life.of(class.asks, f.warming.caches[j].life.leaving(class))
	}
	s := &f.streams[i]
	for n := class.First; n < class.End; n++ {
		key := KeyOf(s.Set, n)
		j := f.where(key)
		c, cost := &f.caches[j], f.warming.caches[j].costOf(s.Size)
		if back := c.key.refused * (c.life.ghost - c.key.inGhost); f.rand.Float64()*c.key.cycle < back {
			at := f.now - sim.Time(c.life.ghost*f.rand.Float64())
			c.places = append(c.places, s3Place{at: at, key: nobody, stream: uint16(i), mark: inGhost})
		}
		p, ok := c.draw(&f.warming.caches[j].life, f.now, f.rand)
		if !ok {
			continue
		}
		if p.mark != inGhost {
			if cost > c.room {
				continue
			}
			c.room -= cost
		}
		p.key, p.stream = key, uint16(i)
		c.places = append(c.places, p)
	}
}

// draw draws where a key is, if it is anywhere.
func (c *s3Cache) draw(life *lifetimes, now sim.Time, r *sim.Rand) (s3Place, bool) {
	l, k := &c.life, &c.key
	ago := func(ns float64) sim.Time { return now - sim.Time(min(ns, eternity)) }
	u := r.Float64() * k.cycle
	if u -= k.inSmall; u < 0 {
		age := truncated(k.leaves, l.small, r)
		p := s3Place{at: ago(age), mark: uint8(min(mostUses, poisson(k.asks*age, r)))}
		if p.lived = float32(age); life.renew {
			p.lived = min(p.lived, float32(truncated(k.asks, float64(life.ttl), r)))
		}
		return p, true
	}
	for uses := range k.laps {
		if u -= k.laps[uses] * k.round; u < 0 {
			age := truncated(k.leaves, l.lap, r)
			p := s3Place{at: ago(age), mark: uint8(mainBit + min(mostUses, uses+poisson(k.asks*age, r)))}
			switch {
			case life.renew:
				p.lived = float32(truncated(k.asks, float64(life.ttl), r))
			case life.ttl > 0:
				// Where nothing else ends its life, all ages are equally likely.
				p.lived = float32(truncated(max(0, 1/k.inMain()-k.leaves), float64(life.ttl), r))
			}
			return p, true
		}
	}
	if u -= k.refused * k.inGhost; u < 0 {
		return s3Place{at: ago(truncated(k.asks, l.ghost, r)), mark: inGhost}, true
	}
	return s3Place{}, false
}

// poisson draws a number of events, as far as anyone counts here: at most mostUses.
func poisson(mean float64, r *sim.Rand) int {
	n := 0
	for left := mean - r.Exp(); left > 0 && n < mostUses; left -= r.Exp() {
		n++
	}
	return n
}

// s3Settle puts keys in their places.
func (c *Contents) s3Settle(places []s3Place, streams []stream, now sim.Time) {
	p := c.policy.(*s3fifo)
	order(places)
	var began []past
	for _, place := range places {
		size := streams[place.stream].Size
		cost := c.costOf(size)
		if place.mark == inGhost {
			p.ghost.remember(place.key, cost)
			if place.key == nobody {
				p.ghost.forget(nobody)
			}
			continue
		}
		e := c.insert(place.key, size)
		c.used += cost
		c.bytes += int64(size)
		c.entries[e].mark = uint32(place.mark)
		if place.mark >= mainBit {
			p.main.add(p.links, e)
		} else {
			p.small.add(p.links, e)
			p.smallCost += cost
		}
		if c.life.ttl > 0 {
			began = append(began, past{at: now - sim.Time(place.lived), key: Key(e)})
		}
	}
	order(began)
	for _, b := range began {
		c.life.add(uint32(b.key), b.at)
	}
}
