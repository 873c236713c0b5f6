package reports

import (
	"fmt"
	"math"
	"strings"

	"headroom/experiments"
	"headroom/internal/units"
)

// roomy is how far the load may grow before the bottleneck saturates for the next question to be a higher load.
const roomy = 1.05

// next proposes the command that answers the question which this result leaves open: what a higher load would do where there is room
// for it, else what twice the bottleneck would do. It promises nothing: only a simulation knows whether that helps.
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
	default:
		question, change = doubled(r)
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

// doubled asks for twice as much of what gives way first. Machines are doubled by number where there are several already; databases
// by their cores, because what their instances are is shards and replicas.
func doubled(r *experiments.Result) (question, change string) {
	b := r.Bottleneck
	n, exists := r.Nodes[b.Node]
	if !exists || n.Instances < 1 {
		return "", ""
	}
	set := func(key string, value int) string {
		return "--set " + Quoted(fmt.Sprintf("nodes.%s.%s=%d", b.Node, key, value))
	}
	if s := n.Scaled; b.Resource == "cpu" && s != nil && s.Limit > 0 {
		if s.Max < s.Limit {
			return fmt.Sprintf("What would it do to begin with %d instances of %s?", s.Max, clean(b.Node)), set("instances", s.Max)
		}
		return fmt.Sprintf("What would up to %d instances of %s do?", 2*s.Limit, clean(b.Node)), set("autoscale.max", 2*s.Limit)
	}
	if b.Resource == "cpu" && n.Instances > 1 && n.Kind != "database" {
		return fmt.Sprintf("What would %d instances of %s do?", 2*n.Instances, clean(b.Node)), set("instances", 2*n.Instances)
	}
	if b.Resource == "memory" {
		twice := units.Size(2 * float64(n.Resources["memory"].Capacity) / float64(n.Instances))
		return fmt.Sprintf("What would twice the memory of %s do?", clean(b.Node)), "--set " + Quoted(fmt.Sprintf("nodes.%s.memory=%s", b.Node, twice))
	}
	key, settable := b.Resource, false
	switch {
	case n.Kind == "function" && n.Scaled != nil:
		return fmt.Sprintf("What would a limit of %d do for %s?", 2*n.Scaled.Limit, clean(b.Node)), set("limit", 2*n.Scaled.Limit)
	case key == "cpu":
		key, settable = "cores", true
	case key == "servers", key == "concurrency", key == "connections", strings.HasPrefix(key, "pools."):
		settable = b.Class != "external"
	}
	capacity := n.Resources[b.Resource].Capacity
	if !settable || !capacity.Known() || capacity <= 0 {
		return "", ""
	}
	each := int(math.Ceil(float64(capacity) / float64(n.Instances)))
	return fmt.Sprintf("What would twice the %s of %s do?", clean(key), clean(b.Node)), set(key, 2*each)
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
