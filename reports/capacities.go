package reports

import "headroom/experiments"

// capacityCell is a capacity in a table of cases.
func capacityCell(c *experiments.Capacity) phrase {
	switch {
	case c == nil:
		return nil
	case c.Above > 0:
		return say("> " + rate(c.Above))
	case c.Below > 0:
		return in(bad, "< "+rate(c.Below))
	}
	return say(rate(c.Rate))
}

// capacities says how far each case goes, and which target ends it.
func capacities(c *experiments.Compared) []block {
	b := block{title: "Capacity"}
	for _, k := range c.Cases {
		if k.Capacity != nil {
			b.lines = append(b.lines, line{item, in(strong, clean(k.Name)).then(": ").and(capacityWords(k.Capacity))})
		}
	}
	if b.lines == nil {
		return nil
	}
	return []block{b}
}
