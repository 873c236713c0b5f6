package models

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"headroom/internal/units"
)

// timeDigits is to how many significant digits scaled times are rounded: more than anybody measures.
const timeDigits = 4

// ScaleTime returns the notation of a time distribution that is factor times as long and has the same shape: every time in it is multiplied
// and rounded to four significant digits, every other number (cv, shape, share) stays. The error tells of a text that is no distribution, or of
// one whose times stand in another file.
func ScaleTime(text string, factor float64) (string, error) {
	if _, err := parseTimeShape(text); err != nil {
		return "", err
	}
	return scaleTime(strings.TrimSpace(text), factor)
}

// ScaleCapacity returns the notation of a bandwidth or a count that is factor times as much, to four significant digits; a count is a whole
// number, at least 1. The error tells of a text that is neither.
func ScaleCapacity(text string, factor float64) (string, error) {
	var b units.Bandwidth
	if b.UnmarshalText([]byte(text)) == nil {
		rounded, _ := strconv.ParseFloat(strconv.FormatFloat(float64(b)*factor, 'e', timeDigits-1, 64), 64)
		return units.Bandwidth(rounded).String(), nil
	}
	var n units.Count
	if err := n.UnmarshalText([]byte(text)); err != nil {
		return "", err
	}
	if n.IsUnlimited() {
		return "", fmt.Errorf("`%s` is no capacity", text)
	}
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(float64(n)*factor, 'e', timeDigits-1, 64), 64)
	return units.Count(max(math.Round(rounded), 1)).String(), nil
}

// parseTimeShape reads a notation of which no file is opened.
func parseTimeShape(text string) (Time, error) {
	if strings.Contains(text, "samples") {
		return Time{}, fmt.Errorf("`%s` has its times in a file of samples, not in the scenario", shortened(text))
	}
	return ParseTime(text, "")
}

// scaleTime scales a notation that reads.
func scaleTime(text string, factor float64) (string, error) {
	name, inside, called, err := readCall(text)
	switch {
	case err != nil:
		return "", err
	case !called:
		return scaleDuration(text, factor)
	case name == "mix":
		return scaleMix(inside, factor)
	}
	written := splitArguments(inside)
	var n notation
	if name != "quantiles" {
		n = choose(timeNotations, name, written)
	}
	var words []string
	for i, w := range written {
		at := n.index(w.key)
		if w.key == "" {
			at = i
		}
		if name == "quantiles" || at >= 0 && n.args[at].kind == aTime {
			if w.value, err = scaleDuration(w.value, factor); err != nil {
				return "", err
			}
		}
		words = append(words, strings.TrimPrefix(w.key+"="+w.value, "="))
	}
	return name + "(" + strings.Join(words, " ") + ")", nil
}

func scaleMix(inside string, factor float64) (string, error) {
	var parts []string
	for _, part := range splitParts(inside) {
		share, dist, _ := cutSpace(part)
		scaled, err := scaleTime(strings.TrimSpace(dist), factor)
		if err != nil {
			return "", err
		}
		parts = append(parts, share+" "+scaled)
	}
	return "mix(" + strings.Join(parts, " | ") + ")", nil
}

// scaleDuration scales one time. It keeps the unit that the time is written in while that leaves one to four digits before the point.
func scaleDuration(text string, factor float64) (string, error) {
	var d units.Duration
	if err := d.UnmarshalText([]byte(text)); err != nil {
		return "", err
	}
	if d == 0 {
		return text, nil
	}
	return writeDuration(float64(d)*factor, strings.TrimLeft(text, "0123456789._ ")), nil
}

// writeDuration prints nanoseconds to four significant digits, in a unit if there are that many digits of it, else in the one that fits.
func writeDuration(ns float64, unit string) string {
	names, lengths := []string{"ns", "us", "ms", "s"}, map[string]float64{"ns": 1, "us": 1e3, "µs": 1e3, "ms": 1e6, "s": 1e9}
	length, known := lengths[unit]
	if !known || ns < .1*length || ns >= 1e4*length {
		unit = "ns"
		for _, name := range names {
			if ns >= lengths[name] {
				unit = name
			}
		}
		length = lengths[unit]
	}
	exact := max(math.Round(ns), 1) / length // a scenario's clock has nanoseconds
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(exact, 'e', timeDigits-1, 64), 64)
	return strconv.FormatFloat(rounded, 'f', -1, 64) + unit
}
