package models

import (
	"headroom/sim"
)

// guard is what a caller does about the calls of a step that fail or take too long. Its steps in a program:
//
//	first    begins with no attempt made
//	attempt ◄──────────────┐ the breaker lets it through, the clock starts
//	  the calls            │ what fails, or is given up, goes to judge at once
//	judge ── retry ─backoff┘
//	  │ └── fails: the steps of or_else, or the visit fails
//	  ▼ ok
type guard struct {
	*policy
	attempt, judge int32 // where they stand in the program
}

// policy is a step's, for all classes that take it.
type policy struct {
	timeout  sim.Time // 0: none
	hedge    sim.Time // 0: none
	attempts int
	backoff  sim.Time
	jitter   string
	cancels  string
	orElse   bool
	budgets  []budget  // by instance of the caller; nil: as often as attempts says
	breakers []breaker // likewise; nil: none
	part     int32     // of a request's time: given up, or until it was tried again
	counts   *Attempts
}

// Attempts counts the attempts of calls that something is done about, in the measured time.
type Attempts struct {
	Tries     int64 // retries included, hedges not
	Retries   int64
	Hedges    int64 // copies sent
	Succeeded int64 // tries that ended ok
	Failed    int64 // that ended otherwise
	TimedOut  int64 // that were given up
	Lost      int64 // whose caller died
	Refused   int64 // by a breaker: not tried
	Exhausted int64 // not tried again for want of budget
	open      int64 // under way when the measured time began
}

// Attempts returns what was counted, and how many tries are under way.
func (b *Builder) Attempts() (counts Attempts, underWay int64) {
	k := b.attempts
	for _, p := range b.patient {
		k.Tries += p.Started
		k.Succeeded += p.Ended[sim.OK]
		k.TimedOut += p.GaveUp
		for _, n := range p.Ended[sim.OK+1:] {
			k.Failed += n
		}
		k.Failed -= p.GaveUp
	}
	return k, k.open + k.Tries - k.Succeeded - k.Failed - k.TimedOut - k.Lost
}

// Resilient tells whether something is done about any call.
func (b *Builder) Resilient() bool { return b.resilient }

// WithoutRetries returns the architecture in which no call is tried twice.
func (a *Architecture) WithoutRetries() *Architecture {
	b := *a
	b.once = true
	return &b
}

// policy makes that of a step or a source for so many instances of the caller.
func (b *Builder) policy(r *Resilience, k *Breaker, orElse bool, node uint32, caller string, instances int) *policy {
	b.resilient = true
	p := &policy{timeout: timeOf(r.Timeout), cancels: r.Cancel, orElse: orElse, attempts: 1, counts: &b.attempts}
	p.part = b.Part(caller, "retries", "wait")
	if r.Hedge != nil {
		p.hedge = sim.Time(r.Hedge.After)
		b.Sim.Leads(node, p.part)
	}
	if t := r.Retry; t != nil && !b.a.once {
		p.attempts, p.backoff, p.jitter = int(t.Attempts), sim.Time(t.Backoff), t.Jitter
		if t.Budget != nil {
			for range instances {
				p.budgets = append(p.budgets, newBudget(float64(*t.Budget)))
			}
		}
	}
	if k != nil {
		for range instances {
			p.breakers = append(p.breakers, k.new())
		}
	}
	return p
}

// hedges tells whether a copy is sent before the call is given up; first is the time to the first of the two.
func (p *policy) hedges() bool { return p.hedge > 0 && (p.timeout == 0 || p.hedge < p.timeout) }

func (p *policy) first() sim.Time {
	if p.hedges() {
		return p.hedge
	}
	return p.timeout
}

// begins takes notice of a call before its first try.
func (p *policy) begins(c *sim.Call) {
	c.Aux = 0
	if p.budgets != nil {
		p.budgets[c.Instance].first()
	}
}

// ended takes notice of how a try ended.
func (p *policy) ended(c *sim.Call, now sim.Time, ok bool) {
	switch {
	case ok:
		p.counts.Succeeded++
	case c.Flags&gaveUp != 0:
		p.counts.TimedOut++
	default:
		p.counts.Failed++
	}
	if p.breakers != nil {
		p.breakers[c.Instance].judge(now, ok, c.Flags&probes != 0)
	}
}

// forget lets an instance of the caller begin anew.
func (p *policy) forget(instance int32) {
	if p.budgets != nil {
		p.budgets[instance] = newBudget(p.budgets[instance].share)
	}
	if p.breakers != nil {
		p.breakers[instance].close()
	}
}

