package page

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"slices"

	"headroom/experiments"
	"headroom/reports"
)

var (
	//go:embed page.html
	markup string
	//go:embed page.css
	style string
	//go:embed page.js
	script string
)

var layout = template.Must(template.New("page").Parse(markup))

// Options are what a page may be told.
type Options struct {
	Title string // of the browser's window; empty: that of the first result
}

// Write draws results one after the other: each an *experiments.Result, *Sweep, *Comparison, *Sensitivity, *Diagnosis or
// *Calibration.
func Write(w io.Writer, results []any, o Options) error {
	if len(results) == 0 {
		return errors.New("a page needs a result to show")
	}
	view := struct {
		Title   string
		Style   template.CSS
		Script  template.JS
		Reports []*report
	}{Title: o.Title, Style: template.CSS(style), Script: template.JS(script)}
	colours := &palette{}
	for i, result := range results {
		r, err := reportOf(result, fmt.Sprintf("r%d", i+1), colours)
		if err != nil {
			return err
		}
		view.Reports = append(view.Reports, r)
	}
	view.Style += template.CSS(colours.css())
	if view.Title == "" {
		view.Title = view.Reports[0].Title
	}
	var out bytes.Buffer // nothing is written of a page that cannot be drawn
	if err := layout.Execute(&out, view); err != nil {
		return fmt.Errorf("drawing the page: %w", err)
	}
	_, err := w.Write(out.Bytes())
	return err
}

// A report is one result on the page.
type report struct {
	ID               string // before the ids of its sections
	Kind, Title      string
	Lead             template.HTML
	Answers          []reports.Section
	Beside, Sections []reports.Section // beside the diagram, and below
	Diagrams         []drawing
	Legend           []shade
	Charts           []chart
	Steps            []step
	Shown            int // the step that is shown first, and the only one without a script
	Points           []point
	Sources          []source
	Command, Version string
	Seed             uint64
	Data             *data
}

// A source is the text of a scenario that was simulated.
type source struct{ Name, Text, SHA256 string }

// A point is one rate of a sweep in detail.
type point struct {
	Rate     string
	Sections []reports.Section
}

// An entry is a line of the list of contents.
type entry struct{ Name, Title string }

// LastStep is the highest value of the slider.
func (r *report) LastStep() int { return len(r.Steps) - 1 }

// Contents lists what the report has below its answers.
func (r *report) Contents() []entry {
	var all []entry
	add := func(there bool, name, title string) {
		if there {
			all = append(all, entry{name, title})
		}
	}
	add(len(r.Diagrams) > 0, "architecture", "Architecture")
	for _, s := range r.Beside {
		add(true, s.Name, s.Title)
	}
	add(len(r.Charts) > 0, "plots", "Plots")
	for _, s := range r.Sections {
		add(true, s.Name, s.Title)
	}
	add(len(r.Points) > 0, "points", "At each rate")
	add(len(r.Sources) > 0, "scenario", "Scenario")
	add(true, "reproduce", "Reproduce")
	return all
}

// beside are the sections that one looks at together with the diagram of a single run.
var beside = map[string]bool{"load": true, "latency": true, "nodes": true, "in-line": true, "remedies": true, "where-the-time-goes": true}

func reportOf(result any, id string, colours *palette) (*report, error) {
	said, err := reports.HTML(result)
	if err != nil {
		return nil, err
	}
	r := &report{ID: id, Title: said.Title, Lead: said.Lead}
	for _, s := range said.Sections {
		switch _, several := result.(*experiments.Comparison); {
		case s.Answer:
			r.Answers = append(r.Answers, s)
		case beside[s.Name] && !several:
			r.Beside = append(r.Beside, s)
		default:
			r.Sections = append(r.Sections, s)
		}
	}
	switch of := result.(type) {
	case *experiments.Result:
		r.Kind = "Simulation"
		r.ran(of.Command, of.Version, of)
		r.addSource("", of.Scenario)
	case *experiments.Diagnosis:
		r.Kind = "Bottleneck"
		r.ran(of.Command, of.Version, of.Result)
		r.addSource("", of.Result.Scenario)
	case *experiments.Sensitivity:
		r.Kind = "Sensitivity"
		r.ran(of.Command, of.Version, of.Result)
		r.addSource("", of.Result.Scenario)
	case *experiments.Calibration:
		r.Kind = "Calibration"
		r.ran(of.Command, of.Version, of.Result)
		r.addSource("", of.Scenario)
	case *experiments.Sweep:
		r.Kind = "Sweep"
		r.ran(of.Command, of.Version, of.Points[0].Result)
		r.addSource("", of.Scenario)
		if r.Points, err = pointsOf(stepped(of)); err != nil {
			return nil, err
		}
	case *experiments.Comparison:
		r.Kind = "Comparison"
		first := of.Loads()[0]
		r.ran(of.Command, of.Version, first.Cases[0].Result)
		for _, k := range first.Cases {
			r.addSource(k.Name, k.Result.Scenario)
		}
	}
	if err := r.addDiagrams(r.addSteps(result)); err != nil {
		return nil, err
	}
	return r, r.addCharts(result, colours)
}

// ran says how the numbers can be had again.
func (r *report) ran(command, version string, first *experiments.Result) {
	r.Command, r.Version, r.Seed = command, version, first.Run.Seed
}

func (r *report) addSource(name string, s experiments.ScenarioInfo) {
	if name == "" {
		name = s.File
	}
	if name == "" {
		name = "The scenario"
	}
	r.Sources = append(r.Sources, source{name, s.Source, s.SHA256})
}

// detailed are the sections of a point that a sweep does not say in its own tables.
var detailed = map[string]bool{"load": true, "latency": true, "nodes": true, "queues": true, "shards": true, "caches": true, "where-the-time-goes": true, "cost": true}

func pointsOf(s *experiments.Sweep) ([]point, error) {
	var all []point
	for _, at := range s.Points {
		said, err := reports.HTML(at.Result)
		if err != nil {
			return nil, err
		}
		p := point{Rate: reports.RateWords(at.Rate)}
		for _, section := range said.Sections {
			switch {
			case section.Name == "bottleneck":
				p.Sections = slices.Insert(p.Sections, 0, section)
			case detailed[section.Name]:
				p.Sections = append(p.Sections, section)
			}
		}
		all = append(all, p)
	}
	return all, nil
}
