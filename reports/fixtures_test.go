package reports

import (
	"fmt"
	"math"

	"headroom/experiments"
)

type num = experiments.Num

// fixtures are results as simulations give them, one for each shape that a page has.
func fixtures() map[string]*experiments.Result {
	return map[string]*experiments.Result{
		"station":     station(),
		"bookshop":    bookshop(),
		"saturated":   saturated(),
		"partial":     partial(),
		"missed":      missed(),
		"single":      single(),
		"observed":    measured(),
		"nothing":     nothing(),
		"unlimited":   unlimited(),
		"long-names":  longNames(),
		"closed-loop": closedLoop(),
		"eventful":    eventful(),
		"worldwide":   worldwide(),
		"sharded":     sharded(),
	}
}

// exponential is the latency of an M/M/1 queue: an exponential distribution.
func exponential(mean float64, n int64, ci bool) experiments.Latency {
	q := func(p float64) num { return num(-mean * math.Log(1-p)) }
	l := experiments.Latency{Mean: num(mean), P50: q(.5), P90: q(.9), P95: q(.95), P99: q(.99), P999: q(.999), Min: num(mean / 1e5), Max: q(1 - 1/float64(n)), Count: n}
	if ci {
		around := func(v num, part float64) experiments.Interval {
			return experiments.Interval{v * num(1-part), v * num(1+part)}
		}
		l.CI95 = &experiments.LatencyCI95{Mean: around(l.Mean, .013), P50: around(l.P50, .011), P99: around(l.P99, .029)}
	}
	return l
}

func none() experiments.Latency {
	n := experiments.None
	return experiments.Latency{Mean: n, P50: n, P90: n, P95: n, P99: n, P999: n, Min: n, Max: n}
}

func bothEnds(low, high num) *experiments.Interval { return &experiments.Interval{low, high} }

func resource(capacity, utilization, wait, queue num) experiments.Resource {
	return experiments.Resource{Capacity: capacity, Utilization: utilization, Wait: experiments.Wait{Mean: wait, P99: 6 * wait},
		PWait: utilization, Queue: experiments.Queue{Mean: queue, Max: int64(queue*9) + 1}}
}

func node(kind string, instances int, throughput, own num, resources map[string]experiments.Resource) experiments.NodeResult {
	return experiments.NodeResult{
		Kind: kind, Instances: instances, Throughput: throughput, Errors: map[string]int64{}, Latency: exponential(float64(own)*1.4, 100_000, false),
		Own: experiments.Own{Mean: own, P99: 4.6 * own}, Resources: resources, Requests: map[string]experiments.NodeClassResult{},
		CostPerMonth: experiments.None,
		InSystem:     experiments.InSystem{Mean: throughput * own, SD: throughput * own / 2, P99: 40, P999: 60, Max: 71},
	}
}

func series(buckets int, names ...string) experiments.Series {
	s := experiments.Series{BucketSeconds: 1, Nodes: map[string]experiments.NodeSeries{}}
	wave := func(i int) num { return num(1 + math.Sin(float64(i))/3) }
	for i := range buckets {
		s.T = append(s.T, num(i))
		s.Offered, s.Goodput = append(s.Offered, 80*wave(i)), append(s.Goodput, 80*wave(i+1))
		s.Errors = append(s.Errors, 0)
		s.P50, s.P99 = append(s.P50, wave(i)/30), append(s.P99, wave(i)/4)
	}
	s.P50[buckets-1], s.P99[buckets-1] = experiments.None, experiments.None
	for _, name := range names {
		var n experiments.NodeSeries
		for i := range buckets {
			n.CPU, n.Queue = append(n.CPU, wave(i)/2), append(n.Queue, 4*wave(i))
		}
		s.Nodes[name] = n
	}
	return s
}