func (p *policy) mayRetry(c *sim.Call) bool {
	if p.budgets == nil || p.budgets[c.Instance].again() {
		return true
	}
	p.counts.Exhausted++
	return false
}

// pause returns how long a call waits before it is tried again: its backoff with jitter (Brooker, Exponential Backoff and Jitter, AWS
// Architecture Blog, 2015), but at least until the limiter that refused it says that it may come again.
func (p *policy) pause(s *sim.Sim, c *sim.Call) sim.Time {
	d := p.backoff
	for k := uint32(1); k < c.Aux && d < latest; k++ {
		d *= 2
	}
	if p.jitter != "none" && d > 0 {
		r := sim.NewRand(sim.Mix(c.Rand.State(), jitterStream+uint64(c.Aux)))
		spread := d
		if p.jitter == "equal" {
			spread = d / 2
		}
		d += sim.Nanoseconds(r.Float64()*float64(spread)) - spread
	}
	if c.Outcome == sim.RateLimited {
		d = max(d, s.Reset(c)-s.Now())
	}
	return d
}

// jitterStream tells the draws of pauses from those of the visit, which they must not disturb.
const jitterStream = 0xbf58476d1ce4e5b9

// budget lets tries again be a share of the first tries: each of these adds that share of a token, each try again takes one. It holds ten
// tokens at most, which it has at first, so that a few failures can always be tried again (as gRPC's retry throttling, gRFC A6, and
// Finagle's RetryBudget).
type budget struct{ share, tokens float64 }

const mostTokens = 10

func newBudget(share float64) budget { return budget{share, mostTokens} }

func (k *budget) first() { k.tokens = min(k.tokens+k.share, mostTokens) }

func (k *budget) again() bool {
	if k.tokens < 1 {
		return false
	}
	k.tokens--
	return true
}

// breaker stops attempts while its callee fails (Nygard, Release It!, 2007, ch. 5.2).
type breaker struct {
	open        sim.Time // how long it stays open
	share       float64  // of failures in the window, or
	consecutive int      // failures in a row
	recent      recent
	row         int
	until       sim.Time // it lets nothing through before; 0: it is closed
	probing     bool     // one attempt is under way to find out
}

// fewestTries is how many attempts there must be in the window for a share of them to mean anything.
const fewestTries = 10

func (k *Breaker) new() breaker {
	br := breaker{open: sim.Time(k.Open)}
	if k.Consecutive != nil {
		br.consecutive = int(*k.Consecutive)
		return br
	}
	br.share, br.recent.slice = float64(*k.Failures), sim.Time(defaultWindow)/recentSlices
	if k.Window != nil {
		br.recent.slice = max(sim.Time(*k.Window)/recentSlices, 1)
	}
	return br
}

// lets tells whether an attempt may be made, and whether it is one to find out if the others may be made again.
func (k *breaker) lets(now sim.Time) (yes, probe bool) {
	switch {
	case k.until == 0:
		return true, false
	case now < k.until || k.probing:
		return false, false
	}
	k.probing = true
	return true, true
}

// close lets all through again, as if nothing had failed.
func (k *breaker) close() {
	*k = breaker{open: k.open, share: k.share, consecutive: k.consecutive, recent: recent{slice: k.recent.slice}}
}

// judge takes notice of how an attempt ended.
func (k *breaker) judge(now sim.Time, ok, probe bool) {
	switch {
	case k.until == 0:
		if k.trips(now, ok) {
			k.until = now + k.open
		}
	case !probe: // it was made before the breaker opened
	case ok:
		k.close()
	default:
		k.probing, k.until = false, now+k.open
	}
}

func (k *breaker) trips(now sim.Time, ok bool) bool {
	if k.consecutive > 0 {
		if k.row++; ok {
			k.row = 0
		}
		return k.row >= k.consecutive
	}
	failed, all := k.recent.add(now, ok)
	return all >= fewestTries && float64(failed) >= k.share*float64(all)
}

// recent counts attempts in a time that slides on in slices.
type recent struct {
	slice       sim.Time
	current     int64 // number of the latest slice
	failed, all [recentSlices]int64
}

const recentSlices = 10

// add counts an attempt, and returns how many there were in the window.
func (w *recent) add(now sim.Time, ok bool) (failed, all int64) {
	at := int64(now / w.slice)
	for n := max(w.current+1, at-recentSlices+1); n <= at; n++ {
		w.failed[n%recentSlices], w.all[n%recentSlices] = 0, 0
	}
	w.current = at
	w.all[at%recentSlices]++
	if !ok {
		w.failed[at%recentSlices]++
	}
	for i := range recentSlices {
		failed, all = failed+w.failed[i], all+w.all[i]
	}
	return failed, all
}
