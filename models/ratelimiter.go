package models

import (
	"fmt"
	"math"

	"headroom/internal/units"
	"headroom/sim"
)

// RateLimiter passes each call on, and the answer back, as long as there are not too many of them: to all of its instances together, as
// with one store that they share.
type RateLimiter struct {
	Machine
	Cores     units.Count    `key:"cores" default:"unlimited" doc:"of an instance"`
	Algorithm string         `key:"algorithm" default:"token-bucket" enum:"token-bucket|sliding-window|sliding-log|fixed-window|leaky-bucket" doc:"how it counts; a leaky-bucket holds requests back before it refuses any"`
	Limit     Allowance      `key:"limit" required:"true" doc:"the rate that it lets through, such as 100/s or 600/m; what is beyond is refused as rate_limited"`
	Per       string         `key:"per" default:"all" enum:"client|request|all" doc:"who has a limit together: each client of a source, each request class, or all"`
	Burst     *units.Count   `key:"burst" doc:"how many a token-bucket holds, full at first, or how many may wait in a leaky-bucket; default: the limit's own number, at least 1"`
	Window    units.Duration `key:"window" doc:"of the algorithms that count in windows, which start at its multiples from time 0; default: the limit's own unit"`
	To        string         `key:"to" required:"true" doc:"the node that calls are passed on to"`
}

// Describe says what is being read, for errors.
func (*RateLimiter) Describe() string { return "rate-limiter" }

// Allowance is a rate in the unit that it was written in: so many in a time.
type Allowance struct {
	Number float64
	Unit   units.Duration
}

// UnmarshalText reads a rate such as 100/s or 600/m.
func (a *Allowance) UnmarshalText(text []byte) error {
	rate, unit, err := units.ParseRate(string(text))
	if err == nil {
		*a = Allowance{nearWhole(rate.PerSecond() * unit.Seconds()), unit}
	}
	return err
}

// Describe says what an allowance looks like.
func (*Allowance) Describe() string { return units.Rate(0).Describe() }

// perSecond returns the rate.
func (a Allowance) perSecond() float64 { return a.Number / a.Unit.Seconds() }

// within returns how many there are in a length of time.
func (a Allowance) within(d units.Duration) float64 {
	return nearWhole(a.Number * (d.Seconds() / a.Unit.Seconds()))
}

// nearWhole takes away what the conversion of units has added to a whole number.
func nearWhole(x float64) float64 {
	if whole := math.Round(x); math.Abs(x-whole) <= 1e-12*whole {
		return whole
	}
	return x
}

// mostInWindow is what a window counts in 32 bits.
const mostInWindow = 1e9

// buckets tells whether the algorithm knows a burst; the others know a window.
func (l *RateLimiter) buckets() bool {
	return l.Algorithm == "token-bucket" || l.Algorithm == "leaky-bucket"
}

// window returns the length of the windows.
func (l *RateLimiter) window() units.Duration {
	if l.Window == 0 {
		return l.Limit.Unit
	}
	return l.Window
}

// burst returns the size of the bucket.
func (l *RateLimiter) burst() float64 {
	switch {
	case l.Burst == nil:
		return max(l.Limit.Number, 1)
	case l.Burst.IsUnlimited():
		return math.Inf(1)
	}
	return float64(*l.Burst)
}

// Check implements Component.
func (l *RateLimiter) Check(c *Check, path string) {
	l.Machine.Cores = l.Cores
	l.Machine.check(c, path)
	c.warnKeys(path, "a rate limiter is never out of it", "memory")
	c.warnKeys(path, "a rate limiter takes no time", "cores", "speed", "backlog", "drop_after", "shed", "contention")
	if !l.Cores.IsUnlimited() { // else it is warned of already
		c.warnKeys(path, "a rate limiter takes no time", "discipline")
	}
	if l.Price.Per != "h" {
		c.warnKeys(path, "the instances count together, and nothing waits for one", "instances")
	}
	if l.Limit.Unit == 0 {
		return // reported where it stands, or should
	}
	if !simulable(units.Rate(l.Limit.perSecond())) {
		c.Errorf(path+".limit", "`limit` must be from 1/h to %s", highestRate)
		return
	}
	if l.buckets() {
		c.warnKeys(path, fmt.Sprintf("a %s counts in no windows", l.Algorithm), "window")
		if l.Algorithm == "token-bucket" && (l.burst() < 1 || math.IsInf(l.burst(), 0)) {
			c.Errorf(path+".burst", "`burst` of a token-bucket must be a number from 1: a request takes a whole token")
		}
		return
	}
	c.warnKeys(path, "only token-bucket and leaky-bucket know it", "burst")
	l.checkWindow(c, path)
}

