package reports

import (
	"fmt"

	"headroom/experiments"
)

// instances says how many instances a node had whose number changed.
func instances(r *experiments.Result, node string) []line {
	s := r.Nodes[node].Scaled
	if s == nil || s.Min == s.Max {
		return nil
	}
	text := fmt.Sprintf("%s: %d to %d instances, %s on average", clean(node), s.Min, s.Max, number(s.Mean))
	if s.Paid > s.Mean {
		text += fmt.Sprintf(", %s with those that were starting", number(s.Paid))
	}
	return []line{{paragraph, say(text + ".")}}
}
