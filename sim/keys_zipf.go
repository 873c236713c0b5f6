package sim

import "math"

const (
	// zipfHead keys have a column of their own in the table.
	zipfHead = 1 << 10
	// zipfStep keys and one more for each zipfStep of its rank make a block of the tail.
	zipfStep = 1 << 6
)

// zipf draws keys by Zipf's law. The most popular keys are single outcomes of an alias table; the others come in blocks, 1.6% longer
// than the one before, whose whole weight is one outcome each: within a block the key is uniform and kept with the probability that its
// weight is of the first one's. Nearly always that needs no power: a number below the last one's part accepts every key. The table fits
// the processor's first cache whatever the number of keys.
type zipf struct {
	s, total float64
	n        uint64
	head     uint64 // keys below it are outcomes of their own
	table    *Alias
	blocks   []zipfBlock
}

// zipfBlock is a run of keys of the tail.
type zipfBlock struct {
	first, length uint64
	sure          float64 // the weight of the last key, as a part of the first one's
}

func newZipf(n uint64, s float64) (*zipf, error) {
	z := &zipf{s: s, n: n, head: min(n, zipfHead)}
	var weights []float64
	for key := range z.head {
		weights = append(weights, z.weight(key))
	}
	for first := z.head; first < n; {
		length := min(first/zipfStep, n-first)
		z.blocks = append(z.blocks, zipfBlock{first, length, z.relative(first+length-1, first)})
		weights = append(weights, zipfTail(s, first, first+length))
		first += length
	}
	// The smallest first, for the lesser rounding error.
	for i := len(weights) - 1; i >= 0; i-- {
		z.total += weights[i]
	}
	var err error
	z.table, err = NewAlias(weights)
	return z, err
}

func (z *zipf) draw(r *Rand) uint64 {
	i := uint64(z.table.Draw(r))
	if i < z.head {
		return i
	}
	block := &z.blocks[i-z.head]
	for {
		key := block.first + uint64(r.Intn(int(block.length)))
		if u := r.Float64(); u < block.sure || u < z.relative(key, block.first) {
			return key
		}
	}
}

// weight returns (key+1)^-s; key 0 weighs 1.
func (z *zipf) weight(key uint64) float64 { return math.Pow(float64(key+1), -z.s) }

// relative returns the weight of a key as a part of that of another.
func (z *zipf) relative(key, of uint64) float64 {
	return math.Pow(float64(key+1)/float64(of+1), -z.s)
}

// sum returns the weight of the keys from first to end-1.
func (z *zipf) sum(first, end uint64) float64 {
	sum := 0.0
	if end > z.head {
		sum = zipfTail(z.s, max(first, z.head), end)
	}
	for key := min(end, z.head); key > first; key-- {
		sum += z.weight(key - 1)
	}
	return sum
}

func (z *zipf) ranges(yield func(KeyRange) bool) {
	for key := range z.head {
		if !yield(KeyRange{key, key + 1, z.weight(key) / z.total}) {
			return
		}
	}
	for _, b := range z.blocks {
		end := b.first + b.length
		if !yield(KeyRange{b.first, end, zipfTail(z.s, b.first, end) / z.total}) {
			return
		}
	}
}

// zipfTail returns the sum of (key+1)^-s over keys from first to end-1 by the formula of Euler and Maclaurin at the midpoints, to the
// last digits where first is in the hundreds and s is not; where s is, the sum is nothing beside the weight of key 0.
func zipfTail(s float64, first, end uint64) float64 {
	a, b := float64(first)+0.5, float64(end)+0.5
	scale := math.Pow(a, 1-s)
	if scale == 0 {
		return 0 // before the derivatives overflow
	}
	log := math.Log1p((b - a) / a)
	integral := log // of (x/a)^-s / a
	if y := (1 - s) * log; y != 0 {
		integral *= math.Expm1(y) / y
	}
	// The derivatives of (x/a)^-s at both ends, times a.
	fa, fb := 1.0, math.Exp(-s*log)
	d1 := -s * (fb*a/b - fa)
	d3 := -s * (s + 1) * (s + 2) * (fb*math.Pow(a/b, 3) - fa)
	return scale * (integral - d1/(24*a*a) + 7*d3/(5760*math.Pow(a, 4)))
}
