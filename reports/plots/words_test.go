package plots

import (
	"fmt"
	"image"
	"image/color"
	"maps"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"pgregory.net/rapid"

	"headroom/experiments"
)

// A noted canvas keeps the words that are written on it.
type noted struct{ words []written }

type written struct {
	text string
	vg.Rectangle
}

func (n *noted) FillString(f font.Face, at vg.Point, s string) {
	e := f.Extents()
	n.words = append(n.words, written{s, vg.Rectangle{Min: vg.Point{X: at.X, Y: at.Y - e.Descent}, Max: vg.Point{X: at.X + f.Width(s), Y: at.Y + e.Ascent}}})
}

func (n *noted) SetLineWidth(vg.Length)              {}
func (n *noted) SetLineDash([]vg.Length, vg.Length)  {}
func (n *noted) SetColor(color.Color)                {}
func (n *noted) Rotate(float64)                      { panic("words are written from left to right") }
func (n *noted) Translate(vg.Point)                  { panic("words are written where they are") }
func (n *noted) Scale(x, y float64)                  { panic("words are written in their size") }
func (n *noted) Push()                               {}
func (n *noted) Pop()                                {}
func (n *noted) Stroke(vg.Path)                      {}
func (n *noted) Fill(vg.Path)                        {}
func (n *noted) DrawImage(vg.Rectangle, image.Image) {}

// write draws a chart on a noted canvas and returns its words.
func write(c Chart, width, height vg.Length) []written {
	var n noted
	c.layout(Light, draw.NewCanvas(&n, width, height)).draw()
	return n.words
}

// wrong says which words leave the picture, stand in a line closer than a blank is wide, or overlap in height by more than the space that a font
// leaves above and below its letters.
func wrong(words []written, width, height vg.Length) []string {
	var found []string
	for i, a := range words {
		if a.Min.X < 0 || a.Max.X > width+.1 || a.Min.Y < 0 || a.Max.Y > height+.1 {
			found = append(found, fmt.Sprintf("%q is clipped: from %.0f,%.0f to %.0f,%.0f", a.text, a.Min.X, a.Min.Y, a.Max.X, a.Max.Y))
		}
		for _, b := range words[:i] {
			if min(a.Max.X, b.Max.X)-max(a.Min.X, b.Min.X) > -2 && min(a.Max.Y, b.Max.Y)-max(a.Min.Y, b.Min.Y) > 2.5 {
				found = append(found, fmt.Sprintf("%q and %q touch", a.text, b.text))
			}
		}
	}
	return found
}

func TestWordsAreWholeAndApart(t *testing.T) {
	all := fixtures()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		for _, c := range Of(all[name]) {
			for _, size := range []vg.Point{{X: Width, Y: c.Height()}, {X: 300, Y: 260}, {X: 1000, Y: 400}} {
				for _, bare := range []bool{false, true} {
					c.Bare = bare
					for _, w := range wrong(write(c, size.X, size.Y), size.X, size.Y) {
						t.Errorf("%s of %s, %.0f by %.0f: %s", c.Name, name, size.X, size.Y, w)
					}
				}
			}
		}
	}
}

// TestWordsAreWholeWhateverTheNumbers: rates, shares and times of any size or none at all, and names of any signs, neither end the drawing nor
// make words overlap.
func TestWordsAreWholeWhateverTheNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "points")
		number := func(label string, low, high float64) num {
			if rapid.IntRange(0, 4).Draw(t, label+" is none") == 0 {
				return experiments.None
			}
			return num(math.Pow(10, rapid.Float64Range(low, high).Draw(t, label)))
		}
		s := swept(n, rapid.IntRange(1, 9).Draw(t, "nodes"))
		rate := num(0)
		for i := range s.Points {
			p := &s.Points[i]
			rate += num(math.Pow(10, rapid.Float64Range(-3, 6).Draw(t, "rate")))
			p.Rate, p.Saturated = rate, rapid.Bool().Draw(t, "saturated")
			p.Result.Latency.P50, p.Result.Latency.P99, p.Result.Latency.Max = number("p50", -9, 3), number("p99", -9, 3), number("max", -3, 5)
			p.Result.Load.Goodput, p.Result.Cost.PerMonth = number("goodput", -3, 7), number("cost", -2, 8)
			p.Result.SLO = []experiments.Target{{Target: "p99 < 250ms", Unit: "seconds"}, {Target: "p50 < 1h", Unit: "seconds"}}
			name := nodeName(rapid.IntRange(0, 8).Draw(t, "node"))
			if node, there := p.Result.Nodes[name]; there {
				node.Resources["cpu"] = experiments.Resource{Utilization: min(1, number("utilization", -9, 0))}
			}
		}
		if rapid.Bool().Draw(t, "capacity") {
			s.Capacity = &experiments.Capacity{Rate: number("capacity", -3, 7), Limit: rapid.String().Draw(t, "limit")}
		}
		s.Points[0].Result.Answered[0].By = rapid.String().Draw(t, "cache")
		width, height := vg.Length(rapid.Float64Range(280, 900).Draw(t, "width")), vg.Length(rapid.Float64Range(230, 500).Draw(t, "height"))
		for _, c := range Of(s) {
			c.Bare = true // captions are as long as they are, and words of any length have no room in any height
			for _, w := range wrong(write(c, width, height), width, height) {
				t.Errorf("%s, %.0f by %.0f: %s", c.Name, width, height, w)
			}
		}
	})
}
