package models

import (
	"slices"

	"headroom/internal/strict"
	"headroom/internal/units"
	"headroom/sim"
	"headroom/sim/contents"
)

// Cache keeps what was asked for before. It has a fixed hit ratio, or real contents that keys come into and are evicted from.
type Cache struct {
	Machine
	Cores        units.Count     `key:"cores" default:"1" doc:"of an instance"`
	HitRatio     *units.Share    `key:"hit_ratio" doc:"share of the reads that find what they ask for, in place of real contents"`
	Entries      *units.Count    `key:"entries" doc:"real contents: at most so many entries per instance; 0 keeps nothing"`
	Memory       *units.Size     `key:"memory" doc:"real contents: entries up to this size in all, per instance; an entry takes the size of its data"`
	Policy       string          `key:"policy" default:"lru" enum:"lru|lfu|fifo|random|s3-fifo" doc:"which entry makes room for another"`
	TTL          *units.Duration `key:"ttl" doc:"how long an entry lives from the moment of storing; default: for ever"`
	TTLReset     bool            `key:"ttl_reset" default:"false" doc:"true lets every hit begin the ttl anew"`
	Get          Time            `key:"get" default:"0s" doc:"time on a core of a look-up"`
	Set          Time            `key:"set" default:"0s" doc:"time on a core of storing"`
	Mode         string          `key:"mode" default:"aside" enum:"aside|through|write-through|write-behind" doc:"who asks the origin on a miss: the caller (aside) or the cache (the others); who writes to it: write-through writes to the origin and stores, write-behind stores, answers, and writes to the origin later"`
	Coalesce     bool            `key:"coalesce" default:"false" doc:"one miss fills for all who ask for the same key meanwhile"`
	Warm         bool            `key:"warm" default:"true" doc:"starts with the contents that its traffic would have left; false: empty"`
	VirtualNodes units.Count     `key:"virtual_nodes" default:"100" doc:"points of an instance on the ring that divides the keys between several"`
	Origin       string          `key:"origin" required:"true" doc:"what is asked on a miss"`
}

// Describe says what is being read, for errors.
func (*Cache) Describe() string { return "cache" }

// Check implements Component.
func (k *Cache) Check(c *Check, path string) {
	k.Machine.Cores = k.Cores
	k.checkAs(c, path, "cache", "`get` and `set` take no time")
}

// checkAs checks what caches and the edges of a CDN have in common.
func (k *Cache) checkAs(c *Check, path, kind, idle string) {
	k.Machine.check(c, path)
	k.checkAdmission(c, path, units.Unlimited)
	k.refuseGradient(c, path, kind)
	given := 0
	for _, key := range []string{"hit_ratio", "entries", "memory"} {
		if c.Given(path + "." + key) {
			given++
		}
	}
	switch {
	case given == 0:
		c.Errorf(path, "a %s needs `hit_ratio`, or `entries` or `memory` for real contents", kind)
	case given > 1:
		c.Errorf(path, "a %s has one of `hit_ratio`, `entries` and `memory`", kind)
	}
	if k.Entries != nil && (*k.Entries > mostEntries || k.Entries.IsUnlimited()) {
		c.Errorf(path+".entries", "`entries` must be at most %s", mostEntries)
	}
	if k.VirtualNodes < 1 || k.VirtualNodes > mostPoints {
		c.Errorf(path+".virtual_nodes", "`virtual_nodes` must be from 1 to %d", mostPoints)
	} else if n := int(k.VirtualNodes) * k.number(); n > mostOnRing {
		c.Errorf(path+".virtual_nodes", "`instances` times `virtual_nodes` are %d points of the ring: at most %d are simulated", n, mostOnRing)
	}
	if k.TTL != nil && *k.TTL <= 0 {
		c.Errorf(path+".ttl", "`ttl` must be above 0")
	}
	k.warn(c, path, idle)
}

const (
	mostEntries = units.Count(200_000_000)
	mostPoints  = 10_000
	mostOnRing  = 1_000_000
)

// warn warns of keys without effect.
func (k *Cache) warn(c *Check, path, idle string) {
	no := func(key, why string) {
		if c.Given(path + "." + key) {
			c.Warnf(path+"."+key, "`%s` has no effect: %s", key, why)
		}
	}
	switch {
	case k.HitRatio != nil:
		for _, key := range []string{"policy", "ttl", "ttl_reset", "warm"} {
			no(key, "with `hit_ratio` there are no contents")
		}
	case k.Entries != nil && *k.Entries == 0:
		for _, key := range []string{"policy", "ttl", "ttl_reset", "warm"} {
			no(key, "without `entries` there are no contents")
		}
	case k.TTL == nil:
		no("ttl_reset", "there is no `ttl`")
	}
	if !k.works() {
		for _, key := range []string{"cores", "speed", "discipline", "backlog", "drop_after", "shed", "contention"} {
			no(key, idle)
		}
	}
}

