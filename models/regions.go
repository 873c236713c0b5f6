package models

import (
	"slices"
	"strings"

	"headroom/internal/strict"
	"headroom/internal/units"
)

// Regions are the places where clients and nodes are, and the round trips between them.
type Regions struct {
	RTT      strict.Ordered[strict.Ordered[Time]] `key:"rtt" required:"true" doc:"round trips between the regions, the same both ways: {us: {eu: 80ms, asia: 170ms}, eu: {asia: 210ms}}"`
	LocalRTT Time                                 `key:"local_rtt" default:"0.5ms" doc:"a round trip within a region, from node to node"`
	LastMile Time                                 `key:"last_mile" default:"0s" doc:"a round trip between a client and its own region; to another region the one between the two is added"`
}

// Describe says what is being read, for errors.
func (*Regions) Describe() string { return "regions such as {rtt: {us: {eu: 80ms}}}" }

const mostRegions = 32 // each has a histogram of 440 KB

// names returns the regions in the order in which the file names them.
func (r *Regions) names() []string {
	if r == nil {
		return nil
	}
	var all []string
	add := func(name string) {
		if !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	for _, from := range r.RTT {
		add(from.Key)
		for _, to := range from.Value {
			add(to.Key)
		}
	}
	return all
}

// between returns the round trip from one region to another.
func (r *Regions) between(from, to string) (rtt Time, given bool) {
	if from == to {
		return r.LocalRTT, true
	}
	for _, pair := range [][2]string{{from, to}, {to, from}} {
		row, _ := r.RTT.Get(pair[0])
		if rtt, given = row.Get(pair[1]); given {
			return rtt, true
		}
	}
	return rtt, false
}

// check reports round trips that are given twice, or not at all.
func (r *Regions) check(c *Check) {
	if r == nil {
		return
	}
	names := r.names()
	if len(names) == 0 && c.Given("regions.rtt") && !c.Wrong("regions.rtt") {
		c.Errorf("regions.rtt", "`rtt` names no region: expected the round trips between regions, such as {us: {eu: 80ms}}")
	}
	if len(names) > mostRegions {
		c.Errorf("regions.rtt", "there are %d regions: at most %d are simulated", len(names), mostRegions)
		return
	}
	for _, from := range r.RTT {
		for _, to := range from.Value {
			back, _ := r.RTT.Get(to.Key)
			_, again := back.Get(from.Key)
			switch {
			case to.Key == from.Key:
				c.Errorf(to.At, "a round trip within `%s` is `local_rtt`", from.Key)
			case again && slices.Index(names, to.Key) < slices.Index(names, from.Key):
				c.Errorf(to.At, "the round trip between `%s` and `%s` is given already: it is the same both ways", to.Key, from.Key)
			}
		}
	}
	for i, from := range names {
		if strings.ContainsAny(from, "./") || isReserved(from) || from == "" {
			c.Errorf("regions.rtt", "`%s` cannot name a region: expected a word without points and slashes that the format does not use itself", from)
		}
		for _, to := range names[i+1:] {
			if _, given := r.between(from, to); !given && !c.Wrong("regions.rtt") {
				at := "regions.rtt"
				if c.Given(at + "." + from) {
					at += "." + from
				}
				c.Errorf(at, "the round trip between `%s` and `%s` is missing: write it such as %s: {%s: 100ms}", from, to, from, to)
			}
		}
	}
}

// region reports a region that does not exist.
func (c *Check) region(path, name string) {
	switch {
	case len(c.regions) == 0 && !c.Given("regions"):
		c.Errorf(path, "`%s` is no region, since the scenario has no `regions`: give it some, such as regions: {rtt: {us: {eu: 80ms}}}", name)
	case len(c.regions) > 0 && !slices.Contains(c.regions, name):
		c.Unknown(path, name, "region", c.regions)
	}
}

// Regions returns the names of the regions in the order of the file; none where the scenario has none.
func (a *Architecture) Regions() []string { return a.Scenario.Regions.names() }

// common implements Component.
func (k *Common) common() *Common { return k }

// placed counts the instances of `place`.
func (k *Common) placed() units.Count {
	sum := units.Count(0)
	for _, p := range k.Place.Ordered {
		sum += min(p.Value, mostInstances+1)
	}
	return sum
}

// checkNetwork checks where the node is, and how it is reached.
func (k *Common) checkNetwork(c *Check, path string) {
	if k.Region != "" {
		c.region(path+".region", k.Region)
	}
	for _, p := range k.Place.Ordered {
		c.region(p.At, p.Key)
	}
	if c.Given(path+".place") && !c.Wrong(path+".place") {
		switch {
		case c.Given(path + ".region"):
			c.Errorf(path+".place", "`place` and `region` both say where the node is: give one")
		case c.Given(path + ".instances"):
			c.Errorf(path+".instances", "`place` says how many instances there are, in each region: leave `instances` out")
		case k.placed() < 1:
			c.Errorf(path+".place", "`place` has no instance: expected the number of instances in each region, such as {us: 4, eu: 2}")
		}
		k.Instances.Count = k.placed()
	}
	if len(c.regions) > 0 {
		c.warnKeys(path, "the `regions` say how far it is", "rtt")
	}
	checkBandwidth(c, path, k.Bandwidth)
}

// checkBandwidth reports a network interface that cannot be simulated, where it is given: a node may have its machine's.
func checkBandwidth(c *Check, path string, b *units.Bandwidth) {
	if c.Given(path+".bandwidth") && b != nil && (*b < 1 || *b > mostBandwidth) {
		c.Errorf(path+".bandwidth", "`bandwidth` must be from 1bps to %s", units.Bandwidth(mostBandwidth))
	}
}

const mostBandwidth = 1e15 // beyond it, a byte takes no time on the clock

// checkPlaces reports nodes that must say where they are, and sources that must say where their clients are.
func (a *Architecture) checkPlaces(c *Check) {
	if len(c.regions) == 0 {
		return
	}
	such := c.regions[0]
	for _, n := range a.Nodes {
		if n.Value.Component == nil || c.Wrong(n.At+".region") || c.Wrong(n.At+".place") || c.Wrong(n.At+".shard_by") {
			continue
		}
		k, at := n.Value.common(), n.At
		_, queue := n.Value.Component.(*Queue)
		switch n.Value.Kind {
		case "database", "queue", "cache", "external", "station":
			one := queue || n.Value.Kind == "external"
			switch {
			case one && len(k.Place.Ordered) > 0:
				c.Errorf(at+".place", "a node of kind %s is in one place: write region: %s", n.Value.Kind, k.Place.Ordered[0].Key)
			case k.Region != "" || len(k.Place.Ordered) > 0:
			case one:
				c.Errorf(at, "with `regions`, a node of kind %s must say where it is: give it a `region`, such as region: %s", n.Value.Kind, such)
			default:
				c.Errorf(at, "with `regions`, a node of kind %s must say where it is: give it a `region`, such as region: %s, or a `place`", n.Value.Kind, such)
			}
		}
	}
}

// checkRegions checks where a source's clients are.
func (t *Traffic) checkRegions(c *Check, path string) {
	at := path + ".regions"
	sum := units.Share(0)
	for _, r := range t.Regions {
		c.region(r.At, r.Key)
		sum += r.Value
	}
	named := t.Replay != nil && t.Replay.regions != nil
	switch {
	case c.Wrong(at):
	case named:
		c.warnKeys(path, "the file of the replay names the region of each request", "regions")
	case len(t.Regions) > 0 && (sum < 1-1e-9 || sum > 1+1e-9):
		c.Errorf(at, "the shares of `regions` add up to %s: they must add up to 100%%", units.FormatShare(sum))
	case len(t.Regions) == 0 && len(c.regions) > 1 && !c.Wrong(path):
		c.Errorf(path, "with `regions`, a source must say where its clients are: give it `regions`, such as regions: {%s: 100%%}", c.regions[0])
	}
}

// from returns a region's share of the source's requests.
func (t *Traffic) from(region string) float64 {
	switch {
	case t.Replay != nil && t.Replay.regions != nil:
		return float64(t.Replay.regions[region]) / float64(max(t.Replay.Requests, 1))
	case len(t.Regions) == 0:
		return 1 // there is one
	}
	share, _ := t.Regions.Get(region)
	return float64(share)
}

// spread tells whether it matters where which client is: those who come again are always in the same region.
func (t *Traffic) spread() bool {
	return !(t.Replay != nil && t.Replay.regions != nil) && slicesContain(t.Regions, func(s units.Share) bool { return s > 0 && s < 1 })
}

// Place is the number of instances in each region.
type Place struct{ strict.Ordered[units.Count] }

// Describe says what a place looks like.
func (*Place) Describe() string {
	return "how many instances there are in each region, such as {us: 4, eu: 2}"
}

// DecodeStrict reads {us: 4, eu: 2}.
func (p *Place) DecodeStrict(v *strict.Value) {
	if v.Kind() != strict.Map {
		v.Expected(p.Describe())
		return
	}
	p.Ordered.DecodeStrict(v)
}

// Network implements Component.
func (k *Common) Network() *units.Bandwidth { return k.Bandwidth }
