package reports

import (
	"headroom/experiments"
)

// attempts says what became of calls that may be given up or tried again, and how much work was done in vain for them.
func attempts(r *experiments.Result) []line {
	a := r.Attempts
	if a == nil {
		return nil
	}
	p := say("Attempts: ").and(say(perSecond(r, a.Total)))
	for _, k := range []struct {
		n    int64
		name string
		tone tone
	}{
		{a.Retries, "tried again", plain}, {a.Hedges, "copies", plain}, {a.TimedOut, "given up", bad}, {a.Rejected, "stopped by a breaker", warning},
		{a.Exhausted, "beyond the budget", warning}, {a.Wasted, "answers too late", bad},
	} {
		if k.n > 0 {
			p = p.then(" · ").and(in(k.tone, k.name)).then(" " + perSecond(r, k.n))
		}
	}
	lines := []line{{paragraph, p}}
	if node, resource, in := mostWasted(r); in > 0 {
		part := share(in)
		if in > .999 {
			part = "all"
		}
		lines = append(lines, line{paragraph, say("Nobody waited any more for " + part + " of what " + clean(node) + "'s " + resource + " did.")})
	}
	return lines
}

// perSecond is a count of the whole run as a rate.
func perSecond(r *experiments.Result, n int64) string {
	return rate(experiments.Num(float64(n) / (float64(r.Run.SimulatedSeconds) * float64(r.Run.Replications))))
}

// mostWasted returns the resource with the largest share of work in vain.
func mostWasted(r *experiments.Result) (node, resource string, most experiments.Num) {
	for _, name := range r.NodeOrder {
		for _, k := range []string{"cpu", "servers"} {
			if w := r.Nodes[name].Resources[k].Wasted; w > most {
				node, resource, most = name, k, w
			}
		}
	}
	return node, resource, most
}
