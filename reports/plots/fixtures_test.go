package plots

import (
	"fmt"
	"math"

	"headroom/experiments"
)

func latency(mean float64, n int64) experiments.Latency {
	q := func(p float64) num { return num(-mean * math.Log(1-p)) }
	around := func(v num, part num) experiments.Interval {
		return experiments.Interval{v * (1 - part), v * (1 + part)}
	}
	l := experiments.Latency{Mean: num(mean), P50: q(.5), P90: q(.9), P95: q(.95), P99: q(.99), P999: q(.999), Min: num(mean / 1e5), Max: q(1 - 1/float64(n)), Count: n}
	l.CI95 = &experiments.LatencyCI95{Mean: around(l.Mean, .02), P50: around(l.P50, .02), P99: around(l.P99, .08)}
	return l
}

func nodeName(i int) string {
	if i < 4 {
		return []string{"api", "db", "cache", "queue"}[i]
	}
	return fmt.Sprintf("service-with-a-long-name-%d", i)
}

// station is a run of many M/M/1 queues with service times of 1 ms, of which the first is the busiest.
func station(rate float64, nodes, buckets int) *experiments.Result {
	r := &experiments.Result{Headroom: 1, Nodes: map[string]experiments.NodeResult{}, Load: experiments.Load{Asked: num(rate), Offered: num(rate), Completed: num(rate), Goodput: num(.99 * rate)},
		Cost: experiments.Cost{PerMonth: num(200 + rate), PerMillionRequests: num((200 + rate) / rate / 2.628)}}
	r.Load.CI95 = &experiments.LoadCI95{Goodput: experiments.Interval{num(.97 * rate), num(1.01 * rate)}}
	r.Series = experiments.Series{BucketSeconds: 1, Nodes: map[string]experiments.NodeSeries{}}
	capacity := 1000.0
	r.Saturated = rate >= capacity
	r.Latency = latency(1/max(capacity-rate, 1), 123_456)
	wave := func(i, phase int) num { return num(1 + math.Sin(float64(i+phase)/3)/3) }
	for i := range buckets {
		r.Series.T = append(r.Series.T, num(i))
		r.Series.Offered, r.Series.Goodput = append(r.Series.Offered, num(rate)*wave(i, 0)), append(r.Series.Goodput, num(rate)*wave(i, 1)*.9)
		r.Series.Errors = append(r.Series.Errors, num(rate)*wave(i, 2)*.1)
		r.Series.P50, r.Series.P99 = append(r.Series.P50, r.Latency.P50*wave(i, 0)), append(r.Series.P99, r.Latency.P99*wave(i, 5))
	}
	for i := range nodes {
		used := num(min(1, rate/capacity/(1+float64(i)/4)))
		n := experiments.NodeResult{Kind: "server", Instances: 1 + i%3, Resources: map[string]experiments.Resource{
			"cpu": {Capacity: 4, Utilization: used, Busiest: &experiments.Busiest{Instance: nodeName(i) + "-1", Utilization: min(1, used*1.1)}}}}
		if i == 1 {
			n.Kind = "database"
			for k := range 3 {
				n.Shards = append(n.Shards, experiments.Shard{Name: fmt.Sprintf("db/%d", k), Share: num(.5 - .16*float64(k)), Utilization: used * num(1-.3*float64(k))})
			}
		}
		r.Nodes[nodeName(i)], r.NodeOrder = n, append(r.NodeOrder, nodeName(i))
		var s experiments.NodeSeries
		for k := range buckets {
			s.CPU, s.Queue = append(s.CPU, min(1, used*wave(k, i))), append(s.Queue, 10*used*used*wave(k, 2*i))
			s.Instances = append(s.Instances, num(1+i%3+k/10))
		}
		r.Series.Nodes[nodeName(i)] = s
		r.WhereTime = append(r.WhereTime, experiments.TimeShare{Node: nodeName(i), Resource: "cpu", Part: []string{"service", "wait"}[i%2]})
	}
	total, tail := num(0), num(0)
	for i := range r.WhereTime {
		r.WhereTime[i].Share, r.WhereTime[i].TailShare = 1/num(i+1), 1/num((nodes-i)*(nodes-i))
		total, tail = total+r.WhereTime[i].Share, tail+r.WhereTime[i].TailShare
	}
	for i := range r.WhereTime {
		r.WhereTime[i].Share /= total
		r.WhereTime[i].TailShare /= tail
	}
	if r.Saturated {
		r.WhereTime = nil
	}
	hit := num(.6 * min(1, rate/capacity))
	r.Answered = []experiments.Answered{{By: "browser_cache", Share: .1}, {By: "cdn", Share: hit}, {By: "", Share: .9 - hit}}
	r.Requests = map[string]experiments.ClassResult{"read": {Latency: latency(.5/max(capacity-rate, 1), 98_765)}, "save": {Latency: latency(3/max(capacity-rate, 1), 24_691)}}
	r.Events = []experiments.EventResult{{At: 3, For: 4, What: "kill db/1"}, {At: 4, For: experiments.None, What: "surge users 4x"}, {At: 4.5, For: 0, What: "flush a cache with a name that is rather long"}}
	r.SLO = []experiments.Target{{Target: "p99 < 250ms", Unit: "seconds"}, {Target: "errors < 1%", Unit: "share"}}
	r.Bottleneck = experiments.Bottleneck{Node: "api", Resource: "cpu", Utilization: num(min(1, rate/capacity)), SaturatesAt: num(capacity)}
	return r
}

