package main

import (
	"context"
	"fmt"
	"io"
	"math"

	"headroom/experiments"
	"headroom/scenarios"
)

// two are architectures that are compared. The first has a utilization.
type two struct {
	name        string
	base, other func(utilization float64) string
}

var twos = []two{
	{"4 against 5 servers", func(u float64) string { return staffed(4, u) }, func(u float64) string { return staffed(5, u) }},
	{"hit ratio 50% against 55%", func(u float64) string { return hitting(50, u) }, func(u float64) string { return hitting(55, u) }},
}

// staffed is M/M/c at the load that makes four servers so busy.
func staffed(n int, utilization float64) string {
	return fmt.Sprintf("run: {requests: 5k, warmup: 10s}\nslo: [p99 < 10s]\ntraffic: {t: {enters: s, rate: %g/s}}\n"+
		"nodes: {s: {kind: station, servers: %d, service: exp(10ms)}}\n", 400*utilization, n)
}

// hitting is a cache before a database that is so busy where half of the requests hit.
func hitting(percent int, utilization float64) string {
	return fmt.Sprintf(`
run: {requests: 5k, warmup: 10s}
slo: [p99 < 10s]
traffic: {t: {enters: api, rate: 100/s}}
nodes:
  api: {kind: server, cores: 8, work: exp(1ms), calls: [cache]}
  cache: {kind: cache, hit_ratio: %d%%, origin: db}
  db: {kind: database, cores: 1, read: exp(%gms)}
`, percent, 20*utilization)
}

// common writes down by utilization how many times narrower common random numbers make the interval of a difference of means.
func common(ctx context.Context, w io.Writer) error {
	fmt.Fprint(w, "| utilization of the first | 20% | 30% | 40% | 50% | 60% | 70% | 80% | 90% |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n")
	for _, t := range twos {
		fmt.Fprintf(w, "| %s |", t.name)
		for percent := 20; percent <= 90; percent += 10 {
			times, err := t.narrower(ctx, float64(percent)/100, 400)
			if err != nil {
				return err
			}
			fmt.Fprintf(w, " %.1f |", times)
		}
		fmt.Fprintln(w)
	}
	return nil
}

// narrower returns how many times wider the interval of the difference would be if the two had been independent, when the variance of a
// difference is the sum of the variances.
func (t two) narrower(ctx context.Context, utilization float64, pairs int) (float64, error) {
	c, err := compare(ctx, t.base(utilization), t.other(utilization), pairs)
	if err != nil {
		return 0, err
	}
	d := meanOf(c)
	half := func(i int) float64 { return width(c.Cases[i].Result.Latency.CI95.Mean) }
	return math.Hypot(half(0), half(1)) / width(*d.AbsoluteCI95), nil
}

func width(i experiments.Interval) float64 { return float64(i[1] - i[0]) }

// compare simulates two scenarios on common random numbers.
func compare(ctx context.Context, base, other string, pairs int) (*experiments.Comparison, error) {
	var cases []experiments.Case
	for i, text := range []string{base, other} {
		l, err := scenarios.Load(fmt.Sprintf("%d.yaml", i+1), []byte(text), "", nil)
		if err != nil {
			return nil, err
		}
		cases = append(cases, experiments.Case{Name: l.File, Loaded: l})
	}
	return experiments.Compare(ctx, []experiments.CasesAt{{Cases: cases}}, experiments.CompareOptions{Replications: pairs})
}

// meanOf returns what was found of the mean latency.
func meanOf(c *experiments.Comparison) experiments.Difference {
	for _, d := range c.Differences {
		if d.Metric == "mean" {
			return d
		}
	}
	panic("a comparison without the mean")
}
