package sim

// A trail adds up, for one request in so many, where its time went: one number for each part (waiting for a resource, being served
// by it). Parts of a parallel step or a scatter count only along the branch that was waited for, so that the parts of a request add
// up to its latency.
type trails struct {
	skip  uint64 // requests are followed whose number has none of these bits
	parts int
	times []Time // parts of trail i at i*parts
	free  []uint32
	bins  []Bin
	room  []float64  // for the parts of bins to come
	shape *Histogram // only for its bucket index
}

// newTrails follows one request in every, which is a power of two, or none where it is 0.
func newTrails(every uint64) trails {
	if every&(every-1) != 0 {
		panic("sim: SampleEvery is not a power of two")
	}
	return trails{skip: every - 1, shape: NewHistogram(Coarse)}
}

// follows tells whether the request of that number of its source is followed.
func (t *trails) follows(number uint64) bool { return number&t.skip == 0 && t.skip != noRequest }

const noRequest = 1<<64 - 1

// unfollow leaves the parts of the time from now on to others, or to nobody.
func (c *Call) unfollow() {
	c.trail = 0
	c.marks &^= forked
}

// Bin sums up the trails of the requests of about the same latency.
type Bin struct {
	Requests int64
	Parts    []float64 // nanoseconds
}

// Part registers a part of the time and returns its number.
func (s *Sim) Part() int32 {
	s.trails.parts++
	return int32(s.trails.parts - 1)
}

// Spend adds time that has just passed to a part of the time of the call's request, if it is followed or traced.
func (s *Sim) Spend(c *Call, part int32, d Time) { s.spend(c, part, d, false) }

// SpendNext adds time that begins now.
func (s *Sim) SpendNext(c *Call, part int32, d Time) { s.spend(c, part, d, true) }

func (s *Sim) spend(c *Call, part int32, d Time, ahead bool) {
	switch c.trail {
	case 0:
	case traced:
		s.tracer.spends(s, c, part, d, ahead)
	default:
		s.trails.times[int(c.trail)*s.trails.parts+int(part)] += d
	}
}

func (t *trails) take() uint32 {
	if k := len(t.free); k > 0 {
		id := t.free[k-1]
		t.free = t.free[:k-1]
		clear(t.of(id))
		return id
	}
	if len(t.times) == 0 {
		t.times = make([]Time, t.parts) // trail 0 means none
	}
	t.times = append(t.times, make([]Time, t.parts)...)
	return uint32(len(t.times)/max(t.parts, 1) - 1)
}

func (t *trails) of(id uint32) []Time { return t.times[int(id)*t.parts : (int(id)+1)*t.parts] }

func (t *trails) give(id uint32) { t.free = append(t.free, id) }

func (t *trails) add(to, from uint32) {
	dst := t.of(to)
	for i, d := range t.of(from) {
		dst[i] += d
	}
}

// record files a request's trail under its latency.
func (t *trails) record(id uint32, latency Time) {
	i := t.shape.index(latency)
	for uint(len(t.bins)) <= i {
		t.bins = append(t.bins, Bin{})
	}
	b := &t.bins[i]
	if b.Parts == nil {
		if len(t.room) < t.parts {
			t.room = make([]float64, binsAtOnce*t.parts)
		}
		b.Parts, t.room = t.room[:t.parts:t.parts], t.room[t.parts:]
	}
	b.Requests++
	for i, d := range t.of(id) {
		b.Parts[i] += float64(d)
	}
}

// binsAtOnce is for how many bins memory is taken at a time.
const binsAtOnce = 64

// Bins returns the followed requests' parts of the time by latency, shortest first, up to the longest; empty bins have no Parts.
func (s *Sim) Bins() []Bin { return s.trails.bins }
