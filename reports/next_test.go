package reports

import (
	"testing"

	"headroom/experiments"
)

func TestNextCommand(t *testing.T) {
	change := func(r *experiments.Result, how func(*experiments.Result)) *experiments.Result {
		how(r)
		return r
	}
	for _, c := range []struct {
		what, want string
		r          *experiments.Result
	}{
		{"a higher load where there is room", "headroom simulate bookshop.yaml --rate 11.5k/s", bookshop()},
		{"more instances where there are several", "headroom simulate bookshop.yaml --rate 10k --set nodes.api.instances=32", missed()},
		{"more cores of a database", "headroom simulate bookshop.yaml --rate 15k --set nodes.db.cores=32", saturated()},
		{"the whole run after a part of it", "headroom simulate mm1.yaml", partial()},
		{"ten times the load where nothing has a limit", "headroom simulate mm1.yaml --rate 800/s", unlimited()},
		{"no rate for closed users", `headroom simulate 'my files/mm1.yaml' --set "traffic.users.users=500" --set nodes.desk.cores=4`, closedLoop()},
		{"nothing where nothing helps", "", nothing()},
		{"a lower load for what others run", "headroom simulate bookshop.yaml --rate 5k/s", change(missed(), func(r *experiments.Result) {
			r.Bottleneck = experiments.Bottleneck{Node: "api", Resource: "limit", Class: "external", SaturatesAt: 9_000}
		})},
		{"a load that leaves room where nothing can be doubled", "headroom simulate bookshop.yaml --rate 2.8k/s", change(missed(), func(r *experiments.Result) {
			r.Bottleneck = experiments.Bottleneck{Node: "api", Resource: "locks.stock", Class: "limit", SaturatesAt: 4_000}
		})},
		{"a higher load where the next one would refuse", "headroom simulate bookshop.yaml --rate 20k/s", change(bookshop(), func(r *experiments.Result) {
			r.Bottleneck = experiments.Bottleneck{Node: "api", Resource: "limit", Class: "limit", SaturatesAt: 10_100}
		})},
		{"more memory where reads wait for the disk", "headroom simulate bookshop.yaml --rate 10k --set nodes.db.memory=16GB", change(missed(), func(r *experiments.Result) {
			r.Nodes["db"].Resources["memory"] = experiments.Resource{Capacity: 8e9, Utilization: 1}
			r.Bottleneck = experiments.Bottleneck{Node: "db", Resource: "disk", Class: "database"}
		})},
		{"more memory where a server is full", "headroom simulate bookshop.yaml --rate 10k --set nodes.api.memory=4GB", change(missed(), func(r *experiments.Result) {
			r.Nodes["api"].Resources["memory"] = experiments.Resource{Capacity: 32e9, Utilization: 1}
			r.Bottleneck = experiments.Bottleneck{Node: "api", Resource: "memory", Class: "memory"}
		})},
		{"more bandwidth of each instance", "headroom simulate bookshop.yaml --rate 10k --set nodes.api.bandwidth=2Gbps", change(missed(), func(r *experiments.Result) {
			r.Nodes["api"].Resources["network"] = experiments.Resource{Capacity: 16e9, Utilization: .97}
			r.Bottleneck = experiments.Bottleneck{Node: "api", Resource: "network", Class: "network"}
		})},
		{"more cores where a place counts the instances", "headroom simulate bookshop.yaml --rate 10k --set nodes.api.cores=8", change(missed(), func(r *experiments.Result) {
			r.Regions = map[string]experiments.RegionResult{"us": {}}
		})},
		{"a pool", "headroom simulate bookshop.yaml --rate 10k --set nodes.api.pools.db=40", change(missed(), func(r *experiments.Result) {
			r.Bottleneck.Resource, r.Bottleneck.Class = "pools.db", "pool"
		})},
		{"a file that needs quotes", `headroom simulate 'it'\''s mine.yaml' --rate 11.5k/s`, change(bookshop(), func(r *experiments.Result) {
			r.Command, r.Scenario.File = "", "it's mine.yaml"
		})},
	} {
		got := ""
		for _, b := range next(c.r) {
			got = b.lines[0].text.String()
		}
		if got != c.want {
			t.Errorf("%s: the next command is %q and should be %q", c.what, got, c.want)
		}
	}
}

func TestBarIsFullOnlyWhenTheShareIs(t *testing.T) {
	for share, want := range map[num]string{0: "▁▁▁▁", .001: "▇▁▁▁", .5: "▇▇▁▁", .99: "▇▇▇▁", 1: "▇▇▇▇", 1.3: "▇▇▇▇", experiments.None: ""} {
		if got := bar(share, 4); got != want {
			t.Errorf("%v is drawn as %s and should be %s", share, got, want)
		}
	}
}
