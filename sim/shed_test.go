package sim

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

// desk is a node of one station, whose calls come when they are told to.
type desk struct {
	s       *Sim
	st      *Station
	service Time
	level   []uint16 // class of each arrival; nil: all 0
	ends    []ended
	number  uint64
	gaps    []Time
	edge    uint16
}

// ended is how a visit ended: which it was, when, and whether it was served.
type ended struct {
	number uint64
	at     Time
	waited Time
	ok     bool
}

func (d *desk) Enter(c *Call) { d.st.Serve(c, d.service, true) }

func (d *desk) Resume(c *Call) {
	d.ends = append(d.ends, ended{c.Request.Number, d.s.now, d.s.now - c.arrived, c.Outcome == OK})
	d.s.Finish(c, c.Outcome)
}

func (d *desk) Arrive() Time {
	class := uint16(0)
	if d.level != nil {
		class = d.level[d.number]
	}
	d.s.Start(d.s.NewRequest(0, class, 0, d.number, d.number), d.edge, OpCall)
	d.number++
	if int(d.number) >= len(d.gaps) {
		return Never
	}
	return d.s.now + d.gaps[d.number]
}

// newDesk makes a desk whose calls come with these gaps.
func newDesk(service Time, gaps []Time, cfg StationConfig) *desk {
	s := New(Config{Classes: 2, Sources: 1, Levels: []uint8{0, 1}})
	d := &desk{s: s, service: service, gaps: gaps}
	id := s.AddNode("desk", false)
	s.SetNode(id, d)
	cfg.Servers, cfg.Backlog = max(cfg.Servers, 1), Unlimited
	d.st = s.NewStation(s.NewResource(id, "servers", true), cfg)
	d.edge = s.Edge(-1, id)
	s.AddSource(d, gaps[0], nil)
	return d
}

const ms = Time(1e6)

// naiveCodel is the algorithm as RFC 8289, section 5.6, writes it, over a queue of times of arrival.
type naiveCodel struct {
	queue            []Time
	target, interval Time
	firstAbove, next Time
	dropping         bool
	count, last      uint32
	drops            []Time
}

func (n *naiveCodel) dodequeue(now Time) (any, ok bool, at Time) {
	if len(n.queue) == 0 {
		n.firstAbove = 0
		return false, false, 0
	}
	at = n.queue[0]
	n.queue = n.queue[1:]
	if now-at < n.target || len(n.queue) <= 1 {
		n.firstAbove = 0
	} else if n.firstAbove == 0 {
		n.firstAbove = now + n.interval
	} else if now >= n.firstAbove {
		ok = true
	}
	return true, ok, at
}

func (n *naiveCodel) law(t Time, count uint32) Time {
	return t + Nanoseconds(float64(n.interval)/math.Sqrt(float64(count)))
}

func (n *naiveCodel) deque(now Time) (any bool, at Time) {
	any, ok, at := n.dodequeue(now)
	if !any {
		n.dropping = false
		return false, 0
	}
	if n.dropping {
		if !ok {
			n.dropping = false
		}
		for now >= n.next && n.dropping {
			n.drops = append(n.drops, now)
			n.count++
			any, ok, at = n.dodequeue(now)
			if !ok {
				n.dropping = false
			} else {
				n.next = n.law(n.next, n.count)
			}
		}
	} else if ok {
		n.drops = append(n.drops, now)
		any, _, at = n.dodequeue(now)
		n.dropping = true
		delta := n.count - n.last
		n.count = 1
		if delta > 1 && now-n.next < 16*n.interval {
			n.count = delta
		}
		n.next = n.law(now, n.count)
		n.last = n.count
	}
	return any, at
}

