package models

import (
	"maps"
	"slices"
	"strings"

	"headroom/internal/strict"
	"headroom/internal/units"
	"headroom/sim"
)

// Component is what a kind of node is: the struct of its keys is also its check and its behaviour.
type Component interface {
	// Check reports what is wrong with the node, and what has no effect.
	Check(c *Check, path string)
	// Calls returns the nodes that it calls, or passes requests on to, with the path of the key that names each.
	Calls(path string) []Reference
	// Explain says what the kind is, to those who use it.
	Explain() Explanation
	// Count returns how many instances there are.
	Count() int
	// Cost returns what it costs a month.
	Cost(perSecond, bytesPerSecond, times float64) (perMonth float64, ok bool)
	// common returns the keys that every kind has.
	common() *Common
	// Network returns the bandwidth of an instance; nil where its transfers take no time.
	Network() *units.Bandwidth
	// Build puts the node into a simulation.
	Build(b *Builder, name string) sim.Node
}

// Reference is a node's name as a key mentions it.
type Reference struct {
	Path, Name string
	When       string  // the request class that is being handled; empty: any
	As         string  // the request class that the call goes as; empty: the same
	Often      bool    // a request may go this way more than once
	Times      float64 // how often it goes this way at most; 0: once
	Loop       bool    // from station to station, where loops are allowed
	Asks       bool    // waits for what the node has to say: a step that calls, reads or writes, a cache's origin
	Publish    bool    // hands over a message
	Op         string  // of a step: call, read, write or publish; else empty, for a call
}

// kinds are the kinds of node that can be simulated.
var kinds = map[string]func() Component{
	"cache":         func() Component { return new(Cache) },
	"cdn":           func() Component { return new(CDN) },
	"database":      func() Component { return new(Database) },
	"function":      func() Component { return new(Function) },
	"external":      func() Component { return new(External) },
	"load-balancer": func() Component { return new(Balancer) },
	"queue":         func() Component { return new(Queue) },
	"rate-limiter":  func() Component { return new(RateLimiter) },
	"server":        func() Component { return new(Server) },
	"station":       func() Component { return new(Station) },
	"worker":        func() Component { return new(Worker) },
}

// Kinds returns the names of the kinds that can be simulated.
func Kinds() []string { return slices.Sorted(maps.Keys(kinds)) }

// Node is one entry of nodes: a kind and its keys.
type Node struct {
	Kind string
	Component
}

// Describe says what is being read, for errors.
func (*Node) Describe() string { return "a node such as {kind: server, work: exp(8ms)}" }

// DecodeStrict reads the kind and then the keys of that kind.
func (n *Node) DecodeStrict(v *strict.Value) {
	if v.Kind() != strict.Map {
		v.Expected(n.Describe())
		return
	}
	kind := v.Get("kind")
	if kind == nil {
		v.Errorf("`kind` is missing: expected one of %s", strings.Join(Kinds(), ", "))
		return
	}
	n.Kind = kind.Text()
	switch make, ok := kinds[n.Kind]; {
	case ok:
		n.Component = make()
		strict.Decode(v, n.Component)
	default:
		kind.Unknown(n.Kind, "kind", Kinds())
	}
}

// Common are the keys that every kind has.
type Common struct {
	Kind      string           `key:"kind" doc:"what the node is"`
	Instances Instances        `key:"instances" default:"1" doc:"how many there are; auto(60%): as many as keep the busiest resource at 60% at the rate simulated"`
	Price     units.Money      `key:"price" doc:"what an instance costs: $0.17/h an hour, $0.40/M a million requests; or the node: $0.08/GB of the answers that it sends"`
	Region    string           `key:"region" doc:"where all of its instances are, with regions; default, and without a place: wherever its caller is"`
	Place     Place            `key:"place" doc:"how many instances there are in each region, in place of instances: {us: 4, eu: 2}"`
	RTT       *Time            `key:"rtt" doc:"network round trip to reach it, without regions: half there, half back"`
	Bandwidth *units.Bandwidth `key:"bandwidth" doc:"of an instance's network interface, in each direction: a transfer takes its size divided by it, and waits for those before it; default: transfers take no time"`
}

func (k *Common) check(c *Check, path string) {
	if per := k.Price.Per; per == "s" || per == "GB-s" {
		c.Errorf(path+".price", "only functions have a price per second, as `price_per_second`: expected one such as $0.17/h or $0.40/M")
	}
	k.checkNetwork(c, path)
	if k.Instances.Count < 1 || k.Instances.Count > mostInstances {
		c.Errorf(path+".instances", "`instances` must be from 1 to %s", units.Count(mostInstances))
	}
}

// Cost returns what the node costs a month, in dollars, at so many requests per second, answered with so many bytes per second; false
// where it has no price. times is how many times as large its instances are as those that the price is for.
func (k *Common) Cost(perSecond, bytesPerSecond, times float64) (perMonth float64, ok bool) {
	switch k.Price.Per {
	case "h":
		return k.Price.Amount * HoursPerMonth * float64(k.Instances.Count) * times, true
	case "M":
		return k.Price.Amount * perSecond * 3600 * HoursPerMonth / 1e6, true
	case "GB":
		return k.Price.Amount * bytesPerSecond * 3600 * HoursPerMonth / 1e9, true
	}
	return 0, false
}

// HoursPerMonth is a twelfth of a year's hours.
const HoursPerMonth = 730

// Count implements Component.
func (k *Common) Count() int {
	if len(k.Place.Ordered) > 0 {
		return int(k.placed())
	}
	return int(k.Instances.Count)
}

const mostInstances = 100_000

// Explanation says what a kind of node is for those who use it.
type Explanation struct {
	About   string   // what it does, in a few sentences
	Laws    []string // that its figures obey, with their source
	Example string   // a whole scenario
}

// Explain returns the explanation of a kind and a pointer to the struct of its keys; false for a word that is no kind.
func Explain(kind string) (e Explanation, keys any, ok bool) {
	make, ok := kinds[kind]
	if !ok {
		return e, nil, false
	}
	c := make()
	return c.Explain(), c, true
}
