package models

import "headroom/sim"

// Worker takes jobs from queues and works through them as a server does.
type Worker struct{ Server }

// Describe says what is being read, for errors.
func (*Worker) Describe() string { return "worker" }

// serverOf returns the server that a component is; a worker is one, and an instance of a function.
func serverOf(c Component) (*Server, bool) {
	switch k := c.(type) {
	case *Server:
		return k, true
	case *Worker:
		return &k.Server, true
	case *Function:
		return k.server(), true
	}
	return nil, false
}

// Check implements Component.
func (w *Worker) Check(c *Check, path string) {
	w.checkHandling(c, path)
	c.warnKeys(path, "jobs wait in the queue that they are taken from: its `capacity` limits it", "backlog", "drop_after", "shed")
	later := false // time on a core that does not begin a job
	for _, h := range w.Handles {
		walk(h.Value, func(st *Step) { later = later || st.CPU != nil && st != &h.Value[0] })
	}
	if w.Concurrency.IsUnlimited() && !later && !c.Wrong(path) {
		c.warnKeys(path, "without `concurrency` a job is taken when a core is free, so that none waits for one", "discipline")
	}
}

// Explain implements Component.
func (*Worker) Explain() Explanation {
	return Explanation{
		About: "Takes jobs from the queues whose `to` it is, and works through the steps that `handles` lists for their class, as a server does. An instance takes the oldest " +
			"message when it has room: a free place of its `concurrency` or, where that is unlimited, a free core. Of several with room, the one that has had it longest " +
			"takes it. A job that fails goes back to its queue; `respond` says early that it is done. It takes no message that it has no memory for. Nobody calls a worker.",
		Laws: []string{
			"Utilization law: the places are taken rate × job / (concurrency × instances) of the time; at 100% the queue only grows (Denning and Buzen, 1978).",
			"M/M/c, c being concurrency × instances: jobs wait for a place as for one of c servers before one queue (Erlang, 1917).",
		},
		Example: `
requests: {report: {}, mail: {}}
traffic: {users: {enters: jobs, rate: 4/s, mix: {report: 25%, mail: 75%}}}
nodes:
  jobs: {kind: queue, to: workers, max_attempts: 3}
  workers:
    kind: worker
    instances: 3
    cores: 8
    concurrency: 8
    handles:
      report: [cpu: lognormal(mean=10s cv=0.3)]
      mail: [cpu: 5ms, call: smtp]
  smtp: {kind: external, latency: exp(3s), failures: 1%}
`,
	}
}

// Build implements Component.
func (w *Worker) Build(b *Builder, name string) sim.Node {
	n := b.workers[b.ID(name)]
	n.machine = w.build(b, name)
	n.settle()
	n.handler = b.Sim.Handle(n)
	n.ended = func(i int32) { n.offer(i); n.pull() }
	n.rooms = n.places
	if n.rooms == nil {
		n.rooms = n.cores
	}
	n.regions = b.a.placesOf(&w.Common)
	b.apart = append(b.apart, n)
	n.idle, n.coming = newTurns(len(n.rooms)), make([]int32, len(n.rooms))
	for i := range n.rooms {
		n.idle.join(int32(i))
	}
	return n
}

// worker is the behaviour: a machine that pulls its jobs.
type worker struct {
	*machine
	queues  []*queue
	rooms   []*sim.Station // by instance: what must be free for it to take a message
	idle    turns          // of instances that may have room
	pulling bool
	coming  []int32    // messages on their way, by instance
	waits   []sim.Time // of those messages, until they were sent
	regions []int      // by instance; nil: they are where their queues are
}

// severed tells whether a queue cannot be reached from an instance.
func (w *worker) severed(q *queue, i int32) bool {
	return w.regions != nil && w.sim.Severed(q.region, w.regions[i])
}

// changed implements watcher: regions that were severed may hear each other again.
func (w *worker) changed() { w.pull() }