func station() *experiments.Result {
	return &experiments.Result{
		Headroom: 1, Version: "0.1.0", Command: "headroom simulate mm1.yaml", Assumptions: []string{"The network takes no time: no regions are given."},
		Warnings: []string{},
		Scenario: experiments.ScenarioInfo{Name: "One queue, one server", File: "mm1.yaml", SHA256: "6b1f", Source: "name: One queue, one server\n"},
		Run:      experiments.RunInfo{Seed: 1, Replications: 4, SimulatedSeconds: 2500, WarmupSeconds: 12.5, Requests: 800_412, Events: 1_600_824, WallSeconds: 0.21},
		Load: experiments.Load{Asked: 80, Offered: 80.041, Completed: 80.039, Goodput: 80.039,
			CI95: &experiments.LoadCI95{Offered: experiments.Interval{79.912, 80.17}, Goodput: experiments.Interval{79.911, 80.167}}},
		Outcomes: experiments.Outcomes{OK: 800_396, InFlight: 16}, ErrorRate: 0, Latency: exponential(.05, 800_396, true),
		Requests: map[string]experiments.ClassResult{"request": {Share: 1, Latency: exponential(.05, 800_396, true), Done: exponential(.05, 800_396, false), Outcomes: experiments.Outcomes{OK: 800_396, InFlight: 16}}},
		Sources:  map[string]experiments.SourceResult{"users": {Latency: exponential(.05, 800_396, false), Outcomes: experiments.Outcomes{OK: 800_396, InFlight: 16}}},
		Nodes: map[string]experiments.NodeResult{"desk": node("station", 1, 80.039, .05, map[string]experiments.Resource{
			"servers": resource(1, .8003, .04, 3.2)})},
		NodeOrder: []string{"desk"},
		Edges:     []experiments.Edge{{From: "users", To: "desk", Rate: 80.041}},
		SLO: []experiments.Target{{Target: "p99 < 1s", Value: .2303, CI95: bothEnds(.2236, .237), Met: true, Unit: "seconds"},
			{Target: "errors < 1%", Value: 0, CI95: bothEnds(0, 0), Met: true, Unit: "share"}},
		Bottleneck: experiments.Bottleneck{Node: "desk", Resource: "servers", Class: "cpu", Utilization: .8003,
			Evidence: "desk's 1 server is busy 80% of the time, and requests wait 40ms for it on average", SaturatesAt: 100.01},
		WhereTime: []experiments.TimeShare{{Node: "desk", Resource: "servers", Part: "wait", Share: .8, TailShare: .87},
			{Node: "desk", Resource: "servers", Part: "service", Share: .2, TailShare: .13}},
		Cost:   experiments.Cost{PerMonth: experiments.None, PerMillionRequests: experiments.None},
		Series: series(12, "desk"),
	}
}

