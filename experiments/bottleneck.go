package experiments

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"headroom/models"
	"headroom/sim"
)

// A bound is a resource that can be full.
type bound interface {
	// utilization of the whole measured time of some replications, at most 1 whatever the rounding.
	utilization(reps []*replication) float64
	// demand is what the utilization would be if nothing were refused: beyond 1 where more is asked than can be done.
	demand(reps []*replication) float64
	// held tells whether it is held while its holder waits for something else.
	held(b *models.Builder) bool
	// where is the node's number, and name the resource's.
	where() int
	name(b *models.Builder) string
}

// station is a resource of servers, by the numbers of its node and of itself.
type station struct{ node, resource int }

func (s station) of(b *models.Builder) *sim.Resource { return b.Resources[s.node][s.resource] }

func (s station) utilization(reps []*replication) float64 {
	if u, divided := s.busiestShard(reps); divided {
		return u
	}
	return s.mean(reps) * s.reached(reps)
}

// mean is the utilization of all instances together.
func (s station) mean(reps []*replication) float64 {
	busy, of := 0.0, 0.0
	for _, rep := range reps {
		for k := range s.of(rep.b).Spoken() {
			busy += rep.resources[s.node][s.resource].stations[k].Busy / 1e9
		}
		of += float64(s.of(rep.b).Stations[0].Servers()) * s.existed(rep)
	}
	return min(busy/of, 1)
}

// existed returns for how long there were stations, in station-seconds: events may make more of them, or fewer.
func (s station) existed(rep *replication) float64 {
	return existed(rep.b, s.node, s.of(rep.b), rep.existed[s.node], rep.seconds)
}

// existed returns for how many station-seconds the stations of a resource existed whose node's instances existed for so many.
func existed(b *models.Builder, node int, r *sim.Resource, instances, seconds float64) float64 {
	if b.PerInstance(node, r) {
		return instances
	}
	return float64(len(r.Spoken())) * seconds
}

func (s station) demand(reps []*replication) float64 {
	var served, lost int64
	for _, rep := range reps {
		served += rep.resources[s.node][s.resource].wait.Count()
		lost += rep.resources[s.node][s.resource].lost
	}
	return s.utilization(reps) * (1 + float64(lost)/float64(max(served, 1))) * arrivedPerVisit(reps, s.node)
}

func (s station) held(b *models.Builder) bool {
	return !slices.Contains([]string{"cpu", "servers", "disk", models.NetworkResource}, s.name(b))
}

// bends tells whether the utilization of a resource does not grow in proportion to the load, though it is held for nothing but work.
func bends(of bound, b *models.Builder) bool {
	s, ok := of.(station)
	return ok && s.of(b).Stations[0].Contended()
}

func (s station) where() int { return s.node }

func (s station) name(b *models.Builder) string { return s.of(b).Name }

// limited is a rate that a node allows.
type limited struct{ node, limit int }

func (l limited) utilization(reps []*replication) float64 {
	return min(l.share(reps, func(m *models.Limit) int64 { return m.Admitted }), 1)
}

func (l limited) demand(reps []*replication) float64 {
	return l.share(reps, func(m *models.Limit) int64 { return m.Admitted + m.Refused })
}

// share is a count as a share of what the limit allows.
func (l limited) share(reps []*replication, count func(*models.Limit) int64) float64 {
	n, of := 0.0, 0.0
	for _, rep := range reps {
		m := &rep.limits[l.node][l.limit]
		n += float64(count(m))
		of += m.PerSecond * rep.seconds
	}
	return n / of
}

func (limited) held(*models.Builder) bool { return false }

func (l limited) where() int { return l.node }

func (l limited) name(b *models.Builder) string { return b.Limits[l.node][l.limit].Name }

// bounds lists what can be full, in the order of the file.
func bounds(b *models.Builder) []bound {
	var all []bound
	for i, rs := range b.Resources {
		for k, res := range rs {
			if b.Bounds(i, res) {
				all = append(all, station{i, k})
			}
		}
		for k, l := range b.Limits[i] {
			if !math.IsInf(l.PerSecond, 0) {
				all = append(all, limited{i, k})
			}
		}
	}
	return all
}

// alike is how close two utilizations are that count as the same: a thread pool is as full as what its threads wait for.
const alike = 0.005

// findBottleneck names what limits the system: a trap where the SLO is missed and there is one, else the busiest resource; and the offered
// rate at which that is busy all the time.
func (r *Result) findBottleneck(ctx context.Context, a *models.Architecture, reps []*replication) {
	d := &diagnosis{ctx: ctx, a: a, r: r, reps: reps, best: busiest(a, reps)}
	r.Bottleneck = d.first()
}

func (d *diagnosis) first() Bottleneck {
	if !meetsAll(d.r.SLO) {
		for _, trap := range traps {
			if found := trap(d); found != nil {
				return *found
			}
		}
	}
	if d.best == nil {
		return Bottleneck{Class: "none", Utilization: None, SaturatesAt: None, Evidence: "Nothing here has a limit."}
	}
	return d.blame(d.best)
}

// busiest finds the resource with the highest utilization, nil where nothing has a limit. Of two that are alike, as a thread pool is to
// what its threads wait for, it is the one that is not held while its holder waits for another; if both are, the one taken later.
func busiest(a *models.Architecture, reps []*replication) bound {
	return busiestOf(a, reps, bounds(reps[0].b))
}

// busiestOf finds it among some.
func busiestOf(a *models.Architecture, reps []*replication, all []bound) bound {
	b := reps[0].b
	depth := a.Depths()
	slices.SortStableFunc(all, func(x, y bound) int { return cmp.Compare(depth[x.where()], depth[y.where()]) })
	var best bound
	u := 0.0
	for _, next := range all {
		v := next.utilization(reps)
		better := v > u
		if best != nil && math.Abs(v-u) <= alike && best.held(b) {
			better = true
		} else if best != nil && v-u <= alike && next.held(b) {
			better = false
		}
		if best == nil || better {
			best, u = next, v
		}
	}
	return best
}

// classOf names the class of a bottleneck as the result format does.
func classOf(kind, resource string) string {
	switch {
	case resource == models.NetworkResource:
		return "network"
	case kind == "database" && resource == "cpu":
		return "database"
	case resource == "cpu", resource == "servers":
		return "cpu"
	case resource == "memory", resource == "disk": // disks are read for want of memory
		return "memory"
	case kind == "external":
		return "external"
	case resource == "limit", kind == "function", strings.HasPrefix(resource, "locks."):
		return "limit"
	}
	return "pool"
}
