package models

// Clocked tells whether something of the architecture goes by a clock rather than by the requests: pauses, rate limits, breakers, entries that
// expire, functions that live on. A run that is short beside such a clock sees one side of it only. Batches and instances that follow the
// load are not meant: Batched and Scaling tell how far apart these are.
func (a *Architecture) Clocked() bool {
	for _, t := range a.Traffic {
		if k := t.Value.Browser; k != nil && k.TTL != nil {
			return true
		}
	}
	for _, n := range a.Nodes {
		if k, ok := n.Value.Component.(clocked); ok && k.clocked() || pausesOf(n) != nil {
			return true
		}
	}
	return false
}

// clocked is a component that may go by a clock.
type clocked interface{ clocked() bool }

func (k *Cache) clocked() bool { return k.TTL != nil }
func (k *CDN) clocked() bool   { return k.TTL != nil }

func (*RateLimiter) clocked() bool { return true }
func (*Function) clocked() bool    { return true }
func (e *External) clocked() bool  { return e.Limit != nil }

func (s *Server) clocked() bool {
	found := false
	for _, h := range s.Handles {
		walk(h.Value, func(st *Step) { found = found || st.Breaker != nil })
	}
	return found
}
