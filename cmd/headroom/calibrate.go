package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"headroom/experiments"
	"headroom/internal/strict"
	"headroom/reports"
	"headroom/scenarios"
)

// calibrateFlags are what calibrate may be told.
type calibrateFlags struct {
	scenario scenarioFlags
	effort   effortFlags
	output   outputFlags
	quiet    quietFlag
	write    string
}

func calibrateCommand() *cobra.Command {
	var f calibrateFlags
	c := &cobra.Command{
		Use: "calibrate FILE", Short: "Solve service times from what was observed on the real system",
		Long: `Solves the service times of a scenario from the figures under its key observed, so that the simulation shows what the real system did:
a utilization by the utilization law, with one factor for all times of that resource (cpu and servers: the node's work; network: its bandwidth; disk:
a database's reads per second); latencies by a search for one more factor, over the
latencies of externals and delays, or else over the work of the nodes whose utilization was not observed. It prints each time before and after,
and each figure observed and simulated, with 95% intervals and the residual.

The load is steady, at the observed rate, or else at that of the file. A utilization of 97% or more says that the resource was saturated when it was
measured: then it no longer determines the demand, and a lower bound is printed instead.

--write writes the scenario with the solved times, rounded to four significant digits, in their places; comments and layout stay as they are.

Exit codes: 0 all figures are met · 1 a run failed · 2 bad usage or a bad scenario · 99 some figure is not met · 130 interrupted`,
		Example: `  headroom calibrate shop.yaml
  headroom calibrate shop.yaml --write calibrated.yaml
  headroom calibrate shop.yaml --set 'observed={api.cpu: 63%, p99: 180ms}' -o json`,
		Args: files(1), ValidArgsFunction: oneFile,
		RunE: func(c *cobra.Command, args []string) error { return f.calibrate(c, args[0]) },
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringVar(&f.write, "write", "", "write the scenario with the solved times to `OUT`")
	hide(flags, "write")
	f.scenario.register(c, "rate")
	f.effort.register(c)
	f.output.register(c)
	f.quiet.register(c)
	flags.Lookup("force").Usage = "let --write and --out write over a file"
	return c
}

func (f *calibrateFlags) calibrate(c *cobra.Command, file string) error {
	if err := f.check(c); err != nil {
		return err
	}
	text, l, _, err := f.scenario.open(file)
	if err != nil {
		return err
	}
	f.quiet.warn(l)
	k, err := f.run(l, commandLine(c, []string{file}))
	var problems strict.Problems
	var impossible experiments.Uncalibratable
	switch {
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "headroom: interrupted before the times were solved")
		return exit(exitInterrupted)
	case errors.As(err, &problems):
		return problems
	case errors.As(err, &impossible):
		return misusef("%s: %s", file, impossible)
	case err != nil:
		return failure{err}
	}
	report, _ := reports.NamedCalibration(f.output.output, f.output.style())
	if err := f.output.draw(func(w io.Writer) error { return report(w, k) }); err != nil {
		return failure{err}
	}
	if err := f.writeScenario(file, text, k); err != nil {
		return err
	}
	if !k.Met() {
		return exit(exitSLO)
	}
	return nil
}

// check refuses what could not be written, before anything is simulated.
func (f *calibrateFlags) check(c *cobra.Command) error {
	if f.write != "" {
		for _, name := range []string{"set", "variant"} {
			if c.Flags().Changed(name) {
				return misusef("--write with --%s: the file that is written would not have that change; make it in the file first", name)
			}
		}
	}
	return f.output.checkBoth(f.write)
}

func (f *calibrateFlags) run(l *scenarios.Loaded, command string) (*experiments.Calibration, error) {
	ctx, stop := interruptible()
	defer stop()
	o := experiments.Options{Parallel: int(f.effort.parallel), Quick: f.effort.quick, Command: command, Version: version()}
	defer f.quiet.watch(&o.Progress)()
	return experiments.Calibrate(ctx, l, o)
}

// writeScenario writes the file with the solved times, if it is to.
func (f *calibrateFlags) writeScenario(file string, text []byte, k *experiments.Calibration) error {
	if f.write == "" {
		return nil
	}
	solved, err := scenarios.Rewrite(file, text, k.Edits())
	if err != nil {
		return err
	}
	if err := replace(f.write, solved); err != nil {
		return failure{fmt.Errorf("--write %s: %w", f.write, cause(err))}
	}
	if !bool(f.quiet) {
		fmt.Fprintf(os.Stderr, "wrote %s. Next:\n  headroom simulate %s\n", f.write, reports.Quoted(f.write))
	}
	return nil
}
