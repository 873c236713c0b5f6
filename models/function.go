package models

import (
	"headroom/internal/strict"
	"headroom/internal/units"
	"headroom/sim"
)

// Function is serverless: instances are made as requests need them, and each handles one at a time.
type Function struct {
	Common
	Cores     units.Count            `key:"cores" default:"1" doc:"of an instance: what its one request works on"`
	Speed     units.Number           `key:"speed" default:"1" doc:"how fast a core is: work takes its time divided by it"`
	Work      *Time                  `key:"work" doc:"short form: time on a core, before the calls"`
	CallsTo   []string               `key:"calls" doc:"short form: the nodes that are called after the work, one after the other"`
	Handles   strict.Ordered[[]Step] `key:"handles" doc:"what is done for each request class; default: for all others"`
	ColdStart Time                   `key:"cold_start" default:"0s" doc:"until a new instance begins with its first request, which waits for it"`
	KeepAlive units.Duration         `key:"keep_alive" default:"10m" doc:"how long an instance without a request lives on"`
	Limit     units.Count            `key:"limit" default:"1k" doc:"requests at once, each in an instance of its own; one more is refused as overloaded"`
	Memory    *units.Size            `key:"memory" doc:"of an instance, where its seconds are paid for by the gigabyte"`
	PerSecond units.Money            `key:"price_per_second" doc:"what an instance costs while it starts or handles a request, beside price: $0.00003/s, or $0.0000166667/GB-s of its memory"`
}

// Describe says what is being read, for errors.
func (*Function) Describe() string { return "function" }

// Choices implements strict.Choosing.
func (*Function) Choices() []strict.Choice { return new(Server).Choices() }

// server is what an instance does.
func (f *Function) server() *Server {
	return &Server{
		Machine: Machine{Common: f.Common, Cores: f.Cores, Speed: f.Speed, Discipline: "fifo", Backlog: units.Unlimited}, Concurrency: units.Unlimited,
		Work: f.Work, CallsTo: f.CallsTo, Handles: f.Handles,
	}
}

// Check implements Component.
func (f *Function) Check(c *Check, path string) {
	f.server().checkWork(c, path)
	for _, key := range []string{"instances", "place", "bandwidth"} {
		why := map[string]string{"instances": "they are made as requests need them: `limit` says how many there may be",
			"place": "it has one pool of instances: write `region`", "bandwidth": "each of its instances comes and goes with its own"}[key]
		if at := path + "." + key; c.Given(at) {
			c.Errorf(at, "a function has no `%s`: %s", key, why)
		}
	}
	if f.Limit < 1 || f.Limit > mostInstances {
		c.Errorf(path+".limit", "`limit` must be from 1 to %s", units.Count(mostInstances))
	}
	f.checkPrice(c, path)
}

// checkPrice checks what requests and seconds cost.
func (f *Function) checkPrice(c *Check, path string) {
	if per := f.Price.Per; per == "h" || per == "GB" {
		c.Errorf(path+".price", "a function costs by the request: expected a price such as $0.20/M, and `price_per_second` for the time that it takes")
	}
	at := path + ".price_per_second"
	switch per := f.PerSecond.Per; {
	case per == "GB-s" && f.Memory == nil:
		c.Errorf(at, "of how much `memory`? Give the function some, such as memory: 512MB, or a price such as $0.00003/s")
	case per != "" && per != "s" && per != "GB-s":
		c.Errorf(at, "`price_per_second` must be a price such as $0.00003/s or $0.0000166667/GB-s")
	case per != "GB-s" && !c.Wrong(at):
		c.warnKeys(path, "no price is by the gigabyte, such as price_per_second: $0.0000166667/GB-s", "memory")
	}
}

// Calls implements Component.
func (f *Function) Calls(path string) []Reference { return f.server().Calls(path) }

