package experiments

import (
	"headroom/models"
	"headroom/sim"
)

// Traces are what became of some requests of a scenario's first replication: plain data, as a Result is. Times are seconds.
type Traces struct {
	Headroom      int             `json:"headroom"` // version of the result format: 1
	Kind          string          `json:"kind"`     // trace
	Version       string          `json:"version"`
	Command       string          `json:"command"`
	Scenario      ScenarioInfo    `json:"scenario"`
	Seed          uint64          `json:"seed"`
	WarmupSeconds Num             `json:"warmup_seconds"`
	Requests      []TracedRequest `json:"requests"` // the slowest first, where these were asked for
}

// TracedRequest is what became of one request. Latency and Done are null where the run was over before.
type TracedRequest struct {
	Request int64  `json:"request"` // which one it is: 1 is the first that arrived after the warm-up
	Source  string `json:"source"`
	Class   string `json:"class"`
	Arrived Num    `json:"arrived"` // after the warm-up
	Latency Num    `json:"latency"` // until the client had its answer
	Done    Num    `json:"done"`    // until all that it brought about was done
	Outcome string `json:"outcome"` // in_flight: it has no answer yet
	Hops    []Hop  `json:"hops"`    // who makes a call comes right before those who are called
}

// Hop is a visit of a request to a node, a branch of one, or what a visit went on to do after its answer. Start and End count from the
// request's arrival.
type Hop struct {
	Node       string     `json:"node"`
	Instance   string     `json:"instance,omitempty"` // its name, such as api-2 or db/0/replica-1, where the node has several
	Op         string     `json:"op"`                 // what was asked for: call, read, write, publish; look or store of a cache; job of a worker; after: nothing any more
	As         string     `json:"as,omitempty"`       // the request class that it went as, where that is another
	Branch     int        `json:"branch,omitempty"`   // of a parallel step, from 1
	Depth      int        `json:"depth"`              // how many calls are around it
	Background bool       `json:"background,omitempty"`
	Start      Num        `json:"start"`
	End        Num        `json:"end"`     // null: it goes on
	Wait       Num        `json:"wait"`    // for cores, places, connections, locks, a worker, the end of a pause, or held back by a limit
	Service    Num        `json:"service"` // on a core, or in a delay
	Network    Num        `json:"network"` // on the way there and back
	Outcome    string     `json:"outcome"`
	Spent      []HopTime  `json:"spent,omitempty"`  // Wait, Service and Network, by what they were spent on
	Spells     []HopSpell `json:"spells,omitempty"` // the same, by when: one after the other; in between it waits for those it called
	Limit      *HopLimit  `json:"limit,omitempty"`  // where it met a limit
	Cache      string     `json:"cache,omitempty"`  // hit, miss, coalesced (a miss that waits for another's fetch) or stored
	Message    []HopEvent `json:"message,omitempty"`
}

// HopTime is a part of a hop's time.
type HopTime struct {
	Resource string `json:"resource,omitempty"`
	Part     string `json:"part"`
	Seconds  Num    `json:"seconds"`
}

// HopSpell is a piece of a hop's time, spent on one thing. Where a service is interrupted or shared, what waiting there is comes first.
type HopSpell struct {
	What     string `json:"what"` // wait, service or network
	Resource string `json:"resource,omitempty"`
	Part     string `json:"part"`
	Start    Num    `json:"start"` // from the request's arrival
	End      Num    `json:"end"`
}

// HopLimit is what a limiter says with its answer. All are null where as many as like may come at once.
type HopLimit struct {
	Limit     Num `json:"limit"`     // how many it lets through at once if nobody has come
	Remaining Num `json:"remaining"` // how many more it would let through now
	Reset     Num `json:"reset"`     // until it is one more; 0 where it is as many as there can be
}

// HopEvent is what became of a message.
type HopEvent struct {
	What    string `json:"what"`              // published, delivered or dead
	Attempt int    `json:"attempt,omitempty"` // of a delivery, from 1
	Waited  Num    `json:"waited"`
}

// inFlight is the outcome of what has none yet.
const inFlight = "in_flight"

// ops are the names of what can be asked of a node.
var ops = map[sim.Op]string{
	sim.OpCall: "call", sim.OpRead: "read", sim.OpWrite: "write", sim.OpPublish: "publish", sim.OpLook: "look", sim.OpStore: "store",
}

// teller puts what the kernel wrote down into the words of the scenario.
type teller struct {
	a     *models.Architecture
	b     *models.Builder
	start sim.Time // of the measured time
}

