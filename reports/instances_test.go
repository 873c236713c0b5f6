package reports

import (
	"testing"

	"headroom/experiments"
)

// TestInstancesThatChangeAreNamed: who had more or fewer instances says how many, who paid for such as were starting says so, and a function how
// many requests waited for a new one; where their number stayed the same there is nothing to say.
func TestInstancesThatChangeAreNamed(t *testing.T) {
	for _, c := range []struct {
		scaled *experiments.ScaledResult
		cold   *experiments.ColdStartResult
		want   string
	}{
		{nil, nil, ""},
		{&experiments.ScaledResult{Min: 7, Mean: 7, Max: 7, Paid: 7, Limit: 30}, nil, ""},
		{&experiments.ScaledResult{Min: 2, Mean: 6.3, Max: 14, Paid: 6.3}, nil, "api: 2 to 14 instances, 6.3 on average."},
		{&experiments.ScaledResult{Min: 2, Mean: 6.3, Max: 14, Paid: 6.9, Limit: 30}, nil, "api: 2 to 14 instances, 6.3 on average, 6.9 with those that were starting."},
		{&experiments.ScaledResult{Min: 1, Mean: 1, Max: 1, Paid: .2, Limit: 1000}, &experiments.ColdStartResult{Count: 12, Share: .03},
			"api: 1 instance, of which 0.2 did something; 12 cold starts, 3% of the requests."},
	} {
		r := &experiments.Result{Nodes: map[string]experiments.NodeResult{"api": {Scaled: c.scaled, ColdStarts: c.cold}}}
		got := ""
		for _, l := range instances(r, "api") {
			got += l.text.String()
		}
		if got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// TestTheNextQuestionGrowsWhatFollowsTheLoad: at the most instances that there may be, the limit is doubled; below it, what they begin with; of
// a function, its limit.
func TestTheNextQuestionGrowsWhatFollowsTheLoad(t *testing.T) {
	for _, c := range []struct {
		kind, resource string
		scaled         experiments.ScaledResult
		want           string
	}{
		{"server", "cpu", experiments.ScaledResult{Min: 2, Max: 30, Limit: 30}, "--set nodes.api.autoscale.max=60"},
		{"server", "cpu", experiments.ScaledResult{Min: 2, Max: 14, Limit: 30}, "--set nodes.api.instances=14"},
		{"function", "concurrency", experiments.ScaledResult{Min: 2, Max: 50, Limit: 50}, "--set nodes.api.limit=100"},
	} {
		r := &experiments.Result{Nodes: map[string]experiments.NodeResult{"api": {Kind: c.kind, Instances: 9, Scaled: &c.scaled}}}
		r.Bottleneck = experiments.Bottleneck{Node: "api", Resource: c.resource}
		if _, change := doubled(r); change != c.want {
			t.Errorf("%s at %d of %d: %s, want %s", c.kind, c.scaled.Max, c.scaled.Limit, change, c.want)
		}
	}
}
