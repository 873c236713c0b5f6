package experiments_test

import "strings"

func init() {
	bases["near and far"] = ofRun + `
regions: {rtt: {us: {eu: 80ms}}, last_mile: 8ms, local_rtt: 1ms}
requests: {request: {request: 1KB, response: 100KB}}
traffic: {u: {enters: m, rate: 75/s, regions: {us: 50%, eu: 50%}}}
nodes: {m: {kind: server, region: us, work: exp(1ms), calls: [x]}, x: {kind: external, region: us, latency: 1ms}}`
	bases["two places"] = ofRun + `
regions: {rtt: {us: {eu: 80ms}}, last_mile: 8ms}
traffic: {u: {enters: m, rate: 75/s, regions: {us: 50%, eu: 50%}}}
nodes: {m: {kind: load-balancer, to: x}, x: {kind: server, place: {us: 1, eu: 1}, work: exp(1ms)}}`
	bases["edges"] = ofRun + `
regions: {rtt: {us: {eu: 80ms}}, last_mile: 8ms}
data: {items: {keys: 10k, popularity: zipf(1)}}
requests: {request: {data: items, response: 100KB}}
traffic: {u: {enters: m, rate: 200/s, regions: {us: 50%, eu: 50%}}}
nodes: {m: {kind: cdn, entries: 500, origin: api}, api: {kind: server, region: us, work: exp(1ms)}}`
}

// networked are nodes m of every kind, in a scenario whose requests carry bytes.
var networked = map[string]string{
	"station": "m: {kind: station, HERE}", "server": "m: {kind: server, HERE}", "database": "m: {kind: database, HERE}",
	"load-balancer": "m: {kind: load-balancer, to: x, HERE}, x: {kind: external, OTHER}", "external": "m: {kind: external, HERE}",
	"cache":        "m: {kind: cache, hit_ratio: 100%, origin: x, HERE}, x: {kind: external, OTHER}",
	"rate-limiter": "m: {kind: rate-limiter, limit: 1k/s, to: x, HERE}, x: {kind: external, OTHER}",
	"queue":        "m: {kind: queue, to: w, HERE}, w: {kind: worker, OTHER}", "worker": "q: {kind: queue, to: m, OTHER}, m: {kind: worker, HERE}",
	"cdn": "m: {kind: cdn, hit_ratio: 100%, origin: x, HERE}, x: {kind: external, OTHER}",
}

// networkKnobs turn where each kind is, how far it is, and how fast its transfers are.
func networkKnobs() []knob {
	all := []knob{
		{"scenario.regions", "near and far", "regions.rtt.us.eu=200ms", "mean", up, ""},
		{"regions.rtt", "near and far", "regions.rtt.us.eu=20ms", "mean", down, ""},
		{"regions.rtt", "near and far", "regions.rtt.us.eu=exp(80ms)", "p99", up, ""},
		{"regions.last_mile", "near and far", "regions.last_mile=50ms", "mean", up, ""},
		{"regions.local_rtt", "near and far", "regions.local_rtt=20ms", "mean", up, ""},
		{"source.regions", "near and far", "traffic.u.regions={eu: 100%}", "mean", up, ""},
		{"source.regions", "near and far", "traffic={u: {enters: m, rate: 75/s}}", "", 0, "a source must say where its clients are"},
		{"load-balancer.algorithm=nearest", "two places", "nodes.m.algorithm=nearest", "mean", down, ""},
		{"load-balancer.algorithm=nearest", "two places", "nodes.x.place={us: 2}; nodes.m.algorithm=nearest", "", 0, "all instances that it chooses from are in one place"},
		{"load-balancer.to", "two places", "nodes.m.to={x: 1, y: 2}; nodes.y={kind: server, region: us}; nodes.m.algorithm=nearest", "", 0, "weights have no effect with `algorithm: nearest`"},
		{"server.bandwidth", "server", "nodes.m.bandwidth=1Gbps", "", 0, "`bandwidth` has no effect"},
		{"load-balancer.algorithm=nearest", "balancer", "nodes.m.algorithm=nearest", "", 0, "`nearest` without `regions` is `round-robin`"},
		{"cdn.edges", "edges", "nodes.m.edges=[us]", "mean", up, ""},
		{"cdn.edges", "edges", "nodes.m.edges=[mars]", "", 0, "unknown region"},
		{"cdn.shield", "edges", "nodes.m.shield=us", "to api", down, ""},
		{"cdn.shield", "edges", "nodes.m.shield=mars", "", 0, "unknown region"},
		{"cdn.region", "edges", "nodes.m.region=us", "", 0, "it has no `region`"},
		{"cdn.place", "edges", "nodes.m.place={us: 1}", "", 0, "it has no `place`"},
	}
	for kind, nodes := range networked {
		enters, figure := "m", "mean"
		if kind == "worker" {
			enters, figure = "q", "done"
		}
		if kind == "queue" {
			figure = "done"
		}
		base := ofRun + "requests: {request: {request: 1KB, response: 1KB}}\ntraffic: {u: {enters: " + enters + ", rate: 75/s, FROM}}\nnodes: {" + nodes + "}"
		bases[kind+" at once"] = strings.NewReplacer(", HERE", "", ", OTHER", "", ", FROM", "").Replace(base)
		bases[kind+" in us"] = "regions: {rtt: {us: {eu: 80ms}}}\n" + strings.NewReplacer("HERE", "region: us", "OTHER", "region: us", "FROM", "regions: {us: 100%}").Replace(base)
		all = append(all,
			knob{kind + ".rtt", kind + " at once", "nodes.m.rtt=10ms", figure, up, ""},
			knob{kind + ".bandwidth", kind + " at once", "nodes.m.bandwidth=2Mbps", figure, up, ""})
		if kind == "cdn" {
			continue
		}
		all = append(all, knob{kind + ".region", kind + " in us", "nodes.m.region=eu", figure, up, ""})
		if kind == "queue" || kind == "external" {
			all = append(all, knob{kind + ".place", kind + " in us", "nodes.m=" + strings.Replace(mapOf(nodes), "HERE", "place: {us: 1, eu: 1}", 1), "", 0, "is in one place"})
			continue
		}
		all = append(all, knob{kind + ".place", kind + " in us", "nodes.m=" + strings.Replace(mapOf(nodes), "HERE", "place: {eu: 2}", 1), figure, up, ""})
	}
	return all
}

// mapOf cuts the map of m out of nodes.
func mapOf(nodes string) string {
	_, m, _ := strings.Cut(nodes, "m: ")
	m, _, _ = strings.Cut(m, "}")
	return m + "}"
}
