package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"headroom/internal/strict"
	"headroom/internal/units"
	"headroom/reports"
	"headroom/scenarios"
)

// unseen marks flags that do not change what a result says: the command that is kept in it leaves them out.
const unseen = "unseen"

func hide(flags *pflag.FlagSet, names ...string) {
	for _, name := range names {
		if err := flags.SetAnnotation(name, unseen, nil); err != nil {
			panic(err) // there is no such flag
		}
	}
}

// commandLine is the command as the result keeps it, to be typed again.
func commandLine(c *cobra.Command, args []string) string {
	return quoted(commandWords(c, args))
}

// quoted writes words so that a shell reads them as these words.
func quoted(words []string) string {
	line := make([]string, len(words))
	for i, w := range words {
		line[i] = reports.Quoted(w)
	}
	return strings.Join(line, " ")
}

// commandWords are the words of that command: the program, the command, its arguments and flags.
func commandWords(c *cobra.Command, args []string) []string {
	words := append(strings.Fields(c.CommandPath()), args...)
	c.Flags().Visit(func(f *pflag.Flag) {
		_, leftOut := f.Annotations[unseen]
		values, many := f.Value.(pflag.SliceValue)
		switch {
		case leftOut:
		case many:
			for _, v := range values.GetSlice() {
				words = append(words, "--"+f.Name, v)
			}
		case f.Value.Type() != "bool":
			words = append(words, "--"+f.Name, f.Value.String())
		case f.Value.String() == "true":
			words = append(words, "--"+f.Name)
		}
	})
	return words
}

// scenarioFlags change the scenario before it is judged. The values of the flags in runKeys are judged as those in the file are.
type scenarioFlags struct {
	variant string
	rate    optionalRate
	set     []string
	given   *pflag.FlagSet
	inputs  inputs
}

// runKey is a flag that stands for a key of `run`.
type runKey struct{ flag, path, replaces, usage string }

var runKeys = []runKey{
	{"duration", "run.duration", "run.requests", "measured simulated `TIME` of each replication, such as 5m"},
	{"requests", "run.requests", "run.duration", "measure as long as `N` requests need, in each replication"},
	{"replications", "run.replications", "", "repeat `N` times with other random numbers; the intervals come from that"},
	{"seed", "run.seed", "", "`N` is where all random numbers come from"},
}

// precisionKey is the one that only some commands have: those whose runs end when they are precise enough.
var precisionKey = runKey{"precision", "run.precision", "",
	"as many and as long replications as it takes until the 95% intervals are within `SHARE`, such as 5%; with --quick none is longer than a quick one"}

// register adds the flags, but --rate, --variant and those of runKeys that the command has no use for.
func (f *scenarioFlags) register(c *cobra.Command, without ...string) {
	f.given = c.Flags()
	if !slices.Contains(without, "rate") {
		f.given.Var(&f.rate, "rate", "ask for so many requests per second, such as 10k: scales all sources in proportion")
		complete(c, "rate", cobra.NoFileCompletions)
	}
	f.given.StringArrayVar(&f.set, "set", nil, "`PATH=VALUE` changes a value of the file, such as nodes.api.cores=4; may be repeated")
	if !slices.Contains(without, "variant") {
		f.given.StringVar(&f.variant, "variant", "", "`NAME` of one of the file's variants")
		complete(c, "variant", variantNames)
	}
	for _, k := range runKeys {
		if !slices.Contains(without, k.flag) {
			k.register(c)
		}
	}
	complete(c, "set", cobra.NoFileCompletions)
}

func (k runKey) register(c *cobra.Command) {
	c.Flags().String(k.flag, "", k.usage)
	complete(c, k.flag, cobra.NoFileCompletions)
}

// load reads a scenario as the flags want it.
func (f *scenarioFlags) load(file string) (*scenarios.Loaded, error) {
	_, l, _, err := f.open(file)
	return l, err
}

// open reads a scenario as the flags want it, and gives its text as well, and what loads it with some changes more.
func (f *scenarioFlags) open(file string) (text []byte, l *scenarios.Loaded, load loading, err error) {
	if text, err = f.inputs.scenario(file); err != nil {
		return nil, nil, nil, err
	}
	changes, err := f.changes()
	if err != nil {
		return nil, nil, nil, err
	}
	load = func(further []scenarios.Change) (*scenarios.Loaded, error) {
		return f.loadText(file, text, f.variant, slices.Concat(changes, further))
	}
	l, err = load(nil)
	return text, l, load, err
}

// loadText reads a variant of a file's text with changes, at the rate that the flags want.
func (f *scenarioFlags) loadText(file string, text []byte, variant string, changes []scenarios.Change) (*scenarios.Loaded, error) {
	l, err := scenarios.Load(file, text, variant, changes)
	if err != nil {
		return nil, err
	}
	if f.rate.perSecond > 0 && !l.ScaleTo(f.rate.perSecond) {
		return nil, misusef("--rate %s: no source can be scaled to it (closed users, replays, batches and sources with `scales: false` cannot)", f.rate.text)
	}
	if f.rate.perSecond > 0 && l.Replayed() {
		l.Warnings = append(l.Warnings, strict.Problem{Message: "--rate scales the other sources, not the replay: its `speed` does", Warning: true})
	}
	return l, nil
}

