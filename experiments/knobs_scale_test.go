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
	for _, kind := range []string{"database", "rate-limiter", "cdn"} {
		base := map[string]string{"database": "database", "rate-limiter": "limiter", "cdn": "edges"}[kind]
		all = append(all, knob{kind + ".autoscale", base, "nodes.m.autoscale={max: 4}", "", 0, fmt.Sprintf("a node of kind %s has no `autoscale`", kind)})
	}
	return all
}
