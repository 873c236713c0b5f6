// Simgo is the M/M/1 queue and the six hops on simgo: a process for each request, as its documentation recommends.
//
//	simgo mm1|six-hops REQUESTS SEED
//
// The models are those of experiments/speed/models, with the latency of every request kept. Prints JSON: the requests, the seconds of
// processor time that they took, and their mean latency in seconds.
package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"syscall"

	"github.com/fschuetz04/simgo"
)

// world is a simulation, with what its processes share.
type world struct {
	*simgo.Simulation
	rand      *rand.Rand
	latencies []float64
}

func (w *world) exponential(mean float64) float64 { return w.rand.ExpFloat64() * mean }

// arrivals starts a process for each of so many requests, which come at random.
func (w *world) arrivals(rate float64, requests int, request func(simgo.Process)) {
	w.Process(func(p simgo.Process) {
		for range requests {
			p.Wait(p.Timeout(w.exponential(1 / rate)))
			p.Process(request)
		}
	})
}

// resource has servers and a queue before them; simgo has none of its own.
type resource struct {
	world   *world
	free    int
	waiting []*simgo.Event
}

func (r *resource) request() *simgo.Event {
	turn := r.world.Event()
	if r.free > 0 {
		r.free--
		turn.Trigger()
	} else {
		r.waiting = append(r.waiting, turn)
	}
	return turn
}

func (r *resource) release() {
	if len(r.waiting) == 0 {
		r.free++
		return
	}
	next := r.waiting[0]
	r.waiting = r.waiting[1:]
	next.Trigger()
}

// serve waits for a server and keeps it for a time.
func (r *resource) serve(p simgo.Process, mean float64) {
	p.Wait(r.request())
	p.Wait(p.Timeout(r.world.exponential(mean)))
	r.release()
}

// mm1 is one server at 75% utilization.
func mm1(w *world, requests int) {
	server := &resource{world: w, free: 1}
	w.arrivals(75, requests, func(p simgo.Process) {
		arrived := p.Now()
		server.serve(p, 0.010)
		w.latencies = append(w.latencies, p.Now()-arrived)
	})
}

// tokenBucket admits rate requests a second, and burst at once.
type tokenBucket struct{ rate, burst, tokens, filled float64 }

func (b *tokenBucket) admits(now float64) bool {
	b.tokens = min(b.burst, b.tokens+(now-b.filled)*b.rate)
	b.filled = now
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}

type server struct {
	cores       *resource
	connections int // requests under way, those that wait for the cache or the database as well
}

// sixHops are CDN, limiter, least-connections over 16 servers, cache, 8 shards; 20k requests/s.
func sixHops(w *world, requests int) {
	limiter := &tokenBucket{rate: 100_000, burst: 100_000, tokens: 100_000}
	servers, shards := make([]*server, 16), make([]*resource, 8)
	for i := range servers {
		servers[i] = &server{cores: &resource{world: w, free: 4}}
	}
	for i := range shards {
		shards[i] = &resource{world: w, free: 8}
	}
	w.arrivals(20_000, requests, func(p simgo.Process) {
		arrived := p.Now()
		p.Wait(p.Timeout(w.exponential(0.005)))
		if w.rand.Float64() >= 0.70 { // not in the CDN
			if !limiter.admits(p.Now()) {
				return
			}
			s := servers[0]
			for _, other := range servers[1:] {
				if other.connections < s.connections {
					s = other
				}
			}
			s.connections++
			s.cores.serve(p, 0.002)
			p.Wait(p.Timeout(w.exponential(0.0005)))
			if w.rand.Float64() >= 0.80 { // not in the cache
				shards[w.rand.IntN(10_000_000)%len(shards)].serve(p, 0.004)
			}
			s.connections--
		}
		w.latencies = append(w.latencies, p.Now()-arrived)
	})
}

// processor is the processor time so far, in seconds.
func processor() float64 {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		fail(err)
	}
	return float64(used.Utime.Nano()+used.Stime.Nano()) / 1e9
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "simgo:", err)
	os.Exit(1)
}

func main() {
	models := map[string]func(*world, int){"mm1": mm1, "six-hops": sixHops}
	if len(os.Args) != 4 || models[os.Args[1]] == nil {
		fail(fmt.Errorf("usage: simgo mm1|six-hops REQUESTS SEED"))
	}
	requests, err := strconv.Atoi(os.Args[2])
	if err != nil {
		fail(err)
	}
	seed, err := strconv.ParseUint(os.Args[3], 10, 64)
	if err != nil {
		fail(err)
	}
	begun := processor()
	w := &world{Simulation: simgo.NewSimulation(), rand: rand.New(rand.NewPCG(seed, 0))}
	models[os.Args[1]](w, requests)
	for w.Step() {
	}
	sum := 0.0
	for _, l := range w.latencies {
		sum += l
	}
	err = json.NewEncoder(os.Stdout).Encode(map[string]any{
		"version": "simgo " + version() + " on " + runtime.Version(), "requests": len(w.latencies), "processor": processor() - begun, "mean": sum / float64(len(w.latencies)),
	})
	if err != nil {
		fail(err)
	}
}

// version is that of simgo, by what the program was built of.
func version() string {
	if built, ok := debug.ReadBuildInfo(); ok {
		for _, of := range built.Deps {
			if of.Path == "github.com/fschuetz04/simgo" {
				return of.Version
			}
		}
	}
	return "unknown"
}
