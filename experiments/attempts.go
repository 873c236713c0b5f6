package experiments

import (
	"fmt"

	"headroom/models"
	"headroom/sim"
)

// AttemptsResult counts the attempts of calls, and of clients, that have a timeout, a retry, a breaker, a hedge or an or_else. Total is the
// tries and the copies: every try ended ok, failed, timed out, was lost with its caller, or is under way.
type AttemptsResult struct {
	Total     int64 `json:"total"`
	Retries   int64 `json:"retries"`   // of the tries
	Hedges    int64 `json:"hedges"`    // copies sent
	Succeeded int64 `json:"succeeded"` // of the tries
	Failed    int64 `json:"failed"`
	TimedOut  int64 `json:"timed_out"`
	Lost      int64 `json:"lost"`      // their callers died, or were cancelled
	Rejected  int64 `json:"rejected"`  // by an open breaker: never sent, and not in total
	Exhausted int64 `json:"exhausted"` // would have been tried again, but for the budget
	Wasted    int64 `json:"wasted"`    // answers that nobody waited for
}

// attempts adds up what the replications counted.
func (r *Result) attempts(reps []*replication) {
	if !reps[0].b.Resilient() {
		return
	}
	var a AttemptsResult
	for _, rep := range reps {
		k := rep.attempts
		a.Total, a.Retries, a.Hedges = a.Total+k.Tries+k.Hedges, a.Retries+k.Retries, a.Hedges+k.Hedges
		a.Succeeded, a.Failed, a.TimedOut, a.Lost = a.Succeeded+k.Succeeded, a.Failed+k.Failed, a.TimedOut+k.TimedOut, a.Lost+k.Lost
		a.Rejected, a.Exhausted, a.Wasted = a.Rejected+k.Refused, a.Exhausted+k.Exhausted, a.Wasted+rep.unheard
	}
	r.Attempts = &a
}

// wasted returns the share of a resource's busy time that went into answers nobody waited for any more.
func wasted(reps []*replication, node, resource int) Num {
	busy, vain := 0.0, sim.Time(0)
	for _, rep := range reps {
		vain += rep.resources[node][resource].wasted
		for _, st := range rep.resources[node][resource].stations {
			busy += st.Busy
		}
	}
	if busy == 0 {
		return 0
	}
	return Num(min(float64(vain)/busy, 1))
}

// checkAttempts compares the tries that are under way by the counts with those that the records show.
func checkAttempts(b *models.Builder) error {
	if _, underWay := b.Attempts(); underWay != b.Trying() {
		return fmt.Errorf("attempts are lost: %d have not ended, %d are under way", underWay, b.Trying())
	}
	return nil
}
