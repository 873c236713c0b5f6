// Package sim is the kernel: the clock, the pending events, random streams, distributions, stations and statistics of one
// replication of a simulation.
//
//	sources ─arrivals─►┐
//	rings ──constant──►├─ next event ─► Handler.Fire ─► Node ─► Station, After, Send, Answer
//	ladder ──delays───►┘                                        (push more events)
//
// Where there is a network, calls and answers travel before they are there: through interfaces, and half of a round trip each way.
//
// A request makes calls, a call visits a node, a node lets it wait at stations. Requests and calls are records in slabs that are
// used again, so that a running simulation allocates nothing. Every event belongs to one call and is live only while the call waits for just that
// moment: setting another moment revokes it.
//
// Most visits have a short way. A node that hands calls on at once needs no records of its own (Relay), nor do clients that only give up (Patience),
// a visit that does nothing after its last answer ends with it (Sim.EndsWith), and what few visits need is looked for once (Sim.Finish). It is told
// apart from the long way by nothing but its speed.
//
// A million requests per second fill more memory than a processor has near, so that its events would wait for each line of it. As soon as there
// is a crowd, the kernel looks some events ahead and has the lines fetched that they will touch: see Sim.foresee.
//
// All randomness belongs to the request: its draws are a function of seed, replication, source, number of arrival, node and visit,
// so that two architectures see the same requests.
package sim
