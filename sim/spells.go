package sim

import "slices"

// Spent is a part of a hop's time, see Sim.Part.
type Spent struct {
	Part int32
	Time Time
}

// Spell is a piece of a part of a hop's time. One that was begun and cut off goes on beyond the end of its hop.
type Spell struct {
	Part     int32
	From, To Time
	at       Time // when it became known
	ahead    bool // before it was spent
}

// spends adds to a part of a hop's time, which has just passed or begins now.
func (t *Tracer) spends(s *Sim, c *Call, part int32, d Time, ahead bool) {
	h := t.of(c)
	i := slices.IndexFunc(h.Spent, func(p Spent) bool { return p.Part == part })
	if i < 0 {
		i, h.Spent = len(h.Spent), append(h.Spent, Spent{Part: part})
	}
	h.Spent[i].Time += d
	if ahead {
		h.begins(part, s.now, d)
	} else {
		h.passed(part, s.now, d)
	}
}

// begins adds a spell that begins now, or when the last one that is under way is over. A negative one shortens that.
func (h *Hop) begins(part int32, now, d Time) {
	from := now
	if last := h.underWay(now); last != nil {
		if d < 0 {
			last.To += d
			return
		}
		from = last.To
	}
	if d > 0 {
		h.Spells = append(h.Spells, Spell{part, from, from + d, now, true})
	}
}

// passed adds a spell that ends now. What became known just before went before it: the wait for a service that was interrupted or shared is told
// when the service is over, and no order among its pieces. A delay under way was interrupted, and goes on.
func (h *Hop) passed(part int32, now, d Time) {
	if d <= 0 {
		return
	}
	if last := h.underWay(now); last != nil && last.From < now-d {
		goesOn := Spell{last.Part, now, last.To + d, now, true}
		last.To = now - d
		h.Spells = append(h.Spells, Spell{part, now - d, now, now, false}, goesOn)
		return
	}
	for i := len(h.Spells) - 1; i >= 0 && h.Spells[i].at == now && !h.Spells[i].ahead; i-- {
		h.Spells[i].From -= d
		h.Spells[i].To -= d
	}
	h.Spells = append(h.Spells, Spell{part, now - d, now, now, false})
}

// underWay is the last spell that was begun and is not over.
func (h *Hop) underWay(now Time) *Spell {
	if k := len(h.Spells) - 1; k >= 0 && h.Spells[k].ahead && h.Spells[k].To > now {
		return &h.Spells[k]
	}
	return nil
}
