package experiments

import (
	"math"
	"slices"

	"headroom/models"
	"headroom/sim"
)

// mostPoints is how many points a series has at most, and mostSamples how many samples are kept for it where nobody knows how long the
// run will be.
const (
	mostPoints  = 100
	mostSamples = 20 * mostPoints
)

// sample is a stretch of the measured time of one replication.
type sample struct {
	from, seconds            float64 // since the measuring began
	offered, goodput, errors int64
	tries, retries           int64         // of calls that are tried again, see models.Attempts
	p50, p99                 float64       // seconds, of the requests that ended ok in it; NaN if none did
	nodes                    []stationArea // by node
	gauges                   []average     // of what tells whether the system has recovered, where there are events
}

// stationArea holds integrals over the stations of a node, in call-seconds: those in service at its cores (or servers), those waiting
// in any of its queues, and the messages that no worker takes. existed is the instance-seconds of the node; hits and lookUps count those of
// its cache.
type stationArea struct{ busy, waiting, kept, existed, hits, lookUps float64 }

// add adds so many times another's.
func (a *stationArea) add(o stationArea, times float64) {
	a.busy += times * o.busy
	a.waiting += times * o.waiting
	a.kept += times * o.kept
	a.existed += times * o.existed
	a.hits += times * o.hits
	a.lookUps += times * o.lookUps
}

// sampler takes the samples of a replication.
type sampler struct {
	b       *models.Builder
	begun   sim.Time
	since   sim.Time
	totals  sim.Totals
	tries   models.Attempts
	areas   []stationArea
	spare   []stationArea  // for the next ones
	seen    []sim.Seen     // of the cells' latencies
	latency *sim.Histogram // of a sample
	gauges  []*gauge
	record  []func(sim.Time, uint64) // takes the latencies of a cell
	samples []sample
}

func newSampler(b *models.Builder, gauges []*gauge) *sampler {
	now := b.Sim.Now()
	k := &sampler{b: b, gauges: gauges, begun: now, since: now, totals: b.Sim.Totals, areas: areas(b, nil),
		seen: make([]sim.Seen, len(b.Sim.Cells())), latency: sim.NewHistogram(sim.Coarse)}
	all := k.latency.RecordN
	for cell := range k.seen {
		if k.record = append(k.record, all); len(gauges) > 0 {
			k.record[cell] = k.recorder(cell)
		}
	}
	return k
}

// take adds what happened since the last sample.
func (k *sampler) take() {
	s := k.b.Sim
	if s.Now() == k.since {
		return
	}
	d := s.Totals.Minus(k.totals)
	p := sample{from: (k.since - k.begun).Seconds(), seconds: (s.Now() - k.since).Seconds(), offered: d.Requests, goodput: d.Ended[sim.OK]}
	for _, n := range d.Ended[1:] {
		p.errors += n
	}
	tries, _ := k.b.Attempts()
	p.tries, p.retries, k.tries = tries.Tries-k.tries.Tries, tries.Retries-k.tries.Retries, tries
	h := k.latency
	h.Reset()
	cells := s.Cells()
	for i := range cells {
		cells[i].Since(&k.seen[i], k.record[i])
	}
	for _, g := range k.gauges {
		p.gauges = append(p.gauges, g.read(cells))
	}
	p.p50, p.p99 = h.Quantile(.5)/1e9, h.Quantile(.99)/1e9
	k.spare = areas(k.b, k.spare)
	now := k.spare
	p.nodes = make([]stationArea, len(now))
	for i := range now {
		p.nodes[i] = now[i]
		p.nodes[i].add(k.areas[i], -1)
	}
	k.since, k.totals, k.areas, k.spare = s.Now(), s.Totals, now, k.areas
	k.samples = append(k.samples, p)
}

// recorder returns what takes the latencies of a cell of which gauges speak.
func (k *sampler) recorder(cell int) func(sim.Time, uint64) {
	of := []*sim.Histogram{k.latency}
	for _, g := range k.gauges {
		if g.latency != nil && slices.Contains(g.cells, cell) {
			of = append(of, g.latency)
		}
	}
	return func(t sim.Time, n uint64) {
		for _, h := range of {
			h.RecordN(t, n)
		}
	}
}

// areas returns the integrals up to now, by node, in the place of others that nobody needs any more, or nil.
func areas(b *models.Builder, all []stationArea) []stationArea {
	if all == nil {
		all = make([]stationArea, len(b.Resources))
	}
	clear(all)
	for i, rs := range b.Resources {
		all[i].existed, _ = b.Existed(i)
		all[i].hits, all[i].lookUps = b.LookUps(uint32(i))
		if depth, taken := b.Depth(i); taken {
			all[i].waiting = depth
		} else {
			all[i].kept = depth
		}
		for k, r := range rs {
			for _, st := range r.Stations {
				stats := st.Stats()
				all[i].waiting += stats.Waiting / 1e9
				if k == 0 {
					all[i].busy += stats.Busy / 1e9
				}
			}
		}
	}
	return all
}

