package experiments_test

import (
	"strings"

	"headroom/experiments"
)

func init() {
	failing := func(step string) string {
		return ofRun + "traffic: {u: {enters: m, rate: 75/s}}\nnodes: {m: {kind: server, handles: {default: [{call: x" + step + "}]}}, x: {kind: external, latency: exp(10ms), failures: 60%}}"
	}
	bases["failing"] = failing("")
	bases["retrying"] = failing(", retry: {attempts: 3, backoff: 20ms}")
	bases["breaking"] = failing(", breaker: {failures: 50%, window: 10s, open: 500ms}")
	bases["breaking in a row"] = failing(", breaker: {consecutive: 3, open: 500ms}")
	bases["hedging"] = failing(", hedge: {after: 20ms}")
	bases["giving up"] = ofRun + "traffic: {u: {enters: m, rate: 95/s}}\nnodes: {m: {kind: server, handles: {default: [{call: x, timeout: 50ms}]}}, x: {kind: station, service: exp(10ms)}}"
	bases["impatient"] = ofRun + "traffic: {u: {enters: m, rate: 95/s, timeout: 50ms}}\nnodes: {m: {kind: station, service: exp(10ms)}}"
	bases["insisting"] = ofRun + "traffic: {u: {enters: m, rate: 75/s, retry: {attempts: 3, backoff: 20ms}}}\nnodes: {m: {kind: external, latency: exp(10ms), failures: 60%}}"
	bases["unsure"] = ofRun + "traffic: {u: {enters: m, rate: 75/s, hedge: {after: 20ms}}}\nnodes: {m: {kind: external, latency: exp(10ms)}}"
	figures["tries"] = func(r *experiments.Result) measured { return within4(r.Attempts.Total) }
	figures["late"] = func(r *experiments.Result) measured { return within4(r.Attempts.Wasted) }
}

// callKnobs turn what is done about calls that fail or take too long: by steps, and by the clients of a source.
func callKnobs() []knob {
	all := []knob{
		{"step.timeout", "failing", "STEP.timeout=10ms", "goodput", down, ""},
		{"step.timeout", "failing", "STEP.timeout=0s", "", 0, "must be above 0"},
		{"step.timeout", "serial", "nodes.m.handles.default.0.timeout=10ms", "", 0, "`timeout` goes with"},
		{"step.retry", "failing", "STEP.retry={attempts: 2}", "goodput", up, ""},
		{"step.breaker", "failing", "STEP.breaker={failures: 50%}", "goodput", down, ""},
		{"step.hedge", "failing", "STEP.hedge={after: 5ms}", "goodput", up, ""},
		{"step.hedge", "failing", "STEP.hedge={after: 5ms}; STEP.timeout=5ms", "", 0, "`hedge` has no effect"},
		{"step.cancel=none", "giving up", "STEP.cancel=none", "goodput", same, ""},
		{"step.cancel=queued", "giving up", "STEP.cancel=queued", "goodput", up, ""},
		{"step.cancel=all", "giving up", "STEP.cancel=all", "late", down, ""},
		{"step.cancel", "failing", "STEP.cancel=all", "", 0, "nothing is given up"},
		{"step.or_else", "failing", "STEP.or_else=[]", "goodput", up, ""},
		{"step.or_else", "failing", "STEP.or_else=[delay: 100ms]", "mean", up, ""},
		{"source.timeout", "external", "traffic.u.timeout=10ms", "goodput", down, ""},
		{"source.retry", "failing", "traffic.u.retry={attempts: 2}", "goodput", up, ""},
		{"source.hedge", "external", "traffic.u.hedge={after: 5ms}", "mean", down, ""},
		{"source.cancel=none", "impatient", "traffic.u.cancel=none", "goodput", same, ""},
		{"source.cancel=queued", "impatient", "traffic.u.cancel=queued", "goodput", up, ""},
		{"source.cancel=all", "impatient", "traffic.u.cancel=all", "late", down, ""},
		{"source.cancel", "external", "traffic.u.cancel=all", "", 0, "nothing is given up"},
		{"breaker.failures", "breaking", "STEP.breaker.failures=90%", "tries", up, ""},
		{"breaker.window", "breaking", "STEP.breaker.window=100ms", "tries", up, ""},
		{"breaker.window", "breaking in a row", "STEP.breaker.window=5s", "", 0, "failures in a row are counted"},
		{"breaker.consecutive", "breaking in a row", "STEP.breaker.consecutive=20", "tries", up, ""},
		{"breaker.consecutive", "breaking", "STEP.breaker.consecutive=20", "", 0, "give one of the two"},
		{"breaker.open", "breaking", "STEP.breaker.open=5s", "tries", down, ""},
		{"breaker.open", "breaking in a row", "STEP.breaker.open=5s", "tries", down, ""},
	}
	for _, k := range []knob{
		{"retry.attempts", "", "RETRY.attempts=6", "goodput", up, ""},
		{"retry.attempts", "", "RETRY.attempts=2", "tries", down, ""},
		{"retry.attempts", "", "RETRY.attempts=1", "", 0, "`retry` has no effect"},
		{"retry.backoff", "", "RETRY.backoff=100ms", "mean", up, ""},
		{"retry.backoff", "", "RETRY.backoff=0s; RETRY.jitter=full", "", 0, "there is no `backoff`"},
		{"retry.jitter=none", "", "RETRY.jitter=none", "mean", same, ""},
		{"retry.jitter=full", "", "RETRY.jitter=full", "mean", down, ""},
		{"retry.jitter=equal", "", "RETRY.jitter=equal", "mean", down, ""},
		{"retry.budget", "", "RETRY.budget=20%", "tries", down, ""},
		{"hedge.after", "", "HEDGE.after=5ms", "tries", up, ""},
		{"hedge.after", "", "HEDGE.after=100ms", "tries", down, ""},
	} {
		step, source := k, k
		if step.base, source.base = "retrying", "insisting"; strings.HasPrefix(k.key, "hedge") {
			step.base, source.base = "hedging", "unsure"
		}
		source.changes = strings.NewReplacer("RETRY", "traffic.u.retry", "HEDGE", "traffic.u.hedge").Replace(k.changes)
		step.changes = strings.NewReplacer("RETRY", "STEP.retry", "HEDGE", "STEP.hedge").Replace(k.changes)
		all = append(all, step, source)
	}
	for i := range all {
		all[i].changes = strings.ReplaceAll(all[i].changes, "STEP", "nodes.m.handles.default.0")
	}
	return all
}