// real tells whether the cache has contents.
func (k *Cache) real() bool { return k.HitRatio == nil && !(k.Entries != nil && *k.Entries == 0) }

// keyed tells whether the cache must know which keys are asked for.
func (k *Cache) keyed() bool { return k.real() || k.Coalesce }

// works tells whether it takes time on a core.
func (k *Cache) works() bool { return k.Get.Mean() > 0 || k.Set.Mean() > 0 }

// aside tells whether callers ask the origin themselves.
func (k *Cache) aside() bool { return k.Mode == "aside" }

// Calls implements Component.
func (k *Cache) Calls(path string) []Reference {
	return []Reference{{Path: path + ".origin", Name: k.Origin, Asks: true}}
}

// size implements sized.
func (k *Cache) size([]string) size { return k.Machine.size() }

// spells implements lasting.
func (k *Cache) spells(string) []spell {
	queued := !k.Cores.IsUnlimited()
	return []spell{{&k.Get, queued}, {&k.Set, queued}}
}

// Build implements Component.
func (k *Cache) Build(b *Builder, name string) sim.Node {
	id := b.ID(name)
	n := b.caches[id]
	*n = cache{
		b: b, sim: b.Sim, id: id, get: &k.Get.Dist, set: &k.Set.Dist, speed: float64(k.Speed), ratio: -1, keyed: k.keyed(),
		mode: k.Mode, coalesce: k.Coalesce, origin: b.Sim.Edge(int32(id), b.ID(k.Origin)),
	}
	if k.Coalesce {
		n.waits = b.Part(name, "", "wait")
	}
	if k.HitRatio != nil {
		n.ratio = float64(*k.HitRatio)
	}
	if k.works() {
		cpu := b.Resource(name, "cpu", false)
		for range int(k.Instances.Count) {
			n.cores = append(n.cores, b.Sim.NewStation(cpu, k.coreConfig(true)))
		}
	}
	n.layer = uint8(firstLayer + slices.Index(b.Layers, name))
	n.ringOf = func(instances int) *ring {
		if instances == 1 {
			return nil
		}
		return newRing(instances, int(k.VirtualNodes), id64(name))
	}
	k.gather(b, n, name)
	if k.real() {
		k.fill(b, n, name)
	}
	n.settle()
	if n.contents != nil {
		b.Sim.Foresees(b.ID(name), n)
	}
	return n
}

// gather makes a cluster of the instances in each region.
func (k *Cache) gather(b *Builder, n *cache, name string) {
	add := func(region, first, size int) {
		n.clusters = append(n.clusters, cluster{region: region, first: first, n: size, ring: n.ringOf(size), fetching: map[contents.Key]*sim.Gate{}})
	}
	places := b.a.placesOf(&k.Common)
	if life := b.lives[b.ID(name)]; life != nil && len(k.Place.Ordered) == 0 { // there may be more later
		region := anywhere
		if places != nil {
			region = places[0]
		}
		add(region, 0, life.count)
		places = nil
	}
	for i := 0; i < len(places); {
		size := 1
		for i+size < len(places) && places[i+size] == places[i] {
			size++
		}
		add(places[i], i, size)
		i += size
	}
	if n.clusters == nil {
		add(anywhere, 0, int(k.Instances.Count))
	}
	for region := range b.near {
		nearest := b.a.nearest(&k.Common, region)
		n.near = append(n.near, max(slices.IndexFunc(n.clusters, func(c cluster) bool { return c.region == nearest }), 0))
	}
}

// fill makes the contents, and warms them unless they begin empty.
func (k *Cache) fill(b *Builder, n *cache, name string) {
	cfg := contents.Config{Policy: k.Policy, Renew: k.TTLReset}
	if k.Entries != nil {
		cfg.Entries = int64(*k.Entries)
	} else {
		cfg.Bytes = int64(*k.Memory)
		for _, c := range n.clusters {
			n.memory += float64(*k.Memory) * float64(c.n)
		}
	}
	if k.TTL != nil {
		cfg.TTL = sim.Time(*k.TTL)
	}
	for i := range int(k.Instances.Count) {
		cfg.Seed = b.Sim.Stream(id64(name) + uint64(i))
		c, err := contents.New(cfg)
		if err != nil {
			panic("models: a checked cache is refused: " + err.Error())
		}
		n.contents = append(n.contents, c)
	}
	if k.Warm {
		k.warm(b, n, name, cfg)
	}
	k.foresee(b, n, name)
}

