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
		Use: "bottleneck [FILE]", Short: "What limits this architecture, and at which rate",
		Long: `Runs one scenario and says what limits it: the resource, its class, and the offered rate at which it saturates; what comes second and third; and
where the time of the mean and of the slowest 1% goes. Then it simulates a steady load of 95% and of 105% of that rate, on the same random
numbers: below it the resource must not be full, above it it must.

Where the SLO is missed it looks for what a table of utilizations does not show as well: retries that make their own load, a limit or a short queue that
refuses, the failures and the slowness of others, and a latency that is all distance.

Without FILE it asks what you know of a running system: the rate, the machines, how busy they are. An empty answer takes the default, ? explains
the question. From the answers it makes a scenario whose service times are solved so that the simulation shows what you reported, says what
it assumed, and offers to save it. Answers may be piped, one in a line: then a wrong one ends it, and so does the end of input.

Exit codes: 0 the SLO is met · 1 the run failed · 2 bad usage or a bad scenario · 99 the SLO is not met · 130 interrupted`,
		Example: `  headroom bottleneck before-scaling
  headroom bottleneck shop.yaml --rate 10k
  headroom bottleneck
  headroom bottleneck shop.yaml -o json | jq .bottleneck.class`,
		Args: diagnosable, ValidArgsFunction: oneFile,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return f.interview(c)
			}
			return f.bottleneck(c, args[0])
		},
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
		return nil // it asks
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
	d, err := f.diagnose(l, commandLine(c, []string{file}))
	if err != nil {
		return err
	}
	if err := f.draw(d); err != nil {
		return err
	}
	return judged(d)
}

// diagnose warns of what is odd in a scenario, and runs it.
func (f *bottleneckFlags) diagnose(l *scenarios.Loaded, command string) (*experiments.Diagnosis, error) {
	f.effort.check(l)
	f.quiet.warn(l)
	d, err := f.run(l, command)
	if errors.Is(err, context.Canceled) {
		return nil, interruptedEarly()
	}
	if err != nil {
		return nil, failure{err}
	}
	return d, nil
}

// interruptedEarly says so, and is the exit code.
func interruptedEarly() error {
	fmt.Fprintln(os.Stderr, "headroom: interrupted before anything was measured")
	return exit(exitInterrupted)
}

func (f *bottleneckFlags) draw(d *experiments.Diagnosis) error {
	report, _ := reports.NamedDiagnosis(f.output.output, f.output.style())
	if err := f.output.draw(func(w io.Writer) error { return report(w, d) }); err != nil {
		return failure{err}
	}
	return nil
}

// judged is the exit code of a diagnosis.
func judged(d *experiments.Diagnosis) error {
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
