package speed

import (
	"context"
	"embed"
	"runtime"
	"slices"
	"time"

	"headroom/experiments"
	"headroom/scenarios"
)

//go:embed models/*.yaml
var files embed.FS

// A Model is a scenario whose speed is measured.
type Model struct {
	Name    string // what it is asked for by
	text    []byte
	variant string
	changes []scenarios.Change
}

// Of makes a model of a scenario's text.
func Of(name, text string) Model {
	return Model{Name: name, text: []byte(text)}
}

// Models returns what docs/performance.md reports, in the order of its table.
func Models() []Model {
	return []Model{
		{Name: "mm1", text: file("mm1")},
		{Name: "six-hops", text: file("six-hops")},
		{Name: "six-hops-1M", text: file("six-hops"), variant: "50-times"},
		// All techniques together. In the file its clients wait for ever; here they would give up. Before a run starts, the contents of the
		// caches are made: it simulates so many requests that it is not mostly this that is measured.
		{Name: "complete-picture", text: builtin("complete-picture"), variant: "million", changes: []scenarios.Change{
			{Path: "name", Value: "Complete picture at 1M requests/s"},
			{Path: "traffic.users.timeout", Value: "2s"},
			{Path: "run.requests", Value: "10M"},
			{Path: "run.replications", Value: "1"},
		}},
		{Name: "closed", text: file("closed")},
		{Name: "sharing", text: file("sharing")},
		{Name: "in-flight", text: file("in-flight")},
		{Name: "cold-cache", text: file("cold-cache")},
	}
}

func file(name string) []byte {
	text, err := files.ReadFile("models/" + name + ".yaml")
	if err != nil {
		panic(err) // they are a part of the program
	}
	return text
}

func builtin(name string) []byte {
	b, ok := scenarios.Lookup(name)
	if !ok {
		panic("there is no built-in scenario " + name)
	}
	return b.Text
}

// Lookup finds a model by its name.
func Lookup(name string) (Model, bool) {
	all := Models()
	if i := slices.IndexFunc(all, func(m Model) bool { return m.Name == name }); i >= 0 {
		return all[i], true
	}
	return Model{}, false
}

// Load reads the model's scenario, and then makes further changes to it.
func (m Model) Load(further ...scenarios.Change) (*scenarios.Loaded, error) {
	return scenarios.Load(m.Name, m.text, m.variant, slices.Concat(m.changes, further))
}

// Cost is what a run took. Requests and events are those measured, of all replications; the time and the objects are those of everything,
// the pilot and the warm-up as well.
type Cost struct {
	Title     string  // of the scenario
	Requests  int64   // measured
	Events    int64   // measured
	Processor float64 // seconds of user and system time, of all cores
	Wall      float64 // seconds
	Objects   int64   // allocated
	Peak      int64   // the most bytes that the process has held so far
	Mean      float64 // latency, in seconds
}

// Measure simulates the model on so many cores, after further changes to its scenario. It fails where the system does not tell what a
// process takes.
func (m Model) Measure(ctx context.Context, cores int, further ...scenarios.Change) (Cost, error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	begun := time.Now()
	earlier, _, err := usage()
	if err != nil {
		return Cost{}, err
	}
	l, err := m.Load(further...)
	if err != nil {
		return Cost{}, err
	}
	r, err := experiments.Run(ctx, l, experiments.Options{Parallel: cores})
	if err != nil {
		return Cost{}, err
	}
	if r.Partial {
		return Cost{}, context.Cause(ctx)
	}
	c := Cost{Title: r.Scenario.Name, Requests: r.Run.Requests, Events: r.Run.Events, Mean: float64(r.Latency.Mean), Wall: time.Since(begun).Seconds()}
	later, peak, err := usage()
	if err != nil {
		return Cost{}, err
	}
	runtime.ReadMemStats(&after)
	c.Processor, c.Peak, c.Objects = later-earlier, peak, int64(after.Mallocs-before.Mallocs)
	return c, nil
}
