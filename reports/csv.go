package reports

import (
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"

	"headroom/experiments"
)

// CSV writes every figure of the result on a line of its own, in base units (seconds, per second, shares of 1): which part of the result
// it belongs to, whose it is, what it is, and its 95% interval where it has one. The series and the scenario's text are left out;
// JSON has them. A number that does not exist is an empty field.
func CSV() Reporter {
	return func(w io.Writer, r *experiments.Result) error {
		s := sheet{out: csv.NewWriter(w)}
		s.line("section", "name", "metric", "value", "low", "high")
		s.run(r)
		s.load(r)
		s.latency("latency", "", "", r.Latency)
		for _, name := range slices.Sorted(maps.Keys(r.Requests)) {
			s.class(name, r.Requests[name])
		}
		for _, name := range slices.Sorted(maps.Keys(r.Sources)) {
			source := r.Sources[name]
			s.latency("sources", name, "latency.", source.Latency)
			s.outcomes("sources", name, "outcomes.", source.Outcomes)
			s.number("sources", name, "error_rate", source.ErrorRate)
			s.cache("sources", name, source.Cache)
		}
		for _, name := range slices.Sorted(maps.Keys(r.Regions)) {
			s.latency("regions", name, "latency.", r.Regions[name].Latency)
			s.number("regions", name, "error_rate", r.Regions[name].ErrorRate)
		}
		for _, name := range r.NodeOrder {
			s.node(name, r.Nodes[name])
		}
		for _, e := range r.Edges {
			name := e.From + " -> " + e.To
			s.number("edges", name, "rate", e.Rate)
			s.number("edges", name, "bytes_per_second", e.Bytes)
			s.count("edges", name, "errors", e.Errors)
		}
		s.findings(r)
		s.out.Flush()
		if s.err == nil {
			s.err = s.out.Error()
		}
		return s.err
	}
}

// A sheet is a CSV file under way; it remembers the first error.
type sheet struct {
	out *csv.Writer
	err error
}

func (s *sheet) line(fields ...string) {
	if s.err == nil {
		s.err = s.out.Write(fields)
	}
}

func (s *sheet) text(section, name, metric, value string) {
	s.line(section, name, metric, value, "", "")
}

func (s *sheet) count(section, name, metric string, n int64) {
	s.text(section, name, metric, strconv.FormatInt(n, 10))
}

func (s *sheet) flag(section, name, metric string, is bool) {
	s.text(section, name, metric, strconv.FormatBool(is))
}

func (s *sheet) number(section, name, metric string, n experiments.Num) {
	s.text(section, name, metric, exact(n))
}

func (s *sheet) between(section, name, metric string, n experiments.Num, i *experiments.Interval) {
	if i == nil {
		s.number(section, name, metric, n)
		return
	}
	s.line(section, name, metric, exact(n), exact(i[0]), exact(i[1]))
}

// exact writes the shortest text that reads back as the same number.
func exact(n experiments.Num) string {
	if !n.Known() {
		return ""
	}
	return strconv.FormatFloat(float64(n), 'g', -1, 64)
}

func (s *sheet) run(r *experiments.Result) {
	s.count("run", "", "headroom", int64(r.Headroom))
	s.text("run", "", "version", r.Version)
	s.text("run", "", "command", r.Command)
	s.text("run", "", "scenario", r.Scenario.Name)
	s.text("run", "", "file", r.Scenario.File)
	s.text("run", "", "sha256", r.Scenario.SHA256)
	s.flag("run", "", "partial", r.Partial)
	s.flag("run", "", "saturated", r.Saturated)
	s.text("run", "", "seed", strconv.FormatUint(r.Run.Seed, 10))
	s.count("run", "", "replications", int64(r.Run.Replications))
	s.number("run", "", "simulated_seconds", r.Run.SimulatedSeconds)
	s.number("run", "", "warmup_seconds", r.Run.WarmupSeconds)
	s.count("run", "", "requests", r.Run.Requests)
	s.count("run", "", "events", r.Run.Events)
	s.number("run", "", "wall_seconds", r.Run.WallSeconds)
	if k := r.Run.Precision; k != nil {
		s.number("run", "", "precision.asked", k.Asked)
		s.flag("run", "", "precision.reached", k.Reached)
		s.count("run", "", "precision.planned", int64(k.Planned))
		s.text("run", "", "precision.widest", k.Widest)
		s.number("run", "", "precision.half", k.Half)
		if k.PlannedSeconds > 0 {
			s.number("run", "", "precision.planned_seconds", k.PlannedSeconds)
			s.count("run", "", "precision.tried", k.Tried)
		}
	}
}

func (s *sheet) load(r *experiments.Result) {
	var offered, goodput *experiments.Interval
	if ci := r.Load.CI95; ci != nil {
		offered, goodput = &ci.Offered, &ci.Goodput
	}
	s.number("load", "", "asked", r.Load.Asked)
	s.between("load", "", "offered", r.Load.Offered, offered)
	s.number("load", "", "completed", r.Load.Completed)
	s.between("load", "", "goodput", r.Load.Goodput, goodput)
	s.number("load", "", "error_rate", r.ErrorRate)
	s.outcomes("outcomes", "", "", r.Outcomes)
}

