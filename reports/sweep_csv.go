package reports

import (
	"encoding/csv"
	"io"
	"strconv"

	"headroom/experiments"
)

// sweepCSV writes a line for each point, in base units, and intervals as their ends; the lines for the capacity and the knee have their
// rates, and the target that limits it. A number that does not exist is an empty field.
func sweepCSV(w io.Writer, s *experiments.Sweep) error {
	rows := [][]string{{"kind", "rate", "rate_low", "rate_high", "limit", "saturated", "slo_met", "offered", "completed", "goodput", "goodput_low", "goodput_high", "error_rate",
		"mean", "mean_low", "mean_high", "p50", "p50_low", "p50_high", "p99", "p99_low", "p99_high",
		"busiest_node", "busiest_resource", "busiest_utilization", "cost_per_month"}}
	for _, name := range sizedNodes(s) {
		rows[0] = append(rows[0], "instances."+name)
	}
	none := experiments.Interval{experiments.None, experiments.None}
	for i := range s.Points {
		p := &s.Points[i]
		r := p.Result
		goodput, latency := none, experiments.LatencyCI95{Mean: none, P50: none, P99: none}
		if r.Load.CI95 != nil {
			goodput = r.Load.CI95.Goodput
		}
		if r.Latency.CI95 != nil {
			latency = *r.Latency.CI95
		}
		row := []string{"point", exact(p.Rate), "", "", "", strconv.FormatBool(p.Saturated), strconv.FormatBool(p.MeetsSLO())}
		for _, n := range []experiments.Num{r.Load.Offered, r.Load.Completed, r.Load.Goodput, goodput[0], goodput[1], r.ErrorRate,
			r.Latency.Mean, latency.Mean[0], latency.Mean[1], r.Latency.P50, latency.P50[0], latency.P50[1], r.Latency.P99, latency.P99[0], latency.P99[1]} {
			row = append(row, exact(n))
		}
		b := r.Bottleneck
		row = append(row, b.Node, b.Resource, exact(b.Utilization), exact(r.Cost.PerMonth))
		for _, name := range sizedNodes(s) {
			row = append(row, strconv.Itoa(r.Nodes[name].Sized.Instances))
		}
		rows = append(rows, row)
	}
	found := func(kind string, rate experiments.Num, ci *experiments.Interval, limit string) {
		if ci == nil {
			ci = &none
		}
		rows = append(rows, append([]string{kind, exact(rate), exact(ci[0]), exact(ci[1]), limit}, make([]string, len(rows[0])-5)...))
	}
	if c := s.Capacity; c != nil {
		found("capacity", c.Rate, c.CI95, c.Limit)
	}
	if k := s.Knee; k != nil {
		found("knee", k.Rate, k.CI95, "")
	}
	return csv.NewWriter(w).WriteAll(rows)
}
