package models

import "headroom/sim"

// heldBytes is the memory that the waiting messages of a queue take: each the size of its class's request.
type heldBytes struct {
	sizes    []int64 // by class; nil: no message has a size
	now, max int64
	area     float64 // integral over time, in byte-nanoseconds
	since    sim.Time
}

// messageSizes returns the sizes of messages by class, nil where none has any.
func (a *Architecture) messageSizes() []int64 {
	var sizes []int64
	any := false
	for _, class := range a.Classes {
		size := int64(a.class(class).Request)
		sizes, any = append(sizes, size), any || size > 0
	}
	if !any {
		return nil
	}
	return sizes
}

// count adds so many messages of a class, fewer than 0 when they leave.
func (h *heldBytes) count(t sim.Time, class uint16, messages int64) {
	if h.sizes == nil {
		return
	}
	h.account(t)
	h.now += messages * h.sizes[class]
	h.max = max(h.max, h.now)
}

func (h *heldBytes) account(t sim.Time) {
	h.area += float64(h.now) * float64(t-h.since)
	h.since = t
}

func (h *heldBytes) startMeasuring(t sim.Time) { h.area, h.max, h.since = 0, h.now, t }
