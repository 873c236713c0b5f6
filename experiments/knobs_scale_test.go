package experiments_test

import (
	"fmt"

	"headroom/experiments"
)

func init() {
	bases["scaling"] = `
run: {warmup: 0s, replications: 2}
traffic: {u: {enters: lb, stages: [{for: 10s, rate: 100/s}, {for: 30s, rate: 600/s}, {for: 40s, rate: 100/s}]}}
nodes: {lb: {kind: load-balancer, algorithm: least-connections, to: m}, m: {kind: server, cores: 1, work: exp(5ms), price: $1/h, autoscale: {min: 2, max: 9, every: 2s, boot: 4s, cooldown: 10s}}}`
	bases["scaling hands"] = `
run: {warmup: 0s, duration: 60s, replications: 2}
traffic: {u: {enters: q, rate: 75/s}}
nodes: {q: {kind: queue, to: m}, m: {kind: worker, cores: 1, work: exp(20ms), price: $1/h, autoscale: {max: 9, target: queue 10, every: 2s, boot: 4s}}}`
	bases["function"] = ofRun + `
traffic: {u: {enters: m, rate: 20/s}}
nodes: {m: {kind: function, cores: 1, cold_start: exp(200ms), keep_alive: 1s, work: exp(100ms), memory: 1GB, price: $0.20/M, price_per_second: $0.00002/GB-s}, x: {kind: external, latency: 100ms}}`
	bases["parallel function"] = ofRun + `
traffic: {u: {enters: m, rate: 20/s}}
nodes: {m: {kind: function, handles: {default: [parallel: [[cpu: exp(50ms)], [cpu: exp(50ms)]]]}}}`
	bases["function in us"] = ofRun + `
regions: {rtt: {us: {eu: 80ms}}}
traffic: {u: {enters: m, rate: 20/s, regions: {us: 100%}}}
nodes: {m: {kind: function, region: us, work: exp(100ms)}}`
	figures["cold starts"] = func(r *experiments.Result) measured { return within4(r.Nodes["m"].ColdStarts.Count) }
	figures["instances"] = func(r *experiments.Result) measured { return exactly(r.Nodes["m"].Scaled.Mean) }
	figures["most instances"] = func(r *experiments.Result) measured { return exactly(experiments.Num(r.Nodes["m"].Scaled.Max)) }
}

// scaleKnobs turn how instances follow the load.
func scaleKnobs() []knob {
	all := []knob{
		{"autoscale.min", "scaling", "nodes.m.autoscale.min=4", "instances", up, ""},
		{"autoscale.min", "scaling", "nodes.m.autoscale.min=9", "", 0, "`autoscale` has no effect: `min` and `max` are the same"},
		{"autoscale.max", "scaling", "nodes.m.autoscale.max=4", "most instances", down, ""},
		{"autoscale.max", "scaling", "nodes.m.autoscale.max=1", "", 0, "`min` not above `max`"},
		{"autoscale.target", "scaling", "nodes.m.autoscale.target=cpu 90%", "instances", down, ""},
		{"autoscale.target", "scaling", "nodes.m.autoscale.target=queue 1000", "instances", down, ""},
		{"autoscale.target", "scaling", "nodes.m.autoscale.target=in-flight 1", "instances", up, ""},
		{"autoscale.target", "scaling", "nodes.m.autoscale.target=gpu 60%", "", 0, "is no target"},
		{"autoscale.target", "scaling", "nodes.m.cores=unlimited", "", 0, "has no utilization"},
		{"autoscale.target", "scaling", "nodes.m.cores=unlimited; nodes.m.autoscale.target=queue 5", "", 0, "nothing waits at `m`"},
		{"autoscale.every", "scaling", "nodes.m.autoscale.every=10s", "mean", up, ""},
		{"autoscale.boot", "scaling", "nodes.m.autoscale.boot=0s", "mean", down, ""},
		{"autoscale.cooldown", "scaling", "nodes.m.autoscale.cooldown=0s", "instances", down, ""},
		{"server.autoscale", "scaling", "nodes.m.autoscale={max: 2}", "mean", up, ""},
		{"server.autoscale", "scaling", "nodes.m.instances=8", "instances", up, ""},
		{"server.autoscale", "scaling", "nodes.m.instances=12", "", 0, "at the start must be from 2 to 9"},
		{"server.autoscale", "scaling", "events=[{at: 1s, resize: m, instances: 3}]", "", 0, "no event sets their number"},
		{"worker.autoscale", "scaling hands", "nodes.m.autoscale.max=2", "most instances", down, ""},
		{"load-balancer.autoscale", "balancer", "nodes.m.autoscale={max: 4}; nodes.m.instances=3", "mean", down, ""},
		{"cache.autoscale", "cache", "nodes.m.autoscale={max: 4}; nodes.m.instances=3", "mean", down, ""},
	}
	all = append(all, functionKnobs()...)
	for _, kind := range []string{"database", "rate-limiter", "cdn"} {
		base := map[string]string{"database": "database", "rate-limiter": "limiter", "cdn": "edges"}[kind]
		all = append(all, knob{kind + ".autoscale", base, "nodes.m.autoscale={max: 4}", "", 0, fmt.Sprintf("a node of kind %s has no `autoscale`", kind)})
	}
	return all
}

