package sim

import (
	"math"
	"math/bits"
)

// StationStats holds a station's integrals over the measured time, in call-nanoseconds.
type StationStats struct {
	busy       uint64  // moments at which servers were free again, less those at which they began, modulo 2^64, since Busy was brought up to date
	spent      uint64  // what Spent is, modulo 2^64: the moments of going less those of coming, whose sums do not fit
	waiting    uint64  // like busy: of those who wait
	Busy       float64 // servers at work
	Waiting    float64
	Spent      float64 // the time that calls spent here, added up call by call: must equal Busy + Waiting
	MaxWaiting int64
}

// integrate brings the integrals up to now.
func (st *Station) integrate() {
	st.stats.Busy, st.stats.Waiting = st.Sums()
	st.stats.since(st.sim.now, st.busy, st.waiting)
}

// idle brings the integrals, which are up to now, up to a moment before which nothing changes.
func (st *Station) idle(until Time) {
	d := float64(until - st.sim.now)
	st.stats.Busy += d * float64(st.busy)
	st.stats.Waiting += d * float64(st.waiting)
	st.stats.since(until, st.busy, st.waiting)
}

// since lets the moments begin anew, as if those at work and those who wait had come now.
func (k *StationStats) since(now Time, busy, waiting int32) {
	k.busy, k.waiting = -uint64(now)*uint64(busy), -uint64(now)*uint64(waiting)
}

// Sums returns the integrals of how many were served and how many waited, up to now.
func (st *Station) Sums() (busy, waiting float64) {
	now := uint64(st.sim.now)
	return st.stats.Busy + float64(int64(st.stats.busy+now*uint64(st.busy))), st.stats.Waiting + float64(int64(st.stats.waiting+now*uint64(st.waiting)))
}

// occupy, vacate, lineUp and stepOut change the numbers at work and waiting by one, and note the moment.
func (st *Station) occupy() {
	st.busy++
	st.stats.busy -= uint64(st.sim.now)
}

func (st *Station) vacate() {
	st.busy--
	st.stats.busy += uint64(st.sim.now)
}

func (st *Station) lineUp() {
	st.waiting++
	st.stats.waiting -= uint64(st.sim.now)
	st.stats.MaxWaiting = max(st.stats.MaxWaiting, int64(st.waiting))
}

func (st *Station) stepOut() {
	st.waiting--
	st.stats.waiting += uint64(st.sim.now)
}

// count sets both numbers.
func (st *Station) count(busy, waiting int32) {
	st.stats.busy -= uint64(st.sim.now) * uint64(busy-st.busy)
	st.stats.waiting -= uint64(st.sim.now) * uint64(waiting-st.waiting)
	st.busy, st.waiting = busy, waiting
	st.stats.MaxWaiting = max(st.stats.MaxWaiting, int64(waiting))
}

// enter and leave add up the time spent here from the moments of coming and going, apart from the integrals.
func (st *Station) enter(c *Call) {
	now := st.sim.now
	c.since = now
	st.stats.spent -= uint64(now)
}

func (st *Station) leave() { st.stats.spent += uint64(st.sim.now) }

func (st *Station) reset() {
	now := st.sim.now
	st.stats = StationStats{MaxWaiting: int64(st.waiting), spent: -uint64(now) * st.present()}
	st.stats.since(now, st.busy, st.waiting)
	if st == st.resource.Stations[0] {
		st.resource.reset()
	}
}

func (st *Station) present() uint64 { return uint64(st.busy) + uint64(st.waiting) }

// Stats returns the integrals up to now.
func (st *Station) Stats() StationStats {
	st.integrate()
	stats := st.stats
	// Of all numbers that are the same modulo 2^64, it is the one next to the integrals: how far it is from them is exact.
	integral := stats.Busy + stats.Waiting
	spent := stats.spent + uint64(st.sim.now)*st.present()
	stats.Spent = integral + float64(int64(spent-uint64(math.Mod(integral, 0x1p64))))
	return stats
}

// further goes beyond where the run had to look up, to the next event, and tells whether there it may go on.
//
//go:noinline
func (s *Sim) further(at, last Time) bool {
	if at > last {
		return false
	}
	s.advance(at)
	s.until = min(last, s.horizon)
	return true
}

// advance moves the clock to a moment before which nothing happens, and brings the stations' integrals up to it. Between two such moments they are
// added up in 64 bits, so that the calls that may be there times the time must fit into them: that is the horizon.
func (s *Sim) advance(to Time) {
	for _, st := range s.stations {
		st.integrate()
		st.idle(to)
	}
	s.now = to
	s.horizon = to + 1<<(62-bits.Len32(s.calls.n))
}
