package truth

import (
	"embed"
	"math"
	"path"
	"strings"

	"headroom/internal/strict"
	"headroom/internal/units"
	"headroom/scenarios"
)

// Case is a question that theory has answered.
type Case struct {
	ID     string // such as Q01: N networks, L dispatch, F fan-out, M impatience, W threads, C caches
	Title  string
	About  string // how the model is written as a scenario, where that is not plain; may be empty
	Source string // who gave the answer
	Group  string // what the case is about: queues, networks, dispatch, fan-out, patience, threads, caches, limits, shards, failures
	Models []Model
}

// Model is a scenario for which theory gives figures.
type Model struct {
	Name     string
	Scenario string             // text of a scenario file
	Changes  []scenarios.Change // made to it before it is run
	Files    []string           // that the scenario names, among the files of the cases
	Long     bool               // takes a minute of processor time or more
	Figures  []Figure
}

// Figure is a number that a result must hold.
type Figure struct {
	Name      string  // its path in the result's JSON, such as latency.mean, or a formula of such; see formula
	Exact     float64 // what theory gives, in the result's units
	Tolerance float64 // how far from it a simulation may be, in the same units
	formula   formula
}

//go:embed cases
var files embed.FS

// Cases returns all cases in the order of their names. It panics if a file is broken: they are part of the program.
func Cases() []Case {
	entries, err := files.ReadDir("cases")
	if err != nil {
		panic(err)
	}
	var cases []Case
	for _, e := range entries {
		if path.Ext(e.Name()) != ".yaml" {
			continue
		}
		text, err := files.ReadFile(path.Join("cases", e.Name()))
		if err != nil {
			panic(err)
		}
		c, err := read(e.Name(), text)
		if err != nil {
			panic(err)
		}
		cases = append(cases, c)
	}
	return cases
}

// caseKeys are a case as it is written.
type caseKeys struct {
	Title     string                    `key:"title" required:"true" doc:"what the case is called"`
	About     string                    `key:"about" doc:"how the model is written as a scenario"`
	Source    string                    `key:"source" required:"true" doc:"who gave the figures"`
	Group     string                    `key:"group" required:"true" enum:"queues|networks|dispatch|fan-out|patience|threads|caches|limits|shards|failures" doc:"what the case is about"`
	Tolerance tolerance                 `key:"tolerance" required:"true" doc:"of figures that do not have their own"`
	Files     []string                  `key:"files" doc:"what the scenarios name: files beside the case"`
	Scenario  string                    `key:"scenario" doc:"of models that do not have their own"`
	Models    strict.Ordered[modelKeys] `key:"models" required:"true" doc:"by name"`
}

// Describe says what is being read, for errors.
func (*caseKeys) Describe() string { return "a case" }

type modelKeys struct {
	Scenario  string                     `key:"scenario" doc:"text of a scenario file; default: the case's"`
	Set       strict.Ordered[string]     `key:"set" doc:"what the model changes in the scenario, as --set does"`
	Long      bool                       `key:"long" default:"false" doc:"takes a minute of processor time or more"`
	Tolerance *tolerance                 `key:"tolerance" doc:"instead of the case's"`
	Expect    strict.Ordered[figureKeys] `key:"expect" required:"true" doc:"the figures"`
}

// Describe says what is being read, for errors.
func (*modelKeys) Describe() string { return "a model" }

// tolerance is how far a simulation may be from the exact figure, as a share of it. Tail is for the figures p99 and p999.
type tolerance struct {
	Relative units.Share  `key:"relative" required:"true" doc:"share of the exact figure"`
	Tail     *units.Share `key:"tail" doc:"the same of p99 and p999; default: the same as others"`
}

// Describe says what is being read, for errors.
func (*tolerance) Describe() string { return "a tolerance such as {relative: 2%, tail: 5%}" }

// of returns the tolerance of a figure in the figure's units.
func (t *tolerance) of(name string, exact float64) float64 {
	share := t.Relative
	if t.Tail != nil && (strings.HasSuffix(name, ".p99") || strings.HasSuffix(name, ".p999")) {
		share = *t.Tail
	}
	return float64(share) * math.Abs(exact)
}

// figureKeys are a figure as it is written: a number, or a number with a tolerance of its own.
type figureKeys struct {
	Value    float64      `key:"value" required:"true" doc:"the exact figure"`
	Relative *units.Share `key:"relative" doc:"its tolerance as a share of it"`
	Absolute *float64     `key:"absolute" doc:"its tolerance in its own units"`
}

// DecodeStrict reads a number, or {value: 2, relative: 10%}.
func (f *figureKeys) DecodeStrict(v *strict.Value) {
	if v.Kind() == strict.Map {
		strict.DecodeFields(v, f)
		return
	}
	strict.Decode(v, &f.Value)
}

// Describe says what a figure looks like.
func (*figureKeys) Describe() string { return "a number, or {value: 2, relative: 10%}" }

// read reads a case from the text of its file.
func read(file string, text []byte) (Case, error) {
	doc := strict.Parse(file, text)
	var k caseKeys
	if !doc.Failed() {
		strict.Decode(doc.Root(), &k)
	}
	c := Case{ID: strings.TrimSuffix(file, ".yaml"), Title: k.Title, About: k.About, Source: k.Source, Group: k.Group}
	for _, m := range k.Models {
		c.Models = append(c.Models, m.Value.model(doc, m.Key, m.At, &k))
	}
	if doc.Failed() {
		return Case{}, doc.Problems()
	}
	return c, nil
}

func (k *modelKeys) model(doc *strict.Document, name, at string, of *caseKeys) Model {
	m := Model{Name: name, Scenario: k.Scenario, Files: of.Files, Long: k.Long}
	if m.Scenario == "" {
		m.Scenario = of.Scenario
	}
	if m.Scenario == "" {
		doc.Errorf(at, "a model needs a `scenario`, its own or the case's")
	}
	for _, s := range k.Set {
		m.Changes = append(m.Changes, scenarios.Change{Path: s.Key, Value: s.Value})
	}
	for _, e := range k.Expect {
		f, err := parseFormula(e.Key)
		if err != nil {
			doc.Errorf(e.At, "%s", err)
		}
		m.Figures = append(m.Figures, Figure{Name: e.Key, Exact: e.Value.Value, Tolerance: k.toleranceOf(e.Key, e.Value, of), formula: f})
	}
	return m
}

// toleranceOf is the figure's own tolerance, or the model's, or the case's.
func (k *modelKeys) toleranceOf(name string, f figureKeys, of *caseKeys) float64 {
	switch {
	case f.Absolute != nil:
		return *f.Absolute
	case f.Relative != nil:
		return float64(*f.Relative) * math.Abs(f.Value)
	case k.Tolerance != nil:
		return k.Tolerance.of(name, f.Value)
	}
	return of.Tolerance.of(name, f.Value)
}
