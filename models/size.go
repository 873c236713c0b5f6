package models

import "headroom/internal/units"

// What a simulation holds in memory before its first request. A scenario beyond it is refused rather than tried: it would fill the
// memory of a usual machine, with one replication for each core.
const (
	mostStations   = 200_000   // queues: of each instance, one for its cores, one for its places, one for each pool; one for each lock
	mostStatistics = 5_000     // histograms of 30 KB: a node's, for each class a node's, for each of its resources
	mostPairs      = 256       // of a source and a class: histograms of 440 KB
	mostUsers      = 1_000_000 // of all closed sources together: 200 bytes each
	mostSteps      = 100_000   // with all repetitions written out
	mostEdges      = 10_000    // calls from one node to another
	mostPicked     = 2_000_000 // instances that the instances of balancers choose from: each keeps count of its own
	mostCalls      = 1e6       // that one request may make
	mostCaches     = 250       // told apart in a byte

	mostReplications = 1_000 // each keeps its statistics until the end
	mostRequests     = units.Count(1e12)
)

// MostForPrecision is how many times the replications of a scenario are run at most for the sake of its `precision`.
const MostForPrecision = 10

// sized is a component that says how much of it a simulation holds.
type sized interface {
	size(classes []string) size
}

// size is what a component takes in a simulation.
type size struct {
	instances  int // each with its queues
	queues     int // of an instance
	locks      int // one queue for all instances
	steps      float64
	byPriority bool // a queue is one for each priority
}

// checkSize reports a scenario that is too large, and tells whether it is small enough for the other checks.
func (a *Architecture) checkSize(c *Check) bool {
	if pairs := max(len(a.Traffic), 1) * len(a.Classes); pairs > mostPairs {
		c.Errorf("traffic", "%s times %s are %d: at most %d such pairs are simulated",
			counted(len(a.Traffic), "source", "sources"), counted(len(a.Classes), "request class", "request classes"), pairs, mostPairs)
		return false
	}
	if n := a.layers(); n > mostCaches {
		c.Errorf("nodes", "there are %d caches: at most %d are simulated", n-firstLayer, mostCaches-firstLayer)
		return false
	}
	levels := a.priorities()
	statistics, stations, steps := 0, 0, 0.0
	for _, n := range a.Nodes {
		var s size
		if k, ok := n.Value.Component.(sized); ok {
			s = k.size(a.Classes)
		}
		stations += s.instances*s.queuesEach(n.Value, levels) + s.locks
		statistics += 2 + len(a.Classes) + s.queues + s.locks
		steps += s.steps
	}
	if statistics > mostStatistics {
		c.Errorf("nodes", "%s with %s, their pools and locks need %d statistics: at most %d are kept",
			counted(len(a.Nodes), "node", "nodes"), counted(len(a.Classes), "request class", "request classes"), statistics, mostStatistics)
		return false
	}
	if stations > mostStations {
		c.Errorf("nodes", "the instances have %d queues together (each for its cores, its places, each of its pools, by priority): at most %d are simulated",
			stations, mostStations)
	}
	users := units.Count(0)
	for _, t := range a.Traffic {
		if t.Value.Users <= mostUsers { // more is refused where it stands
			users += t.Value.Users
		}
	}
	if users > mostUsers {
		c.Errorf("traffic", "the sources have %d users together: at most %d are simulated", users, mostUsers)
	}
	if n := a.picked(); n > mostPicked {
		c.Errorf("nodes", "the instances of balancers choose from %d instances together: at most %d are simulated", n, mostPicked)
	}
	if steps > mostSteps {
		c.Errorf("nodes", "with all `times` written out there are %.0f steps: at most %d are simulated", steps, mostSteps)
		return false
	}
	return true
}

// priorities returns how many levels of priority there are.
func (a *Architecture) priorities() int {
	levels := 1
	for _, l := range a.levels() {
		levels = max(levels, int(l)+1)
	}
	return levels
}

// queuesEach returns how many queues an instance of a node has, its network interfaces included.
func (s size) queuesEach(n Node, levels int) int {
	queues := s.queues
	if n.Component != nil && n.common().Bandwidth != nil {
		queues += 2
	}
	if s.byPriority {
		queues += levels - 1 // of the cores
	}
	return queues
}

// picked counts the instances that balancers choose from, for each of their own instances.
func (a *Architecture) picked() int {
	n := 0
	for _, from := range a.Nodes {
		b, ok := from.Value.Component.(*Balancer)
		if !ok {
			continue
		}
		for _, to := range b.To.Ordered {
			if k, ok := a.Nodes.Get(to.Key); ok && k.Component != nil {
				n += b.number() * k.common().number()
			}
		}
	}
	return n
}

// size implements sized.
func (s *Station) size([]string) size {
	return size{instances: s.number(), queues: 1, byPriority: s.Discipline == "priority" || s.Discipline == "priority-preemptive"}
}

// size implements sized.
func (b *Balancer) size([]string) size {
	s := b.Machine.size()
	if b.Work.Mean() == 0 {
		s.queues = 0
	}
	return s
}

// size implements sized.
func (d *Database) size(classes []string) size {
	hosts := d.Machine
	if d.Instances.Count == 1 {
		hosts.Instances.Count = units.Count(min(d.Count(), mostInstances))
	}
	s := hosts.size()
	s.steps = float64(4 * len(classes))
	if !d.Connections.IsUnlimited() {
		s.queues++
	}
	if d.paged() {
		s.queues++
	}
	return s
}

// size implements sized.
func (s *Server) size(classes []string) size {
	sum := s.Machine.size()
	sum.queues += len(s.Pools)
	if s.fits() > 0 {
		sum.queues++
	}
	if !s.Concurrency.IsUnlimited() {
		sum.queues++
	}
	locks := map[string]bool{}
	longest := map[string]float64{}
	for _, h := range s.Handles {
		longest[h.Key] = written(h.Value)
		walk(h.Value, func(st *Step) {
			if st.Lock != nil {
				locks[st.Lock.Name] = true
			}
		})
	}
	for _, class := range classes {
		steps, ok := longest[class]
		if !ok {
			steps = longest["default"]
		}
		sum.steps += steps + float64(len(s.CallsTo))
	}
	sum.locks = len(locks)
	return sum
}

func (m *Machine) size() size {
	return size{instances: m.number(), queues: 1, byPriority: m.Discipline == "priority" || m.Discipline == "priority-preemptive"}
}

// number returns the instances; 0 where it is refused anyway.
func (k *Common) number() int {
	if k.Instances.Count > mostInstances || k.placed() > mostInstances {
		return 0
	}
	return k.Count()
}

// written counts steps with all repetitions written out.
func written(steps []Step) float64 {
	sum := 0.0
	for i := range steps {
		s := &steps[i]
		inside := 1 + written(s.Do)
		for _, b := range s.Parallel {
			inside += written(b)
		}
		if s.Lock != nil {
			inside += written(s.Lock.Do)
		}
		sum += float64(s.Times) * inside
	}
	return sum
}
