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
)

// shardFlag lets a command simulate a part of what it is asked for, or take what others simulated.
type shardFlag struct {
	portion experiments.Portion // Of is 0 where the whole is asked for
	merged  *experiments.Part   // that headroom merge put together; else nil
	inputs  *inputs
}

// newShardFlag is for a command whose files are the given inputs. merged is what headroom merge has put together, else nil.
func newShardFlag(merged *experiments.Part, in *inputs) shardFlag {
	if merged != nil {
		in.given = merged.Files
	}
	return shardFlag{merged: merged, inputs: in}
}

func (f *shardFlag) register(c *cobra.Command) {
	c.Flags().Var((*portion)(&f.portion), "shard", "simulate only `PART/PARTS`, such as 2/8, and print it as JSON: headroom merge makes the whole of all")
	hide(c.Flags(), "shard")
	complete(c, "shard", cobra.NoFileCompletions)
}

// asked tells whether a part is asked for.
func (f *shardFlag) asked() bool { return f.portion.Of > 0 }

// check refuses to print a part in another form.
func (f *shardFlag) check(c *cobra.Command, o *outputFlags) error {
	if f.asked() && c.Flags().Changed("output") && o.output != "json" {
		return misusef("--output %s: a part is printed as JSON, for headroom merge; that takes --output", o.output)
	}
	return nil
}

// cells are those that were simulated elsewhere; nil: none.
func (f *shardFlag) cells() *experiments.Cells {
	if f.merged == nil {
		return nil
	}
	return f.merged.Cells
}

// run simulates a part of what a command was asked for and prints it.
func (f *shardFlag) run(c *cobra.Command, args []string, e *effortFlags, out *outputFlags, q quietFlag,
	simulate func(context.Context, experiments.Options) (*experiments.Cells, error)) error {
	ctx, stop := interruptible()
	defer stop()
	o := experiments.Options{Parallel: int(e.parallel), Quick: e.quick}
	defer q.watch(&o.Progress)()
	cells, err := simulate(ctx, o)
	var indivisible experiments.Indivisible
	var unsweepable experiments.Unsweepable
	switch {
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "headroom: interrupted: the part is not finished, and nothing of it is printed")
		return exit(exitInterrupted)
	case errors.As(err, &indivisible):
		return misusef("--shard %s: %s", f.portion, indivisible)
	case errors.As(err, &unsweepable):
		return misusef("%s: %s", args[0], unsweepable)
	case err != nil:
		return failure{err}
	}
	p := &experiments.Part{
		Headroom: 1, Kind: "part", Version: version(), Command: commandLine(c, args), Part: f.portion.Number, Parts: f.portion.Of,
		Arguments: commandWords(c, args)[1:], Files: f.inputs.read, Cells: cells,
	}
	if err := out.draw(func(w io.Writer) error { return reports.WritePart(w, p) }); err != nil {
		return failure{err}
	}
	return nil
}

// portion reads the value of --shard.
type portion experiments.Portion

func (p *portion) String() string { return "" } // no default to print
func (p *portion) Type() string   { return "PART/PARTS" }

func (p *portion) Set(text string) error {
	read, err := experiments.ParsePortion(text)
	*p = portion(read)
	return err
}

// inputs are the files that a command has read, in their order: a part carries them to the machine that merges.
type inputs struct {
	read  []experiments.Input
	given []experiments.Input // to be taken instead of what the disk has; nil: none
}

// scenario returns the text of a FILE.
func (in *inputs) scenario(file string) ([]byte, error) { return in.from(file, read) }

// file returns the text of a file of the disk.
func (in *inputs) file(name string) ([]byte, error) { return in.from(name, os.ReadFile) }

func (in *inputs) from(name string, read func(string) ([]byte, error)) ([]byte, error) {
	for _, f := range in.given {
		if f.Name == name {
			return []byte(f.Text), nil
		}
	}
	if in.given != nil {
		return nil, errors.New(name + " is not among the files that the parts carry")
	}
	text, err := read(name)
	if err == nil {
		in.read = append(in.read, experiments.NewInput(name, text))
	}
	return text, err
}
