package models

import (
	"headroom/internal/units"
	"headroom/sim"
)

// External is a service of someone else: it takes its time, and fails now and then.
type External struct {
	Common
	Latency  Time        `key:"latency" default:"0s" doc:"from the call to the answer"`
	Failures units.Share `key:"failures" default:"0%" doc:"share of calls that fail"`
	Limit    *units.Rate `key:"limit" doc:"calls per second that it allows, a second's worth at once; more are refused as rate_limited"`
}

// Describe says what is being read, for errors.
func (*External) Describe() string { return "external" }

// Check implements Component.
func (e *External) Check(c *Check, path string) {
	e.check(c, path)
	if c.Given(path + ".instances") {
		c.Warnf(path+".instances", "`instances` has no effect: nothing waits at an external service")
	}
	if e.Limit != nil && *e.Limit <= 0 {
		c.Errorf(path+".limit", "`limit` must be above 0")
	}
}

// Calls implements Component.
func (*External) Calls(string) []Reference { return nil }

type external struct {
	sim      *sim.Sim
	handler  uint32
	latency  sim.Dist
	failures float64
	part     int32
	slower   float64 // how many times as long it takes as usual
	limit    *Limit  // nil: none
	bucket   tokenBucket
	full     fullAt
	heeded   bool // callers that are refused look when they may come again
}

// Build implements Component.
func (e *External) Build(b *Builder, name string) sim.Node {
	x := &external{
		sim: b.Sim, latency: e.Latency.Dist, failures: float64(e.Failures), slower: 1, part: b.Part(name, "", "service"), heeded: b.a.retries(),
	}
	x.handler = b.Sim.Handle(x)
	if e.Limit != nil {
		x.limit = b.limit(name, float64(*e.Limit))
		x.bucket = newTokenBucket(float64(*e.Limit), max(float64(*e.Limit), 1))
	}
	return x
}

// Enter implements sim.Node.
func (x *external) Enter(c *sim.Call) {
	if x.limit != nil {
		_, ok := x.bucket.admit(&x.full, x.sim.Now())
		if x.sim.Traced(c) {
			most, _ := x.bucket.left(new(fullAt), 0)
			remaining, reset := x.bucket.left(&x.full, x.sim.Now())
			noteLimit(x.sim, c, most, remaining, reset)
		}
		if !ok {
			x.limit.Refused++
			if x.heeded {
				_, reset := x.bucket.left(&x.full, x.sim.Now())
				x.sim.ComeAgain(c, x.sim.Now()+reset)
			}
			x.sim.Finish(c, sim.RateLimited)
			return
		}
		x.limit.Admitted++
	}
	d := sim.Nanoseconds(x.latency.Draw(&c.Rand))
	if x.slower != 1 {
		d = sim.Nanoseconds(float64(d) * x.slower)
	}
	x.sim.SpendNext(c, x.part, d)
	if x.latency.Constant() {
		x.sim.AfterConstant(c, x.handler, d)
		return
	}
	x.sim.After(c, x.handler, d)
}

// Fire implements sim.Handler: the answer is there.
func (x *external) Fire(c *sim.Call) {
	if x.failures > 0 && c.Rand.Float64() < x.failures {
		x.sim.Finish(c, sim.Failed)
		return
	}
	x.sim.Finish(c, sim.OK)
}

// Resume implements sim.Node; nothing here waits.
func (x *external) Resume(c *sim.Call) { x.Fire(c) }

// Explain implements Component.
func (*External) Explain() Explanation {
	return Explanation{
		About: "A service of someone else. It answers after its latency, whatever the load, fails now and then, and may allow only so many calls per second: " +
			"more are refused at once as `rate_limited`.",
		Laws: []string{"Nobody waits for another here: calls under way = calls per second × latency (M/G/∞; Little, 1961)."},
		Example: `
traffic: {users: {enters: api, rate: 100/s}}
nodes:
  api: {kind: server, cores: 4, handles: {default: [cpu: exp(2ms), call: payments]}}
  payments:
    kind: external
    latency: lognormal(p50=120ms p99=350ms)
    failures: 0.1%
    limit: 150/s
`,
	}
}
