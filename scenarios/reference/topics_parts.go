package reference

import (
	"reflect"
	"strings"

	"headroom/models"
)

// parts are the topics that are no kinds of nodes.
var parts = []Topic{
	{
		Name: "scenario", Title: "A scenario file",
		About: "One YAML file: who sends traffic, what it passes through, what \"works\" means. Only `traffic` and `nodes` are required. Whatever is wrong is " +
			"reported at once, with line, column and the nearest valid word.",
		Example: `name: One server, one database
traffic:
  users: {enters: api, rate: 50/s}
nodes:
  api: {kind: server, cores: 2, work: exp(8ms), calls: [db]}
  db:  {kind: database, cores: 2, read: exp(4ms), write: exp(8ms)}
`,
		Keys: []KeyGroup{{Keys: keysFor[models.Scenario]()}},
	},
	{
		Name: "values", Title: "How values are written",
		About: "Numbers carry their units. The parameters of a distribution are its own: its mean, its coefficient of variation (cv), its quantiles. Arguments are " +
			"separated by spaces; commas do as well, but not inside YAML's braces and brackets, where a comma ends the value.",
		Keys: []KeyGroup{
			{Title: "Quantities", Keys: []Key{
				{Key: "duration", Value: "150us, 4ms, 1m30s", Doc: "Go durations: ns, us, ms, s, m, h"},
				{Key: "rate", Value: "100/s, 10k/s, 600/m", Doc: "per second without a unit; k, M and G are decimal"},
				{Key: "count", Value: "42, 100k, 10M, unlimited", Doc: "unlimited where a limit may be absent"},
				{Key: "size", Value: "500B, 10KB, 8GiB", Doc: "KB is 1000 bytes, KiB 1024"},
				{Key: "share", Value: "80%, 0.8", Doc: "of a whole"},
				{Key: "factor", Value: "2x", Doc: "how many times as much"},
				{Key: "price", Value: "$0.17/h, $0.40/M, $0.08/GB, $0.00003/s, $0.0000166667/GB-s", Doc: "per instance-hour, per million requests, per gigabyte; of functions, per second or gigabyte-second"},
			}},
			{Title: "Times: a constant, or a distribution", Keys: timeKeys()},
		},
	},
	{
		Name: "run", Title: "run: how long and how often to simulate",
		About: "How long a run measures, and on how many independent repetitions. Without `duration` and `requests` it measures as long as 200 000 requests, 10 s and 50 mean residence times need; with stages as long as they last. The warm-up " +
			"is simulated first and not measured: `auto` finds it in a pilot run (MSER-5). With `precision: 2%` a run takes as much as that needs: replications are added, up to 10 times their number, until half the 95% interval of the mean latency and of each quantity of the SLO is at most γ/(1+γ) of it, γ being " +
			"the precision (sequential procedure: Law, Simulation Modeling and Analysis, 5th ed., sec. 9.4.1); and where nothing else says how long they are, ten short trial runs tell how long the planned number of them has to be (two-stage procedure: Stein, 1945), " +
			"at most as long as without a precision, and at least 50 mean residence times, 100 requests beyond each percentile, and 10 s if something goes by a clock. Plan 10 `replications` where it matters.",
		Example: `run: {duration: 2m, warmup: 10s, replications: 8, seed: 42}
traffic: {users: {enters: api, rate: 50/s}}
nodes: {api: {kind: server, cores: 2, work: exp(8ms)}}
`,
		Keys: []KeyGroup{{Keys: keysFor[models.Run]()}},
	},
	{
		Name: "slo", Title: "slo: what \"works\" means",
		About: "A list of targets, QUANTITY < VALUE or QUANTITY > VALUE. Without one it is p99 < 1s and errors < 1%.",
		Example: `slo: [p99 < 250ms, errors < 0.1%, read.p95 < 60ms, api.cpu < 70%]
requests: {read: {}, save: {write: true}}
traffic: {users: {enters: api, rate: 50/s, mix: {read: 80%, save: 20%}}}
nodes: {api: {kind: server, cores: 2, work: exp(8ms)}}
`,
		Keys: []KeyGroup{{Keys: []Key{
			{Key: "p50, p90, p95, p99, p99.9", Value: "duration", Doc: "a percentile of the latency of requests that ended ok; also p(99)"},
			{Key: "mean", Value: "duration", Doc: "its mean"},
			{Key: "errors", Value: "share", Doc: "of the requests that ended, those that are not ok"},
			{Key: "server_errors", Value: "share", Doc: "the same without those that a limit refused"},
			{Key: "rate_limited, overloaded, timeout, unavailable, failed", Value: "share", Doc: "by outcome"},
			{Key: "goodput", Value: "rate", Doc: "requests that ended ok, per second"},
			{Key: "CLASS.p99, SOURCE.errors", Value: "as above", Doc: "of one request class or traffic source"},
			{Key: "CLASS.done.p99, CLASS.done.mean", Value: "duration", Doc: "until the background work of such a request is done"},
			{Key: "NODE.cpu, NODE.servers", Value: "share", Doc: "utilization of a node's cores, or of a station's servers"},
			{Key: "NODE.network, NODE.disk", Value: "share", Doc: "utilization of a node's network interfaces, in the busier direction, or of a database's disks"},
			{Key: "QUEUE.age_p99", Value: "duration", Doc: "how long messages wait until they are delivered"},
		}}},
	},
	{
		Name: "data", Title: "data: what requests ask for",
		About: "A data set has keys, and says how often each is asked for. Caches with real contents and locks by key need one.",
		Example: `data: {users: {keys: 10M, popularity: zipf(1.0), size: 2KB}}
requests: {read: {data: users}}
traffic: {web: {enters: api, rate: 1k/s}}
nodes:
  api: {kind: server, cores: 4, handles: {read: [cpu: exp(1ms), read: redis]}}
  redis: {kind: cache, entries: 1M, origin: db}
  db: {kind: database, cores: 8, read: exp(4ms)}
`,
		Keys: []KeyGroup{{Keys: keysFor[models.DataSet]()}},
		Laws: []string{"zipf(s): key i of n is asked for in proportion to 1 / (i+1)^s (Breslau et al., 1999, measured s from 0.64 to 0.83 in web caches)."},
	},
	{
		Name: "requests", Title: "requests: classes of requests",
		About: "What differs between requests: the data, sizes, whether they write, their priority. Without any there is one class, `request`. " +
			"The lighter response travels on all calls of its class; the time that writing and compressing it takes is spent on the cores of the server that the client's call reaches, after " +
			"its other steps and before it answers.",
		Example: `requests:
  read: {priority: 1, response: {size: 10KB, fields: 20%, compress: gzip}}
  report: {cacheable: false}
  save: {write: true, request: 2KB, response: 300B}
traffic: {users: {enters: api, rate: 50/s, mix: {read: 85%, report: 5%, save: 10%}}}
nodes: {api: {kind: server, cores: 2, discipline: priority, work: exp(8ms)}}
`,
		Keys: []KeyGroup{
			{Keys: keysFor[models.RequestClass]()},
			{Title: "response, where it is made lighter: size × fields × page × format × compress", Keys: keysFor[models.Response]()},
			{Title: "format and compress in numbers", Keys: keysFor[models.Conversion]()},
		},
	},
	{
		Name: "traffic", Title: "traffic: sources of requests",
		About: "A source sends at a `rate`, in `stages`, or has `users` who wait for each answer and `think`. A stage holds its `rate`, or goes `to` another. A `batch` is a number of requests at once, again and again.",
		Example: `requests: {read: {}, save: {write: true}}
traffic:
  web:
    enters: api
    mix: {read: 90%, save: 10%}
    stages: [{for: 1m, rate: 100/s}, {for: 5m, to: 400/s}]
  staff: {enters: api, mix: {read: 100%}, users: 50, think: exp(7s)}
  nightly: {enters: api, mix: {read: 100%}, batch: {every: 24h, size: 10k}}
nodes: {api: {kind: server, cores: 4, work: exp(5ms)}}
`,
		Keys: []KeyGroup{{Keys: keysFor[models.Traffic]()}, {Title: "A stage", Keys: keysFor[models.Stage]()}, {Title: "A browser cache", Keys: keysFor[models.BrowserCache]()}, {Title: "A batch", Keys: keysFor[models.Batch]()}},
		Laws: []string{
			"Poisson arrivals: gaps are exponential, and n arrivals in a time scatter by √n.",
			"In an empty queue with one server, the last of a batch of n is answered after n services, one of them after (n + 1) / 2 on average.",
			"Closed users obey the interactive response time law: throughput = users / (response + think) (Denning and Buzen, 1978).",
		},
	},
	{
		Name: "steps", Title: "steps: what a server or a worker does",
		About: "Each list under `handles` is done from top to bottom; a step does one thing. The word `respond` answers: what follows is done after the answer. `publish` leaves work " +
			"to others and goes on at once. A call that fails fails its caller; so does a full queue; `headroom explain calls` says what can be done about that.",
		Example: `requests: {checkout: {write: true}, reserve: {write: true}}
traffic: {web: {enters: shop, rate: 50/s, mix: {checkout: 100%}}}
nodes:
  shop:
    kind: server
    cores: 4
    handles:
      checkout:
        - cpu: exp(3ms)
        - parallel: [[{call: stock, as: reserve}], [call: prices]]
        - lock: {name: orders, do: [write: db]}
        - chance: 10%
          do: [publish: mails]
        - respond
        - delay: 20ms
  stock: {kind: server, cores: 2, work: exp(2ms)}
  prices: {kind: server, cores: 2, work: exp(1ms)}
  mails: {kind: queue, to: mailer}
  mailer: {kind: worker, work: exp(200ms)}
  db: {kind: database, cores: 4, write: exp(6ms)}
`,
		Keys: []KeyGroup{{Keys: keysOf(reflect.TypeOf(models.StepKeys()))}, {Title: "scatter", Keys: keysFor[models.Scatter]()}, {Title: "lock", Keys: keysFor[models.Lock]()}},
	},
	{
		Name: "calls", Title: "calls that fail or take too long",
		About: "What a step that calls (`call`, `read`, `write`, `publish`, `scatter`) does, or the clients of a source (all but `breaker` and `or_else`). A `timeout` gives an attempt up, " +
			"waiting for a connection and a whole read past a cache included; what it asked for goes on, and its late answer counts as wasted work, unless `cancel` takes it out of its queue, " +
			"or ends it: what is on its way arrives all the same, and what a cache fetches for others goes on. `retry` tries again what did not end ok, after its `backoff`, but not before a limiter " +
			"says that it may. A `breaker` stops attempts, each instance of the caller has its own, which dies with it; nothing is tried while it is open, but for one probe " +
			"at a time. A `hedge` sends one copy. `or_else` is done when all that has failed. An attempt whose caller dies is lost, and so is one whose caller is cancelled. The result counts all of it " +
			"under `attempts`, and the share of each resource's work that nobody waited for under `wasted`.",
		Example: `traffic:
  web: {enters: shop, rate: 50/s, timeout: 2s, retry: {attempts: 2, backoff: 500ms}}
nodes:
  shop:
    kind: server
    pools: {db: 20}
    handles:
      default:
        - read: db
          timeout: 100ms
          retry: {attempts: 3, backoff: 20ms, jitter: equal, budget: 10%}
          cancel: queued
        - {call: prices, hedge: {after: 30ms}, cancel: all}
        - call: partner
          timeout: 300ms
          breaker: {failures: 50%, window: 10s, open: 5s}
          or_else: [cpu: 1ms]
  db: {kind: database, cores: 4, read: exp(6ms)}
  prices: {kind: server, instances: 3, cores: 2, work: exp(2ms)}
  partner: {kind: external, latency: exp(40ms), failures: 1%}
`,
		Keys: []KeyGroup{
			{Title: "Of a step, and of a source", Keys: keysFor[models.Resilience]()}, {Title: "retry", Keys: keysFor[models.Retry]()}, {Title: "hedge", Keys: keysFor[models.Hedge]()},
			{Title: "breaker, of a step", Keys: keysFor[models.Breaker]()},
		},
		Laws: []string{
			"Retries: where attempts fail with probability p on their own, n of them are made 1 + p + … + p^(n−1) times; layers that all try again multiply (Beyer et al., Site Reliability Engineering, 2016, ch. 22).",
			"Jitter: spreading the backoff over its whole length keeps those who failed together from coming back together (Brooker, Exponential Backoff and Jitter, AWS Architecture Blog, 2015).",
			"Budget: a bucket of ten tokens; a first try adds its share of one, a try again takes one (Finagle's RetryBudget; retry throttling in gRPC's proposal A6).",
			"Breaker: closed, open, and half-open with one probe (Nygard, Release It!, 2007, ch. 5.2).",
			"Hedge: a copy after the 95th percentile costs 5% more calls; the slowest of the first and the copy are both slow with the square of the probability (Dean and Barroso, The Tail at Scale, CACM 2013).",
		},
	},
	{
		Name: "events", Title: "events: what happens on the way",
		About: "Each event happens at its time, which counts from the end of the warm-up, and is undone after `for`. An instance that dies ends all that is under way on it as " +
			"`unavailable` at once, lets go of the locks, and loses the contents of its cache; what its visits asked others for goes on there, unheard. Calls that come to it end as " +
			"`unavailable` at once. A job of a worker that dies comes again after the queue's `visibility_timeout`, or has failed where it has none. When it is back it is empty and cold. " +
			"After a `resize` the new instances are empty and cold, balancers know them at once, and the keys of a cache move along its ring; those that go take nothing any more and finish " +
			"what they have. What costs by the hour is paid for as many instances as there were on average. " +
			"A `rebalance` gives a database another number of `shards`, and copies the keys that belong to another one then while queries come: `headroom explain database` says how. " +
			"Where no balancer checks its health, instances that are dead get their share of the calls. " +
			"A `slow` makes work on the cores of a node, or the latency of an external, so many times as long, also what is under way; delays of steps take no longer, for they are not work. " +
			"In a `pause` nothing moves: work, delays and answers that have come go on where they were when it is over, and who comes waits, in the line and with the `backlog` and the patience " +
			"that there are, but fails no sooner; health checks fail; transfers go on, and so do the clocks of a queue. A `flush` empties a cache at once, and the memory of a database fills again as fast as its pages are " +
			"used. A `surge` multiplies what a source with a `rate` or `stages` sends. In a `partition` two regions do not hear each other: a call across ends as `unavailable` when it would leave, " +
			"and so does one whose answer cannot leave; what is on its way arrives, `nearest` balancers go on to the next region that can be reached, and caches do not. Machines pause by themselves with `pauses`, " +
			"each instance at times of its own, in the warm-up as well. Without `duration` the run is twice as long as the events take.",
		Example: `traffic: {users: {enters: lb, rate: 300/s}}
nodes:
  lb: {kind: load-balancer, to: api, health_check: {every: 5s, fails: 2}}
  api: {kind: server, instances: 4, cores: 2, work: exp(8ms)}
events:
  - {at: 20s, kill: api, instances: 1, for: 30s}
  - {at: 80s, slow: api, factor: 2x, for: 10s}
  - {at: 120s, pause: api/0, for: 5s}
  - {at: 150s, surge: users, factor: 3x, for: 10s}
`,
		Keys: []KeyGroup{{Keys: keysFor[models.Event]()}, {Title: "health_check of a load-balancer", Keys: keysFor[models.HealthCheck]()}, {Title: "pauses of a machine", Keys: keysFor[models.Pauses]()}},
		Laws: []string{
			"A queue that takes λ a second and serves μ is empty again λ d / (μ − λ) after a pause of d, if the times are constant.",
			"Pauses of R at a rate f while nothing pauses: work of S takes S (1 + f R), and who waits for nobody f E[R²] / (2 (1 + f R)) longer (Gaver, 1962).",
			"A surge carries the gaps of the arrivals through another course of the rate, and changes nothing before it (Çinlar, 1975).",
			"Metastable is what stays down when its trigger is gone, under a load that it carried before (Bronson et al., HotOS 2021).",
		},
	}, {
		Name: "autoscale", Title: "autoscale: instances that follow the load",
		About: "A server, a worker, a load balancer or a cache may have more instances while there is more to do. Every so often it looks how much there was on average since it last did, and " +
			"wants as many instances as bring each to its `target`: `cpu 60%` of its cores busy, `queue 100` waiting for it (at a worker, messages; elsewhere, for a place or a core), `in-flight " +
			"50` visits under way. Within 10% of the target nothing happens. New instances cost from their start and take calls `boot` later; those that start count as idle. Fewer there are " +
			"only when nothing changed, and no more were wanted, for a `cooldown`; those that go take nothing any more and finish what they have. Instances that a `kill` holds down are " +
			"missing, so that others come for them as the load demands, but count towards `max`. With a `place` each region follows its own load, within bounds that are totals, and keeps at " +
			"least one. A cache's new instances are empty and take their part of the keys. Without stages, the warm-up of `auto` is as long as the number takes to settle, and the bottleneck " +
			"is judged with as many instances as there may be.",
		Example: `traffic: {users: {enters: lb, stages: [{for: 5m, rate: 200/s}, {for: 9m, rate: 800/s}]}}
nodes:
  lb: {kind: load-balancer, algorithm: least-connections, to: api}
  api:
    kind: server
    cores: 2
    work: exp(8ms)
    price: $0.08/h
    autoscale: {min: 2, max: 20, target: cpu 60%, every: 15s, boot: 60s, cooldown: 5m}
`,
		Keys: []KeyGroup{{Keys: keysFor[models.Autoscale]()}},
		Laws: []string{
			"wanted = ⌈instances × load / target⌉, unless load / target is within 10% of 1 (Kubernetes, Horizontal Pod Autoscaling; its stabilization window is `cooldown`).",
			"A backlog of b requests, with c cores that do µ each and a load of λ, is gone after b / (cµ − λ): cores that come late must first do what they missed.",
		},
	}, {
		Name: "sizing", Title: "instances: auto(60%), as many as the rate needs",
		About: "`instances: auto(60%)` lets a node have as many instances as keep the busiest of its resources (cores, places, connections, pools, disks, interfaces) at 60% on average over all of them; at " +
			"low rates one. The number is chosen before anything is measured, for the rate that is simulated: that of the file or of `--rate`, each rate of a sweep and of a search for capacity, the highest " +
			"of stages, without events. It stands in the result, and costs what so many cost. What a request needs is found by pilot runs, first with as much of everything as is asked for, then with " +
			"the numbers found, until these stay; up to 1% more than the share is left to chance, so that what needs exactly four instances has four. A sweep of such a file shows the shape of an " +
			"architecture rather than its size: what remains as a limit is what does not scale. Where that is full, places and pools that only wait for it are not counted. It does not go with " +
			"`autoscale`, which changes the number during the run, with `place`, with `shards` and `replicas`, or with a replay.",
		Example: `traffic: {users: {enters: lb, rate: 2k/s}}
nodes:
  lb: {kind: load-balancer, algorithm: least-connections, to: api}
  api: {kind: server, instances: auto(60%), cores: 2, work: exp(8ms), calls: [db]}
  db: {kind: database, cores: 16, read: exp(1ms)}
`,
		Laws: []string{
			"Utilization law: a resource of n instances is busy rate × demand / (n × capacity of each), so that n = ⌈rate × demand / (capacity × 60%)⌉ (Denning and Buzen, 1978).",
		},
	}, {
		Name: "regions", Title: "regions: where clients and nodes are",
		About: "Calls take half of a round trip on their way, and answers the other half. `rtt` says how long it is between two regions, in whichever order; a client reaches its own region in " +
			"`last_mile`, and another one in that and the round trip between the two. A node has a `region`, or a `place` with the number of its instances in each; with neither it is " +
			"wherever its caller is, which databases, caches, queues, stations and externals cannot be. Sources say where their clients are; one with `clients` or `users` leaves each of them " +
			"where it is. Without regions a node may still be reached in an `rtt` of its own. A `bandwidth` is that of each instance's interface, in each direction: a transfer takes its bytes " +
			"over it, and waits for those before it.",
		Example: `regions: {rtt: {us: {eu: 80ms, asia: 170ms}, eu: {asia: 210ms}}, last_mile: 8ms}
requests: {view: {response: 50KB}}
traffic: {users: {enters: lb, rate: 500/s, regions: {us: 50%, eu: 30%, asia: 20%}}}
nodes:
  lb: {kind: load-balancer, algorithm: nearest, to: api}
  api: {kind: server, place: {us: 2, eu: 2}, bandwidth: 1Gbps, work: exp(4ms), calls: [db]}
  db: {kind: database, region: us, cores: 8, read: exp(3ms)}
`,
		Keys: []KeyGroup{{Keys: keysFor[models.Regions]()}},
	}, {
		Name: "machines", Title: "machines: what nodes run on",
		About: "A node that says `machine: small` has the cores, the memory, the bandwidth and the price of that machine, but for those that it names itself: its own key wins. Without `machines` a " +
			"built-in list serves, and the result says so. The price of a machine stays what it is, whatever cores its node names; the price of a node without a machine grows with its " +
			"cores when a variant or --set gives it more. Bandwidths of the built-in list are rounded figures of typical machines, those that hold for hours.",
		Example: `machines:
  small: {cores: 2, memory: 4GB, bandwidth: 1Gbps, price: $0.08/h}
  big: {cores: 32, memory: 128GB, bandwidth: 10Gbps, price: $1.60/h}
requests: {view: {response: 50KB}}
traffic: {users: {enters: api, rate: 100/s}}
nodes:
  api:
    kind: server
    machine: small
    memory_per_request: 2MB
    contention: {sigma: 2%, kappa: 0.01%}
    work: exp(8ms)
variants: {bigger: {nodes.api.machine: big}}
`,
		Keys: []KeyGroup{
			{Keys: keysFor[models.MachineType]()}, {Title: "contention, of a node", Keys: keysFor[models.Contention]()},
			{Title: "The built-in list: typical general-purpose machines of large clouds, rented by the hour, rounded", Keys: ladderKeys()},
		},
		Laws: []string{"Universal scalability law: N busy cores do the work of N / (1 + σ(N−1) + κN(N−1)) (Gunther, Guerrilla Capacity Planning, 2007)."},
	},
	{
		Name: "variants", Title: "variants: named changes to the file",
		About: "A variant sets values by their paths, as --set does: `headroom simulate FILE --variant bigger`. All are checked with the file.",
		Example: `traffic: {users: {enters: api, rate: 50/s}}
nodes: {api: {kind: server, cores: 2, work: exp(8ms)}}
variants:
  bigger: {nodes.api.cores: 8}
  busier: {traffic.users.rate: 200/s}
`,
	},
	{
		Name: "observed", Title: "observed: what was measured on the real system",
		About: "Figures to compare with: `rate`, and quantities as in `slo`. The summary shows each beside what was simulated, with the difference; `headroom calibrate` solves the service times that show them.",
		Example: `observed: {rate: 52/s, api.cpu: 21%, p50: 7ms, p99: 40ms}
traffic: {users: {enters: api, rate: 50/s}}
nodes: {api: {kind: server, cores: 2, work: exp(8ms)}}
`,
	},
}

// ladderKeys are the machines of the built-in list.
func ladderKeys() []Key {
	var keys []Key
	for _, m := range models.Ladder() {
		keys = append(keys, Key{Key: m.Key, Value: m.Value.String(), Doc: "costs " + m.Value.Price.String()})
	}
	return keys
}

// timeKeys are the notations of times.
func timeKeys() []Key {
	doc := map[string]string{
		"4ms": "always the same", "exp": "exponential", "uniform": "between two times", "normal": "the bell curve, cut off at 0",
		"lognormal": "skewed, as most service times are", "erlang": "the sum of k exponentials: steadier than one", "gamma": "any cv",
		"hyperexp": "two kinds, quick and slow (balanced means): cv above 1", "pareto": "a heavy tail", "weibull": "a tail heavier (shape below 1) or lighter than exp's",
		"quantiles": "what was measured: piecewise linear between the points", "samples": "what was measured: the times of a file, each as likely", "mix": "now this, now that",
	}
	var keys []Key
	for _, example := range new(models.Time).Examples() {
		name, _, _ := strings.Cut(example, "(")
		keys = append(keys, Key{Key: name, Value: example, Doc: doc[name]})
	}
	return keys
}