func bookshop() *experiments.Result {
	class := func(part num, mean float64, o experiments.Outcomes, errors num) experiments.ClassResult {
		return experiments.ClassResult{Share: part, Latency: exponential(mean, o.OK, true), Done: exponential(mean*1.1, o.OK, false), Outcomes: o, ErrorRate: errors}
	}
	api := node("server", 16, 9_988, .0031, map[string]experiments.Resource{
		"cpu": resource(64, .6321, .0008, 8.12), "concurrency": resource(1024, .214, 0, 0), "pools.db": resource(320, .5512, .0002, 1.02)})
	cpu := api.Resources["cpu"]
	cpu.Busiest = &experiments.Busiest{Instance: "api-3", Utilization: .6412}
	api.Resources["cpu"] = cpu
	api.Requests["browse"] = experiments.NodeClassResult{Throughput: 7_990, Own: experiments.Own{Mean: .0028, P99: .013}, Utilization: .44}
	db := node("database", 1, 3_112, .0094, map[string]experiments.Resource{
		"cpu": resource(16, .8714, .0052, 16.2), "connections": resource(100, .3012, 0, 0)})
	lb := node("load-balancer", 1, 9_998, .0002, map[string]experiments.Resource{"cpu": resource(experiments.None, experiments.None, 0, 0)})
	redis := node("cache", 1, 12_400, .0004, map[string]experiments.Resource{
		"cpu": resource(1, .3702, .0001, .2), "memory": {Capacity: 8e9, Utilization: 1, Wait: experiments.Wait{Mean: experiments.None, P99: experiments.None}, PWait: experiments.None}})
	redis.Cache = &experiments.CacheResult{Hits: 1_110_000, Misses: 740_000, HitRatio: .6, Evictions: 731_000, Coalesced: 1_203, LiveMean: 2_000_000, Bytes: 8e9}
	redis.CostPerMonth, api.CostPerMonth, lb.CostPerMonth = 51.1, 1_985.6-51.1, experiments.None
	api.Errors = map[string]int64{"overloaded": 2_210, "unavailable": 12}
	return &experiments.Result{
		Headroom: 1, Version: "0.1.0", Command: "headroom simulate bookshop.yaml --rate 10k",
		Assumptions: []string{"Prices are those of the built-in list of machines.", "db: 2 connections per core and 4ms per read are this program's defaults; put your own numbers in, measured on the system that this stands for, with `headroom calibrate`."},
		Warnings:    []string{"The 95% interval of the p99 is 6% wide; set run.precision to 2% to narrow it."},
		Scenario:    experiments.ScenarioInfo{Name: "Bookshop, an ordinary evening", File: "bookshop.yaml", SHA256: "c0ffee", Source: "name: Bookshop\n# a \"quoted\" [text], {braces}: 1,2\n"},
		Run:         experiments.RunInfo{Seed: 7, Replications: 4, SimulatedSeconds: 60, WarmupSeconds: 10, Requests: 2_400_112, Events: 19_212_000, WallSeconds: 1.9},
		Load: experiments.Load{Asked: 10_000, Offered: 10_000.4, Completed: 9_999.1, Goodput: 9_990.2,
			CI95: &experiments.LoadCI95{Offered: experiments.Interval{9_988.1, 10_012.7}, Goodput: experiments.Interval{9_977.9, 10_002.5}}},
		Outcomes: experiments.Outcomes{OK: 2_397_578, RateLimited: 0, Overloaded: 2_210, Unavailable: 12, InFlight: 312}, ErrorRate: .000926,
		Latency: exponential(.0212, 2_397_578, true),
		Requests: map[string]experiments.ClassResult{
			"browse":   class(.8, .018, experiments.Outcomes{OK: 1_918_102, Overloaded: 1_500, InFlight: 211}, .00078),
			"search":   class(.15, .031, experiments.Outcomes{OK: 359_001, Overloaded: 610, InFlight: 71}, .0017),
			"checkout": class(.05, .092, experiments.Outcomes{OK: 120_475, Overloaded: 100, Unavailable: 12, InFlight: 30}, .00093),
		},
		Sources: map[string]experiments.SourceResult{
			"web":    {Latency: exponential(.022, 1_900_000, true), Outcomes: experiments.Outcomes{OK: 1_900_000, Overloaded: 2_000}, ErrorRate: .00105},
			"mobile": {Latency: exponential(.019, 497_578, true), Outcomes: experiments.Outcomes{OK: 497_578, Overloaded: 210, Unavailable: 12}, ErrorRate: .00045},
		},
		Nodes: map[string]experiments.NodeResult{"lb": lb, "api": api, "redis": redis, "db": db}, NodeOrder: []string{"lb", "api", "redis", "db"},
		Answered: []experiments.Answered{{By: "redis", Share: .6, Latency: exponential(.012, 1_100_000, false)},
			{By: "", Share: .4, Latency: exponential(.041, 740_000, false)}},
		Cost:  experiments.Cost{PerMonth: 1_985.6, PerMillionRequests: .0757},
		Edges: []experiments.Edge{{From: "web", To: "lb", Rate: 7_900}, {From: "mobile", To: "lb", Rate: 2_100}, {From: "lb", To: "api", Rate: 9_998, Errors: 2_222}, {From: "api", To: "db", Rate: 3_112}},
		SLO: []experiments.Target{{Target: "p99 < 250ms", Value: .0976, CI95: bothEnds(.0948, .1004), Met: true, Unit: "seconds"},
			{Target: "checkout.p99 < 500ms", Value: .4237, CI95: bothEnds(.4114, .436), Met: true, Unit: "seconds"},
			{Target: "errors < 0.1%", Value: .000926, CI95: bothEnds(.00088, .00097), Met: true, Unit: "share"},
			{Target: "goodput > 9k/s", Value: 9_990.2, CI95: bothEnds(9_977.9, 10_002.5), Met: true, Unit: "per_second"}},
		Bottleneck: experiments.Bottleneck{Node: "db", Resource: "cpu", Class: "database", Utilization: .8714,
			Evidence: "db's 16 cores are busy 87.1% of the time, and queries wait 5.2ms for one on average.", SaturatesAt: 11_476},
		WhereTime: []experiments.TimeShare{
			{Node: "db", Resource: "cpu", Part: "wait", Share: .412, TailShare: .611}, {Node: "db", Resource: "cpu", Part: "service", Share: .287, TailShare: .201},
			{Node: "api", Resource: "cpu", Part: "service", Share: .156, TailShare: .071}, {Node: "api", Resource: "cpu", Part: "wait", Share: .081, TailShare: .08},
			{Node: "api", Resource: "pools.db", Part: "wait", Share: .041, TailShare: .03}, {Node: "lb", Resource: "cpu", Part: "service", Share: .02, TailShare: .005},
			{Node: "network", Resource: "", Part: "service", Share: .003, TailShare: .002}},
		Series: series(60, "lb", "api", "db"),
	}
}

