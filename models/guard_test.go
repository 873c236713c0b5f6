package models

import (
	"math"
	"testing"

	"headroom/internal/units"
	"headroom/sim"
)

const tick = sim.Second

// ofAShare makes a breaker that opens for 5 s once half of the attempts in 10 s fail.
func ofAShare() breaker {
	half, window := units.Share(.5), units.Duration(10*units.Second)
	return (&Breaker{Failures: &half, Window: &window, Open: units.Duration(5 * units.Second)}).new()
}

// inARow makes one that opens for 5 s after so many failures in a row.
func inARow(n units.Count) breaker {
	return (&Breaker{Consecutive: &n, Open: units.Duration(5 * units.Second)}).new()
}

// stops tells whether it would let nothing through.
func (k *breaker) stops(now sim.Time) bool {
	probing := k.probing
	yes, _ := k.lets(now)
	k.probing = probing
	return !yes
}

// TestABreakerWantsTenAttempts: nine failures of nine open nothing, the tenth does.
func TestABreakerWantsTenAttempts(t *testing.T) {
	k := ofAShare()
	for i := range 10 {
		if k.stops(tick) {
			t.Fatalf("open after %d failures", i)
		}
		k.judge(tick, false, false)
	}
	if !k.stops(tick) {
		t.Error("closed after ten failures")
	}
}

// TestABreakersWindowSlides: eight failures are forgotten after the window, so that as many with four successes are no half of all; within
// it the share is that of all.
func TestABreakersWindowSlides(t *testing.T) {
	for later, opens := range map[sim.Time]bool{9 * tick: true, 10 * tick: false} {
		k := ofAShare()
		for range 8 {
			k.judge(0, false, false)
		}
		for range 6 {
			k.judge(later, true, false)
		}
		for range 5 {
			k.judge(later, false, false)
		}
		if k.stops(later) != opens {
			t.Errorf("8 failures at 0 s, 6 successes and 5 failures at %v: open is %v", later.Seconds(), !opens)
		}
	}
}

// TestABreakerOfFailuresInARow: a success begins the count anew.
func TestABreakerOfFailuresInARow(t *testing.T) {
	k := inARow(3)
	for i, ok := range []bool{false, false, true, false, false, false} {
		if k.stops(0) {
			t.Fatalf("open before attempt %d", i)
		}
		k.judge(0, ok, false)
	}
	if !k.stops(0) {
		t.Error("closed after three failures in a row")
	}
}

// TestAnOpenBreakerLetsOneAttemptProbe: nothing passes before its time, then one at a time: a failure keeps it open for as long again, a
// success closes it, with nothing to remember. Attempts made before it opened say nothing, also while the probe is under way.
func TestAnOpenBreakerLetsOneAttemptProbe(t *testing.T) {
	k := inARow(2)
	k.judge(0, false, false)
	k.judge(0, false, false)
	if yes, _ := k.lets(5*tick - 1); yes {
		t.Error("it let an attempt through before its time")
	}
	if yes, probe := k.lets(5 * tick); !yes || !probe {
		t.Error("it did not let the probe through")
	}
	for _, ok := range []bool{true, false} { // made before it opened, and late
		k.judge(5*tick, ok, false)
	}
	if yes, _ := k.lets(5 * tick); yes {
		t.Error("it let another attempt through beside the probe")
	}
	k.judge(6*tick, false, true)
	if !k.stops(11*tick - 1) {
		t.Error("it did not stay open for 5 s after the failed probe")
	}
	if yes, probe := k.lets(11 * tick); !yes || !probe {
		t.Error("it did not let the second probe through")
	}
	k.judge(11*tick, true, true)
	k.judge(11*tick, false, false)
	if yes, probe := k.lets(11 * tick); !yes || probe {
		t.Error("it is not closed, or remembers a failure from before")
	}
}

// TestARetryBudgetIsAShareOfFirstTries: ten at first; then one for every 1/share first tries, and never more than ten saved.
func TestARetryBudgetIsAShareOfFirstTries(t *testing.T) {
	k := newBudget(.25)
	takes := func() (n int) {
		for k.again() {
			n++
		}
		return n
	}
	if n := takes(); n != 10 {
		t.Errorf("%d retries at first, want 10", n)
	}
	total := 0
	for range 400 {
		k.first()
		total += takes()
	}
	if total != 100 {
		t.Errorf("400 first tries allow %d retries, want 100", total)
	}
	for range 400 {
		k.first()
	}
	if n := takes(); n != 10 {
		t.Errorf("%d retries were saved, want 10", n)
	}
}

// backoffs draws n pauses before the try of a number.
func backoffs(p *policy, try uint32, n int) (all []float64) {
	s := sim.New(sim.Config{Classes: 1, Sources: 1})
	for i := range n {
		c := &sim.Call{Aux: try - 1, Rand: sim.NewRand(uint64(i))}
		all = append(all, p.pause(s, c).Seconds())
	}
	return all
}

// TestBackoffDoubles: exactly, from try to try, and does not overflow after a hundred.
func TestBackoffDoubles(t *testing.T) {
	p := &policy{backoff: sim.Second / 10, jitter: "none"}
	for try, want := range map[uint32]float64{2: .1, 3: .2, 4: .4, 8: 6.4} {
		if d := backoffs(p, try, 1)[0]; d != want {
			t.Errorf("before try %d it waits %g s, want %g", try, d, want)
		}
	}
	if d := backoffs(p, 100, 1)[0]; d < 1e9 {
		t.Errorf("before try 100 it waits %g s", d)
	}
}

// TestJitter: full spreads the backoff evenly from 0 up, equal from half of it up. The mean of n draws is within 5 of its standard deviations.
func TestJitter(t *testing.T) {
	const n, backoff = 20_000, .8 // before the fourth try
	for jitter, least := range map[string]float64{"full": 0, "equal": backoff / 2} {
		sum, low, high := 0., math.Inf(1), 0.
		for _, d := range backoffs(&policy{backoff: sim.Second / 5, jitter: jitter}, 4, n) {
			sum, low, high = sum+d, min(low, d), max(high, d)
		}
		width := backoff - least
		if by := 5 * width / math.Sqrt(12*n); math.Abs(sum/n-(least+backoff)/2) > by {
			t.Errorf("%s: the mean is %g, want %g within %g", jitter, sum/n, (least+backoff)/2, by)
		}
		if low < least || low > least+width/1000 || high > backoff || high < backoff-width/1000 {
			t.Errorf("%s: from %g to %g, want from %g to %g", jitter, low, high, least, backoff)
		}
	}
}
