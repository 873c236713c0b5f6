package models

import (
	"math"
	"testing"

	"headroom/internal/strict"
	"headroom/internal/units"
	"headroom/sim"
)

// newRinged makes the picker of a balancer with consistent hashing, for nodes of so many instances and such weights, and a way to pick for
// the key of a client.
func newRinged(points int, instances []int, weights []units.Number) (make func([]int32) picker, of func(p picker, key uint64) int) {
	s := sim.New(sim.Config{Classes: 1, Sources: 1})
	b := &Balancer{Algorithm: "consistent-hash", VirtualNodes: units.Count(points)}
	in := &Builder{Sim: s, data: []*dataSet{nil}}
	for i, n := range instances {
		name := string(rune('a' + i))
		in.Nodes, in.Instances = append(in.Nodes, name), append(in.Instances, n)
		b.To.Ordered = append(b.To.Ordered, strict.Pair[units.Number]{Key: name, Value: weights[i]})
	}
	s.AddSource(nil, sim.Never, nil)
	r := s.NewRequest(0, 0, 0, 0, 0)
	c := &sim.Call{Request: r}
	ringed := b.ringed(in, "lb")
	return func(numbered []int32) picker { return ringed(nil, numbered) }, func(p picker, key uint64) int {
		r.Client = key
		return p.pick(c)
	}
}

const ringKeys = 100_000

// TestRingFollowsWeights: an instance of four times the weight has four times the keys. The share of a target with k of n points has a
// coefficient of variation of at most 1/sqrt(k) (it is a sum of spacings): 6 of these are allowed.
func TestRingFollowsWeights(t *testing.T) {
	const points = 400
	make, of := newRinged(points, []int{2, 2}, []units.Number{1, 4})
	p, count := make(nil), [4]float64{}
	for key := range uint64(ringKeys) {
		count[of(p, key)]++
	}
	for i, want := range []float64{.1, .1, .4, .4} {
		if got := count[i] / ringKeys; math.Abs(got-want) > 6*want/math.Sqrt(points*want*10) {
			t.Errorf("target %d has %g of the keys, want %g", i, got, want)
		}
	}
}

// TestRingMovesOnlyTheKeysOfTheMissing: a key stays where it is, and where its target is missing all go elsewhere, to all of the others.
func TestRingMovesOnlyTheKeysOfTheMissing(t *testing.T) {
	make, of := newRinged(100, []int{5}, []units.Number{1})
	all, left := make(nil), make([]int32{0, 1, nobody, 2, 3})
	targets := []int{0, 1, 3, 4} // by their number in left
	moved := [5]int{}
	for key := range uint64(ringKeys) {
		before, after := of(all, key), targets[of(left, key)]
		switch {
		case before != of(all, key):
			t.Fatalf("key %d is now here, now there", key)
		case before == 2:
			moved[after]++
		case before != after:
			t.Fatalf("key %d moved from %d to %d", key, before, after)
		}
	}
	for _, i := range targets {
		if moved[i] == 0 {
			t.Errorf("no key went to target %d: %v", i, moved)
		}
	}
}
