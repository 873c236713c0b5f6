package experiments

import (
	"context"
	"math"
	"slices"
	"testing"

	"headroom/scenarios"
)

// TestStagesArePowersOfTen: from where the road begins to its target.
func TestStagesArePowersOfTen(t *testing.T) {
	for _, k := range []struct {
		from, to float64
		want     []float64
	}{
		{1, 1000, []float64{1, 10, 100, 1000}}, {50, 2e4, []float64{50, 100, 1000, 1e4, 2e4}}, {1000, 1e4, []float64{1000, 1e4}}, {.5, 1, []float64{.5, 1}}, {30, 40, []float64{30, 40}},
	} {
		got := stages(k.from, k.to)
		if !slices.EqualFunc(got, k.want, func(x, y float64) bool { return math.Abs(x-y) < 1e-9*y }) {
			t.Errorf("from %v to %v: %v, want %v", k.from, k.to, got, k.want)
		}
	}
	for rate, want := range map[float64]float64{386.7: 380, 1: 1, 99.99: 99, .1234: .12, 0: 0, math.Inf(1): 0} {
		if got := twoDigits(rate); math.Abs(got-want) > 1e-9 {
			t.Errorf("%v with two digits is %v, want %v", rate, got, want)
		}
	}
}

// TestChanceIsNoHotShard: 400 equal shards have 12.5% of their cores busy at 10k/s, and 62.5% at five times that, however uneven they are in a short run. A
// key that a fifth of the reads ask for has its shard 30% busy at 300/s, and overfull at five times that.
func TestChanceIsNoHotShard(t *testing.T) {
	const equal = `
traffic: {users: {enters: db, rate: 10k/s}}
nodes: {db: {kind: database, cores: 2, shards: 400, read: exp(10ms)}}
`
	const hot = `
data: {items: {keys: 5, popularity: uniform}}
requests: {read: {data: items}}
` + equal
	for text, want := range map[string]func(demand float64) bool{
		equal: func(demand float64) bool { return math.Abs(demand-.625) < .02 }, // 100k queries: the mean is known within 1%
		hot:   func(demand float64) bool { return demand > 1.3 },
	} {
		l, err := scenarios.Load("shards.yaml", []byte(text), "", nil)
		if err != nil {
			t.Fatal(err)
		}
		r := &road{ctx: context.Background(), g: &Growth{}, rate: 300}
		if text == equal {
			r.rate = 10_000
		}
		s, err := r.foresee(l, 5*r.rate)
		if err != nil {
			t.Fatal(err)
		}
		if len(s.needs) != 1 || !want(s.needs[0].demand) || s.of.Node != "db" {
			t.Errorf("%sneeds %v of %v", text, s.needs, s.of.Node)
		}
	}
}
