package contents

// ring is a queue of entries whose two ends are neighbours: prev of an entry is the next older one, next the next younger one, and the
// oldest is the next younger one of the youngest. So the oldest becomes the youngest without a link being touched.
type ring struct{ oldest uint32 }

// add makes an entry the youngest.
func (r *ring) add(entries []entry, e uint32) {
	if r.oldest == none {
		entries[e].prev, entries[e].next = e, e
		r.oldest = e
		return
	}
	oldest := &entries[r.oldest]
	entries[e].prev, entries[e].next = oldest.prev, r.oldest
	entries[oldest.prev].next = e
	oldest.prev = e
}

func (r *ring) remove(entries []entry, e uint32) {
	prev, next := entries[e].prev, entries[e].next
	switch {
	case next == e:
		r.oldest = none
		return
	case r.oldest == e:
		r.oldest = next
	}
	entries[prev].next = next
	entries[next].prev = prev
}

// youngest returns the entry that was added last.
func (r *ring) youngest(entries []entry) uint32 { return entries[r.oldest].prev }

// renew makes the oldest the youngest.
func (r *ring) renew(entries []entry) { r.oldest = entries[r.oldest].next }
