package models

import (
	"fmt"
	"runtime"
	"testing"

	"headroom/internal/units"
	"headroom/sim"
)

var limitAlgorithms = []string{"token-bucket", "sliding-window", "sliding-log", "fixed-window", "leaky-bucket"}

// newCounting makes an algorithm with a limit of so many per second, and the default burst and window.
func newCounting(algorithm string, perSecond float64) counting {
	l := RateLimiter{Algorithm: algorithm, Limit: Allowance{perSecond, units.Second}}
	return l.counting(0)
}

// TestSlidingWindowEstimate: 42 in the minute before and 18 in the first 15 s of this one are 49.5 within a minute (the example that
// Cloudflare gives of the algorithm).
func TestSlidingWindowEstimate(t *testing.T) {
	for limit, admits := range map[int64]bool{49: false, 50: true} {
		w := slidingWindow{window{60 * sim.Second, limit}}
		s := inWindow{number: 7, previous: 42, current: 18}
		now := 7*60*sim.Second + 15*sim.Second
		if got := w.estimate(&s, now); got != 49.5 {
			t.Errorf("the estimate is %g, want 49.5", got)
		}
		if _, ok := w.admit(&s, now); ok != admits {
			t.Errorf("limit %d: admitted %v", limit, ok)
		}
	}
}

// TestLimitsWhatPasses: under each algorithm no more passes than it promises, in any stretch of time.
func TestLimitsWhatPasses(t *testing.T) {
	const limit = 5
	for algorithm, most := range map[string]func(seconds float64) float64{
		"token-bucket": func(s float64) float64 { return limit + limit*s },
		"leaky-bucket": func(s float64) float64 { return 1 + limit*s }, // of those that leave it
		"sliding-log":  func(s float64) float64 { return limit * (1 + float64(int(s))) },
		"fixed-window": func(s float64) float64 { return limit * (2 + float64(int(s))) },
		// Its estimate takes the window before as evenly spread; it may be all at the end (the border case of R02).
		"sliding-window": func(s float64) float64 { return limit * (2 + float64(int(s))) },
	} {
		c := newCounting(algorithm, limit)
		r := sim.NewRand(1)
		var passed []sim.Time
		for now := sim.Time(0); now < 100*sim.Second; now += sim.Nanoseconds(2e8 * r.Float64() * r.Float64()) {
			if wait, ok := c.admit(0, now); ok {
				passed = append(passed, now+wait)
			}
		}
		for i := range passed {
			for k := i; k < len(passed) && passed[k]-passed[i] < 5*sim.Second; k++ {
				if n := float64(k - i + 1); n > most((passed[k]-passed[i]).Seconds())+1e-6 {
					t.Fatalf("%s: %g pass from %v to %v", algorithm, n, passed[i], passed[k])
				}
			}
		}
		if n := len(passed); n < 90*limit {
			t.Errorf("%s: only %d pass in 100 s", algorithm, n)
		}
	}
}

// TestAnswersSayWhatIsLeft: as many more as remain are admitted and no more; after the reset it is one more, and not before.
func TestAnswersSayWhatIsLeft(t *testing.T) {
	for _, algorithm := range limitAlgorithms {
		r := sim.NewRand(7)
		var asked []sim.Time
		again := func() counting { // after all that was asked
			c := newCounting(algorithm, 5)
			for _, at := range asked {
				c.admit(0, at)
			}
			return c
		}
		admitted := func(at sim.Time) (n int64) {
			for c := again(); ; n++ {
				if _, ok := c.admit(0, at); !ok {
					return n
				}
			}
		}
		for now := sim.Time(0); len(asked) < 100; now += sim.Nanoseconds(3e8 * r.Float64() * r.Float64()) {
			asked = append(asked, now)
			remaining, reset := again().left(0, now)
			if n := admitted(now); n != remaining {
				t.Fatalf("%s at %v: %d remain, and %d are admitted", algorithm, now, remaining, n)
			}
			if n := admitted(now + reset); n <= remaining {
				t.Fatalf("%s at %v: after %v there are %d, %d remained", algorithm, now, reset, n, remaining)
			}
			if n := admitted(now + reset - 2); n > remaining { // but for the rounding to the clock
				t.Fatalf("%s at %v: before %v is over there are %d, %d remained", algorithm, now, reset, n, remaining)
			}
		}
	}
}

