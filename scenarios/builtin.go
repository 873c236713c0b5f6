package scenarios

import (
	"cmp"
	"embed"
	"slices"
	"strings"

	"headroom/internal/strict"
)

//go:embed *.yaml
var files embed.FS

// course is the order in which the built-in scenarios are worth reading: from one server to all techniques together.
var course = []string{
	"cashier",
	"before-scaling", "measured", "after-scaling",
	"vertical-scaling", "horizontal-scaling", "load-balancing",
	"caching", "cdn", "async", "sharding", "rate-limiting", "light-responses", "serverless", "complete-picture",
	"roadmap-100", "roadmap-1k", "roadmap-10k", "roadmap-100k", "roadmap-1m", "roadmap-beyond",
	"retry-storm", "cache-stampede", "thundering-herd", "black-friday", "slow-dependency", "zone-outage", "tail-at-scale",
	"starter", // what init writes
}

// Builtin is a scenario that comes with the program.
type Builtin struct {
	Name  string `json:"name"`  // what commands call it: the name of its file, without .yaml
	Title string `json:"title"` // `name` in the file
	About string `json:"about"` // `about` in the file
	Text  []byte `json:"-"`     // the file
}

// Builtins returns the built-in scenarios in the order in which they are worth reading.
func Builtins() []Builtin {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic(err) // they are a part of the program
	}
	var all []Builtin
	for _, e := range entries {
		b, _ := Lookup(strings.TrimSuffix(e.Name(), ".yaml"))
		all = append(all, b)
	}
	slices.SortFunc(all, func(a, b Builtin) int {
		return cmp.Compare(slices.Index(course, a.Name), slices.Index(course, b.Name))
	})
	return all
}

// Names returns the names of the built-in scenarios in the order of Builtins.
func Names() []string {
	var names []string
	for _, b := range Builtins() {
		names = append(names, b.Name)
	}
	return names
}

// Lookup finds a built-in scenario by its name, and reads no other.
func Lookup(name string) (Builtin, bool) {
	text, err := files.ReadFile(name + ".yaml")
	if err != nil {
		return Builtin{}, false
	}
	root := strict.Parse(name, text).Root()
	return Builtin{name, root.Get("name").Text(), root.Get("about").Text(), text}, true
}