// swept has so many rates, of which the last two are saturated where there are three or more.
func swept(points, nodes int) *experiments.Sweep {
	s := &experiments.Sweep{Headroom: 1, Kind: "sweep"}
	for i := range points {
		rate := 10 * math.Pow(98, float64(i)/max(1, float64(points-3)))
		if over := i - (points - 3); over > 0 && points > 2 {
			rate = 1200 * math.Pow(4, float64(over-1))
		}
		r := station(rate, nodes, 0)
		for k, name := range r.NodeOrder {
			if n := r.Nodes[name]; k%2 == 0 {
				n.Instances = 1 + i*(k+1)/2
				n.Sized = &experiments.SizedResult{Instances: n.Instances}
				r.Nodes[name] = n
			}
		}
		s.Points = append(s.Points, experiments.Point{Rate: num(rate), Saturated: r.Saturated, Result: r})
	}
	if points > 2 {
		s.Capacity = &experiments.Capacity{Rate: 985, CI95: &experiments.Interval{960, 1010}, Limit: "p99 < 250ms"}
		s.Knee = &experiments.Knee{Rate: 500, CI95: &experiments.Interval{480, 520}}
	}
	return s
}

func difference(of, metric string, relative, half num, verdict string) experiments.Difference {
	return experiments.Difference{Case: of, Metric: metric, Relative: relative, CI95: &experiments.Interval{relative - half, relative + half}, Verdict: verdict}
}

// compared are so many cases at one load, the last one saturated.
func compared(cases int) *experiments.Comparison {
	c := &experiments.Comparison{Headroom: 1, Kind: "comparison", Baseline: "today", Compared: new(experiments.Compared)}
	for i := range cases {
		name, rate := "today", 100+800/float64(i+1)
		if i > 0 {
			name = fmt.Sprintf("today, %d times as large and with a longer name", i+1)
		}
		if i == cases-1 {
			rate = 1000
		}
		k := experiments.ComparedCase{Name: name, Result: station(rate, 2, 0), Capacity: &experiments.Capacity{Rate: num(1000 * (i + 1)), CI95: &experiments.Interval{num(940 * (i + 1)), num(1060 * (i + 1))}}}
		if i == 1 {
			k.Capacity = &experiments.Capacity{Rate: experiments.None, Above: 5000}
		}
		c.Cases = append(c.Cases, k)
		if i > 0 {
			c.Differences = append(c.Differences, difference(name, "p99", -.9/num(i), .05, experiments.Lower), difference(name, "goodput", .01, .02, experiments.NoDifference),
				difference(name, "cost_per_month", num(i)*.3, 0, experiments.Higher))
		}
	}
	return c
}

