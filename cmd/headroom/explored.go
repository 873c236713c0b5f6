package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"headroom/experiments"
	"headroom/experiments/session"
	"headroom/reports"
	"headroom/scenarios"
)

// explored is the scenario of a session: a file's text with what the command line changes in it.
type explored struct {
	f       *bottleneckFlags
	c       *cobra.Command
	file    string
	text    []byte
	changes []scenarios.Change // of the command line
}

// scenarioToExplore reads the scenario, and what holds for the whole session.
func (f *bottleneckFlags) scenarioToExplore(c *cobra.Command, file string) (*explored, *scenarios.Loaded, session.Options, error) {
	text, err := f.scenario.inputs.scenario(file)
	if err != nil {
		return nil, nil, session.Options{}, err
	}
	changes, err := f.scenario.changes()
	if err != nil {
		return nil, nil, session.Options{}, err
	}
	e := &explored{f, c, file, text, changes}
	l, err := e.Load("", nil)
	if err != nil {
		return nil, nil, session.Options{}, err
	}
	o := session.Options{WithoutRemedies: f.withoutRemedies, Options: experiments.Options{Parallel: int(f.effort.parallel), Quick: f.effort.quick, Version: version()}}
	if c.Flags().Changed("replications") {
		if o.Replications = int(l.Run.Replications); o.Replications < 2 {
			return nil, nil, o, misusef("--replications %d: the prompt compares, and a difference has an interval only from 2 on", o.Replications)
		}
	}
	return e, l, o, nil
}

// at are the flags of the scenario, with another rate where there is one.
func (e *explored) at(rate string) (scenarioFlags, error) {
	flags := e.f.scenario
	if rate == "" {
		return flags, nil
	}
	return flags, flags.rate.Set(rate)
}

// Load reads the scenario.
func (e *explored) Load(rate string, further []scenarios.Change) (*scenarios.Loaded, error) {
	return e.load(e.file, e.text, e.f.scenario.variant, rate, slices.Concat(e.changes, further))
}

func (e *explored) load(file string, text []byte, variant, rate string, changes []scenarios.Change) (*scenarios.Loaded, error) {
	flags, err := e.at(rate)
	if err != nil {
		return nil, err
	}
	l, err := flags.loadText(file, text, variant, changes)
	if err != nil {
		return nil, err
	}
	e.f.effort.check(l)
	return l, nil
}

// Open reads another file, with the run that the command line asks for.
func (e *explored) Open(file, rate string) (*scenarios.Loaded, error) {
	if file == "-" {
		return nil, misusef("compare -: commands are read from standard input")
	}
	text, err := read(file)
	if err != nil {
		return nil, err
	}
	run, err := e.f.scenario.runChanges()
	if err != nil {
		return nil, err
	}
	return e.load(file, text, "", rate, run)
}

// Command is what to type to diagnose the scenario as it is now.
func (e *explored) Command(rate string, further []scenarios.Change) string {
	words := commandWords(e.c, []string{e.file})
	if rate != "" {
		if at := slices.Index(words, "--rate"); at >= 0 {
			words = slices.Delete(words, at, at+2)
		}
		words = append(words, "--rate", rate)
	}
	if l, err := e.Load(rate, further); err == nil {
		further = scenarios.Flat(l.Source, further)
	}
	for _, c := range further {
		words = append(words, "--set", c.Path+"="+c.Value)
	}
	for i, w := range words {
		words[i] = reports.Quoted(w)
	}
	return strings.Join(words, " ")
}

// Files completes the name of a scenario.
func (e *explored) Files(begin string) []string {
	found := scenarioFiles(begin)
	for _, name := range scenarios.Names() {
		if strings.HasPrefix(name, begin) {
			found = append(found, name)
		}
	}
	return found
}

// Save writes the file with what --variant, --set and the session changed, and the rates that its sources have then. What a run is like stays with the
// flags.
func (e *explored) Save(to string, force bool, rate string, further []scenarios.Change) error {
	switch info, err := os.Stat(to); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return fmt.Errorf("save %s: %w", to, cause(err))
	case !info.Mode().IsRegular():
		return misusef("save %s: this is not a file that could be replaced", to)
	case !force:
		return misusef("save %s: the file exists; save %s --force writes over it", to, to)
	}
	run, err := e.f.scenario.runChanges()
	if err != nil {
		return err
	}
	changes := slices.Concat(e.changes[:len(e.changes)-len(run)], further)
	if flags, err := e.at(rate); err != nil {
		return err
	} else if flags.rate.perSecond > 0 {
		l, err := flags.loadText(e.file, e.text, flags.variant, changes)
		if err != nil {
			return err
		}
		changes = append(changes, scenarios.Rates(l)...)
	}
	text, err := scenarios.RewriteVariant(e.file, e.text, e.f.scenario.variant, changes)
	if err != nil {
		return err
	}
	if err := replace(to, text); err != nil {
		return fmt.Errorf("save %s: %w", to, cause(err))
	}
	return nil
}
