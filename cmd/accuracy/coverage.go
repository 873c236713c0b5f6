package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"runtime"
	"sync"

	"headroom/experiments"
	"headroom/scenarios"
)

// queue is M/M/1 at 80%: its latency is exponential with a mean of 50 ms (Kleinrock, Queueing Systems I, 1975, ch. 3).
const queue = `
run: {seed: %d, %s}
slo: [mean < 60ms]
traffic: {u: {enters: s, rate: 80/s}}
nodes: {s: {kind: station, service: exp(10ms)}}`

const exactMean = 0.05

// settings are runs whose intervals are counted, with so many seeds. The first is what users get who say nothing, and is held to the range
// below.
var settings = []struct {
	name, run string
	seeds     int
}{
	{"4 replications of 200k requests (the default)", "replications: 4", 200},
	{"4 replications of 100k requests", "replications: 4, requests: 100k", 1000},
	{"10 replications of 20k requests", "replications: 10, requests: 20k", 200},
	{"4 replications of 2k requests", "replications: 4, requests: 2k", 200},
	{"`precision: 4%`, as many requests as it takes", "precision: 4%", 200},
	{"`precision: 10%`, as many requests as it takes", "precision: 10%", 200},
	{"`precision: 4%`, 4 replications planned, of 20k requests", "replications: 4, requests: 20k, precision: 4%", 200},
	{"`precision: 4%`, 10 replications planned, of 20k requests", "replications: 10, requests: 20k, precision: 4%", 200},
}

// An interval that holds its promise holds the exact figure in 95% of runs; of 200 runs, in 91 to 98% (±2.5 standard errors).
const leastCovered, mostCovered = 0.91, 0.98

// coverage counts in how many runs, each with another seed, the 95% interval of the mean holds the exact one, and how many of those of the
// median and of the p99 do.
func coverage(ctx context.Context, w io.Writer) error {
	fmt.Fprint(w, "| each run | runs | mean | p50 | p99 | mean of the means | half the interval of the mean | replications |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n")
	for i, s := range settings {
		c, err := cover(ctx, s.run, s.seeds)
		if err != nil {
			return err
		}
		n := float64(c.runs)
		percent := func(hold int) float64 { return 100 * float64(hold) / n }
		fmt.Fprintf(w, "| %s | %d | %.1f%% | %.1f%% | %.1f%% | %.3f ± %.3f ms | %.2f%% | %.1f |\n", s.name, c.runs, percent(c.mean), percent(c.p50), percent(c.p99),
			1e3*c.sum/n, 1e3*1.96*c.deviation()/math.Sqrt(n), 100*c.half/n/exactMean, float64(c.replications)/n)
		if covered := float64(c.mean) / n; i == 0 && !(leastCovered <= covered && covered <= mostCovered) {
			return fmt.Errorf("the interval of the mean holds the exact mean in %.1f%% of runs", 100*covered)
		}
	}
	return nil
}

// covered counts the intervals that hold what they should.
type covered struct {
	runs, mean, p50, p99, replications int
	sum, squares, half                 float64 // of the means, and of half their intervals
}

// deviation is the standard deviation of the means.
func (c *covered) deviation() float64 {
	n := float64(c.runs)
	return math.Sqrt((c.squares - c.sum*c.sum/n) / (n - 1))
}

func cover(ctx context.Context, run string, seeds int) (*covered, error) {
	results, failed := make([]*experiments.Result, seeds), make([]error, seeds)
	var wg sync.WaitGroup
	places := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range seeds {
		places <- struct{}{}
		wg.Go(func() {
			defer func() { <-places }()
			l, err := scenarios.Load("queue.yaml", fmt.Appendf(nil, queue, i+1, run), "", nil)
			if err == nil {
				results[i], err = experiments.Run(ctx, l, experiments.Options{Parallel: 1})
			}
			failed[i] = err
		})
	}
	wg.Wait()
	c := &covered{}
	for i, r := range results {
		if failed[i] != nil {
			return nil, failed[i]
		}
		c.add(r)
	}
	return c, nil
}

func (c *covered) add(r *experiments.Result) {
	holds := func(ci experiments.Interval, exact float64) int {
		if float64(ci[0]) <= exact && exact <= float64(ci[1]) {
			return 1
		}
		return 0
	}
	ci, mean := r.Latency.CI95, float64(r.Latency.Mean)
	c.mean += holds(ci.Mean, exactMean)
	c.p50 += holds(ci.P50, exactMean*math.Ln2)
	c.p99 += holds(ci.P99, exactMean*math.Log(100))
	c.sum, c.squares, c.half = c.sum+mean, c.squares+mean*mean, c.half+float64(ci.Mean[1]-ci.Mean[0])/2
	c.runs++
	c.replications += r.Run.Replications
}
