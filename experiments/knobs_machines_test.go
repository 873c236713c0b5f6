package experiments_test

// machineBases are scenarios in which m runs on a machine, or has a memory.
func init() {
	bases["machines"] = ofRun + `
machines: {small: {cores: 2, memory: 1GB, price: $1/h}, big: {cores: 8, memory: 64GB, price: $6/h}}
traffic: {u: {enters: m, rate: 150/s}}
nodes: {m: {kind: server, machine: small, memory_per_request: 1MB, work: exp(10ms)}}`
	bases["database on a machine"] = ofRun + `
machines: {small: {cores: 2, memory: 1GB, price: $1/h}, big: {cores: 8, memory: 64GB, price: $6/h}}
traffic: {u: {enters: m, rate: 150/s}}
nodes: {m: {kind: database, machine: small, read: exp(5ms), data_size: 2GB, disk: {iops: 10k, latency: 4ms}}}`
	bases["machines that send"] = ofRun + `
machines: {small: {cores: 2, bandwidth: 100Mbps}}
requests: {request: {response: 100KB}}
traffic: {u: {enters: m, rate: 75/s}}
nodes: {m: {kind: server, machine: small, work: exp(10ms)}}`
	bases["contention"] = ofRun + `
traffic: {u: {enters: m, rate: 150/s}}
nodes: {m: {kind: server, cores: 4, contention: {sigma: 1%, kappa: 0.1%}, work: exp(10ms)}}`
	bases["response"] = ofRun + `
requests: {request: {response: {size: 100KB, fields: 50%, format: {factor: 50%, cpu: 2us/KB}}}}
traffic: {u: {enters: m, rate: 75/s}}
nodes: {m: {kind: server, work: exp(2ms)}, x: {kind: external, latency: 1ms}}`
	bases["memory of m"] = ofRun + `
traffic: {u: {enters: m, rate: 75/s}}
nodes: {m: {kind: server, memory: 3GB, base_memory: 100MB, memory_per_request: 100MB, handles: {default: [delay: exp(200ms)]}}}`
	bases["memory of jobs"] = ofRun + `
traffic: {u: {enters: q, rate: 75/s}}
nodes: {q: {kind: queue, to: m}, m: {kind: worker, concurrency: 100, memory: 3GB, base_memory: 100MB, memory_per_request: 100MB, handles: {default: [delay: exp(200ms)]}}}`
}

