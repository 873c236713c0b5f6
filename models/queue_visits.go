package models

import (
	"headroom/sim"
)

// queue is the behaviour of a queue. A message is the record of the call that published it: it is answered at once and lives on until
// it is done.
//
//	publish ─► answer at once
//	   └─► waits ──deliver──► a worker ──ok──► delivered
//	         ▲                   │ failed, or not done in time
//	         └──── attempts left ┴ none left ──► dead ──► the queue of dead letters
type queue struct {
	b          *Builder
	sim        *sim.Sim
	handler    uint32
	worker     *worker // nil: nobody takes messages
	to, dead   uint16  // edges
	buries     bool    // dead letters have a queue
	capacity   int64
	attempts   int32
	visibility sim.Time // 0: none
	inOrder    bool     // one message of a partition at a time
	region     int      // where it is
	pauses     int      // that are on: it delivers nothing
	salt       uint64
	parts      []partition
	ready      turns // of partitions with messages that may be delivered
	depth      sim.Levels
	held       heldBytes
	age        *sim.Histogram
	counts     QueueCounts // since the start of the run
	before     QueueCounts // at the start of the measured time
}

// partition is a part of the messages: all of them where there are no partitions.
type partition struct {
	again sim.Line // delivered before
	fresh sim.Line
	busy  bool // one is worked on, and they go in order
}

// What a message is about: its Flags.
const isBuried = 1 // it waits for the answer of the queue of dead letters

// QueueCounts counts messages.
type QueueCounts struct {
	Published int64 // refused ones not counted
	First     int64 // deliveries for the first time
	Repeated  int64 // deliveries after that
	Delivered int64 // and done
	Dead      int64
}

// add adds so many times the counts of o.
func (c *QueueCounts) add(o QueueCounts, times int64) {
	c.Published += times * o.Published
	c.First += times * o.First
	c.Repeated += times * o.Repeated
	c.Delivered += times * o.Delivered
	c.Dead += times * o.Dead
}

// inside is how many messages have come and are still here.
func (c QueueCounts) inside() int64 { return c.Published - c.Delivered - c.Dead }

// Enter implements sim.Node: a message is published.
func (n *queue) Enter(m *sim.Call) {
	if n.depth.Now() >= n.capacity {
		n.sim.Finish(m, sim.Overloaded)
		return
	}
	n.counts.Published++
	n.note(m, MessageNote{What: "published"})
	n.sim.Answer(m, sim.OK)
	n.count(m, 1)
	if n.worker == nil { // it stays for ever: its number is all that is left to know of it
		n.sim.End(m)
		return
	}
	m.PC, m.Aux = 0, n.partition(m)
	p := &n.parts[m.Aux]
	n.sim.Push(&p.fresh, m)
	n.list(m.Aux)
	n.worker.pull()
}

// count adds a message to those that wait, or takes one away.
func (n *queue) count(m *sim.Call, d int32) {
	n.depth.Add(n.sim.Now(), d)
	n.held.count(n.sim.Now(), m.Class, int64(d))
}

// partition finds the partition of a message's key, or of its client where its class has no data.
func (n *queue) partition(m *sim.Call) uint32 {
	if len(n.parts) == 1 {
		return 0
	}
	by := m.Request.Client
	if n.b.data[m.Class] != nil {
		by = uint64(n.b.key(m))
	}
	return uint32(sim.Mix(by, n.salt) % uint64(len(n.parts)))
}

// list puts a partition among those that have a message to deliver.
func (n *queue) list(p uint32) {
	if part := &n.parts[p]; !part.busy && !(part.again.Empty() && part.fresh.Empty()) {
		n.ready.join(int32(p))
	}
}

// next is the line whose first message is delivered next. There must be one.
func (n *queue) next() (*sim.Line, int32) {
	p := n.ready.first()
	part := &n.parts[p]
	if part.again.Empty() {
		return &part.fresh, p
	}
	return &part.again, p
}

// oldest returns when the message was published that is delivered next.
func (n *queue) oldest() sim.Time {
	line, _ := n.next()
	return n.sim.First(line).Arrived()
}

// deliver sends the next message to an instance of the worker.
func (n *queue) deliver(instance int32) {
	line, p := n.next()
	m, waited := n.sim.Pop(line)
	n.ready.leave()
	n.parts[p].busy = n.inOrder
	n.list(uint32(p))
	n.count(m, -1)
	if m.PC++; m.PC == 1 {
		n.counts.First++
		n.age.Record(waited)
	} else {
		n.counts.Repeated++
	}
	n.note(m, MessageNote{"delivered", m.PC, waited})
	n.sim.Expect(m, 1, 1)
	if n.visibility > 0 {
		n.sim.AfterConstant(m, n.handler, n.visibility)
	}
	n.worker.expect(instance, waited)
	n.sim.Send(m, n.to, m.Class, sim.OpPublish, instance)
}

