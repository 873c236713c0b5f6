package experiments

import (
	"cmp"
	"context"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"headroom/models"
	"headroom/scenarios"
	"headroom/sim"
)

// summarize turns the replications into a result. Everything is summed in the order of the replications, so that the bytes do not
// depend on which ended first.
func summarize(ctx context.Context, l *scenarios.Loaded, reps []*replication, p plan, precision *PrecisionInfo) *Result {
	r := tally(l, reps, p)
	r.Run.Precision = precision
	buckets := bucketsOf(reps)
	r.Series = seriesOf(l.Architecture, reps[0].b, buckets)
	r.recover(l.Architecture, buckets)
	r.addMoves(l.Architecture, reps)
	r.whereTime(reps)
	r.judge(l.Architecture)
	r.findBottleneck(ctx, l.Architecture, reps)
	r.doubtSettling(p)
	r.doubt(l.Architecture, reps)
	r.bill(l.Architecture, reps)
	r.compareObserved(l.Architecture)
	return r
}

// tally is the part of a result that the SLO is about: load, outcomes, latencies and nodes.
func tally(l *scenarios.Loaded, reps []*replication, p plan) *Result {
	r := &Result{Headroom: 1, Assumptions: append([]string{}, l.Assumptions()...), Warnings: []string{}}
	r.Scenario = ScenarioInfo{Name: l.Name, File: l.File, SHA256: l.SHA256, Source: l.Source}
	for _, w := range l.Warnings {
		r.Warnings = append(r.Warnings, w.Message)
		r.Scenario.Warnings = append(r.Scenario.Warnings, w.Message)
	}
	r.measure(l.Architecture, reps, p)
	return r
}

// measure fills in what the replications counted and timed: load, outcomes, latencies, nodes and edges.
func (r *Result) measure(a *models.Architecture, reps []*replication, p plan) {
	r.Run = RunInfo{Seed: a.Run.Seed, Replications: len(reps), WarmupSeconds: Num(p.warmup.Seconds())}
	seconds := 0.0
	for _, rep := range reps {
		seconds += rep.seconds
		r.Run.Events += rep.totals.Events
		r.Run.Requests += rep.totals.Requests
		r.Saturated = r.Saturated || rep.saturated
	}
	r.Run.SimulatedSeconds = Num(seconds / float64(len(reps)))
	r.load(a, p, reps, seconds)
	r.ends(a, reps)
	r.Nodes = map[string]NodeResult{}
	r.NodeOrder = reps[0].b.Nodes
	r.answered(a, reps)
	r.regions(a, reps)
	for i := range r.NodeOrder {
		r.Nodes[r.NodeOrder[i]] = nodeResult(a, reps, i, seconds)
	}
	r.edges(a, reps, seconds)
	r.attempts(reps)
}

func (r *Result) load(a *models.Architecture, p plan, reps []*replication, seconds float64) {
	var offered, goodput []float64
	var all sim.Totals
	for _, rep := range reps {
		offered = append(offered, float64(rep.totals.Requests)/rep.seconds)
		goodput = append(goodput, float64(rep.totals.Ended[sim.OK])/rep.seconds)
		all.Requests += rep.totals.Requests
		for o, n := range rep.totals.Ended {
			all.Ended[o] += n
		}
	}
	completed := int64(0)
	for _, n := range all.Ended {
		completed += n
	}
	r.Load = Load{
		Asked: asked(a, p), Offered: Num(float64(all.Requests) / seconds),
		Completed: Num(float64(completed) / seconds), Goodput: Num(float64(all.Ended[sim.OK]) / seconds),
	}
	if len(reps) > 1 {
		r.Load.CI95 = &LoadCI95{interval(float64(r.Load.Offered), offered), interval(float64(r.Load.Goodput), goodput)}
	}
}

// asked is the rate that the open sources are asked for, on average over the measured time.
func asked(a *models.Architecture, p plan) Num {
	if a.Staged() == 0 && !a.Surges() {
		return Num(a.Asked())
	}
	sum := 0.0
	for i := range a.Traffic {
		if t := &a.Traffic[i].Value; t.Open() || t.Batch != nil {
			sum += a.Expected(i, p.warmup, p.warmup+p.measured, p.warmup)
		}
	}
	return Num(sum / p.measured.Seconds())
}

// interval is the 95% confidence interval around an estimate, from independent replications.
func interval(estimate float64, reps []float64) Interval {
	h := studentHalf(reps, 0.95)
	return Interval{Num(estimate - h), Num(estimate + h)}
}

// studentHalf is half the width of a confidence interval of the mean of some replications (Student's t; Law, Simulation Modeling and
// Analysis, 5th ed., ch. 9.4).
func studentHalf(reps []float64, confidence float64) float64 {
	n := float64(len(reps))
	mean, squares := 0.0, 0.0
	for _, x := range reps {
		mean += x / n
	}
	for _, x := range reps {
		squares += (x - mean) * (x - mean)
	}
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: n - 1}.Quantile((1 + confidence) / 2)
	return t * math.Sqrt(squares/(n-1)/n)
}

