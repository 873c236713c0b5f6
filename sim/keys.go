package sim

import (
	"errors"
	"fmt"
	"iter"
	"math"
)

// Keys is the popularity of the keys of a data set: which of the keys 0 to Len()-1 a request asks for. Key 0 is the most popular.
//
// It never changes and may be shared between replications.
type Keys struct {
	kind keyKind
	n    uint64
	hot  uint64  // kindHot: so many keys …
	pull float64 // … share this part of the requests
	zipf *zipf
}

type keyKind uint8

const (
	kindEqual keyKind = iota
	kindHot
	kindZipf
	kindScan
)

// mostKeys is where float64 ends to count every key.
const mostKeys = 1 << 53

func checkKeys(n int) error {
	if n < 1 || n > mostKeys {
		return fmt.Errorf("%d keys; there are from 1 to 2^53", n)
	}
	return nil
}

// UniformKeys makes all n keys equally popular.
func UniformKeys(n int) (*Keys, error) {
	if err := checkKeys(n); err != nil {
		return nil, err
	}
	return &Keys{kind: kindEqual, n: uint64(n)}, nil
}

// ScanKeys goes through n keys one after the other, round and round: arrival i asks for key i mod n.
func ScanKeys(n int) (*Keys, error) {
	if err := checkKeys(n); err != nil {
		return nil, err
	}
	return &Keys{kind: kindScan, n: uint64(n)}, nil
}

// HotKeys gives the first keys, the part hot of all n (rounded, at least one), the part requests of the requests, and the other keys the
// rest; on either side all are equally popular. Both parts are from 0 to 1, hot is not 0. Where all keys are hot, they get all requests.
func HotKeys(n int, hot, requests float64) (*Keys, error) {
	if err := checkKeys(n); err != nil {
		return nil, err
	}
	if !(hot > 0 && hot <= 1) {
		return nil, fmt.Errorf("the hot keys are a part above 0 and at most 1 of all, not %g", hot)
	}
	if !(requests >= 0 && requests <= 1) {
		return nil, fmt.Errorf("the hot keys get a part from 0 to 1 of the requests, not %g", requests)
	}
	count := max(1, uint64(math.Round(hot*float64(n))))
	if count >= uint64(n) {
		return UniformKeys(n)
	}
	return &Keys{kind: kindHot, n: uint64(n), hot: count, pull: requests}, nil
}

// ZipfKeys makes the popularity of key i, of n, proportional to (i+1)^-s, for any finite s >= 0.
func ZipfKeys(n int, s float64) (*Keys, error) {
	if err := checkKeys(n); err != nil {
		return nil, err
	}
	if !(s >= 0) || math.IsInf(s, 1) {
		return nil, errors.New("the exponent of Zipf's law is a number not below 0")
	}
	if s == 0 {
		return UniformKeys(n)
	}
	z, err := newZipf(uint64(n), s)
	if err != nil {
		return nil, err
	}
	return &Keys{kind: kindZipf, n: uint64(n), zipf: z}, nil
}

// Len returns the number of keys.
func (k *Keys) Len() uint64 { return k.n }

// Scan reports whether the keys come one after the other and not at random.
func (k *Keys) Scan() bool { return k.kind == kindScan }

// Draw returns the key that a request asks for. arrival is the request's number among those for this data set, from 0, and decides
// alone where the keys come one after the other; else the key is a function of the state of r.
func (k *Keys) Draw(r *Rand, arrival uint64) uint64 {
	switch k.kind {
	case kindZipf:
		return k.zipf.draw(r)
	case kindHot:
		if r.Float64() < k.pull {
			return uint64(r.Intn(int(k.hot)))
		}
		return k.hot + uint64(r.Intn(int(k.n-k.hot)))
	case kindScan:
		return arrival % k.n
	}
	return uint64(r.Intn(int(k.n)))
}

// Probability returns the probability that a request asks for the key: the long-run share, where keys come one after the other.
func (k *Keys) Probability(key uint64) float64 {
	switch {
	case key >= k.n:
		return 0
	case k.kind == kindZipf:
		return k.zipf.weight(key) / k.zipf.total
	case k.kind == kindHot && key < k.hot:
		return k.pull / float64(k.hot)
	case k.kind == kindHot:
		return (1 - k.pull) / float64(k.n-k.hot)
	}
	return 1 / float64(k.n)
}

// Share returns the probability that a request asks for one of the keys from first to end-1.
func (k *Keys) Share(first, end uint64) float64 {
	end = min(end, k.n)
	if first >= end {
		return 0
	}
	switch k.kind {
	case kindZipf:
		return k.zipf.sum(first, end) / k.zipf.total
	case kindHot:
		hot := min(end, k.hot) - min(first, k.hot)
		return float64(hot)*k.Probability(0) + float64(end-first-hot)*k.Probability(k.n-1)
	}
	return float64(end-first) / float64(k.n)
}

// KeyRange is a run of neighbouring keys that are equally popular, or nearly so.
type KeyRange struct {
	First, End uint64  // from First to End-1
	Share      float64 // the probability of all of them together
}

// Ranges divides the keys into a few thousand runs at most; within one, popularity differs by a factor of no more than (65/64)^s. That is
// enough to sum over ten million keys without looking at each.
func (k *Keys) Ranges() iter.Seq[KeyRange] {
	return func(yield func(KeyRange) bool) {
		switch k.kind {
		case kindZipf:
			k.zipf.ranges(yield)
		case kindHot:
			_ = yield(KeyRange{0, k.hot, k.pull}) && yield(KeyRange{k.hot, k.n, 1 - k.pull})
		default:
			yield(KeyRange{0, k.n, 1})
		}
	}
}
