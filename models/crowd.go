package models

import (
	"headroom/internal/units"
	"headroom/sim"
)

// Crowd says how often each of a source's clients sends.
type Crowd struct {
	Popularity
	clients *sim.Keys // client 0 sends most
}

// checkCrowd checks how unequal the clients are, and makes their sampler, which all simulations share.
func (t *Traffic) checkCrowd(c *Check, path string) {
	at := path + ".client_popularity"
	switch {
	case t.Crowd == nil || c.Wrong(at):
	case t.Users > 0:
		c.Warnf(at, "`client_popularity` has no effect with `users`: each sends when it was answered")
	case t.Replay != nil && t.Replay.clients:
		c.Warnf(at, "`client_popularity` has no effect: the file of the replay names the client of each request")
	case t.Clients < 1 || c.Wrong(path+".clients"):
		c.Warnf(at, "`client_popularity` has no effect without `clients`: every request has a client of its own")
	case t.Clients > mostKeys:
		c.Errorf(path+".clients", "with `client_popularity`, `clients` must be at most %s", units.Count(mostKeys))
	default:
		var err error
		if t.Crowd.clients, err = t.Crowd.make(int(t.Clients)); err != nil {
			c.Errorf(at, "%v", err)
		}
	}
}

// sends returns how many times as often as on average a client sends.
func (k *Crowd) sends(client uint64) float64 {
	if k == nil || k.clients == nil {
		return 1
	}
	return k.clients.Probability(client) * float64(k.clients.Len())
}