// latencyOf sums up the same histogram of every replication.
func latencyOf(hs []*sim.Histogram, precision uint) Latency {
	all := sim.NewHistogram(precision)
	var means, p50s, p99s []float64
	for _, h := range hs {
		all.Merge(h)
		if h.Count() > 0 {
			means = append(means, h.Mean()/1e9)
			p50s = append(p50s, h.Quantile(.5)/1e9)
			p99s = append(p99s, h.Quantile(.99)/1e9)
		}
	}
	q := func(x float64) Num { return Num(all.Quantile(x) / 1e9) }
	lat := Latency{
		Mean: Num(all.Mean() / 1e9), P50: q(.5), P90: q(.9), P95: q(.95), P99: q(.99), P999: q(.999),
		Min: Num(all.Min() / 1e9), Max: Num(all.Max() / 1e9), Count: all.Count(),
	}
	if len(means) > 1 {
		lat.CI95 = &LatencyCI95{
			interval(float64(lat.Mean), means), interval(float64(lat.P50), p50s), interval(float64(lat.P99), p99s),
		}
	}
	return lat
}

// ends fills in outcomes and latencies: of all, by class and by source.
func (r *Result) ends(a *models.Architecture, reps []*replication) {
	all := func(source, class int) bool { return true }
	r.Latency, _, r.Outcomes, r.ErrorRate = cells(a, reps, all)
	offered := total(r.Outcomes)
	r.Requests, r.Sources = map[string]ClassResult{}, map[string]SourceResult{}
	for k, name := range a.Classes {
		var c ClassResult
		c.Latency, c.Done, c.Outcomes, c.ErrorRate = cells(a, reps, func(_, class int) bool { return class == k })
		c.Share = Num(float64(total(c.Outcomes)) / float64(offered))
		r.Requests[name] = c
	}
	for k, t := range a.Traffic {
		var s SourceResult
		s.Latency, _, s.Outcomes, s.ErrorRate = cells(a, reps, func(source, _ int) bool { return source == k })
		s.Cache = browserResult(reps, k)
		r.Sources[t.Key] = s
	}
}

// answered divides the requests that asked a cache by which had what they asked for, the caches in the order in which they are asked.
func (r *Result) answered(a *models.Architecture, reps []*replication) {
	asked := Num(0)
	for layer := range reps[0].layers {
		if layer == 0 {
			continue // asked none
		}
		var hs []*sim.Histogram
		for _, rep := range reps {
			hs = append(hs, rep.layers[layer])
		}
		by := ""
		if layer > 1 {
			by = reps[0].b.Layers[layer-2]
		}
		one := Answered{By: by, Latency: latencyOf(hs, sim.Coarse)}
		asked += Num(one.Latency.Count)
		r.Answered = append(r.Answered, one)
	}
	depth := map[string]int{"": math.MaxInt, ByBrowsers: -1} // past all of them comes last
	for i, d := range a.Depths() {
		depth[r.NodeOrder[i]] = d
	}
	slices.SortStableFunc(r.Answered, func(x, y Answered) int { return cmp.Compare(depth[x.By], depth[y.By]) })
	for i := range r.Answered {
		r.Answered[i].Share = Num(r.Answered[i].Latency.Count) / asked
	}
}

// cells merges the cells that of picks.
func cells(a *models.Architecture, reps []*replication, of func(source, class int) bool) (lat, done Latency, out Outcomes, errors Num) {
	var ended [sim.Outcomes]int64
	var ok, background []*sim.Histogram
	for _, rep := range reps {
		var hs, ds []*sim.Histogram
		for i := range rep.cells {
			c := &rep.cells[i]
			if !of(i/len(a.Classes), i%len(a.Classes)) {
				continue
			}
			hs = append(hs, c.Latency())
			if c.Done != nil {
				ds = append(ds, c.Done)
			}
			for o, n := range c.Ended {
				ended[o] += n
			}
			out.InFlight += c.InFlight()
		}
		ok = append(ok, merged(hs))
		if ds != nil {
			background = append(background, merged(ds))
		}
	}
	out.OK, out.RateLimited, out.Overloaded = ended[sim.OK], ended[sim.RateLimited], ended[sim.Overloaded]
	out.Timeout, out.Unavailable, out.Failed = ended[sim.TimedOut], ended[sim.Unavailable], ended[sim.Failed]
	finished := total(out) - out.InFlight
	lat = latencyOf(ok, sim.Fine)
	if done = lat; background != nil {
		done = latencyOf(background, sim.Fine)
	}
	return lat, done, out, Num(float64(finished-out.OK) / float64(finished))
}

// merged returns one histogram of several; a single one is not copied.
func merged(hs []*sim.Histogram) *sim.Histogram {
	if len(hs) == 1 {
		return hs[0]
	}
	all := sim.NewHistogram(sim.Fine)
	for _, h := range hs {
		all.Merge(h)
	}
	return all
}

func total(o Outcomes) int64 {
	return o.OK + o.RateLimited + o.Overloaded + o.Timeout + o.Unavailable + o.Failed + o.InFlight
}

func (r *Result) edges(a *models.Architecture, reps []*replication, seconds float64) {
	for i, e := range reps[0].edges {
		if _, within := reps[0].b.ClientsOf(e.To); within { // a client asks itself to send
			continue
		}
		from := ""
		if e.From < 0 {
			from = a.Traffic[-1-e.From].Key
		} else {
			from = r.NodeOrder[e.From]
		}
		var calls, errors, bytes, back int64
		for _, rep := range reps {
			calls += rep.edges[i].Calls
			bytes += rep.edges[i].Bytes
			back += rep.edges[i].Back
			errors += rep.edges[i].Errors
		}
		r.Edges = append(r.Edges, Edge{From: from, To: r.NodeOrder[e.To], Rate: Num(float64(calls) / seconds), Bytes: Num(float64(bytes) / seconds), Errors: errors, back: Num(float64(back) / seconds)})
	}
}
