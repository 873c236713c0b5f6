package scenarios

import (
	"headroom/internal/strict"
	"headroom/models"
)

// TimeAt is a time that a scenario gives to one of its nodes.
type TimeAt struct {
	Path     string // as --set takes it, such as nodes.api.handles.browse.0.cpu
	Text     string // as written, such as exp(4ms)
	Node     string
	Resource string // that is busy meanwhile: cpu, servers, network or disk; empty: none, as of an external's latency
	Inverse  bool   // Text is how much the resource does in a time, such as 1Gbps: the more the shorter
}

// Scaled returns the text of a time that is factor times as long, to four significant digits. The error tells of one that stands in another file.
func (t TimeAt) Scaled(factor float64) (string, error) {
	if t.Inverse {
		return models.ScaleCapacity(t.Text, 1/factor)
	}
	return models.ScaleTime(t.Text, factor)
}

// workKeys are the keys whose times keep a node's resource busy, by the node's kind.
var workKeys = map[string][]string{
	"server": {"work"}, "worker": {"work"}, "function": {"work"}, "load-balancer": {"work"}, "rate-limiter": {"work"}, "cdn": {"work"},
	"cache": {"get", "set"}, "database": {"read", "write"}, "station": {"service"},
}

// Times lists the times of a scenario's nodes in the order of the file: those of its work on cores and servers, of its
// transfers and its disk, the latencies of externals, and delays.
func Times(l *Loaded) []TimeAt {
	var all []TimeAt
	for _, n := range strict.Parse(l.File, []byte(l.Source)).Root().Get("nodes").Entries() {
		kind, resource := n.Value.Get("kind").Text(), "cpu"
		if kind == "station" {
			resource = "servers"
		}
		for _, e := range n.Value.Entries() {
			t := timesOf{node: n.Key, resource: resource}
			switch {
			case e.Key == "handles":
				t.steps(e.Value)
			case kind == "external" && e.Key == "latency":
				t.resource = ""
				t.query(e.Value)
			case e.Key == "bandwidth":
				t.found = append(t.found, TimeAt{e.Value.Path(), e.Value.Text(), n.Key, models.NetworkResource, true})
			case kind == "database" && e.Key == "disk":
				for _, k := range e.Value.Entries() {
					t.found = append(t.found, TimeAt{k.Value.Path(), k.Value.Text(), n.Key, "disk", k.Key == "iops"})
				}
			default:
				for _, key := range workKeys[kind] {
					if e.Key == key {
						t.query(e.Value)
					}
				}
			}
			all = append(all, t.found...)
		}
	}
	return all
}

// timesOf collects the times of a node.
type timesOf struct {
	node, resource string
	found          []TimeAt
}

func (t *timesOf) add(v *strict.Value, resource string) {
	t.found = append(t.found, TimeAt{v.Path(), v.Text(), t.node, resource, false})
}

// query takes a time, one for each class, or {cpu: …, delay: …}.
func (t *timesOf) query(v *strict.Value) {
	if v.Kind() == strict.Scalar {
		t.add(v, t.resource)
	}
	for _, e := range v.Entries() {
		if e.Key == "delay" && e.Value.Kind() == strict.Scalar {
			t.add(e.Value, "")
			continue
		}
		t.query(e.Value)
	}
}

// steps takes what is under `handles`, steps in steps included.
func (t *timesOf) steps(v *strict.Value) {
	for _, item := range v.Items() {
		t.steps(item)
	}
	for _, e := range v.Entries() {
		switch single := e.Value.Kind() == strict.Scalar; {
		case single && e.Key == "cpu":
			t.add(e.Value, t.resource)
		case single && e.Key == "delay":
			t.add(e.Value, "")
		case e.Key != "retry" && e.Key != "breaker" && e.Key != "hedge":
			t.steps(e.Value)
		}
	}
}