// machineKnobs turn what machines are made of, on all that run on them.
func machineKnobs() []knob {
	all := []knob{
		{"scenario.machines", "machines", "machines.small={cores: 8, price: $1/h}", "mean", down, ""},
		{"scenario.machines", "machines", "nodes.m={kind: station, service: 1ms}", "", 0, "`machines` has no effect"},
		{"machine.cores", "machines", "machines.small.cores=8", "mean", down, ""},
		{"machine.memory", "machines", "machines.small.memory=3MB", "goodput", down, ""},
		{"machine.bandwidth", "machines that send", "machines.small.bandwidth=80Mbps", "mean", up, ""},
		{"machine.bandwidth", "machines that send", "nodes.m.bandwidth=10Gbps", "mean", down, ""},
		{"machine.bandwidth", "machines that send", "nodes.m.bandwidth=10Gbps", "", 0, "the machine `small` has only 100Mbps"},
		{"machine.bandwidth", "machines", "machines.small.bandwidth=1Gbps", "", 0, "`bandwidth` has no effect"},
		{"machine.price", "machines", "machines.small.price=$2/h", "cost", up, ""},
		{"server.machine", "machines", "nodes.m.machine=big", "mean", down, ""},
		{"server.machine", "machines", "nodes.m.machine=big", "cost", up, ""},
		{"server.machine", "machines", "nodes.m.machine=bog", "", 0, "did you mean `big`?"},
		{"server.machine", "machines", "nodes.m.cores=4; nodes.m.price=$1/h; nodes.m.memory=2GB", "", 0, "`machine` has no effect"},
		{"server.cores", "machines", "nodes.m.cores=4", "mean", down, ""},
		{"server.cores", "machines", "nodes.m.cores=4", "", 0, "the machine `small` has only 2 cores"},
		{"contention.sigma", "contention", "nodes.m.contention.sigma=10%", "mean", up, ""},
		{"contention.kappa", "contention", "nodes.m.contention.kappa=3%", "mean", up, ""},
		{"server.contention", "contention", "nodes.m.contention={}", "", 0, "`contention` has no effect"},
		{"server.contention", "contention", "nodes.m.cores=1", "", 0, "`contention` has no effect"},
		{"server.contention", "contention", "nodes.m.cores=unlimited", "", 0, "`contention` counts busy cores"},

		{"server.memory", "memory of m", "nodes.m.memory=1GB", "goodput", down, ""},
		{"server.memory", "server", "nodes.m.memory=1GB", "", 0, "`memory` has no effect"},
		{"server.memory_per_request", "memory of m", "nodes.m.memory_per_request=300MB", "goodput", down, ""},
		{"server.memory_per_request", "server", "nodes.m.memory_per_request=1MB", "", 0, "`memory_per_request` has no effect"},
		{"server.base_memory", "memory of m", "nodes.m.base_memory=2GB", "goodput", down, ""},
		{"server.base_memory", "memory of m", "nodes.m.base_memory=2.95GB", "", 0, "have no room for a request"},
		{"worker.memory", "memory of jobs", "nodes.m.memory=1700MB", "done", up, ""},
		{"worker.memory_per_request", "memory of jobs", "nodes.m.memory_per_request=180MB", "done", up, ""},
		{"worker.base_memory", "memory of jobs", "nodes.m.base_memory=1400MB", "done", up, ""},
		{"worker.machine", "worker", "nodes.m={kind: worker, machine: 2-cpu, concurrency: 100, work: exp(10ms)}", "done", down, ""},
		{"database.machine", "database on a machine", "nodes.m.machine=big", "cost", up, ""},
		{"database.machine", "database on a machine", "nodes.m.machine=big", "mean", down, ""},
		{"database.machine", "database on a machine", "nodes.m.memory=64GB", "mean", down, ""},
		{"database.machine", "database", "nodes.m={kind: database, machine: 8-cpu, read: exp(10ms)}", "mean", down, ""},
		{"load-balancer.machine", "balancer", "nodes.m={kind: load-balancer, machine: 8-cpu, work: exp(10ms), to: x}", "mean", down, ""},
		{"cache.machine", "cache", "nodes.m={kind: cache, machine: 8-cpu, mode: through, get: exp(10ms), hit_ratio: 100%, origin: x}", "mean", down, ""},
		{"rate-limiter.machine", "limiter for a dollar", "nodes.m={kind: rate-limiter, machine: 32-cpu, to: x, limit: 80/s, burst: 1}", "cost", up, ""},
		{"rate-limiter.machine", "limiter for a dollar", "nodes.m.cores=2; nodes.m.machine=32-cpu", "", 0, "`machine` has no effect"},

		{"response.fields", "response", "requests.request.response.fields=5%", "bytes", down, ""},
		{"response.page", "response", "requests.request.response.page=20 of 1000", "bytes", down, ""},
		{"response.format", "response", "requests.request.response.format=20%", "bytes", down, ""},
		{"response.format", "response", "requests.request.response.format=json", "mean", up, ""},
		{"response.format", "response", "traffic.u.enters=x", "", 0, "but costs no time"},
		{"response.compress", "response", "requests.request.response.compress=gzip", "bytes", down, ""},
		{"response.compress", "response", "requests.request.response.compress=brotli", "mean", up, ""},
		{"response.compress", "calls", "requests.request.response={compress: gzip}", "", 0, "`compress` has no effect"},
		{"conversion.factor", "response", "requests.request.response.format.factor=40%", "bytes", down, ""},
		{"conversion.cpu", "response", "requests.request.response.format.cpu=20us/KB", "mean", up, ""},

		{"rate-limiter.contention", "limiter", "nodes.m.cores=2; nodes.m.contention={sigma: 1%}", "", 0, "`contention` has no effect"},
		{"rate-limiter.memory", "limiter", "nodes.m.memory=1GB", "", 0, "`memory` has no effect"},
		{"load-balancer.memory", "balancer", "nodes.m.memory=1GB", "", 0, "`memory` has no effect"},
	}
	for kind, base := range map[string]string{"database": "database", "load-balancer": "balancer", "cache": "cache", "worker": "worker"} {
		figure := "mean"
		if kind == "worker" {
			figure = "done"
		}
		all = append(all, knob{kind + ".contention", base, "nodes.m.cores=2; nodes.m.contention={sigma: 100%, kappa: 20%}", figure, up, ""})
	}
	return all
}
