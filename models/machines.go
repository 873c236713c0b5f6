package models

import (
	"fmt"
	"strings"

	"headroom/internal/strict"
	"headroom/internal/units"
	"headroom/sim"
)

// MachineType is a machine that can be had: what an instance of a node on it has, and what it costs.
type MachineType struct {
	Cores     units.Count      `key:"cores" required:"true" doc:"that it has"`
	Memory    units.Size       `key:"memory" default:"0" doc:"that it has; 0: enough for everything"`
	Bandwidth *units.Bandwidth `key:"bandwidth" doc:"of its network interface, in each direction; default: transfers take no time"`
	Price     units.Money      `key:"price" doc:"what it costs, such as $0.08/h"`
}

// Describe says what is being read, for errors.
func (*MachineType) Describe() string {
	return "a machine such as {cores: 2, memory: 4GB, bandwidth: 1Gbps, price: $0.08/h}"
}

// String writes the machine as people compare it.
func (m MachineType) String() string {
	text := fmt.Sprintf("%s cores, %s", m.Cores, m.Memory)
	if m.Bandwidth != nil {
		text += ", " + m.Bandwidth.String()
	}
	return text
}

// ladder is what serves where a file lists no machines. Sizes, prices and bandwidths are those of the general-purpose machines that large
// clouds rent by the hour without commitment, rounded: a core costs about the same up to 32 of them, and up to three times as much at the
// top, where few are made. The bandwidth is what a machine of the size is promised for hours, not the several times as much that small
// ones reach for minutes.
var ladder = strict.Ordered[MachineType]{
	{Key: "2-cpu", Value: rented(2, 4, 0.75, 0.08)},
	{Key: "4-cpu", Value: rented(4, 16, 1.25, 0.17)},
	{Key: "8-cpu", Value: rented(8, 32, 2.5, 0.36)},
	{Key: "16-cpu", Value: rented(16, 64, 5, 0.75)},
	{Key: "32-cpu", Value: rented(32, 128, 10, 1.6)},
	{Key: "64-cpu", Value: rented(64, 256, 20, 3.5)},
	{Key: "128-cpu", Value: rented(128, 1000, 25, 9)},
	{Key: "256-cpu", Value: rented(256, 4000, 50, 30)},
}

func rented(cores, gigabytes, gigabits, perHour float64) MachineType {
	bandwidth := units.Bandwidth(gigabits * 1e9)
	return MachineType{units.Count(cores), units.Size(gigabytes * 1e9), &bandwidth, units.Money{Amount: perHour, Per: "h"}}
}

// machineTypes returns the file's list of machines, or the one that serves without.
func (a *Architecture) machineTypes() strict.Ordered[MachineType] {
	if len(a.Machines) > 0 {
		return a.Machines
	}
	return ladder
}

// placed is a component that may run on a machine.
type placed interface {
	placement() *Machine
	coresKey() *units.Count // where its own number of cores stands
}

func (m *Machine) placement() *Machine        { return m }
func (m *Machine) coresKey() *units.Count     { return &m.Cores }
func (k *Cache) coresKey() *units.Count       { return &k.Cores }
func (b *Balancer) coresKey() *units.Count    { return &b.Cores }
func (k *CDN) coresKey() *units.Count         { return &k.Cores }
func (l *RateLimiter) coresKey() *units.Count { return &l.Cores }

// checkMachines checks the list of machines, and gives each node what its machine has and it does not say itself.
func (a *Architecture) checkMachines(c *Check) {
	for _, m := range a.Machines {
		if k := m.Value.Cores; !c.Wrong(m.At) && (k < 1 || k.IsUnlimited()) {
			c.Errorf(m.At+".cores", "`cores` of a machine must be a number from 1")
		}
		if per := m.Value.Price.Per; per != "" && per != "h" {
			c.Errorf(m.At+".price", "a machine costs so much an hour: expected a price such as $0.08/h")
		}
		checkBandwidth(c, m.At, m.Value.Bandwidth)
	}
	used, transfers := false, a.transfers()
	for _, n := range a.Nodes {
		k, ok := n.Value.Component.(placed)
		if !ok || k.placement().On == "" {
			continue
		}
		used = true
		if m, ok := a.machineTypes().Get(k.placement().On); ok {
			if !transfers { // an interface that nothing passes would only cost the simulation time
				m.Bandwidth = nil
			}
			settle(c, n.At, k, m)
		} else {
			c.Unknown(n.At+".machine", k.placement().On, "machine", a.machineTypes().Keys())
		}
	}
	if len(a.Machines) > 0 && !used {
		c.Warnf("machines", "`machines` has no effect: no node runs on one, as `machine: %s` says", a.Machines[0].Key)
	}
}

