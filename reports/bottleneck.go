package reports

import (
	"fmt"
	"strings"

	"headroom/experiments"
)

// mostParts is how many parts of the requests' time a page has room for.
const mostParts = 5

// bottleneck says in one sentence what gives way first, and at which load.
func bottleneck(r *experiments.Result) []block {
	b := r.Bottleneck
	if b.Class == "" && b.Node == "" {
		return nil
	}
	if b.Class == "none" && b.Evidence == "" {
		return []block{{title: "BOTTLENECK", sentence: say("None: nothing here has a limit.")}}
	}
	said := strings.TrimSuffix(clean(b.Evidence), ".")
	if said == "" {
		said = fmt.Sprintf("%s of %s is %s used", clean(b.Resource), clean(b.Node), share(b.Utilization))
	}
	if at := rate(b.SaturatesAt); b.SaturatesAt.Known() {
		said += "; it saturates at " + at + comparedWith(r.Load.Offered, b.SaturatesAt)
	}
	text := say(said + ".")
	if b.Node != "" && !strings.Contains(said, clean(b.Node)) {
		text = in(strong, clean(b.Node)+": ").and(text)
	}
	return []block{{title: "BOTTLENECK", sentence: text}}
}

// comparedWith says how far the load of the run is from that of saturation.
func comparedWith(offered, saturation experiments.Num) string {
	switch {
	case !offered.Known() || offered <= 0:
		return ""
	case saturation < offered:
		return ", and this run offered " + rate(offered)
	}
	return fmt.Sprintf(", %s times the load of this run", number(saturation/offered))
}

// timeShares says where the requests' time goes. In a saturated run nearly all of it goes wherever the queue grows, more so the
// longer the run, so there is nothing to show.
func timeShares(r *experiments.Result) []block {
	if len(r.WhereTime) == 0 || r.Saturated {
		return nil
	}
	t := &table{columns: []column{{name: true}, {name: true, joined: true},
		{drawing: true}, {title: "of the mean", number: true}, {drawing: true}, {title: "of the slowest 1%", number: true}}}
	for _, part := range r.WhereTime[:min(len(r.WhereTime), mostParts)] {
		t.rows = append(t.rows, []phrase{
			say(clean(part.Node)), say(Doing(r.Nodes[part.Node].Kind, part)),
			say(bar(part.Share, 8)), say(share(part.Share)),
			say(bar(part.TailShare, 8)), say(share(part.TailShare)),
		})
	}
	return []block{{title: "Where the time goes", table: t}}
}

// Doing says what a request does in one part of its time.
func Doing(kind string, part experiments.TimeShare) string {
	resource := clean(part.Resource)
	switch {
	case part.Part == "network":
		return "on the way there and back"
	case part.Part == "wait" && resource == "servers":
		return "waiting for a server"
	case part.Part == "wait" && resource != "":
		return "waiting for " + resource
	case part.Part == "wait" && kind == "cache":
		return "waiting for another's fetch"
	case part.Part == "wait":
		return "waiting"
	case part.Part == "service" && resource == "servers":
		return "in service"
	case part.Part == "service" && resource != "":
		return "working on " + resource
	case part.Part == "service" && kind == "external":
		return "answering"
	case part.Part == "service":
		return "delay, without a core"
	}
	return strings.TrimSpace(clean(part.Part) + " " + resource)
}
