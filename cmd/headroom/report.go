package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"headroom/experiments"
	"headroom/reports"
	"headroom/reports/page"
	"headroom/reports/plots"
)

// reportFlags are what report may be told: beside its own flags those of the sweep that it makes of a scenario.
type reportFlags struct {
	sweep              sweepFlags
	out, format, theme string
	force              bool
}

func reportCommand() *cobra.Command {
	f := reportFlags{sweep: newSweepFlags()}
	c := &cobra.Command{
		Use: "report FILE|RESULT.json...", Short: "Draw results as a page and plots",
		Long: `Draws results in a folder: as one HTML page, index.html, and as a file for each plot. Prints the names of the files that it wrote.

The page needs nothing else: no network, none of the other files. It begins with the answer; shows the architecture, coloured by utilization, with a
slider over the rates of a sweep; and ends with the scenario and the command that gives the same numbers again. It follows the reader's choice of
light or dark, whatever --theme the plots have.

A RESULT is what simulate, sweep, compare, sensitivity, bottleneck or calibrate saved with -o json; - is standard input. Nothing is simulated then. A FILE is a
scenario: it is swept as headroom sweep FILE does, with the same flags, and the sweep is drawn. Several results have a folder each within the
folder.

There are plots of what a result has numbers for. Of a sweep: latency percentiles, throughput, utilization, where the time goes, cache hits and cost over
rate. Of one simulation: the distribution of latency, and latency, throughput, utilization and queues over time with events
marked. Of a comparison its differences with intervals, of a bottleneck what each remedy does, of a study of sensitivity a tornado.

Exit codes: 0 drawn, whether the SLO is met or not · 1 a run failed · 2 bad usage, a bad scenario or not a saved result · 130 interrupted`,
		Example: `  headroom report before-scaling --out report
  headroom sweep complete-picture -o json | headroom report - --out report
  headroom report shop.json --out report --format png --theme dark`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return misusef("report needs a FILE or a RESULT: a scenario, or what -o json saved; - is standard input")
			}
			return nil
		},
		ValidArgsFunction: scenariosOrResults,
		RunE:              func(c *cobra.Command, args []string) error { return f.report(c, args) },
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringVar(&f.out, "out", "", "`DIR` for the files, new or empty")
	flags.StringVar(&f.format, "format", plots.Formats[0], "`FORMAT` of the plots: "+either(plots.Formats))
	flags.StringVar(&f.theme, "theme", plots.Light.Name, "`THEME` of the plots: "+either(plotThemes()))
	flags.BoolVar(&f.force, "force", false, "let --out write into a folder that has files, and over them")
	hide(flags, "out", "format", "theme", "force")
	complete(c, "format", cobra.FixedCompletions(plots.Formats, cobra.ShellCompDirectiveNoFileComp))
	complete(c, "theme", cobra.FixedCompletions(plotThemes(), cobra.ShellCompDirectiveNoFileComp))
	if err := c.MarkFlagDirname("out"); err != nil {
		panic(err) // there is no such flag
	}
	f.sweep.registerRates(c)
	f.sweep.scenario.register(c, "rate")
	precisionKey.register(c)
	f.sweep.effort.register(c)
	f.sweep.quiet.register(c)
	return c
}

func plotThemes() []string {
	var names []string
	for _, t := range plots.Themes {
		names = append(names, t.Name)
	}
	return names
}

// scenariosOrResults completes an argument.
func scenariosOrResults(c *cobra.Command, args []string, begin string) ([]string, cobra.ShellCompDirective) {
	found, directive := manyFiles(c, args, begin)
	saved, err := filepath.Glob(begin + "*.json")
	if err != nil || len(saved) == 0 {
		return found, directive
	}
	return append(found, saved...), cobra.ShellCompDirectiveNoFileComp
}

func (f *reportFlags) report(c *cobra.Command, names []string) error {
	if err := f.check(); err != nil {
		return err
	}
	inputs, err := f.read(c, names)
	if err != nil {
		return err
	}
	made, err := makeFolder(f.out, f.force)
	if err != nil {
		return err
	}
	err = f.drawAll(c, inputs)
	if err != nil && made != "" {
		_ = os.Remove(made) // if nothing is in it; what went wrong is said already
	}
	return err
}

// check refuses what could not be drawn, before anything is read.
func (f *reportFlags) check() error {
	_, known := plots.ThemeNamed(f.theme)
	switch {
	case f.out == "":
		return misusef("report needs --out DIR, the folder for its files")
	case !slices.Contains(plots.Formats, f.format):
		return unknown("format", f.format, plots.Formats)
	case !known:
		return unknown("theme", f.theme, plotThemes())
	}
	return nil
}

// A reported is something to draw: a saved result, or a scenario that is to be swept.
type reported struct {
	file   string // as it was given
	folder string // of its plots, within that of the report; empty: that itself
	result any    // nil: of a scenario, whose text is
	text   []byte
}

// read reads all that was given, so that what is wrong with it is said before anything is simulated.
func (f *reportFlags) read(c *cobra.Command, names []string) ([]*reported, error) {
	var all []*reported
	taken := map[string]bool{}
	for _, name := range names {
		text, err := read(name)
		if err != nil {
			return nil, err
		}
		r := &reported{file: name, text: text}
		if reports.IsSaved(text) || strings.EqualFold(filepath.Ext(name), ".json") && !scenarioText(text) {
			if r.result, err = reports.Read(bytes.NewReader(text)); err != nil {
				return nil, misusef("%s: %v", name, err)
			}
		}
		if len(names) > 1 {
			r.folder = folderOf(name, taken)
		}
		all = append(all, r)
	}
	if !slices.ContainsFunc(all, func(r *reported) bool { return r.result == nil }) {
		return all, f.unused(c)
	}
	return all, nil
}