// Resume implements sim.Node: the job is done, or failed, or the message has come to the dead letters.
func (n *queue) Resume(m *sim.Call) {
	n.sim.Revoke(m)
	switch {
	case m.Flags == isBuried:
		n.sim.End(m)
	case m.Outcome != sim.OK:
		n.failed(m)
	default:
		n.counts.Delivered++
		n.settled(m)
		n.sim.End(m)
	}
}

// Fire implements sim.Handler: a message was not done in time.
func (n *queue) Fire(m *sim.Call) {
	n.sim.Forget(m)
	n.failed(m)
}

// failed lets a message wait again, unless it has failed often enough.
func (n *queue) failed(m *sim.Call) {
	if m.PC < n.attempts {
		n.count(m, 1)
		n.sim.Push(&n.parts[m.Aux].again, m)
		n.settled(m)
		return
	}
	n.counts.Dead++
	n.note(m, MessageNote{What: "dead"})
	n.settled(m)
	if !n.buries {
		n.sim.End(m)
		return
	}
	m.Flags = isBuried
	n.sim.Expect(m, 1, 1)
	n.sim.Send(m, n.dead, m.Class, sim.OpPublish, -1)
}

// note says what became of a message, if its request is traced.
func (n *queue) note(m *sim.Call, what MessageNote) {
	if n.sim.Traced(m) {
		n.sim.Note(m, what)
	}
}

// settled lets the other messages of the partition go on.
func (n *queue) settled(m *sim.Call) {
	n.parts[m.Aux].busy = false
	n.list(m.Aux)
	n.worker.pull()
}

// startMeasuring begins the measured time.
func (n *queue) startMeasuring() {
	n.depth.Reset(n.sim.Now())
	n.held.startMeasuring(n.sim.Now())
	n.age.Reset()
	n.before = n.counts
}

// QueueStats is what a queue counted in the measured time.
type QueueStats struct {
	QueueCounts
	Depth sim.Levels     // messages that wait
	Age   *sim.Histogram // from publishing to the first delivery
	Held  float64        // bytes of the messages that wait, integral over time, in byte-nanoseconds
	Most  int64          // the most of them at once
	Lost  int64          // messages of the whole run, by the counts, less those found: 0 in a sound one
}

// QueueStats returns what was counted at a node, and whether it is a queue.
func (b *Builder) QueueStats(node uint32) (QueueStats, bool) {
	n := b.queues[node]
	if n == nil {
		return QueueStats{}, false
	}
	n.held.account(b.Sim.Now())
	s := QueueStats{Held: n.held.area, Most: n.held.max, QueueCounts: n.counts, Depth: n.depth.Clone(b.Sim.Now()), Age: n.age.Clone()}
	s.add(n.before, -1)
	s.Lost = n.counts.inside() - s.Depth.Now()
	if n.worker != nil {
		s.Lost = n.counts.inside() - b.Sim.CallsAt(node)
	}
	return s, true
}

// Add adds what another replication counted.
func (s *QueueStats) Add(o *QueueStats) {
	s.add(o.QueueCounts, 1)
	s.Depth.Merge(&o.Depth)
	s.Age.Merge(o.Age)
	s.Held, s.Most = s.Held+o.Held, max(s.Most, o.Most)
}

// Depth returns the integral of the number of messages that wait at a node, in message-seconds of the measured time, and whether a
// worker takes them; 0 if it is no queue.
func (b *Builder) Depth(node int) (area float64, taken bool) {
	n := b.queues[node]
	if n == nil {
		return 0, false
	}
	n.depth.Add(b.Sim.Now(), 0)
	return n.depth.Area() / 1e9, n.worker != nil
}

// Messages returns how many messages wait, and how many are worked on. Those that no worker takes do not count.
func (b *Builder) Messages() (waiting, working int64) {
	for _, n := range b.queues {
		if n != nil && n.worker != nil {
			waiting += n.depth.Now()
			working += n.counts.inside() - n.depth.Now()
		}
	}
	return waiting, working
}

// QueuesOf returns the nodes of the queues that a node takes its jobs from, none if it is no worker.
func (b *Builder) QueuesOf(node int) []int {
	var of []int
	for i, n := range b.queues {
		if n != nil && n.worker != nil && n.worker == b.workers[node] {
			of = append(of, i)
		}
	}
	return of
}
