package models

import (
	"headroom/sim"
)

// A program is what a machine does for one class of requests: steps in a row, made when the simulation is built. The call's PC says
// where it stands.
type program []*instruction

// An instruction begins with what most visits touch of it.
type instruction struct {
	do         action
	op         sim.Op        // of a call
	last       lastness      // likewise
	edge       uint16        // likewise
	class      int32         // that a call goes as, -1: the request's own
	to         int32         // where chance goes on when it does not happen, a hit, a second look, or a fork after its branches
	part       int32         // of a delay
	work       sim.Dist      // of cpu and delay, nanoseconds
	pool       *sim.Resource // of a call: the client-side connections it needs, nil: none
	lock       *lock
	held       []*lock // locks that are held here, for when the call fails
	count      int32   // of a scatter, or the branches of a fork
	quorum     int32
	share      float64 // of chance
	caches     []*cache
	filled     []fill      // what others may wait for meanwhile, for when the call fails
	partitions *partitions // of a database
	starts     []int32     // of a fork: where its branches start
	guard      *guard      // what is done if the calls here fail or take too long; nil: the visit fails, and waits
}

// lastness tells what a visit does after a call.
type lastness uint8

const (
	goesOn        lastness = iota
	endsIfFound            // nothing, if a look-up finds what it looks for
	endsInAnyCase          // nothing, if the answer is ok
)

// settle looks which calls of a program are the last.
func (p program) settle() {
	for at, i := range p {
		if i.do != doCall || i.guard != nil || p[at+1].do != afterCall {
			continue
		}
		switch next := p[at+2]; {
		case next.do == endProgram:
			i.last = endsInAnyCase
		case next.do == doHit && p[next.to].do == endProgram:
			i.last = endsIfFound
		}
	}
}

// fill is a cache that is being filled with the key of a class.
type fill struct {
	cache *cache
	class int32
}

type action uint8

const (
	doCPU action = iota
	doDelay
	takePool    // wait for a connection
	doCall      // send, and wait for the answer
	freePool    // after the answer
	doScatter   // send to many
	afterCall   // look at the answer
	doFork      // start branches
	endBranch   // of one branch
	doChance    // go on, or jump
	takeLock    // wait for a lock
	freeLock    // let it go
	doRender    // jump unless the answer goes to the client
	doRespond   // answer, and go on
	doAwait     // wait for somebody else's fetch of the key, if there is one
	doHit       // jump if the cache had it
	doRemove    // take the key out of the caches in front
	doReplicate // note a write, and wait for the replicas that must have it
	doSee       // look whether what a replica says is stale, and keep other answers
	doPage      // read from disk, or jump if the page is in memory
	doForget    // take the key out of the query caches
	doBegin     // begin a step that is guarded
	doAttempt   // try it
	doJudge     // look how that went
	endProgram  // answer, unless that is done, and end
)
