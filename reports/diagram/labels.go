package diagram

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"headroom/experiments"
	"headroom/internal/strict"
	"headroom/internal/units"
	"headroom/models"
)

// source is a source of traffic as a node of the picture.
func source(name string, t *models.Traffic) Node {
	n := Node{Name: name, Kind: "source", Source: true, Count: 1, asked: t.Rate != nil || len(t.Stages) > 0}
	say := func(format string, args ...any) { n.Details = append(n.Details, fmt.Sprintf(format, args...)) }
	switch {
	case t.Rate != nil:
		say("%s", units.FormatRate(*t.Rate))
	case t.Users > 0:
		say("%s users", units.FormatCount(t.Users))
	case t.Batch != nil:
		say("%s every %s", units.FormatCount(t.Batch.Size), t.Batch.Every)
	case t.Replay != nil:
		say("a replay")
	case len(t.Stages) > 0:
		low, high := math.Inf(1), 0.0
		for _, s := range t.Stages {
			if s.Rate != nil {
				low, high = min(low, float64(*s.Rate)), max(high, float64(*s.Rate))
			} else if s.To != nil {
				low, high = min(low, float64(*s.To)), max(high, float64(*s.To))
			}
		}
		say("%s to %s", units.FormatRate(low), units.FormatRate(high))
	}
	if t.Clients > 0 {
		say("%s clients", units.FormatCount(t.Clients))
	}
	if len(t.Regions) > 0 {
		n.Details = append(n.Details, wrapped(shares(t.Regions), ", ", widest)...)
	}
	return n
}

// shares lists the shares of something: page 70%.
func shares(all strict.Ordered[units.Share]) []string {
	var words []string
	for _, s := range all {
		if s.Value > 0 {
			words = append(words, s.Key+" "+units.FormatShare(s.Value))
		}
	}
	return words
}

// mix lists the shares of the request classes of a source, where there are several.
func mix(t *models.Traffic, classes []string) []string {
	if len(classes) < 2 || len(t.Mix) == 0 {
		return nil
	}
	return shares(t.Mix)
}

// node is a node of the architecture as the picture shows it.
func node(name string, of models.Node, scales *models.Autoscale) Node {
	n := Node{Name: name, Kind: of.Kind, Count: of.Count()}
	var first []string
	if what := strings.ReplaceAll(of.Kind, "-", " "); what != name {
		first = append(first, what)
	}
	var more []string
	cores := func(c units.Count) {
		if !c.IsUnlimited() {
			first = append(first, plural(int(c), "core"))
			n.Resources = append(n.Resources, "cpu")
		}
	}
	contents := func(ratio *units.Share, entries *units.Count, memory *units.Size) {
		switch {
		case ratio != nil:
			more = append(more, units.FormatShare(*ratio)+" hits")
		case entries != nil:
			more = append(more, units.FormatCount(*entries)+" entries")
		case memory != nil:
			more = append(more, units.FormatSize(*memory))
		}
	}
	switch k := of.Component.(type) {
	case *models.Server:
		cores(k.Cores)
	case *models.Worker:
		cores(k.Cores)
	case *models.Function:
		more = append(more, "up to "+units.FormatCount(k.Limit)+" at once")
	case *models.Balancer:
		more = append(more, strings.ReplaceAll(k.Algorithm, "-", " "))
	case *models.RateLimiter:
		limit := fmt.Sprintf("%s per %s", units.FormatCount(k.Limit.Number), per(k.Limit.Unit))
		if k.Per != "all" {
			limit += " and " + k.Per
		}
		more = append(more, limit)
	case *models.Cache:
		contents(k.HitRatio, k.Entries, k.Memory)
	case *models.CDN:
		contents(k.HitRatio, k.Entries, k.Memory)
		if n.Count > 1 {
			more = append(more, "per edge")
		}
	case *models.Database:
		cores(k.Cores)
		if k.Shards > 1 {
			more = append(more, plural(int(k.Shards), "shard"))
		}
		if k.Replicas.Count > 0 {
			each := plural(int(k.Replicas.Count), "replica")
			if k.Shards > 1 {
				each += " each"
			}
			more = append(more, each)
		}
	case *models.Queue:
		if !k.Capacity.IsUnlimited() {
			more = append(more, "holds "+units.FormatCount(k.Capacity))
		}
	case *models.Station:
		if !k.Servers.IsUnlimited() {
			first = append(first, plural(int(k.Servers), "server"))
			n.Resources = append(n.Resources, "servers")
		}
	case *models.External:
		if k.Limit != nil {
			more = append(more, "allows "+units.FormatRate(*k.Limit))
		}
	}
	if len(first) > 0 {
		n.Details = append(n.Details, strings.Join(first, ", "))
	}
	if len(more) > 0 {
		n.Details = append(n.Details, wrapped(more, ", ", widest)...)
	}
	switch auto := of.Site().Auto; {
	case scales != nil:
		n.Details = append(n.Details, fmt.Sprintf("scales from %s to %s", units.FormatCount(scales.Min), units.FormatCount(scales.Max)))
	case auto > 0:
		n.Details = append(n.Details, "sized for "+units.FormatShare(auto))
	}
	if place := of.Site().Place; len(place) > 1 {
		var words []string
		for _, p := range place {
			words = append(words, p.Key+" "+strconv.Itoa(int(p.Value)))
		}
		n.Details = append(n.Details, wrapped(words, ", ", widest)...)
	}
	return n
}

