package models

import (
	"fmt"
	"slices"
	"strings"

	"headroom/sim"
)

// reserved are the words that mean something of their own where the name of a node, a class or a source may stand.
var reserved = []string{"age_p99", "all", "auto", "browser_cache", "cpu", "default", "delay", "done", "errors", "goodput", "mean", "none", "respond", "unlimited"}

// checkNames reports names that cannot be told from something else: in paths (nodes.api.cores), in targets (api.cpu < 70%), in
// the names of instances (db/1), or from each other.
func (a *Architecture) checkNames(c *Check) {
	taken := map[string]string{}
	check := func(path, name, what string) {
		switch first, again := taken[name]; {
		case name == "":
			c.Errorf(path, "%s has no name", what)
		case strings.ContainsAny(name, "./"):
			c.Errorf(path, "the name `%s` has a `%c`, which separates the parts of a path: write %s", name, name[strings.IndexAny(name, "./")],
				strings.NewReplacer(".", "-", "/", "-").Replace(name))
		case isReserved(name):
			c.Errorf(path, "`%s` is a word of the format: give %s another name", name, what)
		case again:
			c.Errorf(path, "`%s` names %s already: give %s a name of its own", name, first, what)
		default:
			taken[name] = what
		}
	}
	for _, n := range a.Nodes {
		check(n.At, n.Key, "a node")
	}
	if len(a.Requests) == 0 {
		taken[oneClass[0]] = "the one request class, where there is no `requests`,"
	}
	for _, r := range a.Requests {
		check(r.At, r.Key, "a request class")
	}
	for _, t := range a.Traffic {
		check(t.At, t.Key, "a source")
	}
}

func isReserved(name string) bool {
	if _, ok := percentile(name); ok || slices.Contains(reserved, name) {
		return true
	}
	for o := range sim.Outcomes {
		if o.String() == name {
			return true
		}
	}
	return false
}

// counted says how many there are: 1 node, 2 nodes.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