func measured() *experiments.Result {
	r := station()
	r.Observed = []experiments.Observed{{Figure: "rate", Observed: 81, Simulated: 80.041, Difference: -.01184, Unit: "per_second"},
		{Figure: "desk.servers", Observed: .74, Simulated: .8003, Difference: .0815, Unit: "share"},
		{Figure: "p99", Observed: .2303, Simulated: .2303, Difference: 0, Unit: "seconds"}}
	return r
}

// eventful is a run in which more happens than the page lists.
func eventful() *experiments.Result {
	r := station()
	for i := range 10 {
		r.Events = append(r.Events, experiments.EventResult{At: num(10 * i), For: num(i + 1), What: fmt.Sprintf("kill desk/%d", i), RecoveredAfter: num(2 * i),
			Before: &experiments.Phase{P99: .012, Goodput: 80}, During: &experiments.Phase{P99: .3, ErrorRate: num(i) / 10, Goodput: 60}, After: &experiments.Phase{P99: .013, Goodput: 80}})
	}
	r.Events[3].For, r.Events[3].RecoveredAfter, r.Events[3].After = experiments.None, experiments.None, nil
	r.Events[7].What, r.Events[7].For, r.Events[7].During.P99 = "flush desk", 0, experiments.None
	r.Metastable = "cold cache (desk has 12% of what it is asked for, and had 90% before)"
	r.Events[4].What, r.Events[4].MoveResult = "rebalance db, 5 shards", &experiments.MoveResult{Moved: .7999, Copied: 1, CopiedAfter: 19.57}
	r.Events[5].What, r.Events[5].MoveResult = "rebalance db, 6 shards", &experiments.MoveResult{Moved: .1664, Copied: .372, CopiedAfter: experiments.None}
	r.Events[6].What, r.Events[6].MoveResult = "rebalance db, 7 shards", &experiments.MoveResult{Moved: experiments.None, Copied: experiments.None, CopiedAfter: experiments.None}
	return r
}

