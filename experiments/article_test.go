package experiments_test

import (
	"context"
	"math"
	"testing"

	"headroom/experiments"
	"headroom/scenarios"
)

// builtin simulates a built-in scenario, with a variant unless its name is empty, and with changes of values.
func builtin(t *testing.T, name, variant string, changes ...scenarios.Change) *experiments.Result {
	t.Helper()
	b, ok := scenarios.Lookup(name)
	if !ok {
		t.Fatalf("there is no built-in %s", name)
	}
	l, err := scenarios.Load(name, b.Text, variant, changes)
	if err != nil {
		t.Fatal(err)
	}
	r, err := experiments.Run(context.Background(), l, experiments.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func rate(to string) scenarios.Change { return scenarios.Change{Path: "traffic.users.rate", Value: to} }

func meets(r *experiments.Result) bool {
	for _, t := range r.SLO {
		if !t.Met {
			return false
		}
	}
	return !r.Saturated
}

// about tells whether a figure is within a share of what is wanted.
func about(got experiments.Num, want, within float64) bool {
	return math.Abs(float64(got)-want) <= within*want
}

// TestArticleBeforeScaling: a quiet day is met, and the database gives way first, at 2 cores / 12 ms = 167/s.
func TestArticleBeforeScaling(t *testing.T) {
	t.Parallel()
	quiet, busy, front := builtin(t, "before-scaling", ""), builtin(t, "before-scaling", "busy-day"), builtin(t, "before-scaling", "front-page")
	if !meets(quiet) || meets(busy) || busy.Saturated || !front.Saturated {
		t.Errorf("a quiet day is met: %v; a busy day: %v; the front page is saturated: %v", meets(quiet), meets(busy), front.Saturated)
	}
	for _, r := range []*experiments.Result{quiet, busy, front} {
		if r.Bottleneck.Node != "db" || !about(r.Bottleneck.SaturatesAt, 2/.012, .02) {
			t.Errorf("%s saturates at %g/s, want db at 166.7/s", r.Bottleneck.Node, r.Bottleneck.SaturatesAt)
		}
	}
}

// TestArticleVerticalScaling: capacity grows with the cores and less than they do, as the universal scalability law says, N of them at 9 ms a
// request doing N / (1 + 0.015 (N-1) + 0.0002 N (N-1)) / 9 ms. The money for a request that a full machine serves
// rises with every size.
func TestArticleVerticalScaling(t *testing.T) {
	t.Parallel()
	before, dear := 0.0, 0.0
	for _, c := range []struct {
		variant, rate string
		cores         float64
	}{{"", "150/s", 2}, {"8-cores", "500/s", 8}, {"32-cores", "1.5k/s", 32}, {"128-cores", "1.5k/s", 128}} {
		r := builtin(t, "vertical-scaling", c.variant, rate(c.rate))
		b := r.Bottleneck
		want := c.cores / (1 + .015*(c.cores-1) + .0002*c.cores*(c.cores-1)) / .009
		if !meets(r) || b.Node != "app" || b.Resource != "cpu" || !about(b.SaturatesAt, want, .02) {
			t.Errorf("%g cores at %s: met %v; %s of %s saturates at %g/s, want the app's cpu at %g", c.cores, c.rate, meets(r), b.Resource, b.Node, b.SaturatesAt, want)
		}
		full := float64(r.Cost.PerMonth) / float64(b.SaturatesAt)
		if float64(b.SaturatesAt) < before || full < dear*1.2 {
			t.Errorf("%g cores carry %g/s after %g, and a request per second costs $%g a month after $%g", c.cores, b.SaturatesAt, before, full, dear)
		}
		before, dear = float64(b.SaturatesAt), full
	}
	if r := builtin(t, "vertical-scaling", "", rate("500/s")); !r.Saturated {
		t.Error("2 cores meet 500/s")
	}
}

// TestArticleVerticalScalingIsASinglePointOfFailure: while the only server is dead, nobody is served; before and after that, everybody is.
func TestArticleVerticalScalingIsASinglePointOfFailure(t *testing.T) {
	t.Parallel()
	r := builtin(t, "vertical-scaling", "dies")
	for i, at := range r.Series.T {
		dead := at >= 20 && at < 40
		if served := r.Series.Goodput[i] > 0; served == dead || (r.Series.Errors[i] > 0) != dead {
			t.Errorf("at %g s: %g/s are served, %g/s fail", at, r.Series.Goodput[i], r.Series.Errors[i])
		}
	}
	if got := r.Events[0].RecoveredAfter; got != 20 {
		t.Errorf("all is well again after %g s, want 20 s", got)
	}
	if got := r.Outcomes.Unavailable; !about(experiments.Num(got), 4*20*100, .056) { // 5 standard deviations of 8000 are 5.6%
		t.Errorf("%d requests are unavailable, want those of four times 20 s at 100/s", got)
	}
}

// TestArticleHorizontalScalingHasNoSinglePointOfFailure: when one of four servers dies, a quarter of the requests fails, and only until two
// checks, 5 s apart, have failed: for 5 to 10 s, whatever moment the checks began at.
func TestArticleHorizontalScalingHasNoSinglePointOfFailure(t *testing.T) {
	t.Parallel()
	r := builtin(t, "horizontal-scaling", "one-dies")
	for i, at := range r.Series.T {
		errors := float64(r.Series.Errors[i])
		switch {
		case at < 20 || at >= 30:
			if errors > 0 {
				t.Errorf("at %g s, when the dead server gets nothing, %g/s fail", at, errors)
			}
		case at < 25:
			if math.Abs(errors-300) > 5*math.Sqrt(300/4./float64(r.Series.BucketSeconds))+10 { // those under way when it dies besides
				t.Errorf("at %g s %g/s fail, want a quarter of 1200/s", at, errors)
			}
		}
	}
	if got := r.Outcomes.Unavailable; got < 4*5*300*95/100 || got > 4*10*300*105/100 {
		t.Errorf("%d requests are unavailable, want a quarter of 1200/s for 5 to 10 s, four times", got)
	}
}

// TestArticleHorizontalScaling: capacity grows with every server, until the database gives way.
func TestArticleHorizontalScaling(t *testing.T) {
	t.Parallel()
	four, eight, sixteen := builtin(t, "horizontal-scaling", ""), builtin(t, "horizontal-scaling", "8-servers", rate("3k/s")), builtin(t, "horizontal-scaling", "16-servers", rate("3k/s"))
	if one := builtin(t, "horizontal-scaling", "one-server"); !meets(four) || !one.Saturated {
		t.Errorf("four servers meet the SLO: %v; one is saturated: %v", meets(four), one.Saturated)
	}
	if four.Bottleneck.Node != "api" || !about(four.Bottleneck.SaturatesAt, 16/.0082, .02) {
		t.Errorf("four servers: %s saturates at %g/s, want api at %.0f/s", four.Bottleneck.Node, four.Bottleneck.SaturatesAt, 16/.0082)
	}
	for _, r := range []*experiments.Result{eight, sixteen} {
		if r.Bottleneck.Node != "db" || !about(r.Bottleneck.SaturatesAt, 16/.0046, .02) {
			t.Errorf("%d servers: %s saturates at %g/s, want db at %.0f/s", r.Nodes["api"].Instances, r.Bottleneck.Node, r.Bottleneck.SaturatesAt, 16/.0046)
		}
	}
}

// TestArticleLoadBalancing: for requests that are alike taking turns ties with least connections, for those that differ it loses; a hash
// of the client costs p99; weights carry servers of different sizes, and nothing else does.
func TestArticleLoadBalancing(t *testing.T) {
	t.Parallel()
	of := func(variant string) *experiments.Result { return builtin(t, "load-balancing", variant) }
	turns, least, hash := of(""), of("least-connections"), of("ip-hash")
	if same, sameLeast := of("same-round-robin"), of("same-least-connections"); !about(same.Latency.Mean, float64(sameLeast.Latency.Mean), .02) {
		t.Errorf("alike: round robin takes %g s, least connections %g s", same.Latency.Mean, sameLeast.Latency.Mean)
	}
	if turns.Latency.Mean < 1.2*least.Latency.Mean {
		t.Errorf("different: round robin takes %g s, least connections %g s", turns.Latency.Mean, least.Latency.Mean)
	}
	if hash.Latency.P99 < 1.1*turns.Latency.P99 {
		t.Errorf("the p99 is %g s by ip-hash and %g s by round robin", hash.Latency.P99, turns.Latency.P99)
	}
	if plain, weighted := of("mixed-sizes"), of("mixed-sizes-weighted"); !plain.Saturated || !meets(weighted) {
		t.Errorf("servers of two sizes: saturated without weights: %v, met with them: %v", plain.Saturated, meets(weighted))
	}
}

// TestArticleCaching: the first request takes 200 ms, the second 5 ms; the database's load falls by the hit ratio; each layer answers
// its share of what comes to it.
func TestArticleCaching(t *testing.T) {
	t.Parallel()
	r := builtin(t, "caching", "")
	by := map[string]experiments.Answered{}
	for _, a := range r.Answered {
		by[a.By] = a
	}
	if hit, miss := by["redis"].Latency.P50, by[""].Latency.P50; !about(hit, .005, .05) || !about(miss, .2, .05) {
		t.Errorf("a hit takes %g s, a miss %g s: want 5 ms and 200 ms", hit, miss)
	}
	hits := r.Nodes["redis"].Cache.HitRatio
	if !about(r.Nodes["db"].Throughput, float64(r.Load.Offered)*(1-float64(hits)), .01) || hits < .75 {
		t.Errorf("%g/s are offered, %g of them found, and %g/s come to the database", r.Load.Offered, hits, r.Nodes["db"].Throughput)
	}
	if !meets(r) || r.Bottleneck.Node != "db" {
		t.Errorf("met: %v, bottleneck %s", meets(r), r.Bottleneck.Node)
	}
	if without := builtin(t, "caching", "no-cache"); !without.Saturated || without.Bottleneck.Node != "db" {
		t.Errorf("without a cache: saturated %v, bottleneck %s", without.Saturated, without.Bottleneck.Node)
	}
	layers := map[string]float64{}
	for _, a := range builtin(t, "caching", "layers").Answered {
		layers[a.By] = float64(a.Share)
	}
	redis := float64(hits) * .6 * .4
	for _, c := range []struct {
		by    string
		share float64
	}{{"browser_cache", .4}, {"edge", .6 * .6}, {"redis", redis}, {"", .6*.4 - redis}} {
		if math.Abs(layers[c.by]-c.share) > .005 {
			t.Errorf("%q answers %.3f of the requests, want %.3f", c.by, layers[c.by], c.share)
		}
	}
}

// TestArticleAsync: a mail takes 3 s, a payment 3 to 5, a PDF 10, an image 5 to 15. Who waits for that waits so long; who leaves it to a
// queue has the answer in milliseconds, and the work is done as soon as before. In a burst the answers stay as they are and the backlog
// grows by 40/s less what 80 places do, until it drains at what they do beyond 10/s; without a queue the burst is refused.
func TestArticleAsync(t *testing.T) {
	t.Parallel()
	short := scenarios.Change{Path: "run.requests", Value: "20k"}
	async, synchronous := builtin(t, "async", "", short), builtin(t, "async", "synchronous", short)
	if !meets(async) || meets(synchronous) {
		t.Errorf("with a queue the SLO is met: %v; without: %v", meets(async), meets(synchronous))
	}
	for class, want := range map[string]float64{"signup": 3, "order": 4, "report": 10, "photo": 10} {
		if answer := async.Requests[class].Latency; answer.Mean > .006 || answer.P99 > .03 {
			t.Errorf("%s is answered in %g s, p99 %g s", class, answer.Mean, answer.P99)
		}
		if done := async.Requests[class].Done.Mean; !about(done, want, .03) {
			t.Errorf("%s is done in %g s, want %g", class, done, want)
		}
		if waited := synchronous.Requests[class].Latency.Mean; !about(waited, want, .03) {
			t.Errorf("without a queue %s takes %g s, want %g", class, waited, want)
		}
	}
	burst := builtin(t, "async", "burst")
	if jobs := burst.Nodes["jobs"].Queue; burst.ErrorRate > 0 || !about(burst.Latency.Mean, float64(async.Latency.Mean), .05) || jobs.Delivered+jobs.Dead < jobs.Published*99/100 {
		t.Errorf("in the burst %g fail, the others are answered in %g s, and %+v", burst.ErrorRate, burst.Latency.Mean, *jobs)
	}
	depth := burst.Series.Nodes["jobs"].Queue
	capacity := float64(async.Bottleneck.SaturatesAt)
	at := func(second int) float64 { return float64(depth[second/int(burst.Series.BucketSeconds)]) }
	grows, drains := (at(115)-at(75))/40, (at(240)-at(140))/100
	if math.Abs(grows-(40-capacity)) > 3 || math.Abs(drains-(10-capacity)) > 1 || at(30) > 1 || at(415) > 1 {
		t.Errorf("the backlog grows by %g/s and drains by %g/s, where %g/s can be done: %v", grows, -drains, capacity, depth)
	}
	if refused := builtin(t, "async", "synchronous-burst"); refused.Outcomes.Overloaded == 0 || refused.ErrorRate < .1 {
		t.Errorf("without a queue %g of the burst fail", refused.ErrorRate)
	}
}
