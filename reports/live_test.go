package reports

import (
	"strings"
	"testing"

	"headroom/experiments"
)

// underWay is a run in its middle.
func underWay() experiments.Snapshot {
	figures := experiments.Figures{Offered: 10_020, Goodput: 9990, ErrorRate: .003, P50: .0056, P90: .203, P99: .236, Max: .29}
	lately := figures
	lately.P99, lately.ErrorRate = .229, 0
	return experiments.Snapshot{Share: .42, Replications: 4, Seconds: 33.6, SoFar: figures, Lately: lately, Nodes: []experiments.NodeSnapshot{
		{Name: "lb", Utilization: experiments.None, Lately: experiments.None},
		{Name: "api", Resource: "cpu", Utilization: .625, Lately: .61, Waiting: 3.5},
		{Name: "redis", Resource: "cpu", Utilization: .366, Lately: .4, Waiting: .1},
		{Name: "db", Resource: "cpu", Utilization: .93, Lately: .97, Waiting: 120},
	}}
}

// TestLiveLooksAsItDid: on a high terminal all of it is seen, on a low one the nodes that are used most, and never more than there are lines.
func TestLiveLooksAsItDid(t *testing.T) {
	live := func(s experiments.Snapshot, style Style, lines int) string {
		t.Helper()
		text, err := Live(s, style, lines)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(text, "\n"); n > lines {
			t.Errorf("%d lines where there are %d:\n%s", n, lines, text)
		}
		return text
	}
	begun := experiments.Snapshot{Share: .01, Replications: 4}
	golden(t, "live.txt", live(underWay(), Style{}, 40)+"\n"+live(underWay(), Style{Width: 60}, 12)+"\n"+live(begun, Style{}, 24))
	for lines := 1; lines < 24; lines++ {
		live(underWay(), Style{}, lines)
	}
	if plain, colored := live(underWay(), Style{}, 40), live(underWay(), Style{Color: true}, 40); ansi.ReplaceAllString(colored, "") != plain {
		t.Errorf("without its colours it is\n%s\nand should be\n%s", colored, plain)
	}
}
