package main

import (
	"errors"
	"os"
	"strconv"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"headroom/experiments"
	"headroom/reports"
)

func mergeCommand() *cobra.Command {
	var (
		effort effortFlags
		output outputFlags
		quiet  quietFlag
	)
	c := &cobra.Command{
		Use: "merge RESULT...", Short: "Join the parts that --shard made on several machines",
		Long: `Joins the parts of a run, a sweep or a comparison that several machines made with --shard, and prints what one machine would have printed: the
same bytes, but for the seconds that the simulation took, which are those of all machines together.

The parts must be of the same command, files and version of headroom, and each must be there once. What depends on all of them is
simulated here: the rates that the search for a capacity tries, and those at which a resource is probed for its limit. The scenario is
in the parts; files that it names, such as a trace, must be where they were.

Exit codes: those of the command whose parts they are, and 2 where they do not belong together.`,
		Example: `  headroom sweep shop.yaml --shard 1/2 --out 1.json
  headroom sweep shop.yaml --shard 2/2 --out 2.json
  headroom merge 1.json 2.json
  headroom merge *.json -o json --out shop.json`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return misusef("merge needs the files of all parts, which --shard made")
			}
			return nil
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return []string{"json"}, cobra.ShellCompDirectiveFilterFileExt
		},
		RunE: func(c *cobra.Command, args []string) error {
			whole, err := join(args)
			if err != nil {
				return err
			}
			return rerun(whole, given(c.Flags()))
		},
	}
	c.Flags().SortFlags = false
	c.Flags().Var(&effort.parallel, "parallel", "`N` replications at a time, of those that are simulated here (default: all cores)")
	complete(c, "parallel", cobra.NoFileCompletions)
	output.register(c)
	quiet.register(c)
	return c
}

// join reads the parts and puts them together.
func join(names []string) (*experiments.Part, error) {
	var parts []*experiments.Part
	for _, name := range names {
		p, err := readPart(name)
		if err != nil {
			return nil, misusef("%s: %v", name, cause(err))
		}
		parts = append(parts, p)
	}
	whole, err := experiments.Join(names, parts, version())
	var mismatch experiments.Mismatch
	if errors.As(err, &mismatch) {
		return nil, misusef("%s", mismatch)
	}
	return whole, err
}

func readPart(name string) (*experiments.Part, error) {
	in, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return reports.ReadPart(in)
}

// rerun gives the command again whose parts have been merged, so that there is one way only from replications to what is printed.
func rerun(whole *experiments.Part, flags []string) error {
	root := &cobra.Command{Use: "headroom", SilenceUsage: true, SilenceErrors: true}
	root.SetFlagErrorFunc(wrongFlag)
	root.AddCommand(divisibleCommands(whole)...)
	root.SetArgs(append(whole.Arguments, flags...))
	return root.Execute()
}

// divisibleCommands are those that --shard divides.
func divisibleCommands(merged *experiments.Part) []*cobra.Command {
	return []*cobra.Command{simulateCommand(merged), sweepCommand(merged), compareCommand(merged)}
}

// given returns the flags that were given, as words.
func given(flags *pflag.FlagSet) []string {
	var words []string
	flags.Visit(func(f *pflag.Flag) {
		value := f.Value.String()
		if n, ok := f.Value.(*parallel); ok {
			value = strconv.Itoa(int(*n))
		}
		words = append(words, "--"+f.Name+"="+value)
	})
	return words
}