// functionKnobs turn what a function has.
func functionKnobs() []knob {
	return []knob{
		{"function.cores", "parallel function", "nodes.m.cores=2", "mean", down, ""},
		{"function.speed", "function", "nodes.m.speed=2", "mean", down, ""},
		{"function.work", "function", "nodes.m.work=exp(200ms)", "mean", up, ""},
		{"function.calls", "function", "nodes.m.calls=[x]", "mean", up, ""},
		{"function.handles", "parallel function", "nodes.m.handles={default: [delay: 200ms]}", "mean", up, ""},
		{"function.handles", "function", "nodes.m.handles={default: [delay: 200ms]}", "", 0, "are the short form of `handles`"},
		{"function.cold_start", "function", "nodes.m.cold_start=exp(2s)", "mean", up, ""},
		{"function.keep_alive", "function", "nodes.m.keep_alive=1m", "cold starts", down, ""},
		{"function.keep_alive", "function", "nodes.m.keep_alive=0s", "mean", up, ""},
		{"function.limit", "function", "nodes.m.limit=2", "goodput", down, ""},
		{"function.limit", "function", "nodes.m.limit=unlimited", "", 0, "`limit` must be from 1"},
		{"function.memory", "function", "nodes.m.memory=2GB", "cost", up, ""},
		{"function.memory", "function", "nodes.m.price_per_second=$0.00002/s", "", 0, "`memory` has no effect"},
		{"function.price", "function", "nodes.m.price=$2/M", "cost", up, ""},
		{"function.price", "function", "nodes.m.price=$2/h", "", 0, "a function costs by the request"},
		{"function.price_per_second", "function", "nodes.m.price_per_second=$0.001/s", "cost", up, ""},
		{"function.price_per_second", "function", "nodes.m.price_per_second=$0.1/h", "", 0, "must be a price such as $0.00003/s"},
		{"function.kind", "function", "nodes.m={kind: function, work: exp(100ms)}", "cold starts", down, ""},
		{"function.instances", "function", "nodes.m.instances=2", "", 0, "a function has no `instances`"},
		{"function.place", "function in us", "nodes.m={kind: function, place: {us: 1}}", "", 0, "a function has no `place`"},
		{"function.region", "function in us", "nodes.m.region=eu", "mean", up, ""},
		{"function.rtt", "function", "nodes.m.rtt=50ms", "mean", up, ""},
		{"function.bandwidth", "function", "nodes.m.bandwidth=1Gbps", "", 0, "a function has no `bandwidth`"},
		{"server.price", "server", "nodes.m.price=$1/GB-s", "", 0, "only functions have a price per second"},
	}
}
