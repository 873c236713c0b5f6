package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"headroom/experiments"
	"headroom/internal/units"
	"headroom/reports"
	"headroom/scenarios"
)

// simulateFlags are what simulate may be told.
type simulateFlags struct {
	output, variant string
	rate            string
	seed            uint64
	set             []string
	parallel        int
	noColor         bool
	verbose         bool
}

func simulateCommand() *cobra.Command {
	var f simulateFlags
	c := &cobra.Command{
		Use: "simulate FILE", Short: "Run one scenario and print the summary", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return simulate(c, args[0], f) },
	}
	c.Flags().StringVarP(&f.output, "output", "o", "table", "table, json, csv or markdown")
	c.Flags().StringVar(&f.variant, "variant", "", "one of the file's variants")
	c.Flags().StringVar(&f.rate, "rate", "", "requests per second asked for, such as 10k: scales all sources in proportion")
	c.Flags().Uint64Var(&f.seed, "seed", 0, "where all random numbers come from (default: the file's)")
	c.Flags().StringArrayVar(&f.set, "set", nil, "PATH=VALUE: change a value of the file")
	c.Flags().IntVar(&f.parallel, "parallel", 0, "replications at a time; the result does not depend on it (default: all cores)")
	c.Flags().BoolVar(&f.noColor, "no-color", false, "no colours")
	c.Flags().BoolVar(&f.verbose, "verbose", false, "say more")
	return c
}

func simulate(c *cobra.Command, file string, f simulateFlags) error {
	style := reports.Style{Color: colored(f.noColor), Verbose: f.verbose}
	report, ok := reports.Named(f.output, style)
	if !ok {
		return fmt.Errorf("unknown output `%s`: expected table, json, csv or markdown", f.output)
	}
	l, err := load(file, f.variant, f.set)
	if err != nil {
		return err
	}
	if c.Flags().Changed("seed") {
		l.Run.Seed = f.seed
	}
	if f.rate != "" {
		var rate units.Rate
		if err := rate.UnmarshalText([]byte(f.rate)); err != nil {
			return fmt.Errorf("--rate: %w", err)
		}
		if !l.ScaleTo(float64(rate)) {
			return fmt.Errorf("--rate %s: no source can be scaled to it (closed users and sources with `scales: false` cannot)", f.rate)
		}
	}
	for _, w := range l.Warnings {
		fmt.Fprintln(os.Stderr, "warning:", w)
	}
	r, err := experiments.Run(c.Context(), l, experiments.Options{Parallel: f.parallel, Command: commandLine(file, f), Version: "dev"})
	if err != nil {
		if c.Context().Err() != nil {
			return exit(exitInterrupted)
		}
		return runError{err}
	}
	if err := report(os.Stdout, r); err != nil {
		return runError{err}
	}
	if r.Partial {
		return exit(exitInterrupted)
	}
	for _, t := range r.SLO {
		if !t.Met {
			return exit(exitSLO)
		}
	}
	return nil
}

// commandLine is the command as the result keeps it: without flags that change nothing in it.
func commandLine(file string, f simulateFlags) string {
	words := []string{"headroom simulate", quote(file)}
	if f.variant != "" {
		words = append(words, "--variant", quote(f.variant))
	}
	if f.rate != "" {
		words = append(words, "--rate", quote(f.rate))
	}
	if f.seed != 0 {
		words = append(words, "--seed", fmt.Sprint(f.seed))
	}
	for _, s := range f.set {
		words = append(words, "--set", quote(s))
	}
	return strings.Join(words, " ")
}

// quote makes a word safe for a shell.
func quote(word string) string {
	if word != "" && !strings.ContainsAny(word, " \t\n'\"\\$&|;<>()*?[]{}#~`!") {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

func colored(off bool) bool {
	switch {
	case off || os.Getenv("NO_COLOR") != "":
		return false
	case os.Getenv("CLICOLOR_FORCE") != "" && os.Getenv("CLICOLOR_FORCE") != "0":
		return true
	}
	return term.IsTerminal(int(os.Stdout.Fd()))
}

// load reads a scenario; the file - is standard input.
func load(file, variant string, set []string) (*scenarios.Loaded, error) {
	var text []byte
	var err error
	if file == "-" {
		text, err = io.ReadAll(os.Stdin)
	} else {
		text, err = os.ReadFile(file)
	}
	if err != nil {
		return nil, err
	}
	var changes []scenarios.Change
	for _, s := range set {
		path, value, ok := strings.Cut(s, "=")
		if !ok {
			return nil, errors.New("--set " + s + ": expected PATH=VALUE, such as nodes.api.cores=4")
		}
		changes = append(changes, scenarios.Change{Path: path, Value: value})
	}
	return scenarios.Load(file, text, variant, changes)
}
