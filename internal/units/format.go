package units

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Quantity is what the Format functions print: any of this package's types, or a plain number.
type Quantity interface {
	~int | ~int32 | ~int64 | ~uint | ~uint32 | ~uint64 | ~float32 | ~float64
}

// FormatSeconds prints a length of time for people: 4.61us, 12.3ms, 1.23s, 2m03s, 3h16m. Three
// digits matter below a minute, whole seconds below an hour, whole minutes above.
func FormatSeconds(s float64) string {
	if text, special := extraordinary(s); special {
		return text + "s"
	}
	if s < 0 {
		return "-" + FormatSeconds(-s)
	}
	if round3(s) < 60 {
		return small(s)
	}
	if seconds := math.Round(s); seconds < 3600 {
		return fmt.Sprintf("%dm%02ds", int64(seconds)/60, int64(seconds)%60)
	}
	minutes := math.Round(s / 60)
	if minutes > 1e15 {
		return strconv.FormatFloat(s/3600, 'g', 3, 64) + "h"
	}
	return fmt.Sprintf("%dh%02dm", int64(minutes)/60, int64(minutes)%60)
}

// small prints a time below a minute with the unit that leaves one to three digits before the point.
func small(s float64) string {
	for _, unit := range []struct {
		name   string
		length float64
	}{{"s", 1}, {"ms", 1e-3}, {"us", 1e-6}} {
		if round3(s/unit.length) >= 1 {
			return digits3(s/unit.length) + unit.name
		}
	}
	if round3(s/1e-9) == 0 {
		return "0s"
	}
	return digits3(s/1e-9) + "ns"
}

// FormatRate prints a rate per second for people: 9.99k/s, 0.25/s.
func FormatRate[Q Quantity](perSecond Q) string {
	return people(float64(perSecond), []multiple{{"T", 1e12}, {"G", 1e9}, {"M", 1e6}, {"k", 1e3}, {"", 1}}) + "/s"
}

// FormatBandwidth prints a bandwidth for people: 9.99Gbps, 250Mbps.
func FormatBandwidth[Q Quantity](bitsPerSecond Q) string {
	return people(float64(bitsPerSecond), []multiple{{"Tbps", 1e12}, {"Gbps", 1e9}, {"Mbps", 1e6}, {"kbps", 1e3}, {"bps", 1}})
}

// FormatCount prints a count, or a mean of counts, for people: 1.05M, 999, 12.3k, unlimited.
func FormatCount[Q Quantity](n Q) string {
	if float64(n) >= math.MaxInt64 {
		return "unlimited"
	}
	return people(float64(n), []multiple{{"T", 1e12}, {"G", 1e9}, {"M", 1e6}, {"k", 1e3}, {"", 1}})
}

// FormatSize prints a number of bytes for people, in decimal units: 8GB, 1.5KB, 999B.
func FormatSize[Q Quantity](bytes Q) string {
	return people(float64(bytes), []multiple{{"TB", 1e12}, {"GB", 1e9}, {"MB", 1e6}, {"KB", 1e3}, {"B", 1}})
}

// FormatShare prints a part of a whole for people: 62.9%, 0.013%. Close to 0% and to 100% it keeps two
// digits of what is there or what is missing, so that 99.96% is not shown as 100%.
func FormatShare[Q Quantity](share Q) string {
	value := float64(share)
	if text, special := extraordinary(value); special {
		return text + "%"
	}
	if value < 0 {
		return "-" + FormatShare(-value)
	}
	percent := 100 * value
	switch missing := 100 - percent; {
	case percent < 1:
		return trim(strconv.FormatFloat(percent, 'f', decimals(percent, 2), 64)) + "%"
	case missing > 1e-7 && missing < 1:
		return trim(strconv.FormatFloat(percent, 'f', decimals(missing, 2), 64)) + "%"
	case percent >= 1000:
		return digits3(percent) + "%"
	}
	return trim(strconv.FormatFloat(percent, 'f', 1, 64)) + "%"
}

// people prints a value with three digits and the largest unit that leaves at least one
// before the point. The units fall, and end with factor 1.
func people(value float64, units []multiple) string {
	none := units[len(units)-1].suffix
	if text, special := extraordinary(value); special {
		return text + none
	}
	if value < 0 {
		return "-" + people(-value, units)
	}
	for _, unit := range units {
		// Rounded first: 999.9 is 1k, not 1000.
		if rounded := round3(value) / float64(unit.factor); rounded >= 1 {
			return digits3(value/float64(unit.factor)) + unit.suffix
		}
	}
	return digits3(value) + none
}

// extraordinary prints zero and what is not finite.
func extraordinary(value float64) (string, bool) {
	switch {
	case value == 0:
		return "0", true
	case math.IsNaN(value):
		return "?", true
	case math.IsInf(value, 1):
		return "∞", true
	case math.IsInf(value, -1):
		return "-∞", true
	}
	return "", false
}

// digits3 prints a positive value with three significant digits and without trailing zeros.
func digits3(value float64) string {
	if value < 1e-6 || value >= 1e15 {
		return strconv.FormatFloat(value, 'g', 3, 64)
	}
	value = round3(value)
	return trim(strconv.FormatFloat(value, 'f', decimals(value, 3), 64))
}

// round3 rounds a positive value to three significant digits.
func round3(value float64) float64 {
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(value, 'e', 2, 64), 64)
	return rounded
}

// decimals is how many places after the point show the given number of significant digits.
func decimals(value float64, digits int) int {
	if value <= 0 {
		return 0
	}
	text := strconv.FormatFloat(value, 'e', digits-1, 64)
	exponent, _ := strconv.Atoi(text[strings.IndexByte(text, 'e')+1:])
	return min(max(digits-1-exponent, 0), 300)
}

// trim removes the zeros at the end of a decimal fraction.
func trim(text string) string {
	if !strings.Contains(text, ".") {
		return text
	}
	return strings.TrimRight(strings.TrimRight(text, "0"), ".")
}
