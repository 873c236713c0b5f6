package experiments_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"headroom/experiments"
	"headroom/reports"
	"headroom/scenarios"
)

// instancesAt returns how many instances a node had on average in the point of the series that a moment is in.
func instancesAt(r *experiments.Result, node string, second float64) float64 {
	over := r.Series.Nodes[node].Instances
	return float64(over[min(int(second/float64(r.Series.BucketSeconds)), len(over)-1)])
}

// TestInstancesFollowTheRule: with constant times all can be reckoned. 2 instances of one core that are half busy, as they should be, get
// four times the load at 60 s: each look sees all cores busy and wants twice as many, which come 20 s later; the backlog makes them 16. Then it is
// gone, and 30 s after the last that wanted more there are 11, and 8, which is what 3.9 busy cores need. At 180 s the load is as it was.
func TestInstancesFollowTheRule(t *testing.T) {
	r := run(t, `
run: {warmup: 60s, replications: 2}
traffic: {u: {enters: lb, arrivals: constant, stages: [{for: 60s, rate: 100/s}, {for: 2m, rate: 390/s}, {for: 2m, rate: 100/s}]}}
nodes:
  lb: {kind: load-balancer, to: api, algorithm: least-connections}
  api: {kind: server, cores: 1, work: 10ms, price: $1/h, autoscale: {min: 2, max: 50, target: cpu 50%, every: 10s, boot: 20s, cooldown: 30s}}`)
	for _, want := range []struct{ second, instances float64 }{
		{2, 2}, {57, 2}, {87, 2}, {92, 4}, {117, 4}, {122, 8}, {147, 8}, {152, 16}, {167, 16}, {172, 11}, {197, 11}, {202, 8}, {227, 8}, {232, 2}, {297, 2},
	} {
		if got := instancesAt(r, "api", want.second); got != want.instances {
			t.Errorf("at %g s there are %g instances, want %g", want.second, got, want.instances)
		}
	}
	mean := (2*90 + 4*30 + 8*30 + 16*20 + 11*30 + 8*30 + 2*70) / 300.
	paid := mean + (2*20+4*20+8*20)/300.
	s := r.Nodes["api"].Scaled
	near(t, "instances", s.Mean, mean, 1e-6)
	near(t, "paid", s.Paid, paid, 1e-6)
	near(t, "cost", r.Cost.PerMonth, 730*paid, 1e-6)
	if s.Min != 2 || s.Max != 16 || s.Limit != 50 {
		t.Errorf("from %d to %d of at most %d", s.Min, s.Max, s.Limit)
	}
}

// TestTheBeginningOfTheMeasuredTimeHidesNoLoad: a look whose time began in the warm-up sees all of its load; without a cooldown, one that saw
// half of it would take an instance away.
func TestTheBeginningOfTheMeasuredTimeHidesNoLoad(t *testing.T) {
	for _, target := range []string{"cpu 50%", "in-flight 1"} {
		work := map[string]string{"cpu 50%": "work: 10ms", "in-flight 1": "handles: {default: [delay: 20ms]}"}[target]
		r := run(t, `
run: {warmup: 65s, duration: 60s, replications: 1}
traffic: {u: {enters: lb, arrivals: constant, rate: 100/s}}
nodes:
  lb: {kind: load-balancer, to: api}
  api: {kind: server, cores: 1, `+work+`, autoscale: {min: 1, max: 9, target: `+target+`, every: 10s, boot: 0s, cooldown: 0s}}`)
		if s := r.Nodes["api"].Scaled; s.Min != 2 || s.Max != 2 {
			t.Errorf("%s: %d to %d instances, want 2", target, s.Min, s.Max)
		}
	}
}

