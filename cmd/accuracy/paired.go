package main

import (
	"context"
	"fmt"
	"io"
	"strings"
)

// exactDifference is that of the mean latencies of M/M/1 at 80 requests per second with services of 10 and 9 ms: 1/(1/s - 80) each.
const exactDifference = 1/(1/.009-80) - exactMean

const pairedSeeds = 200

// paired counts in how many comparisons, each with another seed, the 95% interval of the difference of the means holds the exact one. Each
// has as many replications as users get who say nothing.
func paired(ctx context.Context, w io.Writer) error {
	hold, sum, half := 0, 0.0, 0.0
	for seed := range pairedSeeds {
		base := fmt.Sprintf(queue, seed+1, "requests: 100k")
		c, err := compare(ctx, base, strings.ReplaceAll(base, "exp(10ms)", "exp(9ms)"), 0)
		if err != nil {
			return err
		}
		d := meanOf(c)
		if ci := d.AbsoluteCI95; float64(ci[0]) <= exactDifference && exactDifference <= float64(ci[1]) {
			hold++
		}
		sum, half = sum+float64(d.Absolute), half+width(*d.AbsoluteCI95)/2
	}
	covered := float64(hold) / pairedSeeds
	fmt.Fprintf(w, "| comparisons | hold the exact difference | exact | mean of the differences | half the interval |\n| ---: | ---: | ---: | ---: | ---: |\n| %d | %.1f%% | %.3f ms | %.3f ms | %.3f ms |\n",
		pairedSeeds, 100*covered, 1e3*exactDifference, 1e3*sum/pairedSeeds, 1e3*half/pairedSeeds)
	if !(leastCovered <= covered && covered <= mostCovered) {
		return fmt.Errorf("the interval of the difference holds the exact one in %.1f%% of comparisons", 100*covered)
	}
	return nil
}
