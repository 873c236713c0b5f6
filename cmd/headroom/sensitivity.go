package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"headroom/experiments"
	"headroom/reports"
	"headroom/scenarios"
)

// sensitivityFlags are what sensitivity may be told.
type sensitivityFlags struct {
	scenario scenarioFlags
	effort   effortFlags
	output   outputFlags
	quiet    quietFlag
}

func sensitivityCommand() *cobra.Command {
	var f sensitivityFlags
	c := &cobra.Command{
		Use: "sensitivity FILE", Short: "Which of the guessed numbers moves p99 and saturation most",
		Long: `Changes each number that the author of a scenario can only have measured or guessed by 10% down and by 10% up, one at a time, simulates that on
the same random requests, and prints what moves the p99 most, with the 95% interval of the difference: worth measuring first. What has no
effect is worth knowing as well.

Guessed are service, network and think times, sizes, numbers of keys and clients, exponents of popularity, and shares; not what was decided,
such as instances, cores, limits and timeouts, and not the load. Of a hit ratio it is the misses that change by 10%. The other shares of a mix
make room. Saturation is the rate at which the first resource is full that is held only for its work, by the utilization law.

Each run measures as long as the scenario asks for, or shorter where all of them together would take too long: a warning says so.

An interrupt (Ctrl-C) prints the numbers that are done; a second one ends the program.

Exit codes: 0 done, whether the SLO is met or not · 1 a run failed · 2 bad usage or a bad scenario · 130 interrupted`,
		Example: `  headroom sensitivity before-scaling
  headroom sensitivity shop.yaml --rate 2k -o csv --out shop.csv`,
		Args: files(1), ValidArgsFunction: oneFile,
		RunE: func(c *cobra.Command, args []string) error { return f.sensitivity(c, args[0]) },
	}
	c.Flags().SortFlags = false
	f.scenario.register(c)
	f.effort.register(c)
	f.output.register(c)
	f.quiet.register(c)
	return c
}

func (f *sensitivityFlags) sensitivity(c *cobra.Command, file string) error {
	if err := f.output.check(); err != nil {
		return err
	}
	_, l, load, err := f.scenario.open(file)
	if err != nil {
		return err
	}
	replications := 0
	if c.Flags().Changed("replications") {
		if replications = int(l.Run.Replications); replications < 2 {
			return misusef("--replications %d: a difference has an interval only from 2 on", replications)
		}
	}
	f.effort.check(l)
	f.quiet.warn(l)
	ctx, stop := interruptible()
	defer stop()
	o := experiments.SensitivityOptions{Replications: replications}
	o.Options = experiments.Options{Parallel: int(f.effort.parallel), Quick: f.effort.quick, Command: commandLine(c, []string{file}), Version: version()}
	defer f.quiet.watch(&o.Progress)()
	s, err := experiments.RunSensitivity(ctx, l, func(change scenarios.Change) (*scenarios.Loaded, error) { return load([]scenarios.Change{change}) }, o)
	switch {
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "headroom: interrupted before the scenario was simulated")
		return exit(exitInterrupted)
	case err != nil:
		return failure{err}
	}
	report, _ := reports.NamedSensitivity(f.output.output, f.output.style())
	if err := f.output.draw(func(w io.Writer) error { return report(w, s) }); err != nil {
		return failure{err}
	}
	if s.Partial {
		return exit(exitInterrupted)
	}
	return nil
}
