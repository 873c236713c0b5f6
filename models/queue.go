package models

import (
	"headroom/internal/strict"
	"headroom/internal/units"
	"headroom/sim"
)

// Queue keeps messages until a worker takes them. Whoever publishes one has the answer at once.
type Queue struct {
	Common
	To                string          `key:"to" doc:"the worker that takes its messages; only a queue of dead letters may be without one"`
	Partitions        units.Count     `key:"partitions" default:"0" doc:"each key's messages (each client's, where their class has no data) go to one partition, whose messages are worked on one at a time, in order; 0: none"`
	Capacity          units.Count     `key:"capacity" default:"unlimited" doc:"messages that may wait; one more is refused as overloaded"`
	MaxAttempts       *units.Count    `key:"max_attempts" doc:"how often a message is delivered at most, the first time included; default: 3 with a visibility_timeout, else 1"`
	VisibilityTimeout *units.Duration `key:"visibility_timeout" doc:"a message not done by then is delivered again, while the first delivery goes on unheard; default: never"`
	DeadLetter        string          `key:"dead_letter" doc:"the queue of messages that failed max_attempts times; without one they are dropped"`
}

// Describe says what is being read, for errors.
func (*Queue) Describe() string { return "queue" }

const (
	mostPartitions = 100_000
	mostAttempts   = 1_000
	usualAttempts  = 3 // with a visibility_timeout
)

// attempts is how often a message is delivered at most.
func (q *Queue) attempts() int32 {
	switch {
	case q.MaxAttempts != nil:
		return int32(min(*q.MaxAttempts, mostAttempts))
	case q.VisibilityTimeout != nil:
		return usualAttempts
	}
	return 1
}

// Check implements Component.
func (q *Queue) Check(c *Check, path string) {
	q.check(c, path)
	c.warnKeys(path, "messages wait in one place", "instances")
	if q.Partitions > mostPartitions {
		c.Errorf(path+".partitions", "`partitions` must be at most %s", units.Count(mostPartitions))
	}
	if q.Capacity < 1 {
		c.Errorf(path+".capacity", "`capacity` must be at least 1")
	}
	if n := q.MaxAttempts; n != nil && (*n < 1 || *n > mostAttempts) {
		c.Errorf(path+".max_attempts", "`max_attempts` must be from 1 to %s: a message that always fails would come again and again", units.Count(mostAttempts))
	}
	if v := q.VisibilityTimeout; v != nil && *v <= 0 {
		c.Errorf(path+".visibility_timeout", "`visibility_timeout` must be above 0")
	}
	if q.To == "" && !c.Wrong(path) {
		c.warnKeys(path, "no worker takes messages from here", "partitions", "max_attempts", "visibility_timeout", "dead_letter")
	}
}

// Calls implements Component.
func (q *Queue) Calls(path string) []Reference {
	var refs []Reference
	if q.To != "" {
		refs = append(refs, Reference{Path: path + ".to", Name: q.To, Often: q.attempts() > 1, Times: float64(q.attempts())})
	}
	if q.DeadLetter != "" {
		refs = append(refs, Reference{Path: path + ".dead_letter", Name: q.DeadLetter})
	}
	return refs
}

// looksAtKeys implements keyed.
func (q *Queue) looksAtKeys(string) bool { return q.Partitions > 0 && q.To != "" }

// checkKeyed implements keyed: without data, messages go by their clients.
func (*Queue) checkKeyed(*routes, strict.Pair[Node]) {}

