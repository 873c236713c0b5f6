package remedies

import (
	"fmt"
	"strings"

	"headroom/internal/units"
	"headroom/models"
	"headroom/scenarios"
)

// meanOf returns the mean latency of a service of someone else in seconds, as its keys tell it; 0 for another kind.
func (v *view) meanOf(node string) float64 {
	n, _ := v.l.Nodes.Get(node)
	if k, ok := n.Component.(*models.External); ok {
		return k.Latency.Mean() / 1e9
	}
	return 0
}

// links are the bandwidths that network interfaces come in.
var links = []float64{.1e9, .25e9, .5e9, 1e9, 2.5e9, 5e9, 10e9, 25e9, 40e9, 50e9, 100e9}

// bandwidth proposes a faster interface, for a node that says itself how fast its own is.
func bandwidth(v *view) []Family {
	at := v.doc.At(v.path + ".bandwidth")
	var now units.Bandwidth
	if at == nil || now.UnmarshalText([]byte(at.Text())) != nil {
		return nil
	}
	var sizes []Proposal
	var times []float64
	for _, bits := range links {
		if bits <= float64(now) {
			continue
		}
		then := units.Bandwidth(bits)
		sizes = append(sizes, Proposal{Kind: "bandwidth", Title: title("%s: bandwidth %s → %s", v.of.Node, now, then), Change: []scenarios.Change{v.set("bandwidth", then.String())}})
		times = append(times, bits/float64(now))
	}
	return sized("bandwidth", sizes, times, v.of.Demand)
}

// compression proposes that answers are compressed, at the price of the time that takes.
func compression(v *view) []Family {
	return v.lighter("compress", []string{"zstd", "gzip"}, "answers compressed with ", func(r models.Response) bool { return r.Compress == nil })
}

// format proposes a format that takes less room than JSON.
func format(v *view) []Family {
	return v.lighter("format", []string{"protobuf"}, "answers as ", func(r models.Response) bool { return r.Format == nil })
}

// lighter gives the answers of all classes that have a size a further key.
func (v *view) lighter(key string, values []string, said string, fits func(models.Response) bool) []Family {
	var all []Family
	for _, value := range values {
		var change []scenarios.Change
		for _, r := range v.l.Requests {
			if r.Value.Response.Size == 0 || !fits(r.Value.Response) {
				continue
			}
			at := "requests." + r.Key + ".response"
			if w := v.doc.At(at); w != nil && len(w.Entries()) == 0 {
				change = append(change, scenarios.Change{Path: at, Value: fmt.Sprintf("{size: %s, %s: %s}", w.Text(), key, value)})
			} else {
				change = append(change, scenarios.Change{Path: at + "." + key, Value: value})
			}
		}
		if len(change) > 0 {
			all = append(all, single(Proposal{Kind: key, Title: said + value, Change: change})...)
		}
	}
	return all
}

// cdn proposes edges in front of what the clients reach first.
func cdn(v *view) []Family {
	if len(v.l.Traffic) == 0 || !v.cacheable() {
		return nil
	}
	first := v.l.Traffic[0].Value.Enters
	n, ok := v.l.Nodes.Get(first)
	if !ok || n.Kind == "cdn" || n.Kind == "cache" || n.Kind == "queue" || n.Kind == "station" || v.of.Class != "network" && v.of.Class != "distance" && v.of.Node != first && !v.leads(first) {
		return nil
	}
	name := v.name("cdn")
	var redirected []scenarios.Change
	for _, t := range v.l.Traffic {
		if t.Value.Enters == first {
			redirected = append(redirected, scenarios.Change{Path: "traffic." + t.Key + ".enters", Value: name})
		}
	}
	price, assumed := "", ""
	if v.priced() {
		price, assumed = ", price: $0.08/GB", " A CDN is taken to cost $0.08 a gigabyte."
	}
	var sizes []Proposal
	keys, titles, assumes := v.contents()
	for i, k := range keys {
		sizes = append(sizes, Proposal{Kind: "cdn", Title: title("%s: a CDN before it, %s", first, titles[i]), Assumes: strings.TrimSpace(assumes[i] + assumed),
			Change: append([]scenarios.Change{{Path: "nodes." + name, Value: fmt.Sprintf("{kind: cdn, %s, origin: %s%s}", k, first, price)}}, redirected...)})
	}
	return steps(sizes)
}

// leads tells whether a node hands its calls on to the one that limits.
func (v *view) leads(from string) bool {
	for _, key := range []string{"to", "origin"} {
		if at := v.doc.At("nodes." + from + "." + key); at != nil && at.Text() == v.of.Node {
			return true
		}
	}
	return v.targets(from, v.of.Node)
}

