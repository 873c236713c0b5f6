package models

import (
	"headroom/internal/strict"
	"headroom/internal/units"
	"headroom/sim"
)

// Resilience is what a caller does about calls that fail or take too long.
type Resilience struct {
	Timeout *units.Duration `key:"timeout" doc:"when an attempt is given up, waiting for a connection included: it ends as timeout, and what it asked for goes on; late answers are ignored"`
	Retry   *Retry          `key:"retry" doc:"how a call that did not end ok is tried again"`
	Hedge   *Hedge          `key:"hedge" doc:"when a copy of the call is sent: the first answer that is ok counts"`
	Cancel  string          `key:"cancel" default:"none" enum:"none|queued|all" doc:"what becomes of calls that are given up, and of what these wait for. none: they go on; queued: they leave the queues that they wait in; all: they are ended"`
}

// Retry is how a call is tried again.
type Retry struct {
	Attempts units.Count    `key:"attempts" required:"true" doc:"tries in all, the first one included"`
	Backoff  units.Duration `key:"backoff" default:"0s" doc:"time before the second try; it doubles before each further one"`
	Jitter   string         `key:"jitter" default:"none" enum:"none|full|equal" doc:"none: the whole backoff; full: any time up to it; equal: half of it, and any part of the other half"`
	Budget   *units.Share   `key:"budget" doc:"tries again as a share of the first tries, on average: what is not tried again for want of it fails"`
}

// Breaker stops calls to what fails.
type Breaker struct {
	Failures    *units.Share    `key:"failures" doc:"share of the attempts in the window that must fail for it to open, of 10 at least"`
	Window      *units.Duration `key:"window" doc:"time that the share is of; default 10s"`
	Consecutive *units.Count    `key:"consecutive" doc:"or: attempts in a row that must fail for it to open"`
	Open        units.Duration  `key:"open" default:"5s" doc:"how long it lets nothing through, before it lets one attempt probe"`
}

// Hedge is when a copy of a call is sent.
type Hedge struct {
	After units.Duration `key:"after" required:"true" doc:"time without an answer after which the copy is sent"`
}

// Describe says what is being read, for errors.
func (*Retry) Describe() string {
	return "a retry such as {attempts: 3, backoff: 100ms, jitter: full}"
}

// Describe says what is being read, for errors.
func (*Breaker) Describe() string {
	return "a breaker such as {failures: 50%, window: 10s, open: 5s} or {consecutive: 5, open: 10s}"
}

// Describe says what is being read, for errors.
func (*Hedge) Describe() string { return "a hedge such as {after: 300ms}" }

const (
	mostTries     = 100
	defaultWindow = units.Duration(10 * units.Second)
)

// given tells whether anything is to be done about a call.
func (p *Resilience) given() bool { return p.Timeout != nil || p.Retry != nil || p.Hedge != nil }

// often tells whether one request may make a call more than once.
func (p *Resilience) often() bool { return p.Retry != nil && p.Retry.Attempts > 1 || p.Hedge != nil }

// most returns how many calls become of one at most.
func (p *Resilience) most() float64 {
	n := 1.0
	if p.Retry != nil {
		n = float64(p.Retry.Attempts)
	}
	if p.Hedge != nil {
		n *= 2
	}
	return n
}

func (p *Resilience) check(c *Check, path string) {
	if p.Timeout != nil && *p.Timeout <= 0 {
		c.Errorf(path+".timeout", "`timeout` must be above 0")
	}
	if r, at := p.Retry, path+".retry"; r != nil && !c.Wrong(at) {
		if r.Attempts < 1 || r.Attempts > mostTries {
			c.Errorf(at+".attempts", "`attempts` must be from 1 to %d, the first one included", mostTries)
		} else if r.Attempts == 1 {
			c.Warnf(at+".attempts", "`retry` has no effect: `attempts` counts the first one")
		}
		if r.Backoff < 0 {
			c.Errorf(at+".backoff", "`backoff` must not be below 0")
		} else if r.Backoff == 0 {
			c.warnKeys(at, "there is no `backoff`", "jitter")
		}
		if r.Budget != nil && *r.Budget <= 0 {
			c.Errorf(at+".budget", "`budget` must be above 0, such as 10%%")
		}
	}
	if h, at := p.Hedge, path+".hedge"; h != nil && !c.Wrong(at) {
		if h.After <= 0 {
			c.Errorf(at+".after", "`after` must be above 0")
		} else if p.Timeout != nil && h.After >= *p.Timeout {
			c.Warnf(at+".after", "`hedge` has no effect: the call is given up after %s", *p.Timeout)
		}
	}
	if p.Timeout == nil && p.Hedge == nil {
		c.warnKeys(path, "without `timeout` and `hedge` nothing is given up", "cancel")
	}
}

