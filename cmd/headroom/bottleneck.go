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

// bottleneckFlags are what bottleneck may be told.
type bottleneckFlags struct {
	scenario scenarioFlags
	effort   effortFlags
	output   outputFlags
	quiet    quietFlag

	interactive bool
}

func bottleneckCommand() *cobra.Command {
	var f bottleneckFlags
	c := &cobra.Command{
		Use: "bottleneck FILE", Short: "What limits this architecture, and at which rate",
		Long: `Runs one scenario and says what limits it: the resource, its class, and the offered rate at which it saturates; what comes second and third; and
where the time of the mean and of the slowest 1% goes. Then it simulates a steady load of 95% and of 105% of that rate, on the same random
numbers: below it the resource must not be full, above it it must.

Where the SLO is missed it looks for what a table of utilizations does not show as well: retries that make their own load, a limit or a short queue that
refuses, the failures and the slowness of others, and a latency that is all distance.

Exit codes: 0 the SLO is met · 1 the run failed · 2 bad usage or a bad scenario · 99 the SLO is not met · 130 interrupted`,
		Example: `  headroom bottleneck before-scaling
  headroom bottleneck shop.yaml --rate 10k
  headroom bottleneck shop.yaml -o json | jq .bottleneck.class`,
		Args: diagnosable, ValidArgsFunction: oneFile,
		RunE: func(c *cobra.Command, args []string) error { return f.bottleneck(c, args[0]) },
	}
	c.Flags().SortFlags = false
	c.Flags().BoolVar(&f.interactive, "interactive", false, "read commands after the answer, from a pipe as well; =false: not on a terminal either")
	hide(c.Flags(), "interactive")
	f.scenario.register(c)
	f.effort.register(c)
	f.output.register(c)
	f.quiet.register(c)
	return c
}

// diagnosable is the check of the arguments.
func diagnosable(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return misusef("bottleneck needs a FILE: the questions that would stand for one are not built yet; headroom init writes a file to begin with")
	}
	return files(1)(c, args)
}

func (f *bottleneckFlags) bottleneck(c *cobra.Command, file string) error {
	if err := f.output.check(); err != nil {
		return err
	}
	switch explores, err := f.explores(c, file); {
	case err != nil:
		return err
	case explores:
		return f.explore(c, file)
	}
	l, err := f.scenario.load(file)
	if err != nil {
		return err
	}
	f.effort.check(l)
	f.quiet.warn(l)
	d, err := f.run(l, commandLine(c, []string{file}))
	if errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "headroom: interrupted before anything was measured")
		return exit(exitInterrupted)
	}
	if err != nil {
		return failure{err}
	}
	report, _ := reports.NamedDiagnosis(f.output.output, f.output.style())
	if err := f.output.draw(func(w io.Writer) error { return report(w, d) }); err != nil {
		return failure{err}
	}
	if d.Partial {
		return exit(exitInterrupted)
	}
	return verdict(d.Result)
}

func (f *bottleneckFlags) run(l *scenarios.Loaded, command string) (*experiments.Diagnosis, error) {
	ctx, stop := interruptible()
	defer stop()
	o := experiments.Options{Parallel: int(f.effort.parallel), Quick: f.effort.quick, Command: command, Version: version()}
	defer f.quiet.watch(&o.Progress)()
	return experiments.Diagnose(ctx, l, o)
}