func (s *sheet) outcomes(section, name, prefix string, o experiments.Outcomes) {
	s.count(section, name, prefix+"ok", o.OK)
	s.count(section, name, prefix+"rate_limited", o.RateLimited)
	s.count(section, name, prefix+"overloaded", o.Overloaded)
	s.count(section, name, prefix+"timeout", o.Timeout)
	s.count(section, name, prefix+"unavailable", o.Unavailable)
	s.count(section, name, prefix+"failed", o.Failed)
	s.count(section, name, prefix+"in_flight", o.InFlight)
}

func (s *sheet) latency(section, name, prefix string, l experiments.Latency) {
	var mean, p50, p99 *experiments.Interval
	if ci := l.CI95; ci != nil {
		mean, p50, p99 = &ci.Mean, &ci.P50, &ci.P99
	}
	s.between(section, name, prefix+"mean", l.Mean, mean)
	s.between(section, name, prefix+"p50", l.P50, p50)
	s.number(section, name, prefix+"p90", l.P90)
	s.number(section, name, prefix+"p95", l.P95)
	s.between(section, name, prefix+"p99", l.P99, p99)
	s.number(section, name, prefix+"p999", l.P999)
	s.number(section, name, prefix+"min", l.Min)
	s.number(section, name, prefix+"max", l.Max)
	s.count(section, name, prefix+"count", l.Count)
}

func (s *sheet) class(name string, c experiments.ClassResult) {
	s.number("requests", name, "share", c.Share)
	s.latency("requests", name, "latency.", c.Latency)
	s.latency("requests", name, "done.", c.Done)
	s.outcomes("requests", name, "outcomes.", c.Outcomes)
	s.number("requests", name, "error_rate", c.ErrorRate)
}

func (s *sheet) node(name string, n experiments.NodeResult) {
	s.text("nodes", name, "kind", n.Kind)
	s.count("nodes", name, "instances", int64(n.Instances))
	if k := n.Sized; k != nil {
		s.count("nodes", name, "sized.instances", int64(k.Instances))
		s.number("nodes", name, "sized.target", k.Target)
		s.number("nodes", name, "sized.rate", k.Rate)
	}
	if k := n.Scaled; k != nil {
		s.count("nodes", name, "scaled.min", int64(k.Min))
		s.number("nodes", name, "scaled.mean", k.Mean)
		s.count("nodes", name, "scaled.max", int64(k.Max))
		s.number("nodes", name, "scaled.paid", k.Paid)
		s.count("nodes", name, "scaled.limit", int64(k.Limit))
	}
	if k := n.ColdStarts; k != nil {
		s.count("nodes", name, "cold_starts.count", k.Count)
		s.number("nodes", name, "cold_starts.share", k.Share)
	}
	s.number("nodes", name, "throughput", n.Throughput)
	for _, outcome := range slices.Sorted(maps.Keys(n.Errors)) {
		s.count("nodes", name, "errors."+outcome, n.Errors[outcome])
	}
	s.latency("nodes", name, "latency.", n.Latency)
	s.number("nodes", name, "own.mean", n.Own.Mean)
	s.number("nodes", name, "own.p99", n.Own.P99)
	s.number("nodes", name, "in_system.mean", n.InSystem.Mean)
	s.number("nodes", name, "in_system.sd", n.InSystem.SD)
	s.count("nodes", name, "in_system.p99", n.InSystem.P99)
	s.count("nodes", name, "in_system.p999", n.InSystem.P999)
	s.count("nodes", name, "in_system.max", n.InSystem.Max)
	for _, resource := range slices.Sorted(maps.Keys(n.Resources)) {
		s.resource(name, "resources."+resource+".", n.Resources[resource])
	}
	s.cache("nodes", name, n.Cache)
	s.shards(name, n)
	if q := n.Queue; q != nil {
		s.number("nodes", name, "queue.depth_mean", q.DepthMean)
		s.count("nodes", name, "queue.depth_max", q.DepthMax)
		s.number("nodes", name, "queue.bytes_mean", q.BytesMean)
		s.count("nodes", name, "queue.bytes_max", q.BytesMax)
		s.number("nodes", name, "queue.age_mean", q.AgeMean)
		s.number("nodes", name, "queue.age_p99", q.AgeP99)
		s.count("nodes", name, "queue.published", q.Published)
		s.count("nodes", name, "queue.delivered", q.Delivered)
		s.count("nodes", name, "queue.redelivered", q.Redelivered)
		s.count("nodes", name, "queue.dead", q.Dead)
	}
	s.number("nodes", name, "cost_per_month", n.CostPerMonth)
	for _, class := range slices.Sorted(maps.Keys(n.Requests)) {
		c, prefix := n.Requests[class], "requests."+class+"."
		s.number("nodes", name, prefix+"throughput", c.Throughput)
		s.number("nodes", name, prefix+"own.mean", c.Own.Mean)
		s.number("nodes", name, prefix+"own.p99", c.Own.P99)
		s.number("nodes", name, prefix+"utilization", c.Utilization)
	}
}