// pull takes messages as long as there are any and an instance has room. A job that ends at once may call it again meanwhile: the outer
// call goes on for both, so that the depth of recursion does not grow with the queue.
func (w *worker) pull() {
	if w.pulling {
		return
	}
	w.pulling = true
	for tried := 0; tried < w.idle.n; {
		q := w.next(anyInstance)
		if q == nil {
			break
		}
		i := w.idle.leave()
		if !w.hasRoom(i) { // it joins again when it has
			continue
		}
		if w.severed(q, i) {
			if q = w.next(i); q == nil {
				w.idle.join(i)
				tried++
				continue
			}
		}
		tried = 0
		q.deliver(i)
		w.offer(i)
	}
	w.pulling = false
}

const anyInstance = -1

// next is the queue whose next message is the oldest, of those that an instance can reach, nil if there is none.
func (w *worker) next(i int32) *queue {
	var best *queue
	for _, q := range w.queues {
		if i != anyInstance && w.severed(q, i) {
			continue
		}
		if q.pauses == 0 && !q.ready.empty() && (best == nil || q.oldest() < best.oldest()) {
			best = q
		}
	}
	return best
}

// free tells whether there is a place of an instance for one more message than are on their way to it.
func (w *worker) free(places *sim.Station, i int32) bool {
	busy, _ := places.Present()
	return busy+w.coming[i] < places.Servers()
}

// offer lets an instance take messages if it has room.
func (w *worker) offer(i int32) {
	if w.hasRoom(i) {
		w.idle.join(i)
	}
}

// hasRoom tells whether an instance lives and does not pause, and has room for a message and for what that takes of the memory.
func (w *worker) hasRoom(i int32) bool {
	return w.free(w.rooms[i], i) && (w.memory == nil || w.free(w.memory[i], i)) && (w.life == nil || w.life.answers(i))
}

// expect takes notice of a message that is sent to an instance.
func (w *worker) expect(i int32, waited sim.Time) {
	w.coming[i]++
	w.waits = append(w.waits, waited)
}

// comes takes notice that a message has come, and returns how long one of those on their way had waited: which one does not matter to
// who counts them all.
func (w *worker) comes(i int32) (waited sim.Time) {
	w.coming[i]--
	last := len(w.waits) - 1
	waited, w.waits = w.waits[last], w.waits[:last]
	return waited
}

// Enter implements sim.Node: a message is delivered.
func (w *worker) Enter(c *sim.Call) {
	i := c.Instance
	waited := w.comes(i)
	if w.memory != nil {
		w.memory[i].Hold(c, false)
	}
	if w.places != nil {
		w.places[i].Take(c, waited)
		c.Flags |= started
	}
	w.run(c)
	w.offer(i)
}

// Fire implements sim.Handler: a delay is over.
func (w *worker) Fire(c *sim.Call) {
	i := c.Instance
	w.machine.Fire(c)
	w.offer(i)
	w.pull()
}

// Resume implements sim.Node.
func (w *worker) Resume(c *sim.Call) {
	i := c.Instance
	w.machine.Resume(c)
	w.offer(i)
	w.pull()
}

// turns is a line of numbers below a limit, each of which stands in it at most once.
type turns struct {
	line    []int32 // a ring
	listed  []bool
	head, n int
}

func newTurns(limit int) turns { return turns{line: make([]int32, limit), listed: make([]bool, limit)} }

func (t *turns) empty() bool { return t.n == 0 }

func (t *turns) first() int32 { return t.line[t.head] }

// join puts a number at the end, unless it stands in the line already.
func (t *turns) join(i int32) {
	if t.listed[i] {
		return
	}
	t.listed[i] = true
	at := t.head + t.n
	if at >= len(t.line) {
		at -= len(t.line)
	}
	t.line[at] = i
	t.n++
}

// leave takes out the first.
func (t *turns) leave() int32 {
	i := t.first()
	t.listed[i] = false
	if t.head++; t.head == len(t.line) {
		t.head = 0
	}
	t.n--
	return i
}
