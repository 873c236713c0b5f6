package experiments_test

import "cmp"

func init() {
	bases["slowed down"] = ofRun + `
traffic: {u: {enters: m, rate: 75/s}}
nodes: {m: {kind: server, cores: 1, work: exp(5ms)}}
events: [{at: 10s, slow: m, factor: 2x, for: 10s}]`
	bases["pausing"] = ofRun + `
traffic: {u: {enters: m, rate: 75/s}}
nodes: {m: {kind: server, cores: 1, work: exp(5ms), pauses: {every: exp(2s), for: 200ms}}}`
	bases["filled"] = `
run: {duration: 20s, replications: 2}
data: {items: {keys: 1k}}
requests: {request: {data: items}}
traffic: {u: {enters: c, rate: 200/s}}
nodes: {c: {kind: cache, mode: through, entries: 800, origin: x}, x: {kind: external, latency: 1ms}}`
}

// eventKnobs turn what events do, but for those that let instances die or change their number.
func eventKnobs() []knob {
	all := []knob{
		{"event.slow", "server", "events=[{at: 5s, slow: m, factor: 1.2x}]", "mean", up, ""},
		{"event.slow", "calls", "events=[{at: 5s, slow: m, factor: 3x}]; nodes.m.work=0s", "", 0, "takes time that it could make longer"},
		{"event.factor", "slowed down", "events.0.factor=4x", "mean", up, ""},
		{"event.factor", "slowed down", "events.0.factor=0.5x", "mean", down, ""},
		{"event.factor", "slowed down", "events.0.factor=1x", "", 0, "`factor: 1x` has no effect"},
		{"event.factor", "deadly", "events.0.factor=2x", "", 0, "`factor` is a key of slow and surge"},
		{"event.factor", "station", "events=[{at: 5s, surge: u, factor: 1.2x}]", "offered", up, ""},
		{"event.surge", "station", "events=[{at: 5s, surge: u, factor: 0.5x}]", "offered", down, ""},
		{"event.surge", "users", "events=[{at: 5s, surge: u, factor: 2x}]", "", 0, "users who wait for their answers have none"},
		{"event.flush", "filled", "events=[{at: 5s, flush: c}]", "hits", down, ""},
		{"event.flush", "ratio", "events=[{at: 5s, flush: c}]", "", 0, "`flush` has no effect"},
		{"event.pause", "server", "events=[{at: 5s, pause: m, for: 5s}]", "mean", up, ""},
		{"event.pause", "failing jobs", "events=[{at: 5s, pause: m, for: 5s}]", "done", up, ""},
		{"event.partition", "two places", "run={duration: 20s}; events=[{at: 5s, partition: [us, eu], for: 10s}]", "goodput", down, ""},
		{"event.partition", "near and far", "run={duration: 20s}; events=[{at: 5s, partition: [us, eu], for: 10s}]", "goodput", down, ""},
		{"pauses.every", "pausing", "nodes.m.pauses.every=exp(500ms)", "mean", up, ""},
		{"pauses.for", "pausing", "nodes.m.pauses.for=50ms", "mean", down, ""},
	}
	for kind, base := range map[string]string{
		"server": "server", "database": "database", "load-balancer": "balancer", "cache": "cache", "rate-limiter": "limiter", "worker": "worker", "cdn": "cdn",
	} {
		figure := map[string]string{"worker": "done"}[kind]
		all = append(all, knob{kind + ".pauses", base, "nodes.m.pauses={every: exp(400ms), for: 50ms}", cmp.Or(figure, "mean"), up, ""})
	}
	return all
}
