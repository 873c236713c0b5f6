package remedies

import (
	"fmt"
	"math"
	"strings"
	"time"

	"headroom/internal/units"
	"headroom/scenarios"
)

// rounded writes a time with three digits.
func rounded(seconds float64) string {
	d := time.Duration(seconds * 1e9)
	for unit := time.Duration(1); ; unit *= 10 {
		if d < 1000*unit {
			return strings.ReplaceAll(d.Round(unit).String(), "µ", "u")
		}
	}
}

// external tells whether the node that limits, or is waited for by what limits, is a service of someone else.
func (v *view) external() bool { return v.node.Kind == "external" }

// callsLater proposes that nobody waits for calls of a service of someone else.
func callsLater(v *view) []Family {
	if v.external() || v.of.Class == "distance" {
		return v.later(calls(v.sites(v.of.Node)), "calls")
	}
	return v.beyond(callsLater)
}

// beyond looks at the externals that the node which limits waits for.
func (v *view) beyond(propose entry) []Family {
	var all []Family
	for _, r := range v.node.Calls(v.path) {
		to, ok := v.l.Nodes.Get(r.Name)
		if !ok || to.Kind != "external" || !r.Asks {
			continue
		}
		of := Suspect{Node: r.Name, Class: "external", Resource: "latency", Demand: math.NaN(), Calls: v.of.Calls, P50: math.NaN(), P90: math.NaN(), P95: math.NaN(), Mean: math.NaN()}
		if next := newView(v.l, v.seen(of)); next != nil {
			all = append(all, propose(next)...)
		}
	}
	return all
}

// seen fills in the times of another node, as far as its keys tell them.
func (v *view) seen(of Suspect) Suspect {
	if m := v.meanOf(of.Node); m > 0 {
		of.Mean, of.P50, of.P90, of.P95 = m, m, 2*m, 3*m
	}
	return of
}

// calls are the sites that call, and neither read nor write.
func calls(all []site) []site {
	var some []site
	for _, s := range all {
		if s.op == "call" {
			some = append(some, s)
		}
	}
	return some
}

// retried proposes that what fails is tried again.
func retried(v *view) []Family {
	if !v.external() || v.of.Resource != "failures" {
		return nil
	}
	var sizes []Proposal
	for n := 2; n <= 4; n++ {
		change, ok := v.with(v.sites(v.of.Node), [2]string{"retry", fmt.Sprintf("{attempts: %d, budget: 20%%}", n)})
		if !ok {
			return nil
		}
		sizes = append(sizes, Proposal{Kind: "retry", Title: title("%s: up to %d attempts (budget 20%%)", v.of.Node, n), Change: change})
	}
	return []Family{{Kind: "retry", Sizes: sizes}}
}

// hedged proposes a second copy of calls that take long.
func hedged(v *view) []Family {
	if !v.external() || v.of.Resource != "latency" {
		return nil
	}
	var sizes []Proposal
	for _, k := range []struct {
		name  string
		after float64
	}{{"p95", v.of.P95}, {"p90", v.of.P90}, {"p50", v.of.P50}} {
		if !(k.after > 0) {
			continue
		}
		if change, ok := v.with(v.sites(v.of.Node), [2]string{"hedge", "{after: " + rounded(k.after) + "}"}); ok {
			sizes = append(sizes, Proposal{Kind: "hedge", Title: title("%s: a second copy after %s (its %s)", v.of.Node, rounded(k.after), k.name), Change: change})
		}
	}
	if len(sizes) == 0 {
		return nil
	}
	return []Family{{Kind: "hedge", Sizes: sizes}}
}

// fallback proposes to answer without what a service of someone else says, where it fails or takes long.
func fallback(v *view) []Family {
	if !v.external() {
		return v.beyond(fallback)
	}
	var sizes []Proposal
	add := func(said string, keys ...[2]string) {
		if change, ok := v.with(v.sites(v.of.Node), append(keys, [2]string{"or_else", "[]"})...); ok {
			sizes = append(sizes, Proposal{Kind: "fallback", Title: title("%s: %s", v.of.Node, said), Change: change,
				Assumes: "An answer without what " + v.of.Node + " says is taken to be good enough."})
		}
	}
	if v.of.Resource == "failures" || v.of.Resource == "limit" {
		add("answers without it where it fails")
	} else {
		for _, after := range []float64{v.of.P95, v.of.P90, v.of.P50, v.of.P50 / 2} {
			if after > 0 {
				add("answers without it after "+rounded(after), [2]string{"timeout", rounded(after)})
			}
		}
	}
	if len(sizes) == 0 {
		return nil
	}
	return []Family{{Kind: "fallback", Sizes: sizes}}
}

