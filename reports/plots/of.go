package plots

import (
	"math"

	"headroom/experiments"
)

// Of returns the charts that a result has numbers for, in the order in which one would look at them. The result is an *experiments.Result,
// Sweep, Comparison, Sensitivity, Diagnosis or Calibration; of anything else there are none.
func Of(result any) []Chart {
	var all []Chart
	switch r := result.(type) {
	case *experiments.Sweep:
		all = ofSweep(r)
	case *experiments.Result:
		all = ofResult(r)
	case *experiments.Comparison:
		all = ofComparison(r)
	case *experiments.Sensitivity:
		all = append(ofSensitivity(r), ofResult(r.Result)...)
	case *experiments.Diagnosis:
		all = append(append(ofRemedies(r), inLine(r)), ofResult(r.Result)...)
	case *experiments.Calibration:
		all = ofResult(r.Result)
	}
	var drawn []Chart
	for _, c := range all {
		if c.figure != nil {
			drawn = append(drawn, c)
		}
	}
	return drawn
}

func ofResult(r *experiments.Result) []Chart {
	all := append([]Chart{utilization(r), latencyCDF(r), whereTime(r)}, overTime(r)...)
	return append(all, cacheHits(r), shardLoad(r, ""))
}

type num = experiments.Num

var none = math.NaN()

// value is a number that can be drawn, or NaN.
func value(n num) float64 {
	if !n.Known() {
		return none
	}
	return float64(n)
}

// ends are those of an interval, NaN where there is none.
func ends(ci *experiments.Interval) (low, high float64) {
	if ci == nil {
		return none, none
	}
	return value(ci[0]), value(ci[1])
}

// known counts the numbers.
func known(values []float64) int {
	n := 0
	for _, v := range values {
		if !math.IsNaN(v) {
			n++
		}
	}
	return n
}
