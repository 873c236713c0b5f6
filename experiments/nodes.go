package experiments

import (
	"math"

	"headroom/models"
	"headroom/sim"
)

func nodeResult(a *models.Architecture, reps []*replication, i int, seconds float64) NodeResult {
	all := reps[0].nodes[i].Clone()
	latencies := []*sim.Histogram{reps[0].nodes[i].Latency}
	for _, rep := range reps[1:] {
		all.Merge(&rep.nodes[i])
		latencies = append(latencies, rep.nodes[i].Latency)
	}
	b := reps[0].b
	n := NodeResult{
		Kind: a.Nodes[i].Value.Kind, Instances: int(math.Round(meanInstances(reps, i))),
		Throughput: Num(float64(all.Ended[sim.OK]) / seconds),
		Errors:     map[string]int64{}, Resources: map[string]Resource{}, Requests: map[string]NodeClassResult{},
		Latency: latencyOf(latencies, sim.Coarse),
		Own:     Own{Num(all.Own.Mean() / 1e9), Num(all.Own.Quantile(.99) / 1e9)},
		InSystem: InSystem{Num(all.Present.Mean()), Num(all.Present.SD()),
			all.Present.Quantile(.99), all.Present.Quantile(.999), all.Present.Max()},
	}
	for o := sim.RateLimited; o < sim.Outcomes; o++ {
		if all.Ended[o] > 0 {
			n.Errors[o.String()] = all.Ended[o]
		}
	}
	for k, r := range b.Resources[i] {
		res := resourceResult(a.Nodes[i].Key, reps, i, k, seconds)
		if r.Name == models.NetworkResource { // in and out: the busier direction speaks
			res.Capacity *= Num(*a.Nodes[i].Value.Network())
			if other, has := n.Resources[r.Name]; has && other.Utilization >= res.Utilization {
				continue
			}
		}
		n.Resources[r.Name] = res
	}
	if m, ok := a.MemoryOf(i); ok {
		n.Resources["memory"] = n.Resources["memory"].inBytes(m, n.Instances)
	}
	if perInstance, ok := a.PagesOf(i); ok {
		n.Resources["memory"] = pages(perInstance, n.Instances)
	}
	n.ConcurrencyLimit = concurrencyLimit(reps, i)
	n.Sized = sizedResult(a, i)
	n.addInstances(reps, i)
	n.addQueues(reps, i)
	n.Queue = queueResult(reps, uint32(i), seconds)
	n.addShards(a.Nodes[i].Key, reps, i)
	n.addHotKeys(a, reps, i)
	n.Cache = cacheResult(reps, uint32(i))
	if n.Cache != nil && n.Cache.memory > 0 {
		n.Resources["memory"] = Resource{Capacity: n.Cache.memory, Utilization: n.Cache.Bytes / n.Cache.memory, Wait: Wait{None, None}, PWait: None}
	}
	for k, l := range b.Limits[i] {
		n.Resources[l.Name] = limitResult(reps, limited{i, k}, seconds)
	}
	for k := range all.Class {
		c := &all.Class[k]
		n.Requests[a.Classes[k]] = NodeClassResult{
			Throughput:  Num(float64(c.Ended) / seconds),
			Own:         Own{Num(c.Own.Mean() / 1e9), Num(c.Own.Quantile(.99) / 1e9)},
			Utilization: classUtilization(reps, i, k, n),
		}
	}
	return n
}

// meanInstances returns how many instances a node had on average over the measured time.
func meanInstances(reps []*replication, node int) float64 {
	existed, seconds := 0.0, 0.0
	for _, rep := range reps {
		existed, seconds = existed+rep.existed[node], seconds+rep.seconds
	}
	return existed / seconds
}

// addQueues adds to a worker what waits for it in its queues.
func (n *NodeResult) addQueues(reps []*replication, worker int) {
	age := sim.NewHistogram(sim.Coarse)
	places, limited := n.Resources["concurrency"]
	for _, q := range reps[0].b.QueuesOf(worker) {
		for _, rep := range reps {
			age.Merge(rep.queues[q].Age)
		}
		depth := queueResult(reps, uint32(q), 0)
		places.Queue.Mean += depth.DepthMean
		places.Queue.Max = max(places.Queue.Max, depth.DepthMax)
	}
	if n.jobsWait = Num(age.Mean() / 1e9); limited {
		n.Resources["concurrency"] = places
	}
}

// queueResult adds up what the replications counted at a queue; nil if the node is none.
func queueResult(reps []*replication, node uint32, seconds float64) *QueueResult {
	if _, ok := reps[0].b.QueueStats(node); !ok {
		return nil
	}
	all := models.QueueStats{Age: sim.NewHistogram(sim.Coarse)}
	for _, rep := range reps {
		all.Add(&rep.queues[node])
	}
	return &QueueResult{
		DepthMean: Num(all.Depth.Mean()), DepthMax: all.Depth.Max(), BytesMean: Num(all.Held / seconds / 1e9), BytesMax: all.Most,
		AgeMean: Num(all.Age.Mean() / 1e9), AgeP99: Num(all.Age.Quantile(.99) / 1e9),
		Published: all.Published, Delivered: all.Delivered, Redelivered: all.Repeated, Dead: all.Dead,
	}
}

