package units

import (
	"fmt"
	"strings"
	"time"
)

// Duration is a length of time in nanoseconds, from 0 to about 292 years.
type Duration int64

// Lengths of time to build others from.
const (
	Nanosecond  Duration = 1
	Microsecond          = 1000 * Nanosecond
	Millisecond          = 1000 * Microsecond
	Second               = 1000 * Millisecond
	Minute               = 60 * Second
	Hour                 = 60 * Minute
)

// Describe says what a duration looks like.
func (Duration) Describe() string { return "a duration such as 4ms" }

// UnmarshalText reads a Go duration such as 150us, 4ms or 1m30s. It refuses what has no
// unit (but 0), is negative, overflows, or is not zero and yet under a nanosecond.
func (d *Duration) UnmarshalText(text []byte) error {
	written := strings.TrimSpace(string(text))
	value, err := time.ParseDuration(written)
	if err != nil || value < 0 || strings.HasPrefix(written, "-") || len(written) > longestText {
		if bareNumber(written) {
			return fmt.Errorf("%s has no unit: expected one such as 150us, 4ms or 1m30s", quote(written))
		}
		return refuse(string(text), "a", "duration", "150us, 4ms or 1m30s")
	}
	if value == 0 && strings.ContainsAny(written, "123456789") {
		return refuse(string(text), "a", "duration of a nanosecond or more", "1ns, 150us or 4ms")
	}
	*d = Duration(value)
	return nil
}

// bareNumber tells whether a text is an amount without a unit.
func bareNumber(text string) bool {
	_, unit, err := split(text)
	return err == nil && unit == ""
}

// Seconds is the duration in seconds.
func (d Duration) Seconds() float64 { return float64(d) / float64(Second) }

// String prints the duration exactly, without parts that are zero: 1m30s, 2h, 150us.
func (d Duration) String() string {
	text := strings.ReplaceAll(time.Duration(d).String(), "µ", "u")
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// Pattern implements strict.Patterned.
func (Duration) Pattern() string {
	return `^\s*\+?(0|(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)\s*$`
}