// nearer proposes that a node is where those are who call it.
func nearer(v *view) []Family {
	var all []Family
	if v.l.Scenario.Regions == nil {
		if rtt := v.doc.At(v.path + ".rtt"); rtt != nil {
			all = append(all, single(Proposal{Kind: "nearer", Title: title("%s: beside its callers, rtt 0.5ms", v.of.Node), Change: []scenarios.Change{v.set("rtt", "0.5ms")}})...)
		}
		return all
	}
	callers := callers(v.sites(v.of.Node))
	if len(callers) == 0 {
		return v.nearClients()
	}
	for _, caller := range callers {
		if to := v.region(caller); to != "" && to != v.region(v.of.Node) {
			all = append(all, v.moved([]string{v.of.Node}, to, false)...)
		}
	}
	if here := v.region(v.of.Node); here != "" {
		for _, caller := range callers {
			if v.region(caller) != here {
				all = append(all, v.moved([]string{caller}, here, true)...)
			}
		}
	}
	return all
}

// nearClients proposes servers where the clients are: all nodes of the region moved, or as many servers in each region.
func (v *view) nearClients() []Family {
	var all []Family
	seen := map[string]bool{}
	here := v.region(v.of.Node)
	var together []string
	for _, n := range v.l.Nodes {
		if r := v.region(n.Key); r != "" && r == here {
			together = append(together, n.Key)
		}
	}
	for _, t := range v.l.Traffic {
		for _, r := range t.Value.Regions {
			if r.Key != here && !seen[r.Key] {
				seen[r.Key] = true
				all = append(all, v.moved(together, r.Key, false)...)
				if len(together) > 1 {
					all = append(all, v.moved([]string{v.of.Node}, r.Key, false)...)
				}
			}
		}
	}
	return append(all, v.everywhere()...)
}

// moved proposes that nodes are in another region; callers says that they move to whom they call.
func (v *view) moved(nodes []string, to string, callers bool) []Family {
	var change []scenarios.Change
	for _, n := range nodes {
		at := "nodes." + n
		c := scenarios.Change{Path: at + ".region", Value: to}
		if v.doc.Given(at + ".place") {
			if d, ok := v.l.Nodes.Get(n); !ok || d.Kind == "database" {
				return nil
			}
			c.Replaces = at + ".place"
			moved, _ := v.l.Nodes.Get(n)
			change = append(change, scenarios.Change{Path: at + ".instances", Value: text(moved.Count())})
		}
		change = append(change, c)
	}
	said := title("%s: in %s", strings.Join(nodes, ", "), to)
	if callers {
		said += ", beside " + v.of.Node
	}
	return single(Proposal{Kind: "nearer", Title: said, Change: change})
}

// everywhere proposes servers in each region that has clients: as many in each as there are in all.
func (v *view) everywhere() []Family {
	if v.node.Kind != "server" || v.doc.Given(v.path+".place") {
		return nil
	}
	var places []string
	seen := map[string]bool{}
	for _, t := range v.l.Traffic {
		for _, r := range t.Value.Regions {
			if !seen[r.Key] {
				seen[r.Key] = true
				places = append(places, fmt.Sprintf("%s: %d", r.Key, v.node.Count()))
			}
		}
	}
	if len(places) < 2 {
		return nil
	}
	c := v.set("place", "{"+strings.Join(places, ", ")+"}")
	c.Replaces = v.path + ".region"
	change := []scenarios.Change{c}
	if v.doc.Given(v.path + ".instances") {
		c.Replaces = v.path + ".instances"
		change = append(change, c)
	}
	return single(Proposal{Kind: "nearer", Title: title("%s: servers in %d regions", v.of.Node, len(places)), Change: change})
}

// replicasNear proposes read replicas where those are who read.
func replicasNear(v *view) []Family {
	d := v.database()
	if d == nil || v.l.Scenario.Regions == nil {
		return nil
	}
	var all []Family
	for _, caller := range callers(v.sites(v.of.Node)) {
		to := v.region(caller)
		if to == "" || to == v.region(v.of.Node) {
			continue
		}
		var sizes []Proposal
		for _, n := range counts(0, 8) {
			sizes = append(sizes, Proposal{Kind: "replicas", Title: title("%s: %s in %s", v.of.Node, many(n, "read replica"), to),
				Change: []scenarios.Change{v.set("replicas", fmt.Sprintf("{%s: %d}", to, n)), v.set("read_from", "any")}})
		}
		all = append(all, Family{Kind: "replicas", Sizes: sizes})
	}
	return all
}

// atOnce proposes that calls which are made one after the other are made at the same time.
func atOnce(v *view) []Family {
	var change []scenarios.Change
	most := 0
	for _, s := range v.sites(v.of.Node) {
		if s.short {
			continue
		}
		var n units.Count
		at := s.step.Get("times")
		if at == nil || n.UnmarshalText([]byte(at.Text())) != nil || n < 2 || n > 100 || len(s.step.Entries()) != 2 {
			continue
		}
		branch := fmt.Sprintf("[%s: %s]", s.op, v.of.Node)
		change = append(change, scenarios.Change{Path: s.path, Value: "{parallel: [" + strings.Join(repeat(branch, int(n)), ", ") + "]}"})
		most = max(most, int(n))
	}
	if len(change) == 0 {
		return nil
	}
	return single(Proposal{Kind: "parallel", Title: title("%s: %d calls at once, not in turn", v.of.Node, most), Change: change,
		Assumes: "None of the calls is taken to need the answer of another."})
}

func repeat(text string, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = text
	}
	return all
}
