package models

import (
	"headroom/sim"
	"headroom/sim/contents"
)

// origin is what open and closed sources share.
type origin struct {
	sim      *sim.Sim
	number   uint16
	edge     uint16
	direct   uint16        // past the node that stands for the clients
	patience *sim.Patience // how long they wait; nil: they do not give up, or do more than that
	mix      classMix
	data     []*dataSet // by class, nil for none
	stream   uint64
	clients  uint64    // 0: each request has its own
	crowd    *sim.Keys // how often each of them sends; nil: all equally
	browser  *browsers // nil: clients keep nothing
	regions  shares    // of the clients; none: there are no regions
}

// newOrigin is called for each source in the order of the file.
func (b *Builder) newOrigin(i int, name string, t *Traffic) origin {
	o := origin{sim: b.Sim, number: uint16(i), stream: b.Sim.Stream(id64(name)), data: b.data, clients: uint64(t.Clients)}
	o.direct = b.Sim.Edge(int32(-1-i), b.ID(t.Enters))
	if o.edge = o.direct; b.clients[i] != 0 {
		o.edge, o.patience = b.Sim.Edge(int32(-1-i), b.clients[i]), b.patience(i, t)
	}
	if t.Crowd != nil {
		o.crowd = t.Crowd.clients
	}
	o.regions = newShares(b.regions, t.from)
	if t.Users > 0 {
		o.clients = uint64(t.Users)
	}
	sum := 0.0
	for k, class := range b.Classes {
		share := t.share(class)
		if sum += share; share > 0 {
			o.mix.upTo, o.mix.class = append(o.mix.upTo, sum), append(o.mix.class, uint16(k))
		}
	}
	o.mix.only = o.mix.class[0]
	return o
}

// client returns who sends a request.
func (o *origin) client(base, number uint64) uint64 {
	if o.clients == 0 {
		return number
	}
	return o.known(base, number)
}

// known draws one of the clients.
func (o *origin) known(base, number uint64) uint64 {
	r := sim.NewRand(sim.Mix(base, drawClient))
	if o.crowd != nil {
		return o.crowd.Draw(&r, number)
	}
	return uint64(r.Intn(int(o.clients)))
}

func (o *origin) send(base, client, number uint64) {
	class := o.mix.draw(base)
	key := contents.Key(0)
	if set := o.data[class]; set != nil {
		key = set.first()
	}
	o.sendFor(key, class, base, client, number)
}

// sendFor sends a request for a key. It is no part of its callers, so that what it calls is a part of it.
//
//go:noinline
func (o *origin) sendFor(key contents.Key, class uint16, base, client, number uint64) {
	r := o.sim.NewRequest(o.number, class, client, base, number)
	if o.regions != nil {
		o.sim.SetHome(r, o.region(client))
	}
	r.Key = key
	if o.browser != nil || o.patience != nil {
		o.start(r)
		return
	}
	o.sim.Start(r, o.edge, sim.OpCall)
}

// start sends a request, unless its client has the answer already.
func (o *origin) start(r *sim.Request) {
	if o.browser != nil && o.browser.answers(r) {
		o.sim.Settle(r)
		return
	}
	if o.patience == nil || !o.patience.Start(r, o.direct, sim.OpCall) {
		o.sim.Start(r, o.edge, sim.OpCall)
	}
}

// ears is who hears of answers, whatever source it is.
func (o *origin) ears() sim.Listener {
	if o.browser == nil {
		return nil
	}
	return o.browser
}