func (l *RateLimiter) checkWindow(c *Check, path string) {
	at := path + ".window"
	switch n := l.Limit.within(l.window()); {
	case c.Wrong(at):
	case c.Given(at) && l.Window <= 0:
		c.Errorf(at, "`window` must be above 0")
	case n < 1 || n != math.Trunc(n) || n > mostInWindow:
		if !c.Given(at) {
			at = path + ".limit"
		}
		c.Errorf(at, "a window of %s has %g requests at this limit: expected a whole number from 1 to %d", l.window(), n, int(mostInWindow))
	}
}

// Calls implements Component.
func (l *RateLimiter) Calls(path string) []Reference {
	return []Reference{{Path: path + ".to", Name: l.To}}
}

// cores implements powered.
func (l *RateLimiter) cores() units.Count { return l.Cores }

// counting makes the algorithm for so many who are known beforehand, and others.
func (l *RateLimiter) counting(known uint64) counting {
	perSecond := l.Limit.perSecond()
	w := window{sim.Time(l.window()), int64(l.Limit.within(l.window()))}
	switch l.Algorithm {
	case "sliding-window":
		return newCounts(&slidingWindow{w}, known)
	case "sliding-log":
		return newCounts(newSlidingLog(w), known)
	case "fixed-window":
		return newCounts(&fixedWindow{w}, known)
	case "leaky-bucket":
		b := newLeakyBucket(perSecond, l.burst())
		return newCounts(&b, known)
	}
	b := newTokenBucket(perSecond, l.burst())
	return newCounts(&b, known)
}

// limits returns how many limits of its own a limiter at a node has; +Inf where that is not known, since clients come without number.
func (l *RateLimiter) limits(a *Architecture, name string) float64 {
	n := 0.0
	switch l.Per {
	case "client":
		for _, t := range a.Traffic {
			if len(a.coming(name, t)) > 0 {
				n += t.Value.distinct()
			}
		}
	case "request":
		n = float64(len(a.coming(name, a.Traffic...)))
	default:
		n = 1
	}
	return n
}

// rateLimiter is the behaviour.
type rateLimiter struct {
	sim      *sim.Sim
	handler  uint32
	per      string
	counting counting
	seats    []seats // by source
	limit    *Limit
	part     int32 // of a request's time: held back
	edge     uint16
	relay    *sim.Relay // nil: it makes a call of its own for each that comes
	heeded   bool       // callers that are refused look when they may come again
}

// seats are the numbers that the clients of a source have among all: from the first on, as many as are known beforehand.
type seats struct{ first, number uint64 }

// mostSeats bounds the memory for clients who are known and perhaps never come.
const mostSeats = 1 << 22

// seats returns how many who have a limit of their own are known beforehand, and, where these are clients, gives those of all sources numbers.
func (l *RateLimiter) seats(b *Builder) (of []seats, known uint64) {
	switch l.Per {
	case "all":
		return nil, 1
	case "request":
		return nil, uint64(len(b.Classes))
	}
	of = make([]seats, len(b.a.Traffic))
	for i, t := range b.a.Traffic {
		if n := t.Value.distinct(); n <= float64(mostSeats-known) {
			of[i] = seats{known, uint64(n)}
			known += uint64(n)
		}
	}
	return of, known
}

