package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"headroom/experiments"
	"headroom/internal/units"
	"headroom/reports"
	"headroom/scenarios"
)

// growFlags are what grow may be told.
type growFlags struct {
	scenario scenarioFlags
	effort   effortFlags
	output   outputFlags
	quiet    quietFlag
	from, to optionalRate
	budget   perMonth
	maxSteps stepCount
	write    string
}

func growCommand() *cobra.Command {
	f := growFlags{to: optionalRate{"1M", 1e6}}
	c := &cobra.Command{
		Use: "grow FILE", Short: "The road from today's rate to a higher one: the cheapest change at each stage",
		Long: `Finds a road from the file's rate to a higher one. It goes by stages, each a factor of ten. Where the architecture as it is does not meet its SLO
there, it looks for the cheapest change, or the cheapest changes together, that let it: the bottleneck is diagnosed, each change that fits it is sized by
the utilization law, so that what it widens is used 65% at most, and simulated; what limits then is widened in turn. The result is a table: rate, change, p99,
cost a month, and the next bottleneck. A step is one change or two. All figures of a step are of a run at the rate it stands at, on other
random numbers than those of the search.

The load is steady: events are left out. What has no price is put on the smallest machine of the list ` + "`machines`" + `, or of the built-in one, that has its
cores. A cache that has no data to know its hit ratio from is taken to hit 80% of the reads at most, and the result says so.

--write writes the scenario at the end of the road, with its comments kept; -o yaml prints it.

Exit codes: 0 the target is reached · 1 a run failed · 2 bad usage or a bad scenario · 99 the road ends before · 130 interrupted`,
		Example: `  headroom grow before-scaling --from 1 --to 1M
  headroom grow shop.yaml --to 50k --budget '$20000/month' --write grown.yaml
  headroom grow shop.yaml --to 100k --max-steps 3 -o json`,
		Args: files(1), ValidArgsFunction: oneFile,
		RunE: func(c *cobra.Command, args []string) error { return f.grow(c, args[0]) },
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.Var(&f.to, "to", "the `RATE` to reach")
	flags.Var(&f.from, "from", "the `RATE` to begin at (default: the file's own)")
	flags.Var(&f.budget, "budget", "stop where the next stage would cost more than `MONEY` a month, such as $20000/month")
	flags.Var(&f.maxSteps, "max-steps", "stop after `N` steps, each one change or two")
	flags.StringVar(&f.write, "write", "", "write the scenario at the end of the road to `OUT`")
	hide(flags, "write")
	for _, name := range []string{"to", "from", "budget", "max-steps"} {
		complete(c, name, cobra.NoFileCompletions)
	}
	f.scenario.register(c, "rate", "duration", "requests")
	f.effort.register(c)
	f.output.register(c, "yaml")
	f.quiet.register(c)
	flags.Lookup("force").Usage = "let --write and --out write over a file"
	return c
}

func (f *growFlags) grow(c *cobra.Command, file string) error {
	if f.write != "" && f.scenario.variant != "" {
		return misusef("--write with --variant: the file that is written would not have the variant's changes; make them in the file first")
	}
	if err := f.output.checkBoth(f.write); err != nil {
		return err
	}
	text, l, _, err := f.scenario.open(file)
	if err != nil {
		return err
	}
	f.quiet.warn(l)
	g, err := f.run(l, commandLine(c, []string{file}))
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
	if err := f.show(file, text, g); err != nil {
		return err
	}
	switch {
	case g.Partial:
		return exit(exitInterrupted)
	case g.Stopped != "":
		return exit(exitSLO)
	}
	return nil
}

func (f *growFlags) run(l *scenarios.Loaded, command string) (*experiments.Growth, error) {
	ctx, stop := interruptible()
	defer stop()
	o := experiments.GrowOptions{From: f.from.perSecond, To: f.to.perSecond, Budget: float64(f.budget), MaxSteps: int(f.maxSteps)}
	o.Options = experiments.Options{Parallel: int(f.effort.parallel), Quick: f.effort.quick, Command: command, Version: version()}
	defer f.quiet.watch(&o.Progress)()
	return experiments.Grow(ctx, l, o)
}

// show draws the road, and writes the scenario at its end where it is wanted.
func (f *growFlags) show(file string, text []byte, g *experiments.Growth) error {
	var last []byte
	if f.write != "" || f.output.output == "yaml" {
		var err error
		if last, err = f.final(file, text, g); err != nil {
			return err
		}
	}
	report, known := reports.NamedGrowth(f.output.output, f.output.style())
	if !known { // yaml
		report = func(w io.Writer, _ *experiments.Growth) error {
			_, err := w.Write(last)
			return err
		}
	}
	if err := f.output.draw(func(w io.Writer) error { return report(w, g) }); err != nil {
		return failure{err}
	}
	if f.write == "" {
		return nil
	}
	if err := replace(f.write, last); err != nil {
		return failure{fmt.Errorf("--write %s: %w", f.write, cause(err))}
	}
	if !bool(f.quiet) {
		fmt.Fprintf(os.Stderr, "wrote %s. Next:\n  headroom simulate %s\n", f.write, reports.Quoted(f.write))
	}
	return nil
}

// final is the text of the scenario at the end of the road: that of the file with its changes in place and comments kept; with a variant, whose
// changes are not in the file, and where values are shared by anchors, as it was simulated.
func (f *growFlags) final(file string, text []byte, g *experiments.Growth) ([]byte, error) {
	if f.scenario.variant != "" {
		return []byte(g.Final.Source), nil
	}
	set, err := f.scenario.settings()
	if err != nil {
		return nil, err
	}
	kept, err := scenarios.Rewrite(file, text, slices.Concat(set, g.Final.Change))
	if err == nil {
		return kept, nil
	}
	if !bool(f.quiet) {
		fmt.Fprintf(os.Stderr, "%s\nthe scenario is written anew, in another layout\n", err)
	}
	return []byte(g.Final.Source), nil
}

// perMonth is dollars a month.
type perMonth float64

func (p *perMonth) String() string {
	if *p == 0 {
		return ""
	}
	return fmt.Sprintf("$%.15g/month", float64(*p))
}

func (p *perMonth) Type() string { return "MONEY" }

func (p *perMonth) Set(text string) error {
	number, dollars := strings.CutPrefix(strings.TrimSuffix(text, "/month"), "$")
	var amount units.Count
	if err := amount.UnmarshalText([]byte(number)); err != nil || !dollars || amount < 1 || amount.IsUnlimited() {
		return errors.New("expected dollars a month, such as $20000/month or $20k/month")
	}
	*p = perMonth(amount)
	return nil
}

// stepCount is how many steps a road may have, 0 where nobody said.
type stepCount int

func (n *stepCount) String() string { return "" }
func (n *stepCount) Type() string   { return "N" }

func (n *stepCount) Set(text string) error {
	var count units.Count
	if err := count.UnmarshalText([]byte(text)); err != nil || count < 1 || count > 1000 {
		return errors.New("expected a whole number from 1 to 1000")
	}
	*n = stepCount(count)
	return nil
}
