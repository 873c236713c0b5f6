package sim

import (
	"testing"

	"pgregory.net/rapid"
)

// TestTimeSpentIsTheIntegralOfThePresent: the time that calls spend at a station, added up from the moments of coming and going, is the integral
// of how many are there, also where neither the sum of the moments nor that time fits 64 bits; and a call that leaves twice is told.
func TestTimeSpentIsTheIntegralOfThePresent(t *testing.T) {
	for _, stay := range []Time{10, 1 << 57} {
		s := New(Config{Classes: 1, Sources: 1})
		st := s.NewStation(s.NewResource(s.AddNode("station", false), "servers", false), StationConfig{Servers: 1000, Backlog: Unlimited})
		s.advance(1 << 60)
		for range 1000 {
			st.Hold(s.Timer(), false)
		}
		s.advance(s.now + stay)
		for range 500 {
			st.Release()
		}
		s.advance(s.now + stay)
		if got, want := st.Stats(), 1500*float64(stay); got.Busy != want || got.Spent != want {
			t.Errorf("stays of %d: %g spent, an integral of %g, want %g", stay, got.Spent, got.Busy, want)
		}
		st.stats.spent -= uint64(s.now) // as if one had come before
		st.leave()
		st.stats.spent -= 5 // 5 ns too few
		if got := st.Stats(); stay == 10 && got.Spent != got.Busy-5 {
			t.Errorf("%g spent of %g where 5 ns are missing", got.Spent, got.Busy)
		}
		st.leave()
		if got := st.Stats(); got.Spent-got.Busy < 1e18 {
			t.Errorf("%g spent of %g where a call left twice", got.Spent, got.Busy)
		}
	}
}

// TestIntegralsAreThoseOfTheNumbers: the integrals of those at work and those who wait are the sums, over all stretches of time between two changes,
// of their numbers times its length, whenever they are asked for.
func TestIntegralsAreThoseOfTheNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := New(Config{Classes: 1, Sources: 1})
		st := s.NewStation(s.NewResource(s.AddNode("station", false), "servers", false), StationConfig{Servers: 3, Backlog: Unlimited})
		s.SetNode(0, idlers{})
		busy, waiting := 0.0, 0.0
		for range rapid.IntRange(1, 50).Draw(t, "steps") {
			gap := Time(rapid.OneOf(rapid.Int64Range(0, 3), rapid.Int64Range(0, 1<<30), rapid.Int64Range(1<<55, 1<<57)).Draw(t, "gap"))
			served, queued := st.Present()
			busy, waiting = busy+float64(served)*float64(gap), waiting+float64(queued)*float64(gap)
			if rapid.Bool().Draw(t, "event") {
				s.After(s.Timer(), s.Handle(idlers{}), gap)
			}
			s.RunUntil(s.now + gap)
			switch rapid.IntRange(0, 7).Draw(t, "step") {
			case 0, 1, 2, 3:
				for range rapid.IntRange(1, 20).Draw(t, "calls") {
					c := s.Timer()
					c.Node = 0
					st.Hold(c, false)
				}
			case 4, 5, 6:
				if served > 0 {
					st.Release()
				}
			default:
				if b, w := st.Sums(); !near(b, busy) || !near(w, waiting) {
					t.Fatalf("sums of %g and %g, want %g and %g", b, w, busy, waiting)
				}
				if got := st.Stats(); !near(got.Busy, busy) || !near(got.Waiting, waiting) || !near(got.Spent, busy+waiting) {
					t.Fatalf("integrals of %g and %g, %g spent, want %g and %g", got.Busy, got.Waiting, got.Spent, busy, waiting)
				}
			}
		}
	})
}

// near allows for the rounding of fifty sums.
func near(a, b float64) bool { return a-b <= 1e-14*b && b-a <= 1e-14*b }

// idlers do nothing with what they get.
type idlers struct{}

func (idlers) Enter(*Call)  {}
func (idlers) Resume(*Call) {}
func (idlers) Fire(*Call)   {}
