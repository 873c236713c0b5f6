package contents

// ring is a queue of entries whose two ends are neighbours: prev of an entry is the next older one, next the next younger one, and the
// oldest is the next younger one of the youngest. So the oldest becomes the youngest without a link being touched.
type ring struct{ oldest uint32 }

// add makes an entry the youngest.
func (r *ring) add(links []link, e uint32) {
	if r.oldest == none {
		links[e].prev, links[e].next = e, e
		r.oldest = e
		return
	}
	oldest := &links[r.oldest]
	links[e].prev, links[e].next = oldest.prev, r.oldest
	links[oldest.prev].next = e
	oldest.prev = e
}

func (r *ring) remove(links []link, e uint32) {
	prev, next := links[e].prev, links[e].next
	switch {
	case next == e:
		r.oldest = none
		return
	case r.oldest == e:
		r.oldest = next
	}
	links[prev].next = next
	links[next].prev = prev
}

// youngest returns the entry that was added last.
func (r *ring) youngest(links []link) uint32 { return links[r.oldest].prev }

// renew makes the oldest the youngest.
func (r *ring) renew(links []link) { r.oldest = links[r.oldest].next }