// browserResult adds up what the replications counted at the clients of a source; nil if these keep nothing.
func browserResult(reps []*replication, source int) *CacheResult {
	c := CacheResult{LiveMean: None, Bytes: None} // what they keep is not followed over time
	if _, any := reps[0].b.BrowserStats(source); !any {
		return nil
	}
	for _, rep := range reps {
		s := rep.browsers[source]
		c.Hits, c.Misses, c.Evictions = c.Hits+s.Hits, c.Misses+s.Misses, c.Evictions+s.Evictions
	}
	c.HitRatio = Num(float64(c.Hits) / float64(c.Hits+c.Misses))
	return &c
}

// cacheResult adds up what the replications counted at a cache; nil if the node is none.
func cacheResult(reps []*replication, node uint32) *CacheResult {
	if _, ok := reps[0].b.CacheStats(node); !ok {
		return nil
	}
	var c CacheResult
	for _, rep := range reps {
		s := rep.caches[node]
		c.Hits, c.Misses, c.Coalesced, c.Evictions = c.Hits+s.Hits, c.Misses+s.Misses, c.Coalesced+s.Coalesced, c.Evictions+s.Evictions
		c.LiveMean += Num(s.LiveMean / float64(len(reps)))
		c.Bytes, c.memory = c.Bytes+Num(s.Bytes/float64(len(reps))), Num(s.Memory)
	}
	c.HitRatio = Num(float64(c.Hits) / float64(c.Hits+c.Misses))
	return &c
}

// classUtilization is a class's part of the utilization: by the service that it was given.
func classUtilization(reps []*replication, node, class int, n NodeResult) Num {
	if rs := reps[0].b.Resources[node]; len(rs) == 0 || rs[0].Name == models.NetworkResource {
		return None
	}
	var own, all sim.Time
	for _, rep := range reps {
		for k, w := range rep.resources[node][0].classWork {
			all += w
			if k == class {
				own += w
			}
		}
	}
	return n.Resources[reps[0].b.Resources[node][0].Name].Utilization * Num(float64(own)/float64(all))
}

// limitResult is a rate that a node allows, and the queue before it, if there is one. The capacity of limits without number is not known.
func limitResult(reps []*replication, l limited, seconds float64) Resource {
	res := Resource{Capacity: None, Utilization: None, Wait: Wait{None, None}, PWait: None}
	if perSecond := reps[0].limits[l.node][l.limit].PerSecond; !math.IsInf(perSecond, 0) {
		res.Capacity, res.Utilization = Num(perSecond), Num(l.utilization(reps))
	}
	if reps[0].limits[l.node][l.limit].Queue == nil {
		return res
	}
	wait := sim.NewHistogram(sim.Coarse)
	delayed, waiting := 0.0, 0.0
	for _, rep := range reps {
		q := rep.limits[l.node][l.limit].Queue
		wait.Merge(q.Wait)
		delayed, waiting = delayed+float64(q.Delayed), waiting+q.Area
		res.Queue.Max = max(res.Queue.Max, q.Max)
	}
	res.Wait = Wait{Num(wait.Mean() / 1e9), Num(wait.Quantile(.99) / 1e9)}
	res.PWait = Num(delayed / float64(wait.Count()))
	res.Queue.Mean = Num(waiting / seconds / 1e9)
	return res
}

func resourceResult(node string, reps []*replication, i, k int, seconds float64) Resource {
	wait := sim.NewHistogram(sim.Coarse)
	var asked, delayed int64
	stations := len(reps[0].b.Resources[i][k].Spoken())
	busy := make([]float64, stations)
	var res Resource
	waiting := 0.0
	for _, rep := range reps {
		f := rep.resources[i][k]
		wait.Merge(f.wait)
		asked, delayed = asked+f.asked, delayed+f.delayed
		for j, s := range f.stations {
			if j < stations {
				busy[j] += s.Busy
			}
			waiting += s.Waiting
			res.Queue.Max = max(res.Queue.Max, s.MaxWaiting)
		}
	}
	time := seconds * 1e9
	res.Wait = Wait{Num(wait.Mean() / 1e9), Num(wait.Quantile(.99) / 1e9)}
	res.PWait = Num(float64(delayed) / float64(asked))
	res.Queue.Mean = Num(waiting / time)
	servers := reps[0].b.Resources[i][k].Stations[0].Servers()
	if servers == sim.Unlimited {
		res.Capacity, res.Utilization = None, None
		return res
	}
	there := 0.0
	for _, rep := range reps {
		there += station{i, k}.existed(rep)
	}
	res.Capacity = Num(float64(servers) * there / seconds)
	res.Utilization = Num(station{i, k}.mean(reps))
	res.Wasted = wasted(reps, i, k)
	if stations > 1 {
		best := 0
		for j := range busy {
			if busy[j] > busy[best] {
				best = j
			}
		}
		res.Busiest = &Busiest{instanceName(node, &reps[0].parts[i], best), Num(busy[best] / time / float64(servers))}
	}
	return res
}