func (t *teller) request(tr *sim.Trace) TracedRequest {
	r := TracedRequest{
		Request: tr.Number, Source: t.a.Traffic[tr.Source].Key, Class: t.b.Classes[tr.Class], Arrived: Num((tr.Arrived - t.start).Seconds()),
		Latency: None, Done: None, Outcome: inFlight, Hops: []Hop{},
	}
	if tr.Answer {
		r.Latency, r.Outcome = Num((tr.Answered - tr.Arrived).Seconds()), tr.Outcome.String()
	}
	if tr.Over {
		r.Done = Num((tr.Done - tr.Arrived).Seconds())
	}
	children := make([][]int, len(tr.Hops)+1) // by parent, those of the client last
	for i, h := range tr.Hops {
		p := h.Parent
		if p < 0 {
			p = len(tr.Hops)
		}
		children[p] = append(children[p], i)
	}
	var tell func(hops []int, depth int, background bool)
	tell = func(hops []int, depth int, background bool) {
		for _, i := range hops {
			h := t.hop(tr, &tr.Hops[i])
			h.Depth, h.Background = depth, h.Background || background
			r.Hops = append(r.Hops, h)
			tell(children[i], depth+1, h.Background)
		}
	}
	tell(children[len(tr.Hops)], 0, false)
	return r
}

func (t *teller) hop(tr *sim.Trace, h *sim.Hop) Hop {
	n := Hop{
		Node: t.name(h.Node), Op: ops[h.Op], Branch: h.Branch, Background: h.Background, Start: Num((h.Begin - tr.Arrived).Seconds()),
		End: None, Outcome: inFlight,
	}
	if h.Ended {
		n.End, n.Outcome = Num((h.End - tr.Arrived).Seconds()), h.Outcome.String()
	}
	if h.Class != tr.Class {
		n.As = t.b.Classes[h.Class]
	}
	if int(h.Node) >= len(t.b.Nodes) {
		n.Op = "send"
		t.spent(&n, h)
		n.Spells = t.spells(tr, h)
		return n
	}
	if h.Instance >= 0 && t.b.Instances[h.Node] > 1 {
		parts, _ := t.b.PartitionStats(h.Node)
		n.Instance = instanceName(n.Node, &parts, int(h.Instance))
	}
	_, worker := t.a.Nodes[h.Node].Value.Component.(*models.Worker)
	switch {
	case h.Background:
		n.Op = "after"
	case worker:
		n.Op = "job"
	}
	t.spent(&n, h)
	for _, noted := range h.Notes {
		n.note(noted.Note)
	}
	n.Spells = t.spells(tr, h)
	return n
}

// name is that of a node, or of the source whose clients it stands for.
func (t *teller) name(node uint32) string {
	if source, ok := t.b.ClientsOf(node); ok {
		return source
	}
	return t.b.Nodes[node]
}

// spent tells where a hop's time went.
func (t *teller) spent(n *Hop, h *sim.Hop) {
	for _, s := range h.Spent {
		for _, p := range t.b.Parts {
			if p.Number == s.Part {
				n.spend(p.Resource, p.Name, Num(s.Time.Seconds()))
			}
		}
	}
}

func (h *Hop) spend(resource, part string, seconds Num) {
	switch whatFor(part) {
	case Waiting:
		h.Wait += seconds
	case OnTheWay:
		h.Network += seconds
	default:
		h.Service += seconds
	}
	h.Spent = append(h.Spent, HopTime{resource, part, seconds})
}

// What a hop's time is spent on.
const (
	Waiting  = "wait"
	Serving  = "service"
	OnTheWay = "network"
)

// whatFor tells what a part of the time is spent on.
func whatFor(part string) string {
	switch part {
	case Waiting, "pause":
		return Waiting
	case OnTheWay:
		return OnTheWay
	}
	return Serving
}

// note takes down what a node said.
func (h *Hop) note(note any) {
	switch n := note.(type) {
	case models.LimitNote:
		h.Limit = &HopLimit{None, None, None}
		if n.Limit > 0 {
			h.Limit = &HopLimit{Num(n.Limit), Num(n.Remaining), Num(n.Reset.Seconds())}
		}
	case models.CacheNote:
		if h.Cache == "" || n != models.CacheStored { // a miss that is stored afterwards stays a miss
			h.Cache = string(n)
		}
	case models.MessageNote:
		h.Message = append(h.Message, HopEvent{n.What, int(n.Attempt), Num(n.Waited.Seconds())})
		if n.Waited > 0 {
			h.spend("message", "wait", Num(n.Waited.Seconds()))
		}
	}
}
