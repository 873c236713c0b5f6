package units

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// Count is a whole number of things, from 0; Unlimited stands for no limit.
type Count int64

// Unlimited is the count of what has no limit; it is written `unlimited`.
const Unlimited Count = math.MaxInt64

// Describe says what a count looks like.
func (Count) Describe() string { return "a count such as 42, 100k or unlimited" }

// UnmarshalText reads a count such as 42, 10_000, 100k, 10M or unlimited; it refuses what is
// not a whole number.
func (c *Count) UnmarshalText(text []byte) error {
	if strings.TrimSpace(string(text)) == "unlimited" {
		*c = Unlimited
		return nil
	}
	value, ok := whole(string(text), prefixes, false)
	if !ok {
		return refuse(string(text), "a", "count", "42, 100k, 10M or unlimited")
	}
	*c = Count(value)
	return nil
}

// IsUnlimited tells whether there is no limit.
func (c Count) IsUnlimited() bool { return c == Unlimited }

// String prints the count exactly: 42, 100k, unlimited.
func (c Count) String() string {
	if c == Unlimited {
		return "unlimited"
	}
	return wholly(int64(c), prefixes, "")
}

// Size is a number of bytes, from 0.
type Size int64

// sizes are the units of Size, decimal and binary.
var sizes = []multiple{
	{"TiB", 1 << 40}, {"TB", 1e12}, {"GiB", 1 << 30}, {"GB", 1e9}, {"MiB", 1 << 20}, {"MB", 1e6},
	{"KiB", 1 << 10}, {"KB", 1e3}, {"kB", 1e3}, {"B", 1},
}

// Describe says what a size looks like.
func (Size) Describe() string { return "a size such as 10KB" }

// UnmarshalText reads a size such as 500B, 10KB (10 000 bytes) or 8GiB, rounded to whole
// bytes; the unit is required, but for 0.
func (s *Size) UnmarshalText(text []byte) error {
	written := strings.TrimSpace(string(text))
	if written == "0" {
		*s = 0
		return nil
	}
	value, ok := whole(written, sizes, true)
	if !ok {
		return refuse(string(text), "a", "size", "500B, 10KB or 8GiB")
	}
	*s = Size(value)
	return nil
}

// String prints the size exactly: 10KB, 8GiB.
func (s Size) String() string {
	if s == 0 {
		return "0B"
	}
	return wholly(int64(s), sizes, "B")
}

// whole reads an amount with a unit as an int64 below the largest one (which is Unlimited).
// With a unit required, fractions are rounded, but never to nothing; otherwise refused.
func whole(text string, units []multiple, required bool) (int64, bool) {
	amount, unit, err := split(text)
	if err != nil {
		return 0, false
	}
	factor, known := find(units, unit)
	if unit == "" && !required {
		factor, known = 1, true
	}
	exact, err := rational(amount)
	if !known || err != nil {
		return 0, false
	}
	exact.Mul(exact, new(big.Rat).SetInt64(factor))
	if !exact.IsInt() && !required {
		return 0, false
	}
	rounded := nearest(exact)
	if exact.Sign() != 0 && rounded.Sign() == 0 {
		return 0, false
	}
	return rounded.Int64(), rounded.IsInt64() && rounded.Int64() < math.MaxInt64
}

// nearest rounds half up.
func nearest(exact *big.Rat) *big.Int {
	twice := new(big.Int).Lsh(exact.Num(), 1)
	twice.Add(twice, exact.Denom())
	return twice.Quo(twice, new(big.Int).Lsh(exact.Denom(), 1))
}

// wholly prints a whole number with the largest unit that divides it.
func wholly(value int64, units []multiple, none string) string {
	best := strconv.FormatInt(value, 10) + none
	for _, unit := range units {
		text := strconv.FormatInt(value/unit.factor, 10) + unit.suffix
		if value != 0 && value%unit.factor == 0 && len(text) < len(best) {
			best = text
		}
	}
	return best
}

// Pattern implements strict.Patterned.
func (Count) Pattern() string { return `^\s*(unlimited|` + amounts + `\s*[kMGT]?)\s*$` }

// Pattern implements strict.Patterned.
func (Size) Pattern() string { return `^\s*(0|` + amounts + `\s*([kKMGT]B|[KMGT]iB|B))\s*$` }
