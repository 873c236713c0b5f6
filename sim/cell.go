package sim

// Cell counts the measured requests of one source and class.
type Cell struct {
	Offered int64
	Ended   [Outcomes]int64
	Layers  []Histogram // latency of those that ended ok, as the client sees it, by Request.Layer; one where there is no cache
	Done    *Histogram  // of those: until their background work was done; nil where there is none
}

func newCell(background bool, layers int) Cell {
	c := Cell{Layers: make([]Histogram, max(layers, 1))}
	for i := range c.Layers {
		c.Layers[i] = newHistogram(Fine)
	}
	if background {
		c.Done = NewHistogram(Fine)
	}
	return c
}

// Latency returns the latency of all that ended ok.
func (c *Cell) Latency() *Histogram {
	all := NewHistogram(Fine)
	for i := range c.Layers {
		all.Merge(&c.Layers[i])
	}
	return all
}

// InFlight returns how many of the cell's requests have not ended.
func (c *Cell) InFlight() int64 {
	n := c.Offered
	for _, k := range c.Ended {
		n -= k
	}
	return n
}

// Seen is what somebody has seen of the latencies of a cell. It starts empty.
type Seen []seenLayer

type seenLayer struct {
	n      int64
	counts []uint64
}

// Since calls record with latencies and how many requests that ended ok had them since a look before, to within a bucket, and brings the look up
// to date.
func (c *Cell) Since(look *Seen, record func(t Time, n uint64)) {
	if *look == nil {
		*look = make(Seen, len(c.Layers))
	}
	for i := range c.Layers {
		h, seen := &c.Layers[i], &(*look)[i]
		if n := h.Count(); n != seen.n { // few layers answer requests of all classes
			seen.n, seen.counts = n, h.Since(seen.counts, record)
		}
	}
}

// Cells returns the counts by source and class: source*classes + class.
func (s *Sim) Cells() []Cell { return s.cells }

// cellOf returns the cell of a request.
func (s *Sim) cellOf(r *Request) *Cell { return &s.cells[int(r.Source)*s.classes+int(r.Class)] }

// Layers returns the latencies of measured requests that ended ok, by Request.Layer; nil where there is no cache.
func (s *Sim) Layers() []*Histogram {
	var layers []*Histogram
	for l := range s.layers {
		all := NewHistogram(Coarse)
		for i := range s.cells {
			all.Merge(s.cells[i].Layers[l].coarse())
		}
		layers = append(layers, all)
	}
	return layers
}