func (s *sheet) cache(section, name string, c *experiments.CacheResult) {
	if c == nil {
		return
	}
	s.count(section, name, "cache.hits", c.Hits)
	s.count(section, name, "cache.misses", c.Misses)
	s.number(section, name, "cache.hit_ratio", c.HitRatio)
	s.count(section, name, "cache.evictions", c.Evictions)
	s.count(section, name, "cache.coalesced", c.Coalesced)
	s.number(section, name, "cache.live_mean", c.LiveMean)
	s.number(section, name, "cache.bytes", c.Bytes)
}

func (s *sheet) shards(name string, n experiments.NodeResult) {
	for _, shard := range n.Shards {
		s.number("nodes", name, "shards."+shard.Name+".share", shard.Share)
		s.number("nodes", name, "shards."+shard.Name+".utilization", shard.Utilization)
	}
	if n.StaleReads != nil {
		s.number("nodes", name, "stale_reads", *n.StaleReads)
	}
	for _, key := range n.HotKeys {
		s.number("nodes", name, "hot_keys."+key.Key+".share", key.Share)
	}
}

func (s *sheet) resource(node, prefix string, r experiments.Resource) {
	s.number("nodes", node, prefix+"capacity", r.Capacity)
	s.number("nodes", node, prefix+"utilization", r.Utilization)
	s.number("nodes", node, prefix+"wait.mean", r.Wait.Mean)
	s.number("nodes", node, prefix+"wait.p99", r.Wait.P99)
	s.number("nodes", node, prefix+"p_wait", r.PWait)
	s.number("nodes", node, prefix+"queue.mean", r.Queue.Mean)
	s.count("nodes", node, prefix+"queue.max", r.Queue.Max)
	if r.Busiest != nil {
		s.text("nodes", node, prefix+"busiest.instance", r.Busiest.Instance)
		s.number("nodes", node, prefix+"busiest.utilization", r.Busiest.Utilization)
	}
}

// findings writes what the run concluded: targets, bottleneck, parts of the time, and its sentences.
func (s *sheet) findings(r *experiments.Result) {
	for _, t := range r.SLO {
		s.between("slo", t.Target, "value", t.Value, t.CI95)
		s.text("slo", t.Target, "unit", t.Unit)
		s.flag("slo", t.Target, "met", t.Met)
	}
	for i, e := range r.Events {
		name := strconv.Itoa(i + 1)
		s.text("events", name, "what", e.What)
		s.number("events", name, "at", e.At)
		s.number("events", name, "for", e.For)
		s.number("events", name, "recovered_after", e.RecoveredAfter)
		if m := e.MoveResult; m != nil {
			s.number("events", name, "moved", m.Moved)
			s.number("events", name, "copied", m.Copied)
			s.number("events", name, "copied_after", m.CopiedAfter)
		}
		for _, of := range []struct {
			name string
			*experiments.Phase
		}{{"before", e.Before}, {"during", e.During}, {"after", e.After}} {
			if of.Phase != nil {
				s.number("events", name, of.name+".p99", of.P99)
				s.number("events", name, of.name+".error_rate", of.ErrorRate)
				s.number("events", name, of.name+".goodput", of.Goodput)
			}
		}
	}
	if r.Metastable != "" {
		s.text("events", "", "metastable", r.Metastable)
	}
	b := r.Bottleneck
	s.text("bottleneck", b.Node, "resource", b.Resource)
	s.text("bottleneck", b.Node, "class", b.Class)
	s.number("bottleneck", b.Node, "utilization", b.Utilization)
	s.number("bottleneck", b.Node, "saturates_at", b.SaturatesAt)
	s.text("bottleneck", b.Node, "evidence", b.Evidence)
	for _, part := range r.WhereTime {
		prefix := fmt.Sprintf("%s.%s.", part.Resource, part.Part)
		s.number("where_time_goes", part.Node, prefix+"share", part.Share)
		s.number("where_time_goes", part.Node, prefix+"tail_share", part.TailShare)
	}
	for _, a := range r.Answered {
		s.number("answered", a.By, "share", a.Share)
		s.latency("answered", a.By, "latency.", a.Latency)
	}
	s.number("cost", "", "per_month", r.Cost.PerMonth)
	s.number("cost", "", "per_million_requests", r.Cost.PerMillionRequests)
	for _, o := range r.Observed {
		s.number("observed", o.Figure, "observed", o.Observed)
		s.number("observed", o.Figure, "simulated", o.Simulated)
		s.number("observed", o.Figure, "difference", o.Difference)
	}
	for i, warning := range r.Warnings {
		s.text("warnings", strconv.Itoa(i+1), "text", warning)
	}
	for i, assumption := range r.Assumptions {
		s.text("assumptions", strconv.Itoa(i+1), "text", assumption)
	}
}