func per(d units.Duration) string {
	switch d.Seconds() {
	case 1:
		return "second"
	case 60:
		return "minute"
	case 3600:
		return "hour"
	}
	return d.String()
}

func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return units.FormatCount(units.Count(n)) + " " + one + "s"
}

// often says how many calls follow from a request: ×3, 10%, ×1 to ×3; nothing for one, or where that is not known.
func often(least, most float64) string {
	const off = 1e-6
	switch {
	case math.IsNaN(least) || math.IsInf(least, 0) || math.Abs(least-1) < off && math.Abs(most-1) < off:
		return ""
	case most-least < off*most:
		return times(most)
	}
	return times(least) + " to " + times(most)
}

func times(n float64) string {
	if n < 1-1e-6 {
		return units.FormatShare(n)
	}
	return "×" + units.FormatCount(n)
}

// percent writes a utilization, to a tenth of a percent.
func percent(u float64) string {
	if tenths := math.Round(u * 1000); tenths > 0 || u <= 0 {
		return units.FormatShare(tenths / 1000)
	}
	return "<0.1%"
}

// widestPercent is as wide as one can be.
const widestPercent = "99.9%"

// loadOf says what load a result is of.
func loadOf(r *experiments.Result) string {
	text := "at " + units.FormatRate(float64(r.Load.Offered))
	if !r.Load.Offered.Known() {
		text = ""
	}
	if r.Saturated {
		text += ", saturated"
	}
	return text
}

// Label returns the lines that stand at an edge: how much flows, what it is, and of which request classes.
func (e *Edge) Label() []string {
	var words []string
	if !math.IsNaN(e.Rate) {
		words = append(words, units.FormatRate(e.Rate))
	}
	if what := e.what(); what != "" {
		words = append(words, what)
	}
	if e.Often != "" {
		words = append(words, e.Often)
	}
	var lines []string
	if len(words) > 0 {
		lines = append(lines, strings.Join(words, " "))
	}
	switch {
	case len(e.Classes) == 0:
		return []string{"unused"}
	case len(e.Mix) > 0:
		lines = append(lines, short(e.Mix)...)
	case !e.All:
		lines = append(lines, short(e.Classes)...)
	}
	return lines
}

// what names what is asked for on an edge.
func (e *Edge) what() string {
	plural := map[string]string{"read": "reads", "write": "writes", "publish": "publishes", "miss": "misses", "message": "messages", "dead letter": "dead letters"}
	var words []string
	for _, op := range e.Ops {
		if what := plural[op]; what != "" { // a call is what an arrow means
			words = append(words, what)
		}
	}
	text := strings.Join(words, ", ")
	if e.Else && len(e.Classes) > 0 && !slices.Contains(e.Ops, "dead letter") {
		return strings.TrimSpace(text + " instead")
	}
	return text
}

// mostLines is how many lines of names an edge has at most; the rest is counted.
const mostLines = 3

// short lists names in a few lines.
func short(names []string) []string {
	lines := wrapped(names, ", ", widest)
	for n := len(names) - 1; len(lines) > mostLines; n-- {
		lines = wrapped(append(append([]string{}, names[:n]...), fmt.Sprintf("%d more", len(names)-n)), ", ", widest)
	}
	return lines
}
