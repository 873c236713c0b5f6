package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"

	"headroom/experiments/speed"
)

// starts is how often the program is started to time it.
const starts = 20

// runs measures what holds for runs of any model, on the six hops: that cores and the length of the run cost what they should; how long a
// command takes that simulates nothing; and one that makes many runs.
func (s settings) runs(ctx context.Context, w io.Writer) error {
	m, _ := speed.Lookup("six-hops")
	writeMachine(w, s.often())
	writeTitles(w, 1, "what", "measured")
	for _, measure := range []func(context.Context, io.Writer, speed.Model) error{s.cores, s.length, s.start, s.sweep} {
		if err := measure(ctx, w, m); err != nil {
			return err
		}
	}
	return nil
}

// cores compares two replications on two cores with one on one.
func (s settings) cores(ctx context.Context, w io.Writer, m speed.Model) error {
	var ratios, ones, twos []float64
	for range s.rounds {
		one, err := measure(ctx, m, 1, append(s.shorter(), "run.replications=1")...)
		if err != nil {
			return err
		}
		two, err := measure(ctx, m, 2, append(s.shorter(), "run.replications=2")...)
		if err != nil {
			return err
		}
		ones, twos, ratios = append(ones, one.Wall), append(twos, two.Wall), append(ratios, two.Wall/one.Wall)
	}
	writeRow(w, "wall time of two replications on two cores, against one on one core",
		fmt.Sprintf("%.2f times (%.2f s and %.2f s)", median(ratios), median(twos), median(ones)))
	return nil
}

// length compares the memory of a run with that of one ten times longer.
func (s settings) length(ctx context.Context, w io.Writer, m speed.Model) error {
	requests := cmp.Or(s.requests, 1_000_000)
	var short, long, objects []float64
	for range s.rounds {
		of := func(requests int64) (speed.Cost, error) {
			return measure(ctx, m, 1, "run.replications=1", fmt.Sprintf("run.requests=%d", requests))
		}
		a, err := of(requests)
		if err != nil {
			return err
		}
		b, err := of(10 * requests)
		if err != nil {
			return err
		}
		short, long = append(short, megabytes(a)), append(long, megabytes(b))
		objects = append(objects, float64(b.Objects-a.Objects)/float64(b.Requests-a.Requests))
	}
	writeRow(w, fmt.Sprintf("peak memory of %.1fM requests, and of ten times as many", float64(requests)/1e6),
		fmt.Sprintf("%.1f MB and %.1f MB", median(short), median(long)))
	writeRow(w, "objects allocated by each request that these have more", fmt.Sprintf("%.6f", median(objects)))
	return nil
}

// start times commands that simulate nothing.
func (s settings) start(ctx context.Context, w io.Writer, _ speed.Model) error {
	for _, args := range [][]string{{"--version"}, {"validate", "complete-picture"}} {
		var took []float64
		for range starts {
			seconds, err := s.timed(ctx, args...)
			if err != nil {
				return err
			}
			took = append(took, seconds)
		}
		writeRow(w, fmt.Sprintf("`headroom %s`, from start to end; the median of %d", strings.Join(args, " "), starts), fmt.Sprintf("%.1f ms", median(took)*1e3))
	}
	return nil
}

// sweep times, once, the command that makes the most runs.
func (s settings) sweep(ctx context.Context, w io.Writer, _ speed.Model) error {
	seconds, err := s.timed(ctx, "sweep", "complete-picture")
	if err != nil {
		return err
	}
	writeRow(w, "`headroom sweep complete-picture` on all cores, once", fmt.Sprintf("%.1f s", seconds))
	return nil
}

// timed is how long a command of the program takes, from start to end.
func (s settings) timed(ctx context.Context, args ...string) (seconds float64, err error) {
	begun := time.Now()
	if err := exec.CommandContext(ctx, s.headroom, args...).Run(); err != nil {
		return 0, fmt.Errorf("%s %s: %w", s.headroom, strings.Join(args, " "), err)
	}
	return time.Since(begun).Seconds(), nil
}
