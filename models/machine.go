package models

import (
	"headroom/internal/units"
	"headroom/sim"
)

// Machine are the keys of the kinds that run on machines.
type Machine struct {
	Common
	Cores      units.Count  `key:"cores" default:"2" doc:"of an instance"`
	Speed      units.Number `key:"speed" default:"1" doc:"how fast a core is: work takes its time divided by it"`
	Discipline string       `key:"discipline" default:"fifo" enum:"fifo|ps|lifo|priority|priority-preemptive" doc:"whom a core serves next"`
	Backlog    units.Count  `key:"backlog" default:"unlimited" doc:"how many may wait at admission, those in service not counted; one more is refused as overloaded"`
	DropAfter  *Time        `key:"drop_after" doc:"no longer in the admission queue than that; it then ends as overloaded"`
	On         string       `key:"machine" doc:"one of the list machines: supplies cores, memory, bandwidth and price, where the node does not name its own"`
	Memory     *units.Size  `key:"memory" doc:"of an instance; what finds no room in it is refused as overloaded"`
	Autoscale  *Autoscale   `key:"autoscale" doc:"how the number of instances follows the load"`
	Contention *Contention  `key:"contention" doc:"what busy cores cost each other (universal scalability law), such as {sigma: 2%, kappa: 0.01%}"`
	Pauses     *Pauses      `key:"pauses" doc:"when nothing moves at an instance, again and again, such as {every: exp(30s), for: 200ms}"`
	Shed       Shed         `key:"shed" default:"none" doc:"whom to turn away, or let wait, at admission under load: none; codel(target=5ms interval=100ms) ends some as overloaded once all wait longer than the target; adaptive-lifo(after=100ms) serves the newest first while the oldest has waited longer than that; gradient limits the visits at once by their latency"`
}

func (m *Machine) check(c *Check, path string) {
	m.Common.check(c, path)
	m.checkAutoscale(c, path)
	if m.Cores < 1 {
		c.Errorf(path+".cores", "`cores` must be at least 1")
	}
	if m.Speed <= 0 || m.Speed > 1e6 {
		c.Errorf(path+".speed", "`speed` must be above 0 and at most 1000000")
	}
	m.Pauses.check(c, path+".pauses")
	m.Contention.check(c, path+".contention", m.Cores)
	if c.Given(path+".discipline") && m.Cores.IsUnlimited() {
		c.Warnf(path+".discipline", "`discipline` has no effect: nothing waits for a core where they are unlimited")
	}
}

// checkAdmission warns of limits on a queue that nothing waits in. places is the limit that is waited for at admission.
func (m *Machine) checkAdmission(c *Check, path string, places units.Count) {
	m.checkShed(c, path, places.IsUnlimited())
	if !places.IsUnlimited() || !m.Cores.IsUnlimited() && m.Discipline != "ps" {
		return
	}
	c.warnKeys(path, "nothing waits here", m.waitingKeys()...)
}

// coreConfig describes the cores of an instance; admits tells that calls are admitted by waiting for one.
func (m *Machine) coreConfig(admits bool) sim.StationConfig {
	cfg := sim.StationConfig{Servers: limit(m.Cores), Backlog: sim.Unlimited, Discipline: disciplines[m.Discipline], Contention: m.Contention.kernel()}
	if admits {
		cfg.Backlog, cfg.Patience, cfg.Shed = limit(m.Backlog), m.patience(), m.Shed.queue()
	}
	return cfg
}

// placeConfig describes the places of an instance that calls are admitted to.
func (m *Machine) placeConfig(places units.Count) sim.StationConfig {
	return sim.StationConfig{Servers: limit(places), Backlog: limit(m.Backlog), Patience: m.patience(), Shed: m.Shed.queue()}
}

func (m *Machine) patience() *sim.Dist {
	if m.DropAfter == nil {
		return nil
	}
	return &m.DropAfter.Dist
}

// cores is how many cores an instance has.
func (m *Machine) cores() units.Count { return m.Cores }

// powered is a component with cores.
type powered interface{ cores() units.Count }

// cores implements powered.
func (b *Balancer) cores() units.Count { return b.Cores }

// cores implements powered.
func (k *Cache) cores() units.Count { return k.Cores }

// GrowFrom notes how many times as many cores each node has as in the file before it was changed: prices grow with them, but those of
// machines, which have their own.
func (a *Architecture) GrowFrom(file Scenario) {
	a.grown = map[string]float64{}
	for _, n := range a.Nodes {
		if k, ok := n.Value.Component.(placed); ok && k.placement().On != "" {
			continue
		}
		before, _ := file.Nodes.Get(n.Key)
		was, ok1 := before.Component.(powered)
		is, ok2 := n.Value.Component.(powered)
		if ok1 && ok2 && was.cores() > 0 && !was.cores().IsUnlimited() && !is.cores().IsUnlimited() {
			a.grown[n.Key] = float64(is.cores()) / float64(was.cores())
		}
	}
}

// Grown returns how many times as large an instance of a node is as in the file.
func (a *Architecture) Grown(node string) float64 {
	if times, ok := a.grown[node]; ok {
		return times
	}
	return 1
}
