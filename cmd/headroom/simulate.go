package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"headroom/experiments"
	"headroom/scenarios"
)

// simulateFlags are what simulate may be told.
type simulateFlags struct {
	scenario scenarioFlags
	effort   effortFlags
	output   outputFlags
	quiet    quietFlag
	live     liveFlag
	shard    shardFlag
}

// simulateCommand is headroom simulate. merged is what headroom merge has put together of its parts, else nil.
func simulateCommand(merged *experiments.Part) *cobra.Command {
	var f simulateFlags
	f.shard = newShardFlag(merged, &f.scenario.inputs)
	c := &cobra.Command{
		Use: "simulate FILE", Short: "Run one scenario and print the summary",
		Long: `Runs one scenario and prints the summary: is the SLO met, latency, the busiest resource of each node, the bottleneck, where the time goes.

FILE is a scenario file, the name of a built-in scenario, or - for standard input. An interrupt (Ctrl-C) ends the run early and prints
what was simulated until then; a second one ends the program.

--precision 5% simulates as much as it takes until the intervals are within 5%: an easy model takes a fraction of the usual effort, a hard one up to ten
times as much. --quick only takes a fifth, and lets the intervals be as wide as they become.

--verbose adds a histogram of the latencies, and how the load, the latency, the busiest cores and the queues went over time. --live shows
utilizations and percentiles while the run goes on, on standard error, which has to be a terminal; the result is the same, byte by byte.

Exit codes: 0 the SLO is met · 1 the run failed · 2 bad usage or a bad scenario · 99 the SLO is not met · 130 interrupted`,
		Example: `  headroom simulate horizontal-scaling
  headroom simulate shop.yaml --rate 10k --set nodes.api.instances=8
  headroom simulate shop.yaml -o json --out shop.json
  headroom simulate shop.yaml --precision 5%
  headroom simulate black-friday --live --verbose`,
		Args: files(1), ValidArgsFunction: oneFile,
		RunE: func(c *cobra.Command, args []string) error { return f.simulate(c, args[0]) },
	}
	c.Flags().SortFlags = false
	f.scenario.register(c)
	precisionKey.register(c)
	f.effort.register(c)
	f.output.register(c)
	f.quiet.register(c)
	f.live.register(c)
	f.shard.register(c)
	return c
}

func (f *simulateFlags) simulate(c *cobra.Command, file string) error {
	if err := errors.Join(f.output.check(), f.shard.check(c, &f.output), f.live.check(f.quiet, &f.shard)); err != nil {
		return err
	}
	l, err := f.scenario.load(file)
	if err != nil {
		return err
	}
	f.effort.check(l)
	f.quiet.warn(l)
	if f.shard.asked() {
		return f.shard.run(c, []string{file}, &f.effort, &f.output, f.quiet, func(ctx context.Context, o experiments.Options) (*experiments.Cells, error) {
			return experiments.RunPortion(ctx, l, o, f.shard.portion)
		})
	}
	r, err := f.run(l, commandLine(c, []string{file}))
	if errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "headroom: interrupted before anything was measured")
		return exit(exitInterrupted)
	}
	if err != nil {
		return failure{err}
	}
	if err := f.output.write(r); err != nil {
		return failure{err}
	}
	return verdict(r)
}

// run simulates with a bar of progress, where somebody may look at it.
func (f *simulateFlags) run(l *scenarios.Loaded, command string) (*experiments.Result, error) {
	ctx, stop := interruptible()
	defer stop()
	o := experiments.Options{Parallel: int(f.effort.parallel), Quick: f.effort.quick, Command: command, Version: version(), Cells: f.shard.cells(),
		Histograms: f.output.output == "json" || f.output.verbose}
	if f.live {
		defer f.live.watch(&o, f.output.colored(true))()
	} else {
		defer f.quiet.watch(&o.Progress)()
	}
	return experiments.Run(ctx, l, o)
}

// verdict is the exit code of a run that has a result.
func verdict(r *experiments.Result) error {
	if r.Partial {
		return exit(exitInterrupted)
	}
	for _, t := range r.SLO {
		if !t.Met {
			return exit(exitSLO)
		}
	}
	return nil
}
