package models

import (
	"math"
	"testing"

	"headroom/sim"
)

// TestKeysThatMoveWithAnotherShard: from n to m shards, hash mod n moves all keys but those whose hash leaves the same rest, and a ring
// only those that the new members take.
func TestKeysThatMoveWithAnotherShard(t *testing.T) {
	const keys = 200_000
	moved := func(from, to placement) float64 {
		n := 0
		for k := range uint64(keys) {
			if from.of(k) != to.of(k) {
				n++
			}
		}
		return float64(n) / keys
	}
	for _, c := range []struct {
		from, to byHash
		want     float64
	}{{4, 5, .8}, {10, 11, 1 - 1./11}, {10, 20, .5}} {
		if got := moved(c.from, c.to); math.Abs(got-c.want) > .005 {
			t.Errorf("mod %d to %d moves %.4f of the keys, want %.4f", c.from, c.to, got, c.want)
		}
	}
	for n, want := range map[int]float64{4: .2, 10: 1. / 11} {
		sum, trials := 0.0, 50
		for salt := range uint64(trials) { // what one new member takes varies by 1/√1000 of it
			sum += moved(newRing(n, 1000, salt), newRing(n+1, 1000, salt))
		}
		if got := sum / float64(trials); math.Abs(got-want) > .005 {
			t.Errorf("a ring of %d and one more moves %.4f of the keys, want %.4f", n, got, want)
		}
	}
}

// TestSpreadOfARing: with v random points for each of n members, the coefficient of variation of a member's arc is √((n−1)/(nv+1)).
func TestSpreadOfARing(t *testing.T) {
	const n = 10
	for v, trials := range map[int]int{1: 4000, 10: 2000, 100: 500} {
		sum := 0.0
		for salt := range uint64(trials) {
			r := newRing(n, v, sim.Mix(salt, 77))
			arcs := make([]float64, n)
			before := r.points[len(r.points)-1]
			for i, p := range r.points {
				arcs[r.owner[i]] += float64(p-before) / 0x1p64 // wraps round
				before = p
			}
			for _, a := range arcs {
				sum += (a*n - 1) * (a*n - 1) / n
			}
		}
		want := math.Sqrt((n - 1.) / (float64(n*v) + 1))
		if cv := math.Sqrt(sum / float64(trials)); math.Abs(cv/want-1) > .1 {
			t.Errorf("%d points: the arcs' cv is %.4f, want %.4f", v, cv, want)
		}
	}
}

// TestBallsInBins: the fullest of n bins holds so many of m balls on average (Raab and Steger, 1998): what hashing does to few keys.
func TestBallsInBins(t *testing.T) {
	for _, c := range []struct {
		bins, balls int
		want        float64
	}{{100, 100, 4.2326}, {10, 100, 15.1245}, {16, 160, 15.9502}} {
		sum, key := 0, uint64(0)
		const trials = 20_000
		for range trials {
			in, most := make([]int, c.bins), 0
			for range c.balls {
				b := byHash(c.bins).of(key)
				key++
				in[b]++
				most = max(most, in[b])
			}
			sum += most
		}
		if got := float64(sum) / trials; math.Abs(got-c.want) > .05 {
			t.Errorf("%d balls in %d bins: the fullest has %.3f, want %.3f", c.balls, c.bins, got, c.want)
		}
	}
}