// Build implements Component.
func (l *RateLimiter) Build(b *Builder, name string) sim.Node {
	of, known := l.seats(b)
	n := &rateLimiter{sim: b.Sim, per: l.Per, counting: l.counting(known), seats: of, edge: b.Sim.Edge(int32(b.ID(name)), b.ID(l.To)), heeded: b.a.retries()}
	n.handler = b.Sim.Handle(n)
	if l.Per == "client" {
		b.Sim.Foresees(b.ID(name), n)
	}
	if b.relays(name, l.To) {
		n.relay = b.Sim.NewRelay(nil)
	}
	n.limit = b.limit(name, l.Limit.perSecond()*l.limits(b.a, name))
	if l.Algorithm == "leaky-bucket" {
		n.limit.Queue = &LimitQueue{Wait: sim.NewHistogram(sim.Coarse)}
		n.part = b.Part(name, "limit", "wait")
	}
	return n
}

// who tells whose limit a call counts for.
func (n *rateLimiter) who(c *sim.Call) uint64 {
	switch n.per {
	case "client":
		r := c.Request
		if s := &n.seats[r.Source]; r.Client < s.number {
			return s.first + r.Client
		}
		return sim.Mix(r.Client, uint64(r.Source))>>2 | 1<<62 // no seat's, and not the one number that counts cannot hold
	case "request":
		return uint64(c.Class)
	}
	return 0
}

// Foresee implements sim.Foreseer: what is counted for a client is far away where there are many.
func (n *rateLimiter) Foresee(c *sim.Call, step int) {
	if step == 0 {
		n.counting.foresee(n.who(c))
	}
}

// Enter implements sim.Node.
func (n *rateLimiter) Enter(c *sim.Call) {
	now := n.sim.Now()
	wait, ok := n.counting.admit(n.who(c), now)
	if n.sim.Traced(c) {
		remaining, reset := n.counting.left(n.who(c), now)
		noteLimit(n.sim, c, n.counting.most(), remaining, reset)
	}
	if !ok {
		n.limit.Refused++
		if n.heeded {
			_, reset := n.counting.left(n.who(c), now)
			n.sim.ComeAgain(c, now+reset)
		}
		n.sim.Finish(c, sim.RateLimited)
		return
	}
	n.limit.Admitted++
	if n.limit.Queue != nil {
		n.limit.Queue.admitted(now, wait)
	}
	if wait == 0 {
		n.passOn(c)
		return
	}
	n.sim.SpendNext(c, n.part, wait)
	n.sim.After(c, n.handler, wait)
}

// Fire implements sim.Handler: the call has been held back long enough.
func (n *rateLimiter) Fire(c *sim.Call) {
	n.limit.Queue.add(n.sim.Now(), -1)
	n.passOn(c)
}

func (n *rateLimiter) passOn(c *sim.Call) {
	if n.relay != nil && n.relay.HandOn(c, n.edge, -1) {
		return
	}
	c.Flags = passedOn
	n.sim.Expect(c, 1, 1)
	n.sim.Send(c, n.edge, c.Class, c.Op, -1)
}

// Resume implements sim.Node: the answer is there.
func (n *rateLimiter) Resume(c *sim.Call) { n.sim.Finish(c, c.Outcome) }

// Explain implements Component.
func (*RateLimiter) Explain() Explanation {
	return Explanation{
		About: "Lets so many calls through in a time, for all together, for each request class, or for each client, and refuses the others at once as `rate_limited`. " +
			"`token-bucket` holds `burst` tokens, full at first, which come back at the rate of the limit; `fixed-window` counts in windows that start at multiples of their length; " +
			"`sliding-log` counts in the time just past; `sliding-window` estimates that count from two windows; `leaky-bucket` queues up to `burst` and lets them out evenly.",
		Laws: []string{
			"A fixed window lets twice its limit through around a boundary; a sliding log never more than its limit in any window.",
			"A token bucket fed by Poisson arrivals refuses what overflows in a workload-limited M/D/1 queue (Berger, 1991).",
		},
		Example: `
traffic: {users: {enters: limiter, rate: 120/s}}
nodes:
  limiter: {kind: rate-limiter, algorithm: token-bucket, limit: 100/s, burst: 20, to: api}
  api: {kind: server, cores: 4, work: exp(20ms)}
`,
	}
}
