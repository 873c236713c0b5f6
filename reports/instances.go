package reports

import (
	"fmt"

	"headroom/experiments"
)

// instances says how many instances a node had whose number changed.
func instances(r *experiments.Result, node string) []line {
	s := r.Nodes[node].Scaled
	cold := r.Nodes[node].ColdStarts
	if s == nil || s.Min == s.Max && cold == nil {
		return nil
	}
	text := fmt.Sprintf("%s: %d to %d instances, %s on average", clean(node), s.Min, s.Max, number(s.Mean))
	if s.Min == s.Max {
		text = fmt.Sprintf("%s: %s", clean(node), plural(s.Max, "instance", "instances"))
	}
	switch {
	case cold != nil:
		text += fmt.Sprintf(", of which %s did something; %s cold starts, %s of the requests", number(s.Paid), count(cold.Count), share(cold.Share))
	case s.Paid > s.Mean:
		text += fmt.Sprintf(", %s with those that were starting", number(s.Paid))
	}
	return []line{{paragraph, say(text + ".")}}
}
