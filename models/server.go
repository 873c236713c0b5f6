package models

import (
	"slices"

	"headroom/internal/strict"
	"headroom/internal/units"
	"headroom/sim"
)

// Server handles requests step by step, with threads that are held while it waits for others.
type Server struct {
	Machine
	Concurrency units.Count                 `key:"concurrency" default:"unlimited" doc:"requests handled at once per instance; each place is held until the answer, also while waiting for others"`
	Pools       strict.Ordered[units.Count] `key:"pools" doc:"calls to a node at once, per instance; the rest wait"`
	Work        *Time                       `key:"work" doc:"short form: time on a core, before the calls"`
	CallsTo     []string                    `key:"calls" doc:"short form: the nodes that are called after the work, one after the other"`
	Handles     strict.Ordered[[]Step]      `key:"handles" doc:"what is done for each request class; default: for all others"`
	PerRequest  units.Size                  `key:"memory_per_request" default:"0" doc:"that a request takes from its arrival to its end, waiting included"`
	BaseMemory  units.Size                  `key:"base_memory" default:"0" doc:"that an instance takes without any request"`
}

// Describe says what is being read, for errors.
func (*Server) Describe() string { return "server" }

// stepsFor returns what is done for a class, and whether anything is said of it.
func (s *Server) stepsFor(class, path string) ([]Step, bool) {
	if len(s.Handles) == 0 {
		var steps []Step
		if s.Work != nil {
			steps = append(steps, Step{CPU: s.Work, Times: 1, At: path + ".work"})
		}
		for i, to := range s.CallsTo {
			steps = append(steps, Step{Call: to, Op: "call", Times: 1, At: path + ".calls." + itoa(i)})
		}
		return steps, true
	}
	if steps, ok := s.Handles.Get(class); ok {
		return steps, true
	}
	return s.Handles.Get("default")
}

// Check implements Component.
func (s *Server) Check(c *Check, path string) {
	s.checkHandling(c, path)
	s.checkAdmission(c, path, s.Concurrency)
	first := s.Work != nil || slices.ContainsFunc(s.Handles, func(h strict.Pair[[]Step]) bool { return len(h.Value) > 0 && h.Value[0].CPU != nil })
	if s.Concurrency.IsUnlimited() && !first && !c.Wrong(path) {
		c.warnKeys(path, "`concurrency` is unlimited, and no request begins by waiting for a core", s.waitingKeys()...)
	}
}

// checkHandling checks all but how requests are admitted.
func (s *Server) checkHandling(c *Check, path string) {
	if s.Concurrency < 1 {
		c.Errorf(path+".concurrency", "`concurrency` must be at least 1")
	}
	s.checkWork(c, path)
	s.checkMemory(c, path)
	for _, p := range s.Pools {
		c.node(p.At, p.Key)
		if p.Value < 1 {
			c.Errorf(p.At, "a pool needs at least 1 connection")
		}
	}
}

// checkWork checks what an instance does, and what with.
func (s *Server) checkWork(c *Check, path string) {
	s.Machine.check(c, path)
	if len(s.Handles) > 0 && (s.Work != nil || len(s.CallsTo) > 0) {
		c.Errorf(path+".handles", "`work` and `calls` are the short form of `handles`: give one of the two")
	}
	for _, h := range s.Handles {
		if h.Key != "default" {
			c.class(h.At, h.Key)
		}
		s.checkSteps(c, h.Value)
	}
	for _, h := range s.Handles {
		checkResilience(c, h.Value)
	}
	s.warnIdle(c, path)
}

// called lists the nodes that steps call, read from or write to.
func (s *Server) called() []string {
	all := slices.Clone(s.CallsTo)
	for _, h := range s.Handles {
		walk(h.Value, func(st *Step) {
			if st.Call != "" && st.Op != publish {
				all = append(all, st.Call)
			}
		})
	}
	return all
}

