package experiments

import (
	"fmt"
	"math"
	"strings"

	"headroom/internal/units"
	"headroom/models"
)

// evidence says in one sentence, with its numbers, how full a resource is and what that costs those who ask for it.
func evidence(node string, n NodeResult, resource string, saturated bool) string {
	res := n.Resources[resource]
	used := units.FormatShare(float64(res.Utilization))
	if resource == "limit" {
		return fmt.Sprintf("%s of the calls that %s allows, %s, are used up.", used, node, units.FormatRate(float64(res.Capacity)))
	}
	if resource == "memory" {
		return memoryEvidence(node, n)
	}
	if resource == models.NetworkResource {
		return fmt.Sprintf("%s's network, %s in all, is busy %s of the time", node, units.FormatBandwidth(float64(res.Capacity)), used) +
			waiting(n, resource, saturated)
	}
	var subject string
	if name, lock := strings.CutPrefix(resource, "locks."); lock {
		subject = fmt.Sprintf("%s's lock %s is held %s of the time", node, name, used)
	} else {
		one, many, state := servers(resource)
		if n.Kind == "worker" {
			one, many = strings.Replace(one, "requests", "jobs", 1), strings.Replace(many, "requests", "jobs", 1)
		}
		switch count := units.FormatCount(float64(res.Capacity)); {
		case res.Capacity == 1:
			subject = fmt.Sprintf("%s's only %s is %s %s of the time", node, one, state, used)
		case n.Instances > 1 && int(res.Capacity) > n.Instances && math.Mod(float64(res.Capacity), float64(n.Instances)) == 0:
			subject = fmt.Sprintf("%s's %s %s (%d instances of %s) are %s %s of the time", node, count, many, n.Instances,
				units.FormatCount(float64(res.Capacity)/float64(n.Instances)), state, used)
		default:
			subject = fmt.Sprintf("%s's %s %s are %s %s of the time", node, count, many, state, used)
		}
	}
	said := subject + waiting(n, resource, saturated)
	if resource == "disk" {
		said += pagedOut(n)
	}
	return said
}

// servers names what a resource has, one and many of it, and what it is called when there is a call for it.
func servers(resource string) (one, many, state string) {
	switch resource {
	case "cpu":
		return "core", "cores", "busy"
	case "servers":
		return "server", "servers", "busy"
	case "disk":
		return "disk", "disks", "busy"
	case "concurrency":
		return "place for requests (concurrency)", "places for requests (concurrency)", "taken"
	case "connections":
		return "connection", "connections", "taken"
	}
	to := strings.TrimPrefix(resource, "pools.")
	return "pooled connection to " + to, "pooled connections to " + to, "taken"
}

// waiting says what that costs.
func waiting(n NodeResult, resource string, saturated bool) string {
	res, calls := n.Resources[resource], "requests"
	_, places := n.Resources["concurrency"]
	switch {
	case n.Kind == "database":
		calls = "queries"
	case n.Kind == "worker" && resource == "cpu" && places:
		calls = "jobs"
	case n.Kind == "worker" && resource == "cpu": // messages are taken when a core is free
		calls, res.Wait.Mean = "messages", n.jobsWait
	case n.Kind == "worker" && resource == "concurrency":
		calls = "messages"
	}
	switch {
	case saturated:
		return ", and more and more " + calls + " wait."
	case !res.Wait.Mean.Known():
		return "."
	case res.Wait.Mean == 0:
		return ", and nothing waits."
	}
	return fmt.Sprintf(", and %s wait %s on average.", calls, units.FormatSeconds(float64(res.Wait.Mean)))
}