// checkQueues reports who names a queue or a worker where it is of no use: jobs come to a worker from a queue, messages to a queue by
// being published.
func (a *Architecture) checkQueues(c *Check) {
	filled := map[string]bool{} // by others than a queue with dead letters
	for _, n := range a.Nodes {
		_, queue := n.Value.Component.(*Queue)
		if n.Value.Component == nil {
			continue
		}
		for _, ref := range n.Value.Calls(n.At) {
			to, known := a.Nodes.Get(ref.Name)
			_, isQueue := to.Component.(*Queue)
			_, isWorker := to.Component.(*Worker)
			filled[ref.Name] = filled[ref.Name] || !queue
			switch {
			case !known || to.Component == nil || c.Wrong(ref.Path):
			case queue && ref.Path == n.At+".to" && !isWorker:
				c.Errorf(ref.Path, "`%s` is a %s: messages are taken by a node of kind worker", ref.Name, to.Kind)
			case (ref.Publish || queue && ref.Path == n.At+".dead_letter") && !isQueue:
				c.Errorf(ref.Path, "`%s` is a %s: messages go to a node of kind queue", ref.Name, to.Kind)
			case isWorker && !queue:
				c.Errorf(ref.Path, "`%s` is a worker: it takes its jobs from a queue, such as jobs: {kind: queue, to: %s}, and nobody calls it", ref.Name, ref.Name)
			case isQueue && ref.Asks:
				c.Errorf(ref.Path, "`%s` is a queue: write `publish: %s`, which is answered at once", ref.Name, ref.Name)
			}
		}
	}
	for _, t := range a.Traffic {
		filled[t.Value.Enters] = true
		if to, _ := a.Nodes.Get(t.Value.Enters); to.Component != nil && to.Kind == "worker" {
			c.Errorf(t.At+".enters", "`%s` is a worker: it takes its jobs from a queue, such as jobs: {kind: queue, to: %s}", t.Value.Enters, t.Value.Enters)
		}
	}
	for _, n := range a.Nodes {
		if q, ok := n.Value.Component.(*Queue); ok && q.To == "" && filled[n.Key] && !c.Wrong(n.At) {
			c.Errorf(n.At, "a queue needs `to`, the worker that takes its messages: only one of dead letters may be without")
		}
	}
}

// Explain implements Component.
func (*Queue) Explain() Explanation {
	return Explanation{
		About: "Keeps messages until a worker takes them. Publishing one is answered at once; the message carries its request, class, key and size, and the request is " +
			"`done` when all its messages are. A source may enter a queue as well. Messages are delivered in the order they came, those that come back before those that were " +
			"not delivered yet. Delivery is at least once: a job that fails is delivered again at once, up to `max_attempts` times; one that takes longer than `visibility_timeout` is " +
			"delivered again while it goes on, and its own end is no longer heard. What failed too often goes to `dead_letter`, or is dropped; either counts as dead. " +
			"With `partitions` the messages of a key stay in order: one of a partition at a time, and of the partitions the one that could go on longest is served next. " +
			"`age` is the time from publishing to the first delivery. The memory of those that wait is the sum of their requests' sizes.",
		Laws: []string{
			"M/M/c: with exponential jobs and Poisson arrivals, messages wait C(c, ρ) / (c/job − rate) on average, c being the jobs that all workers do at once (Erlang, 1917).",
			"A burst of n messages is done after n × job / c; the backlog grows by rate − c/job per second while more comes than that, and drains by the difference later.",
			"Conservation: published = delivered + dead + waiting + being worked on. It is checked in every run.",
		},
		Example: `
slo: [p99 < 50ms, request.done.p99 < 1m, mails.age_p99 < 30s]
traffic: {users: {enters: api, rate: 20/s}}
nodes:
  api: {kind: server, cores: 2, handles: {default: [cpu: exp(5ms), publish: mails]}}
  mails: {kind: queue, to: mailers, max_attempts: 3, visibility_timeout: 60s, dead_letter: lost}
  lost: {kind: queue}
  mailers: {kind: worker, concurrency: 100, handles: {default: [cpu: 5ms, call: smtp]}}
  smtp: {kind: external, latency: normal(mean=3s sd=500ms), failures: 1%}
`,
	}
}

// Build implements Component.
func (q *Queue) Build(b *Builder, name string) sim.Node {
	id := b.ID(name)
	n := b.queues[id]
	*n = queue{
		b: b, sim: b.Sim, capacity: int64(q.Capacity), attempts: q.attempts(), inOrder: q.Partitions > 0, salt: id64(name),
		parts: make([]partition, max(q.Partitions, 1)), age: sim.NewHistogram(sim.Coarse),
		held: heldBytes{sizes: b.a.messageSizes()},
	}
	if at := b.a.placesOf(&q.Common); at != nil {
		n.region = at[0]
	}
	n.ready = newTurns(len(n.parts))
	n.handler = b.Sim.Handle(n)
	if q.To != "" {
		n.worker = b.workers[b.ID(q.To)]
		n.worker.queues = append(n.worker.queues, n)
		n.to = b.Sim.Edge(int32(id), b.ID(q.To))
	}
	if q.DeadLetter != "" {
		n.buries, n.dead = true, b.Sim.Edge(int32(id), b.ID(q.DeadLetter))
	}
	if q.VisibilityTimeout != nil {
		n.visibility = sim.Time(*q.VisibilityTimeout)
	}
	return n
}