// warnIdle warns of what is said of cores that no step works on.
func (s *Server) warnIdle(c *Check, path string) {
	works := s.Work != nil
	for _, h := range s.Handles {
		walk(h.Value, func(st *Step) { works = works || st.CPU != nil })
	}
	if !works && !c.renders && !c.Wrong(path) {
		c.warnKeys(path, "no step works on a core", "cores", "speed", "discipline", "contention")
		if s.Autoscale != nil && s.Autoscale.Target.Quantity == aimCPU {
			c.warnKeys(path, "no step works on a core, whose use is its target", "autoscale")
		}
	}
}

func (s *Server) checkSteps(c *Check, steps []Step) {
	walk(steps, func(st *Step) {
		if st.As != "" {
			c.class(st.At+".as", st.As)
		}
		for _, b := range st.Parallel {
			walk(b, func(in *Step) {
				if in.Respond {
					c.Errorf(in.At, "`respond` cannot stand in a parallel step: which branch would answer?")
				}
			})
		}
	})
}

// Calls implements Component.
func (s *Server) Calls(path string) []Reference {
	if len(s.Handles) == 0 {
		steps, _ := s.stepsFor("", path)
		return references(steps, "")
	}
	var refs []Reference
	for _, h := range s.Handles {
		when := h.Key
		if when == "default" {
			when = ""
		}
		refs = append(refs, references(h.Value, when)...)
	}
	return refs
}

// Build implements Component.
func (s *Server) Build(b *Builder, name string) sim.Node {
	m := s.build(b, name)
	m.limits = s.gradients(b, name, len(m.cores))
	m.settle()
	m.ends = m.plain && b.lives[b.ID(name)] == nil
	return m
}

func (s *Server) build(b *Builder, name string) *machine {
	m := b.machine(name, &s.Machine, s.Concurrency, "concurrency")
	m.memory = s.rooms(b, name)
	pools := map[string]*sim.Resource{}
	for _, p := range s.Pools {
		if p.Value.IsUnlimited() {
			continue
		}
		r := b.Resource(name, "pools."+p.Key, false)
		for range int(s.Instances.Count) {
			b.Sim.NewStation(r, sim.StationConfig{Servers: limit(p.Value), Backlog: sim.Unlimited})
		}
		pools[p.Key], m.pools = r, append(m.pools, r)
	}
	s.compile(b, name, m, pools)
	return m
}

// compile makes the programs of a machine.
func (s *Server) compile(b *Builder, name string, m *machine, pools map[string]*sim.Resource) {
	c := compiler{b: b, node: name, id: b.ID(name), pools: pools, locks: map[string]*lock{}, delay: b.Part(name, "", "service"),
		m: m, instances: len(m.cores), guards: map[string]*policy{}}
	for i, class := range b.Classes {
		steps, _ := s.stepsFor(class, "")
		c.prog, c.class = nil, int32(i)
		c.steps(steps)
		c.render()
		c.add(instruction{do: endProgram})
		c.prog.settle()
		m.programs = append(m.programs, programs{c.prog, c.prog, c.prog, c.prog})
	}
}

// machine adds the cores and the places of a node's instances.
func (b *Builder) machine(name string, k *Machine, places units.Count, called string) *machine {
	m := &machine{b: b, sim: b.Sim, speed: float64(k.Speed)}
	m.handler, m.alarms = b.Sim.Handle(m), b.Sim.Handle(alarms{m})
	cpu := b.Resource(name, "cpu", false)
	admits := !places.IsUnlimited()
	var p *sim.Resource
	if admits {
		p = b.Resource(name, called, false)
	}
	for range int(k.Instances.Count) {
		m.cores = append(m.cores, b.Sim.NewStation(cpu, k.coreConfig(!admits)))
		if admits {
			m.places = append(m.places, b.Sim.NewStation(p, k.placeConfig(places)))
		}
	}
	return m
}

