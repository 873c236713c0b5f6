package contents

import (
	"slices"

	"headroom/sim"
)

// Stream is what caches see of one data set, and all that they see of it: independent requests for its keys. Rates are of all caches
// together, per second.
type Stream struct {
	Set      uint16 // of the keys, see [KeyOf]
	Keys     *sim.Keys
	Size     uint32  // bytes of an entry
	Reads    float64 // Get, and Put on a miss
	Stores   float64 // Put: writes through the cache
	Removals float64 // Remove: writes past it
}

const (
	fewestDraws = 200_000
	mostDraws   = 1_000_000
	probes      = 64 // keys of a range that are asked where they belong
)

// Warm fills caches, which are empty and divide the keys between them, with the contents that the streams would have left by now had they
// always gone on. where says to which cache a key belongs; it may be nil where there is one.
//
// First every key is given or denied an entry, with the idle time and the age that it has in the stationary state by the characteristic
// time of its cache (see tenure); storing them in the order of their ages gives the cache its order. Then the streams themselves go on,
// for three requests for each entry and a million at most, and wear off what the approximation left: everything in small caches, for
// which it is coarse, and in large ones what concerns the keys that are asked for often. Where there is room for all keys nothing is
// left to wear off. A data set that is scanned stands where its arrival 0 comes next.
func Warm(caches []*Contents, where func(Key) int, streams []Stream, now sim.Time, r *sim.Rand) {
	w := warming{caches: caches, where: where, rand: r}
	if where == nil {
		w.where = func(Key) int { return 0 }
	}
	weights := make([]float64, 0, 3*len(streams))
	for _, s := range streams {
		w.streams = append(w.streams, stream{Stream: s})
		weights = append(weights, s.Reads, s.Stores, s.Removals)
		w.rate += s.Reads + s.Stores + s.Removals
	}
	choice, err := sim.NewAlias(weights)
	if err != nil {
		return // nothing comes
	}
	w.rate /= float64(sim.Second)
	w.classify()
	w.plan(choice)
	w.fill(now - sim.Time(float64(w.draws)/w.rate))
	w.goOn(choice, now)
	for _, c := range caches {
		c.StartMeasuring(now)
	}
}

// warming is the work of Warm.
type warming struct {
	caches   []*Contents
	balances []balance // of each cache
	where    func(Key) int
	streams  []stream
	rand     *sim.Rand
	rate     float64 // of everything, per nanosecond
	draws    int     // of the second part
	chooser  sim.Rand
	past     []past
}

type stream struct {
	Stream
	classes []class
	next    uint64 // the number of the next arrival, modulo the number of keys
}

// class is a run of keys of a stream that are asked for equally often.
type class struct {
	sim.KeyRange
	asks, removals float64   // of one of them, per nanosecond
	of             []float64 // how many each cache has
}

// past is something that happened to a key.
type past struct {
	at     sim.Time
	key    Key
	cache  uint32 // where it belongs
	stream uint16
	get    bool
}

// plan decides how many requests the second part takes, and where scans must begin for them to end before arrival 0.
func (w *warming) plan(choice *sim.Alias) {
	total := 0.0
	for i := range w.caches {
		b := w.balance(i)
		w.balances = append(w.balances, b)
		total += b.entries
	}
	if slices.ContainsFunc(w.balances, func(b balance) bool { return !b.roomy }) {
		w.draws = int(min(max(3*total, fewestDraws), mostDraws, eternity*w.rate))
	}
	w.chooser = sim.NewRand(w.rand.Uint64())
	scans := make([]uint64, len(w.streams))
	if slices.ContainsFunc(w.streams, func(s stream) bool { return s.Keys.Scan() }) {
		chooser := w.chooser
		for range w.draws {
			scans[choice.Draw(&chooser)/3]++
		}
	}
	for i := range w.streams {
		s := &w.streams[i]
		s.next = (s.Keys.Len() - scans[i]%s.Keys.Len()) % s.Keys.Len()
	}
}

// request is what one of the streams asks for.
type request struct {
	key    Key
	of     *Contents
	stream *stream
	what   int // to get, to store, or to remove it
}

// goOn lets the streams go on until now. What they ask for depends on no contents: it is drawn some requests before, so that what these touch
// is near when it comes.
func (w *warming) goOn(choice *sim.Alias, now sim.Time) {
	var coming [Steps + 1]request
	for i := range w.draws + Steps {
		if i < w.draws {
			coming[i%len(coming)] = w.draw(choice)
		}
		for step := range Steps {
			if k := i - step; k >= 0 && k < w.draws {
				coming[k%len(coming)].of.Foresee(coming[k%len(coming)].key, step)
			}
		}
		if k := i - Steps; k >= 0 {
			coming[k%len(coming)].do(now - sim.Time(float64(w.draws-k)/w.rate))
		}
	}
}

// draw draws the next request.
func (w *warming) draw(choice *sim.Alias) request {
	what := choice.Draw(&w.chooser)
	s := &w.streams[what/3]
	key := KeyOf(s.Set, s.Keys.Draw(w.rand, s.next))
	if s.next++; s.next == s.Keys.Len() {
		s.next = 0
	}
	return request{key, w.caches[w.where(key)], s, what % 3}
}

func (r *request) do(at sim.Time) {
	switch r.what {
	case 0:
		if !r.of.Get(r.key, at) {
			r.of.Put(r.key, r.stream.Size, at)
		}
	case 1:
		r.of.Put(r.key, r.stream.Size, at)
	case 2:
		r.of.Remove(r.key, at)
	}
}
