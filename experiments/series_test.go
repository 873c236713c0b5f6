package experiments_test

import (
	"math"
	"strings"
	"testing"

	"headroom/experiments"
)

func withBacklog(text, backlog string) string { return strings.Replace(text, "%", backlog, 1) }

// TestSeriesAddsUpToTheRun: what the points say, weighted by their lengths, is what the result says of the whole.
func TestSeriesAddsUpToTheRun(t *testing.T) {
	r := run(t, `
run: {requests: 20k}
traffic: {u: {enters: s, rate: 75/s}}
nodes: {s: {kind: station, service: exp(10ms), backlog: 20}}`)
	s := r.Series
	n := len(s.T)
	if n < 20 || n > 100 {
		t.Fatalf("%d points", n)
	}
	mean := func(points []experiments.Num) float64 {
		sum := 0.0
		for i, p := range points {
			length := float64(s.BucketSeconds)
			if i == n-1 {
				length = float64(r.Run.SimulatedSeconds - s.T[i])
			}
			sum += float64(p) * length
		}
		return sum / float64(r.Run.SimulatedSeconds)
	}
	servers := r.Nodes["s"].Resources["servers"]
	for _, c := range []struct {
		what      string
		got, want float64
	}{
		{"offered", mean(s.Offered), float64(r.Load.Offered)},
		{"goodput", mean(s.Goodput), float64(r.Load.Goodput)},
		{"errors", mean(s.Errors), float64(r.Load.Completed - r.Load.Goodput)},
		{"utilization", mean(s.Nodes["s"].CPU), float64(servers.Utilization)},
		{"queue", mean(s.Nodes["s"].Queue), float64(servers.Queue.Mean)},
	} {
		if math.Abs(c.got-c.want) > 1e-9*c.want {
			t.Errorf("%s: the points say %g, the whole %g", c.what, c.got, c.want)
		}
	}
	if errors := mean(s.Errors); errors == 0 {
		t.Error("no request was refused: the case shows nothing")
	}
}

// TestStagesSetTheCourse: the run is as long as the stages, after a warm-up at the first one's rate; each point has the rate of its time.
func TestStagesSetTheCourse(t *testing.T) {
	r := run(t, `
run: {replications: 8}
traffic:
  u: {enters: s, stages: [{for: 20s, rate: 1k/s}, {for: 20s, to: 3k/s}, {for: 20s, rate: 500/s}, {for: 20s, to: 4k/s, curve: exponential}]}
nodes: {s: {kind: station, servers: unlimited, service: exp(10ms)}}`)
	if r.Run.SimulatedSeconds != 80 {
		t.Fatalf("simulated %g s, want the 80 s of the stages", r.Run.SimulatedSeconds)
	}
	rate := func(at float64) float64 {
		switch {
		case at < 20:
			return 1000
		case at < 40:
			return 1000 + 100*(at-20)
		case at < 60:
			return 500
		}
		return 500 * math.Pow(8, (at-60)/20)
	}
	for i, at := range r.Series.T {
		length := float64(r.Series.BucketSeconds)
		want := rate(float64(at) + length/2)
		// Poisson: the standard error of a rate counted over 8 replications; five of them, and 1% for the curve within the point.
		if tolerance := 5*math.Sqrt(want/length/8) + 0.01*want; math.Abs(float64(r.Series.Offered[i])-want) > tolerance {
			t.Errorf("at %gs: offered %g/s, want %g/s", at, r.Series.Offered[i], want)
		}
	}
	if want := (1000*20 + 2000*20 + 500*20 + 500*20*7/math.Log(8)) / 80; math.Abs(float64(r.Load.Asked)-want) > 1e-6*want {
		t.Errorf("asked for %g/s, want %g/s", r.Load.Asked, want)
	}
}
