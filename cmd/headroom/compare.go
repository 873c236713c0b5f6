package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"headroom/experiments"
	"headroom/reports"
)

// compareFlags are what compare may be told.
type compareFlags struct {
	scenario scenarioFlags
	effort   effortFlags
	output   outputFlags
	quiet    quietFlag
	variants []string
	rates    rateList
	baseline string
	failOn   []string
	fast     bool                // without the capacities
	saved    *experiments.Result // that baseline names; nil: none
	shard    shardFlag
}

// compareCommand is headroom compare. merged is what headroom merge has put together of its parts, else nil.
func compareCommand(merged *experiments.Part) *cobra.Command {
	var f compareFlags
	f.shard = newShardFlag(merged, &f.scenario.inputs)
	c := &cobra.Command{
		Use: "compare FILE...", Short: "Put architectures side by side, on the same random requests",
		Long: `Simulates several architectures on the same random requests and says how each differs from the first: is the difference real, and how large?

Several FILEs are compared with the first of them; one FILE with all of its variants, or with those that --variant names or makes. All run
with the seed of the first, in at least ` + fmt.Sprint(experiments.LeastPairs) + ` replications, with the same warm-up and measured time: the longest that one of them needs. Requests
come at the same moments with the same keys, and take as long at nodes of the same name, so that a difference is much less a matter of
chance than it would be between two runs: its 95% interval is that of the differences, replication by replication.

Then it searches the capacity of each case, the highest rate that meets its SLO, by simulating further rates for a fifth of the time; not where
--rates picks them, nor where no source has a rate to change.

With --baseline the first is the architecture of a result that was saved before; it is simulated again beside the others, since only so do
all see the same requests. --fail-on-regression is for continuous integration: it fails if a case is worse than the first by more than is
allowed, and 0 is outside the interval of the difference.

Exit codes: 0 compared, whether the SLO is met or not · 1 a run failed · 2 bad usage or a bad scenario · 99 a regression · 130 interrupted`,
		Example: `  headroom compare load-balancing
  headroom compare load-balancing --variant least-connections --variant bigger:nodes.new.cores=8
  headroom compare today.yaml tomorrow.yaml --rates 100,1k,10k -o markdown
  headroom compare shop.yaml --baseline main.json --fail-on-regression "p99 5%"`,
		Args: files(mostCases), ValidArgsFunction: manyFiles,
		RunE: func(c *cobra.Command, args []string) error { return f.compare(c, args) },
	}
	c.Flags().SortFlags = false
	c.Flags().StringArrayVar(&f.variants, "variant", nil, "compare the file with its variant `NAME`, or with NAME:PATH=VALUE; may be repeated")
	complete(c, "variant", variantNames)
	c.Flags().Var(&f.rates, "rates", "compare at each of several `RATES`, such as 100,1k,10k")
	c.Flags().StringVar(&f.baseline, "baseline", "", "compare with the architecture of a result in `FILE`, which -o json saved")
	c.Flags().StringArrayVar(&f.failOn, "fail-on-regression", nil, "exit 99 if a `METRIC` is worse by more than a share, such as \"p99 5%\"; may be repeated")
	c.Flags().BoolVar(&f.fast, "no-capacity", false, "do not search the highest rate at which each case meets its SLO: that takes about as long as the rest")
	complete(c, "rates", cobra.NoFileCompletions)
	complete(c, "fail-on-regression", cobra.FixedCompletions(slices.Sorted(maps.Keys(metricNames)), cobra.ShellCompDirectiveNoFileComp))
	f.scenario.register(c, "variant")
	f.effort.register(c)
	f.output.register(c)
	f.quiet.register(c)
	f.shard.register(c)
	return c
}

// mostCases is how many architectures one would care to see side by side.
const mostCases = 100

func (f *compareFlags) compare(c *cobra.Command, files []string) error {
	if err := errors.Join(f.output.check(), f.shard.check(c, &f.output)); err != nil {
		return err
	}
	allowed, err := f.tolerances()
	if err != nil {
		return err
	}
	loads, err := f.loads(files)
	if err != nil {
		return err
	}
	replications := 0
	if c.Flags().Changed("replications") {
		if replications = int(loads[0].Cases[0].Run.Replications); replications < 2 {
			return misusef("--replications %d: a difference has an interval only from 2 on", replications)
		}
	}
	if f.fast && f.rates != nil {
		return misusef("--no-capacity has no effect with --rates: at picked rates no capacity is searched")
	}
	f.warn(loads)
	if f.shard.asked() {
		return f.shard.run(c, files, &f.effort, &f.output, f.quiet, func(ctx context.Context, o experiments.Options) (*experiments.Cells, error) {
			return experiments.ComparePortion(ctx, loads, experiments.CompareOptions{Options: o, Replications: replications}, f.shard.portion)
		})
	}
	r, err := f.run(loads, replications, commandLine(c, files))
	if errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "headroom: interrupted before a case was finished")
		return exit(exitInterrupted)
	}
	if err != nil {
		return failure{err}
	}
	report, _ := reports.NamedComparison(f.output.output, f.output.style())
	if err := f.output.draw(func(w io.Writer) error { return report(w, r) }); err != nil {
		return failure{err}
	}
	if r.Partial {
		return exit(exitInterrupted)
	}
	if found := regressions(r, allowed); found != nil {
		for _, each := range found {
			fmt.Fprintln(os.Stderr, "headroom:", each)
		}
		return exit(exitSLO)
	}
	return nil
}

// loads reads the cases, for each of the rates that are asked for.
func (f *compareFlags) loads(files []string) ([]experiments.CasesAt, error) {
	if f.scenario.rate.perSecond > 0 && f.rates != nil {
		return nil, misusef("--rate and --rates both say what is asked for: give one")
	}
	if f.baseline != "" {
		if err := f.loadSaved(); err != nil {
			return nil, err
		}
	}
	from, err := f.scenario.inputs.sources(files)
	if err != nil {
		return nil, err
	}
	if f.rates == nil {
		cases, err := f.cases(from)
		return []experiments.CasesAt{{Cases: cases}}, err
	}
	var all []experiments.CasesAt
	for _, f.scenario.rate = range f.rates {
		cases, err := f.cases(from)
		if err != nil {
			return nil, err
		}
		all = append(all, experiments.CasesAt{Rate: f.scenario.rate.perSecond, Cases: cases})
	}
	return all, nil
}

// warn prints the warnings of all cases, each once.
func (f *compareFlags) warn(loads []experiments.CasesAt) {
	told := map[string]bool{}
	for _, at := range loads {
		for _, k := range at.Cases {
			f.effort.check(k.Loaded)
			for _, w := range k.Warnings {
				if !bool(f.quiet) && !told[w.String()] {
					fmt.Fprintln(os.Stderr, w)
				}
				told[w.String()] = true
			}
		}
	}
}

func (f *compareFlags) run(loads []experiments.CasesAt, replications int, command string) (*experiments.Comparison, error) {
	ctx, stop := interruptible()
	defer stop()
	o := experiments.CompareOptions{Replications: replications, Search: !f.fast && f.rates == nil}
	o.Options = experiments.Options{Parallel: int(f.effort.parallel), Quick: f.effort.quick, Command: command, Version: version(), Cells: f.shard.cells()}
	defer f.quiet.watch(&o.Progress)()
	return experiments.Compare(ctx, loads, o)
}