// TestCodelIsThatOfTheRFC: whatever comes and goes, the same calls are turned away at the same moments as by the RFC's own text.
func TestCodelIsThatOfTheRFC(t *testing.T) {
	for seed := range uint64(200) {
		r := NewRand(Mix(seed, 1))
		mine := &codel{target: 5 * ms, interval: 100 * ms}
		naive := &naiveCodel{target: 5 * ms, interval: 100 * ms}
		st, s := dequeuer()
		var drops []Time
		for range 3000 {
			pressure := 0.3 + 0.6*float64((s.now/(700*ms))%2) // busy and idle times in turn
			s.now += Nanoseconds(float64(3*ms) * r.Float64())
			if r.Float64() < pressure {
				c := s.newCall()
				c.state, c.since = applying, s.now
				st.queues[0].pushBack(s, c)
				st.waiting++
				naive.queue = append(naive.queue, s.now)
				continue
			}
			any, at := naive.deque(s.now)
			c := mine.next(st, &st.queues[0])
			for range len(s.ready) {
				drops = append(drops, s.now)
			}
			s.ready = s.ready[:0]
			if (c != nil) != any || c != nil && c.since != at {
				t.Fatalf("seed %d at %v: served %v, the RFC %v %v", seed, s.now, c, any, at)
			}
		}
		if !slices.Equal(drops, naive.drops) {
			t.Fatalf("seed %d: turned away at %v, the RFC at %v", seed, drops, naive.drops)
		}
		if len(drops) < 20 {
			t.Fatalf("seed %d: only %d drops: the test says nothing", seed, len(drops))
		}
	}
}

// dequeuer is a station that nothing comes to by itself.
func dequeuer() (*Station, *Sim) {
	d := newDesk(ms, []Time{Never}, StationConfig{})
	return d.st, d.s
}

// TestCodelDropsFollowTheSquareRoot: in a queue that stands, the n-th drop follows the one before after interval/√n, and the first comes an
// interval after the wait has exceeded the target.
func TestCodelDropsFollowTheSquareRoot(t *testing.T) {
	st, s := dequeuer()
	d := &codel{target: 5 * ms, interval: 100 * ms}
	for range 100_000 {
		c := s.newCall()
		c.state, c.since = applying, 0
		st.queues[0].pushBack(s, c)
		st.waiting++
	}
	const step = ms / 100
	want, n := 10*ms+100*ms, 1
	for s.now = 10 * ms; s.now < 1000*ms; s.now += step { // a dequeue every 10 µs
		d.next(st, &st.queues[0])
		for range len(s.ready) {
			if s.now < want || s.now >= want+step {
				t.Fatalf("drop %d at %v, want %v", n, s.now, want)
			}
			want += Nanoseconds(float64(100*ms) / math.Sqrt(float64(n)))
			n++
		}
		s.ready = s.ready[:0]
	}
	if n < 20 {
		t.Errorf("%d drops in 0.9 s, want about (900/200)²", n)
	}
}

// TestCodelLeavesBurstsAlone: a burst that is worked off within target + interval is served as without CoDel, to the nanosecond.
func TestCodelLeavesBurstsAlone(t *testing.T) {
	var gaps []Time
	for range 20 {
		gaps = append(gaps, 2000*ms)
		gaps = append(gaps, make([]Time, 50)...) // 51 at once, 2 ms each: the last waits 100 ms
	}
	plain, shed := newDesk(2*ms, gaps, StationConfig{}), newDesk(2*ms, gaps, StationConfig{Shed: Shed{Target: 5 * ms, Interval: 100 * ms}})
	plain.s.RunUntil(60_000 * ms)
	shed.s.RunUntil(60_000 * ms)
	if len(plain.ends) != 20*51 || !slices.Equal(plain.ends, shed.ends) {
		t.Errorf("%d ended without CoDel, %d with it, and not the same way", len(plain.ends), len(shed.ends))
	}
}

