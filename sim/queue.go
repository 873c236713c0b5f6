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
