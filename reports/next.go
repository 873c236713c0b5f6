package reports

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"headroom/experiments"
	"headroom/internal/units"
)

// roomy is how far the load may grow before the bottleneck saturates for the next question to be a higher load.
const roomy = 1.05

// next proposes the command that answers the question which this result leaves open: what a higher load would do where there is room
// for it, else what twice the bottleneck would do, or another load where there is nothing to double. It promises nothing: only a
// simulation knows whether that helps.
func next(r *experiments.Result) []block {
	question, change := "", ""
	room := r.Bottleneck.SaturatesAt.Known() && r.Load.Offered > 0 && r.Bottleneck.SaturatesAt >= roomy*r.Load.Offered
	open := r.Load.Asked.Known() // closed users send what they send: there is no rate to set
	switch {
	case r.Partial:
		question = "What would the whole run say?"
	case met(r) && open && room:
		question = "What happens where the bottleneck saturates?"
		change = "--rate " + rate(r.Bottleneck.SaturatesAt)
	case met(r) && open && r.Bottleneck.Class == "none" && r.Load.Asked > 0:
		question = "What happens at ten times the load?"
		change = "--rate " + rate(10*r.Load.Asked)
	case slices.Contains([]string{"distance", "latency", "failures"}, r.Bottleneck.Resource): // nothing here to double, and less load is no help
	default:
		if question, change = doubled(r); question == "" && open && r.Load.Offered > 0 {
			question, change = otherLoad(r)
		}
	}
	if question == "" {
		return nil
	}
	return []block{{title: "Next", sentence: say(question), lines: []line{{command, say(strings.TrimSpace(again(r, change) + " " + change))}}}}
}

func met(r *experiments.Result) bool {
	for _, t := range r.SLO {
		if !t.Met {
			return false
		}
	}
	return !r.Saturated
}

// otherLoad asks for a load at which the answer would be another: more where the SLO is met, less where it is missed, so that what gives
// way first has room.
func otherLoad(r *experiments.Result) (question, change string) {
	if met(r) {
		return "What happens at twice the load?", "--rate " + rate(2*r.Load.Asked)
	}
	less := r.Load.Asked / 2
	if at := r.Bottleneck.SaturatesAt; at > 0 && roomFor*at < less {
		less = roomFor * at
	}
	return "What would a lower load see?", "--rate " + rate(less)
}

// roomFor is the part of what a bottleneck can do that leaves room for the swings of its load.
const roomFor = 0.7

// doubled asks for twice as much of what gives way first.
func doubled(r *experiments.Result) (question, change string) {
	b := r.Bottleneck
	n, exists := r.Nodes[b.Node]
	if !exists || n.Instances < 1 {
		return "", ""
	}
	node := clean(b.Node)
	set := func(key, value string) string {
		return "--set " + Quoted("nodes."+b.Node+"."+key+"="+value)
	}
	if s := n.Scaled; b.Resource == "cpu" && s != nil && s.Limit > 0 {
		if s.Max < s.Limit {
			return fmt.Sprintf("What would it do to begin with %d instances of %s?", s.Max, node), set("instances", strconv.Itoa(s.Max))
		}
		return fmt.Sprintf("What would up to %d instances of %s do?", 2*s.Limit, node), set("autoscale.max", strconv.Itoa(2*s.Limit))
	}
	if n.Kind == "function" && n.Scaled != nil {
		return fmt.Sprintf("What would a limit of %d do for %s?", 2*n.Scaled.Limit, node), set("limit", strconv.Itoa(2*n.Scaled.Limit))
	}
	each := func(resource string) (capacity float64, known bool) {
		capacity = float64(n.Resources[resource].Capacity) / float64(n.Instances)
		return capacity, capacity > 0 && !math.IsInf(capacity, 0)
	}
	switch key := b.Resource; {
	case b.Class == "external":
	case key == "cpu" && grows(r, n):
		return fmt.Sprintf("What would %d instances of %s do?", 2*n.Instances, node), set("instances", strconv.Itoa(2*n.Instances))
	case key == "memory", key == "disk": // reads come to the disk for want of memory
		if size, known := each("memory"); known {
			return "What would twice the memory of " + node + " do?", set("memory", units.Size(math.Round(2*size)).String())
		}
	case key == "network":
		if bandwidth, known := each("network"); known {
			return "What would twice the bandwidth of " + node + " do?", set("bandwidth", units.Bandwidth(math.Round(2*bandwidth)).String())
		}
	case key == "cpu", key == "servers", key == "concurrency", key == "connections", strings.HasPrefix(key, "pools."):
		if key == "cpu" {
			key = "cores"
		}
		if servers, known := each(b.Resource); known {
			return fmt.Sprintf("What would twice the %s of %s do?", clean(key), node), set(key, strconv.Itoa(2*int(math.Ceil(servers))))
		}
	}
	return "", ""
}

// grows tells whether a node is doubled by the number of its instances: where there are several already. Those of databases are shards and
// replicas, those of edges one a region, and in regions `place` may count them: these have more cores instead.
func grows(r *experiments.Result, n experiments.NodeResult) bool {
	return n.Instances > 1 && n.Kind != "database" && n.Kind != "cdn" && r.Regions == nil
}

// again is the command that gave this result, without what the change would say a second time.
func again(r *experiments.Result, change string) string {
	const simulate = "headroom simulate "
	if !strings.HasPrefix(r.Command, simulate) {
		file := clean(r.Scenario.File)
		if file == "" {
			file = "FILE"
		}
		return simulate + Quoted(file)
	}
	if !strings.HasPrefix(change, "--rate ") || strings.ContainsAny(r.Command, `'"\`) {
		return clean(r.Command)
	}
	var kept []string
	words := strings.Fields(r.Command)
	for i := 0; i < len(words); i++ {
		switch {
		case words[i] == "--rate":
			i++
		case strings.HasPrefix(words[i], "--rate="):
		default:
			kept = append(kept, words[i])
		}
	}
	return strings.Join(kept, " ")
}

// Quoted writes a word for a POSIX shell: in quotes where it needs them.
func Quoted(word string) string {
	harmless := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-./=:,+%@", r)
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !harmless(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
