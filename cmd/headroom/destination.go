package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"headroom/experiments"
	"headroom/reports"
)

// outputs are the values of --output that every command has.
var outputs = []string{"table", "json", "csv", "markdown"}

// outputFlags say how a result is drawn, and where it goes.
type outputFlags struct {
	output, out             string
	force, verbose, noColor bool
	formats                 []string // that output may be
}

// register adds the flags. A command may draw what it finds in more formats than all of them do.
func (f *outputFlags) register(c *cobra.Command, more ...string) {
	f.registerAs(c, append(slices.Clone(outputs), more...))
	flags := c.Flags()
	flags.BoolVar(&f.verbose, "verbose", false, "let a table say more: assumptions, and how the run went, of simulate with drawings")
	flags.BoolVar(&f.noColor, "no-color", false, "no colours, nor with NO_COLOR in the environment; CLICOLOR_FORCE asks for them")
	hide(flags, "verbose", "no-color")
}

// registerAs adds the flags of a command that has formats of its own, which have no style of tables.
func (f *outputFlags) registerAs(c *cobra.Command, formats []string) {
	f.formats = formats
	flags := c.Flags()
	flags.StringVarP(&f.output, "output", "o", formats[0], "`FORMAT` of the result: "+either(formats))
	flags.StringVar(&f.out, "out", "", "write the result to `FILE` instead of standard output")
	flags.BoolVar(&f.force, "force", false, "let --out write over a file")
	hide(flags, "output", "out", "force")
	complete(c, "output", cobra.FixedCompletions(formats, cobra.ShellCompDirectiveNoFileComp))
}

// check refuses what could not be written, before anything is simulated.
func (f *outputFlags) check() error {
	if !slices.Contains(f.formats, f.output) {
		return unknown("output", f.output, f.formats)
	}
	switch {
	case f.out == "" && f.force:
		return misusef("--force has no effect without --out")
	case f.out == "":
		return nil
	}
	return writable("out", f.out, f.force)
}

// writable refuses a file that a flag names and that could not be written, or would be written over without being told to.
func writable(flag, file string, force bool) error {
	switch info, err := os.Stat(file); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return fmt.Errorf("--%s %s: %w", flag, file, cause(err))
	case !info.Mode().IsRegular():
		return misusef("--%s %s: this is not a file that could be replaced", flag, file)
	case !force:
		return misusef("--%s %s: the file exists; --force writes over it", flag, file)
	}
	beside, err := createBeside(file)
	if err != nil {
		return fmt.Errorf("--%s %s: %w", flag, file, cause(err))
	}
	return errors.Join(beside.Close(), os.Remove(beside.Name()))
}

// checkBoth refuses what could not be written of a result and of a scenario that a flag --write names.
func (f *outputFlags) checkBoth(write string) error {
	report := *f
	report.force = report.force && (report.out != "" || write == "") // it is for --write as well
	if err := report.check(); err != nil {
		if report.force && report.out == "" {
			return misusef("--force has no effect without --write or --out")
		}
		return err
	}
	if write == "" {
		return nil
	}
	return writable("write", write, f.force)
}

// write draws a result where it is wanted.
func (f *outputFlags) write(r *experiments.Result) error {
	report, _ := reports.Named(f.output, f.style())
	return f.draw(func(w io.Writer) error { return report(w, r) })
}

// draw lets something be written where it is wanted.
func (f *outputFlags) draw(report func(io.Writer) error) error {
	if f.out == "" {
		return report(os.Stdout)
	}
	var drawn bytes.Buffer
	if err := report(&drawn); err != nil {
		return err
	}
	return replace(f.out, drawn.Bytes())
}

// style is for standard output, or for a file: that has the usual width.
func (f *outputFlags) style() reports.Style {
	s := reports.Style{Verbose: f.verbose}
	terminal := f.out == "" && term.IsTerminal(int(os.Stdout.Fd()))
	if terminal {
		if columns, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil && columns > 0 {
			s.Width = min(columns, reports.DefaultWidth)
		}
	}
	s.Color = f.colored(terminal)
	return s
}

// colored tells whether there are colours, where that is not said otherwise as the terminal wants it.
func (f *outputFlags) colored(terminal bool) bool {
	switch {
	case f.noColor || os.Getenv("NO_COLOR") != "":
		return false
	case os.Getenv("CLICOLOR_FORCE") != "" && os.Getenv("CLICOLOR_FORCE") != "0":
		return true
	}
	return terminal
}

// replace writes a file all at once: to another one beside it, which then takes its name. A link stays a link.
func replace(file string, content []byte) error {
	if target, err := filepath.EvalSymlinks(file); err == nil {
		file = target
	}
	beside, err := createBeside(file)
	if err != nil {
		return err
	}
	if old, missing := os.Stat(file); missing == nil {
		err = beside.Chmod(old.Mode().Perm())
	}
	if err == nil {
		_, err = beside.Write(content)
	}
	if err = errors.Join(err, beside.Close()); err == nil {
		err = os.Rename(beside.Name(), file)
	}
	if err != nil {
		return errors.Join(err, os.Remove(beside.Name()))
	}
	return nil
}

// createBeside makes a new file in the folder of another one.
func createBeside(file string) (*os.File, error) {
	dir, name := filepath.Split(file)
	return os.OpenFile(fmt.Sprintf("%s.%s.%d", dir, name, os.Getpid()), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
}
