package models

import (
	"math/bits"
	"slices"

	"headroom/sim"
)

// ring spreads keys over members by consistent hashing: each member has some points on a circle of hashes, and a key belongs to the
// member of the first point at or after its own hash, so that another member takes keys from all and moves no others (Karger et al.,
// "Consistent hashing and random trees", STOC 1997).
type ring struct {
	points []uint64
	owner  []int32
	first  []int32 // in each of equal parts of the circle, about one to a point: the first point at or after its beginning
	shift  int     // takes a hash to its part
}

// newRing places a number of points for each member; salt tells rings of the same size apart.
func newRing(members, virtual int, salt uint64) *ring {
	return newUnevenRing(slices.Repeat([]int{virtual}, members), salt)
}

// newUnevenRing places so many points for each member as it says.
func newUnevenRing(number []int, salt uint64) *ring {
	type point struct {
		at    uint64
		owner int32
	}
	var all []point
	for m, points := range number {
		for v := range points {
			all = append(all, point{sim.Mix(sim.Mix(salt, uint64(m)), uint64(v)), int32(m)})
		}
	}
	slices.SortFunc(all, func(a, b point) int {
		switch {
		case a.at < b.at:
			return -1
		case a.at > b.at:
			return 1
		}
		return int(a.owner - b.owner)
	})
	r := &ring{}
	for _, p := range all {
		r.points, r.owner = append(r.points, p.at), append(r.owner, p.owner)
	}
	r.divide()
	return r
}

// divide makes the parts of the circle.
func (r *ring) divide() {
	bits := bits.Len(uint(len(r.points)))
	r.first, r.shift = make([]int32, 1<<bits), 64-bits
	point := 0
	for part := range r.first {
		for point < len(r.points) && r.points[point]>>r.shift < uint64(part) {
			point++
		}
		r.first[part] = int32(point)
	}
}

// of returns the member that a key belongs to.
func (r *ring) of(key uint64) int { return int(r.owner[r.point(key)]) }

// point returns the place of the point that a key belongs to.
func (r *ring) point(key uint64) int {
	hash := sim.Mix(key, ringSalt)
	i := int(r.first[hash>>r.shift])
	for i < len(r.points) && r.points[i] < hash {
		i++
	}
	if i == len(r.points) {
		return 0
	}
	return i
}

const ringSalt = 0x2545f4914f6cdd1d
