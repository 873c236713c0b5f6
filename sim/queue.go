package sim

// list is a doubly linked list of calls, linked through their records. A call is in at most one list.
type list struct{ head, tail uint32 }

func (l *list) pushBack(s *Sim, c *Call) {
	c.next, c.prev = 0, l.tail
	if l.tail == 0 {
		l.head = c.ID
	} else {
		s.calls.at(l.tail).next = c.ID
	}
	l.tail = c.ID
}

func (l *list) pushFront(s *Sim, c *Call) {
	c.next, c.prev = l.head, 0
	if l.head == 0 {
		l.tail = c.ID
	} else {
		s.calls.at(l.head).prev = c.ID
	}
	l.head = c.ID
}

func (l *list) remove(s *Sim, c *Call) {
	if c.prev == 0 {
		l.head = c.next
	} else {
		s.calls.at(c.prev).next = c.next
	}
	if c.next == 0 {
		l.tail = c.prev
	} else {
		s.calls.at(c.next).prev = c.prev
	}
}

// A Gate is where calls wait for something that is no server: an answer that another call fetches for all of them. Part is the part of
// their time that they spend here, Fetcher the call that fetches it, where its node says so.
type Gate struct {
	Part    int32
	Fetcher uint32
	waiting list
}

// Park lets a call wait at the gate. As where it waits for answers, that is time away from its node.
func (s *Sim) Park(g *Gate, c *Call) {
	c.since = s.now
	g.waiting.pushBack(s, c)
}

// Open lets all calls at the gate go on, with an outcome and a reply, in the order they came; their nodes' Resume follows.
func (s *Sim) Open(g *Gate, o Outcome, reply uint8) {
	for g.waiting.head != 0 {
		c := s.calls.at(g.waiting.head)
		g.waiting.remove(s, c)
		c.Outcome, c.Reply = o, reply
		c.away += s.now - c.since
		s.Spend(c, g.Part, s.now-c.since)
		s.wake(c)
	}
}

// A Line is where calls wait in the order they came until somebody takes them, as messages do. The zero value is an empty one.
type Line struct{ waiting list }

// Empty tells whether nobody waits.
func (l *Line) Empty() bool { return l.waiting.head == 0 }

// Push lets a call wait behind the others.
func (s *Sim) Push(l *Line, c *Call) {
	c.since = s.now
	l.waiting.pushBack(s, c)
}

// First returns who has waited longest; the line must not be empty.
func (s *Sim) First(l *Line) *Call { return s.calls.at(l.waiting.head) }

// Pop takes out who has waited longest, and tells for how long.
func (s *Sim) Pop(l *Line) (*Call, Time) {
	c := s.First(l)
	l.waiting.remove(s, c)
	return c, s.now - c.since
}
