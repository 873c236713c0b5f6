package experiments

import (
	"slices"

	"headroom/models"
	"headroom/sim"
)

// piece is a stretch of time that a hop says it spent on something.
type piece struct {
	HopSpell
	from, to sim.Time
}

// spells lays what a hop spent its time on side by side. Where two say that they were at the same time, which happens where a service was
// interrupted and its waiting is told in one, what is not waiting has the time, and of these what became known last.
func (t *teller) spells(tr *sim.Trace, h *sim.Hop) []HopSpell {
	end := t.b.Sim.Now()
	if h.Ended {
		end = h.End
	}
	var pieces []piece
	var bounds []sim.Time
	add := func(p piece) {
		if p.from, p.to = max(p.from, h.Begin), min(p.to, end); p.from < p.to {
			pieces, bounds = append(pieces, p), append(bounds, p.from, p.to)
		}
	}
	for _, noted := range h.Notes {
		if n, ok := noted.Note.(models.MessageNote); ok {
			add(piece{HopSpell{What: Waiting, Resource: "message", Part: Waiting}, noted.At - n.Waited, noted.At})
		}
	}
	for _, s := range h.Spells {
		for _, p := range t.b.Parts {
			if p.Number == s.Part {
				add(piece{HopSpell{What: whatFor(p.Name), Resource: p.Resource, Part: p.Name}, s.From, s.To})
			}
		}
	}
	slices.Sort(bounds)
	bounds = slices.Compact(bounds)
	var spells []HopSpell
	for i := range max(len(bounds)-1, 0) {
		s, spent := during(pieces, bounds[i], bounds[i+1])
		if !spent {
			continue
		}
		s.Start, s.End = Num((bounds[i] - tr.Arrived).Seconds()), Num((bounds[i+1] - tr.Arrived).Seconds())
		if k := len(spells) - 1; k >= 0 && spells[k].End == s.Start && spells[k].Resource == s.Resource && spells[k].Part == s.Part {
			spells[k].End = s.End
			continue
		}
		spells = append(spells, s)
	}
	return spells
}

// during tells what the time between two bounds in a row was spent on.
func during(pieces []piece, from, to sim.Time) (s HopSpell, spent bool) {
	for _, p := range pieces {
		if p.from <= from && to <= p.to && (!spent || p.What != Waiting || s.What == Waiting) {
			s, spent = p.HopSpell, true
		}
	}
	return s, spent
}
