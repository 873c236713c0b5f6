package plots

import (
	"math"
	"slices"
	"strconv"
	"testing"

	"gonum.org/v1/plot/vg"
	"pgregory.net/rapid"
)

// TestTicksAreRoundAndTold: whatever the numbers, an axis holds them all, and its ticks are 1, 2 or 5 times a power of ten apart (or are these,
// on a logarithmic one), rise, lie within the axis, and have labels of which no two are the same.
func TestTicksAreRoundAndTold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := scale{unit: unit(rapid.IntRange(int(counts), int(dollars)).Draw(t, "unit")), log: rapid.Bool().Draw(t, "log")}
		value := func(label string) float64 {
			return rapid.Float64Range(1, 10).Draw(t, label) * math.Pow(10, float64(rapid.IntRange(-7, 7).Draw(t, label+" exponent")))
		}
		values := []float64{value("low"), value("high")}
		if !s.log && rapid.Bool().Draw(t, "negative") {
			values[0] *= -1
		}
		s.around(values)
		for _, v := range values {
			if n := s.norm(v); n < -1e-9 || n > 1+1e-9 {
				t.Fatalf("%g is not between %g and %g", v, s.min, s.max)
			}
		}
		room := rapid.IntRange(3, 20).Draw(t, "room")
		ticks := s.ticks(room)
		last, labels := math.Inf(-1), []string{}
		for _, k := range ticks {
			if k.Value <= last || k.Value < s.min-1e-6*math.Abs(s.min)-1e-12 || k.Value > s.max+1e-6*math.Abs(s.max) {
				t.Fatalf("a tick at %g after %g, of %g to %g", k.Value, last, s.min, s.max)
			}
			last = k.Value
			if k.Label == "" {
				continue
			}
			if slices.Contains(labels, k.Label) {
				t.Fatalf("two ticks are labelled %s: %v", k.Label, ticks)
			}
			labels = append(labels, k.Label)
			if digit := strconv.FormatFloat(k.Value, 'e', 6, 64)[:1]; s.log && s.max/s.min >= 3 && digit != "1" && digit != "2" && digit != "5" {
				t.Fatalf("a tick at %g", k.Value)
			}
		}
		if len(labels) < 2 || len(labels) > max(room+2, 6) {
			t.Fatalf("%d labels where there is room for %d: %v", len(labels), room, ticks)
		}
	})
}

// TestLabelsAreApart: labels end up a label's height apart, within the frame, in the order that their curves are in.
func TestLabelsAreApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var group []placed
		for range rapid.IntRange(0, 12).Draw(t, "labels") {
			y := vg.Length(rapid.Float64Range(0, 200).Draw(t, "y"))
			group = append(group, placed{end: vg.Point{Y: y}, at: vg.Point{Y: y}})
		}
		got := apart(group, 5, 195)
		for i, p := range got {
			if p.at.Y < 5-1e-6 || p.at.Y > 195+1e-6 {
				t.Fatalf("a label at %g", p.at.Y)
			}
			if i > 0 && (p.at.Y-got[i-1].at.Y < labelHeight-1e-6 || p.end.Y < got[i-1].end.Y) {
				t.Fatalf("label %d is at %g, and the one before at %g", i, p.at.Y, got[i-1].at.Y)
			}
		}
	})
}

// TestFrameIsWhereTheCurvesAre: a marker that a page puts at a rate, by the frame, is over the point of that rate.
func TestFrameIsWhereTheCurvesAre(t *testing.T) {
	for _, c := range Of(swept(12, 4)) {
		if c.X != Rate {
			continue
		}
		for _, width := range []vg.Length{300, Width} {
			f := c.Frame(width, 300)
			if f.Min >= 10 || f.Max <= 1200 || !f.Log || f.Left < 0 || f.Right > width || f.Top < 0 || f.Bottom > 300 || f.Left >= f.Right || f.Top >= f.Bottom {
				t.Errorf("%s: the frame is %+v", c.Name, f)
			}
			if first := Of(swept(12, 4))[0].Frame(width, 300); f.Min != first.Min || f.Max != first.Max {
				t.Errorf("%s runs from %g to %g, the first chart from %g to %g", c.Name, f.Min, f.Max, first.Min, first.Max)
			}
		}
	}
}
