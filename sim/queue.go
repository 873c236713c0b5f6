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
// their time that they spend here.
type Gate struct {
	Part    int32
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
