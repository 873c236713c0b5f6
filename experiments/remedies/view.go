package remedies

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"headroom/internal/strict"
	"headroom/internal/units"
	"headroom/models"
	"headroom/scenarios"
)

// view is a scenario as the catalogue looks at it.
type view struct {
	l    *scenarios.Loaded
	doc  *strict.Document
	of   Suspect
	node models.Node // that limits
	path string      // of that node
}

// newView looks at what limits a scenario; nil where it has no such node.
func newView(l *scenarios.Loaded, of Suspect) *view {
	n, ok := l.Nodes.Get(of.Node)
	if !ok || strings.Contains(of.Node, ".") {
		return nil
	}
	return &view{l: l, doc: strict.Parse(l.File, []byte(l.Source)), of: of, node: n, path: "nodes." + of.Node}
}

// set is the change of a key of the node that limits.
func (v *view) set(key, value string) scenarios.Change {
	return scenarios.Change{Path: v.path + "." + key, Value: value}
}

// machine returns what the node runs on, nil for a kind that runs on none.
func (v *view) machine() *models.Machine {
	switch k := v.node.Component.(type) {
	case *models.Server:
		return &k.Machine
	case *models.Worker:
		return &k.Machine
	case *models.Database:
		return &k.Machine
	case *models.Cache:
		return &k.Machine
	case *models.Balancer:
		return &k.Machine
	case *models.RateLimiter:
		return &k.Machine
	case *models.CDN:
		return &k.Machine
	}
	return nil
}

// cores returns how many cores an instance has; 0 for a kind that has none.
func (v *view) cores() units.Count {
	switch k := v.node.Component.(type) {
	case *models.Cache:
		return k.Cores
	case *models.Balancer:
		return k.Cores
	case *models.RateLimiter:
		return k.Cores
	case *models.CDN:
		return k.Cores
	}
	if m := v.machine(); m != nil {
		return m.Cores
	}
	return 0
}

// priced tells whether the scenario speaks of money: then what is added has a price as well.
func (v *view) priced() bool {
	for _, n := range v.l.Nodes {
		if v.doc.Given("nodes."+n.Key+".price") || v.doc.Given("nodes."+n.Key+".machine") || v.doc.Given("nodes."+n.Key+".price_per_second") {
			return true
		}
	}
	return false
}

// machines is the list that nodes are put on.
func (v *view) machines() strict.Ordered[models.MachineType] {
	if len(v.l.Machines) > 0 {
		return v.l.Machines
	}
	return models.Ladder()
}

// onSmallest is the key that puts a new node on the smallest machine, nothing where the scenario does not speak of money.
func (v *view) onSmallest() string {
	if !v.priced() {
		return ""
	}
	all := v.machines()
	smallest := slices.MinFunc(all, func(x, y strict.Pair[models.MachineType]) int { return int(x.Value.Cores - y.Value.Cores) })
	return ", machine: " + smallest.Key
}

// name returns a name for a new node that none has.
func (v *view) name(wanted string) string {
	name := wanted
	for i := 2; v.doc.Given("nodes." + name); i++ {
		name = wanted + "-" + strconv.Itoa(i)
	}
	return name
}

// regionOf returns where a node's instances are, or most of them, as the text of a key; nothing without regions.
func (v *view) regionOf(nodes ...string) string {
	if v.l.Scenario.Regions == nil {
		return ""
	}
	for _, n := range nodes {
		if r := v.region(n); r != "" {
			return ", region: " + r
		}
	}
	return ""
}

func (v *view) region(node string) string {
	if r := v.doc.At("nodes." + node + ".region"); r != nil {
		return r.Text()
	}
	best, most := "", -1
	for _, e := range v.doc.At("nodes." + node + ".place").Entries() {
		if n, err := strconv.Atoi(e.Value.Text()); err == nil && n > most {
			best, most = e.Key, n
		}
	}
	return best
}

// counts returns whole numbers above one, each of the first few and then ever farther apart, up to so many times as many.
func counts(from int, times float64) []int {
	var all []int
	most := int(math.Ceil(float64(max(from, 1)) * times))
	for n := from + 1; n <= most; n = max(n+1, int(float64(n)*1.1)) {
		all = append(all, n)
	}
	return all
}

// manifold is how many times as much of something is tried, at the most: a demand of ten times what there is can be met.
func (v *view) manifold() float64 {
	if d := v.of.Demand; d > 1 && !math.IsInf(d, 0) {
		return min(16*d, 1000)
	}
	return 16
}

func title(format string, args ...any) string { return fmt.Sprintf(format, args...) }

// many is a number of things.
func many(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return text(n) + " " + thing + "s"
}

func text(n int) string { return strconv.Itoa(n) }
