package models

import (
	"slices"

	"headroom/internal/strict"
	"headroom/internal/units"
	"headroom/sim"
)

// CDN is edges near the clients, each with contents of its own, in front of an origin far away.
type CDN struct {
	Machine
	Cores    units.Count     `key:"cores" default:"unlimited" doc:"of an edge"`
	Edges    Edges           `key:"edges" default:"all" doc:"the regions that have an edge: [us, eu], or all; without regions there is one"`
	HitRatio *units.Share    `key:"hit_ratio" doc:"share of the reads that an edge answers, in place of real contents"`
	Entries  *units.Count    `key:"entries" doc:"real contents: at most so many entries per edge; 0 keeps nothing"`
	Memory   *units.Size     `key:"memory" doc:"real contents: entries up to this size in all, per edge; an entry takes the size of its data"`
	Policy   string          `key:"policy" default:"lru" enum:"lru|lfu|fifo|random|s3-fifo" doc:"which entry makes room for another"`
	TTL      *units.Duration `key:"ttl" doc:"how long an entry lives from the moment of storing; default: for ever"`
	Work     Time            `key:"work" default:"0s" doc:"time on a core of an edge, per request"`
	Shield   string          `key:"shield" doc:"the region of a second tier: an edge asks there what it has not, before the origin is asked"`
	Coalesce bool            `key:"coalesce" default:"false" doc:"one miss of an edge fills for all who ask it for the same key meanwhile"`
	Warm     bool            `key:"warm" default:"true" doc:"starts with the contents that its traffic would have left; false: empty"`
	Origin   string          `key:"origin" required:"true" doc:"what is asked on a miss"`
}

// Describe says what is being read, for errors.
func (*CDN) Describe() string { return "cdn" }

// Edges are regions; none means all.
type Edges []string

// DecodeStrict reads all, a region, or a list of them.
func (e *Edges) DecodeStrict(v *strict.Value) {
	switch v.Kind() {
	case strict.Scalar:
		if *e = nil; v.Text() != "all" {
			*e = Edges{v.Text()}
		}
	case strict.List:
		var names []string
		strict.Decode(v, &names)
		if *e = names; len(names) == 0 {
			v.Errorf("`edges` is empty: expected %s", e.Describe())
		}
	default:
		v.Expected(e.Describe())
	}
}

// Describe says what edges look like.
func (*Edges) Describe() string { return "all, or a list of regions such as [us, eu]" }

// Shapes implements strict.Shaped.
func (*Edges) Shapes() []any { return []any{new(string), new([]string)} }

// cacheOf returns the cache that a component is: itself, or what the edges of a CDN are together.
func cacheOf(c Component) (*Cache, bool) {
	switch k := c.(type) {
	case *Cache:
		return k, true
	case *CDN:
		return k.cache(), true
	}
	return nil, false
}

// asCache is a component as those see it who need not know where the edges of a CDN are.
func asCache(c Component) Component {
	if k, ok := cacheOf(c); ok {
		return k
	}
	return c
}

// cache is what the edges are together: they ask the origin themselves.
func (k *CDN) cache() *Cache {
	m := k.Machine
	m.Cores = k.Cores
	return &Cache{
		Machine: m, Cores: k.Cores, HitRatio: k.HitRatio, Entries: k.Entries, Memory: k.Memory, Policy: k.Policy, TTL: k.TTL, Get: k.Work,
		Mode: "through", Coalesce: k.Coalesce, Warm: k.Warm, VirtualNodes: 1, Origin: k.Origin,
	}
}

// Check implements Component.
func (k *CDN) Check(c *Check, path string) {
	for _, key := range []string{"instances", "region", "place"} {
		if c.Given(path + "." + key) {
			c.Errorf(path+"."+key, "a cdn has one edge in each region that `edges` lists: it has no `%s`", key)
		}
	}
	for _, region := range k.Edges {
		c.region(path+".edges", region)
	}
	if k.Shield != "" {
		c.region(path+".shield", k.Shield)
	}
	if len(c.regions) > 0 && !c.Wrong(path+".edges") {
		k.spread(c, path)
	}
	k.cache().checkAs(c, path, "cdn", "`work` takes no time")
}