// TestKnownClientsAreCountedAlike: who has a place by number is treated as one who is looked for.
func TestKnownClientsAreCountedAlike(t *testing.T) {
	for _, algorithm := range limitAlgorithms {
		l := RateLimiter{Algorithm: algorithm, Limit: Allowance{5, units.Second}}
		r, known, found, refused := sim.NewRand(3), l.counting(40), l.counting(0), 0
		for now := sim.Time(0); now < 100*sim.Second; now += sim.Nanoseconds(1e7 * r.Float64()) {
			who := uint64(r.Intn(8) * r.Intn(8)) // up to 49: some are not known
			wait, ok := known.admit(who, now)
			if w, o := found.admit(who, now); w != wait || o != ok {
				t.Fatalf("%s: %d at %v waits %v, %v; want %v, %v", algorithm, who, now, wait, ok, w, o)
			}
			if !ok {
				refused++
			}
			left, reset := known.left(who, now)
			if n, at := found.left(who, now); n != left || at != reset {
				t.Fatalf("%s: %d at %v has %d left until %v, want %d, %v", algorithm, who, now, left, reset, n, at)
			}
		}
		if refused == 0 {
			t.Errorf("%s: nobody was refused", algorithm)
		}
	}
}

// TestMillionClients: a million clients take less than 100 bytes each, and those who do not come again are forgotten.
func TestMillionClients(t *testing.T) {
	for _, algorithm := range limitAlgorithms {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		c := newCounting(algorithm, 3)
		for i := range uint64(1_000_000) {
			c.admit(sim.Mix(i, 1)>>1, sim.Time(i)) // all within a millisecond: none can be forgotten
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		each := float64(after.HeapAlloc-before.HeapAlloc) / 1e6
		t.Logf("%-15s %.1f bytes for a client", algorithm, each)
		if each >= 100 {
			t.Errorf("%s takes %.0f bytes for a client", algorithm, each)
		}
		runtime.KeepAlive(c)
	}
	c := newCounts(newSlidingLog(window{sim.Second, 3}), 0)
	for i := range uint64(1_000_000) {
		c.admit(i, sim.Time(i)*sim.Second/1000) // a thousand in a second
	}
	if len(c.slots) > 1<<13 || len(c.rule.(*slidingLog).times) > 1<<13 {
		t.Errorf("%d slots for clients, and %d times", len(c.slots), len(c.rule.(*slidingLog).times))
	}
}

// TestCountingAllocatesNothing: a client who is known costs no memory.
func TestCountingAllocatesNothing(t *testing.T) {
	for _, algorithm := range limitAlgorithms {
		c, now := newCounting(algorithm, 5), sim.Time(0)
		for range 10 {
			c.admit(1, now)
		}
		if n := testing.AllocsPerRun(1000, func() { now += sim.Second / 7; c.admit(1, now) }); n > 0 {
			t.Errorf("%s allocates %g times for a request", algorithm, n)
		}
	}
}

// BenchmarkMillionClients decides on the requests of a million clients, in random order.
func BenchmarkMillionClients(b *testing.B) {
	for _, algorithm := range limitAlgorithms {
		b.Run(algorithm, func(b *testing.B) {
			c, r := newCounting(algorithm, 3), sim.NewRand(1)
			for i := range uint64(1_000_000) {
				c.admit(sim.Mix(i, 1)>>1, 0)
			}
			b.ReportAllocs()
			now := sim.Time(0)
			for b.Loop() {
				now += 400 // 2.5 a second for each client
				c.admit(sim.Mix(uint64(r.Intn(1_000_000)), 1)>>1, now)
			}
		})
	}
}

// TestAllowanceKeepsItsUnit: a limit's unit is its window, and its number the burst.
func TestAllowanceKeepsItsUnit(t *testing.T) {
	for text, want := range map[string]struct {
		window units.Duration
		burst  float64
		most   float64
	}{
		"100/s": {units.Second, 100, 100}, "600/m": {units.Minute, 600, 600}, "100/m": {units.Minute, 100, 100}, "7/h": {units.Hour, 7, 7},
		"0.5/s": {units.Second, 1, 0.5}, "10k/s": {units.Second, 10_000, 10_000},
	} {
		var l RateLimiter
		if err := l.Limit.UnmarshalText([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(l.window(), l.burst(), l.Limit.within(l.window())); got != fmt.Sprint(want.window, want.burst, want.most) {
			t.Errorf("%s has window, burst and requests in a window %s, want %v", text, got, want)
		}
	}
}
