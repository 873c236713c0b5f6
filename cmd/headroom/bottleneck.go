package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

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

	withoutRemedies bool
	apply           int
	write           string
	interactive     bool
}

func bottleneckCommand() *cobra.Command {
	var f bottleneckFlags
	c := &cobra.Command{
		Use: "bottleneck [FILE]", Short: "What limits this architecture, at which rate, and what to do about it",
		Long: `Runs one scenario and says what limits it: the resource, its class, and the offered rate at which it saturates; what comes second and third; and
where the time of the mean and of the slowest 1% goes. Then it simulates a steady load of 95% and of 105% of that rate, on the same random
numbers: below it the resource must not be full, above it it must.

Where the SLO is missed it looks for what a table of utilizations does not show as well: retries that make their own load, a limit or a short queue that
refuses, the failures and the slowness of others, and a latency that is all distance.

There it also tries remedies: for each class of bottleneck a catalogue of changes of this very file, such as more instances, bigger machines, a cache,
replicas, shards or another timeout. Of each the smallest size is searched that meets the SLO with a tenth to spare, in short runs with another seed;
that one is then simulated as the file itself is, on the same random numbers. Those that meet the SLO come first, the cheapest first; those that are of
no help are shown as well. Where no single change does it, a second and a third are added for what limits then. --no-remedies leaves all that out.

--apply 2 --write FILE writes the scenario with the second remedy, its comments kept.

On a terminal a prompt follows, at which changes are tried, kept, undone and saved: help lists its commands. --interactive reads them from a pipe as
well; =false keeps it away.

Without FILE it asks what you know of a running system: the rate, the machines, how busy they are. An empty answer takes the default, ? explains
the question. From the answers it makes a scenario whose service times are solved so that the simulation shows what you reported, says what
it assumed, and offers to save it. Answers may be piped, one in a line: then a wrong one ends it, and so does the end of input.

Exit codes: 0 the SLO is met · 1 the run failed · 2 bad usage or a bad scenario · 99 the SLO is not met · 130 interrupted`,
		Example: `  headroom bottleneck before-scaling
  headroom bottleneck shop.yaml --rate 10k
  headroom bottleneck
  headroom bottleneck shop.yaml --apply 1 --write bigger.yaml
  headroom bottleneck shop.yaml -o json | jq .remedies[0].change`,
		Args: diagnosable, ValidArgsFunction: oneFile,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return f.interview(c)
			}
			return f.bottleneck(c, args[0])
		},
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.BoolVar(&f.withoutRemedies, "no-remedies", false, "only say what limits: try no remedies")
	flags.IntVar(&f.apply, "apply", 0, "the remedy of rank `N` is what --write writes")
	flags.StringVar(&f.write, "write", "", "write the scenario with the remedy of --apply to `OUT`")
	flags.BoolVar(&f.interactive, "interactive", false, "read commands after the answer, from a pipe as well; =false: not on a terminal either")
	hide(flags, "apply", "write", "interactive")
	complete(c, "apply", cobra.NoFileCompletions)
	f.scenario.register(c)
	f.effort.register(c)
	f.output.register(c)
	f.quiet.register(c)
	flags.Lookup("force").Usage = "let --write and --out write over a file"
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
	if err := f.check(c); err != nil {
		return err
	}
	switch explores, err := f.explores(c, file); {
	case err != nil:
		return err
	case explores:
		return f.explore(c, file)
	}
	text, l, load, err := f.scenario.open(file)
	if err != nil {
		return err
	}
	d, err := f.diagnose(l, load, commandLine(c, []string{file}))
	if err != nil {
		return err
	}
	if err := f.draw(d); err != nil {
		return err
	}
	return f.end(file, text, load, d)
}

// diagnose warns of what is odd in a scenario, and runs it.
func (f *bottleneckFlags) diagnose(l *scenarios.Loaded, load loading, command string) (*experiments.Diagnosis, error) {
	f.effort.check(l)
	f.quiet.warn(l)
	d, err := f.run(l, load, command)
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

// loading reads the scenario with further changes.
type loading = func(further []scenarios.Change) (*scenarios.Loaded, error)

// end writes the file with the remedy that is to be applied, and is the exit code.
func (f *bottleneckFlags) end(file string, text []byte, load loading, d *experiments.Diagnosis) error {
	if d.Partial {
		return exit(exitInterrupted)
	}
	if f.write != "" {
		return f.writeRemedied(file, text, load, d)
	}
	return verdict(d.Result)
}

// check refuses what could not be written, before anything is simulated.
func (f *bottleneckFlags) check(c *cobra.Command) error {
	applies := c.Flags().Changed("apply")
	switch {
	case applies && f.withoutRemedies:
		return misusef("--apply has nothing to apply with --no-remedies")
	case applies && f.apply < 1:
		return misusef("--apply %d: remedies are counted from 1", f.apply)
	case applies && f.write == "":
		return misusef("--apply %d needs --write OUT: the file that gets the remedy", f.apply)
	case f.write != "" && !applies:
		return misusef("--write needs --apply N: the remedy that is to be written")
	case f.write != "" && f.scenario.variant != "":
		return misusef("--write with --variant: the file that is written would not have the variant's changes; make them in the file first")
	}
	return f.output.checkBoth(f.write)
}

// The parts of the progress that the diagnosis and the remedies are.
const diagnosing = .2

func (f *bottleneckFlags) run(l *scenarios.Loaded, load loading, command string) (*experiments.Diagnosis, error) {
	ctx, stop := interruptible()
	defer stop()
	o := experiments.Options{Parallel: int(f.effort.parallel), Quick: f.effort.quick, Command: command, Version: version()}
	defer f.quiet.watch(&o.Progress)()
	if f.withoutRemedies {
		return experiments.Diagnose(ctx, l, o)
	}
	first, then := o, o
	if o.Progress != nil {
		first.Progress = func(share float64) { o.Progress(diagnosing * share) }
		then.Progress = func(share float64) { o.Progress(diagnosing + (1-diagnosing)*share) }
	}
	d, err := experiments.Diagnose(ctx, l, first)
	if err != nil || d.Partial {
		return d, err
	}
	d.Remedies, err = experiments.FindRemedies(ctx, l, load, d, experiments.RemedyOptions{Options: then, Capacities: true})
	d.Partial = ctx.Err() != nil
	return d, err
}

// writeRemedied writes the file with what --set says and a remedy.
func (f *bottleneckFlags) writeRemedied(file string, text []byte, load loading, d *experiments.Diagnosis) error {
	if f.apply > len(d.Remedies) {
		return misusef("--apply %d: there are %d remedies", f.apply, len(d.Remedies))
	}
	k := d.Remedies[f.apply-1]
	l, err := load(k.Change)
	if err != nil {
		return failure{err}
	}
	set, err := f.scenario.settings()
	if err != nil {
		return err
	}
	changed, err := scenarios.Rewrite(file, text, slices.Concat(set, k.Change, l.Prices()))
	if err != nil {
		return err
	}
	if err := replace(f.write, changed); err != nil {
		return failure{fmt.Errorf("--write %s: %w", f.write, cause(err))}
	}
	if !bool(f.quiet) {
		fmt.Fprintf(os.Stderr, "wrote %s. Next:\n  headroom simulate %s%s\n", f.write, reports.Quoted(f.write), f.scenario.atRate())
	}
	if !k.SLOMet {
		return exit(exitSLO)
	}
	return nil
}
