package plots

import (
	"fmt"
	"image"
	"image/color"
	"maps"
	"slices"
	"testing"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
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

// wrong says which words leave the picture, or overlap by more than the space that a font leaves above and below its letters.
func wrong(words []written, width, height vg.Length) []string {
	var found []string
	for i, a := range words {
		if a.Min.X < 0 || a.Max.X > width+.1 || a.Min.Y < 0 || a.Max.Y > height+.1 {
			found = append(found, fmt.Sprintf("%q is clipped: from %.0f,%.0f to %.0f,%.0f", a.text, a.Min.X, a.Min.Y, a.Max.X, a.Max.Y))
		}
		for _, b := range words[:i] {
			if min(a.Max.X, b.Max.X)-max(a.Min.X, b.Min.X) > .5 && min(a.Max.Y, b.Max.Y)-max(a.Min.Y, b.Min.Y) > 2.5 {
				found = append(found, fmt.Sprintf("%q and %q overlap", a.text, b.text))
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