func (k *Breaker) check(c *Check, path string) {
	if k == nil || c.Wrong(path) {
		return
	}
	switch {
	case k.Failures == nil && k.Consecutive == nil:
		c.Errorf(path, "a breaker opens after `failures`, a share, or after `consecutive` ones: such as {failures: 50%%, window: 10s, open: 5s}")
	case k.Failures != nil && k.Consecutive != nil:
		c.Errorf(path, "a breaker opens after `failures`, a share, or after `consecutive` ones: give one of the two")
	case k.Failures != nil && (*k.Failures <= 0 || *k.Failures > 1):
		c.Errorf(path+".failures", "`failures` must be above 0%% and at most 100%%")
	case k.Consecutive != nil && *k.Consecutive < 1:
		c.Errorf(path+".consecutive", "`consecutive` must be at least 1")
	case k.Window != nil && *k.Window <= 0:
		c.Errorf(path+".window", "`window` must be above 0")
	}
	if k.Failures == nil && k.Consecutive != nil {
		c.warnKeys(path, "failures in a row are counted, whenever they come", "window")
	}
	if k.Open <= 0 {
		c.Errorf(path+".open", "`open` must be above 0")
	}
}

// timeOf returns a time of the kernel, 0 where there is none.
func timeOf(d *units.Duration) sim.Time {
	if d == nil {
		return 0
	}
	return sim.Time(*d)
}

// resilient reports keys that do not go with a step's action.
func (s *Step) resilient(v *strict.Value) {
	calls := s.Call != "" || s.Scatter != nil
	for _, key := range []string{"timeout", "retry", "breaker", "hedge", "cancel", "or_else"} {
		if k := v.Get(key); k != nil && !calls && !v.Document().Wrong(v.Path()) {
			k.Errorf("`%s` goes with `call`, `read`, `write`, `publish` and `scatter`", key)
		}
	}
	if k := v.Get("hedge"); k != nil && (s.Scatter != nil || s.Op == publish) {
		k.Errorf("`hedge` goes with `call`, `read` and `write`")
	}
}

// guarded tells whether something is done about the calls of a step that fail or take too long.
func (s *Step) guarded() bool { return s.given() || s.Breaker != nil || s.HasElse }

// checkResilience checks what is done about the calls of steps, and warns of what has no effect.
func checkResilience(c *Check, steps []Step) {
	walk(steps, func(s *Step) {
		s.Resilience.check(c, s.At)
		s.Breaker.check(c, s.At+".breaker")
	})
}

// checkHedges reports hedges of steps that are several calls.
func (r *routes) checkHedges() {
	for _, n := range r.a.Nodes {
		s, ok := serverOf(n.Value.Component)
		if !ok {
			continue
		}
		for _, h := range s.Handles {
			walk(h.Value, func(st *Step) {
				to, _ := r.a.Nodes.Get(st.Call)
				if k, ok := cacheOf(to.Component); ok && k.aside() && st.Hedge != nil {
					r.c.Errorf(st.At+".hedge", "a copy is sent of one call, and a %s past the cache `%s` is several: give that `mode: through`", st.Op, st.Call)
				}
			})
		}
	}
}

// cares calls visit for all that is done about calls in an architecture.
func (a *Architecture) cares(visit func(r *Resilience)) {
	for i := range a.Traffic {
		visit(&a.Traffic[i].Value.Resilience)
	}
	for _, n := range a.Nodes {
		s, ok := serverOf(n.Value.Component)
		if !ok {
			continue
		}
		for _, h := range s.Handles {
			walk(h.Value, func(st *Step) {
				if st.guarded() {
					visit(&st.Resilience)
				}
			})
		}
	}
}

// cancels tells whether anything is ever cancelled.
func (a *Architecture) cancels() bool {
	found := false
	a.cares(func(r *Resilience) { found = found || r.Cancel != "none" })
	return found
}

// retries tells whether anything is ever tried again.
func (a *Architecture) retries() bool {
	found := false
	a.cares(func(r *Resilience) { found = found || r.Retry != nil })
	return found
}
