package models

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"headroom/sim"
)

// TestSmoothRoundRobinInterleaves: weights 5, 1, 1 give nginx's order, not five in a row; the replayed period is the same.
func TestSmoothRoundRobinInterleaves(t *testing.T) {
	p := newSmoothRoundRobin([]float64{5, 1, 1})
	var got []int
	for range 14 {
		got = append(got, p.pick(nil))
	}
	if want := []int{0, 0, 1, 0, 2, 0, 0, 0, 0, 1, 0, 2, 0, 0}; !slices.Equal(got, want) {
		t.Errorf("order %v, want %v", got, want)
	}
}

// TestWeightedSharesFollowTheWeights: over a period each target is picked as often as its weight says, whole weights or not.
func TestWeightedSharesFollowTheWeights(t *testing.T) {
	for _, weights := range [][]float64{{3, 1}, {2.5, 0.5, 1}} {
		p := newSmoothRoundRobin(weights)
		n := make([]float64, len(weights))
		sum := 0.0
		for i := range weights {
			sum += weights[i]
		}
		const periods = 100
		for range int(2 * sum * periods) {
			n[p.pick(nil)]++
		}
		for i, w := range weights {
			if n[i] != 2*w*periods {
				t.Errorf("weights %v: target %d is picked %g times, want %g", weights, i, n[i], 2*w*periods)
			}
		}
	}
}

// TestLeastConnectionsPicksTheLeast: whatever was picked and answered before, no target has fewer calls under way for its weight.
func TestLeastConnectionsPicksTheLeast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weights := rapid.SliceOfN(rapid.SampledFrom([]float64{1, 2, 4}), 1, 12).Draw(t, "weights")
		p := newLeastConnections(weights)
		c := &sim.Call{Rand: sim.NewRand(rapid.Uint64().Draw(t, "seed"))}
		under := make([]int, len(weights))
		var sent []int
		for range rapid.IntRange(1, 200).Draw(t, "steps") {
			if len(sent) > 0 && rapid.Bool().Draw(t, "answer") {
				k := rapid.IntRange(0, len(sent)-1).Draw(t, "which")
				p.answered(sent[k], 1, true)
				under[sent[k]]--
				sent = slices.Delete(sent, k, k+1)
				continue
			}
			got := p.pick(c)
			for i := range under {
				if float64(under[i])/weights[i] < float64(under[got])/weights[got]-1e-12 {
					t.Fatalf("picked %d with %d calls under way at weight %g, but %d has %d at %g", got, under[got], weights[got], i, under[i], weights[i])
				}
			}
			under[got]++
			sent = append(sent, got)
		}
	})
}

// TestTiesAreBrokenAtRandom: among idle targets of a least-connections balancer each is as likely as another, of whatever weight.
func TestTiesAreBrokenAtRandom(t *testing.T) {
	const n = 40_000
	p := newLeastConnections([]float64{1, 1, 4, 1})
	c := &sim.Call{Rand: sim.NewRand(7)}
	count := make([]int, 4)
	for range n {
		i := p.pick(c)
		count[i]++
		p.answered(i, 1, true)
	}
	for i, k := range count { // binomial(n, 1/4): 5 standard errors of 86.6
		if k < n/4-433 || k > n/4+433 {
			t.Errorf("target %d of four idle ones is picked %d times of %d", i, k, n)
		}
	}
}

// TestPowerOfTwoComparesDifferentTargets: of two targets with both drawn, the busier one is never picked.
func TestPowerOfTwoComparesDifferentTargets(t *testing.T) {
	p := newPowerOfChoices(2, 2)
	c := &sim.Call{Rand: sim.NewRand(3)}
	for range 1000 {
		p.under = []int32{1, 0}
		if i := p.pick(c); i != 1 {
			t.Fatal("the busier of two targets was picked: they were drawn with replacement")
		}
	}
}

// TestLeastTimeAvoidsTheSlow: after each has answered, the target that takes ten times as long gets about a tenth of the calls under way.
func TestLeastTimeAvoidsTheSlow(t *testing.T) {
	p := newLeastTime(3)
	var tried []int
	for range 3 {
		tried = append(tried, p.pick(nil))
	}
	slices.Sort(tried)
	if !slices.Equal(tried, []int{0, 1, 2}) {
		t.Fatalf("the first three calls go to %v, want one to each", tried)
	}
	for i, took := range []sim.Time{10, 100, 10} {
		p.answered(i, took, true)
	}
	for range 21 {
		p.pick(nil)
	}
	if got := fmt.Sprint(p.under); got != "[10 1 10]" {
		t.Errorf("21 calls are spread as %s, want [10 1 10]", got)
	}
}
