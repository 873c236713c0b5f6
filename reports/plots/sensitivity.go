package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"headroom/experiments"
	"headroom/internal/units"
)

func ofSensitivity(s *experiments.Sensitivity) []Chart {
	return []Chart{
		tornado(s, "tornado", "What moves the p99", "p99", func(e *experiments.Effect) *experiments.Difference { return &e.P99 }),
		tornado(s, "tornado-saturation", "What moves the rate of saturation", "the rate at which the first resource is full",
			func(e *experiments.Effect) *experiments.Difference { return e.Saturation }),
	}
}

// mostNamed is how long a row's name may be for the value to stand behind the path.
const mostNamed = 44

// tornado has a row for each guessed number that moves a figure, those that move it most at the top: what becomes of it with 10% less and with 10%
// more.
func tornado(s *experiments.Sensitivity, name, title, figure string, of func(*experiments.Effect) *experiments.Difference) Chart {
	type side struct{ v, low, high float64 }
	type row struct {
		name          string
		lower, higher side
		size          float64
	}
	effect := func(e *experiments.Effect) side {
		if e == nil {
			return side{none, none, none}
		}
		d := of(e)
		if d == nil || d.Verdict != experiments.Lower && d.Verdict != experiments.Higher {
			return side{none, none, none}
		}
		low, high := ends(d.CI95)
		return side{value(d.Relative), low, high}
	}
	var all []row
	for _, r := range s.Rows {
		k := row{name: r.Path, lower: effect(r.Lower), higher: effect(r.Higher)}
		if with := r.Path + " (" + r.Value + ")"; len(with) <= mostNamed {
			k.name = with
		}
		if k.size = highest([]float64{math.Abs(k.lower.v), math.Abs(k.higher.v)}); k.size > 0 {
			all = append(all, k)
		}
	}
	if len(all) == 0 {
		return Chart{}
	}
	slices.SortStableFunc(all, func(a, b row) int { return cmp.Compare(b.size, a.size) })
	kept := all[:min(len(all), mostRows)]
	var names []string
	for _, k := range kept {
		names = append(names, k.name)
	}
	f := newRows(names, scale{title: "Change of " + figure, unit: shares})
	f.key = []keyEntry{{"10% less", 0, square{}}, {"10% more", 1, square{}}}
	for i, k := range kept {
		f.shapes = append(f.shapes, bar{row: i, to: k.lower.v, low: k.lower.low, high: k.lower.high, hue: 0}, bar{row: i, to: k.higher.v, low: k.higher.low, high: k.higher.high, hue: 1})
	}
	f.shapes = append(f.shapes, upright(0))
	caption := "Each guessed number alone 10% lower and higher, on the same random requests; lines are 95% intervals."
	if silent := len(s.Rows) - len(all); silent > 0 {
		caption += fmt.Sprintf(" %d of %d have no effect on it that could be found.", silent, len(s.Rows))
	}
	return Chart{Name: name, Title: title, X: Other, figure: f.fitX(), Caption: caption + left(len(all), "strongest")}
}

// inLine has a row for each resource that is next to give way: the rate at which it is full.
func inLine(d *experiments.Diagnosis) Chart {
	var names []string
	var at []float64
	for _, s := range append([]experiments.Suspect{d.Bottleneck}, d.Next...) {
		if v := value(s.SaturatesAt); v > 0 {
			names, at = append(names, s.Node+" "+s.Resource), append(at, v)
		}
	}
	if len(at) == 0 {
		return Chart{}
	}
	f := newRows(names, scale{title: "Offered load, requests per second", unit: counts, log: true})
	for i, v := range at {
		f.shapes = append(f.shapes, dot{row: i, x: v, low: none, high: none, hue: inLineHue(i)})
	}
	values := at
	if offered := value(d.Result.Load.Offered); offered > 0 {
		f.marks = append(f.marks, mark{text: "this run " + units.FormatRate(offered), x: offered, low: none, high: none})
		values = append(values, offered)
	}
	f.x.around(values)
	return Chart{Name: "saturation", Title: "What is full at which rate", X: Rate, figure: f, Caption: "The offered rate at which each resource in line is busy all the time, the first at the top."}
}

// inLineHue sets the bottleneck apart from those behind it.
func inLineHue(i int) hue {
	if i == 0 {
		return 1
	}
	return 0
}