// comparedOver are cases at several rates.
func comparedOver(cases, rates int) *experiments.Comparison {
	c := &experiments.Comparison{Headroom: 1, Kind: "comparison", Baseline: "today"}
	for k := range rates {
		at := &experiments.Compared{Rate: num(100 + 1200*k/max(rates, 2))}
		for i := range cases {
			at.Cases = append(at.Cases, experiments.ComparedCase{Name: fmt.Sprintf("case %d", i+1), Result: station(float64(at.Rate)/(1+float64(i)/5), 2, 0)})
		}
		c.Points = append(c.Points, at)
	}
	return c
}

// studied has so many guessed numbers; the last one has no effect.
func studied(rows int) *experiments.Sensitivity {
	s := &experiments.Sensitivity{Headroom: 1, Kind: "sensitivity", Result: station(700, 2, 12)}
	for i := range rows {
		size := num(.3) / num(i+1)
		effect := func(v num) *experiments.Effect {
			saturation := difference("", "saturation", -v/2, .01, experiments.Lower)
			e := &experiments.Effect{P99: difference("", "p99", v, .01, experiments.Higher), Saturation: &saturation}
			if i == rows-1 {
				e.P99.Verdict, saturation.Verdict = experiments.NoDifference, experiments.NoDifference
			}
			return e
		}
		s.Rows = append(s.Rows, experiments.Sensitive{Path: fmt.Sprintf("nodes.service-%d.handles.read.0.cpu", i), Value: "lognormal(mean=6ms cv=1)", Lower: effect(-size), Higher: effect(size * 1.2)})
	}
	return s
}

func diagnosed(nodes int) *experiments.Diagnosis {
	d := &experiments.Diagnosis{Headroom: 1, Kind: "bottleneck", Result: station(700, nodes, 12)}
	d.Bottleneck = experiments.Suspect{Bottleneck: d.Result.Bottleneck}
	for i, at := range []num{1250, 4000} {
		d.Next = append(d.Next, experiments.Suspect{Bottleneck: experiments.Bottleneck{Node: nodeName(i + 1), Resource: "cpu", SaturatesAt: at}})
	}
	for i, verdict := range []string{experiments.Meets, experiments.Helps, experiments.NoHelp, experiments.Harms, experiments.Helps} {
		after := num(.05 * float64(i+1))
		r := experiments.Remedy{Rank: i + 1, Title: fmt.Sprintf("db: %d → %d cores, and an index on what is asked for", i+1, 2*i+2), Verdict: verdict, Saturated: i == 4,
			P99: experiments.Moved{Before: .15, After: after, CI95: &experiments.Interval{after * .9, after * 1.1}}, Capacity: experiments.Moved{Before: 600, After: num(1500 - 300*i)},
			CostPerMonth: experiments.Moved{Before: 400, After: num(900 - 100*i)}}
		if r.Saturated {
			r.P99.After, r.Capacity.After = experiments.None, experiments.None
		}
		d.Remedies = append(d.Remedies, r)
	}
	return d
}

// fixtures are results of every kind, small and large.
func fixtures() map[string]any {
	return map[string]any{
		"sweep":                  swept(12, 4),
		"sweep-of-1":             swept(1, 2),
		"sweep-of-40":            swept(40, 40),
		"result":                 station(700, 4, 12),
		"result-of-1":            station(700, 1, 1),
		"result-of-40":           station(700, 40, 100),
		"saturated":              station(1500, 2, 12),
		"comparison":             compared(3),
		"comparison-of-40":       compared(40),
		"comparison-of-rates":    comparedOver(3, 8),
		"comparison-of-40-rates": comparedOver(40, 40),
		"sensitivity":            studied(6),
		"sensitivity-of-40":      studied(40),
		"bottleneck":             diagnosed(4),
	}
}
