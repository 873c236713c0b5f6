package experiments

import (
	"sync"
	"time"

	"headroom/models"
	"headroom/sim"
)

// A Snapshot is what a run that goes on has measured so far, all its replications together.
type Snapshot struct {
	Share        Num // of the replications that is done
	Replications int // how many there will be
	Seconds      Num // measured so far, in the replications one after another
	SoFar        Figures
	Lately       Figures // since the snapshot before
	Nodes        []NodeSnapshot
}

// Figures are what requests saw in some time.
type Figures struct {
	Offered, Goodput   Num // per second
	ErrorRate          Num // of the requests that ended
	P50, P90, P99, Max Num // of the requests that ended ok; None where none did
}

// NodeSnapshot is a node while the run goes on.
type NodeSnapshot struct {
	Name        string
	Resource    string // the one that was busiest so far; empty: none has an end
	Utilization Num    // of it so far, None where there is none
	Lately      Num    // since the snapshot before
	Waiting     Num    // for any of its resources at this moment, averaged over the replications that run; of a queue, messages
}

// oftenest is how long there is between two snapshots at least.
const oftenest = 100 * time.Millisecond

// live makes snapshots of replications that run side by side. It only reads what they are, so that they go on as if nobody looked.
type live struct {
	tell   func(Snapshot)
	a      *models.Architecture
	mutex  sync.Mutex
	told   time.Time
	shares []float64
	parts  []*livePart // by replication: those that measure
	soFar  *sums
	lately *sums
}

func newLive(tell func(Snapshot), a *models.Architecture, replications int) *live {
	return &live{tell: tell, a: a, shares: make([]float64, replications), parts: make([]*livePart, replications)}
}

// livePart is where a replication was when it was last looked at.
type livePart struct {
	looked  time.Time
	now     sim.Time
	totals  sim.Totals
	seen    []sim.Seen
	busy    [][]float64 // server-seconds in service, by node and resource
	there   []float64   // instance-seconds by node
	waiting []int64     // by node
}

// sums are what the replications did, all together.
type sums struct {
	seconds        float64
	offered, ok    int64
	failed         int64
	latency        *sim.Histogram
	busy, capacity [][]float64 // server-seconds by node and resource
}

func newSums(b *models.Builder) *sums {
	t := &sums{latency: sim.NewHistogram(sim.Coarse), busy: make([][]float64, len(b.Resources)), capacity: make([][]float64, len(b.Resources))}
	for i, rs := range b.Resources {
		t.busy[i], t.capacity[i] = make([]float64, len(rs)), make([]float64, len(rs))
	}
	return t
}

// at takes how far a replication is. All of them call it, each in its own goroutine.
func (v *live) at(replication int, share float64, b *models.Builder, measuring bool) {
	v.mutex.Lock()
	defer v.mutex.Unlock()
	v.shares[replication] = share
	now := time.Now()
	part := v.parts[replication]
	switch {
	case !measuring:
		v.parts[replication] = nil // it is over, or has not begun
	case part == nil:
		if v.soFar == nil {
			v.soFar, v.lately = newSums(b), newSums(b)
		}
		part = &livePart{seen: make([]sim.Seen, len(b.Sim.Cells())), there: make([]float64, len(b.Resources)), waiting: make([]int64, len(b.Resources))}
		for _, rs := range b.Resources {
			part.busy = append(part.busy, make([]float64, len(rs)))
		}
		part.look(b, now)
		v.parts[replication] = part
	case now.Sub(part.looked) >= oftenest:
		part.look(b, now, v.soFar, v.lately)
	}
	if now.Sub(v.told) >= oftenest {
		v.told = now
		v.tell(v.snapshot(b))
	}
}

// look adds what a replication did since the last look to some sums.
func (p *livePart) look(b *models.Builder, now time.Time, to ...*sums) {
	s := b.Sim
	d, seconds := s.Totals.Minus(p.totals), (s.Now() - p.now).Seconds()
	p.looked, p.now, p.totals = now, s.Now(), s.Totals
	for _, t := range to {
		t.seconds += seconds
		t.offered, t.ok = t.offered+d.Requests, t.ok+d.Ended[sim.OK]
		for _, n := range d.Ended[1:] {
			t.failed += n
		}
	}
	cells := s.Cells()
	for i := range cells {
		cells[i].Since(&p.seen[i], func(d sim.Time, n uint64) {
			for _, t := range to {
				t.latency.RecordN(d, n)
			}
		})
	}
	for i, rs := range b.Resources {
		there := b.ExistedSoFar(i)
		for k, r := range rs {
			busy := 0.0
			for _, st := range r.Spoken() {
				sum, _ := st.Sums()
				busy += sum / 1e9
			}
			for _, t := range to {
				t.busy[i][k] += busy - p.busy[i][k]
				t.capacity[i][k] += float64(r.Stations[0].Servers()) * existed(b, i, r, there-p.there[i], seconds)
			}
			p.busy[i][k] = busy
		}
		p.there[i], p.waiting[i] = there, b.WaitingNow(i)
	}
}

func (v *live) snapshot(b *models.Builder) Snapshot {
	s := Snapshot{Replications: len(v.shares)}
	for _, share := range v.shares {
		s.Share += Num(share / float64(len(v.shares)))
	}
	if v.soFar == nil || v.soFar.seconds == 0 {
		return s
	}
	s.Seconds, s.SoFar, s.Lately = Num(v.soFar.seconds), v.soFar.figures(), v.lately.figures()
	for i, n := range v.a.Nodes {
		s.Nodes = append(s.Nodes, v.node(b, i, n.Key))
	}
	v.lately = newSums(b)
	return s
}

func (t *sums) figures() Figures {
	in := func(ns float64) Num { return Num(ns / 1e9) }
	h := t.latency
	return Figures{
		Offered: Num(float64(t.offered) / t.seconds), Goodput: Num(float64(t.ok) / t.seconds), ErrorRate: Num(float64(t.failed) / float64(t.ok+t.failed)),
		P50: in(h.Quantile(.5)), P90: in(h.Quantile(.9)), P99: in(h.Quantile(.99)), Max: in(h.Max()),
	}
}

func (v *live) node(b *models.Builder, i int, name string) NodeSnapshot {
	n := NodeSnapshot{Name: name, Utilization: None, Lately: None}
	for k, r := range b.Resources[i] {
		if r.Stations[0].Servers() == sim.Unlimited {
			continue
		}
		if u := Num(v.soFar.busy[i][k] / v.soFar.capacity[i][k]); u.Known() && (!n.Utilization.Known() || u > n.Utilization) {
			n.Resource, n.Utilization, n.Lately = r.Name, min(u, 1), min(Num(v.lately.busy[i][k]/v.lately.capacity[i][k]), 1)
		}
	}
	running := 0
	for _, p := range v.parts {
		if p != nil {
			n.Waiting += Num(p.waiting[i])
			running++
		}
	}
	n.Waiting /= Num(running)
	return n
}
