package experiments

import (
	"fmt"
	"math"

	"headroom/internal/units"
	"headroom/models"
	"headroom/sim"
)

// numbers is how few and how many instances a node had.
type numbers struct {
	least, most int
	may         bool // their number may change
}

func numbersOf(b *models.Builder, node int) numbers {
	least, most, may := b.Numbers(node)
	return numbers{least, most, may}
}

// addInstances adds how many instances there were, where their number may change, and how many requests waited for a new one.
func (n *NodeResult) addInstances(reps []*replication, node int) {
	if !reps[0].numbers[node].may {
		return
	}
	s := ScaledResult{Min: math.MaxInt, Mean: Num(meanInstances(reps, node)), Paid: Num(paidInstances(reps, node))}
	for _, rep := range reps {
		s.Min, s.Max = min(s.Min, rep.numbers[node].least), max(s.Max, rep.numbers[node].most)
	}
	if most, follows := reps[0].b.Limit(node); follows {
		s.Limit = most
	}
	n.Scaled = &s
	if _, is := reps[0].b.FunctionStats(node); !is {
		return
	}
	taken, cold := int64(0), int64(0)
	for _, rep := range reps {
		taken, cold = taken+rep.functions[node].Taken, cold+rep.functions[node].Cold
	}
	n.ColdStarts = &ColdStartResult{cold, Num(float64(cold) / float64(taken))}
}

// paidInstances returns for how many instances of a node one pays on average: those that start as well.
func paidInstances(reps []*replication, node int) float64 {
	paid, seconds := 0.0, 0.0
	for _, rep := range reps {
		paid, seconds = paid+rep.paid[node], seconds+rep.seconds
	}
	return paid / seconds
}

// reached returns which part of the instances that there may be there are on average, where they follow the load. What as many as there may
// be leave free is no bottleneck, however busy the few are kept that the load calls for.
func (s station) reached(reps []*replication) float64 {
	b := reps[0].b
	most, scales := b.Limit(s.node)
	if !scales || !b.PerInstance(s.node, s.of(b)) {
		return 1
	}
	return meanInstances(reps, s.node) / float64(most)
}

// What a run needs whose instances follow the load.
const (
	looksToSettle = 4       // until the number fits the load, beside the time that an instance takes to start
	scalingMost   = 4 << 20 // requests of a pilot that waits until it does
	looksMeasured = 10
)

// settling returns how long a pilot is at least in which the numbers of instances settle: twice as long as until they may fall, but no longer
// than so many requests take.
func settling(a *models.Architecture, rate float64) sim.Time {
	longest := sim.Time(0)
	if !a.Run.Warmup.Auto {
		return 0
	}
	for i, n := range a.Nodes {
		if s := a.Scaling(i); s != nil {
			longest = max(longest, 2*(sim.Time(s.Boot)+sim.Time(s.Cooldown)+looksToSettle*sim.Time(s.Every)))
		}
		if f, ok := n.Value.Component.(*models.Function); ok {
			longest = max(longest, 2*min(sim.Time(f.KeepAlive), farthest/2))
		}
	}
	return min(longest, sim.Nanoseconds(scalingMost/rate*1e9))
}

// looked returns how long it takes until instances that follow the load were looked at as often as a run should.
func looked(a *models.Architecture) sim.Time {
	longest := sim.Time(0)
	for i := range a.Nodes {
		if s := a.Scaling(i); s != nil {
			longest = max(longest, looksMeasured*sim.Time(s.Every))
		}
	}
	return longest
}

// doubtSettling warns of a warm-up that is too short for the number of instances to fit the load, or for what waited for them to be done.
func (r *Result) doubtSettling(p plan) {
	if p.unsettled {
		r.Warnings = append(r.Warnings, "The instances that follow the load had not come to rest when the measuring began: what waited until they came may be still there. Begin with as many `instances` as the load needs, or give the warm-up longer, such as --set run.warmup=10m.")
	}
}

// unsettled is how far the number of instances may rise or fall from the first half of a run to the second, as a share, before it is doubtful.
const unsettled = 0.2

// doubtInstances warns of instances whose number still changes where the load does not.
func (r *Result) doubtInstances(a *models.Architecture, warn func(string, ...any)) {
	for i, n := range a.Nodes {
		if a.Scaling(i) == nil {
			continue
		}
		over := r.Series.Nodes[n.Key].Instances
		from, to := 0.0, 0.0
		for k, x := range over {
			if k < len(over)/2 {
				from += float64(x) / float64(len(over)/2)
			} else {
				to += float64(x) / float64(len(over)-len(over)/2)
			}
		}
		if len(over) > 1 && math.Abs(to-from) > unsettled*max(from, to) {
			warn("The instances of %s have not settled: %s on average in the first half of the run, %s in the second. Begin with more or fewer `instances`, or give it a longer warm-up, such as --set run.warmup=%s.",
				n.Key, units.FormatCount(from), units.FormatCount(to), units.Duration(math.Round(2*math.Max(float64(r.Run.WarmupSeconds), 60)))*units.Second)
		}
	}
}

// scaledEvidence says of how many instances that there may be a sentence speaks.
func scaledEvidence(n NodeResult) string {
	if n.Scaled == nil || n.Scaled.Limit == 0 {
		return ""
	}
	return fmt.Sprintf(" It has %s instances on average, of at most %s.", units.FormatCount(float64(n.Scaled.Mean)), units.FormatCount(float64(n.Scaled.Limit)))
}