// farAway is after how many others a look-up is too late for what was brought near when its request came: they have pushed it out again.
const farAway = 256

// foresee lets those who ask know of the contents, where one instance has all of them and soon looks for what is asked for.
func (k *Cache) foresee(b *Builder, n *cache, name string) {
	if len(n.contents) != 1 {
		return
	}
	streams, reads := b.streams(name, n.clusters[0].region), 0.0
	for _, s := range streams {
		reads += s.Reads
	}
	if reads*k.Get.Mean()/1e9 > farAway {
		return
	}
	for _, s := range streams {
		for _, set := range b.data {
			if set != nil && set.number == s.Set && s.Reads > 0 && !slices.Contains(set.kept, n.contents[0]) {
				set.kept = append(set.kept, n.contents[0])
			}
		}
	}
}

// front lists the caches in front of a node: those whose misses end there, through other caches or not.
func (a *Architecture) front(origin string) []string {
	var names []string
	for _, n := range a.Nodes {
		for k, ok := cacheOf(n.Value.Component); ok; {
			if k.Origin == origin {
				names = append(names, n.Key)
				break
			}
			next, _ := a.Nodes.Get(k.Origin)
			k, ok = cacheOf(next.Component)
		}
	}
	return names
}

// looksAtKeys tells whether it matters which keys are asked for: they may be here, on their way, or divided between instances.
func (k *Cache) looksAtKeys(string) bool {
	return k.keyed() || (k.Instances.Count > 1 || k.Autoscale != nil) && k.works()
}

// checkKeyed reports classes without data at a cache that must know which keys they ask for.
func (k *Cache) checkKeyed(r *routes, n strict.Pair[Node]) {
	if !k.keyed() {
		return
	}
	why := "whose contents are keys of data"
	if !k.real() {
		why = "which coalesces by key"
	}
	for _, class := range r.a.Classes {
		if _, comes := r.calls[visit{n.Key, class}]; comes && r.a.class(class).Data == "" && r.a.class(class).Cacheable {
			r.c.Errorf(n.At, "requests of class `%s` come to `%s`, %s, but ask for no `data`: give the class some, such as {data: users}, or the cache a `hit_ratio`",
				class, n.Key, why)
		}
	}
}

// Explain implements Component.
func (*Cache) Explain() Explanation {
	return Explanation{
		About: "Has what was asked for before, or asks its origin and keeps the answer. With `hit_ratio` a look-up is a toss of a coin; with `entries` or `memory` the cache has " +
			"real contents, and its hit ratio follows from the popularity of the keys (`data`), the policy, the ttl and the writes. In `mode: aside` the server that reads looks up, " +
			"asks the origin on a miss, and stores; in the other modes the cache does. A write to the origin takes the key out. `coalesce` lets one fetch answer all who ask for " +
			"the same key meanwhile. Several instances divide the keys between them by consistent hashing; with a `place`, those of a region are a cluster of " +
			"their own, and callers use the nearest. It starts with the contents that its traffic would have left.",
		Laws: []string{
			"LRU: a key asked for at rate r is there with probability 1 − exp(−r T), T such that the entries expected fill the cache (Che, Tung and Wang, 2002; Fricker, Robert and Roberts, 2012).",
			"FIFO and random: r T / (1 + r T) (Gelenbe, 1973; Martina, Garetto and Leonardi, 2014). TTL from storing: r ttl / (1 + r ttl).",
			"The origin's load falls by the hit ratio: misses = reads × (1 − hit ratio).",
		},
		Example: `
data: {pages: {keys: 1M, popularity: zipf(1.0), size: 4KB}}
requests: {view: {data: pages}}
traffic: {readers: {enters: api, rate: 2k/s}}
nodes:
  api: {kind: server, cores: 16, handles: {view: [cpu: exp(2ms), read: redis]}}
  redis: {kind: cache, memory: 500MB, policy: lru, ttl: 10m, get: 50us, set: 50us, origin: db}
  db: {kind: database, cores: 8, read: exp(5ms)}
`,
	}
}