// worldwide has clients in several regions who keep answers, and nodes on machines of the built-in list, whose network gives way first.
func worldwide() *experiments.Result {
	r := bookshop()
	r.Command, r.Scenario.Name = "headroom simulate worldwide.yaml", "Worldwide, two regions"
	r.Assumptions = []string{"The machines of api are from a built-in list, since the file has no `machines`: 2-cpu (2 cores, 4GB, 750Mbps, $0.08/h)."}
	r.Warnings = nil
	r.Regions = map[string]experiments.RegionResult{
		"us":   {Latency: exponential(.0142, 1_438_000, true), ErrorRate: .0004},
		"eu":   {Latency: exponential(.0311, 959_578, true), ErrorRate: .0017},
		"mars": {Latency: none(), ErrorRate: experiments.None}, // nobody is there
	}
	r.Requests["stock"] = experiments.ClassResult{Latency: none(), Done: none(), ErrorRate: experiments.None} // what checkouts call
	delete(r.Sources, "mobile")
	web := r.Sources["web"]
	web.Cache = &experiments.CacheResult{Hits: 300_000, Misses: 900_000, HitRatio: .25, LiveMean: experiments.None, Bytes: experiments.None}
	r.Sources["web"] = web
	r.Answered = append([]experiments.Answered{{By: experiments.ByBrowsers, Share: .25, Latency: exponential(.0001, 600_000, false)}}, r.Answered...)
	api := r.Nodes["api"]
	api.Resources["network"], api.Resources["memory"] = resource(12e9, .9112, .0043, 12), memory(64e9, .41)
	r.Nodes["api"] = api
	r.SLO[0].Target, r.SLO[0].Met = "p99 < 80ms", false
	r.Bottleneck = experiments.Bottleneck{Node: "api", Resource: "network", Class: "network", Utilization: .9112, SaturatesAt: 10_975,
		Evidence: "api's network, 12Gbps in all, is busy 91.1% of the time, and requests wait 4.3ms on average."}
	r.WhereTime = append([]experiments.TimeShare{{Node: "api", Resource: "network", Part: "wait", Share: .31, TailShare: .62},
		{Node: "db", Part: "network", Share: .22, TailShare: .1}, {Node: "api", Resource: "network", Part: "service", Share: .1, TailShare: .04}}, r.WhereTime[:2]...)
	return r
}

// sharded is a database whose shards are not alike, and have too little memory for what they are asked.
func sharded() *experiments.Result {
	r := station()
	r.Command, r.Scenario.Name = "headroom simulate shards.yaml", "A hot shard"
	desk := r.Nodes["desk"]
	desk.Resources = map[string]experiments.Resource{"servers": resource(1, .31, .001, .1)}
	db := node("database", 6, 80.03, .0094, map[string]experiments.Resource{"cpu": resource(48, .0314, .0002, .1), "disk": resource(6, .6213, .0071, 11), "memory": memory(48e9, 1)})
	disk, stale := db.Resources["disk"], num(.0021)
	disk.Busiest = &experiments.Busiest{Instance: "db/1", Utilization: .9312}
	db.Resources["disk"], db.StaleReads = disk, &stale
	db.Cache = &experiments.CacheResult{Hits: 310_000, Misses: 930_000, HitRatio: .25, LiveMean: 100_000, Bytes: 2e8, Evictions: 829_000}
	for i, share := range []num{.21, .34, .2, .08, .1, .07} {
		name := fmt.Sprintf("db/%d", i)
		if i > 2 {
			name = fmt.Sprintf("db/%d/replica-1", i-3)
		}
		db.Shards = append(db.Shards, experiments.Shard{Name: name, Share: share, Utilization: 2.74 * share})
	}
	db.HotKeys = []experiments.HotKey{{Key: "books/0", Share: .061}, {Key: "books/1", Share: .03}, {Key: "books/2", Share: .02}, {Key: "books/3", Share: .015}}
	r.Nodes["desk"], r.Nodes["db"], r.NodeOrder = desk, db, []string{"desk", "db"}
	r.SLO[0].Target, r.SLO[0].Met = "p99 < 200ms", false
	r.Bottleneck = experiments.Bottleneck{Node: "db", Resource: "disk", Class: "shard", Utilization: .9312, SaturatesAt: 85.95,
		Evidence: "db/1's disks are busy 93.1% of the time, those of a shard on average 62.1%: it gets 34% of the queries, and its hottest key, books/0, alone is 6.1% of those by key."}
	r.WhereTime = []experiments.TimeShare{{Node: "db", Resource: "disk", Part: "wait", Share: .61, TailShare: .82}, {Node: "db", Resource: "disk", Part: "service", Share: .39, TailShare: .18}}
	return r
}