// changes are what --set says, and then what the flags say that have a name of their own.
func (f *scenarioFlags) changes() ([]scenarios.Change, error) {
	changes, err := f.settings()
	if err != nil {
		return nil, err
	}
	run, err := f.runChanges()
	return append(changes, run...), err
}

// atRate is the flag --rate as it is typed again, with a space before it; nothing where it was not given.
func (f *scenarioFlags) atRate() string {
	if f.rate.text == "" {
		return ""
	}
	return " --rate " + reports.Quoted(f.rate.text)
}

// settings are what --set says.
func (f *scenarioFlags) settings() ([]scenarios.Change, error) {
	var changes []scenarios.Change
	for _, s := range f.set {
		path, value, ok := strings.Cut(s, "=")
		if !ok {
			return nil, misusef("--set %s: expected PATH=VALUE, such as nodes.api.cores=4", s)
		}
		changes = append(changes, scenarios.Change{Path: path, Value: value})
	}
	return changes, nil
}

// runChanges are what the flags say of the run.
func (f *scenarioFlags) runChanges() ([]scenarios.Change, error) {
	var changes []scenarios.Change
	if f.given.Changed("duration") && f.given.Changed("requests") {
		return nil, misusef("--duration and --requests both say how long the run is: give one")
	}
	for _, k := range append(slices.Clip(runKeys), precisionKey) {
		if f.given.Changed(k.flag) {
			value := f.given.Lookup(k.flag).Value.String()
			changes = append(changes, scenarios.Change{Path: k.path, Value: value, Origin: "--" + k.flag + " " + value, Replaces: k.replaces})
		}
	}
	return changes, nil
}

// optionalRate is a rate above 0, written as in a scenario.
type optionalRate struct {
	text      string
	perSecond float64
}

func (r *optionalRate) String() string { return r.text }
func (r *optionalRate) Type() string   { return "RATE" }

func (r *optionalRate) Set(text string) error {
	var rate units.Rate
	if err := rate.UnmarshalText([]byte(text)); err != nil {
		return err
	}
	if rate <= 0 {
		return errors.New("expected a rate above 0")
	}
	r.text, r.perSecond = text, float64(rate)
	return nil
}

// rateList is several rates above 0, in their order.
type rateList []optionalRate

func (l *rateList) String() string {
	var texts []string
	for _, r := range *l {
		texts = append(texts, r.text)
	}
	return strings.Join(texts, ",")
}

func (l *rateList) Type() string { return "RATES" }

func (l *rateList) Set(text string) error {
	*l = nil
	for _, word := range strings.Split(text, ",") {
		var r optionalRate
		if err := r.Set(strings.TrimSpace(word)); err != nil {
			return err
		}
		*l = append(*l, r)
	}
	return nil
}

// effortFlags say how much to simulate, and on how many cores.
type effortFlags struct {
	quick    bool
	parallel parallel
}

func (f *effortFlags) register(c *cobra.Command) {
	c.Flags().BoolVar(&f.quick, "quick", false, "a fifth of the effort: as many replications, each measuring a fifth of the time; wider intervals")
	c.Flags().Var(&f.parallel, "parallel", "`N` replications at a time; the result does not depend on it (default: all cores)")
	hide(c.Flags(), "parallel")
	complete(c, "parallel", cobra.NoFileCompletions)
}

// check adds a warning of a flag that cannot matter to those of the scenario.
func (f *effortFlags) check(l *scenarios.Loaded) {
	if f.quick && l.Replayed() {
		l.Warnings = append(l.Warnings, strict.Problem{Message: "--quick has no effect: the run is as long as the replay", Warning: true})
	} else if f.quick && l.Staged() > 0 {
		l.Warnings = append(l.Warnings, strict.Problem{Message: "--quick has no effect: the run is as long as the stages", Warning: true})
	} else if f.quick && len(l.Events) > 0 {
		l.Warnings = append(l.Warnings, strict.Problem{Message: "--quick has no effect: the run is as long as the events need", Warning: true})
	}
}

// parallel is how many replications run at a time, 0 where nobody said.
type parallel int

func (p *parallel) String() string { return "" } // no default to print
func (p *parallel) Type() string   { return "N" }

func (p *parallel) Set(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return errors.New("expected a whole number from 1")
	}
	*p = parallel(n)
	return nil
}

// quietFlag keeps everything but results and errors away.
type quietFlag bool

func (q *quietFlag) register(c *cobra.Command) {
	c.Flags().BoolVar((*bool)(q), "quiet", false, "no warnings and no progress on standard error")
	hide(c.Flags(), "quiet")
}

// warn prints a scenario's warnings.
func (q quietFlag) warn(l *scenarios.Loaded) {
	if q {
		return
	}
	for _, w := range l.Warnings {
		fmt.Fprintln(os.Stderr, w)
	}
}
