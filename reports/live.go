package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"headroom/experiments"
)

// liveBar is how wide the bars are that show utilizations while a run goes on.
const liveBar = 20

// Live draws what a run that goes on has measured so far, on so many lines at most.
func Live(s experiments.Snapshot, style Style, lines int) (string, error) {
	t := terminal{width: style.width(), color: style.Color}
	p := page{title: fmt.Sprintf("Simulating  %s  %s", bar(s.Share, liveBar), share(s.Share))}
	said := plural(s.Replications, "replication", "replications")
	if s.Seconds == 0 {
		p.lead = []line{{paragraph, in(quiet, said+" · nothing is measured yet")}}
	} else {
		p.lead = []line{{paragraph, in(quiet, said+" · "+seconds(s.Seconds)+" measured")}}
		p.blocks = []block{{title: "Requests", table: liveFigures(s)}}
		if room := lines - 11; room > 0 && len(s.Nodes) > 0 { // what stands around the rows of the nodes
			p.blocks = append(p.blocks, liveNodes(s, room, min(liveBar, style.width()/5)))
		}
	}
	if err := t.page(p); err != nil {
		return "", err
	}
	all := slices.Collect(strings.Lines(t.out.String()))
	return strings.Join(all[:min(len(all), max(lines, 1))], ""), nil
}

func liveFigures(s experiments.Snapshot) *table {
	t := &table{columns: []column{{name: true}}}
	for _, title := range []string{"offered", "goodput", "errors", "p50", "p90", "p99", "max"} {
		t.columns = append(t.columns, column{title: title, number: true, spare: title == "max"})
	}
	for _, r := range []struct {
		name string
		of   experiments.Figures
	}{{"lately", s.Lately}, {"so far", s.SoFar}} {
		f := r.of
		t.rows = append(t.rows, []phrase{say(r.name), say(rate(f.Offered)), say(rate(f.Goodput)), in(failing(f.ErrorRate), share(f.ErrorRate)),
			say(seconds(f.P50)), say(seconds(f.P90)), say(seconds(f.P99)), say(seconds(f.Max))})
	}
	return t
}

func failing(errors experiments.Num) tone {
	if errors > 0 {
		return warning
	}
	return plain
}

// liveNodes shows the nodes in the order of the file: where there is no room for all, those that are used most.
func liveNodes(s experiments.Snapshot, room, cells int) block {
	shown := slices.Clone(s.Nodes)
	if len(shown) > room {
		slices.SortStableFunc(shown, func(a, b experiments.NodeSnapshot) int { return cmp.Compare(b.Utilization, a.Utilization) })
		least := shown[room-1].Utilization
		shown = shown[:0]
		for _, n := range s.Nodes {
			if len(shown) < room && !(n.Utilization < least) && (n.Utilization.Known() || !least.Known()) {
				shown = append(shown, n)
			}
		}
	}
	t := &table{columns: []column{{name: true}, {title: "busiest", name: true}, {drawing: true}, {title: "lately", number: true},
		{title: "so far", number: true}, {title: "waiting", number: true}}}
	for _, n := range shown {
		resource := clean(n.Resource)
		if resource == "" {
			resource = absent
		}
		t.rows = append(t.rows, []phrase{say(clean(n.Name)), say(resource), in(heat(n.Lately), bar(n.Lately, cells)), in(heat(n.Lately), share(n.Lately)),
			say(share(n.Utilization)), say(number(n.Waiting))})
	}
	b := block{title: "Nodes", table: t}
	if more := len(s.Nodes) - len(shown); more > 0 {
		b.lines = []line{{paragraph, in(quiet, fmt.Sprintf("and %d more, used less", more))}}
	}
	return b
}