func memory(capacity, utilization num) experiments.Resource {
	return experiments.Resource{Capacity: capacity, Utilization: utilization, Wait: experiments.Wait{Mean: experiments.None, P99: experiments.None}, PWait: experiments.None}
}

func saturated() *experiments.Result {
	r := bookshop()
	r.Saturated = true
	r.Command = "headroom simulate bookshop.yaml --rate 15k"
	r.Warnings = []string{"Offered load is above capacity: what is called latency here only says how long the run was."}
	r.Load = experiments.Load{Asked: 15_000, Offered: 15_002, Completed: 11_470, Goodput: 11_401,
		CI95: &experiments.LoadCI95{Offered: experiments.Interval{14_990, 15_014}, Goodput: experiments.Interval{11_390, 11_412}}}
	r.Outcomes = experiments.Outcomes{OK: 2_736_240, Overloaded: 16_560, InFlight: 847_680}
	db := r.Nodes["db"]
	db.Resources = map[string]experiments.Resource{"cpu": resource(16, .99998, 12.4, 42_000), "connections": resource(100, 1, 9, 39_000)}
	r.Nodes["db"] = db
	r.SLO = []experiments.Target{{Target: "p99 < 250ms", Value: experiments.None, Met: false, Unit: "seconds"},
		{Target: "errors < 0.1%", Value: .00602, CI95: bothEnds(.0058, .0062), Met: false, Unit: "share"},
		{Target: "goodput > 9k/s", Value: 11_401, CI95: bothEnds(11_390, 11_412), Met: true, Unit: "per_second"}}
	r.Bottleneck.Utilization = .99998
	r.Bottleneck.Evidence = "db's 16 cores are busy all the time, and the queue for them grows by 3.53k queries every second"
	return r
}

func partial() *experiments.Result {
	r := station()
	r.Partial = true
	r.Run.Replications, r.Run.SimulatedSeconds, r.Run.Requests = 2, 812.4, 130_112
	r.Warnings = []string{"Interrupted: 2 of 4 replications were finished."}
	return r
}

func missed() *experiments.Result {
	r := bookshop()
	r.SLO[0] = experiments.Target{Target: "p99 < 80ms", Value: .0976, CI95: bothEnds(.0948, .1004), Met: false, Unit: "seconds"}
	r.Bottleneck = experiments.Bottleneck{Node: "api", Resource: "cpu", Class: "cpu", Utilization: .941, SaturatesAt: 10_627}
	api := r.Nodes["api"]
	cpu := resource(64, .941, .0121, 120.9)
	cpu.Busiest = &experiments.Busiest{Instance: "api-12", Utilization: .9991}
	cpu.Utilization = .8511
	api.Resources["cpu"] = cpu
	r.Nodes["api"] = api
	return r
}

func single() *experiments.Result {
	r := station()
	r.Run.Replications = 1
	r.Load.CI95, r.Latency.CI95 = nil, nil
	for i := range r.SLO {
		r.SLO[i].CI95 = nil
	}
	r.Warnings = []string{"One replication has no interval: nobody can say how far these figures are from the truth."}
	return r
}

