package reports

import (
	"bytes"
	_ "embed" // the page's template
	"fmt"
	"html/template"
	"io"
	"math"

	"headroom/experiments"
	"headroom/internal/units"
)

//go:embed trace.gohtml
var traceTemplate string

var tracePageHTML = template.Must(template.New("trace").Parse(traceTemplate))

// tracesView is what the page shows of the traces: texts, and places on the time axis in percent.
type tracesView struct {
	Title, Said, Command, Version string
	Requests                      []requestView
}

type requestView struct {
	Number  int64
	Class   string
	Outcome toned
	Latency string
	Says    []toned
	Ticks   []tickView
	Answer  string // where the client has its answer; empty: at the end
	Network bool   // some hop was on the way
	Hops    []hopView
}

type tickView struct {
	At, Says string
	End      bool // so near the end that what it says goes to the left of it
}

type hopView struct {
	Name                          string
	Depth                         int
	Background                    bool
	Moment                        bool // it takes no time
	Start, Wait, Service, Network string
	Ended                         string
	Says                          []toned
	barView                       // when it was there
	Spells                        []barView
}

// barView is a piece of the time axis.
type barView struct {
	Left, Width          string
	What                 string // wait, service or network
	Says, From, To, Long string
}

// toned is a text with the name of its tone.
type toned struct{ Text, Tone string }

var toneNames = map[tone]string{strong: "strong", quiet: "quiet", good: "good", bad: "bad", warning: "warning"}

func tonedOf(p phrase) []toned {
	var all []toned
	for _, s := range p.unbroken() {
		all = append(all, toned{s.text, toneNames[s.tone]})
	}
	return all
}

// traceHTML writes a page that needs nothing beside itself.
func traceHTML(w io.Writer, t *experiments.Traces) error {
	p := tracePage(t, Style{}, "")
	v := tracesView{Title: p.title, Said: p.lead[0].text.String(), Command: t.Command, Version: t.Version}
	for _, r := range t.Requests {
		v.Requests = append(v.Requests, viewOf(r))
	}
	var out bytes.Buffer
	if err := tracePageHTML.Execute(&out, v); err != nil {
		return fmt.Errorf("writing the traces as HTML: %w", err)
	}
	_, err := w.Write(out.Bytes())
	return err
}

func viewOf(r experiments.TracedRequest) requestView {
	v := requestView{Number: r.Request, Class: clean(r.Class), Latency: seconds(r.Latency), Outcome: tonedOf(outcome(r.Outcome))[0], Says: tonedOf(becameOf(r))}
	last := float64(lastMoment(r))
	if last == 0 {
		last = 1 // all of it happens at once, at the left end
	} else {
		v.Ticks = ticksOf(last)
	}
	if r.Latency.Known() && float64(r.Latency) < last && lastMoment(r) > 0 {
		v.Answer = percent(float64(r.Latency) / last)
	}
	for _, h := range r.Hops {
		v.Network = v.Network || h.Network > 0
		v.Hops = append(v.Hops, hopOf(h, last))
	}
	return v
}

func hopOf(h experiments.Hop, last float64) hopView {
	v := hopView{
		Name: hopName(h), Depth: h.Depth, Background: h.Background, Start: seconds(h.Start), Wait: duration(h.Wait).String(), Service: duration(h.Service).String(),
		Network: duration(h.Network).String(), Says: tonedOf(result(h, false)), Ended: "goes on",
	}
	end := h.End
	if end.Known() {
		v.Ended = seconds(end)
	} else {
		end = experiments.Num(last)
	}
	v.barView, v.Moment = barOf(h.Start, end, last), end == h.Start
	for _, s := range h.Spells {
		b := barOf(s.Start, s.End, last)
		b.What, b.Says = s.What, clean(spellName(s))
		v.Spells = append(v.Spells, b)
	}
	return v
}

func barOf(from, to experiments.Num, last float64) barView {
	return barView{Left: percent(float64(from) / last), Width: percent(float64(to-from) / last), From: seconds(from), To: seconds(to), Long: seconds(to - from)}
}

// percent is a share as CSS wants it.
func percent(share float64) string { return fmt.Sprintf("%.3f%%", 100*share) }

// ticksOf are round times on an axis, four or so.
func ticksOf(last float64) []tickView {
	step := math.Pow(10, math.Floor(math.Log10(last)))
	for _, k := range []float64{.1, .2, .5, 1} {
		if last/(k*step) <= 5 {
			step *= k
			break
		}
	}
	var ticks []tickView
	for k := 0; float64(k)*step <= last; k++ {
		ticks = append(ticks, tickView{percent(float64(k) * step / last), units.FormatSeconds(float64(k) * step), float64(k)*step > .95*last})
	}
	return ticks
}

// becameOf says where a request came from and what became of it.
func becameOf(r experiments.TracedRequest) phrase {
	came := "from " + clean(r.Source)
	if r.Class != "request" {
		came = clean(r.Class) + " " + came
	}
	return say(fmt.Sprintf("%s, %s into the measured time: ", came, seconds(r.Arrived))).and(ended(r))
}
