package reports

import (
	"fmt"
	"math"
	"strings"

	"headroom/experiments"
)

// busy and full are the utilizations from which a resource is worth a look, and from which it is worth a worry.
const (
	busy = 0.7
	full = 0.9
)

// uneven is how far above its siblings an instance must be for the page to mention it.
const uneven = 0.1

func nodes(r *experiments.Result) []block {
	if len(r.NodeOrder) == 0 {
		return nil
	}
	t := &table{columns: []column{
		{name: true}, {title: "kind", name: true}, {title: "load", number: true},
		{title: "busiest", name: true}, {drawing: true}, {title: "used", number: true},
		{title: "mean wait", number: true, spare: true}, {title: "mean queue", number: true, spare: true}, {title: "errors", number: true}, {title: "own p99", number: true, spare: true},
	}}
	b := block{title: "Nodes"}
	for _, name := range r.NodeOrder {
		t.rows = append(t.rows, nodeRow(r, name))
		b.lines = append(append(b.lines, unevenInstances(r, name)...), instances(r, name)...)
		b.lines = append(b.lines, sizedFor(r, name)...)
		b.lines = append(b.lines, concurrencyLimit(r, name)...)
	}
	b.table = withoutEmpty(t)
	return []block{b}
}

func nodeRow(r *experiments.Result, name string) []phrase {
	n := r.Nodes[name]
	kind := clean(n.Kind)
	if n.Instances > 1 {
		kind += fmt.Sprintf(" ×%d", n.Instances)
	}
	resource, found := busiest(r, name)
	row := []phrase{say(clean(name)), say(kind), say(rate(n.Throughput))}
	var wait, queue, own phrase
	if found {
		res := n.Resources[resource]
		t := heat(res.Utilization)
		row = append(row, say(clean(resource)), in(t, bar(res.Utilization, 5)), in(t, share(res.Utilization)))
		wait, queue = say(seconds(res.Wait.Mean)), say(number(res.Queue.Mean))
	} else {
		row = append(row, say(absent), nil, say(absent))
		wait, queue = say(absent), say(absent)
	}
	own = say(seconds(n.Own.P99))
	if r.Saturated {
		wait, queue, own = nil, say(absent), nil // they would only say how long the run was
		if name == r.Bottleneck.Node {
			queue = in(bad, "grows")
		}
	}
	var failed int64
	for _, c := range n.Errors {
		failed += c
	}
	errors := say(count(failed))
	if failed > 0 {
		errors = in(warning, count(failed))
	}
	return append(row, wait, queue, errors, own)
}

// busiest finds the resource of a node that is used most.
func busiest(r *experiments.Result, node string) (string, bool) { return r.Busiest(node) }

// unevenInstances names the instance that has clearly more to do than the others.
func unevenInstances(r *experiments.Result, node string) []line {
	resource, found := busiest(r, node)
	if !found {
		return nil
	}
	res := r.Nodes[node].Resources[resource]
	if r.Nodes[node].Scaled != nil || res.Busiest == nil || !res.Busiest.Utilization.Known() || res.Busiest.Utilization-res.Utilization < uneven {
		return nil
	}
	return []line{{paragraph, in(warning, "!").then(fmt.Sprintf(" %s has more to do than its siblings: %s %s used, %s on average.",
		clean(res.Busiest.Instance), clean(resource), share(res.Busiest.Utilization), share(res.Utilization)))}}
}

// concurrencyLimit says how many visits a node's gradient lets in.
func concurrencyLimit(r *experiments.Result, node string) []line {
	limit := r.Nodes[node].ConcurrencyLimit
	if limit == nil {
		return nil
	}
	return []line{{paragraph, say(fmt.Sprintf("%s lets %s visits into an instance at once, on average (`shed: gradient`).", clean(node), number(*limit)))}}
}

func heat(utilization experiments.Num) tone {
	switch {
	case !utilization.Known() || utilization < busy:
		return plain
	case utilization < full:
		return warning
	}
	return bad
}

// bar draws a share of 0 to 1. It is full only when the share is, and empty only when there is none.
func bar(part experiments.Num, cells int) string {
	if !part.Known() {
		return ""
	}
	n := int(math.Round(float64(part) * float64(cells)))
	if part > 0 {
		n = max(n, 1)
	}
	if part < 0.995 {
		n = min(n, cells-1)
	}
	n = min(max(n, 0), cells)
	return strings.Repeat("▇", n) + strings.Repeat("▁", cells-n)
}