func nothing() *experiments.Result {
	r := station()
	r.Run.Requests, r.Run.Events = 0, 12
	n := experiments.None
	r.Load = experiments.Load{Asked: 80, Offered: 0, Completed: 0, Goodput: 0}
	r.Outcomes, r.Latency, r.ErrorRate = experiments.Outcomes{}, none(), n
	r.Requests = map[string]experiments.ClassResult{"request": {Share: n, Latency: none(), Done: none(), ErrorRate: n}}
	r.Sources = map[string]experiments.SourceResult{"users": {Latency: none(), ErrorRate: n}}
	r.Nodes["desk"] = experiments.NodeResult{Kind: "station", Instances: 1, Latency: none(), Own: experiments.Own{Mean: n, P99: n},
		Resources: map[string]experiments.Resource{"servers": {Capacity: 1, Wait: experiments.Wait{Mean: n, P99: n}, PWait: n}}}
	r.SLO[0].Value, r.SLO[0].CI95, r.SLO[0].Met = n, nil, false
	r.SLO[1].Value, r.SLO[1].CI95, r.SLO[1].Met = n, nil, false
	r.Bottleneck = experiments.Bottleneck{Class: "none", Utilization: n, SaturatesAt: n}
	r.WhereTime, r.Warnings = nil, []string{"No request ended in the measured time."}
	return r
}

func unlimited() *experiments.Result {
	r := station()
	r.Nodes["desk"] = node("station", 1, 80.039, .01, map[string]experiments.Resource{"servers": resource(experiments.None, experiments.None, 0, 0)})
	r.Latency = exponential(.01, 800_396, true)
	r.Bottleneck = experiments.Bottleneck{Class: "none", Utilization: experiments.None, SaturatesAt: experiments.None}
	r.WhereTime = r.WhereTime[1:]
	r.WhereTime[0].Share, r.WhereTime[0].TailShare = 1, 1
	return r
}

// longNames has what an author can do to a page: names that are long, wide, full of signs, or hostile.
func longNames() *experiments.Result {
	r := bookshop()
	r.Scenario.Name = "A scenario | with a *name*\nof `two` lines \x1b[31m and <b>more</b> words than any heading needs, going on and on past every margin"
	order := []string{}
	nodes := map[string]experiments.NodeResult{}
	for i, old := range r.NodeOrder {
		name := fmt.Sprintf("%s-the|node-with-a-name-that-nobody-would-want-to-type-%d", old, i)
		order, nodes[name] = append(order, name), r.Nodes[old]
	}
	classes := map[string]experiments.ClassResult{}
	for name, c := range r.Requests {
		classes[name+"-as-seen-by-customers-of-the-premium-plan-in-europe"] = c
	}
	r.NodeOrder, r.Nodes, r.Requests = order, nodes, classes
	r.Bottleneck.Node = order[2]
	r.Bottleneck.Evidence = "the 16 cores of the node are busy"
	r.WhereTime[0].Node = order[2]
	r.SLO[0].Target = "checkout-as-seen-by-customers-of-the-premium-plan-in-europe-and-everywhere-else.done.p99 < 250ms"
	r.Warnings = []string{"See " + fmt.Sprintf("%0120d", 7) + " for a word longer than a line."}
	return r
}

func closedLoop() *experiments.Result {
	r := station()
	r.Command = "headroom simulate 'my files/mm1.yaml' --set \"traffic.users.users=500\""
	r.Load.Asked = experiments.None
	r.Nodes["desk"] = node("server", 1, 80.039, .05, map[string]experiments.Resource{"cpu": resource(2, .9942, .04, 3.2), "concurrency": resource(50, .9942, 1, 9)})
	r.Bottleneck = experiments.Bottleneck{Node: "desk", Resource: "cpu", Class: "cpu", Utilization: .9942, Evidence: "desk's 2 cores are busy 99.4% of the time", SaturatesAt: experiments.None}
	return r
}
