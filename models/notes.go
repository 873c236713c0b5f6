package models

import (
	"math"

	"headroom/sim"
)

// What nodes say of a request that is traced, see sim.Hop.Notes.

// A LimitNote is what a limiter adds to its answer, be it a refusal or not.
type LimitNote struct {
	Limit     int64    // how many it would let through at once if nobody had come; 0: there is no such number
	Remaining int64    // how many more it would let through now
	Reset     sim.Time // until it is one more; 0 where it is as many as there can be
}

// A CacheNote is what came of asking a cache.
type CacheNote string

// What comes of asking a cache.
const (
	CacheHit       CacheNote = "hit"
	CacheMiss      CacheNote = "miss"
	CacheCoalesced CacheNote = "coalesced" // a miss that waits for another's fetch of the same key
	CacheStored    CacheNote = "stored"
)

// A MessageNote is what became of a message in a queue.
type MessageNote struct {
	What    string // published, delivered or dead
	Attempt int32  // of a delivery, counted from 1
	Waited  sim.Time
}

// noteLimit says what is left of a limit, if the call is traced.
func noteLimit(s *sim.Sim, c *sim.Call, most, remaining int64, reset sim.Time) {
	if most == math.MaxInt64 {
		most, remaining = 0, 0
	}
	s.Note(c, LimitNote{most, remaining, reset})
}