// retrying lists the paths of the calls and sources whose retries may come to the node that limits, with what is under `retry` there.
func (v *view) retrying() (paths []string) {
	for _, s := range v.sites(v.of.Node) {
		if v.doc.Given(s.path + ".retry") {
			paths = append(paths, s.path)
		}
	}
	if len(paths) > 0 {
		return paths
	}
	for _, t := range v.l.Traffic {
		if t.Value.Retry != nil {
			paths = append(paths, "traffic."+t.Key)
		}
	}
	for _, n := range v.l.Nodes {
		for _, other := range v.l.Nodes {
			for _, s := range v.sites(other.Key) {
				if s.caller == n.Key && v.doc.Given(s.path+".retry") {
					paths = append(paths, s.path)
				}
			}
		}
	}
	return paths
}

// atAll makes a family of one size: the same key at all calls that are tried again.
func (v *view) atAll(kind, said, key, value string, steps bool) []Family {
	var change []scenarios.Change
	for _, path := range v.retrying() {
		if steps && strings.HasPrefix(path, "traffic.") {
			return nil
		}
		if v.doc.Given(path+"."+key) && key != "retry.attempts" {
			return nil
		}
		change = append(change, scenarios.Change{Path: path + "." + key, Value: value})
	}
	if len(change) == 0 {
		return nil
	}
	return single(Proposal{Kind: kind, Title: v.of.Node + ": " + said, Change: change})
}

// budget proposes a bound of what is tried again.
func budget(v *view) []Family {
	return v.atAll("budget", "a retry budget of 10%", "retry.budget", "10%", false)
}

// noRetries proposes that nothing is tried twice.
func noRetries(v *view) []Family {
	var change []scenarios.Change
	for _, path := range v.retrying() {
		if at := v.doc.At(path + ".timeout"); at != nil {
			change = append(change, scenarios.Change{Path: path + ".timeout", Value: at.Text(), Replaces: path + ".retry"})
		}
	}
	if len(change) == 0 {
		return nil
	}
	return single(Proposal{Kind: "retry", Title: v.of.Node + ": nothing is tried twice", Change: change})
}

// cancelled proposes that calls which are given up leave the queues.
func cancelled(v *view) []Family {
	return v.atAll("cancel", "calls that are given up leave the queue", "cancel", "queued", false)
}

// breaker proposes to stop calling what fails.
func breaker(v *view) []Family {
	return v.atAll("breaker", "a breaker (50% failures in 5s)", "breaker", "{failures: 50%, window: 5s, open: 1s}", true)
}

// dropped proposes that what has waited for longer than its caller does is not begun.
func dropped(v *view) []Family {
	if v.machine() == nil || v.doc.Given(v.path+".drop_after") {
		return nil
	}
	for _, path := range v.retrying() {
		at := v.doc.At(path + ".timeout")
		var timeout units.Duration
		if at == nil || timeout.UnmarshalText([]byte(at.Text())) != nil {
			continue
		}
		after := rounded(.9 * timeout.Seconds())
		return single(Proposal{Kind: "drop", Title: title("%s: drops what has waited for %s", v.of.Node, after), Change: []scenarios.Change{v.set("drop_after", after)}})
	}
	return nil
}

// patience proposes longer timeouts: an answer that is waited for need not be made twice.
func patience(v *view) []Family {
	var sizes []Proposal
	for _, t := range []float64{2, 3, 5, 10, 20, 50} {
		var change []scenarios.Change
		var said string
		for _, path := range v.retrying() {
			at := v.doc.At(path + ".timeout")
			var timeout units.Duration
			if at == nil || timeout.UnmarshalText([]byte(at.Text())) != nil {
				continue
			}
			said = title("%s: timeout %s → %s", v.of.Node, timeout, rounded(t*timeout.Seconds()))
			change = append(change, scenarios.Change{Path: path + ".timeout", Value: rounded(t * timeout.Seconds())})
		}
		if len(change) == 0 {
			return nil
		}
		sizes = append(sizes, Proposal{Kind: "timeout", Title: said, Change: change})
	}
	return steps(sizes)
}