// settle puts a node on its machine: a node's own key wins.
func settle(c *Check, path string, k placed, m MachineType) {
	own, cores := k.placement(), k.coresKey()
	takes := false
	switch {
	case !c.Given(path + ".cores"):
		*cores, takes = m.Cores, true
	case *cores > m.Cores && !cores.IsUnlimited():
		c.Warnf(path+".cores", "the machine `%s` has only %s: what the node costs is for these", own.On, counted(int(m.Cores), "core", "cores"))
	}
	if own.Price.Per == "" && m.Price.Per != "" {
		own.Price, takes = m.Price, true
	}
	if s, ok := serverOf(k.(Component)); ok && m.Memory > 0 {
		switch {
		case s.Memory == nil:
			s.Memory, takes = &m.Memory, takes || s.PerRequest > 0
		case *s.Memory > m.Memory:
			c.Warnf(path+".memory", "the machine `%s` has only %s: what the node costs is for these", own.On, m.Memory)
		}
	}
	if d, ok := k.(*Database); ok && d.Memory == nil && d.Disk != nil && m.Memory > 0 {
		d.Memory, takes = &m.Memory, true // for the pages that need not be read from disk
	}
	switch {
	case m.Bandwidth == nil:
	case own.Bandwidth == nil:
		own.Bandwidth, takes = m.Bandwidth, true
	case *own.Bandwidth > *m.Bandwidth:
		c.Warnf(path+".bandwidth", "the machine `%s` has only %s: what the node costs is for these", own.On, m.Bandwidth)
	}
	if !takes {
		c.warnKeys(path, "the node says itself what it has and costs", "machine")
	}
}

// Assumptions returns what the scenario leaves to this program to assume, as sentences.
func (a *Architecture) Assumptions() []string {
	all := append(a.conversions(), a.sizing()...)
	if on := a.onLadder(); len(on) > 0 {
		var list []string
		for _, m := range ladder {
			list = append(list, fmt.Sprintf("%s (%s, %s)", m.Key, m.Value, m.Value.Price))
		}
		all = append(all, fmt.Sprintf("The machines of %s are from a built-in list, since the file has no `machines`: %s.",
			strings.Join(on, ", "), strings.Join(list, "; ")))
	}
	return all
}

// onLadder lists the nodes that run on machines of the built-in list.
func (a *Architecture) onLadder() []string {
	var on []string
	for _, n := range a.Nodes {
		if k, ok := n.Value.Component.(placed); ok && k.placement().On != "" && len(a.Machines) == 0 {
			on = append(on, n.Key)
		}
	}
	return on
}

// Ladder returns the machines that serve where a file lists none, as people compare them.
func Ladder() strict.Ordered[MachineType] { return ladder }

// Contention is what busy cores cost each other.
type Contention struct {
	Sigma units.Share `key:"sigma" default:"0" doc:"σ, what each further core adds to the time of all: they queue for something"`
	Kappa units.Share `key:"kappa" default:"0" doc:"κ, what each pair of cores adds: they tell each other what changed; beyond some number more cores do less"`
}

// Describe says what is being read, for errors.
func (*Contention) Describe() string { return "coefficients such as {sigma: 2%, kappa: 0.01%}" }

// check reports contention where it cannot be reckoned, and where it has no effect.
func (k *Contention) check(c *Check, path string, cores units.Count) {
	switch {
	case k == nil || c.Wrong(path):
	case cores.IsUnlimited():
		c.Errorf(path, "`contention` counts busy cores, and here they are unlimited: say how many `cores` there are")
	case k.Sigma == 0 && k.Kappa == 0:
		c.Warnf(path, "`contention` has no effect without `sigma` or `kappa`")
	case cores == 1:
		c.Warnf(path, "`contention` has no effect: a single core has none to contend with")
	}
}

// kernel returns the contention as stations know it, nil for none.
func (k *Contention) kernel() *sim.Contention {
	if k == nil || k.Sigma == 0 && k.Kappa == 0 {
		return nil
	}
	return &sim.Contention{Sigma: float64(k.Sigma), Kappa: float64(k.Kappa)}
}
