package models

import (
	"slices"

	"headroom/internal/strict"
	"headroom/internal/units"
	"headroom/sim"
)

// Balancer passes each call on to an instance of its targets, and the answer back.
type Balancer struct {
	Machine
	Cores        units.Count `key:"cores" default:"unlimited" doc:"of an instance"`
	Algorithm    string      `key:"algorithm" default:"round-robin" enum:"round-robin|least-connections|ip-hash|weighted|weighted-random|random|power-of-two|least-response-time|consistent-hash|nearest" doc:"which instance takes a call"`
	To           Targets     `key:"to" required:"true" doc:"the node whose instances share the calls, or several with the weight of each instance: {small: 1, big: 4}"`
	Work         Time        `key:"work" default:"0s" doc:"time on a core of the balancer, per call"`
	Choices      units.Count `key:"choices" default:"2" doc:"how many different instances power-of-two compares"`
	VirtualNodes units.Count `key:"virtual_nodes" default:"100" doc:"points on the ring of consistent-hash for each instance, times its weight"`
	Health       HealthCheck `key:"health_check" doc:"how it learns that an instance is down"`
}

// Describe says what is being read, for errors.
func (*Balancer) Describe() string { return "load-balancer" }

// Targets are nodes with the weight of each of their instances.
type Targets struct {
	strict.Ordered[units.Number]
}

// DecodeStrict reads the name of a node, or a map from nodes to weights.
func (t *Targets) DecodeStrict(v *strict.Value) {
	if v.Kind() == strict.Map {
		strict.Decode(v, &t.Ordered)
		return
	}
	if v.Kind() != strict.Scalar {
		v.Expected(t.Describe())
		return
	}
	var name string
	strict.Decode(v, &name)
	t.Ordered = strict.Ordered[units.Number]{{Key: name, At: v.Path(), Value: 1}}
}

// uneven tells whether some instances weigh more than others.
func (t *Targets) uneven() bool {
	return slices.ContainsFunc(t.Ordered, func(p strict.Pair[units.Number]) bool { return p.Value != t.Ordered[0].Value })
}

// Describe says what targets look like.
func (*Targets) Describe() string {
	return "the name of a node, or nodes with the weight of each instance such as {small: 1, big: 4}"
}

const mostWeight = 1000

// Check implements Component.
func (b *Balancer) Check(c *Check, path string) {
	b.Machine.Cores = b.Cores
	b.Machine.check(c, path)
	c.warnKeys(path, "a balancer keeps nothing", "memory")
	b.checkAdmission(c, path, units.Unlimited)
	b.Health.check(c, path+".health_check")
	if b.Work.Mean() == 0 {
		c.warnKeys(path, "the balancer takes no time (`work` is 0s)", "cores", "speed", "discipline", "contention")
		c.warnKeys(path, "the balancer takes no time (`work` is 0s)", b.waitingKeys()...)
	}
	if b.Algorithm == "nearest" && len(c.regions) == 0 {
		c.Warnf(path+".algorithm", "`nearest` without `regions` is `round-robin`: there is no distance")
	}
	switch b.Algorithm {
	case "weighted", "weighted-random":
		if !b.To.uneven() {
			c.Warnf(path+".algorithm", "`%s` without different weights is `%s`: give them in `to`, such as {small: 1, big: 4}", b.Algorithm,
				map[string]string{"weighted": "round-robin", "weighted-random": "random"}[b.Algorithm])
		}
	case "least-connections", "consistent-hash":
	default:
		if b.To.uneven() {
			c.Warnf(path+".to", "weights have no effect with `algorithm: %s`: `weighted`, `weighted-random`, `least-connections` and `consistent-hash` know them", b.Algorithm)
		}
	}
	if len(b.To.Ordered) == 0 && !c.Wrong(path+".to") {
		c.Errorf(path+".to", "a balancer needs a node to pass calls on to")
	}
	for _, t := range b.To.Ordered {
		if t.Value <= 0 || t.Value > mostWeight {
			c.Errorf(t.At, "a weight must be above 0 and at most %d", mostWeight)
		}
	}
	if c.Given(path+".choices") && b.Algorithm != "power-of-two" {
		c.Warnf(path+".choices", "`choices` has no effect with `algorithm: %s`", b.Algorithm)
	}
	b.checkRing(c, path)
	if b.Choices < 1 || b.Choices > mostInstances {
		c.Errorf(path+".choices", "`choices` must be from 1 to %d", mostInstances)
	}
}

