package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"headroom/experiments"
	"headroom/internal/units"
	"headroom/reports"
	"headroom/scenarios"
)

// sweepFlags are what sweep may be told.
type sweepFlags struct {
	scenario  scenarioFlags
	effort    effortFlags
	output    outputFlags
	quiet     quietFlag
	from, to  optionalRate
	perDecade perDecade
	rates     rateList
	shard     shardFlag
}

// newSweepFlags are the flags as they are where nobody says anything.
func newSweepFlags() sweepFlags {
	return sweepFlags{from: optionalRate{"1", 1}, to: optionalRate{"1M", 1e6}, perDecade: 3}
}

// sweepCommand is headroom sweep. merged is what headroom merge has put together of its parts, else nil.
func sweepCommand(merged *experiments.Part) *cobra.Command {
	f := newSweepFlags()
	f.shard = newShardFlag(merged, &f.scenario.inputs)
	c := &cobra.Command{
		Use: "sweep FILE", Short: "The same architecture from 1 to 1M requests per second",
		Long: `Simulates the same architecture at each of many rates, 1 to 1M requests per second unless told otherwise, and prints for each of them goodput,
errors, latency with 95% intervals, the busiest resource, and whether the SLO is met. Where more is offered than can be done the queues
only grow: such a rate is marked saturated, and has no latency. Then it finds the capacity: the highest rate that meets the SLO, by simulating
rates between the last that meets it and the next, with its 95% interval and the target that limits it; and the knee, from which
on more load costs more than it brings.

Each rate is what headroom simulate FILE --rate RATE simulates, as a steady load: stages and events are left out, and beyond the file's own
rate its run.duration and run.warmup shrink, so that as many requests are measured. With --precision each rate takes as many requests as it needs.

An interrupt (Ctrl-C) ends the sweep and prints the rates that are done; a second one ends the program.

Exit codes: 0 some rate meets the SLO · 1 a run failed · 2 bad usage or a bad scenario · 99 no rate meets the SLO · 130 interrupted`,
		Example: `  headroom sweep before-scaling
  headroom sweep shop.yaml --from 100 --to 50k --per-decade 10
  headroom sweep shop.yaml --rates 100,1k,10k -o csv --out shop.csv`,
		Args: files(1), ValidArgsFunction: oneFile,
		RunE: func(c *cobra.Command, args []string) error { return f.sweep(c, args[0]) },
	}
	c.Flags().SortFlags = false
	f.registerRates(c)
	f.scenario.register(c, "rate")
	precisionKey.register(c)
	f.effort.register(c)
	f.output.register(c)
	f.quiet.register(c)
	f.shard.register(c)
	return c
}

// registerRates adds the flags that say which rates.
func (f *sweepFlags) registerRates(c *cobra.Command) {
	flags := c.Flags()
	flags.Var(&f.from, "from", "the lowest `RATE`")
	flags.Var(&f.to, "to", "the highest `RATE`")
	flags.Var(&f.perDecade, "per-decade", "`N` rates in each factor of ten")
	flags.Var(&f.rates, "rates", "these `RATES` instead, such as 100,1k,10k; neither capacity nor knee is searched")
	for _, name := range []string{"from", "to", "per-decade", "rates"} {
		complete(c, name, cobra.NoFileCompletions)
	}
}

func (f *sweepFlags) sweep(c *cobra.Command, file string) error {
	if err := errors.Join(f.output.check(), f.shard.check(c, &f.output)); err != nil {
		return err
	}
	rates, err := f.wanted(c)
	if err != nil {
		return err
	}
	l, err := f.scenario.load(file)
	if err != nil {
		return err
	}
	f.quiet.warn(l)
	if f.shard.asked() {
		return f.shard.run(c, []string{file}, &f.effort, &f.output, f.quiet, func(ctx context.Context, o experiments.Options) (*experiments.Cells, error) {
			return experiments.SweepPortion(ctx, l, rates, o, f.shard.portion)
		})
	}
	s, err := f.run(l, rates, commandLine(c, []string{file}))
	var unsweepable experiments.Unsweepable
	switch {
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "headroom: interrupted before a rate was done")
		return exit(exitInterrupted)
	case errors.As(err, &unsweepable):
		return misusef("%s: %s", file, unsweepable)
	case err != nil:
		return failure{err}
	}
	report, _ := reports.NamedSweep(f.output.output, f.output.style())
	if err := f.output.draw(func(w io.Writer) error { return report(w, s) }); err != nil {
		return failure{err}
	}
	switch {
	case s.Partial:
		return exit(exitInterrupted)
	case !slices.ContainsFunc(s.Points, func(p experiments.Point) bool { return p.MeetsSLO() }):
		return exit(exitSLO)
	}
	return nil
}

// wanted returns the rates that the flags ask for.
func (f *sweepFlags) wanted(c *cobra.Command) ([]float64, error) {
	if len(f.rates) == 0 {
		rates, err := experiments.Rates(f.from.perSecond, f.to.perSecond, int(f.perDecade))
		if err != nil {
			return nil, misusef("--from %s --to %s: %s", f.from.text, f.to.text, err)
		}
		return rates, nil
	}
	for _, name := range []string{"from", "to", "per-decade"} {
		if c.Flags().Changed(name) {
			return nil, misusef("--rates and --%s both say what to sweep: give one", name)
		}
	}
	var rates []float64
	for _, r := range f.rates {
		rates = append(rates, r.perSecond)
	}
	return rates, nil
}

func (f *sweepFlags) run(l *scenarios.Loaded, rates []float64, command string) (*experiments.Sweep, error) {
	ctx, stop := interruptible()
	defer stop()
	o := experiments.SweepOptions{Search: len(f.rates) == 0}
	o.Options = experiments.Options{Parallel: int(f.effort.parallel), Quick: f.effort.quick, Command: command, Version: version(), Cells: f.shard.cells()}
	defer f.quiet.watch(&o.Progress)()
	return experiments.RunSweep(ctx, l, rates, o)
}

// perDecade is how many rates there are in each factor of ten.
type perDecade int

func (n *perDecade) String() string { return strconv.Itoa(int(*n)) }
func (n *perDecade) Type() string   { return "N" }

func (n *perDecade) Set(text string) error {
	var count units.Count
	if err := count.UnmarshalText([]byte(text)); err != nil || count < 1 || count > 1000 {
		return errors.New("expected a whole number from 1 to 1000")
	}
	*n = perDecade(count)
	return nil
}
