package remedies

import (
	"fmt"
	"slices"
	"strings"

	"headroom/internal/strict"
	"headroom/models"
	"headroom/scenarios"
)

// site is a place in a file where one node calls another.
type site struct {
	caller string        // the node
	path   string        // of the step, or of the item of `calls`
	op     string        // call, read or write
	short  bool          // it stands in `calls`
	step   *strict.Value // of `handles`
}

// sites lists the calls to a node.
func (v *view) sites(to string) []site {
	var all []site
	for _, n := range v.l.Nodes {
		at := "nodes." + n.Key
		for _, item := range v.doc.At(at + ".calls").Items() {
			if item.Text() == to {
				all = append(all, site{caller: n.Key, path: item.Path(), op: "call", short: true})
			}
		}
		for _, h := range v.doc.At(at + ".handles").Entries() {
			all = append(all, stepsTo(to, n.Key, h.Value)...)
		}
	}
	return all
}

// stepsTo lists the steps in a value that call a node.
func stepsTo(to, caller string, in *strict.Value) []site {
	var all []site
	for _, item := range in.Items() {
		all = append(all, stepsTo(to, caller, item)...)
	}
	for _, e := range in.Entries() {
		switch {
		case slices.Contains([]string{"call", "read", "write"}, e.Key) && e.Value.Text() == to:
			all = append(all, site{caller: caller, path: in.Path(), op: e.Key, step: in})
		case e.Value.Kind() == strict.List || e.Value.Kind() == strict.Map:
			all = append(all, stepsTo(to, caller, e.Value)...)
		}
	}
	return all
}

// reads are the sites that may ask a cache instead.
func reads(all []site) []site {
	return slices.DeleteFunc(slices.Clone(all), func(s site) bool { return s.op == "write" })
}

// callers lists the nodes of some sites, each once.
func callers(all []site) []string {
	var names []string
	for _, s := range all {
		if !slices.Contains(names, s.caller) {
			names = append(names, s.caller)
		}
	}
	return names
}

// toward is the change that lets a site call another node.
func (s site) toward(node string) scenarios.Change {
	if s.short {
		return scenarios.Change{Path: s.path, Value: node}
	}
	return scenarios.Change{Path: s.path + "." + s.op, Value: node}
}

// entrances lists the keys by which others than steps lead to a node: sources, balancers, limiters, caches.
func (v *view) entrances(to string) []string {
	var all []string
	for _, t := range v.l.Traffic {
		if t.Value.Enters == to {
			all = append(all, "traffic."+t.Key+".enters")
		}
	}
	for _, n := range v.l.Nodes {
		for _, key := range []string{"to", "origin"} {
			if at := v.doc.At("nodes." + n.Key + "." + key); at != nil && at.Text() == to && n.Value.Kind != "queue" {
				all = append(all, "nodes."+n.Key+"."+key)
			}
		}
	}
	return all
}

// redirect is the changes that let all who lead to a node lead to another one.
func (v *view) redirect(from, to string) []scenarios.Change {
	var all []scenarios.Change
	for _, path := range v.entrances(from) {
		all = append(all, scenarios.Change{Path: path, Value: to})
	}
	for _, s := range v.sites(from) {
		all = append(all, s.toward(to))
	}
	return all
}

// targets tells whether a balancer chooses among the instances of a node.
func (v *view) targets(balancer, node string) bool {
	n, _ := v.l.Nodes.Get(balancer)
	b, ok := n.Component.(*models.Balancer)
	return ok && slices.Contains(b.To.Keys(), node)
}

// with are the changes that add keys to all calls of some sites, given as the inside of a flow map; false where one of them has a key of that
// name already. Calls in the short form become steps.
func (v *view) with(all []site, keys ...[2]string) ([]scenarios.Change, bool) {
	var changes []scenarios.Change
	done := map[string]bool{}
	for _, s := range all {
		if !s.short {
			for _, k := range keys {
				if s.step.Get(k[0]) != nil {
					return nil, false
				}
				changes = append(changes, scenarios.Change{Path: s.path + "." + k[0], Value: k[1]})
			}
			continue
		}
		if !done[s.caller] {
			changes = append(changes, v.long(s.caller, v.of.Node, keys)...)
			done[s.caller] = true
		}
	}
	return changes, len(changes) > 0
}

// long are the changes that write a node's `work` and `calls` as `handles`, with keys added to the calls to one node.
func (v *view) long(caller, to string, keys [][2]string) []scenarios.Change {
	at := "nodes." + caller
	var steps []string
	if work := v.doc.At(at + ".work"); work != nil {
		steps = append(steps, "cpu: "+work.Text())
	}
	for _, item := range v.doc.At(at + ".calls").Items() {
		step := "call: " + item.Text()
		if item.Text() == to {
			step = "{" + step
			for _, k := range keys {
				step += fmt.Sprintf(", %s: %s", k[0], k[1])
			}
			step += "}"
		}
		steps = append(steps, step)
	}
	long := scenarios.Change{Path: at + ".handles", Value: "{default: [" + strings.Join(steps, ", ") + "]}", Replaces: at + ".calls"}
	if v.doc.Given(at + ".work") {
		again := long
		again.Replaces = at + ".work"
		return []scenarios.Change{long, again}
	}
	return []scenarios.Change{long}
}