// scenarioText tells whether JSON is a scenario, which has nodes.
func scenarioText(text []byte) bool { return bytes.Contains(text, []byte(`"nodes"`)) }

// folderOf names the folder of one of several results: after its file, and with a number where that is taken.
func folderOf(name string, taken map[string]bool) string {
	base := strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
	if name == "-" {
		base = "stdin"
	}
	folder := base
	for n := 2; taken[folder]; n++ {
		folder = fmt.Sprintf("%s-%d", base, n)
	}
	taken[folder] = true
	return folder
}

// unused refuses flags that say how to simulate where nothing is simulated.
func (f *reportFlags) unused(c *cobra.Command) error {
	for _, name := range []string{"from", "to", "per-decade", "rates", "set", "variant", "duration", "requests", "replications", "seed", "precision", "quick", "parallel"} {
		if c.Flags().Changed(name) {
			return misusef("--%s has no effect on a saved result: it is drawn as it is, and nothing is simulated", name)
		}
	}
	return nil
}

// makeFolder makes the folder of a report unless it is there, and returns the name of what it made.
func makeFolder(dir string, force bool) (made string, err error) {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := os.MkdirAll(dir, 0o777); err != nil {
			return "", fmt.Errorf("--out %s: %w", dir, cause(err))
		}
		return dir, nil
	case err != nil:
		return "", misusef("--out %s: %v; expected a folder", dir, cause(err))
	case len(entries) > 0 && !force:
		return "", misusef("--out %s: the folder is not empty; --force writes into it, and over files", dir)
	}
	return "", nil
}

// drawAll simulates what is to be simulated, draws it all, and then writes it.
func (f *reportFlags) drawAll(c *cobra.Command, inputs []*reported) error {
	var partial error
	for _, r := range inputs {
		if r.result != nil {
			continue
		}
		s, err := f.simulated(c, r)
		if err != nil {
			return err
		}
		if r.result = s; s.Partial {
			partial = exit(exitInterrupted)
		}
	}
	drawn, err := f.files(inputs)
	if err != nil {
		return err
	}
	if err := writeAll(f.out, drawn, f.force); err != nil {
		return failure{err}
	}
	for _, d := range drawn {
		fmt.Println(filepath.Join(f.out, d.name))
	}
	return partial
}

// simulated is the sweep of a scenario, as headroom sweep makes it.
func (f *reportFlags) simulated(c *cobra.Command, r *reported) (*experiments.Sweep, error) {
	rates, err := f.sweep.wanted(c)
	if err != nil {
		return nil, err
	}
	changes, err := f.sweep.scenario.changes()
	if err != nil {
		return nil, err
	}
	l, err := f.sweep.scenario.loadText(r.file, r.text, f.sweep.scenario.variant, changes)
	if err != nil {
		return nil, err
	}
	f.sweep.quiet.warn(l)
	words := commandWords(c, []string{r.file})
	words[1] = "sweep" // which gives these numbers
	s, err := f.sweep.run(l, rates, quoted(words))
	var unsweepable experiments.Unsweepable
	switch {
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "headroom: interrupted before a rate was done")
		return nil, exit(exitInterrupted)
	case errors.As(err, &unsweepable):
		return nil, misusef("%s: %s; headroom report draws what headroom simulate %s -o json saves", r.file, unsweepable, r.file)
	case err != nil:
		return nil, failure{err}
	}
	return s, nil
}

// A drawn is a file of a report.
type drawn struct {
	name    string // within the folder of the report
	content []byte
}

// files draws all there is to draw.
func (f *reportFlags) files(inputs []*reported) ([]drawn, error) {
	theme, _ := plots.ThemeNamed(f.theme)
	var results []any
	for _, r := range inputs {
		results = append(results, r.result)
	}
	var index bytes.Buffer
	if err := page.Write(&index, results, page.Options{}); err != nil {
		return nil, failure{err}
	}
	all := []drawn{{"index.html", index.Bytes()}}
	for _, r := range inputs {
		charts := plots.Of(r.result)
		if len(charts) == 0 {
			return nil, misusef("%s: there is nothing to plot in it: no request ended", r.file)
		}
		for _, chart := range charts {
			var out bytes.Buffer
			if err := chart.Draw(&out, f.format, theme, plots.Width, chart.Height()); err != nil {
				return nil, failure{err}
			}
			all = append(all, drawn{filepath.Join(r.folder, chart.Name+"."+f.format), out.Bytes()})
		}
	}
	return all, nil
}

// writeAll writes files into a folder: all of them, or none. Each is written beside its place first.
func writeAll(dir string, all []drawn, force bool) error {
	var err error
	staged := make([]string, 0, len(all))
	for _, d := range all {
		var beside string
		path := filepath.Join(dir, d.name)
		if beside, err = stage(path, d.content, force); err != nil {
			err = fmt.Errorf("%s: %w", path, cause(err))
			break
		}
		staged = append(staged, beside)
	}
	for i, beside := range staged {
		if err == nil {
			err = os.Rename(beside, filepath.Join(dir, all[i].name))
		} else {
			err = errors.Join(err, os.Remove(beside))
		}
	}
	return err
}

// stage writes what a file is to hold beside it.
func stage(path string, content []byte, force bool) (beside string, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return "", err
	}
	if info, err := os.Lstat(path); err == nil && (!force || info.IsDir()) {
		return "", fs.ErrExist
	}
	file, err := createBeside(path)
	if err != nil {
		return "", err
	}
	_, err = file.Write(content)
	if err = errors.Join(err, file.Close()); err != nil {
		return "", errors.Join(err, os.Remove(file.Name()))
	}
	return file.Name(), nil
}
