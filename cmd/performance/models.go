package main

import (
	"context"
	"fmt"
	"io"

	"headroom/experiments/speed"
)

// models measures every model on one core.
func (s settings) models(ctx context.Context, w io.Writer) error {
	all := speed.Models()
	costs := make([][]speed.Cost, len(all))
	for range s.rounds {
		for i, m := range all {
			c, err := measure(ctx, m, 1, s.shorter()...)
			if err != nil {
				return err
			}
			costs[i] = append(costs[i], c)
		}
	}
	writeMachine(w, "each run on one of them", s.often())
	writeTitles(w, 1, "model", "requests of a run", "requests per second", "events per request", "ns per event", "objects per request", "peak memory")
	for i := range all {
		c := costs[i]
		writeRow(w, c[0].Title, fmt.Sprintf("%.2fM", float64(c[0].Requests)/1e6), perSecond(medianOf(c, rate)),
			fmt.Sprintf("%.2f", float64(c[0].Events)/float64(c[0].Requests)),
			fmt.Sprintf("%.0f", medianOf(c, func(c speed.Cost) float64 { return c.Processor * 1e9 / float64(c.Events) })),
			fmt.Sprintf("%.4f", medianOf(c, func(c speed.Cost) float64 { return float64(c.Objects) / float64(c.Requests) })),
			fmt.Sprintf("%.0f MB", medianOf(c, megabytes)))
	}
	return nil
}

// shorter is the change that makes runs as short as the settings want them.
func (s settings) shorter() []string {
	if s.requests == 0 {
		return nil
	}
	return []string{fmt.Sprintf("run.requests=%d", s.requests)}
}

// rate is how many requests a second of processor time simulates.
func rate(c speed.Cost) float64 { return float64(c.Requests) / c.Processor }

func megabytes(c speed.Cost) float64 { return float64(c.Peak) / 1e6 }
