package sim

import "math"

// The ziggurat (Marsaglia & Tsang, "The ziggurat method for generating random
// variables", J. Stat. Software 2000) covers a decreasing density with 256 layers
// of equal area v. Layer i > 0 is a rectangle of width x[i] of which the part
// left of x[i+1] lies wholly under the curve; layer 0 is the rectangle below the
// curve's height at r = x[1] together with the tail beyond r, and has the width
// v/f(r). A point whose layer and position come from different bits of one random
// word (Doornik, "An improved ziggurat method to generate normal random samples",
// 2005) lies left of x[i+1] in about 98 of 100 cases and is then accepted unseen.
//
// Both tails are exact: nothing is cut off.
const (
	expTail  = 7.69711747013104972 // r of 256 exponential layers
	normTail = 3.6541528853610088  // r of 256 normal layers
)

// zigguratLayer is what the fast path needs, in one quarter of a cache line.
type zigguratLayer struct {
	cut   uint64  // positions below it lie under the curve
	scale float64 // width of the layer per step of position: x[i] / 2^53
}

// ziggurat holds the layers of one density f with f(0) = 1.
type ziggurat struct {
	layers [256]zigguratLayer
	height [257]float64 // f(x[i]), rising from f(r) at 1 to 1 at 256
}

var (
	expZiggurat = newZiggurat(expTail, (expTail+1)*math.Exp(-expTail),
		func(x float64) float64 { return math.Exp(-x) },
		func(y float64) float64 { return -math.Log(y) })
	normZiggurat = newZiggurat(normTail,
		normTail*math.Exp(-normTail*normTail/2)+math.Sqrt(math.Pi/2)*math.Erfc(normTail/math.Sqrt2),
		func(x float64) float64 { return math.Exp(-x * x / 2) },
		func(y float64) float64 { return math.Sqrt(-2 * math.Log(y)) })
)

// newZiggurat stacks the layers of area v of the density f upwards from the tail's
// beginning r; inverse is f's inverse.
func newZiggurat(r, v float64, f, inverse func(float64) float64) *ziggurat {
	var x [257]float64
	x[0], x[1] = v/f(r), r
	for i := 2; i < 256; i++ {
		x[i] = inverse(f(x[i-1]) + v/x[i-1])
	}
	z := new(ziggurat)
	for i := range z.layers {
		z.layers[i] = zigguratLayer{cut: uint64(x[i+1] / x[i] * 0x1p53), scale: x[i] * 0x1p-53}
	}
	for i := range x {
		z.height[i] = f(x[i])
	}
	return z
}

// wedge reports whether a point at x of layer i > 0, beyond its cut, lies under a
// curve that has the height fx there.
func (z *ziggurat) wedge(r *Rand, i uint64, fx float64) bool {
	return z.height[i]+r.Float64()*(z.height[i+1]-z.height[i]) < fx
}

// Exp returns a standard exponential variate (mean 1), at least 0.
func (r *Rand) Exp() float64 {
	u := r.Uint64()
	layer := &expZiggurat.layers[u&255]
	if m := u >> 11; m < layer.cut {
		return float64(int64(m)) * layer.scale
	}
	return r.expBeyond(u)
}

// expBeyond goes on with a point u that the fast path did not accept. What lies
// beyond r is again exponential, so that the tail is r plus a variate drawn anew.
//
//go:noinline
func (r *Rand) expBeyond(u uint64) float64 {
	past := 0.0
	for {
		i, m := u&255, u>>11
		layer := &expZiggurat.layers[i]
		x := float64(int64(m)) * layer.scale
		switch {
		case m < layer.cut:
			return past + x
		case i == 0:
			past += expTail
		case expZiggurat.wedge(r, i, math.Exp(-x)):
			return past + x
		}
		u = r.Uint64()
	}
}

// Norm returns a standard normal variate (mean 0, standard deviation 1).
func (r *Rand) Norm() float64 {
	u := r.Uint64()
	layer := &normZiggurat.layers[u&255]
	// The sign and 53 bits of position: bits 10 to 63, apart from the layer's.
	j := int64(u) >> 10
	if uint64(max(j, -j)) < layer.cut {
		return float64(j) * layer.scale
	}
	return r.normBeyond(u)
}

// normBeyond goes on with a point u that the fast path did not accept.
//
//go:noinline
func (r *Rand) normBeyond(u uint64) float64 {
	for {
		i, j := u&255, int64(u)>>10
		layer := &normZiggurat.layers[i]
		x := float64(j) * layer.scale
		switch {
		case uint64(max(j, -j)) < layer.cut:
			return x
		case i == 0:
			return math.Copysign(r.normTail(), x)
		case normZiggurat.wedge(r, i, math.Exp(-x*x/2)):
			return x
		}
		u = r.Uint64()
	}
}

// normTail returns a standard normal variate given that it is beyond r, by
// exponential rejection (Marsaglia, "Generating a variable from the tail of the
// normal distribution", Technometrics 1964).
func (r *Rand) normTail() float64 {
	for {
		x := r.Exp() / normTail
		if 2*r.Exp() >= x*x {
			return normTail + x
		}
	}
}
