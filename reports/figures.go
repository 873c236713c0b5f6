package reports

import (
	"fmt"
	"math"

	"headroom/experiments"
	"headroom/internal/units"
)

// absent is how a number that does not exist is printed.
const absent = "–"

func known(n experiments.Num, format func(float64) string) string {
	if !n.Known() {
		return absent
	}
	return format(float64(n))
}

func seconds(n experiments.Num) string { return known(n, units.FormatSeconds) }
func rate(n experiments.Num) string    { return known(n, units.FormatRate) }
func share(n experiments.Num) string   { return known(n, units.FormatShare) }
func size(n experiments.Num) string    { return known(n, units.FormatSize) }
func number(n experiments.Num) string  { return known(n, units.FormatCount) }
func count(n int64) string             { return units.FormatCount(float64(n)) }

// quantity prints a number of an SLO in the unit that the target is written in.
func quantity(n experiments.Num, unit string) string {
	switch unit {
	case "seconds":
		return seconds(n)
	case "share":
		return share(n)
	case "per_second":
		return rate(n)
	}
	return number(n)
}

// reach is how far an interval goes from its value, to the farther side: what stands behind ±.
func reach(value experiments.Num, i experiments.Interval) experiments.Num {
	if !value.Known() || !i[0].Known() || !i[1].Known() {
		return experiments.None
	}
	return experiments.Num(math.Max(float64(value-i[0]), float64(i[1]-value)))
}

// plusMinus prints the reach of an interval, or nothing where there is none.
func plusMinus(value experiments.Num, i experiments.Interval, format func(experiments.Num) string) string {
	n := reach(value, i)
	if !n.Known() {
		return ""
	}
	return "±" + format(n)
}

// interval prints both ends of a target's interval, or nothing where there is none. Ends too close to tell apart in three digits are
// printed as a distance.
func interval(t experiments.Target) string {
	if t.CI95 == nil || !t.CI95[0].Known() || !t.CI95[1].Known() {
		return ""
	}
	low, high := quantity(t.CI95[0], t.Unit), quantity(t.CI95[1], t.Unit)
	if low == high {
		return plusMinus(t.Value, *t.CI95, func(n experiments.Num) string { return quantity(n, t.Unit) })
	}
	return low + " … " + high
}

// plural counts things in words.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