// spread puts an edge into each of its regions.
func (k *CDN) spread(c *Check, path string) {
	edges := k.Edges
	if edges == nil {
		edges = c.regions
	}
	k.Place = Place{}
	for _, region := range edges {
		if _, twice := k.Place.Get(region); twice {
			c.Errorf(path+".edges", "`edges` names %s twice: there is one edge in a region", region)
			continue
		}
		k.Place.Ordered = append(k.Place.Ordered, strict.Pair[units.Count]{Key: region, At: path + ".edges", Value: 1})
	}
	k.Instances = Instances{Count: units.Count(len(k.Place.Ordered))}
}

// shieldOf names the second tier of a CDN.
func shieldOf(name string) string { return name + "-shield" }

// addShields puts the second tier of each CDN between its edges and its origin: a CDN of one edge, with the same contents.
func (a *Architecture) addShields(c *Check) {
	nodes := slices.Clone(a.Nodes)
	for _, n := range a.Nodes {
		k, ok := n.Value.Component.(*CDN)
		if !ok || k.Shield == "" {
			continue
		}
		name := shieldOf(n.Key)
		if slices.Contains(c.nodes, name) {
			c.Errorf(n.At+".shield", "the second tier would be called `%s`, as a node is already: give that another name", name)
			continue
		}
		front, shield := *k, *k
		front.Origin = name
		shield.Shield, shield.Edges, shield.Price = "", Edges{k.Shield}, units.Money{Per: "GB"}
		shield.spread(c, n.At)
		i := slices.IndexFunc(nodes, func(m strict.Pair[Node]) bool { return m.Key == n.Key })
		nodes[i].Value.Component = &front
		nodes = slices.Insert(nodes, i+1, strict.Pair[Node]{Key: name, At: n.At, Value: Node{Kind: n.Value.Kind, Component: &shield}})
	}
	a.Nodes = nodes
}

// Calls implements Component.
func (k *CDN) Calls(path string) []Reference { return k.cache().Calls(path) }

// size implements sized.
func (k *CDN) size(classes []string) size { return k.cache().size(classes) }

// spells implements lasting.
func (k *CDN) spells(class string) []spell { return k.cache().spells(class) }

// cores implements powered.
func (k *CDN) cores() units.Count { return k.Cores }

// looksAtKeys implements keyed.
func (k *CDN) looksAtKeys(class string) bool { return k.cache().looksAtKeys(class) }

// checkKeyed implements keyed.
func (k *CDN) checkKeyed(r *routes, n strict.Pair[Node]) { k.cache().checkKeyed(r, n) }

// Choices implements strict.Choosing.
func (*CDN) Choices() []strict.Choice { return new(Cache).Choices() }

// Build implements Component.
func (k *CDN) Build(b *Builder, name string) sim.Node { return k.cache().Build(b, name) }

// Explain implements Component.
func (*CDN) Explain() Explanation {
	return Explanation{
		About: "Answers near the clients what was asked for before, and asks the origin for the rest. There is an edge in each of its regions, with contents of its own (`entries` or " +
			"`memory`, a policy, a ttl) or a fixed `hit_ratio`; a client uses the nearest. What an edge has not it asks of the `shield`, if there is one, and that of the origin; the shield is a node " +
			"of its own in the result, called cdn-shield where the CDN is called cdn. " +
			"`coalesce` lets one fetch answer all who ask the edge for the same key meanwhile. Writes go through to the origin and take the key out of every edge. A price per GB is paid for what the edges send.",
		Laws: []string{
			"The origin's load falls by the hit ratio; so do its bytes.",
			"Each edge sees its own share of the traffic: with real contents many small edges hit less often than one large one (Che, Tung and Wang, 2002).",
		},
		Example: `
data: {pages: {keys: 100k, popularity: zipf(1.0), size: 50KB}}
requests: {view: {data: pages, response: 50KB}}
traffic: {readers: {enters: cdn, rate: 2k/s, regions: {us: 70%, eu: 30%}}}
regions: {rtt: {us: {eu: 80ms}}, last_mile: 8ms}
nodes:
  cdn: {kind: cdn, memory: 1GB, ttl: 10m, work: 0.4ms, origin: api, price: $0.08/GB}
  api: {kind: server, region: us, cores: 16, work: exp(5ms)}
`,
	}
}