// Explain implements Component.
func (*Server) Explain() Explanation {
	return Explanation{
		About: "Works through the steps that `handles` lists for a request's class. Steps are time on its cores, delays, calls to other nodes, reads and writes past " +
			"caches, some of it in parallel, under a lock, by chance, or after the answer. `work` and `calls` are the short form of one list of steps. A request takes one of " +
			"the `concurrency` places of its instance until it is answered, also while it waits for others; that is what lets a slow callee fill a server whose cores are idle. " +
			"Where no balancer chooses, a call goes to an instance at random. With `memory` and `memory_per_request` a request takes its part of the memory from its arrival to its " +
			"end, waiting included; one that finds no room is refused as overloaded. With `contention` busy cores slow each other down, all at the same pace, and whenever their " +
			"number changes. `shed` acts where a request waits for a place or, where these are unlimited, for its first core, of each instance by itself; later steps are never turned away. " +
			"`codel` ends some as overloaded once all who were served for an interval had waited longer than the target: bursts shorter than that pass, a queue that stands does not; what exceeds the capacity by far stands for long all the same, since CoDel was made for senders that slow down when something is lost. " +
			"`adaptive-lifo` serves in the order of arrival until the oldest has waited longer than `after`, then the newest first (of the same priority), for as long as it has: best with a " +
			"`drop_after` for the others. `gradient` lets so many visits in at once, and ends the others as overloaded at once, as their latency allows, what they call included: after 10 answers and " +
			"100 ms, limit = limit × least × 1.25 / mean latency + √limit, the factor from ½ to 2, the limit from 3 to 1000, where it stays while nobody waits. The least latency is that of 50 answers while " +
			"only 3 are let in, at the start and about every 30 s, as in Envoy; `concurrency_limit` in the result is the mean limit. " +
			"A call that fails fails the request, unless `retry`, `or_else` or a `hedge` of its step sees to it: `headroom explain calls`.",
		Laws: []string{
			"Utilization law: a core is busy rate × work / (cores × instances) of the time, whatever the queueing (Denning and Buzen, 1978).",
			"M/M/c: with exponential work, Poisson arrivals and one instance, requests wait C(c, ρ) / (c/work − rate) on average (Erlang, 1917).",
			"Universal scalability law: N busy cores do the work of N / (1 + σ(N−1) + κN(N−1)); with κ above 0 there is a number beyond which more do less, √((1−σ)/κ) (Gunther, 2007).",
			"Loss system: a memory for k requests refuses B(k, rate × stay) of them where nobody waits (Erlang, 1917).",
			"CoDel: the n-th request in a row is turned away interval/√n after the one before (Nichols and Jacobson, 2012; RFC 8289). x requests a second too many stand in a queue of about " +
				"x·interval + (x·interval)² at first.",
			"Gradient: on c cores that are the bottleneck the limit comes to rest at L = 1.25·c + √L (Envoy's adaptive concurrency, after Netflix's concurrency-limits, 2018).",
			"Newest first, an overloaded server does 1/ρ of the requests, nearly as fast as if it had no others; in the order of arrival it does as many, all late (Maurer, Fail at Scale, 2015).",
			"Layered queueing: a place is held while calls are waited for, so its holding time grows with the load of the callee (Rolia and Sevcik, 1995).",
		},
		Example: `
requests: {view: {}, order: {write: true}}
traffic: {users: {enters: shop, rate: 300/s, mix: {view: 90%, order: 10%}}}
nodes:
  shop:
    kind: server
    instances: 2
    cores: 4
    concurrency: 64
    pools: {db: 20}
    handles:
      view:  [cpu: lognormal(mean=4ms cv=1), read: db]
      order: [cpu: exp(6ms), {parallel: [[write: db], [call: stock]]}, respond, cpu: 2ms]
  stock: {kind: server, cores: 2, work: exp(2ms)}
  db: {kind: database, cores: 8, read: exp(3ms), write: exp(6ms)}
`,
	}
}
