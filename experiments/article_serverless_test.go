package experiments_test

import (
	"math"
	"testing"

	"headroom/scenarios"
)

// TestArticleServerless: functions follow a spike with a few cold starts, for a quarter of what servers cost that carry it, and for less than
// servers that follow it, for which most of the spike waits. A load that is always there costs about twice as much on functions. The prices are
// $0.20 for a million requests and $0.0000166667 for 1.769 GB in each of their 80 ms, against $0.08 an hour.
func TestArticleServerless(t *testing.T) {
	t.Parallel()
	functions, servers, autoscaled := builtin(t, "serverless", ""), builtin(t, "serverless", "servers"), builtin(t, "serverless", "autoscaled")
	if !meets(functions) || !meets(servers) || meets(autoscaled) {
		t.Errorf("the spike is met by functions: %v, by enough servers: %v, by servers that follow it: %v", meets(functions), meets(servers), meets(autoscaled))
	}
	cold := functions.Nodes["api"].ColdStarts
	if cold.Share > .003 || cold.Count < 4*10 {
		t.Errorf("%d cold starts are %g of the requests: want some in each spike, and few", cold.Count, cold.Share)
	}
	request := .2e-6 + .08*1.769*.0000166667
	if got := float64(functions.Cost.PerMonth) / float64(functions.Load.Completed) / 3600 / 730; math.Abs(got/request-1) > .03 { // the cold starts are paid for as well
		t.Errorf("a request costs $%g, want $%g", got, request)
	}
	if f, s, a := functions.Cost.PerMonth, servers.Cost.PerMonth, autoscaled.Cost.PerMonth; f > .3*s || a < 1.2*f || a > .5*s {
		t.Errorf("a spike costs $%g on functions, $%g on servers, $%g on servers that follow it", f, s, a)
	}
	if waits := autoscaled.Nodes["api"].Resources["cpu"].PWait; waits < .5 {
		t.Errorf("%g of the requests wait for servers that follow the load", waits)
	}
	steady, onServers := builtin(t, "serverless", "steady"), builtin(t, "serverless", "steady-servers")
	if ratio := float64(steady.Cost.PerMonth / onServers.Cost.PerMonth); !meets(steady) || !meets(onServers) || math.Abs(ratio-1.9) > .1 {
		t.Errorf("a steady load is met: %v and %v; it costs %g times as much on functions as on servers", meets(steady), meets(onServers), ratio)
	}
}

// TestArticleServerlessIsColdWhenRare: of requests that come three times an hour a share exp(−10/20) finds no instance after 10 minutes; at the
// limit of an account requests are refused, and instances that are gone sooner are missed more often.
func TestArticleServerlessIsColdWhenRare(t *testing.T) {
	t.Parallel()
	rare := builtin(t, "serverless", "rare")
	want := math.Exp(-.5)
	near(t, "cold starts", rare.Nodes["api"].ColdStarts.Share, want, 5*math.Sqrt(want*(1-want)/float64(rare.Run.Requests)))
	if rare.Latency.Mean < .3 || meets(rare) {
		t.Errorf("who comes rarely waits %g s on average, and the SLO is met: %v", rare.Latency.Mean, meets(rare))
	}
	if limited := builtin(t, "serverless", "", scenarios.Change{Path: "nodes.api.limit", Value: "10"}); limited.Outcomes.Overloaded == 0 || limited.Bottleneck.Class != "limit" {
		t.Errorf("at a limit of 10 %d requests are refused, and the bottleneck is a %s", limited.Outcomes.Overloaded, limited.Bottleneck.Class)
	}
	if s := rare.Bottleneck.SaturatesAt; math.Abs(float64(s)-12500) > 250 {
		t.Errorf("it is full at %g/s, want 1000 instances at 80 ms, 12500/s: next to none is cold then", s)
	}
	short := builtin(t, "serverless", "", scenarios.Change{Path: "nodes.api.keep_alive", Value: "5s"})
	if usual := builtin(t, "serverless", ""); short.Nodes["api"].ColdStarts.Count < 5*usual.Nodes["api"].ColdStarts.Count {
		t.Errorf("%d cold starts where instances live for 5 s, %d where for 10 m", short.Nodes["api"].ColdStarts.Count, usual.Nodes["api"].ColdStarts.Count)
	}
}