// TestCodelBoundsTheStandingQueue: where x calls a second more come than are served, drops come at rate √n/interval ≥ t/(2 interval²), so that the
// queue grows for x·interval and then by at most (x·interval)² calls; without CoDel it grows for ever.
func TestCodelBoundsTheStandingQueue(t *testing.T) {
	for _, percent := range []int{110, 125, 150, 200} {
		t.Run(fmt.Sprintf("at %d%%", percent), func(t *testing.T) {
			const service, interval, target = 10 * ms, 100 * ms, 5 * ms
			gap := service * 100 / Time(percent)
			gaps := slices.Repeat([]Time{gap}, 60_000)
			d := newDesk(service, gaps, StationConfig{Shed: Shed{Target: target, Interval: interval}})
			d.s.RunUntil(gap * 60_000)
			served, longest := 0, Time(0)
			for _, e := range d.ends {
				if e.ok {
					served++
					longest = max(longest, e.waited-service)
				}
			}
			x := float64(percent-100) * float64(interval) / 100 / float64(service) // x·interval
			bound := target + Nanoseconds((x+x*x+3)*float64(service))
			if longest > bound {
				t.Errorf("the longest wait is %v, beyond %v", longest, bound)
			}
			if want := int(d.s.now/service) - 200; served < want {
				t.Errorf("%d served, want at least %d: the server is idle", served, want)
			}
		})
	}
}

// TestAdaptiveLIFO: in the order of arrival as long as nobody has waited longer than that, then the newest first, and those under way before
// all of them.
func TestAdaptiveLIFO(t *testing.T) {
	st, s := dequeuer()
	a := &adaptiveLIFO{after: 100 * ms}
	q := &st.queues[0]
	calls := map[string]*Call{}
	come := func(name string, state callState) {
		c := s.newCall()
		c.state, c.since = state, s.now
		calls[name] = c
		if state == queued && a.overtakes() {
			q.pushFront(s, c)
		} else {
			q.pushBack(s, c)
		}
		st.waiting++
	}
	served := func(want ...string) {
		t.Helper()
		for _, w := range want {
			if c := a.next(st, q); c != calls[w] {
				t.Fatalf("at %v it is not %s who is served", s.now, w)
			}
		}
	}
	for i, name := range []string{"a", "b", "c", "d", "e"} {
		s.now = Time(i) * ms
		come(name, applying)
	}
	come("step 1", queued)
	come("f", applying)
	come("step 2", queued)
	s.now = 100 * ms
	served("a") // has waited for 100 ms: not longer
	s.now = 102 * ms
	served("step 1", "step 2", "f") // b has waited for 101 ms
	come("g", applying)
	come("step 3", queued)
	served("step 3", "g", "e", "d", "c", "b")
	come("h", applying)
	come("i", applying)
	served("h", "i")
}

// TestAdaptiveLIFOByLevel: newest first within a level.
func TestAdaptiveLIFOByLevel(t *testing.T) {
	gaps := slices.Repeat([]Time{ms}, 8)
	d := newDesk(1000*ms, gaps, StationConfig{Discipline: Priority, Shed: Shed{NewestAfter: 100 * ms}})
	d.level = []uint16{1, 1, 0, 1, 0, 1, 0, 1}
	d.s.RunUntil(20_000 * ms)
	var order []uint64
	for _, e := range d.ends {
		order = append(order, e.number)
	}
	if want := []uint64{0, 6, 4, 2, 7, 5, 3, 1}; !slices.Equal(order, want) {
		t.Errorf("served %v, want %v", order, want)
	}
}

// TestClearForgetsWhoIsShed: a station that lost everything begins as a new one.
func TestClearForgetsWhoIsShed(t *testing.T) {
	gaps := slices.Repeat([]Time{5 * ms}, 1000)
	for _, cfg := range []Shed{{Target: 5 * ms, Interval: 100 * ms}, {NewestAfter: 50 * ms}} {
		d := newDesk(10*ms, gaps, StationConfig{Shed: cfg})
		d.s.RunUntil(2000 * ms)
		fresh := newShedding(cfg, 1)[0]
		if fmt.Sprint(d.st.shed[0]) == fmt.Sprint(fresh) {
			t.Fatal("nothing was remembered")
		}
		d.st.Clear()
		if fmt.Sprint(d.st.shed[0]) != fmt.Sprint(fresh) {
			t.Errorf("remembers %v", d.st.shed[0])
		}
	}
}