// Calls implements Component.
func (b *Balancer) Calls(string) []Reference {
	var refs []Reference
	for _, t := range b.To.Ordered {
		refs = append(refs, Reference{Path: t.At, Name: t.Key})
	}
	return refs
}

// balancer is the behaviour: its own work, then a call to the instance picked, then the answer.
type balancer struct {
	sim     *sim.Sim
	work    *sim.Dist
	speed   float64
	cores   []*sim.Station // by instance of the balancer; nil where the work takes no time
	pickers []picker       // likewise
	targets []target       // by number, as the pickers count them
	firsts  []firstTarget  // of each node
	relays  []*sim.Relay   // by instance; nil: it makes a call of its own for each that comes

	newPicker func() picker                                    // of an instance that knows nothing yet
	make      func(weights []float64, numbered []int32) picker // the algorithm, see newPicker
	limits    []*gradient                                      // on calls at once, by instance of the balancer; nil: none
	rosters   []*roster                                        // the pickers, where events strike targets
}

// target is one instance of one node.
type target struct {
	edge     uint16
	instance int32
}

// firstTarget is the number of a node's first instance.
type firstTarget struct {
	node   uint32
	number int
}

// Build implements Component.
func (b *Balancer) Build(in *Builder, name string) sim.Node {
	n := &balancer{sim: in.Sim, work: &b.Work.Dist, speed: float64(b.Speed)}
	var weights []float64
	var regions []int
	for _, t := range b.To.Ordered {
		edge := in.Sim.Edge(int32(in.ID(name)), in.ID(t.Key))
		n.firsts = append(n.firsts, firstTarget{in.ID(t.Key), len(n.targets)})
		for i := range in.Instances[in.ID(t.Key)] {
			n.targets = append(n.targets, target{edge, int32(i)})
			weights = append(weights, float64(t.Value))
			regions = append(regions, in.place(t.Key, i))
		}
	}
	n.make = func(weights []float64, numbered []int32) picker {
		return newPicker(b.Algorithm, in.Sim, weights, int(b.Choices), numbered)
	}
	switch {
	case b.hashes():
		n.make = b.ringed(in, name)
	case b.Algorithm == "nearest" && len(in.regions) > 0:
		n.make = nearby(in, regions)
	}
	n.newPicker = func() picker { return n.make(weights, nil) }
	b.watch(in, n, name, weights, regions)
	var cpu *sim.Resource
	if b.Work.Mean() > 0 {
		cpu = in.Resource(name, "cpu", false)
	}
	for range int(b.Instances.Count) {
		n.pickers = append(n.pickers, n.newPicker())
		if cpu != nil {
			n.cores = append(n.cores, in.Sim.NewStation(cpu, b.coreConfig(true)))
		}
	}
	n.limits = b.gradients(in, name, len(n.pickers))
	b.relay(in, n, name)
	return n
}

// Enter implements sim.Node.
func (n *balancer) Enter(c *sim.Call) {
	chooseInstance(c, len(n.pickers))
	if n.limits != nil && !n.limits[c.Instance].admit() {
		n.sim.Finish(c, sim.Overloaded)
		return
	}
	if n.cores == nil {
		n.passOn(c)
		return
	}
	if n.cores[c.Instance].Serve(c, n.work.Time(&c.Rand, n.speed), true) == sim.Refused {
		n.finish(c, sim.Overloaded)
	}
}

const passedOn = 1 // the call waits for the answer

