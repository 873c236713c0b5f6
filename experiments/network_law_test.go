package experiments_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"headroom/experiments"
	"headroom/scenarios"
)

// worldwide has every kind of way: clients and nodes in two regions, interfaces, shards and replicas, a queue, edges, and clients that keep
// what they got. Each request and each answer carries bytes.
const worldwide = `
run: {requests: 40k, replications: 2, warmup: 20s}
regions: {rtt: {us: {eu: 80ms}}, last_mile: exp(8ms), local_rtt: 2ms}
data: {items: {keys: 10k, popularity: zipf(1), size: 1KB}}
requests: {get: {data: items, request: 500B, response: 10KB}, put: {data: items, write: true, request: 2KB, response: 100B}}
traffic: {people: {enters: cdn, rate: 400/s, mix: {get: 90%, put: 10%}, clients: 1k, browser_cache: {entries: 2}, regions: {us: 50%, eu: 50%}}}
nodes:
  cdn: {kind: cdn, entries: 300, ttl: 30s, bandwidth: 1Gbps, origin: lb}
  lb: {kind: load-balancer, algorithm: nearest, to: api}
  api: {kind: server, place: {us: 2, eu: 2}, cores: 4, bandwidth: 40Mbps, handles: {default: [cpu: exp(2ms), read: redis], put: [write: db, publish: mails]}}
  redis: {kind: cache, place: {us: 1, eu: 1}, entries: 200, get: exp(100us), bandwidth: 100Mbps, origin: db}
  db: {kind: database, region: us, shards: 3, replicas: 1, read_from: any, cores: 2, bandwidth: 40Mbps, read: exp(2ms), write: exp(3ms)}
  mails: {kind: queue, region: us, to: mailers}
  mailers: {kind: worker, region: eu, instances: 2, concurrency: 4, bandwidth: 10Mbps, work: exp(5ms)}`

// TestLittlesLawWithANetwork: at each node the number of visits is their rate times how long they last, and before each interface the
// number of transfers that wait is their rate times how long they wait (Little, 1961). It holds for any run but for those who are there when
// the measured time begins or ends: no more than the most that ever were there, each for no longer than the longest.
func TestLittlesLawWithANetwork(t *testing.T) {
	t.Parallel()
	r := run(t, worldwide)
	seconds := float64(r.Run.SimulatedSeconds)
	transfers := map[string]float64{} // each way, since each call brings a request and an answer
	for _, e := range r.Edges {
		transfers[e.From] += float64(e.Rate)
		transfers[e.To] += float64(e.Rate)
	}
	interfaces := 0
	for name, n := range r.Nodes {
		if len(n.Errors) > 0 || n.Throughput == 0 {
			t.Fatalf("%s: %v/s, errors %v", name, n.Throughput, n.Errors)
		}
		edges := 2 * float64(n.InSystem.Max) * float64(n.Latency.Max) / seconds
		near(t, "visits at "+name, n.InSystem.Mean, float64(n.Throughput*n.Latency.Mean), edges)
		nic, has := n.Resources["network"]
		if !has || n.Kind == "worker" { // what is delivered to workers is on no edge
			continue
		}
		interfaces++
		instances := float64(n.Instances)
		edges = 2 * instances * float64(nic.Queue.Max*nic.Queue.Max) * slowest(nic) / seconds
		near(t, "transfers that wait at "+name, nic.Queue.Mean, transfers[name]*float64(nic.Wait.Mean), edges)
	}
	if interfaces < 4 {
		t.Errorf("%d interfaces are held to the law", interfaces)
	}
}

// slowest is how long the largest transfer of worldwide takes, of 10 KB.
func slowest(nic experiments.Resource) float64 { return 8 * 10e3 / float64(nic.Capacity) }

