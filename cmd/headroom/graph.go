package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"headroom/experiments"
	"headroom/reports"
	"headroom/reports/diagram"
	"headroom/scenarios"
)

// pictures are what graph can write, and themes the values of --theme.
var (
	pictures = []string{"mermaid", "dot", "svg"}
	themes   = []string{"auto", "light", "dark"}
)

// graphFlags are what graph may be told.
type graphFlags struct {
	scenario      scenarioFlags
	output        outputFlags
	quiet         quietFlag
	result, theme string
	point         optionalRate
}

func graphCommand() *cobra.Command {
	var f graphFlags
	c := &cobra.Command{
		Use: "graph [FILE]", Short: "Draw the architecture: as Mermaid, DOT or SVG",
		Long: `Draws an architecture: who sends requests to whom, how many instances there are, what flows, what belongs together.

Nothing is simulated. With --result, which headroom simulate FILE -o json saved, or headroom sweep FILE -o json, each node has the colour of the
utilization of its busiest resource, and each edge the rate that was measured. Without FILE the architecture is then the one in the result.`,
		Example: `  headroom graph complete-picture
  headroom graph complete-picture -o svg --out picture.svg
  headroom graph shop.yaml -o dot | dot -Tpdf > shop.pdf
  headroom simulate shop.yaml -o json | headroom graph --result - -o svg --out shop.svg`,
		Args: func(c *cobra.Command, args []string) error {
			if f.result != "" && len(args) == 0 {
				return nil
			}
			return files(1)(c, args)
		}, ValidArgsFunction: oneFile,
		RunE: func(_ *cobra.Command, args []string) error { return f.graph(args) },
	}
	c.Flags().SortFlags = false
	c.Flags().StringVar(&f.result, "result", "", "colour and label by a saved result in `FILE`; - is standard input")
	c.Flags().Var(&f.point, "at", "the `RATE` of a saved sweep whose result is meant, such as 10k")
	c.Flags().StringVar(&f.theme, "theme", themes[0], "`COLOURS` of an SVG: "+either(themes)+"; auto is what the reader's system asks for")
	complete(c, "theme", cobra.FixedCompletions(themes, cobra.ShellCompDirectiveNoFileComp))
	complete(c, "at", cobra.NoFileCompletions)
	f.scenario.register(c, "duration", "requests", "replications", "seed")
	f.output.registerAs(c, pictures)
	f.quiet.register(c)
	return c
}

func (f *graphFlags) graph(files []string) error {
	if err := f.check(); err != nil {
		return err
	}
	if f.result == "-" && slices.Contains(files, "-") {
		return misusef("FILE and --result are both -: standard input is one of them")
	}
	r, err := f.saved()
	if err != nil {
		return err
	}
	l, err := f.architecture(files, r)
	if err != nil {
		return err
	}
	f.quiet.warn(l)
	g := diagram.Of(l.Architecture)
	if r != nil {
		if err := sameNodes(l, r); err != nil {
			return misusef("--result %s: %v", f.result, err)
		}
		g = g.Loaded(r)
	}
	if err := f.output.draw(func(w io.Writer) error { return f.write(g, w) }); err != nil {
		return failure{err}
	}
	return nil
}

// check refuses what has no meaning, or no effect.
func (f *graphFlags) check() error {
	if err := f.output.check(); err != nil {
		return err
	}
	switch {
	case !slices.Contains(themes, f.theme):
		return unknown("theme", f.theme, themes)
	case f.theme != themes[0] && f.output.output != "svg":
		return misusef("--theme %s has an effect only with -o svg", f.theme)
	case f.point.perSecond > 0 && f.result == "":
		return misusef("--at %s has no effect without --result", f.point.text)
	}
	return nil
}

// saved reads the result that is to be shown; nil: none.
func (f *graphFlags) saved() (*experiments.Result, error) {
	if f.result == "" {
		return nil, nil
	}
	text, err := f.scenario.inputs.from(f.result, func(name string) ([]byte, error) {
		if name == "-" {
			return io.ReadAll(os.Stdin)
		}
		return os.ReadFile(name)
	})
	if err != nil {
		return nil, misusef("--result %s: %v", f.result, cause(err))
	}
	r, err := reports.ReadPoint(bytes.NewReader(text), f.point.perSecond)
	if err != nil {
		return nil, misusef("--result %s: %v", f.result, err)
	}
	return r, nil
}

// architecture is that of the file or, without one, that of the result.
func (f *graphFlags) architecture(files []string, r *experiments.Result) (*scenarios.Loaded, error) {
	if len(files) > 0 {
		return f.scenario.load(files[0])
	}
	changes, err := f.scenario.changes()
	if err != nil {
		return nil, err
	}
	return f.scenario.loadText(r.Scenario.File, []byte(r.Scenario.Source), f.scenario.variant, changes)
}

// sameNodes says in what a result is not one of an architecture.
func sameNodes(l *scenarios.Loaded, r *experiments.Result) error {
	for _, n := range l.Nodes {
		if found, has := r.Nodes[n.Key]; !has {
			return fmt.Errorf("it has no node `%s`: it is the result of another architecture", n.Key)
		} else if found.Kind != n.Value.Kind {
			return fmt.Errorf("its node `%s` is of kind %s, and not %s: it is the result of another architecture", n.Key, found.Kind, n.Value.Kind)
		}
	}
	for _, name := range r.NodeOrder {
		if _, has := l.Nodes.Get(name); !has {
			return fmt.Errorf("it has a node `%s` that the scenario has not: it is the result of another architecture", name)
		}
	}
	return nil
}

func (f *graphFlags) write(g diagram.Graph, w io.Writer) error {
	switch f.output.output {
	case "svg":
		s := diagram.Style{Theme: f.theme}
		if f.theme == themes[0] {
			s.Theme = ""
		}
		return g.SVG(w, s)
	case "dot":
		return g.DOT(w)
	}
	return g.Mermaid(w)
}