// TestASteadyLoadHasTheInstancesThatItNeeds: 8 busy cores of 60% need 6.7 instances of two; so many are there from the start of the measured
// time on, whatever there was before. The bottleneck is not who is kept busy but who cannot have more, and an architecture is full when all
// that there may be are.
func TestASteadyLoadHasTheInstancesThatItNeeds(t *testing.T) {
	const text = `
run: {requests: 20k}
traffic: {u: {enters: lb, rate: 100/s}}
nodes:
  lb: {kind: load-balancer, to: api, algorithm: least-connections}
  api: {kind: server, cores: 2, work: exp(80ms), calls: [db], autoscale: {min: 2, max: 30, target: cpu 60%, every: 30s, boot: 30s, cooldown: 2m}}
  db: {kind: database, cores: 100, read: exp(CPU)}`
	of := func(read string) *experiments.Result {
		return run(t, string(bytes.Replace([]byte(text), []byte("CPU"), []byte(read), 1)))
	}
	r := of("200ms")
	s := r.Nodes["api"].Scaled
	if s.Min != 7 || s.Mean > 7.3 { // 8 are kept as long as 10% more than the mean comes, which is 3 standard deviations, once in the cooldown
		t.Errorf("%d to %d instances, %g on average, want 7", s.Min, s.Max, s.Mean)
	}
	near(t, "utilization", r.Nodes["api"].Resources["cpu"].Utilization, 4/float64(s.Mean), .02)
	if b := r.Bottleneck; b.Node != "db" || math.Abs(float64(b.SaturatesAt)-500) > 10 {
		t.Errorf("%s saturates at %g/s, want db at 500/s: api could have 30 instances", b.Node, b.SaturatesAt)
	}
	if b := of("50ms").Bottleneck; b.Node != "api" || math.Abs(float64(b.SaturatesAt)-750) > 15 {
		t.Errorf("%s saturates at %g/s, want api at 750/s, where 30 instances are full", b.Node, b.SaturatesAt)
	}
}

// TestTooMuchForAllInstancesIsSaturation: beyond what as many as there may be can do, queues only grow; short of it, the queue that grew
// while instances started is not taken for that.
func TestTooMuchForAllInstancesIsSaturation(t *testing.T) {
	for _, c := range []struct {
		most      int
		saturated bool
	}{{3, true}, {6, false}} {
		r := run(t, fmt.Sprintf(`
run: {requests: 20k}
traffic: {u: {enters: api, rate: 500/s}}
nodes: {api: {kind: server, cores: 2, work: exp(16ms), autoscale: {min: 1, max: %d, every: 10s, boot: 20s, cooldown: 1m}}}`, c.most))
		if r.Saturated != c.saturated {
			t.Errorf("with up to %d instances of two cores for 8: saturated %v, want %v", c.most, r.Saturated, c.saturated)
		}
	}
}

// TestWorkersFollowTheirQueue: a thousand jobs of a minute at once, a hundred for each worker, are ten workers.
func TestWorkersFollowTheirQueue(t *testing.T) {
	r := run(t, `
run: {warmup: 0s, duration: 40s, replications: 1}
traffic: {u: {enters: jobs, batch: {every: 10s, size: 1k}}}
nodes:
  jobs: {kind: queue, to: hands}
  hands: {kind: worker, concurrency: 1, handles: {default: [delay: 1m]}, autoscale: {min: 1, max: 50, target: queue 100, every: 5s, boot: 1s}}`)
	for _, want := range []struct{ second, instances float64 }{{14, 1}, {16.5, 10}, {24, 10}, {26.5, 20}} {
		if got := instancesAt(r, "hands", want.second); math.Abs(got-want.instances) > 1e-9 {
			t.Errorf("at %g s there are %g workers, want %g", want.second, got, want.instances)
		}
	}
}

// TestInstancesComeWhereTheLoadIs: 90% of the load is in one region, whose clients its instances serve alone. Its 8.6 busy cores of 65% need 14
// instances, and the other's only one 2.
func TestInstancesComeWhereTheLoadIs(t *testing.T) {
	r := run(t, `
run: {requests: 50k}
regions: {rtt: {us: {eu: 80ms}}}
traffic: {u: {enters: lb, rate: 950/s, regions: {us: 90%, eu: 10%}}}
nodes:
  lb: {kind: load-balancer, to: api, algorithm: nearest}
  api: {kind: server, place: {us: 10, eu: 1}, cores: 1, work: exp(10ms), autoscale: {min: 2, max: 40, target: cpu 65%, every: 10s, boot: 10s, cooldown: 1m}}`)
	if s := r.Nodes["api"].Scaled; s.Mean > 17 || s.Mean < 15 || r.Saturated {
		t.Errorf("%g instances on average, %d at most, saturated %v: want 16", s.Mean, s.Max, r.Saturated)
	}
	for region, in := range r.Regions {
		if in.Latency.Mean > .06 {
			t.Errorf("in %s a request takes %g s", region, in.Latency.Mean)
		}
	}
}