// TestLittlesLawByRegion: users in a region are thinking or waiting, so that their number is the rate of their answers times the time from
// one answer to the next (Little's law, as the law of interactive response time; Denning and Buzen, 1978). Numbered users are
// spread evenly, to one. Each may have begun what is not counted, or be counted with what began before.
func TestLittlesLawByRegion(t *testing.T) {
	t.Parallel()
	const users, think, seconds = 100, 0.5, 200.
	r := run(t, `
run: {duration: 200s, replications: 2}
regions: {rtt: {us: {eu: 80ms, asia: 170ms}, eu: {asia: exp(210ms)}}, last_mile: 8ms}
requests: {get: {request: 1KB, response: 50KB}}
traffic: {people: {enters: api, users: 100, think: 500ms, regions: {us: 50%, eu: 30%, asia: 20%}}}
nodes: {api: {kind: server, region: us, cores: 2, bandwidth: 100Mbps, work: exp(5ms)}}`)
	for region, share := range map[string]float64{"us": .5, "eu": .3, "asia": .2} {
		l := r.Regions[region].Latency
		n := float64(l.Count) / (seconds * float64(r.Run.Replications)) * (float64(l.Mean) + think)
		near(t, "users in "+region, Num(n), users*share, users*share*2*(float64(l.Max)+think)/seconds)
	}
}

// TestSameBytesWithNetworkShardsAndEvents: one and two replications at a time give the same result, to the last byte.
func TestSameBytesWithNetworkShardsAndEvents(t *testing.T) {
	t.Parallel()
	text := strings.Replace(worldwide, "requests: 40k, replications: 2", "duration: 20s, replications: 3", 1) + `
events:
  - {at: 3s, kill: db/1, for: 2s}
  - {at: 6s, kill: api, instances: 3, for: 3s}
  - {at: 12s, resize: redis, instances: 1, for: 3s}`
	text = strings.Replace(text, "place: {us: 1, eu: 1}, entries: 200", "region: us, instances: 2, entries: 200", 1)
	var first string
	for _, parallel := range []int{1, 2} {
		l, err := scenarios.Load("worldwide.yaml", []byte(text), "", nil)
		if err != nil {
			t.Fatal(err)
		}
		r, err := experiments.Run(t.Context(), l, experiments.Options{Parallel: parallel})
		if err != nil {
			t.Fatal(err)
		}
		if r.Outcomes.Unavailable == 0 {
			t.Fatal("the events strike nobody")
		}
		r.Run.WallSeconds = 0
		b, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if first == "" {
			first = string(b)
		} else if first != string(b) {
			t.Errorf("%d at a time give another result than one", parallel)
		}
	}
}

// TestStationsPassOnOverTheNetwork: who is passed on travels from station to station, and the answer comes straight from the last one. A
// client in us goes half of its last mile to till, across the ocean to desk, and has the answer from there: the other half of the last mile
// and of the ocean. The interfaces take 1 ms for the 1 KB of a request, into till, out of it and into desk, and 10 ms for the answer out of desk.
func TestStationsPassOnOverTheNetwork(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		bandwidth string
		want      float64
	}{
		{"", .004 + .002 + .040 + .003 + .044},
		{", bandwidth: 8Mbps", .004 + .001 + .002 + .001 + .040 + .001 + .003 + .010 + .044},
	} {
		r := run(t, fmt.Sprintf(`
run: {requests: 500, replications: 2}
regions: {rtt: {us: {eu: 80ms}}, last_mile: 8ms}
requests: {ask: {request: 1KB, response: 10KB}}
traffic: {people: {enters: till, rate: 1/s, arrivals: constant, regions: {us: 100%%}}}
nodes:
  till: {kind: station, region: us, service: 2ms, next: {desk: 100%%}%s}
  desk: {kind: station, region: eu, service: 3ms%s}`, c.bandwidth, c.bandwidth))
		if l := r.Latency; math.Abs(float64(l.Min)-c.want) > 1e-9 || math.Abs(float64(l.Max)-c.want) > 1e-9 {
			t.Errorf("interfaces %q: from %v to %v s, want %v", c.bandwidth, l.Min, l.Max, c.want)
		}
	}
}
