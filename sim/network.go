package sim

// Network is what lies between callers and nodes. Without one, calls and answers take no time.
type Network struct {
	Regions int         // how many, at least 1; clients, and nodes that follow their callers, are in region 0 where nobody says otherwise
	Between []RoundTrip // from a node's region to another's: from*Regions + to
	Clients []RoundTrip // from a client's region to a node's
	Hosts   []Host      // by node
	ByHome  bool        // requests are counted by their clients' regions
}

// RoundTrip is the time to a place and back: a constant, and what is drawn for each call.
type RoundTrip struct {
	Constant Time
	Varying  []*Dist
}

// Host is where a node is, and what connects it.
type Host struct {
	Instances int
	Regions   []uint8    // of each instance, one for all of them, or nil: it is wherever its caller is
	RTT       *RoundTrip // to reach it from anywhere; nil: as far as the regions are apart
	In, Out   []*Station // the network interface of each instance, one server in each direction; nil: its transfers take no time
	PerByte   float64    // nanoseconds that a transfer of one byte takes there
	Client    bool       // it stands for clients, each where its request comes from
	Part      int32      // of a request's time: on the way to it, or back
}

// A Locator chooses the instance of a call before the way there, where the way depends on it: Region is the caller's then. For nodes
// that are none, it is the instance that the caller named, or one at random.
type Locator interface {
	Locate(c *Call)
}

// network lets calls travel. While it does, a call is at no node: its Node is the network, which is one itself for that purpose.
//
//	caller ─[NIC out]── half a round trip ──[NIC in]─► the visit begins
//	caller ◄─[NIC in]── the other half ─────[NIC out]─ it is answered
//
// A visit may go on after its answer, and its record may be given back at once, so that an answer travels in a record of its own.
type network struct {
	Network
	sim      *Sim
	id       uint32    // as a node
	handler  uint32    // of ways that end
	journeys []journey // by call
	homes    []uint8   // the client's region, by request
	cells    []Cell    // by the client's region
	severed  []int32   // by two regions: the events that part them; nil: none ever did
}

// journey is where a call comes from, and how long its way is.
type journey struct {
	caller      spot // whom the answer goes to
	forth, back Time // halves of the round trip
	region      uint8
	leg         leg
	varies      bool // the round trip is drawn
	answer      bool // this is the way back
}

// spot is where a caller is: an instance of a node, or a client.
type spot struct {
	node     int32 // -1: a client
	instance int32
	region   uint8
}

type leg uint8

const (
	leaving leg = iota // through the interface where it starts
	landing            // through that where it ends
)

// networkStream tells the draws of round trips from those of the visit, which they must not disturb.
const networkStream = 0xd1b54a32d192ed03

// Connect puts a network between the nodes, all of which are there already.
func (s *Sim) Connect(n Network) {
	w := &network{Network: n, sim: s}
	w.id, w.handler = uint32(len(s.nodes)), s.Handle(w)
	s.nodes = append(s.nodes, &node{impl: w, counter: -1, counts: newVisitCounts(0)})
	if n.ByHome {
		for range n.Regions {
			w.cells = append(w.cells, newCell(false, 0))
		}
	}
	s.network, s.plain = w, false
}

// Region returns where a visit is, as a number of the network's; of a call that is being located, where its caller is.
func (s *Sim) Region(c *Call) int {
	if s.network == nil {
		return 0
	}
	return int(s.network.journeys[c.ID].region)
}

// SetHome says in which region a request's client is, before its first call.
func (s *Sim) SetHome(r *Request, region uint8) {
	w := s.network
	w.homes = reach(w.homes, r.ID)
	w.homes[r.ID] = region
}

// Home returns in which region a request's client is, as a number of the network's.
func (s *Sim) Home(r *Request) int {
	if s.network == nil {
		return 0
	}
	return int(s.network.home(r).region)
}

// Homes returns the counts of requests by their clients' region; nil where they are not counted.
func (s *Sim) Homes() []Cell {
	if s.network == nil {
		return nil
	}
	return s.network.cells
}

