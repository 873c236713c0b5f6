package experiments

import (
	"math"

	"headroom/internal/units"
	"headroom/models"
)

// addMoves says of each rebalance what share of the data moved, and how long that took.
func (r *Result) addMoves(a *models.Architecture, reps []*replication) {
	for i := range r.Events {
		e := &r.Events[i]
		if a.Events[e.number].Rebalance == "" {
			continue
		}
		e.MoveResult = &MoveResult{None, None, None}
		begun, over, n := true, true, Num(len(reps))
		var moved, copied, took Num
		for _, rep := range reps {
			m := &rep.moves[e.number]
			begun, over = begun && m.Begun, over && m.Over
			moved, copied, took = moved+Num(m.Moved)/n, copied+Num(m.Copied())/n, took+Num(m.Took.Seconds())/n
		}
		if begun {
			e.Moved, e.Copied = moved, copied
		}
		if over {
			e.CopiedAfter = took
		}
	}
}

// doubtMoves warns of data that is still on its way when the run is over, and says how long it would have to be.
func (r *Result) doubtMoves(warn func(string, ...any)) {
	for _, e := range r.Events {
		if e.MoveResult == nil || !e.Moved.Known() || e.CopiedAfter.Known() {
			continue
		}
		if e.Copied == 0 {
			warn("The run was over before any data had moved of `%s`.", e.What)
			continue
		}
		all := float64(e.At + (r.Run.SimulatedSeconds-e.At)/e.Copied) // at the same pace
		warn("The run was over when %s of what `%s` moves had moved: at that pace it takes until %s. Run it longer, such as --duration %.0fs.",
			units.FormatShare(float64(e.Copied)), e.What, units.FormatSeconds(all), math.Ceil(1.2*all))
	}
}