// Cost implements Component: instances is how many start or are at work on average.
func (f *Function) Cost(perSecond, bytesPerSecond, instances float64) (perMonth float64, ok bool) {
	requests, ok := f.Common.Cost(perSecond, bytesPerSecond, 1)
	if f.PerSecond.Per == "" {
		return requests, ok
	}
	each := f.PerSecond.Amount
	if f.PerSecond.Per == "GB-s" {
		each *= float64(*f.Memory) / 1e9
	}
	return requests + each*instances*3600*HoursPerMonth, true
}

// size implements sized.
func (f *Function) size(classes []string) size {
	s := f.server().size(classes)
	s.instances = int(min(f.Limit, mostInstances))
	return s
}

// spells implements lasting.
func (f *Function) spells(class string) []spell {
	all := f.server().spells(class)
	for i := range all {
		all[i].queued = false
	}
	return all
}

// looksAtKeys implements keyed.
func (f *Function) looksAtKeys(class string) bool { return f.server().looksAtKeys(class) }

// checkKeyed implements keyed.
func (f *Function) checkKeyed(r *routes, n strict.Pair[Node]) { f.server().checkKeyed(r, n) }

// Build implements Component.
func (f *Function) Build(b *Builder, name string) sim.Node {
	n := &function{
		machine: &machine{b: b, sim: b.Sim, speed: float64(f.Speed)}, cold: &f.ColdStart.Dist, starting: b.Part(name, coldStart, "wait"),
		pool: newPool(b.Sim, int(f.Limit), sim.Time(f.KeepAlive)),
	}
	n.handler = b.Sim.Handle(n)
	n.machine.pool = &n.pool
	cpu := b.Resource(name, "cpu", false)
	places := b.Sim.NewStation(b.Resource(name, "concurrency", false), sim.StationConfig{Servers: limit(f.Limit)})
	s := f.server()
	for range int(f.Limit) {
		n.cores = append(n.cores, b.Sim.NewStation(cpu, s.coreConfig(false)))
		n.places = append(n.places, places) // the same for all: a limit of the whole
	}
	s.compile(b, name, n.machine, nil)
	if b.functions == nil {
		b.functions = map[int]*function{}
	}
	b.functions[int(b.ID(name))] = n
	return n
}

// Explain implements Component.
func (*Function) Explain() Explanation {
	return Explanation{
		About: "Serverless: works through the steps that `handles` lists, as a server does, but each request has an instance of its own. It takes the idle one that was used last, as AWS Lambda " +
			"does, so that the others grow old; where there is none, a new one is made, and the request waits for its `cold_start`. An instance that has had nothing to do for `keep_alive` is " +
			"gone. At `limit` requests at once one more is refused as overloaded; none ever waits. What is paid for is each request that is handled, and the seconds in which instances start or handle one, also " +
			"while they wait for others. The measured time begins with the instances that the warm-up left.",
		Laws: []string{
			"M/G/∞: requests at once = rate × time of each, Poisson around that; that is how many instances work (Little, 1961; Tijms, A First Course in Stochastic Models, 2003, ch. 1).",
			"Loss system: a limit of c refuses B(c, rate × time) of the requests, whatever the distribution of the time (Erlang, 1917; Sevastyanov, 1957).",
			"Cold starts: the idle are a stack. The n-th request at once finds its instance gone if fewer than n were there for `keep_alive`: the time until a birth-death process comes " +
				"back to n. For requests that take no time that is exp(−rate × keep_alive).",
			"Expired and cold instances as measured at providers: Mahmoudi and Khazaei, Performance modeling of serverless computing platforms, IEEE TCC, 2020.",
		},
		Example: `
traffic: {users: {enters: resize, stages: [{for: 5m, rate: 5/s}, {for: 1m, rate: 200/s}]}}
nodes:
  resize:
    kind: function
    memory: 1GB
    cold_start: lognormal(p50=400ms p99=2s)
    keep_alive: 10m
    limit: 1k
    price: $0.20/M
    price_per_second: $0.0000166667/GB-s
    handles: {default: [cpu: exp(80ms), read: images]}
  images: {kind: external, latency: exp(20ms)}
`,
	}
}