// reach makes a slice long enough for an index.
func reach[T any](s []T, i uint32) []T {
	if more := int(i) + 1 - len(s); more > 0 {
		s = append(s, make([]T, more)...)
	}
	return s
}

// home returns where a request's client is.
func (w *network) home(r *Request) spot {
	at := spot{node: -1}
	if int(r.ID) < len(w.homes) {
		at.region = w.homes[r.ID]
	}
	return at
}

// spot returns where a visit is.
func (w *network) spot(c *Call) spot {
	at := spot{int32(c.Node), c.Instance, w.journeys[c.ID].region}
	if w.Hosts[c.Node].Client {
		at.node = -1
	}
	return at
}

// copy lets a branch be where its visit is.
func (w *network) copy(branch, of *Call) {
	w.journeys = reach(w.journeys, branch.ID)
	w.journeys[branch.ID] = w.journeys[of.ID]
}

// begins counts a request that a client sends.
func (w *network) begins(r *Request) {
	if w.cells != nil && r.Measured {
		w.cells[w.home(r).region].Offered++
	}
}

// ends counts how a request ended.
func (w *network) ends(r *Request, o Outcome, latency Time) {
	if w.cells == nil {
		return
	}
	cell := &w.cells[w.home(r).region]
	cell.Ended[o]++
	if o == OK {
		cell.Layers[0].recordFine(latency)
	}
}

// depart sends a call on its way. It leaves from one spot, and its answer goes to the caller, which is another where the call was
// passed on.
func (w *network) depart(c *Call, from, caller spot) {
	w.journeys = reach(w.journeys, c.ID)
	j := &w.journeys[c.ID]
	*j = journey{caller: caller, region: from.region}
	h := &w.Hosts[c.Node]
	rand := NewRand(Mix(c.Rand.State(), networkStream))
	if h.In != nil || len(h.Regions) > 1 {
		w.locate(c, h)
	}
	if len(h.Regions) > 1 {
		j.region = h.Regions[c.Instance]
	} else if h.Regions != nil {
		j.region = h.Regions[0]
	}
	if w.severed != nil && w.sim.Severed(int(from.region), int(j.region)) {
		w.unreachable(c)
		return
	}
	way := w.way(h, from, j.region)
	rtt := way.draw(&rand)
	j.forth, j.back, j.varies = rtt/2, rtt-rtt/2, way.Varying != nil
	if caller != from {
		way = w.way(h, caller, j.region)
		rtt = way.draw(&rand)
		j.back, j.varies = rtt-rtt/2, j.varies || way.Varying != nil
	}
	w.leave(c, j, from.node, from.instance)
}

// locate chooses the instance that a call goes to.
func (w *network) locate(c *Call, h *Host) {
	if l, ok := w.sim.nodes[c.Node].impl.(Locator); ok {
		l.Locate(c)
		return
	}
	if c.Instance >= 0 {
		c.Instance %= int32(h.Instances)
		return
	}
	c.Instance = 0
	if h.Instances > 1 {
		c.Instance = int32(c.Rand.Intn(h.Instances))
	}
}

// way returns the round trip to a host.
func (w *network) way(h *Host, from spot, to uint8) *RoundTrip {
	i := int(from.region)*w.Regions + int(to)
	switch {
	case h.Client:
		return &noWay
	case h.RTT != nil:
		return h.RTT
	case from.node < 0:
		return &w.Clients[i]
	}
	return &w.Between[i]
}

// noWay is how far a client is from itself.
var noWay RoundTrip

func (t *RoundTrip) draw(r *Rand) Time {
	d := t.Constant
	for _, v := range t.Varying {
		d += Nanoseconds(v.Draw(r))
	}
	return d
}

// carries returns how many bytes a call brings on its way, or an answer on its own.
func (w *network) carries(c *Call, answer bool) int64 {
	switch {
	case w.sim.sizes == nil:
		return 0
	case answer:
		return w.sim.returned(c, c.Outcome)
	}
	return w.sim.sent(c.Class, c.Op)
}