// passOn sends the call to the instance that the algorithm picks.
func (n *balancer) passOn(c *sim.Call) {
	to := n.pickers[c.Instance].pick(c)
	if to == nobody {
		n.finish(c, sim.Unavailable)
		return
	}
	t := n.targets[to]
	if n.relays != nil && n.relays[c.Instance].HandOn(c, t.edge, t.instance) {
		return
	}
	c.Flags, c.Aux = passedOn, uint32(to)
	n.sim.Expect(c, 1, 1)
	n.sim.Send(c, t.edge, c.Class, c.Op, t.instance)
}

// Resume implements sim.Node: the balancer's own work is done or refused, or the answer is there.
func (n *balancer) Resume(c *sim.Call) {
	if c.Flags == passedOn {
		n.pickers[c.Instance].answered(int(c.Aux), n.sim.Now()-c.Asked(), c.Outcome == sim.OK)
	} else if c.Outcome == sim.OK {
		n.passOn(c)
		return
	}
	n.finish(c, c.Outcome)
}

// finish answers a call that was let in.
func (n *balancer) finish(c *sim.Call, o sim.Outcome) {
	if n.limits != nil {
		n.limits[c.Instance].answered(c.Arrived(), o)
	}
	n.sim.Finish(c, o)
}

// newPicker makes the algorithm for targets of these weights. Where they are some of more, numbered tells how many there are of those, and
// which of these each is, or nobody; nil means that they are all.
func newPicker(algorithm string, s *sim.Sim, weights []float64, choices int, numbered []int32) picker {
	n := len(weights)
	switch algorithm {
	case "random":
		return atRandom(n)
	case "weighted-random":
		return newWeightedRandom(weights)
	case "ip-hash":
		return &byClient{s, n, numbered}
	case "weighted":
		return newSmoothRoundRobin(weights)
	case "least-connections":
		return newLeastConnections(weights)
	case "power-of-two":
		return newPowerOfChoices(n, choices)
	case "least-response-time":
		return newLeastTime(n)
	}
	return &roundRobin{n: n}
}

// Explain implements Component.
func (*Balancer) Explain() Explanation {
	return Explanation{
		About: "Passes each call on to an instance of its targets, and the answer back. `round-robin` takes turns; `least-connections` takes the instance with the fewest " +
			"calls under way (for its weight), ties at random; `power-of-two` the less busy of `choices` different ones drawn at random; `least-response-time` the one with the least " +
			"mean response time times calls under way; `ip-hash` keeps a client on one instance; `weighted` (smooth, as in nginx) and `weighted-random` follow the weights in `to`; " +
			"`nearest` takes turns among the instances of the region that is nearest to the call; " +
			"`consistent-hash` keeps a key on one instance, or a client where the class has no data: each instance has `virtual_nodes` points times its weight on a ring, and where one is " +
			"missing only its own keys move. " +
			"Each instance of a balancer knows only what it sent itself. Without `work` it takes no time. An instance that dies (`events`) goes on getting its share until " +
			"`fails` checks of `health_check` in a row have failed, and has it again from the first that it passes; with `least-connections` and `power-of-two` more than its share, since " +
			"who fails at once is never busy. Where none is left, calls end as `unavailable`.",
		Laws: []string{
			"Consistent hashing: another instance beside n takes a share 1/(n+1) of the keys, and no others move (Karger et al., 1997).",
			"Round robin to n servers is E(n)/G/1 at each, random is M/G/1 (Kleinrock, 1975).",
			"Health checks: an instance that dies at any moment is out after between fails − 1 and fails intervals, fails − ½ on average.",
			"Power of two: the mean queue grows as log log of what it is with one choice (Mitzenmacher, 2001).",
			"For equal servers and exponential times: one common queue < join the shortest queue < power of two < round robin < random.",
		},
		Example: `
traffic: {users: {enters: lb, rate: 1k/s}}
nodes:
  lb: {kind: load-balancer, algorithm: weighted, to: {old: 1, new: 3}}
  old: {kind: server, instances: 4, cores: 2, work: exp(5ms)}
  new: {kind: server, instances: 2, cores: 6, work: exp(5ms)}
`,
	}
}
