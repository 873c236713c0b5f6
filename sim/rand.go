package sim

import "math/bits"

// The odd increment and the multiplier mask of wyrand, and the two secrets of
// wyhash64 (Wang Yi, wyhash, final version 3 for the former, 4 for the latter).
const (
	wyIncrement = 0xa0761d6478bd642f
	wyMask      = 0xe7037ed1a0b428db
	wySecret0   = 0x2d358dccaa6c78a5
	wySecret1   = 0x8bb84b93962eacc9
)

// Rand is a stream of random numbers: wyrand (Wang Yi, wyhash), a counter that
// advances by an odd constant and is folded through one 64×64-bit multiplication.
// Its state is one word, its period 2^64, and to make one costs nothing, so that
// every visit of a request can have its own.
//
// All streams walk the same cycle from different places, and places close to one
// another give first numbers that are related. Streams that belong together must
// therefore start from seeds that [Mix] made.
type Rand struct{ state uint64 }

// NewRand returns the stream that starts from seed. Any seed is allowed.
func NewRand(seed uint64) Rand { return Rand{state: seed} }

// State returns the position of the stream: NewRand(r.State()) continues as r does.
func (r *Rand) State() uint64 { return r.state }

// Uint64 returns the next 64 random bits.
func (r *Rand) Uint64() uint64 {
	r.state += wyIncrement
	hi, lo := bits.Mul64(r.state, r.state^wyMask)
	return hi ^ lo
}

// Float64 returns a number uniform on [0, 1), a multiple of 2^-53.
func (r *Rand) Float64() float64 {
	// By way of int64, which the processor converts in one instruction.
	return float64(int64(r.Uint64()>>11)) * 0x1p-53
}

// Open returns a number uniform on (0, 1), neither end included: safe under a
// logarithm. It is an odd multiple of 2^-53.
func (r *Rand) Open() float64 {
	return float64(int64(r.Uint64()>>11|1)) * 0x1p-53
}

// Intn returns an integer uniform on [0, n) without bias, by multiplication and
// rare rejection (Lemire, "Fast random integer generation in an interval", ACM
// TOMACS 2019). It panics unless n > 0.
func (r *Rand) Intn(n int) int {
	if n <= 0 {
		panic("sim: Rand.Intn needs n > 0")
	}
	hi, lo := bits.Mul64(r.Uint64(), uint64(n))
	if lo < uint64(n) {
		// 2^64 mod n values of each residue are one too many.
		for excess := -uint64(n) % uint64(n); lo < excess; {
			hi, lo = bits.Mul64(r.Uint64(), uint64(n))
		}
	}
	return int(hi)
}

// Mix hashes two words into one (wyhash64 by Wang Yi: two multiplications). It
// makes independent seeds from numbers that are anything but independent, such as
// (seed, request) and then (that, node), and is not symmetric in its arguments.
func Mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a^wySecret0, b^wySecret1)
	hi, lo = bits.Mul64(lo^wySecret0, hi^wySecret1)
	return hi ^ lo
}