// joined makes one sample of several in a row; its percentiles are the means of theirs.
func joined(part []sample) sample {
	out := sample{from: part[0].from, nodes: make([]stationArea, len(part[0].nodes)), gauges: make([]average, len(part[0].gauges))}
	var p50, p99 average
	for _, p := range part {
		out.seconds += p.seconds
		out.offered, out.goodput, out.errors = out.offered+p.offered, out.goodput+p.goodput, out.errors+p.errors
		out.tries, out.retries = out.tries+p.tries, out.retries+p.retries
		p50.add(p.p50, float64(p.goodput))
		p99.add(p.p99, float64(p.goodput))
		for i, g := range p.gauges {
			out.gauges[i].sum += g.sum
			out.gauges[i].weight += g.weight
		}
		for i, a := range p.nodes {
			out.nodes[i].add(a, 1)
		}
	}
	out.p50, out.p99 = p50.value(), p99.value()
	return out
}

// inPairs joins each two samples.
func inPairs(samples []sample) []sample {
	var pairs []sample
	for part := range slices.Chunk(samples, 2) {
		pairs = append(pairs, joined(part))
	}
	return pairs
}

// average is a weighted mean of the numbers that exist.
type average struct{ sum, weight float64 }

func (a *average) add(x, weight float64) {
	if !math.IsNaN(x) {
		a.sum, a.weight = a.sum+x*weight, a.weight+weight
	}
}

func (a *average) value() float64 { return a.sum / a.weight }

// bucket is a point of the series: the samples of all replications in a stretch of time, added up.
type bucket struct {
	sample
	length float64 // of the stretch, in seconds
}

// bucketsOf joins the replications' samples, which lie on one grid, into the points of the series; a replication that stopped early counts
// as far as it went.
func bucketsOf(reps []*replication) []bucket {
	longest, coarsest := 0, sim.Time(0)
	for _, rep := range reps {
		coarsest = max(coarsest, rep.step)
	}
	for _, rep := range reps {
		for ; rep.step < coarsest; rep.step *= 2 {
			rep.samples = inPairs(rep.samples)
		}
		longest = max(longest, len(rep.samples))
	}
	var buckets []bucket
	every := (longest + mostPoints - 1) / mostPoints
	for at := 0; at < longest; at += every {
		var together []sample
		for _, rep := range reps {
			if at < len(rep.samples) {
				together = append(together, joined(rep.samples[at:min(at+every, len(rep.samples))]))
			}
		}
		buckets = append(buckets, bucket{joined(together), together[0].seconds})
	}
	return buckets
}

// seriesOf averages the replications over time.
func seriesOf(a *models.Architecture, b *models.Builder, buckets []bucket) Series {
	s := Series{Nodes: map[string]NodeSeries{}}
	for at, p := range buckets {
		if at == 0 {
			s.BucketSeconds = Num(p.length)
		}
		s.T = append(s.T, Num(p.from))
		s.Offered = append(s.Offered, Num(float64(p.offered)/p.seconds))
		s.Goodput = append(s.Goodput, Num(float64(p.goodput)/p.seconds))
		s.Errors = append(s.Errors, Num(float64(p.errors)/p.seconds))
		s.P50, s.P99 = append(s.P50, Num(p.p50)), append(s.P99, Num(p.p99))
		for i, rs := range b.Resources {
			if len(rs) == 0 && a.Nodes[i].Value.Kind != "queue" {
				continue
			}
			n := s.Nodes[a.Nodes[i].Key]
			n.CPU = append(n.CPU, Num(p.nodes[i].busy)/capacity(b, i, &p.sample))
			n.Queue = append(n.Queue, Num((p.nodes[i].waiting+p.nodes[i].kept)/p.seconds))
			if _, _, may := b.Numbers(i); may {
				n.Instances = append(n.Instances, Num(p.nodes[i].existed/p.seconds))
			}
			s.Nodes[a.Nodes[i].Key] = n
		}
	}
	return s
}

// capacity is how long the servers of a node's first resource existed in a bucket, in server-seconds; None where they are unlimited, or there
// is none.
func capacity(b *models.Builder, node int, p *sample) Num {
	rs := b.Resources[node]
	if len(rs) == 0 || rs[0].Stations[0].Servers() == sim.Unlimited {
		return None
	}
	return Num(float64(rs[0].Stations[0].Servers()) * existed(b, node, rs[0], p.nodes[node].existed, p.seconds))
}

// roundStep returns the time of one sample: the least of 1, 2 and 5 times a power of ten that gives at most mostPoints of them.
func roundStep(measured sim.Time) sim.Time {
	for step := sim.Time(1); ; step *= 10 {
		for _, k := range []sim.Time{1, 2, 5} {
			if measured/(k*step) < mostPoints || step > measured {
				return k * step
			}
		}
	}
}