// leave lets a call pass the interface that it leaves by.
func (w *network) leave(c *Call, j *journey, node, instance int32) {
	if node >= 0 {
		if h := &w.Hosts[node]; h.Out != nil && w.pass(c, j, h.Out[instance], h, leaving) {
			return
		}
	}
	w.travel(c, j)
}

// pass begins a transfer, if it takes time.
func (w *network) pass(c *Call, j *journey, nic *Station, h *Host, l leg) bool {
	t := Nanoseconds(float64(w.carries(c, j.answer)) * h.PerByte)
	if t == 0 {
		return false
	}
	c.Node, j.leg = w.id, l
	nic.Serve(c, t, false)
	return true
}

// travel takes half of the round trip.
func (w *network) travel(c *Call, j *journey) {
	d := j.forth
	if d == 0 {
		w.land(c, j)
		return
	}
	c.Node = w.id
	w.sim.SpendNext(c, w.Hosts[w.sim.edges[c.edge].To].Part, d)
	if j.varies {
		w.sim.After(c, w.handler, d)
		return
	}
	w.sim.AfterConstant(c, w.handler, d)
}

// land lets a call pass the interface that it arrives by.
func (w *network) land(c *Call, j *journey) {
	node, instance := int32(w.sim.edges[c.edge].To), c.Instance
	if j.answer {
		node, instance = j.caller.node, j.caller.instance
	}
	if node >= 0 {
		if h := &w.Hosts[node]; h.In != nil && w.pass(c, j, h.In[instance], h, landing) {
			return
		}
	}
	w.arrive(c, j)
}

// arrive lets the visit begin, or the caller have its answer.
func (w *network) arrive(c *Call, j *journey) {
	s := w.sim
	if !j.answer {
		c.Node = s.edges[c.edge].To
		s.begin(c, s.nodes[c.Node])
		return
	}
	r := c.Request
	s.deliver(c, r, c.Outcome)
	s.end(c, r)
}

// Fire implements Handler: half of the round trip is over.
func (w *network) Fire(c *Call) { w.land(c, &w.journeys[c.ID]) }

// Resume implements Node: a transfer is over.
func (w *network) Resume(c *Call) {
	if j := &w.journeys[c.ID]; j.leg == leaving {
		w.travel(c, j)
	} else {
		w.arrive(c, j)
	}
}

// Enter implements Node: nobody calls the network.
func (w *network) Enter(*Call) { panic("sim: a call to the network") }

// answer sends the answer of a visit on its way, if that takes time.
func (w *network) answer(c *Call, r *Request, o Outcome) bool {
	if w.loses(c, r, o) {
		return true
	}
	j := w.journeys[c.ID]
	if j.back == 0 && (w.carriedBack(c, o) == 0 || !w.connected(int32(c.Node)) && !w.connected(j.caller.node)) {
		return false
	}
	k := w.sim.newCall()
	r.open++
	k.Request, k.Node, k.Instance, k.Class, k.edge, k.Op = c.Request, w.id, c.Instance, c.Class, c.edge, c.Op
	k.Outcome, k.Reply, k.parent, k.ticket, k.trail = o, c.Reply, c.parent, c.ticket, c.trail
	k.due, k.state, k.Flags, k.marks, k.passage = Never, idle, 0, c.marks&(cancelled|forked), 0
	if c.trail == traced {
		w.sim.tracer.replies(w.sim, c, k)
	} else {
		c.unfollow()
	}
	w.journeys = reach(w.journeys, k.ID)
	j.forth, j.answer = j.back, true
	w.journeys[k.ID] = j
	w.leave(k, &w.journeys[k.ID], int32(c.Node), c.Instance)
	return true
}

func (w *network) carriedBack(c *Call, o Outcome) int64 {
	if w.sim.sizes == nil {
		return 0
	}
	return w.sim.returned(c, o)
}

// connected tells whether transfers take time at a node.
func (w *network) connected(node int32) bool { return node >= 0 && w.Hosts[node].In != nil }
