package sim

import "testing"

// TestTimeSpentIsTheIntegralOfThePresent: the time that calls spend at a station, added up from the moments of coming and going, is the integral
// of how many are there, also where neither the sum of the moments nor that time fits 64 bits; and a call that leaves twice is told.
func TestTimeSpentIsTheIntegralOfThePresent(t *testing.T) {
	for _, stay := range []Time{10, 1 << 57} {
		s := New(Config{Classes: 1, Sources: 1})
		st := s.NewStation(s.NewResource(s.AddNode("station", false), "servers", false), StationConfig{Servers: 1000, Backlog: Unlimited})
		s.now = 1 << 60
		for range 1000 {
			st.Hold(s.Timer(), false)
		}
		s.now += stay
		for range 500 {
			st.Release()
		}
		s.now += stay
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
