package experiments_test

func init() {
	bases["slowed down"] = ofRun + `
traffic: {u: {enters: m, rate: 75/s}}
nodes: {m: {kind: server, cores: 1, work: exp(5ms)}}
events: [{at: 10s, slow: m, factor: 2x, for: 10s}]`
}

// eventKnobs turn what events do, but for those that let instances die or change their number.
func eventKnobs() []knob {
	return []knob{
		{"event.slow", "server", "events=[{at: 5s, slow: m, factor: 1.2x}]", "mean", up, ""},
		{"event.slow", "calls", "events=[{at: 5s, slow: m, factor: 3x}]; nodes.m.work=0s", "", 0, "takes time that it could make longer"},
		{"event.factor", "slowed down", "events.0.factor=4x", "mean", up, ""},
		{"event.factor", "slowed down", "events.0.factor=0.5x", "mean", down, ""},
		{"event.factor", "slowed down", "events.0.factor=1x", "", 0, "`factor: 1x` has no effect"},
		{"event.factor", "deadly", "events.0.factor=2x", "", 0, "`factor` is a key of slow"},
		{"event.pause", "server", "events=[{at: 5s, pause: m, for: 5s}]", "mean", up, ""},
		{"event.pause", "failing jobs", "events=[{at: 5s, pause: m, for: 5s}]", "done", up, ""},
	}
}
