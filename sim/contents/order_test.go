package contents

import (
	"slices"
	"testing"

	"headroom/sim"
)

// TestOrderSortsTimes: evenly spread, crowded at the end as popular keys are, far apart, few and all the same; nothing is lost.
func TestOrderSortsTimes(t *testing.T) {
	r := sim.NewRand(4)
	for name, draw := range map[string]func() sim.Time{
		"even":    func() sim.Time { return sim.Time(r.Intn(1 << 40)) },
		"crowded": func() sim.Time { return -sim.Time(1<<r.Intn(61)) + sim.Time(r.Intn(50)) },
		"apart":   func() sim.Time { return sim.Time(r.Uint64()>>2) - 1<<61 },
		"few":     func() sim.Time { return sim.Time(r.Intn(3)) },
		"same":    func() sim.Time { return 7 },
	} {
		for _, n := range []int{0, 1, fewToOrder, fewToOrder + 1, 1000, 50_000} {
			all, want := make([]past, n), make([]past, n)
			for i := range all {
				all[i] = past{at: draw(), key: Key(i)}
			}
			copy(want, all)
			order(all)
			if !slices.IsSortedFunc(all, func(a, b past) int { return int(min(1, max(-1, a.at-b.at))) }) {
				t.Errorf("%s, %d: not in order", name, n)
			}
			slices.SortFunc(all, func(a, b past) int { return int(a.key) - int(b.key) })
			if !slices.Equal(all, want) {
				t.Errorf("%s, %d: something was lost", name, n)
			}
		}
	}
}