// TestDeadInstancesAreReplaced: two of four that die are missed, and two others come for them; when they are back, two are too many.
func TestDeadInstancesAreReplaced(t *testing.T) {
	r := run(t, `
run: {warmup: 60s, duration: 3m, replications: 2}
traffic: {u: {enters: lb, arrivals: constant, rate: 200/s}}
nodes:
  lb: {kind: load-balancer, to: api, algorithm: least-connections, health_check: {every: 1s, fails: 1}}
  api: {kind: server, instances: 4, cores: 1, work: 10ms, autoscale: {min: 2, max: 9, target: cpu 50%, every: 5s, boot: 10s, cooldown: 20s}}
events: [{at: 30s, kill: api, instances: 2, for: 1m}]`)
	for _, want := range []struct{ second, instances float64 }{{29, 4}, {43, 4}, {51, 6}, {89, 6}, {121, 4}, {179, 4}} { // the dead count
		if got := instancesAt(r, "api", want.second); got != want.instances {
			t.Errorf("at %g s there are %g instances, want %g", want.second, got, want.instances)
		}
	}
	for i, at := range r.Series.T {
		if cpu := r.Series.Nodes["api"].CPU[i]; at > 55 && at < 85 && math.Abs(float64(cpu)-2/6.) > .02 {
			t.Errorf("at %g s the cores of 6 instances, of which 2 are dead, are %g busy", at, cpu)
		}
	}
}

// TestAutoscalingIsTheSameOnAnyNumberOfCores: the bytes of the result do not depend on how many replications run at a time.
func TestAutoscalingIsTheSameOnAnyNumberOfCores(t *testing.T) {
	l, err := scenarios.Load("a.yaml", []byte(`
run: {requests: 20k}
traffic: {u: {enters: lb, rate: 400/s}}
nodes:
  lb: {kind: load-balancer, to: api}
  api: {kind: server, cores: 1, work: exp(10ms), autoscale: {max: 12, every: 2s, boot: 3s, cooldown: 10s}}`), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	var first []byte
	for _, parallel := range []int{1, 2} {
		r, err := experiments.Run(context.Background(), l, experiments.Options{Parallel: parallel})
		if err != nil {
			t.Fatal(err)
		}
		r.Run.WallSeconds = 0
		var out bytes.Buffer
		if err := reports.JSON()(&out, r); err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = out.Bytes()
		} else if !bytes.Equal(first, out.Bytes()) {
			t.Error("two at a time give another result than one")
		}
	}
}

// TestAWarmUpThatIsTooShortIsDoubted: who begins with a fiftieth of the instances that a great load needs is told so, and who begins with
// enough is not.
func TestAWarmUpThatIsTooShortIsDoubted(t *testing.T) {
	for _, c := range []struct {
		instances int
		doubted   bool
	}{{1, true}, {60, false}} {
		r := run(t, fmt.Sprintf(`
run: {requests: 2k, replications: 2}
traffic: {u: {enters: lb, rate: 10/s}}
nodes:
  lb: {kind: load-balancer, algorithm: least-connections, to: api}
  api: {kind: server, cores: 1, work: exp(3s), instances: %d, autoscale: {min: 1, max: 60, every: 60s, boot: 30m, cooldown: 1s}}`, c.instances))
		doubted := false
		for _, w := range r.Warnings {
			doubted = doubted || strings.Contains(w, "warm-up")
		}
		if doubted != c.doubted {
			t.Errorf("with %d instances at the start: %q", c.instances, r.Warnings)
		}
	}
}
