package units

import (
	"math"
	"strconv"
	"strings"
)

// Rate is how often something happens, per second: finite and not negative.
type Rate float64

// Describe says what a rate looks like.
func (Rate) Describe() string { return "a rate such as 100/s" }

// UnmarshalText reads a rate such as 100/s, 10k/s, 600/m or 5/h; a bare number is per second.
func (r *Rate) UnmarshalText(text []byte) error {
	rate, _, err := ParseRate(string(text))
	if err == nil {
		*r = rate
	}
	return err
}

// ParseRate reads a rate and tells what length of time it was written for: 600/m is 10 per
// second, written for a Minute.
func ParseRate(text string) (Rate, Duration, error) {
	refused := refuse(text, "a", "rate", "100/s, 10k/s, 600/m or 5/h")
	amount, unit, err := split(text)
	if err != nil {
		return 0, 0, refused
	}
	prefix, per, written := strings.Cut(unit, "/")
	factor, known := int64(1), true
	if prefix = strings.TrimSpace(prefix); prefix != "" {
		factor, known = find(prefixes, prefix)
	}
	value, err := scaled(amount, factor)
	if !known || err != nil {
		return 0, 0, refused
	}
	if !written {
		return Rate(value), Second, nil
	}
	for _, time := range []struct {
		name   string
		length Duration
	}{{"s", Second}, {"m", Minute}, {"h", Hour}} {
		if strings.TrimSpace(per) == time.name {
			return Rate(value / time.length.Seconds()), time.length, nil
		}
	}
	return 0, 0, refused
}

// PerSecond is the rate as a plain number.
func (r Rate) PerSecond() float64 { return float64(r) }

// String prints the rate exactly, per second: 10k/s, 0.25/s.
func (r Rate) String() string { return exactly(float64(r), prefixes, "") + "/s" }

// Bandwidth is a data rate in bits per second: finite and not negative.
type Bandwidth float64

var bitsPerSecond = []multiple{{"Tbps", 1e12}, {"Gbps", 1e9}, {"Mbps", 1e6}, {"Kbps", 1e3}, {"kbps", 1e3}, {"bps", 1}}

// Describe says what a bandwidth looks like.
func (Bandwidth) Describe() string { return "a bandwidth such as 100Mbps" }

// UnmarshalText reads a bandwidth such as 100Mbps or 10Gbps; the unit is required.
func (b *Bandwidth) UnmarshalText(text []byte) error {
	amount, unit, err := split(string(text))
	factor, known := find(bitsPerSecond, unit)
	if err == nil && known {
		var value float64
		if value, err = scaled(amount, factor); err == nil {
			*b = Bandwidth(value)
			return nil
		}
	}
	return refuse(string(text), "a", "bandwidth", "100Mbps or 10Gbps (bits per second)")
}

// String prints the bandwidth exactly: 100Mbps.
func (b Bandwidth) String() string { return exactly(float64(b), bitsPerSecond, "bps") }

// Share is a part of a whole, from 0 to 1.
type Share float64

// Describe says what a share looks like.
func (Share) Describe() string { return "a share such as 80%" }

// UnmarshalText reads a share such as 80% or 0.8; it refuses what is above 100%.
func (s *Share) UnmarshalText(text []byte) error {
	amount, unit, err := split(string(text))
	if err == nil && (unit == "" || unit == "%") {
		value, err := decimal(amount)
		if unit == "%" {
			value /= 100
		}
		if err == nil && value <= 1 {
			*s = Share(value)
			return nil
		}
	}
	return refuse(string(text), "a", "share from 0% to 100%", "80% or 0.8")
}

// String prints the share exactly, in percent where that is exact: 80%.
func (s Share) String() string {
	percent := strconv.FormatFloat(float64(s)*100, 'f', -1, 64)
	if back, err := decimal(percent); err == nil && back/100 == float64(s) && len(percent) < 12 {
		return percent + "%"
	}
	return plain(float64(s))
}

// Number is a plain number: finite and not negative.
type Number float64

// Describe says what a number looks like.
func (Number) Describe() string { return "a number such as 1.5" }

// UnmarshalText reads a number such as 2 or 1.5.
func (n *Number) UnmarshalText(text []byte) error {
	amount, unit, err := split(string(text))
	if err == nil && unit == "" {
		value, err := decimal(amount)
		if err == nil {
			*n = Number(value)
			return nil
		}
	}
	return refuse(string(text), "a", "number of 0 or more", "2 or 1.5")
}

// String prints the number exactly.
func (n Number) String() string { return plain(float64(n)) }

// Factor multiplies something: finite and not negative, written 5x or 5.
type Factor float64

// Describe says what a factor looks like.
func (Factor) Describe() string { return "a factor such as 3x" }

// UnmarshalText reads a factor such as 5x, 0.5x or 5.
func (f *Factor) UnmarshalText(text []byte) error {
	amount, unit, err := split(string(text))
	if err == nil && (unit == "" || unit == "x") {
		value, err := decimal(amount)
		if err == nil {
			*f = Factor(value)
			return nil
		}
	}
	return refuse(string(text), "a", "factor", "3x or 0.5x")
}

// String prints the factor exactly: 5x.
func (f Factor) String() string { return plain(float64(f)) + "x" }

// plain prints a number as people write it, and with an exponent only where the digits
// would fill a line.
func plain(value float64) string {
	if value != 0 && (math.Abs(value) < 1e-9 || math.Abs(value) >= 1e21) {
		return strconv.FormatFloat(value, 'g', -1, 64)
	}
	return strconv.FormatFloat(value, 'f', -1, 64)
}

// Pattern implements strict.Patterned.
func (Rate) Pattern() string { return pattern(`[kMGT]?(\s*/\s*(s|m|h))?`) }

// Pattern implements strict.Patterned.
func (Share) Pattern() string { return pattern(`%?`) }

// Pattern implements strict.Patterned.
func (Number) Pattern() string { return pattern(``) }

// Pattern implements strict.Patterned.
func (Factor) Pattern() string { return pattern(`x?`) }

// Pattern implements strict.Patterned.
func (Bandwidth) Pattern() string { return pattern(`[kKMGT]?bps`) }
