package reports

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"headroom/experiments"
)

// A TraceReporter draws traced requests.
type TraceReporter = ReporterOf[*experiments.Traces]

var traceForms = forms[*experiments.Traces]{
	"table": inTable(func(t *experiments.Traces, s Style) page { return tracePage(t, s, indent) }),
	"json":  as(traceJSON),
	"csv":   as(traceCSV),
	"html":  as(traceHTML),
	"otlp":  as(traceOTLP),
	"markdown": inMarkdown(func(t *experiments.Traces, s Style) page { // where blanks would get lost
		return tracePage(t, Style{Verbose: s.Verbose, Width: math.MaxInt32}, "· ")
	}),
}

// NamedTrace finds the reporter of traces for a value of the --output flag: table, json, csv, markdown, html or otlp.
func NamedTrace(output string, s Style) (TraceReporter, bool) { return traceForms.named(output, s) }

func traceJSON(w io.Writer, t *experiments.Traces) error {
	return writeJSON(w, "trace", t)
}

func traceCSV(w io.Writer, t *experiments.Traces) error {
	c := csv.NewWriter(w)
	rows := [][]string{{"request", "node", "instance", "op", "branch", "depth", "background", "start", "end", "wait", "service", "network", "outcome"}}
	number := func(n experiments.Num) string {
		if !n.Known() {
			return ""
		}
		return strconv.FormatFloat(float64(n), 'g', -1, 64)
	}
	for _, r := range t.Requests {
		for _, h := range r.Hops {
			branch := ""
			if h.Branch > 0 {
				branch = strconv.Itoa(h.Branch)
			}
			rows = append(rows, []string{
				strconv.FormatInt(r.Request, 10), h.Node, h.Instance, h.Op, branch, strconv.Itoa(h.Depth), strconv.FormatBool(h.Background),
				number(h.Start), number(h.End), number(h.Wait), number(h.Service), number(h.Network), h.Outcome,
			})
		}
	}
	return c.WriteAll(rows)
}

// tracePage says what became of each request; margin stands before a hop for each call that is around it.
func tracePage(t *experiments.Traces, s Style, margin string) page {
	p := page{title: clean(t.Scenario.Name)}
	if p.title == "" {
		p.title = "Unnamed scenario"
	}
	said := fmt.Sprintf("the first replication · seed %d", t.Seed)
	if t.WarmupSeconds > 0 {
		said = fmt.Sprintf("the first replication · %s of warm-up · seed %d", seconds(t.WarmupSeconds), t.Seed)
	}
	if p.lead = []line{{paragraph, in(quiet, said)}}; s.Verbose {
		p.lead = append(p.lead, line{paragraph, in(quiet, "headroom "+clean(t.Version))})
	}
	for _, r := range t.Requests {
		p.blocks = append(p.blocks, traced(r, s, margin)...)
	}
	return p
}

// traced draws one request: what became of it, and a row for each hop.
func traced(r experiments.TracedRequest, s Style, margin string) []block {
	blocks := []block{{title: fmt.Sprintf("Request %d", r.Request), sentence: becameOf(r)}}
	if len(r.Hops) > 0 {
		blocks = append(blocks, hops(r, s, margin))
	}
	return blocks
}

// ended says how a request ended, and when.
func ended(r experiments.TracedRequest) phrase {
	if !r.Latency.Known() {
		return in(warning, "still under way when the run was over.")
	}
	text := outcome(r.Outcome).then(" after " + seconds(r.Latency))
	switch {
	case !r.Done.Known():
		return text.then("; what it brought about is still under way when the run is over.")
	case r.Done > r.Latency:
		return text.then("; all that it brought about is done after " + seconds(r.Done) + ".")
	case len(r.Hops) == 0:
		return text.then(", out of the browser's cache.")
	}
	return text.then(".")
}

func outcome(o string) phrase {
	switch o {
	case "ok":
		return in(good, o)
	case "in_flight":
		return in(warning, "under way")
	}
	return in(bad, clean(o))
}

// duration leaves out what took no time.
func duration(d experiments.Num) phrase {
	if d == 0 {
		return say(absent)
	}
	return say(seconds(d))
}

// hopName says where a hop is, and what is asked for there.
func hopName(h experiments.Hop) string {
	name := clean(cmp.Or(h.Instance, h.Node))
	switch {
	case h.Branch > 0:
		return fmt.Sprintf("%s, branch %d", name, h.Branch)
	case h.Op != "call" && h.Op != "after":
		name += " " + h.Op
	}
	if h.As != "" {
		name += " as " + clean(h.As)
	}
	return name
}

// result says how a hop ended, and what the node had to say.
func result(h experiments.Hop, verbose bool) phrase {
	var says []string
	if h.Op == "after" {
		says = append(says, "after the answer")
	}
	if h.Cache != "" {
		says = append(says, h.Cache)
	}
	if l := h.Limit; l != nil && l.Limit.Known() {
		says = append(says, fmt.Sprintf("limit %s, remaining %s, reset %s", number(l.Limit), number(l.Remaining), seconds(l.Reset)))
	}
	for _, m := range h.Message {
		switch {
		case m.What != "delivered":
			says = append(says, m.What)
		case m.Attempt > 1:
			says = append(says, fmt.Sprintf("again after %s", seconds(m.Waited)))
		default:
			says = append(says, fmt.Sprintf("delivered after %s", seconds(m.Waited)))
		}
	}
	if verbose {
		for _, p := range h.Spent {
			says = append(says, strings.TrimSpace(clean(p.Resource)+" "+p.Part)+" "+seconds(p.Seconds))
		}
	}
	text := outcome(h.Outcome)
	if says != nil {
		text = text.then(": " + strings.Join(says, ", "))
	}
	return text
}
