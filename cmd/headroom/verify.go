package main

import (
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"headroom/experiments"
	"headroom/experiments/truth"
	"headroom/reports"
)

// verifyFlags are what verify may be told.
type verifyFlags struct {
	list, all, long bool
	parallel        parallel
	output          outputFlags
	quiet           quietFlag
}

func verifyCommand() *cobra.Command {
	var f verifyFlags
	c := &cobra.Command{
		Use: "verify [CASE|GROUP...]", Short: "Simulate models with known answers: exact against simulated, with intervals",
		Long: `Simulates models of queueing theory for which a formula, an exact algorithm or a publication gives the figures, and says how far the
simulation is from these: by group, with the 95% interval where results have one, the error, and the error that is allowed.

Without names it takes the first model of each case. Names choose cases (Q01) or groups (queues) with all of their models; --list says
which there are. Models that take a minute of a core or more are left out unless --long is given.

Exit codes: 0 every figure is within its tolerance · 1 one is off · 2 bad usage · 130 interrupted: what was done so far is printed`,
		Example: `  headroom verify
  headroom verify Q01 limits
  headroom verify --all --long -o csv --out verified.csv`,
		Args: f.check,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return verifiable(truth.Cases()), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(c *cobra.Command, names []string) error { return f.verify(c, names) },
	}
	c.Flags().SortFlags = false
	c.Flags().BoolVar(&f.list, "list", false, "say which cases there are, and simulate nothing")
	c.Flags().BoolVar(&f.all, "all", false, "all models of all cases: some minutes")
	c.Flags().BoolVar(&f.long, "long", false, "also the models that take a minute or more each")
	c.Flags().Var(&f.parallel, "parallel", "`N` models at a time; the figures do not depend on it (default: all cores)")
	hide(c.Flags(), "parallel")
	complete(c, "parallel", cobra.NoFileCompletions)
	f.output.register(c)
	f.quiet.register(c)
	return c
}

// check refuses names that are none, and flags without effect.
func (f *verifyFlags) check(c *cobra.Command, names []string) error {
	valid := verifiable(truth.Cases())
	for _, name := range names {
		if !slices.Contains(valid, name) {
			return unknown("case", name, valid)
		}
	}
	switch {
	case f.list && (f.all || f.long || c.Flags().Changed("output")):
		return misusef("--list names all cases, in one format: --all, --long and --output have no effect with it")
	case f.all && len(names) > 0:
		return misusef("--all has no effect with names: these stand for all of their models")
	}
	return f.output.check()
}

// verifiable are the names that verify may be given.
func verifiable(cases []truth.Case) []string {
	names := truth.Groups(cases)
	for _, c := range cases {
		names = append(names, c.ID)
	}
	return names
}

func (f *verifyFlags) verify(c *cobra.Command, names []string) error {
	cases := truth.Cases()
	if f.list {
		return f.output.draw(func(w io.Writer) error { return listChosen(w, truth.Choose(cases, names, true, true)) })
	}
	v, err := f.run(truth.Choose(cases, names, f.all, f.long), commandLine(c, names))
	if err != nil {
		return failure{err}
	}
	if len(v.Models) == 0 {
		fmt.Fprintln(os.Stderr, "headroom: interrupted before a model was done")
		return exit(exitInterrupted)
	}
	report, _ := reports.NamedVerification(f.output.output, f.output.style())
	if err := f.output.draw(func(w io.Writer) error { return report(w, v) }); err != nil {
		return failure{err}
	}
	switch {
	case v.Partial:
		return exit(exitInterrupted)
	case v.Off > 0:
		return exit(exitFailed)
	}
	return nil
}

// run simulates with a bar of progress, where somebody may look at it.
func (f *verifyFlags) run(chosen []truth.Choice, command string) (*truth.Verification, error) {
	ctx, stop := interruptible()
	defer stop()
	o := experiments.Options{Parallel: int(f.parallel), Command: command, Version: version()}
	defer f.quiet.watch(&o.Progress)()
	return truth.Verify(ctx, chosen, o)
}

// listChosen prints a line for each case: its name, how many models it has and how many of these are long, its title.
func listChosen(w io.Writer, chosen []truth.Choice) error {
	group := ""
	for i, c := range chosen {
		if i > 0 && chosen[i-1].Case == c.Case {
			continue
		}
		if c.Case.Group != group {
			group = c.Case.Group
			if _, err := fmt.Fprintln(w, group); err != nil {
				return err
			}
		}
		long := 0
		for _, m := range c.Case.Models {
			if m.Long {
				long++
			}
		}
		note := ""
		if long > 0 {
			note = fmt.Sprintf(" (%d long)", long)
		}
		if _, err := fmt.Fprintf(w, "  %s  %3d models%s  %s\n", c.Case.ID, len(c.Case.Models), note, c.Case.Title); err != nil {
			return err
		}
	}
	return nil
}
